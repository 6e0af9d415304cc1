/* Many profiles of one request: kept as a file, applied by a job. */
#ifndef EXCHANGE_BULK_H
#define EXCHANGE_BULK_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct company;
struct db;
struct err;
struct job;
struct settings;

#define BULK_JOB "bulk"
enum { BULK_PROFILES_MAX = 10000, BULK_ERRORS_MAX = 1000 };

/* profiles: a list of profiles as upsert.h reads them. ERR_INPUT when it is none, or longer than BULK_PROFILES_MAX. *job_id. */
int bulk_begin(struct arena *a, struct db *db, const struct settings *s, int64_t company_id,
	const struct val *profiles, int64_t user_id, int64_t *job_id, struct err *e);

/* One slice, as in engine/jobs.c. The job's result is {created, updated, failed, errors: [{index, field, message}]}, the first
 * BULK_ERRORS_MAX of them. */
int bulk_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e);

#endif
