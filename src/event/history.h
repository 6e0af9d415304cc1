/* Reading what happened: one person's history, a company's newest, the feed. */
#ifndef EVENT_HISTORY_H
#define EVENT_HISTORY_H

#include "event/type.h"

/* Where a page of a history ends and the next one begins. */
struct history_at {
	int64_t time_key, dedup;
};
#define HISTORY_BEGIN ((struct history_at){INT64_MAX, INT64_MAX})

/* A person's events over all its nodes, newest first (pages by the client's own time, in a page by the corrected one): list of maps
 * {seq, type, name (built-in), at_us, received_at_us, source_id, props, time_key}. at: HISTORY_BEGIN for the first page;
 * moved behind the last event given. At most limit. */
int event_history(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, const int64_t *node_ids, size_t n, struct history_at *at,
	size_t limit, struct val *list, struct err *e);

/* The same, of some types only (numbers of event_type_number, at least one) and not before an instant (INT64_MIN: whenever).
 * cost: a walk over the person's events down to the ones that are given. */
struct history_filter {
	const int64_t *types;
	size_t type_n;
	int64_t from_us;
};
int event_history_of(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, const int64_t *node_ids, size_t n,
	const struct history_filter *f, struct history_at *at, size_t limit,
	struct val *list, struct err *e);

/* The cursor as text ("TIME.HASH") and back: 1 read, 0 not one. */
const char *history_cursor(struct arena *a, struct history_at at);
int history_cursor_read(struct text t, struct history_at *at);

/* The company's newest events, of one source or of all (0): the same maps with person_id. */
int event_recent(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, int64_t source_id, size_t limit, struct val *list,
	struct err *e);

/* The company's events in the order they came, newest first: of a source (0: any) and a built-in name (empty: any), at most limit; the same
 * maps. *before: INT64_MAX at first, moved behind what was looked at, 0 when there are no more: where few are wanted a page may be short. */
int event_page(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, int64_t source_id, struct text name, int64_t *before,
	size_t limit, struct val *list, struct err *e);

/* One row of the feed. */
struct feed_row {
	int64_t seq, node_id, person_id, type_id, at_us, received_at_us, source_id;
	int flags;
	struct text props; /* JSON */
};

/* The rows behind after, in commit order, at most limit. */
int feed_read(struct arena *a, struct db *db, int64_t company_id, int64_t after,
	size_t limit, struct feed_row **rows, size_t *n, struct err *e);

/* The last committed number of a company: 1 / 0 no such company / -1. */
int feed_last(
	struct arena *a, struct db *db, int64_t company_id, int64_t *seq, struct err *e);

/* Of all companies: lists of [company_id, last_seq]. */
int feed_last_all(struct arena *a, struct db *db, struct val *rows, struct err *e);

#endif
