/* See answer.h. */
#include "engine/answer.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "column/base.h"
#include "column/page.h"
#include "engine/hold.h"
#include "engine/members.h"
#include "engine/names.h"
#include "segment/cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLE_MAX = 100, PAGE_MAX = 1000, DAYS_MAX = 800, IDS_MAX = 1000000 };

static struct val
id_list(struct arena *a, const int64_t *ids, size_t n)
{
	struct val list = val_list(a);
	for (size_t i = 0; i < n; i++)
		val_push(a, &list, val_id(a, ids[i]));
	return list;
}

static void
free_eval(void *obj)
{
	segment_eval_free(obj);
}

static void
free_rule(void *obj)
{
	rule_free(obj);
}

/* People for whom a where() failed count as no: how many, and why the first. */
static void
warn_of_errors(struct arena *a, const struct segment_eval *eval, struct val *warnings)
{
	const char *why, *colon;
	int64_t n = segment_eval_errors(eval, &why);
	if (n == 0)
		return;
	struct val one = val_map(a);
	int line = 0;
	if (sscanf(why, "line %d", &line) == 1 && (colon = strstr(why, ": ")) != NULL)
		why = colon + 2;
	val_put(a, &one, "line", val_int(line > 0 ? line : 1));
	val_put(a, &one, "text",
		val_text(arena_printf(a,
			"where() failed for %lld people, who count as no: %s", (long long)n,
			why)));
	val_put(a, &one, "people", val_int(n));
	val_push(a, warnings, one);
}

/* Who a rule means at an instant (0: now); *warnings may be NULL. An empty rule: all known persons. */
static int
who(struct arena *a, struct hold *h, struct text source, int64_t self, int64_t at_us,
	struct bits *out, struct val *warnings, struct err *e)
{
	struct rule *rule;
	*out = column_all(a, h->base, true);
	if (text_trim(source).n == 0)
		return 0;
	if (members_compile(a, h->members, source, self, &rule, e) < 0)
		return -1;
	arena_defer(a, free_rule, rule);
	struct segment_eval *eval = segment_eval_new(rule, h->base, h->settings);
	arena_defer(a, free_eval, eval);
	struct bits in;
	int64_t deadline_us = time_monotonic_us() + 3 * SECOND_US;
	if ((at_us != 0 ? segment_eval_past(a, eval, at_us, deadline_us, &in, e)
			: segment_eval_all(
				  a, eval, time_now_us(), deadline_us, &in, NULL, e)) < 0)
		return -1;
	if (!members_counts_anonymous(rule))
		bits_and(&in, out);
	*out = in;
	if (warnings != NULL) {
		*warnings = val_copy(a, rule_warnings(rule));
		segment_eval_warn(a, eval, warnings);
		warn_of_errors(a, eval, warnings);
	}
	return 0;
}

/* "as_of" of a question: an instant that is over. 0 *at_us (0: now), -1 *e. */
static int
instant_of(const struct val *q, int64_t *at_us, struct err *e)
{
	const struct val *v = val_get(q, "as_of");
	*at_us = 0;
	if (val_is_null(v))
		return 0;
	if (time_parse(val_as_text(v), at_us) != 1 || *at_us <= 0 || *at_us > time_now_us())
		return err_field(e, "as_of",
			"as_of is an instant in the past, as 2026-01-31T10:00:00Z");
	return 0;
}

static int
preview(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e)
{
	struct bits in, known = column_all(a, h->base, true);
	struct val warnings = val_list(a);
	int64_t begun = time_monotonic_us(), ids[SAMPLE_MAX];
	int64_t want = val_as_int(val_get(q, "sample"), 10);
	if (text_trim(val_as_text(val_get(q, "rule"))).n == 0)
		return err_field(
			e, "rule", "a rule is expected: return field.city:is \"Минск\"");
	int64_t at_us;
	if (instant_of(q, &at_us, e) < 0 ||
		who(a, h, val_as_text(val_get(q, "rule")),
			val_as_int(val_get(q, "segment"), 0), at_us, &in, &warnings, e) < 0)
		return -1;
	size_t n = column_sample(h->base, &in,
		(uint64_t)val_as_int(val_get(q, "seed"), time_now_us()),
		(size_t)(want < 0	     ? 0
			 : want > SAMPLE_MAX ? SAMPLE_MAX
					     : want),
		ids);
	val_put(a, out, "count", val_int((int64_t)bits_count(&in)));
	val_put(a, out, "exact", val_bool(true));
	val_put(a, out, "total", val_int((int64_t)bits_count(&known)));
	val_put(a, out, "sample", id_list(a, ids, n));
	val_put(a, out, "ms", val_num((double)(time_monotonic_us() - begun) / 1000));
	val_put(a, out, "warnings", warnings);
	return 0;
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
	if (who(a, h, val_as_text(val_get(q, "rule")), 0, 0, &in, NULL, e) < 0)
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
	val_put(a, out, "ids", id_list(a, ids, n));
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
	if (who(a, h, val_as_text(val_get(q, "rule")), 0, 0, &in, NULL, e) < 0)
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
	if (who(a, h, val_as_text(val_get(q, "rule")), 0, 0, &in, NULL, e) < 0 ||
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
	} table[] = {{"preview", preview}, {"cases", cases}, {"page", page}, {"ids", ids},
		{"growth", growth}, {"events", events}, {"values", values},
		{"stats", stats}};
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
