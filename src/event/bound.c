/* See bound.h. */
#include "event/bound.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"
#include "tenant/binding.h"

#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 5, DAY_HOURS = 24, URL_MAX = 2000 /* as the tag cuts it */ };

struct bound_source {
	int64_t company_id, source_id;
	struct val list;
};

struct bound_count {
	int64_t company_id, binding_id, hour, fired, seen;
};

static int
source_of(struct arena *a, struct db *db, struct bound *b, int64_t company_id,
	int64_t source_id, const struct val **list, struct err *e)
{
	struct bound_source one = {.company_id = company_id, .source_id = source_id};
	for (size_t i = 0; i < b->source_n; i++)
		if (b->sources[i].source_id == source_id &&
			b->sources[i].company_id == company_id) {
			*list = &b->sources[i].list;
			return 0;
		}
	if (binding_published(a, db, company_id, source_id, &one.list, e) < 0)
		return -1;
	b->sources = arena_room(a, b->sources, b->source_n, &b->source_cap, sizeof one);
	b->sources[b->source_n] = one;
	*list = &b->sources[b->source_n++].list;
	return 0;
}

static struct bound_count *
count_at(struct arena *a, struct bound *b, int64_t company_id, int64_t binding_id,
	int64_t hour)
{
	for (size_t i = b->count_n; i > 0; i--) {
		struct bound_count *c = &b->counts[i - 1];
		if (c->binding_id == binding_id && c->hour == hour)
			return c;
	}
	b->counts = arena_room(a, b->counts, b->count_n, &b->count_cap, sizeof *b->counts);
	struct bound_count *c = &b->counts[b->count_n++];
	*c = (struct bound_count){
		.company_id = company_id, .binding_id = binding_id, .hour = hour};
	return c;
}

int
bound_note(struct arena *a, struct db *db, struct bound *b, int64_t company_id,
	int64_t source_id, int64_t at_us, const struct val *item, struct err *e)
{
	const struct val *list, *context = val_get(item, "context");
	int64_t fired = val_as_int(val_get(context, "binding"), 0);
	bool of_page = text_is(val_as_text(val_get(item, "type")), "page");
	struct text url = val_as_text(val_get(val_get(context, "page"), "url"));
	if (fired == 0 && (!of_page || url.n == 0))
		return 0;
	url = text_cut(url, URL_MAX);
	if (source_of(a, db, b, company_id, source_id, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(list); i++) {
		const struct val *one = &list->list->at[i];
		int64_t id = val_as_int(val_get(one, "id"), 0);
		if (of_page && binding_is_at(val_as_text(val_get(one, "where")), url))
			count_at(a, b, company_id, id, at_us / HOUR_US)->seen++;
		else if (!of_page && id == fired)
			count_at(a, b, company_id, id, at_us / HOUR_US)->fired++;
	}
	return 0;
}

static int
by_key(const void *x, const void *y)
{
	const struct bound_count *a = x, *b = y;
	if (a->company_id != b->company_id)
		return a->company_id < b->company_id ? -1 : 1;
	if (a->binding_id != b->binding_id)
		return a->binding_id < b->binding_id ? -1 : 1;
	return (a->hour > b->hour) - (a->hour < b->hour);
}

int
bound_add(struct arena *a, struct db *db, struct bound *b, struct err *e)
{
	struct val *rows = arena_array(a, b->count_n * COLUMNS + 1, sizeof *rows);
	if (b->count_n == 0)
		return 0;
	qsort(b->counts, b->count_n, sizeof *b->counts, by_key);
	for (size_t i = 0; i < b->count_n; i++) {
		const struct bound_count *c = &b->counts[i];
		struct val row[COLUMNS] = {val_int(c->company_id), val_int(c->binding_id),
			val_int(c->hour), val_int(c->fired), val_int(c->seen)};
		memcpy(rows + i * COLUMNS, row, sizeof row);
	}
	return db_bulk(db, QUERY_BOUND_COUNT_ADD, rows, b->count_n, COLUMNS, NULL, e);
}

int
bound_of(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	int64_t now_us, struct val *out, struct err *e)
{
	struct val rows;
	int64_t now = now_us / HOUR_US;
	if (db_rows(a, db, QUERY_BOUND_COUNT_OF,
		    DB_ARGS(val_int(now - 2), val_int(now - DAY_HOURS),
			    val_int(now - DAY_HOURS), val_int(company_id),
			    val_int(source_id)),
		    &rows, e) < 0)
		return -1;
	*out = row_maps(
		a, &rows, 0, DB_KEYS("id", "hour", "day", "seen", "ever", "last_hour"));
	return 0;
}

bool
bound_is_silent(const struct val *count, int64_t now_us)
{
	return val_as_int(val_get(count, "ever"), 0) > 0 &&
	       val_as_int(val_get(count, "seen"), 0) > 0 &&
	       val_as_int(val_get(count, "last_hour"), 0) < now_us / HOUR_US - DAY_HOURS;
}
