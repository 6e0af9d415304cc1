/* Conditions on what a person did. Filters first, then what is counted; a window is (now - span, now]. */
#include "base/arena.h"
#include "base/err.h"
#include "segment/cell.h"

#include <stdlib.h>
#include <string.h>

struct reach { /* the events that count, by time */
	int64_t first_us, last_us;
	int64_t span_us; /* the shortest window, 0 none */
};

static struct reach
reach_of(const struct rule_event *ev, const struct moment *m)
{
	struct reach r = {.first_us = INT64_MIN, .last_us = INT64_MAX};
	for (size_t i = 0; i < ev->window_n; i++) {
		const struct rule_window *w = &ev->windows[i];
		int64_t first, last;
		if (w->span_us > 0) {
			first = later(m->now_us, -w->span_us) + 1;
			last = m->now_us;
			if (r.span_us == 0 || w->span_us < r.span_us)
				r.span_us = w->span_us;
		} else {
			first = moment_first_us(&w->from, m->zone);
			last = moment_last_us(&w->to, m->zone);
		}
		r.first_us = first > r.first_us ? first : r.first_us;
		r.last_us = last < r.last_us ? last : r.last_us;
	}
	return r;
}

/* The first of n events at or behind at_us. */
static size_t
lower(const struct column_event *events, size_t n, int64_t at_us)
{
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (events[middle].at_us < at_us)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
passes(const struct column_base *base, const struct rule_event *ev,
	const struct event_names *names, const struct column_event *event,
	const struct moment *m, int64_t *until_us)
{
	for (size_t i = 0; i < ev->filter_n; i++) {
		struct cell c = cell_of_prop(base,
			names->filters[i] >= 0 ? column_prop(base, event, names->filters[i])
					       : NULL);
		if (!cell_test(base, &ev->filters[i].test, &c, m, until_us))
			return false;
	}
	return true;
}

struct found { /* events that count, ascending */
	const struct column_event **at;
	size_t n;
	struct reach reach;
};

/* Gathers them; *until_us: the next one to come in from the future, and what filters say. */
static struct found
gather(struct arena *a, const struct column_base *base, const struct rule_event *ev,
	const struct event_names *names, size_t row, const struct moment *m,
	int64_t *until_us)
{
	struct found f = {.reach = reach_of(ev, m)};
	size_t n;
	const struct column_event *events = column_events(base, row, names->type, &n);
	size_t from = lower(events, n, f.reach.first_us), to = n;
	if (f.reach.last_us < INT64_MAX)
		to = lower(events, n, f.reach.last_us + 1);
	if (f.reach.span_us > 0) {
		size_t coming = lower(events, n, m->now_us + 1);
		if (coming < n)
			sooner(until_us, events[coming].at_us, m->now_us);
	}
	f.at = arena_array(a, (to > from ? to - from : 0) + 1, sizeof *f.at);
	for (size_t i = from; i < to; i++)
		if (passes(base, ev, names, &events[i], m, until_us))
			f.at[f.n++] = &events[i];
	return f;
}

static struct cell
number(__int128 num, int64_t den)
{
	return (struct cell){.kind = CELL_NUMBER, .num = num, .den = den};
}

static const struct column_prop *
prop_of(const struct column_base *base, const struct column_event *event, int64_t name)
{
	return name >= 0 ? column_prop(base, event, name) : NULL;
}

static struct cell
total(const struct column_base *base, const struct found *f, enum rule_aggregate what,
	int64_t prop)
{
	__int128 sum = 0, least = 0, most = 0;
	int64_t n = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct column_prop *p = prop_of(base, f->at[i], prop);
		if (p == NULL || p->kind != COLUMN_NUMBER)
			continue;
		__int128 v = column_millionths(p->number);
		least = n == 0 || v < least ? v : least;
		most = n == 0 || v > most ? v : most;
		sum += v;
		n++;
	}
	if (what == RULE_SUM)
		return number(sum, 1);
	if (n == 0)
		return (struct cell){.kind = CELL_MISSING, .den = 1};
	return what == RULE_AVG ? number(sum, n)
				: number(what == RULE_MIN ? least : most, 1);
}

struct tally {
	int kind; /* of the property */
	__int128 key;
	size_t last; /* place of its latest event */
};

static int
by_key(const void *x, const void *y)
{
	const struct tally *p = x, *q = y;
	if (p->kind != q->kind)
		return p->kind - q->kind;
	if (p->key != q->key)
		return p->key < q->key ? -1 : 1;
	return (p->last > q->last) - (p->last < q->last);
}

/* The most frequent value; of equally frequent ones the one seen last. */
static struct cell
most_frequent(struct arena *a, const struct column_base *base, const struct found *f,
	int64_t prop)
{
	struct tally *tallies = arena_array(a, f->n + 1, sizeof *tallies);
	size_t n = 0, best = 0, best_count = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct column_prop *p = prop_of(base, f->at[i], prop);
		if (p == NULL || p->kind == COLUMN_LIST)
			continue;
		__int128 key = p->kind == COLUMN_TEXT	? column_fold(base, p->code)
			       : p->kind == COLUMN_BOOL ? p->flag
							: column_millionths(p->number);
		tallies[n++] = (struct tally){(int)p->kind, key, i};
	}
	qsort(tallies, n, sizeof *tallies, by_key);
	for (size_t i = 0, count = 0; i < n; i++) {
		bool same = i > 0 && tallies[i].kind == tallies[i - 1].kind &&
			    tallies[i].key == tallies[i - 1].key;
		count = same ? count + 1 : 1;
		if (count > best_count ||
			(count == best_count && tallies[i].last > tallies[best].last)) {
			best = i;
			best_count = count;
		}
	}
	if (n == 0)
		return (struct cell){.kind = CELL_MISSING, .den = 1};
	return cell_of_prop(base, prop_of(base, f->at[tallies[best].last], prop));
}

static struct cell
aggregate(struct arena *a, const struct column_base *base, const struct rule_event *ev,
	int64_t prop, const struct found *f)
{
	struct cell missing = {.kind = CELL_MISSING, .den = 1};
	const struct column_event *event;
	switch (ev->aggregate) {
	case RULE_EXISTS:
	case RULE_COUNT:
		return number((__int128)f->n * 1000000, 1);
	case RULE_MOST:
		return most_frequent(a, base, f, prop);
	case RULE_FIRST:
	case RULE_LAST:
		if (f->n == 0)
			return missing;
		event = f->at[ev->aggregate == RULE_FIRST ? 0 : f->n - 1];
		if (ev->prop.n > 0)
			return cell_of_prop(base, prop_of(base, event, prop));
		return (struct cell){.kind = CELL_TIME, .den = 1, .us = event->at_us};
	default:
		return total(base, f, ev->aggregate, prop);
	}
}

/* How many must be there for the answer to be yes, where it is of that form; 0 where it is not. */
static size_t
needed(const struct rule_event *ev)
{
	if (!ev->has_test)
		return ev->aggregate == RULE_COUNT ? 0 : 1;
	const struct rule_test *t = &ev->test;
	if (ev->aggregate != RULE_COUNT ||
		(t->word != WORD_AT_LEAST && t->word != WORD_MORE))
		return 0;
	if (t->values[0].millionths < 0 ||
		t->values[0].millionths > (__int128)1000000 * 1000000000)
		return 0;
	int64_t want = (int64_t)t->values[0].millionths;
	int64_t least = t->word == WORD_MORE ? want / 1000000 + 1
					     : (want + 999999) / 1000000;
	return (size_t)least;
}

bool
event_eval(struct arena *a, const struct column_base *base, const struct rule_event *ev,
	const struct event_names *names, size_t row, const struct moment *m,
	int64_t *until_us, struct cell *seen)
{
	struct arena_mark mark = arena_mark(a);
	int64_t until = INT64_MAX;
	struct found f = gather(a, base, ev, names, row, m, &until);
	struct cell c = aggregate(a, base, ev, names->prop, &f);
	bool yes = ev->has_test ? cell_test(base, &ev->test, &c, m, &until) : f.n > 0;
	if (f.reach.span_us > 0 && f.n > 0) {
		size_t need = needed(ev);
		if (need > 0 && yes) /* until too few are left */
			sooner(&until, later(f.at[f.n - need]->at_us, f.reach.span_us),
				m->now_us);
		else if (need == 0) /* until the set changes */
			sooner(&until, later(f.at[0]->at_us, f.reach.span_us), m->now_us);
	}
	if (until < *until_us)
		*until_us = until;
	*seen = c;
	arena_rewind(a, mark);
	return yes;
}

/* A chain of events, each behind the one before: which of each step's events end such a chain, step by step. */
bool
sequence_eval(struct arena *a, const struct column_base *base, const struct rule_node *node,
	const struct event_names *names, size_t row, const struct moment *m,
	int64_t *until_us, struct cell *seen)
{
	struct arena_mark mark = arena_mark(a);
	struct found before = {0};
	int64_t until = INT64_MAX;
	for (size_t i = 0; i < node->step_n; i++) {
		struct found f = gather(
			a, base, &node->steps[i].event, &names[i], row, m, &until);
		if (f.reach.span_us > 0 && f.n > 0)
			sooner(&until, later(f.at[0]->at_us, f.reach.span_us), m->now_us);
		size_t n = 0;
		for (size_t k = 0, last = 0; i > 0 && k < f.n; k++) {
			/* the latest end of a chain not behind this event, and not itself */
			while (last < before.n && before.at[last]->at_us <= f.at[k]->at_us)
				last++;
			size_t at = last;
			while (at > 0 && before.at[at - 1] == f.at[k])
				at--;
			if (at == 0)
				continue;
			int64_t gap_us = f.at[k]->at_us - before.at[at - 1]->at_us;
			if (node->steps[i].within_us == 0 ||
				gap_us <= node->steps[i].within_us)
				f.at[n++] = f.at[k];
		}
		if (i > 0)
			f.n = n;
		before = f;
	}
	bool yes = before.n > 0;
	*seen = (struct cell){.kind = yes ? CELL_TIME : CELL_MISSING,
		.den = 1,
		.us = yes ? before.at[before.n - 1]->at_us : 0};
	if (until < *until_us)
		*until_us = until;
	arena_rewind(a, mark);
	return yes;
}
