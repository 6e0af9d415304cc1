/* Counting by groups: days, values, kinds of events. */
#include "base/arena.h"
#include "base/err.h"
#include "column/read.h"
#include "column/page.h"

#include <stdlib.h>
#include <string.h>

struct days { /* local midnights of a span, ascending */
	int64_t *from_us;
	size_t n;
};

static struct days
days_of(struct arena *a, const struct zone *zone, int64_t from_us, size_t n)
{
	struct days d = {.from_us = arena_array(a, n + 1, sizeof(int64_t)), .n = n};
	for (size_t i = 0; i <= n; i++)
		d.from_us[i] = zone_day_us(zone, from_us, (int)i);
	return d;
}

/* The day an instant lies in, or n when outside. */
static size_t
day_of(const struct days *d, int64_t at_us)
{
	if (d->n == 0 || at_us < d->from_us[0] || at_us >= d->from_us[d->n])
		return d->n;
	size_t low = 0, high = d->n;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (d->from_us[middle] <= at_us)
			low = middle;
		else
			high = middle;
	}
	return low;
}

int
column_count_days(struct column_base *base, const struct bits *among, const char *field,
	const struct zone *zone, int64_t from_us, size_t days, int64_t *counts,
	struct err *e)
{
	const struct column_field *f = column_field_find(base, text_of(field));
	memset(counts, 0, days * sizeof *counts);
	if (f == NULL)
		return 0;
	if (f->kind != COLUMN_TIME)
		return err_field(e, "field", "%s is no datetime field", field);
	struct arena_mark mark = arena_mark(base->scratch);
	struct days d = days_of(
		base->scratch, zone != NULL ? zone : base->zone, from_us, days);
	for (size_t row = bits_next(among, 0); row < among->n;
		row = bits_next(among, row + 1)) {
		int64_t at_us = ((const int64_t *)f->cells)[row];
		size_t day = at_us != INT64_MIN ? day_of(&d, at_us) : days;
		if (day < days)
			counts[day]++;
	}
	base->rows_evaluated += (int64_t)among->n;
	arena_rewind(base->scratch, mark);
	return 0;
}

void
column_count_event_days(struct column_base *base, const struct bits *among,
	struct text type, const struct zone *zone, int64_t from_us, size_t days,
	int64_t *counts)
{
	struct arena_mark mark = arena_mark(base->scratch);
	struct days d = days_of(
		base->scratch, zone != NULL ? zone : base->zone, from_us, days);
	int64_t number = type.n > 0 ? dict_find(base->types, type) : 0;
	memset(counts, 0, days * sizeof *counts);
	for (size_t row = bits_next(among, 0); number >= 0 && row < among->n;
		row = bits_next(among, row + 1)) {
		const struct column_history *h = &base->histories[row];
		size_t n = h->n;
		const struct column_event *events =
			type.n > 0 ? column_events(base, row, number, &n)
				   : column_run(&base->events, h);
		for (size_t i = 0; i < n; i++) {
			size_t day = day_of(&d, events[i].at_us);
			if (day < days)
				counts[day]++;
		}
	}
	base->rows_evaluated += (int64_t)among->n;
	arena_rewind(base->scratch, mark);
}

struct group {
	uint32_t code;
	int64_t count;
};

static int
by_count(const void *x, const void *y)
{
	const struct group *p = x, *q = y;
	if (p->count != q->count)
		return p->count < q->count ? 1 : -1;
	return (p->code > q->code) - (p->code < q->code);
}

/* Of groups[1] to groups[n - 1], by the code of a text, the most frequent: list of {value, count}; groups are sorted by it. */
static struct val
most_frequent(struct arena *a, const struct column_base *base, struct group *groups,
	size_t n, size_t limit)
{
	struct val list = val_list(a);
	size_t used = 0;
	for (size_t code = 1; code < n; code++)
		if (groups[code].count > 0)
			groups[used++] = (struct group){(uint32_t)code, groups[code].count};
	qsort(groups, used, sizeof *groups, by_count);
	for (size_t i = 0; i < used && i < limit; i++) {
		struct val pair = val_map(a);
		val_put(a, &pair, "value", val_of(column_text(base, groups[i].code)));
		val_put(a, &pair, "count", val_int(groups[i].count));
		val_push(a, &list, pair);
	}
	return list;
}

int
column_count_values(struct arena *a, struct column_base *base, const struct bits *among,
	const char *field, size_t limit, struct val *out, struct err *e)
{
	const struct column_field *f = column_field_find(base, text_of(field));
	*out = val_list(a);
	if (f == NULL)
		return 0;
	if (f->kind != COLUMN_TEXT && f->kind != COLUMN_LIST)
		return err_field(e, "field", "%s has no values to group by", field);
	struct arena_mark mark = arena_mark(base->scratch);
	size_t n = dict_count(base->texts) + 1;
	struct group *groups = arena_array(base->scratch, n, sizeof *groups);
	for (size_t row = bits_next(among, 0); row < among->n;
		row = bits_next(among, row + 1)) {
		if (f->kind == COLUMN_TEXT) {
			groups[((const uint32_t *)f->cells)[row]].count++;
			continue;
		}
		uint32_t n_list;
		const uint32_t *codes = column_list(
			base, ((const uint32_t *)f->cells)[row], &n_list);
		for (uint32_t i = 0; i < n_list; i++)
			groups[codes[i]].count++;
	}
	*out = most_frequent(a, base, groups, n, limit);
	base->rows_evaluated += (int64_t)among->n;
	arena_rewind(base->scratch, mark);
	return 0;
}

struct val
column_prop_values(struct arena *a, struct column_base *base, struct text type,
	struct text prop, size_t limit)
{
	int64_t number = dict_find(base->types, type), name = dict_find(base->names, prop);
	if (number < 0 || name < 0)
		return val_list(a);
	struct arena_mark mark = arena_mark(base->scratch);
	size_t n = dict_count(base->texts) + 1, left = COLUMN_EVENTS_LOOKED;
	struct group *groups = arena_array(base->scratch, n, sizeof *groups);
	for (size_t row = base->n; row-- > 0 && left > 0;) {
		size_t event_n;
		const struct column_event *events = column_events(
			base, row, number, &event_n);
		if (event_n > left)
			event_n = left;
		left -= event_n;
		for (size_t i = 0; i < event_n; i++) {
			const struct column_prop *p = column_prop(base, &events[i], name);
			if (p != NULL && p->kind == PROP_TEXT)
				groups[p->value].count++;
		}
	}
	struct val list = most_frequent(a, base, groups, n, limit);
	arena_rewind(base->scratch, mark);
	return list;
}

struct val
column_event_types(struct arena *a, const struct column_base *base)
{
	struct val list = val_list(a);
	size_t n = dict_count(base->types), used = 0;
	struct group *groups = arena_array(a, n + 1, sizeof *groups);
	for (size_t i = 0; i < n && i < base->type_cap; i++)
		if (base->type_list[i].count > 0)
			groups[used++] = (struct group){
				(uint32_t)i, (int64_t)base->type_list[i].count};
	qsort(groups, used, sizeof *groups, by_count);
	for (size_t i = 0; i < used; i++) {
		struct val pair = val_map(a);
		val_put(a, &pair, "type", val_of(dict_text(base->types, groups[i].code)));
		val_put(a, &pair, "count", val_int(groups[i].count));
		val_push(a, &list, pair);
	}
	return list;
}

struct val
column_event_props(struct arena *a, const struct column_base *base, struct text type)
{
	struct val list = val_list(a);
	int64_t number = dict_find(base->types, type);
	for (size_t i = 0; number >= 0 && i < dict_count(base->type_props); i++) {
		int64_t pair = dict_id(base->type_props, (int64_t)i);
		if (pair >> 32 == number)
			val_push(a, &list,
				val_of(dict_text(base->names, pair & UINT32_MAX)));
	}
	return list;
}
