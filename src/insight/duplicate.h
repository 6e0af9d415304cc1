/* Persons of the stored base that may be one: found by a job, decided by people, one by one or many at once. */
#ifndef INSIGHT_DUPLICATE_H
#define INSIGHT_DUPLICATE_H

#include "base/val.h"

struct arena;
struct db;
struct err;
struct event_types;
struct job;
struct settings;

/* Kinds of jobs: looking through the base; merging all open pairs from a score on. */
#define DUPLICATE_JOB	    "duplicates"
#define DUPLICATE_MERGE_JOB "duplicate-merge"

/* Begins to look, unless that is going on: *job_id of either. country: the company's. */
int duplicate_search(struct arena *a, struct db *db, int64_t company_id,
	const char *country, int64_t user_id, int64_t *job_id, struct err *e);
int duplicate_merge_all(struct arena *a, struct db *db, int64_t company_id, int64_t least,
	int64_t user_id, int64_t *job_id, struct err *e);

/* Slices, as in engine/jobs.c. */
int duplicate_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e);
int duplicate_merge_job(struct arena *a, struct db *db, const struct settings *s,
	struct job *j, int64_t lease_us, struct err *e);

/* Pairs of a state ("open", "merged", "different"), the most alike first: maps {id, a, b, score, reasons: [{field, how}], state, found_at_us,
 * decided_at_us, merge_id}. Behind (before_score, before_id) of the last page; 101 and INT64_MAX to begin. */
int duplicate_list(struct arena *a, struct db *db, int64_t company_id, const char *state,
	int64_t before_score, int64_t before_id, size_t limit, struct val *list,
	struct err *e);
int duplicate_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e);
/* How many open pairs there are from a score on. */
int duplicate_count(struct arena *a, struct db *db, int64_t company_id, int64_t least,
	int64_t *n, struct err *e);
/* The last job that looked: its map, as job_by_id; 1 / 0 never / -1. */
int duplicate_last_job(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e);

/* Decides an open pair: keep is one of the two, the other joins it; keep 0: they are different and are not found again. 1 decided, 0 it is not
 * open any more (or one of them is gone), -1. */
int duplicate_decide(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, int64_t id, int64_t keep, int64_t user_id, struct err *e);

#endif
