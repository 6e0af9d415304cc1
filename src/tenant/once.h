/* Answers to requests that carry an Idempotency-Key, so that the same one is answered the same and acts once. */
#ifndef TENANT_ONCE_H
#define TENANT_ONCE_H

#include "base/val.h"

struct arena;
struct db;
struct err;

/* 1 answered before: *status and *answer; 0 not yet; -1 *e, ERR_CONFLICT when the key came with another body. */
int once_find(struct arena *a, struct db *db, int64_t company_id, struct text key,
	struct text body, int *status, struct text *answer, struct err *e);
int once_keep(struct arena *a, struct db *db, int64_t company_id, struct text key,
	struct text body, int status, struct text answer, struct err *e);

#endif
