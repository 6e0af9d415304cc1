/* Static segments, as bulk_people.c needs them. */
#ifndef EXCHANGE_BULK_SEGMENT_H
#define EXCHANGE_BULK_SEGMENT_H

#include "base/val.h"

#include <stddef.h>
#include <stdint.h>

struct arena;
struct db;
struct err;
struct event_types;

/* One that people may be put into: 0, or -1 ERR_INPUT "segment". */
int people_segment_check(
	struct arena *a, struct db *db, int64_t company_id, int64_t id, struct err *e);

/* Puts persons in or takes them out; who is there (or not) already is passed over. *changed how many were not. */
int people_segment_put(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, int64_t id, const int64_t *ids, size_t n, bool in,
	int64_t user_id, int64_t *changed, struct err *e);

#endif
