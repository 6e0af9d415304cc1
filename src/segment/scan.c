/* Who of all: node by node over bit sets. In a large base the parts of and/or are first tried on some rows, so that what is cheap
 * and tells most apart goes first; scripts go last. */
#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "column/page.h"
#include "segment/eval_parts.h"

#include <stdlib.h>
#include <string.h>

enum { SAMPLE_ROWS = 1024, SAMPLE_FROM = 32768 };

/* A text field: each distinct text is tested once. */
static void
text_scan(struct segment_eval *v, int place, const struct column_field *f,
	const struct bits *mask, const struct moment *m, struct bits *out)
{
	const struct rule_test *t = &v->r->nodes[place].test;
	struct column_base *base = v->base;
	const uint32_t *codes = f->cells;
	int64_t until = SEGMENT_NEVER;
	struct arena_mark mark = arena_mark(v->turn);
	uint8_t *known = arena_alloc(v->turn, dict_count(base->texts) + 1);
	known[0] = t->word == WORD_IS_NOT || t->word == WORD_EMPTY ? 1 : 2; /* missing */
	BITS_EACH(mask, row)
	{
		uint8_t *answer = &known[codes[row]];
		if (*answer == 0) {
			struct cell c = {.kind = CELL_TEXT, .den = 1, .code = codes[row]};
			*answer = cell_test(base, t, &c, m, &until) ? 1 : 2;
		}
		if (*answer == 1)
			bits_set(out, row);
	}
	arena_rewind(v->turn, mark);
}

/* Did it at all: that is known without a look. */
static bool
is_ever(const struct rule_event *ev, const struct moment *m)
{
	return ev->aggregate == RULE_EXISTS && !ev->has_test && ev->filter_n == 0 &&
	       ev->window_n == 0 && !m->is_past;
}

/* Windows that begin at the same instant for everybody. */
static bool
is_fixed_window(const struct rule_event *ev)
{
	for (size_t i = 0; i < ev->window_n; i++)
		if (ev->windows[i].span_us == 0)
			return false; /* days begin where the person lives */
	return ev->window_n > 0;
}

/* What holds for somebody who never did it. */
static bool
holds_for_none(
	const struct column_base *base, const struct rule_event *ev, const struct moment *m)
{
	int64_t until = INT64_MAX;
	struct cell c = {.kind = CELL_MISSING, .den = 1};
	if (ev->aggregate == RULE_EXISTS || ev->aggregate == RULE_COUNT ||
		ev->aggregate == RULE_SUM)
		c.kind = CELL_NUMBER;
	return ev->has_test && cell_test(base, &ev->test, &c, m, &until);
}

static int
row_scan(struct segment_eval *v, int place, const struct bits *mask, int64_t now_us,
	struct bits *out, struct err *e)
{
	BITS_EACH(mask, row)
	{
		bool yes;
		int64_t until;
		struct cell seen;
		if (eval_in_time(v, row, e) < 0 ||
			eval_leaf(v, place, row, now_us, &yes, &until, &seen, e) < 0)
			return -1;
		if (yes)
			bits_set(out, row);
	}
	return 0;
}

/* Only those who ever did it are looked at. */
static int
event_scan(struct segment_eval *v, int place, const struct bits *mask,
	const struct moment *m, struct bits *out, struct err *e)
{
	const struct rule_event *ev = &v->r->nodes[place].event;
	const struct column_base *base = v->base;
	int64_t type = v->resolved[place].events->type;
	struct arena_mark mark = arena_mark(v->turn);
	struct bits with = bits_new(v->turn, mask->n);
	bool is_known = type >= 0 && (size_t)type < base->type_cap;
	if (is_known) {
		const struct column_type *t = &base->type_list[type];
		for (size_t i = 0; i < t->word_n && i < (mask->n + 63) / 64; i++)
			with.at[i] = t->rows[i] & mask->at[i];
	}
	if (is_known && is_fixed_window(ev)) {
		/* whoever did not do it since the window began has nothing in it */
		struct bits recent = bits_new(v->turn, mask->n);
		scan_times(column_last(v->base, (uint32_t)type), &with,
			event_reach(ev, m).first_us, INT64_MAX, &recent);
		with = recent;
	}
	if (holds_for_none(base, ev, m)) {
		struct bits without = bits_copy(v->turn, mask);
		bits_without(&without, &with);
		bits_or(out, &without);
	}
	int rc = 0;
	if (is_ever(ev, m))
		bits_or(out, &with);
	else if ((rc = scan_events(v, place, &with, m, out, e)) == 0)
		rc = row_scan(v, place, &with, m->now_us, out, e);
	arena_rewind(v->turn, mark);
	return rc < 0 ? -1 : 0;
}

/* What is kept as a bit a row. */
static void
state_scan(struct segment_eval *v, const struct rule_node *node, const struct bits *mask,
	struct bits *out)
{
	const struct column_base *base = v->base;
	struct arena_mark mark = arena_mark(v->turn);
	struct bits in;
	if (node->op == RULE_SEGMENT) {
		in = bits_copy(v->turn, mask);
		column_members_among(base, node->id, &in);
	} else if (node->op == RULE_KNOWN)
		in = bits_of_flags(v->turn, base->flags, mask->n, COLUMN_KNOWN);
	else
		in = node->op == RULE_CONSENT
			     ? column_consents_all(v->turn, base, node->name)
			     : column_reachable_all(v->turn, base, node->name);
	bits_and(&in, mask);
	bits_or(out, &in);
	arena_rewind(v->turn, mark);
}

static int
leaf_scan(struct segment_eval *v, int place, const struct bits *mask, int64_t now_us,
	struct bits *out, struct err *e)
{
	const struct rule_node *node = &v->r->nodes[place];
	struct moment m = {now_us, v->base->zone, v->is_past};
	const struct column_field *f = node->op == RULE_FIELD ? eval_field(v, place) : NULL;
	switch (node->op) {
	case RULE_EVERYONE:
		bits_or(out, mask);
		return 0;
	case RULE_REACHABLE:
	case RULE_CONSENT:
	case RULE_SEGMENT:
	case RULE_KNOWN:
		state_scan(v, node, mask, out);
		return 0;
	case RULE_EVENT:
		return event_scan(v, place, mask, &m, out, e);
	case RULE_FIELD:
		if (f == NULL || v->is_past)
			break;
		if (scan_column(v, place, mask, now_us, out))
			return 0;
		if (f->kind == COLUMN_TEXT && node->test.word != WORD_CHANGED) {
			text_scan(v, place, f, mask, &m, out);
			return 0;
		}
		break;
	default:
		break;
	}
	return row_scan(v, place, mask, now_us, out, e);
}

/* One row in many of those in mask. */
static struct bits
sample(struct arena *a, const struct bits *mask)
{
	struct bits some = bits_new(a, mask->n);
	size_t step = mask->n / SAMPLE_ROWS;
	for (size_t at = step / 2; at < mask->n; at += step) {
		size_t row = bits_next(mask, at);
		if (row < mask->n)
			bits_set(&some, row);
	}
	return some;
}

struct part {
	int place;
	double rank; /* the least goes first */
};

static int
by_rank(const void *x, const void *y)
{
	const struct part *p = x, *q = y;
	if (p->rank != q->rank)
		return p->rank < q->rank ? -1 : 1;
	return p->place - q->place;
}

/* The order of the parts of and/or: time a row over the share it takes away. */
static int
rank(struct arena *a, struct segment_eval *v, const struct rule_node *node,
	const struct bits *mask, int64_t now_us, struct part *parts, struct err *e)
{
	size_t n = bits_count(mask);
	for (size_t i = 0; i < node->item_n; i++)
		parts[i] = (struct part){node->items[i], (double)i};
	if (n < SAMPLE_FROM || node->item_n < 2)
		return 0;
	struct arena_mark mark = arena_mark(a);
	struct bits some = sample(a, mask), in;
	double rows = (double)bits_count(&some);
	for (size_t i = 0; i < node->item_n; i++) {
		if (v->r->nodes[node->items[i]].cost >= EVAL_WHERE_COST) {
			parts[i].rank = 1e18 + (double)i;
			continue;
		}
		int64_t begun = time_monotonic_us();
		if (eval_scan(a, v, node->items[i], &some, now_us, &in, e) < 0)
			return -1;
		double took = (double)(time_monotonic_us() - begun) + 0.5;
		double kept = (double)bits_count(&in) / rows;
		parts[i].rank = took / ((node->op == RULE_AND ? 1 - kept : kept) + 0.001);
	}
	arena_rewind(a, mark);
	qsort(parts, node->item_n, sizeof *parts, by_rank);
	return 0;
}

int
eval_scan(struct arena *a, struct segment_eval *v, int place, const struct bits *mask,
	int64_t now_us, struct bits *out, struct err *e)
{
	const struct rule_node *node = &v->r->nodes[place];
	*out = bits_new(a, mask->n);
	if (eval_is_leaf(node))
		return leaf_scan(v, place, mask, now_us, out, e);
	struct bits left = bits_copy(a, mask), part;
	struct part *parts = arena_array(a, node->item_n + 1, sizeof *parts);
	if (rank(a, v, node, mask, now_us, parts, e) < 0)
		return -1;
	for (size_t i = 0; i < node->item_n; i++) {
		if (eval_scan(a, v, parts[i].place, &left, now_us, &part, e) < 0)
			return -1;
		if (node->op == RULE_AND)
			left = part; /* only those go on */
		else
			bits_without(&left, &part);
		if (node->op == RULE_OR)
			bits_or(out, &part);
	}
	if (node->op != RULE_OR)
		*out = left;
	return 0;
}
