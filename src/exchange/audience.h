/* The people a job is about, frozen when it begins: a file of ids beside it, ascending, read by place. */
#ifndef EXCHANGE_AUDIENCE_H
#define EXCHANGE_AUDIENCE_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct db;
struct err;
struct settings;

struct audience {
	int64_t company_id, file_id;
	int64_t segment_id; /* its members as they are stored as of what is committed; 0: who rule and search find */
	struct text rule, search; /* empty: all known people; nothing was typed */
};

/* Writes those the columns find now, or the segment has. *n how many. ERR_BUSY: the columns are starting, or behind what is committed: ask again. */
int audience_freeze(struct arena *a, struct db *db, const struct settings *s,
	const struct audience *x, int64_t *n, struct err *e);

/* Writes n ids. */
int audience_write(struct arena *a, const struct settings *s, const struct audience *x,
	const int64_t *ids, size_t n, struct err *e);

/* At most *n ids from a place on; *n how many there are. ERR_MISSING: the file is gone. */
int audience_read(struct arena *a, const struct settings *s, const struct audience *x,
	int64_t from, int64_t *ids, size_t *n, struct err *e);

void audience_drop(struct arena *a, const struct settings *s, const struct audience *x);

/* Drops what stopped jobs left, after AUDIENCE_KEPT_DAYS. */
enum {
	AUDIENCE_KEPT_DAYS = 8
}; /* longer than the file of an export, which has such a list too */
void audience_tidy(struct arena *a, const struct settings *s);

#endif
