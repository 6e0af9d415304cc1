/* See answer.h. */
#include "engine/answer.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "column/base.h"
#include "column/page.h"
#include "engine/answer_list.h"
#include "engine/answer_parts.h"
#include "engine/answer_segment.h"
#include "engine/hold.h"
#include "engine/names.h"
#include "insight/similar.h"
#include "segment/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAYS_MAX = 800, SIMILAR_MAX = 1000 };
static const int64_t similar_us = 400 * 1000; /* others wait meanwhile */

static int
cases(struct arena *a, struct hold *h, const struct val *q, struct val *out, struct err *e)
{
	struct rule_names names;
	struct val list, results;
	if (segment_cases_read(a, val_as_text(val_get(q, "cases")), &list, e) < 0 ||
		names_read(a, h->db, h->company.id, val_as_int(val_get(q, "segment"), 0),
			&names, e) < 0 ||
		segment_cases_run(a, h->settings, &names, val_as_text(val_get(q, "rule")),
			&list, time_now_us(), &results, e) < 0)
		return -1;
	val_put(a, out, "cases", results);
	val_put(a, out, "failed", val_int(segment_cases_failed(&results)));
	return 0;
}

static size_t
days_of(const struct val *q)
{
	int64_t days = val_as_int(val_get(q, "days"), 30);
	return (size_t)(days < 1 ? 1 : days > DAYS_MAX ? DAYS_MAX : days);
}

static const struct zone *
zone_of(const struct hold *h)
{
	return h->zone != NULL ? h->zone : zone_utc();
}

static struct val
day_list(struct arena *a, const struct hold *h, const int64_t *counts,
	const int64_t *previous, size_t days)
{
	struct val list = val_list(a);
	int64_t today = date_days(zone_date(zone_of(h), time_now_us(), NULL));
	for (size_t i = 0; i < days; i++) {
		struct val one = val_map(a);
		struct date d = date_of_days(today - (int64_t)(days - 1 - i));
		val_put(a, &one, "date",
			val_text(
				arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day)));
		val_put(a, &one, "count", val_int(counts[i]));
		if (previous != NULL)
			val_put(a, &one, "previous", val_int(previous[i]));
		val_push(a, &list, one);
	}
	return list;
}

static int
growth(struct arena *a, struct hold *h, const struct val *q, struct val *out, struct err *e)
{
	size_t days = days_of(q);
	struct bits known = column_all(a, h->base, true);
	int64_t *counts = arena_array(a, 2 * days, sizeof *counts);
	int64_t from = zone_day_us(zone_of(h), time_now_us(), -(int)(2 * days - 1));
	if (column_count_days(h->base, &known, "created_at", zone_of(h), from, 2 * days,
		    counts, e) < 0)
		return -1;
	val_put(a, out, "days", day_list(a, h, counts + days, counts, days));
	val_put(a, out, "known", val_int((int64_t)bits_count(&known)));
	return 0;
}

static int
events(struct arena *a, struct hold *h, const struct val *q, struct val *out, struct err *e)
{
	(void)e;
	size_t days = days_of(q);
	struct bits all = column_all(a, h->base, false);
	int64_t *counts = arena_array(a, 2 * days, sizeof *counts);
	int64_t from = zone_day_us(zone_of(h), time_now_us(), -(int)(2 * days - 1));
	column_count_event_days(h->base, &all, val_as_text(val_get(q, "type")), zone_of(h),
		from, 2 * days, counts);
	val_put(a, out, "days", day_list(a, h, counts + days, counts, days));
	val_put(a, out, "types", column_event_types(a, h->base));
	return 0;
}

static int
values(struct arena *a, struct hold *h, const struct val *q, struct val *out, struct err *e)
{
	struct bits in;
	struct val list, names;
	struct text event = val_as_text(val_get(q, "event")),
		    prop = val_as_text(val_get(q, "prop"));
	size_t limit = (size_t)val_as_int(val_get(q, "limit"), 20);
	if (event.n > 0 && prop.n > 0) {
		val_put(a, out, "values",
			column_prop_values(a, h->base, event, prop, limit));
		return 0;
	}
	if (event.n > 0) { /* the names of an event's properties */
		names = column_event_props(a, h->base, event);
		list = val_list(a);
		for (size_t i = 0; i < val_len(&names); i++) {
			struct val one = val_map(a);
			val_put(a, &one, "value", names.list->at[i]);
			val_push(a, &list, one);
		}
		val_put(a, out, "values", list);
		return 0;
	}
	if (answer_who(a, h, val_as_text(val_get(q, "rule")), &in, e) < 0 ||
		column_count_values(a, h->base, &in, val_as_z(a, val_get(q, "field")),
			limit, &list, e) < 0)
		return -1;
	val_put(a, out, "values", list);
	return 0;
}

static int
similar(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e)
{
	struct val found;
	int64_t limit = val_as_int(val_get(q, "limit"), 20);
	(void)e;
	similar_people(a, h->base, val_as_int(val_get(q, "person"), 0),
		(size_t)(limit < 1	       ? 1
			 : limit > SIMILAR_MAX ? SIMILAR_MAX
					       : limit),
		time_monotonic_us() + similar_us, &found);
	for (size_t i = 0; i < val_len(&found); i++)
		val_put_key(a, out, found.map->at[i].key, found.map->at[i].val);
	return 0;
}

static int
stats(struct arena *a, struct hold *h, const struct val *q, struct val *out, struct err *e)
{
	(void)q;
	(void)e;
	struct column_stats s = column_stats(h->base);
	val_put(a, out, "persons", val_int((int64_t)s.persons));
	val_put(a, out, "known", val_int((int64_t)s.known));
	val_put(a, out, "events", val_int((int64_t)s.events));
	val_put(a, out, "memory_bytes", val_int((int64_t)s.memory_bytes));
	val_put(a, out, "rows_evaluated", val_int(s.rows_evaluated));
	return 0;
}

int
answer_question(struct arena *a, struct hold *h, const struct val *question,
	struct val *out, struct err *e)
{
	static const struct {
		const char *what;
		int (*answer)(struct arena *a, struct hold *h, const struct val *q,
			struct val *out, struct err *e);
	} table[] = {{"preview", answer_preview}, {"compile", answer_compile},
		{"past", answer_past}, {"cases", cases}, {"page", answer_page},
		{"ids", answer_ids}, {"count", answer_count}, {"counts", answer_counts},
		{"breakdown", answer_breakdown}, {"growth", growth}, {"events", events},
		{"values", values}, {"similar", similar}, {"stats", stats},
		{"algebra", answer_algebra}};
	struct text what = val_as_text(val_get(question, "what"));
	*out = val_map(a);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (text_is(what, table[i].what)) {
			val_put(a, out, "seq", val_int(column_position(h->base)));
			return table[i].answer(a, h, question, out, e);
		}
	return err_set(
		e, ERR_INPUT, "nobody knows how to answer \"%.*s\"", (int)what.n, what.at);
}
