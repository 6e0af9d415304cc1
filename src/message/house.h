/* Letters of the house itself to those who work in it: a link to choose a password. A job composes and sends them, so that who asks for
 * one learns nothing from how long the answer takes. */
#ifndef MESSAGE_HOUSE_H
#define MESSAGE_HOUSE_H

#include <stdint.h>

struct arena;
struct db;
struct err;
struct job;
struct settings;

/* The job's kind. args: {"email": "..."}: who forgot the password, if there is such a user and it is active; or {"user": id}: one who is
 * invited. */
#define HOUSE_JOB "house_letter"

/* 0 it rests or is over, -1 *e. A relay that is away is tried again for half an hour. */
int house_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e);

#endif
