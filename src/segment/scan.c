/* Who of all: node by node over bit sets. In a large base the parts of and/or are first tried on some rows, so that what is cheap
 * and tells most apart goes first; scripts go last. */
#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
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
	for (size_t row = bits_next(mask, 0); row < mask->n;
		row = bits_next(mask, row + 1)) {
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

struct count_test { /* how many there must be: from least to most */
	int64_t least, most;
	bool inverted;
};

static bool
count_test(const struct rule_event *ev, struct count_test *out)
{
	__int128 low, high;
	*out = (struct count_test){1, INT64_MAX, false};
	bool is_count = ev->aggregate == RULE_COUNT || ev->aggregate == RULE_EXISTS;
	for (size_t i = 0; i < ev->window_n; i++)
		if (ev->windows[i].span_us == 0)
			return false; /* days begin where the person lives */
	if (!is_count || ev->filter_n > 0 || !ev->has_test)
		return is_count && ev->filter_n == 0;
	if (!cell_interval(&ev->test, &low, &high))
		return false;
	out->inverted = ev->test.word == WORD_IS_NOT;
	low = low < 0 ? 0 : (low + 999999) / 1000000;
	high = high < 0 ? -1 : high / 1000000;
	out->least = low > INT64_MAX ? INT64_MAX : (int64_t)low;
	out->most = high > INT64_MAX ? INT64_MAX : (int64_t)high;
	return true;
}

/* How many of a type there are from first to last. */
static size_t
count_in(const struct column_event *run, uint32_t n, uint32_t type, int64_t first_us,
	int64_t last_us)
{
	if (n > 64) {
		uint32_t low = 0, high = n;
		while (low < high) {
			uint32_t middle = low + (high - low) / 2;
			bool before =
				run[middle].type < type ||
				(run[middle].type == type && run[middle].at_us < first_us);
			low = before ? middle + 1 : low;
			high = before ? high : middle;
		}
		run += low;
		n -= low;
	}
	size_t count = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (run[i].type > type)
			break;
		count += run[i].type == type && run[i].at_us >= first_us &&
			 run[i].at_us <= last_us;
	}
	return count;
}

static int
count_scan(struct segment_eval *v, int place, const struct count_test *t,
	const struct bits *mask, const struct moment *m, struct bits *out, struct err *e)
{
	const struct column_base *base = v->base;
	const struct rule_event *ev = &v->r->nodes[place].event;
	int64_t type = v->resolved[place].events->type;
	struct reach reach = event_reach(ev, m);
	bool adds = base->folded_before_us > INT64_MIN && ev->window_n == 0;
	for (size_t row = bits_next(mask, 0); row < mask->n;
		row = bits_next(mask, row + 1)) {
		const struct column_history *h = &base->histories[row];
		int64_t n = (int64_t)count_in(column_run(&base->events, h), h->n,
			(uint32_t)type, reach.first_us, reach.last_us);
		if (eval_in_time(v, row, e) < 0)
			return -1;
		if (adds && base->totals[row] != 0) {
			const struct column_total *total = column_total(base, row, type);
			n += total != NULL ? total->count : 0;
		}
		if ((n >= t->least && n <= t->most) != t->inverted)
			bits_set(out, row);
	}
	return 0;
}

static int
row_scan(struct segment_eval *v, int place, const struct bits *mask, int64_t now_us,
	struct bits *out, struct err *e)
{
	for (size_t row = bits_next(mask, 0); row < mask->n;
		row = bits_next(mask, row + 1)) {
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
	struct count_test test;
	struct arena_mark mark = arena_mark(v->turn);
	struct bits with = bits_new(v->turn, mask->n);
	if (type >= 0 && (size_t)type < base->type_cap) {
		const struct column_type *t = &base->type_list[type];
		for (size_t i = 0; i < t->word_n && i < (mask->n + 63) / 64; i++)
			with.at[i] = t->rows[i] & mask->at[i];
	}
	if (holds_for_none(base, ev, m)) {
		struct bits without = bits_copy(v->turn, mask);
		bits_without(&without, &with);
		bits_or(out, &without);
	}
	int rc = count_test(ev, &test) ? count_scan(v, place, &test, &with, m, out, e)
				       : row_scan(v, place, &with, m->now_us, out, e);
	arena_rewind(v->turn, mark);
	return rc;
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
sample(struct arena *a, const struct bits *mask, size_t n)
{
	struct bits some = bits_new(a, mask->n);
	size_t step = mask->n / SAMPLE_ROWS;
	(void)n;
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
	struct bits some = sample(a, mask, n), in;
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
