/* Requests that carry an Idempotency-Key act once: the key is taken before anything is done, and keeps the answer for a day. */
#ifndef TENANT_ONCE_H
#define TENANT_ONCE_H

#include "base/val.h"

struct arena;
struct db;
struct err;

/* 1 answered before: *status and *answer; 0 it is ours to do now, once_end or once_drop must follow; -1 *e: ERR_CONFLICT when the
 * key came with another body, ERR_BUSY while the first request is still in hand (a minute at most: then it is taken for dead). */
int once_begin(struct arena *a, struct db *db, int64_t company_id, struct text key,
	struct text body, int *status, struct text *answer, struct err *e);

/* Keeps the answer; or lets the key go, when nothing was done. */
int once_end(struct arena *a, struct db *db, int64_t company_id, struct text key,
	int status, struct text answer, struct err *e);
int once_drop(
	struct arena *a, struct db *db, int64_t company_id, struct text key, struct err *e);

/* Forgets keys of yesterday and sessions that ended long ago. */
int tenant_prune(struct db *db, int64_t company_id, int64_t now_us, struct err *e);

/* Forgets answers that speak of an erased person. */
int once_erase(struct arena *a, struct db *db, int64_t company_id, int64_t person_id,
	struct err *e);

#endif
