/* How much came over a source, hour by hour: kept with the events, read without looking at them. */
#ifndef EVENT_COUNT_H
#define EVENT_COUNT_H

#include "base/val.h"

struct arena;
struct db;
struct err;

struct event_count {
	int64_t company_id, source_id, hour; /* since 1970 UTC */
	int64_t accepted, bots, excluded, refused, quarantined;
};

/* The line of a source and hour among n, made when there is none: on a. */
struct event_count *event_count_at(struct arena *a, struct event_count **counts, size_t *n,
	size_t *cap, int64_t company_id, int64_t source_id, int64_t at_us);

/* Adds n lines; call inside the transaction of their events. */
int event_count_add(struct arena *a, struct db *db, struct event_count *counts, size_t n,
	struct err *e);

/* Of a source from an hour on: list of maps {hour, accepted, bots, excluded, refused, quarantined}, oldest first. */
int event_count_of(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	int64_t from_hour, struct val *out, struct err *e);

/* Of all sources of a company, summed from an hour on: list of maps {source_id, accepted, refused, quarantined}. */
int event_count_all(struct arena *a, struct db *db, int64_t company_id, int64_t from_hour,
	struct val *out, struct err *e);

/* Forgets a company's hours older than before_us, of its sources and of what is bound (bound.h). */
int event_count_prune(struct arena *a, struct db *db, int64_t company_id, int64_t before_us,
	struct err *e);

#endif
