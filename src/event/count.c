/* See count.h. */
#include "event/count.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 8 };

struct event_count *
event_count_at(struct arena *a, struct event_count **counts, size_t *n, size_t *cap,
	int64_t company_id, int64_t source_id, int64_t at_us)
{
	int64_t hour = at_us / HOUR_US;
	for (size_t i = *n; i > 0; i--) { /* mostly the last one */
		struct event_count *c = &(*counts)[i - 1];
		if (c->source_id == source_id && c->company_id == company_id &&
			c->hour == hour)
			return c;
	}
	*counts = arena_room(a, *counts, *n, cap, sizeof **counts);
	struct event_count *c = &(*counts)[(*n)++];
	*c = (struct event_count){
		.company_id = company_id, .source_id = source_id, .hour = hour};
	return c;
}

static int
by_key(const void *x, const void *y)
{
	const struct event_count *a = x, *b = y;
	if (a->company_id != b->company_id)
		return a->company_id < b->company_id ? -1 : 1;
	if (a->source_id != b->source_id)
		return a->source_id < b->source_id ? -1 : 1;
	return (a->hour > b->hour) - (a->hour < b->hour);
}

int
event_count_add(
	struct arena *a, struct db *db, struct event_count *counts, size_t n, struct err *e)
{
	struct val *rows = arena_array(a, n * COLUMNS + 1, sizeof *rows);
	if (n == 0)
		return 0;
	qsort(counts, n, sizeof *counts, by_key);
	for (size_t i = 0; i < n; i++) {
		const struct event_count *c = &counts[i];
		struct val row[COLUMNS] = {val_int(c->company_id), val_int(c->source_id),
			val_int(c->hour), val_int(c->accepted), val_int(c->bots),
			val_int(c->excluded), val_int(c->refused), val_int(c->quarantined)};
		memcpy(rows + i * COLUMNS, row, sizeof row);
	}
	return db_bulk(db, QUERY_SOURCE_COUNT_ADD, rows, n, COLUMNS, NULL, e);
}

int
event_count_of(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	int64_t from_hour, struct val *out, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_SOURCE_COUNT_OF,
		    DB_ARGS(val_int(company_id), val_int(source_id), val_int(from_hour)),
		    &rows, e) < 0)
		return -1;
	*out = row_maps(a, &rows, 0,
		DB_KEYS("hour", "accepted", "bots", "excluded", "refused", "quarantined"));
	return 0;
}

int
event_count_all(struct arena *a, struct db *db, int64_t company_id, int64_t from_hour,
	struct val *out, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_SOURCE_COUNT_ALL,
		    DB_ARGS(val_int(company_id), val_int(from_hour)), &rows, e) < 0)
		return -1;
	*out = row_maps(
		a, &rows, 0, DB_KEYS("source_id", "accepted", "refused", "quarantined"));
	return 0;
}

int
event_count_prune(struct arena *a, struct db *db, int64_t company_id, int64_t before_us,
	struct err *e)
{
	static const enum query steps[][2] = {
		{QUERY_COUNT_SOURCES, QUERY_SOURCE_COUNT_PRUNE},
		{QUERY_COUNT_BINDINGS, QUERY_BOUND_COUNT_PRUNE}};
	struct val rows;
	for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
		if (db_rows(a, db, steps[k][0], DB_ARGS(val_int(company_id)), &rows, e) < 0)
			return -1;
		for (size_t i = 0; i < val_len(&rows); i++)
			if (db_exec(db, steps[k][1],
				    DB_ARGS(val_int(company_id),
					    *row_at(&rows.list->at[i], 0),
					    val_int(before_us / HOUR_US)),
				    NULL, e) < 0)
				return -1;
	}
	return 0;
}
