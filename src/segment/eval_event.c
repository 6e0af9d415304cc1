/* Conditions on what a person did. Filters first, then what is counted; a window is (now - span, now]. */
#include "base/arena.h"
#include "base/err.h"
#include "segment/cell.h"

#include <stdlib.h>
#include <string.h>

struct reach
event_reach(const struct rule_event *ev, const struct moment *m)
{
	struct reach r = {
		.first_us = INT64_MIN, .last_us = m->is_past ? m->now_us : INT64_MAX};
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

size_t
event_lower(const struct column_event *events, size_t n, int64_t at_us)
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
		const struct column_prop *p =
			names->filters[i] >= 0 ? column_prop(base, event, names->filters[i])
					       : NULL;
		if (names->folds[i] != EVENT_NO_FOLD && p != NULL && p->kind == PROP_TEXT) {
			if (column_fold(base, p->value) != names->folds[i])
				return false;
			continue;
		}
		struct cell c = cell_of_prop(base, p);
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
	struct found f = {.reach = event_reach(ev, m)};
	size_t n;
	const struct column_event *events = column_events(base, row, names->type, &n);
	size_t from = event_lower(events, n, f.reach.first_us), to = n;
	if (f.reach.last_us < INT64_MAX)
		to = event_lower(events, n, f.reach.last_us + 1);
	if (f.reach.span_us > 0) {
		size_t coming = event_lower(events, n, m->now_us + 1);
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
		if (p == NULL || p->kind == PROP_LIST)
			continue;
		bool number = column_prop_is_number(p);
		__int128 key = p->kind == PROP_TEXT   ? column_fold(base, p->value)
			       : p->kind == PROP_BOOL ? p->value
			       : number		      ? column_prop_millionths(base, p)
						      : column_wide(base, p);
		tallies[n++] = (struct tally){number ? PROP_INT : (int)p->kind, key, i};
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

/* What is seen of the events that count, one after the other. */
struct seen {
	size_t n;
	const struct column_event *first, *last;
	__int128 sum, least, most;
	int64_t numbers;
	const struct column_total *total; /* of those that are only added up, or NULL */
};

static void
see(struct seen *s, const struct column_base *base, const struct column_event *event,
	bool adds_up, int64_t prop)
{
	s->first = s->n == 0 ? event : s->first;
	s->last = event;
	s->n++;
	if (!adds_up)
		return;
	const struct column_prop *p = prop_of(base, event, prop);
	if (p == NULL || !column_prop_is_number(p))
		return;
	__int128 v = column_prop_millionths(base, p);
	s->least = s->numbers == 0 || v < s->least ? v : s->least;
	s->most = s->numbers == 0 || v > s->most ? v : s->most;
	s->sum += v;
	s->numbers++;
}

static void
see_total(struct seen *s, const struct column_base *base, int64_t prop)
{
	const struct column_sum *sum = prop >= 0 ? column_sum(base, s->total, prop) : NULL;
	if (sum == NULL)
		return;
	s->sum += (__int128)sum->high << 64 | (uint64_t)sum->low;
	s->numbers += sum->n;
}

static struct cell
end_of(const struct column_base *base, const struct rule_event *ev, int64_t prop,
	const struct seen *s)
{
	struct cell missing = {.kind = CELL_MISSING, .den = 1};
	bool first = ev->aggregate == RULE_FIRST;
	const struct column_event *event = first ? s->first : s->last;
	if (ev->prop.n > 0)
		return event != NULL ? cell_of_prop(base, prop_of(base, event, prop))
				     : missing;
	if (event == NULL && s->total == NULL)
		return missing;
	int64_t at_us = event != NULL ? event->at_us : first ? INT64_MAX : INT64_MIN;
	if (s->total != NULL && first && s->total->first_us < at_us)
		at_us = s->total->first_us;
	if (s->total != NULL && !first && s->total->last_us > at_us)
		at_us = s->total->last_us;
	return (struct cell){.kind = CELL_TIME, .den = 1, .us = at_us};
}

static struct cell
value_of(const struct column_base *base, const struct rule_event *ev, int64_t prop,
	const struct seen *s)
{
	size_t n = s->n + (s->total != NULL ? s->total->count : 0);
	switch (ev->aggregate) {
	case RULE_EXISTS:
	case RULE_COUNT:
		return number((__int128)n * 1000000, 1);
	case RULE_FIRST:
	case RULE_LAST:
		return end_of(base, ev, prop, s);
	case RULE_SUM:
		return number(s->sum, 1);
	default:
		break;
	}
	if (s->numbers == 0)
		return (struct cell){.kind = CELL_MISSING, .den = 1};
	return ev->aggregate == RULE_AVG
		       ? number(s->sum, s->numbers)
		       : number(ev->aggregate == RULE_MIN ? s->least : s->most, 1);
}

bool
event_is_addable(const struct rule_event *ev)
{
	bool by_time = ev->aggregate == RULE_FIRST || ev->aggregate == RULE_LAST;
	return ev->filter_n == 0 && ev->window_n == 0 && ev->aggregate != RULE_MIN &&
	       ev->aggregate != RULE_MAX && ev->aggregate != RULE_MOST &&
	       (!by_time || ev->prop.n == 0);
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

struct counting { /* one condition on one row */
	const struct column_base *base;
	const struct rule_event *ev;
	struct event_names *names;
	const struct moment *m;
	struct reach reach;
	const struct column_event *events; /* those in reach */
	size_t n;
	int64_t until_us;
};

static void
reach_out(struct counting *c, size_t row)
{
	size_t n;
	const struct column_event *events = column_events(c->base, row, c->names->type, &n);
	c->reach = event_reach(c->ev, c->m);
	size_t from = 0, to = n;
	if (c->reach.first_us > INT64_MIN)
		from = event_lower(events, n, c->reach.first_us);
	if (c->reach.last_us < INT64_MAX)
		to = event_lower(events, n, c->reach.last_us + 1);
	if (c->reach.span_us > 0) {
		size_t coming = event_lower(events, n, c->m->now_us + 1);
		if (coming < n)
			sooner(&c->until_us, events[coming].at_us, c->m->now_us);
	}
	c->events = events + from;
	c->n = to > from ? to - from : 0;
}

static struct seen
see_all(struct counting *c, size_t row)
{
	struct seen s = {0};
	enum rule_aggregate what = c->ev->aggregate;
	bool adds_up = what == RULE_SUM || what == RULE_AVG || what == RULE_MIN ||
		       what == RULE_MAX;
	if (c->ev->filter_n == 0 && !adds_up && c->n > 0)
		s = (struct seen){
			.n = c->n, .first = c->events, .last = c->events + c->n - 1};
	for (size_t i = 0; (c->ev->filter_n > 0 || adds_up) && i < c->n; i++)
		if (passes(c->base, c->ev, c->names, &c->events[i], c->m, &c->until_us))
			see(&s, c->base, &c->events[i], adds_up, c->names->prop);
	if (c->base->folded_before_us > INT64_MIN && c->base->totals[row] != 0 &&
		event_is_addable(c->ev) &&
		(s.total = column_total(c->base, row, c->names->type)) != NULL)
		see_total(&s, c->base, c->names->prop);
	return s;
}

/* The need-th from the end of those that pass. */
static int64_t
last_needed_us(struct counting *c, size_t need)
{
	int64_t ignored = INT64_MAX;
	if (c->ev->filter_n == 0)
		return c->events[c->n - need].at_us;
	for (size_t i = c->n; i-- > 0;)
		if (passes(c->base, c->ev, c->names, &c->events[i], c->m, &ignored) &&
			--need == 0)
			return c->events[i].at_us;
	return INT64_MAX;
}

bool
event_eval(struct arena *a, const struct column_base *base, const struct rule_event *ev,
	struct event_names *names, size_t row, const struct moment *m, int64_t *until_us,
	struct cell *seen)
{
	struct counting c = {
		.base = base, .ev = ev, .names = names, .m = m, .until_us = INT64_MAX};
	reach_out(&c, row);
	struct seen s = see_all(&c, row);
	struct cell value;
	if (ev->aggregate == RULE_MOST) {
		struct arena_mark mark = arena_mark(a);
		struct found f = gather(a, base, ev, names, row, m, &c.until_us);
		value = most_frequent(a, base, &f, names->prop);
		arena_rewind(a, mark);
	} else
		value = value_of(base, ev, names->prop, &s);
	bool yes = ev->has_test ? cell_test(base, &ev->test, &value, m, &c.until_us)
				: s.n > 0 || s.total != NULL;
	if (c.reach.span_us > 0 && s.n > 0) {
		size_t need = needed(ev);
		if (need > 0 && yes) /* until too few are left */
			sooner(&c.until_us,
				later(last_needed_us(&c, need), c.reach.span_us),
				m->now_us);
		else if (need == 0) /* until the set changes */
			sooner(&c.until_us, later(s.first->at_us, c.reach.span_us),
				m->now_us);
	}
	if (c.until_us < *until_us)
		*until_us = c.until_us;
	*seen = value;
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
