/* A person erased, everywhere: at once by event_erase, and by a job wherever else something is kept of them. */
#ifndef EXCHANGE_ERASE_H
#define EXCHANGE_ERASE_H

#include "event/apply.h"

#include <stdint.h>

struct arena;
struct db;
struct err;
struct event_types;
struct job;
struct settings;

/* The kind of its jobs; and of those of one among many, which lists of jobs leave out. */
#define ERASE_JOB	"erase"
#define ERASE_AMONG_JOB "erase_among"

/* The person is nobody from now on, the job for the rest is there: 1 / 0 nobody of that id / -1. */
int erase_begin(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, int64_t person_id, int64_t user_id, int64_t *job_id,
	struct err *e);

/* The same of one among many that a job erases: also is called in the transaction, applied NULL. */
int erase_begin_among(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, int64_t person_id, int64_t user_id, event_also *also, void *obj,
	int64_t *job_id, struct err *e);

/* One slice, as in engine/jobs.c. */
int erase_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e);

#endif
