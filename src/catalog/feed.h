/* Feeds: addresses of files that tell what a company sells, read again every so many hours. */
#ifndef CATALOG_FEED_H
#define CATALOG_FEED_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct db;
struct err;
struct job;
struct settings;

#define FEED_JOB "feed"

enum { FEEDS_MAX = 100, FEED_HOURS_MAX = 720, FEED_PROBLEMS_KEPT = 50 };

/* Maps {id, name, url, kind, every_h, state: waiting|running|done|unchanged|failed|held, error, problems: [{line, problem}], problem_count,
 * product_count, gone_count, created_at_us, ran_at_us, next_at_us}. */
int feed_all(struct arena *a, struct db *db, int64_t company_id, struct val *list,
	struct err *e);
int feed_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e); /* 1 / 0 / -1 */

/* A new one, read at once. every_h 0: only by hand. -1 ERR_INPUT with the field; ERR_CONFLICT the name is taken. */
int feed_add(struct arena *a, struct db *db, int64_t company_id, struct text name,
	struct text url, int64_t every_h, int64_t user_id, int64_t *id, struct err *e);

/* Reads it now; force: also when much less is in it, or nothing new. */
int feed_run(struct arena *a, struct db *db, int64_t company_id, int64_t id, bool force,
	int64_t user_id, struct err *e);

/* It is read no more; its products stay as they are. */
int feed_delete(struct db *db, int64_t company_id, int64_t id, struct err *e);

/* For the engine: one reading. 1 / 0 / -1. */
int feed_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e);

#endif
