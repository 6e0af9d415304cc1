/* All that is kept of one person, as a file for that person: machine-readable (GDPR, articles 15 and 20). */
#ifndef EXCHANGE_PERSON_FILE_H
#define EXCHANGE_PERSON_FILE_H

#include "base/val.h"

struct arena;
struct db;
struct err;
struct event_types;

enum { PERSON_FILE_EVENTS_MAX = 100000 };

/* {profile, merges, segments, scenarios, messages, events: newest first, complete: whether all events are there}: 1 / 0 nobody / -1. */
int person_file(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, int64_t person_id, struct val *out, struct err *e);

#endif
