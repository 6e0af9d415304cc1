/* See history.h. */
#include "event/history.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

enum { PAGE_ROWS = 500, PAGE_TURNS = 20 }; /* how much a page with a filter looks through */

static int
row_to_map(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	const struct val *row, struct val *out, struct err *e)
{
	struct text name;
	struct val props;
	if (event_type_text(a, db, types, company_id, row_int(row, 1), &name, e) < 0 ||
		json_parse(a, row_text(row, 5), &props, e) < 0)
		return -1;
	*out = val_map(a);
	val_put(a, out, "seq", *row_at(row, 0));
	val_put(a, out, "type", val_of(name));
	val_put(a, out, "name", val_of(event_type_name(name)));
	val_put(a, out, "at_us", *row_at(row, 2));
	val_put(a, out, "received_at_us", *row_at(row, 3));
	val_put(a, out, "source_id", val_id(a, row_int(row, 4)));
	val_put(a, out, "props", props);
	return 0;
}

/* In the order of the tree that is read, so that pages follow each other without gaps. */
static int
by_key(const void *x, const void *y)
{
	int64_t a = val_as_int(val_get(x, "time_key"), 0),
		b = val_as_int(val_get(y, "time_key"), 0);
	int64_t c = val_as_int(val_get(x, "dedup"), 0),
		d = val_as_int(val_get(y, "dedup"), 0);
	return a != b ? (a < b) - (a > b) : (c < d) - (c > d);
}

/* What came of one call stands at one time: the later of it first. A page is shown by corrected times. */
static int
newest_first(const void *x, const void *y)
{
	int64_t a = val_as_int(val_get(x, "at_us"), 0),
		b = val_as_int(val_get(y, "at_us"), 0);
	int64_t c = val_as_int(val_get(x, "seq"), 0), d = val_as_int(val_get(y, "seq"), 0);
	return a != b ? (a < b) - (a > b) : (c < d) - (c > d);
}

/* One node's, behind at; f may be NULL. */
static int
read_node(struct arena *a, struct db *db, int64_t company_id, int64_t node_id,
	const struct history_filter *f, const struct history_at *at, size_t limit,
	struct val *rows, struct err *e)
{
	if (f == NULL)
		return db_rows(a, db, QUERY_EVENT_HISTORY,
			DB_ARGS(val_int(company_id), val_int(node_id),
				val_int(at->time_key), val_int(at->time_key),
				val_int(at->dedup), val_int((int64_t)limit)),
			rows, e);
	struct val *args = arena_array(a, f->type_n + 7, sizeof *args);
	size_t n = 0;
	args[n++] = val_int(company_id);
	args[n++] = val_int(node_id);
	args[n++] = val_int(at->time_key);
	args[n++] = val_int(at->time_key);
	args[n++] = val_int(at->dedup);
	args[n++] = val_int(f->from_us);
	for (size_t i = 0; i < f->type_n; i++)
		args[n++] = val_int(f->types[i]);
	args[n++] = val_int((int64_t)limit);
	return db_rows(a, db, QUERY_EVENT_HISTORY_OF, args, n, rows, e);
}

int
event_history(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	const int64_t *node_ids, size_t n, struct history_at *at, size_t limit,
	struct val *list, struct err *e)
{
	return event_history_of(
		a, db, types, company_id, node_ids, n, NULL, at, limit, list, e);
}

int
event_history_of(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, const int64_t *node_ids, size_t n,
	const struct history_filter *f, struct history_at *at, size_t limit,
	struct val *list, struct err *e)
{
	*list = val_list(a);
	for (size_t k = 0; k < n; k++) {
		struct val rows;
		if (read_node(a, db, company_id, node_ids[k], f, at, limit, &rows, e) < 0)
			return -1;
		for (size_t i = 0; i < rows.list->n; i++) {
			struct val map;
			if (row_to_map(a, db, types, company_id, &rows.list->at[i], &map,
				    e) < 0)
				return -1;
			val_put(a, &map, "time_key", *row_at(&rows.list->at[i], 6));
			val_put(a, &map, "dedup", *row_at(&rows.list->at[i], 7));
			val_push(a, list, map);
		}
	}
	if (list->list->n == 0)
		return 0;
	qsort(list->list->at, list->list->n, sizeof(struct val), by_key);
	if (list->list->n > limit)
		list->list->n = limit;
	const struct val *last = &list->list->at[list->list->n - 1];
	*at = (struct history_at){val_as_int(val_get(last, "time_key"), 0),
		val_as_int(val_get(last, "dedup"), 0)};
	qsort(list->list->at, list->list->n, sizeof(struct val), newest_first);
	return 0;
}

const char *
history_cursor(struct arena *a, struct history_at at)
{
	return arena_printf(a, "%lld.%lld", (long long)at.time_key, (long long)at.dedup);
}

int
history_cursor_read(struct text t, struct history_at *at)
{
	const char *dot = memchr(t.at, '.', t.n);
	if (dot == NULL)
		return 0;
	struct val time = val_bytes(t.at, (size_t)(dot - t.at));
	struct val dedup = val_bytes(dot + 1, t.n - (size_t)(dot + 1 - t.at));
	*at = (struct history_at){
		val_as_int(&time, INT64_MIN), val_as_int(&dedup, INT64_MIN)};
	return at->time_key != INT64_MIN && at->dedup != INT64_MIN;
}

int
event_recent(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	int64_t source_id, size_t limit, struct val *list, struct err *e)
{
	struct val rows;
	/* of one source: looked for among the newest few hundred, this is a live view and not a search */
	size_t read = source_id != 0 ? 500 : limit;
	*list = val_list(a);
	if (db_rows(a, db, QUERY_EVENT_RECENT,
		    DB_ARGS(val_int(company_id), val_int((int64_t)read)), &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n && list->list->n < limit; i++) {
		struct val map;
		if (source_id != 0 && row_int(&rows.list->at[i], 4) != source_id)
			continue;
		if (row_to_map(a, db, types, company_id, &rows.list->at[i], &map, e) < 0)
			return -1;
		val_put(a, &map, "person_id", val_id(a, row_int(&rows.list->at[i], 6)));
		val_push(a, list, map);
	}
	return 0;
}

/* Adds a row that is wanted. */
static int
add_wanted(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	const struct val *row, struct text name, struct val *list, struct err *e)
{
	struct text type;
	struct val map;
	if (event_type_text(a, db, types, company_id, row_int(row, 1), &type, e) < 0)
		return -1;
	if (name.n > 0 && !text_same(event_type_name(type), name))
		return 0;
	if (row_to_map(a, db, types, company_id, row, &map, e) < 0)
		return -1;
	val_put(a, &map, "person_id", val_id(a, row_int(row, 6)));
	val_push(a, list, map);
	return 0;
}

int
event_page(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	int64_t source_id, struct text name, int64_t *before, size_t limit,
	struct val *list, struct err *e)
{
	struct val rows;
	*list = val_list(a);
	for (int turn = 0; turn<PAGE_TURNS && * before> 0 && val_len(list) < limit;
		turn++) {
		bool all = source_id == 0 && name.n == 0;
		size_t n = all ? limit : PAGE_ROWS;
		if (db_rows(a, db, QUERY_EVENT_PAGE,
			    DB_ARGS(val_int(company_id), val_int(*before),
				    val_int((int64_t)n)),
			    &rows, e) < 0)
			return -1;
		for (size_t i = 0; i < val_len(&rows) && val_len(list) < limit; i++) {
			const struct val *row = &rows.list->at[i];
			*before = row_int(row, 0);
			if ((source_id == 0 || row_int(row, 4) == source_id) &&
				add_wanted(a, db, types, company_id, row, name, list, e) <
					0)
				return -1;
		}
		if (val_len(&rows) < n && val_len(list) < limit)
			*before = 0;
	}
	return 0;
}

int
feed_read(struct arena *a, struct db *db, int64_t company_id, int64_t after, size_t limit,
	struct feed_row **out, size_t *n, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_FEED_READ,
		    DB_ARGS(val_int(company_id), val_int(after), val_int((int64_t)limit)),
		    &rows, e) < 0)
		return -1;
	*n = rows.list->n;
	*out = arena_array(a, *n, sizeof **out);
	for (size_t i = 0; i < *n; i++) {
		const struct val *row = &rows.list->at[i];
		(*out)[i] = (struct feed_row){.seq = row_int(row, 0),
			.node_id = row_int(row, 1),
			.person_id = row_int(row, 2),
			.type_id = row_int(row, 3),
			.at_us = row_int(row, 4),
			.received_at_us = row_int(row, 5),
			.source_id = row_int(row, 6),
			.flags = (int)row_int(row, 7),
			.props = row_text(row, 8)};
	}
	return 0;
}

int
feed_last(struct arena *a, struct db *db, int64_t company_id, int64_t *seq, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_FEED_LAST, DB_ARGS(val_int(company_id)), &row, e);
	if (found == 1)
		*seq = row_int(&row, 0);
	return found;
}

int
feed_last_all(struct arena *a, struct db *db, struct val *rows, struct err *e)
{
	return db_rows(a, db, QUERY_FEED_LAST_ALL, NULL, 0, rows, e);
}
