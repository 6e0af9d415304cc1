/* Counts, sums, least and most, first and last over the events of many people: windows that are the same for all, filters of the plain
 * kind, and a test that is an interval. What is not of this kind goes row by row (eval_event.c) and must come to the same. */
#include "base/err.h"
#include "segment/eval_parts.h"

#include <stdlib.h>

enum { FILTERS_MAX = 4, SHORT_RUN = 24 };

struct plan {
	const struct column_base *base;
	uint32_t type;
	struct reach reach;
	enum rule_aggregate what;
	int64_t prop; /* whose numbers are taken */
	size_t filter_n;
	struct {
		int64_t prop, fold;
		uint64_t hash;
	} filters[FILTERS_MAX];
	__int128 low, high; /* of millionths, of us where the test is of a time */
	bool inverted, adds;
};

/* The test as an interval of counts or numbers in millionths, or of instants. */
static bool
plan_test(struct plan *p, const struct rule_event *ev, const struct moment *m)
{
	static const __int128 most = (__int128)1 << 126;
	bool is_time = ev->aggregate == RULE_FIRST || ev->aggregate == RULE_LAST;
	p->low = 1000000;
	p->high = most;
	if (!ev->has_test)
		return ev->aggregate == RULE_EXISTS || ev->aggregate == RULE_COUNT;
	p->inverted = ev->test.word == WORD_IS_NOT;
	if (!is_time)
		return cell_interval(&ev->test, &p->low, &p->high);
	struct scan_span s;
	if (ev->prop.n > 0 || ev->test.word == WORD_CHANGED ||
		!scan_span_of(&ev->test, false, m->now_us, p->base->zone, &s) ||
		(s.by_zone && dict_count(p->base->zone_names) > 0))
		return false;
	p->low = s.low;
	p->high = s.high;
	return true;
}

static bool
plan_of(struct plan *p, const struct segment_eval *v, int place, const struct moment *m)
{
	const struct rule_event *ev = &v->r->nodes[place].event;
	const struct event_names *names = v->resolved[place].events;
	*p = (struct plan){.base = v->base,
		.type = (uint32_t)names->type,
		.reach = event_reach(ev, m),
		.what = ev->aggregate,
		.prop = names->prop,
		.filter_n = ev->filter_n,
		.adds = v->base->folded_before_us > INT64_MIN && event_is_addable(ev)};
	for (size_t i = 0; i < ev->window_n; i++)
		if (ev->windows[i].span_us == 0 &&
			(ev->windows[i].from.is_day || ev->windows[i].to.is_day))
			return false; /* days begin where the person lives */
	if (ev->aggregate == RULE_MOST || ev->aggregate == RULE_AVG ||
		ev->filter_n > FILTERS_MAX)
		return false;
	for (size_t i = 0; i < ev->filter_n; i++) {
		if (names->folds[i] == EVENT_NO_FOLD)
			return false;
		p->filters[i].prop = names->filters[i];
		p->filters[i].fold = names->folds[i];
		p->filters[i].hash = ev->filters[i].test.values[0].hash;
	}
	return plan_test(p, ev, m);
}

static inline const struct column_prop *
prop_of(const struct plan *p, const struct column_event *event, int64_t name)
{
	const struct column_prop *at = p->base->props + event->props;
	for (unsigned i = 0; i < event->prop_n; i++)
		if (at[i].name == name)
			return &at[i];
	return NULL;
}

static bool
passes(const struct plan *p, const struct column_event *event)
{
	for (size_t i = 0; i < p->filter_n; i++) {
		const struct column_prop *held = prop_of(p, event, p->filters[i].prop);
		if (held == NULL)
			return false;
		if (held->kind == PROP_TEXT) {
			if (column_fold(p->base, held->value) != p->filters[i].fold)
				return false;
		} else if (held->kind == PROP_LIST) {
			uint32_t n, k = 0;
			const uint32_t *codes = column_list(p->base, held->value, &n);
			while (k < n &&
				column_fold(p->base, codes[k]) != p->filters[i].fold)
				k++;
			if (k == n)
				return false;
		} else if (held->kind != PROP_HASH ||
			   (uint64_t)column_wide(p->base, held) != p->filters[i].hash)
			return false;
	}
	return true;
}

struct tally { /* of one person */
	int64_t n, numbers, first_us, last_us;
	__int128 sum, least, most;
};

static inline void
take(const struct plan *p, struct tally *t, const struct column_event *event)
{
	t->first_us = t->n == 0 ? event->at_us : t->first_us;
	t->last_us = event->at_us;
	t->n++;
	if (p->what != RULE_SUM && p->what != RULE_MIN && p->what != RULE_MAX)
		return;
	const struct column_prop *held = p->prop >= 0 ? prop_of(p, event, p->prop) : NULL;
	if (held == NULL || !column_prop_is_number(held))
		return;
	__int128 number = column_prop_millionths(p->base, held);
	t->least = t->numbers == 0 || number < t->least ? number : t->least;
	t->most = t->numbers == 0 || number > t->most ? number : t->most;
	t->sum += number;
	t->numbers++;
}

/* Adds what is kept as a total only. */
static void
take_total(const struct plan *p, struct tally *t, size_t row)
{
	const struct column_total *total = column_total(p->base, row, p->type);
	if (total == NULL)
		return;
	const struct column_sum *sum = p->prop >= 0 ? column_sum(p->base, total, p->prop)
						    : NULL;
	if (t->n == 0 || total->first_us < t->first_us)
		t->first_us = total->first_us;
	if (t->n == 0 || total->last_us > t->last_us)
		t->last_us = total->last_us;
	t->n += total->count;
	if (sum != NULL)
		t->sum += (__int128)sum->high << 64 | (uint64_t)sum->low;
}

/* What is tested; false: there is nothing to test. */
static bool
value_of(const struct plan *p, const struct tally *t, __int128 *value)
{
	switch (p->what) {
	case RULE_SUM:
		*value = t->sum;
		return true;
	case RULE_MIN:
	case RULE_MAX:
		*value = p->what == RULE_MIN ? t->least : t->most;
		return t->numbers > 0;
	case RULE_FIRST:
	case RULE_LAST:
		*value = p->what == RULE_FIRST ? t->first_us : t->last_us;
		return t->n > 0;
	default:
		*value = (__int128)t->n * 1000000;
		return true;
	}
}

static uint32_t
first_of_type(const struct column_event *run, uint32_t n, uint32_t type)
{
	uint32_t low = 0, high = n;
	if (n <= SHORT_RUN) {
		while (low < n && run[low].type < type)
			low++;
		return low;
	}
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (run[middle].type < type)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Whether the time of the last event says it all, where that is not behind the reach: that there is one, or when the last was. Of what was
 * added up nothing else may stand in the reach. */
static bool
is_told_by_last(const struct plan *p, const struct rule_event *ev)
{
	static const __int128 once = 1000000, any = (__int128)UINT32_MAX * 1000000;
	bool is_any = (p->what == RULE_EXISTS || p->what == RULE_COUNT) && p->low > 0 &&
		      p->low <= once && p->high >= any;
	return (is_any || p->what == RULE_LAST) && p->filter_n == 0 && ev->prop.n == 0 &&
	       p->type < p->base->type_cap &&
	       (p->adds || p->base->folded_before_us <= p->reach.first_us);
}

/* INT64_MIN is never. */
static int64_t
clamp(__int128 us)
{
	return us <= INT64_MIN ? INT64_MIN + 1 : us > INT64_MAX ? INT64_MAX : (int64_t)us;
}

/* Those of mask who hold by their last event are added to out; the others are left for a look at each: who did it behind the reach, too. */
static struct bits
scan_last(struct segment_eval *v, const struct plan *p, const struct bits *mask,
	struct bits *out)
{
	const int64_t *last = column_last(v->base, p->type);
	struct bits known = bits_new(v->turn, mask->n), yes = bits_new(v->turn, mask->n),
		    left = bits_copy(v->turn, mask);
	bool is_time = p->what == RULE_LAST;
	int64_t low = is_time ? clamp(p->low) : INT64_MIN + 1,
		high = is_time ? clamp(p->high) : INT64_MAX;
	scan_times(last, mask, INT64_MIN, p->reach.last_us, &known);
	scan_times(last, mask, low > p->reach.first_us ? low : p->reach.first_us,
		high < p->reach.last_us ? high : p->reach.last_us, &yes);
	bits_without(&left, &known);
	if (p->inverted)
		bits_without(&known, &yes);
	bits_or(out, p->inverted ? &known : &yes);
	return left;
}

int
scan_events(struct segment_eval *v, int place, const struct bits *mask,
	const struct moment *m, struct bits *out, struct err *e)
{
	struct plan p;
	if (!plan_of(&p, v, place, m))
		return 0;
	const struct column_base *base = v->base;
	struct bits left = is_told_by_last(&p, &v->r->nodes[place].event)
				   ? scan_last(v, &p, mask, out)
				   : *mask;
	BITS_EACH(&left, row)
	{
		const struct column_history *h = &base->histories[row];
		const struct column_event *run = column_run(&base->events, h);
		struct tally t = {0};
		if (eval_in_time(v, row, e) < 0)
			return -1;
		for (uint32_t i = first_of_type(run, h->n, p.type);
			i < h->n && run[i].type == p.type; i++)
			if (run[i].at_us >= p.reach.first_us &&
				run[i].at_us <= p.reach.last_us &&
				(p.filter_n == 0 || passes(&p, &run[i])))
				take(&p, &t, &run[i]);
		if (p.adds && base->totals[row] != 0)
			take_total(&p, &t, row);
		__int128 value;
		bool holds = value_of(&p, &t, &value) && value >= p.low && value <= p.high;
		if (holds != p.inverted)
			bits_set(out, row);
	}
	return 1;
}
