/* How often what is bound on a site (tenant/binding.h) happened, hour by hour, and how often the pages were seen on which it might have. */
#ifndef EVENT_BOUND_H
#define EVENT_BOUND_H

#include "base/val.h"

struct arena;
struct db;
struct err;

struct bound_source; /* what is published of a source, read once */
struct bound_count;

struct bound { /* of one transaction; begin with zeroes */
	struct bound_source *sources;
	size_t source_n, source_cap;
	struct bound_count *counts;
	size_t count_n, count_cap;
};

/* A call that is taken: a track with context.binding, or a page. Of others, nothing. */
int bound_note(struct arena *a, struct db *db, struct bound *b, int64_t company_id,
	int64_t source_id, int64_t at_us, const struct val *item, struct err *e);

/* Adds what was noted; call inside the transaction of the events. */
int bound_add(struct arena *a, struct db *db, struct bound *b, struct err *e);

/* Of a source's bindings: list of maps {id, hour, day, seen, ever, last_hour}: how often in the last hour (or the one before, as hours are
 * whole) and day, pages seen in that day, ever (as far
 * back as hours are kept, count.h), the last hour since 1970 in which it did (0: never). One without a line never did. */
int bound_of(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	int64_t now_us, struct val *out, struct err *e);

/* Whether one that used to happen has not for a day, though its pages were seen. */
bool bound_is_silent(const struct val *count, int64_t now_us);

#endif
