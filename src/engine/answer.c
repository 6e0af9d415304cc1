/* See answer.h. */
#include "engine/answer.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "column/base.h"
#include "column/page.h"
#include "engine/answer_parts.h"
#include "engine/hold.h"
#include "engine/names.h"
#include "segment/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_MAX = 1000, DAYS_MAX = 800, IDS_MAX = 1000000 };

struct val
answer_ids(struct arena *a, const int64_t *ids, size_t n)
{
	struct val list = val_list(a);
	for (size_t i = 0; i < n; i++)
		val_push(a, &list, val_id(a, ids[i]));
	return list;
}

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

static int
page(struct arena *a, struct hold *h, const struct val *q, struct val *out, struct err *e)
{
	struct bits in, known = column_all(a, h->base, true);
	struct text sort = val_as_text(val_get(q, "sort")),
		    search = text_trim(val_as_text(val_get(q, "search"))), next;
	int64_t limit = val_as_int(val_get(q, "limit"), 50),
		segment = val_as_int(val_get(q, "segment"), 0), *ids;
	size_t n;
	if (answer_who(a, h, val_as_text(val_get(q, "rule")), &in, e) < 0)
		return -1;
	if (search.n > 0) {
		struct bits found = column_search(a, h->base, search);
		bits_and(&in, &found);
	}
	if (segment != 0)
		column_members_among(h->base, segment, &in);
	struct column_page p = {.among = &in,
		.after = val_as_text(val_get(q, "cursor")),
		.limit = (size_t)(limit < 1	     ? 1
				  : limit > PAGE_MAX ? PAGE_MAX
						     : limit)};
	if (sort.n > 0) {
		p.order.descending = sort.at[0] == '-';
		p.order.field = text_z(a,
			p.order.descending ? (struct text){sort.at + 1, sort.n - 1} : sort);
	}
	if (column_page(a, h->base, &p, &ids, &n, &next, e) < 0)
		return -1;
	val_put(a, out, "ids", answer_ids(a, ids, n));
	val_put(a, out, "next", next.n > 0 ? val_of(next) : val_null());
	val_put(a, out, "count", val_int((int64_t)bits_count(&in)));
	val_put(a, out, "total", val_int((int64_t)bits_count(&known)));
	return 0;
}

static int
by_id(const void *x, const void *y)
{
	int64_t i = *(const int64_t *)x, k = *(const int64_t *)y;
	return (i > k) - (i < k);
}

/* Everybody a rule means, ascending by id behind "after": {ids (numbers), more}. */
static int
ids(struct arena *a, struct hold *h, const struct val *q, struct val *out, struct err *e)
{
	struct bits in;
	if (answer_who(a, h, val_as_text(val_get(q, "rule")), &in, e) < 0)
		return -1;
	int64_t after = val_as_int(val_get(q, "after"), 0);
	int64_t *found = arena_array(a, bits_count(&in) + 1, sizeof *found);
	size_t n = 0;
	BITS_EACH(&in, row)
	{
		int64_t id = column_person(h->base, row);
		if (id > after)
			found[n++] = id;
	}
	qsort(found, n, sizeof *found, by_id);
	struct val list = val_list(a);
	for (size_t i = 0; i < n && i < IDS_MAX; i++)
		val_push(a, &list, val_int(found[i]));
	val_put(a, out, "ids", list);
	val_put(a, out, "more", val_bool(n > IDS_MAX));
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
	struct text event = val_as_text(val_get(q, "event"));
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
			(size_t)val_as_int(val_get(q, "limit"), 20), &list, e) < 0)
		return -1;
	val_put(a, out, "values", list);
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
	} table[] = {{"preview", answer_preview}, {"past", answer_past}, {"cases", cases},
		{"page", page}, {"ids", ids}, {"growth", growth}, {"events", events},
		{"values", values}, {"stats", stats}};
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
