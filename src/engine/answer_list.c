/* See answer_list.h. */
#include "engine/answer_list.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "column/base.h"
#include "column/page.h"
#include "column/read.h"
#include "engine/hold.h"
#include "engine/members.h"
#include "profile/field.h"
#include "segment/estimate.h"

#include <stdlib.h>

enum {
	PAGE_MAX = 1000,
	IDS_MAX = 1000000,
	RULES_MAX = 200,
	CHUNK = 32768, /* rows looked at between two looks at the clock */
	CANDIDATES = 1000,
	ALL_MS = 3000,
	SLICE_MS = 1000,
	COUNTS_MS = 1000,
	COUNT_SOON_MS = 100
};

/* The people of a question before its rule is tried, and what tries it; eval NULL: everybody of among. */
struct audience {
	struct bits among;
	struct segment_eval *eval;
	bool by_row; /* the rule has a part that is tried on one after the other */
	int64_t now_us;
};

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

static int
audience_of(struct arena *a, struct hold *h, const struct val *q, struct audience *out,
	struct err *e)
{
	struct text source = val_as_text(val_get(q, "rule")),
		    search = text_trim(val_as_text(val_get(q, "search")));
	int64_t segment = val_as_int(val_get(q, "segment"), 0);
	struct rule *rule;
	*out = (struct audience){.now_us = time_now_us()};
	bool known = true;
	if (text_trim(source).n > 0) {
		if (members_compile(a, h->members, source, 0, &rule, e) < 0)
			return -1;
		arena_defer(a, free_rule, rule);
		out->eval = segment_eval_new(rule, h->base, h->settings);
		arena_defer(a, free_eval, out->eval);
		out->by_row = rule_goes_by_row(rule);
		known = !members_counts_anonymous(rule);
	}
	out->among = column_all(a, h->base, known);
	if (search.n > 0) {
		struct bits found = column_search(a, h->base, search, h->company.country);
		bits_and(&out->among, &found);
	}
	if (segment != 0)
		column_members_among(h->base, segment, &out->among);
	return 0;
}

/* All of it until a deadline (monotonic). */
static int
audience_all(struct arena *a, const struct audience *x, int64_t deadline_us,
	struct bits *in, struct err *e)
{
	if (x->eval != NULL)
		return segment_eval_among(
			a, x->eval, &x->among, x->now_us, deadline_us, in, e);
	*in = x->among;
	return 0;
}

struct about {
	int64_t n;
	bool exact;    /* there are so few that all of them were tried */
	double all_us; /* what trying all of them would take */
};

/* How many, about. */
static int
audience_about(struct arena *a, const struct audience *x, int64_t deadline_us,
	struct about *out, struct err *e)
{
	size_t sampled, all = bits_count(&x->among);
	double share;
	int64_t begun_us = time_monotonic_us();
	if (segment_estimate(
		    a, x->eval, &x->among, x->now_us, deadline_us, &sampled, &share, e) < 0)
		return -1;
	out->n = (int64_t)(share * (double)all + 0.5);
	out->exact = sampled == all;
	out->all_us = (double)(time_monotonic_us() - begun_us) * (double)all /
		      (double)(sampled > 0 ? sampled : 1);
	return 0;
}

static bool
is_late(const struct err *e, int64_t deadline_us)
{
	return e->code == ERR_LIMIT && time_monotonic_us() >= deadline_us;
}

/* All of it where that can be had by soon_us, 1; else about how many, 0; -1. A sample tells beforehand of what goes row by row. */
static int
audience_soon(struct arena *a, const struct audience *x, int64_t soon_us, int64_t until_us,
	struct bits *in, struct about *about, struct err *e)
{
	if (x->by_row) {
		if (audience_about(a, x, until_us, about, e) < 0)
			return -1;
		if (about->all_us > (double)(soon_us - time_monotonic_us()))
			return 0;
	}
	if (audience_all(a, x, soon_us, in, e) == 0)
		return 1;
	return is_late(e, soon_us) ? audience_about(a, x, until_us, about, e) : -1;
}

static void
put_ids(struct arena *a, struct val *out, const int64_t *ids, size_t n)
{
	struct val list = val_list(a);
	for (size_t i = 0; i < n; i++)
		val_push(a, &list, val_id(a, ids[i]));
	val_put(a, out, "ids", list);
}

/* A page of an audience too slow to be gone through: candidates in their order are tried one by one until there are enough, or the time is
 * over: then the next page goes on behind the last that was looked at. */
static int
page_by_row(struct arena *a, struct hold *h, const struct audience *x,
	struct column_page *p, int64_t deadline_us, struct val *out, struct err *e)
{
	size_t want = p->limit, found = 0, n;
	int64_t *kept = arena_array(a, want, sizeof *kept), *ids, last = 0;
	struct text next = {"", 0};
	struct segment_answer answer;
	bool more = true;
	for (p->limit = CANDIDATES; more && found < want; p->after = next) {
		if (column_page(a, h->base, p, &ids, &n, &next, e) < 0)
			return -1;
		more = next.n > 0;
		for (size_t i = 0; i < n; i++) {
			int64_t row = column_row(h->base, ids[i]);
			if (found == want || time_monotonic_us() > deadline_us) {
				more = true;
				goto full;
			}
			last = ids[i];
			if (row < 0 || segment_eval_one(NULL, x->eval, (size_t)row,
					       x->now_us, &answer, e) < 0)
				return -1;
			if (answer.is_member)
				kept[found++] = ids[i];
		}
	}
full:
	put_ids(a, out, kept, found);
	val_put(a, out, "next",
		more && last != 0 ? val_of(column_page_cursor(a, h->base, &p->order, last))
				  : val_null());
	return 0;
}

static struct column_page
page_of(struct arena *a, const struct val *q)
{
	struct text sort = val_as_text(val_get(q, "sort"));
	int64_t limit = val_as_int(val_get(q, "limit"), 50);
	struct column_page p = {.after = val_as_text(val_get(q, "cursor")),
		.limit = (size_t)(limit < 1	     ? 1
				  : limit > PAGE_MAX ? PAGE_MAX
						     : limit)};
	if (sort.n > 0) {
		p.order.descending = sort.at[0] == '-';
		p.order.field = text_z(a,
			p.order.descending ? (struct text){sort.at + 1, sort.n - 1} : sort);
	}
	return p;
}

static void
put_counts(struct arena *a, struct hold *h, int64_t count, bool exact, struct val *out)
{
	struct bits known = column_all(a, h->base, true);
	val_put(a, out, "count", val_int(count));
	val_put(a, out, "exact", val_bool(exact));
	val_put(a, out, "total", val_int((int64_t)bits_count(&known)));
}

/* A field that is described and nobody has a value of has no column: everybody is alike, as without an order. 0 / -1 */
static int
look_at_order(struct arena *a, struct hold *h, struct column_order *order, struct err *e)
{
	struct val fields;
	if (order->field == NULL ||
		column_field_find(h->base, text_of(order->field)) != NULL)
		return 0;
	if (field_all(a, h->db, h->company.id, &fields, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&fields) && order->field != NULL; i++)
		if (text_is(val_as_text(val_get(&fields.list->at[i], "name")),
			    order->field))
			order->field = NULL;
	return 0;
}

int
answer_page(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e)
{
	struct audience x;
	struct bits in;
	struct text next;
	int64_t soon_ms = val_as_int(val_get(q, "soon_ms"), 0), *ids;
	int64_t begun_us = time_monotonic_us(), until_us = begun_us + ALL_MS * 1000;
	size_t n;
	struct about about;
	struct column_page p = page_of(a, q);
	if (look_at_order(a, h, &p.order, e) < 0 || audience_of(a, h, q, &x, e) < 0)
		return -1;
	p.among = &x.among;
	int all = 1;
	if (soon_ms > 0)
		all = audience_soon(
			a, &x, begun_us + soon_ms * 1000, until_us, &in, &about, e);
	else if (audience_all(a, &x, until_us, &in, e) < 0)
		return -1;
	if (all < 0)
		return -1;
	if (all == 0) {
		put_counts(a, h, about.n, about.exact, out);
		return page_by_row(a, h, &x, &p, until_us, out, e);
	}
	p.among = &in;
	if (column_page(a, h->base, &p, &ids, &n, &next, e) < 0)
		return -1;
	put_ids(a, out, ids, n);
	val_put(a, out, "next", next.n > 0 ? val_of(next) : val_null());
	put_counts(a, h, (int64_t)bits_count(&in), true, out);
	return 0;
}

struct place {
	int64_t id;
	size_t row;
};

static int
by_id(const void *x, const void *y)
{
	const struct place *i = x, *k = y;
	return (i->id > k->id) - (i->id < k->id);
}

/* The next CHUNK of places, those who are meant to list: 0 / -1. */
static int
add_chunk(struct arena *a, const struct audience *x, const struct place *at, size_t n,
	struct val *list, struct err *e)
{
	struct arena *turn = arena_new();
	struct bits some = bits_new(turn, x->among.n), in = some;
	for (size_t i = 0; i < n; i++)
		bits_set(&some, at[i].row);
	int rc = x->eval == NULL
			 ? 0
			 : segment_eval_among(turn, x->eval, &some, x->now_us, 0, &in, e);
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (bits_has(&in, at[i].row))
			val_push(a, list, val_int(at[i].id));
	arena_free(turn);
	return rc;
}

int
answer_ids(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e)
{
	struct audience x;
	if (audience_of(a, h, q, &x, e) < 0)
		return -1;
	int64_t after = val_as_int(val_get(q, "after"), 0),
		deadline_us = time_monotonic_us() + SLICE_MS * 1000;
	struct place *all = arena_array(a, bits_count(&x.among) + 1, sizeof *all);
	struct val list = val_list(a);
	size_t n = 0, done = 0;
	BITS_EACH(&x.among, row)
	{
		struct place one = {column_person(h->base, row), row};
		if (one.id > after)
			all[n++] = one;
	}
	qsort(all, n, sizeof *all, by_id);
	while (done < n && val_len(&list) < IDS_MAX &&
		(done == 0 || time_monotonic_us() < deadline_us)) {
		size_t slice = n - done < CHUNK ? n - done : CHUNK;
		if (add_chunk(a, &x, all + done, slice, &list, e) < 0)
			return -1;
		done += slice;
	}
	val_put(a, out, "ids", list);
	val_put(a, out, "more", val_bool(done < n));
	val_put(a, out, "after", val_int(done > 0 ? all[done - 1].id : after));
	return 0;
}

int
answer_count(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e)
{
	struct audience x;
	if (audience_of(a, h, q, &x, e) < 0)
		return -1;
	size_t from = (size_t)val_as_int(val_get(q, "from"), 0), rows = x.among.n;
	int64_t count = 0, deadline_us = time_monotonic_us() + SLICE_MS * 1000;
	for (bool first = true; from < rows && (first || time_monotonic_us() < deadline_us);
		first = false) {
		struct arena *turn = arena_new();
		struct bits some = bits_new(turn, rows), in = some;
		size_t upto = from + CHUNK < rows ? from + CHUNK : rows;
		for (size_t row = bits_next(&x.among, from); row < upto;
			row = bits_next(&x.among, row + 1))
			bits_set(&some, row);
		int rc = x.eval == NULL ? 0
					: segment_eval_among(
						  turn, x.eval, &some, x.now_us, 0, &in, e);
		count += rc == 0 ? (int64_t)bits_count(&in) : 0;
		arena_free(turn);
		if (rc < 0)
			return -1;
		from = upto;
	}
	val_put(a, out, "count", val_int(count));
	val_put(a, out, "from", from < rows ? val_int((int64_t)from) : val_null());
	val_put(a, out, "rows", val_int((int64_t)rows));
	return 0;
}

/* One of many: its count and whether it is exact; a rule that is wrong has none. */
static void
count_one(struct arena *a, struct hold *h, const struct val *q, int64_t until_us,
	struct val *counts, struct val *exact)
{
	struct audience x;
	struct bits in;
	struct err e = {0};
	int64_t soon_us = time_monotonic_us() + COUNT_SOON_MS * 1000;
	struct about about = {0};
	struct val n = val_null();
	int all = -1;
	if (audience_of(a, h, q, &x, &e) == 0 && time_monotonic_us() < until_us)
		all = audience_soon(a, &x, soon_us, until_us, &in, &about, &e);
	if (all >= 0)
		n = val_int(all == 1 ? (int64_t)bits_count(&in) : about.n);
	val_push(a, counts, n);
	val_push(a, exact, val_bool(all == 1 || about.exact));
}

int
answer_counts(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e)
{
	const struct val *rules = val_get(q, "rules");
	struct val counts = val_list(a), exact = val_list(a);
	int64_t until_us = time_monotonic_us() + COUNTS_MS * 1000;
	if (val_len(rules) > RULES_MAX)
		return err_field(
			e, "rules", "at most %d rules are counted at once", RULES_MAX);
	for (size_t i = 0; i < val_len(rules); i++)
		count_one(a, h, &rules->list->at[i], until_us, &counts, &exact);
	val_put(a, out, "counts", counts);
	val_put(a, out, "exact", exact);
	return 0;
}

/* Who is asked about: those of "ids", else the rule's. */
static int
those_of(struct arena *a, struct hold *h, const struct val *q, struct bits *in,
	struct err *e)
{
	const struct val *ids = val_get(q, "ids");
	struct audience x;
	if (val_len(ids) == 0)
		return audience_of(a, h, q, &x, e) < 0
			       ? -1
			       : audience_all(
					 a, &x, time_monotonic_us() + ALL_MS * 1000, in, e);
	*in = bits_new(a, column_rows(h->base));
	for (size_t i = 0; i < val_len(ids); i++) {
		int64_t row = column_row(h->base, val_as_int(&ids->list->at[i], 0));
		if (row >= 0)
			bits_set(in, (size_t)row);
	}
	return 0;
}

struct tally {
	struct val value;
	int64_t n;
};

static int
by_number(const void *x, const void *y)
{
	const struct tally *i = x, *k = y;
	return (k->n > i->n) - (k->n < i->n);
}

/* Values of any type are told apart by their JSON. */
int
answer_breakdown(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e)
{
	struct bits in;
	struct text field = val_as_text(val_get(q, "field"));
	int64_t limit = val_as_int(val_get(q, "limit"), 5), missing = 0, other = 0;
	struct val values = val_list(a);
	if (those_of(a, h, q, &in, e) < 0)
		return -1;
	struct arena *turn = arena_new();
	struct dict *seen = dict_new();
	struct tally *all = NULL;
	size_t cap = 0, n = 0;
	BITS_EACH(&in, row)
	{
		struct arena_mark mark = arena_mark(turn);
		struct val v = column_value(turn, h->base, row, field);
		bool added = false;
		int64_t at = val_is_null(&v) ? -1
					     : dict_put(seen, json_text(turn, &v), &added);
		arena_rewind(turn, mark);
		if (added) {
			all = arena_room(a, all, n, &cap, sizeof *all);
			all[n++] = (struct tally){0};
		}
		if (at < 0)
			missing++;
		else
			all[at].n++;
	}
	for (size_t i = 0; i < n; i++)
		if (json_parse(a, dict_text(seen, (int64_t)i), &all[i].value, e) < 0)
			all[i].value = val_null();
	dict_free(seen);
	arena_free(turn);
	if (n > 0)
		qsort(all, n, sizeof *all, by_number);
	for (size_t i = 0; i < n; i++) {
		struct val one = val_map(a);
		if ((int64_t)i >= limit) {
			other += all[i].n;
			continue;
		}
		val_put(a, &one, "value", all[i].value);
		val_put(a, &one, "count", val_int(all[i].n));
		val_push(a, &values, one);
	}
	val_put(a, out, "values", values);
	val_put(a, out, "other", val_int(other));
	val_put(a, out, "missing", val_int(missing));
	val_put(a, out, "count", val_int((int64_t)bits_count(&in)));
	return 0;
}
