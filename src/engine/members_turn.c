/* One turn of the members: who is due, who is concerned, what follows from that, and the transaction. */
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/id.h"
#include "base/settings.h"
#include "base/time.h"
#include "column/base.h"
#include "engine/members.h"
#include "engine/members_parts.h"
#include "engine/moves.h"
#include "scenario/run.h"
#include "segment/unique.h"

#include <string.h>

enum { ROUNDS_MAX = 64, STEPS_MAX = 500 };
static const int64_t renew_us = 5 * SECOND_US;

struct members_turn {
	struct arena *arena;
	struct members *members;
	int64_t now_us;
	struct dict **wanted; /* per segment: persons to look at */
	size_t segs;
	struct move *moves;
	size_t n, cap;
	struct scenario_event *events; /* what scenarios hear of */
	size_t event_n, event_cap;
	size_t stepped;
	struct scenario_news news; /* what is to be told of them */
};

struct members_turn *
members_turn_new(struct arena *a, struct members *m, int64_t now_us)
{
	struct members_turn *t = arena_alloc(a, sizeof *t);
	t->arena = a;
	t->members = m;
	t->now_us = now_us;
	t->segs = m->n;
	t->wanted = arena_array(a, m->n, sizeof *t->wanted);
	for (size_t i = 0; i < dict_count(m->changed); i++)
		members_touch(t, dict_id(m->changed, (int64_t)i));
	return t;
}

static void
want(struct members_turn *t, size_t seg, int64_t person_id)
{
	if (t->members->segs[seg]->rule == NULL)
		return;
	if (t->wanted[seg] == NULL) {
		t->wanted[seg] = dict_new();
		arena_defer(t->arena, (void (*)(void *))dict_free, t->wanted[seg]);
	}
	dict_put_id(t->wanted[seg], person_id, NULL);
}

void
members_touch(struct members_turn *t, int64_t person_id)
{
	for (size_t i = 0; i < t->segs; i++)
		want(t, i, person_id);
}

void
members_touch_event(struct members_turn *t, int64_t person_id, struct text type)
{
	for (size_t i = 0; i < t->segs; i++)
		if (t->members->segs[i]->rule != NULL &&
			rule_on_event(t->members->segs[i]->rule, type))
			want(t, i, person_id);
}

void
members_touch_field(struct members_turn *t, int64_t person_id, struct text field)
{
	for (size_t i = 0; i < t->segs; i++) {
		const struct rule *r = t->members->segs[i]->rule;
		/* reachable() looks at the address, and days begin where the person lives */
		if (r != NULL &&
			(rule_on_field(r, field) || rule_depends(r) & RULE_ON_ALL_FIELDS ||
				(rule_depends(r) & RULE_ON_CONSENT &&
					(text_is(field, "email") ||
						text_is(field, "phone"))) ||
				(rule_depends(r) & RULE_ON_TIME &&
					text_is(field, "timezone"))))
			want(t, i, person_id);
	}
}

void
members_touch_consent(struct members_turn *t, int64_t person_id)
{
	for (size_t i = 0; i < t->segs; i++) {
		const struct rule *r = t->members->segs[i]->rule;
		if (r != NULL && rule_depends(r) & RULE_ON_CONSENT)
			want(t, i, person_id);
	}
}

void
members_touch_values(struct members_turn *t, int64_t person_id)
{
	for (size_t i = 0; i < t->segs; i++)
		if (t->members->segs[i]->unique != NULL)
			want(t, i, person_id);
}

static struct move *
add_move(struct members_turn *t, const struct seg *s, int64_t person_id, bool in,
	int64_t at_us)
{
	t->moves = arena_room(t->arena, t->moves, t->n, &t->cap, sizeof *t->moves);
	struct move *m = &t->moves[t->n++];
	*m = (struct move){.segment_id = s->id,
		.name = s->name,
		.person_id = person_id,
		.at_us = at_us,
		.in = in,
		.reason = "",
		.told = true};
	return m;
}

size_t
members_of(struct arena *a, const struct members *m, int64_t person_id, int64_t **out)
{
	size_t n = 0;
	*out = arena_array(a, m->n + 1, sizeof **out);
	for (size_t i = 0; i < m->n; i++)
		if (column_member_is(m->hold->base, m->segs[i]->id, person_id))
			(*out)[n++] = m->segs[i]->id;
	return n;
}

/* Somebody's membership is another now: written with the turn, and looked at by the segments that ask for this one. */
static struct move *
moved(struct members_turn *t, const struct seg *s, int64_t person_id, bool in,
	int64_t at_us)
{
	struct members *m = t->members;
	struct move *move = add_move(t, s, person_id, in, at_us);
	column_member_set(m->hold->base, s->id, person_id, in);
	for (size_t i = 0; i < t->segs; i++)
		if (m->segs[i]->rule != NULL && rule_on_segment(m->segs[i]->rule, s->id))
			want(t, i, person_id);
	return move;
}

int
members_hand(struct members_turn *t, const struct feed_row *row, bool in,
	const struct val *props, struct err *e)
{
	struct hold *h = t->members->hold;
	struct seg *s;
	int64_t id, at = column_row(h->base, row->person_id);
	id = val_as_int(val_get(props, "segment"), 0);
	if (id == 0 || at < 0)
		return 0;
	if (members_static(t->arena, t->members, id, &s, e) < 0)
		return -1;
	int64_t person_id = column_person(h->base, (size_t)at);
	if (s == NULL || s->is_archived || column_member_is(h->base, id, person_id) == in)
		return 0;
	struct move *move = moved(t, s, person_id, in, row->at_us);
	move->told = false; /* the row itself told it */
	move->reason = val_as_z(t->arena, val_get(props, "reason"));
	return 0;
}

/* Silently: it is the same human being. */
static void
share(struct members_turn *t, int64_t from_id, int64_t into_id, const char *reason)
{
	struct column_base *base = t->members->hold->base;
	for (size_t i = 0; i < t->members->n; i++) {
		const struct seg *s = t->members->segs[i];
		if ((!s->is_static && !s->is_archived) ||
			!column_member_is(base, s->id, from_id) ||
			column_member_is(base, s->id, into_id))
			continue;
		struct move *move = moved(t, s, into_id, true, t->now_us);
		move->told = false;
		move->reason = arena_printf(
			t->arena, "%s %lld", reason, (long long)from_id);
	}
}

void
members_join(struct members_turn *t, int64_t from_id, int64_t into_id)
{
	share(t, from_id, into_id, "merged with");
}

void
members_part(struct members_turn *t, int64_t from_id, int64_t parted_id)
{
	share(t, from_id, parted_id, "parted from");
}

void
members_forget_row(struct members *m, int64_t person_id)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->segs[i]->unique != NULL)
			unique_drop(m->segs[i]->unique, person_id);
}

void
members_leave_all(struct members_turn *t, int64_t person_id)
{
	members_forget_row(t->members, person_id);
	for (size_t i = 0; i < t->members->n; i++) {
		const struct seg *s = t->members->segs[i];
		if (!column_member_is(t->members->hold->base, s->id, person_id))
			continue;
		/* the person goes on as another: nobody left */
		add_move(t, s, person_id, false, t->now_us)->told = false;
		column_member_set(t->members->hold->base, s->id, person_id, false);
	}
}

void
members_row(struct members_turn *t, const struct feed_row *row, struct text type,
	const struct val *props)
{
	t->events = arena_room(
		t->arena, t->events, t->event_n, &t->event_cap, sizeof *t->events);
	t->events[t->event_n++] = (struct scenario_event){.seq = row->seq,
		.type = type,
		.person_id = row->person_id,
		.at_us = row->at_us,
		.flags = row->flags,
		.props = *props};
}

/* Looks at one person for one segment; a change becomes a move and concerns the segments that ask for this one. */
static int
look(struct members_turn *t, size_t seg, int64_t person_id, int64_t at_us, struct err *e)
{
	struct members *m = t->members;
	struct seg *s = m->segs[seg];
	struct segment_answer answer;
	int64_t row = column_row(m->hold->base, person_id);
	if (row < 0 || s->rule == NULL)
		return 0;
	person_id = column_person(
		m->hold->base, (size_t)row); /* a merged id answers as its root */
	if (segment_eval_one(t->arena, s->eval, (size_t)row, at_us, &answer, e) < 0)
		return seg_stop(m, s, e);
	seg_until(m, s, (size_t)row, person_id, answer.until_us);
	bool in = answer.is_member &&
		  (s->anonymous || column_row_is_known(m->hold->base, (size_t)row));
	if (s->unique != NULL) {
		unique_put(s->unique, (size_t)row, in);
		return 0;
	}
	if (in == column_member_is(m->hold->base, s->id, person_id))
		return 0;
	moved(t, s, person_id, in, at_us)->reason = reason_text(t->arena, &answer.reason);
	return 0;
}

/* Why somebody enters or leaves a segment without repeats. */
static int
unique_reason(struct members_turn *t, struct seg *s, int64_t person_id, bool in,
	int64_t at_us, const char **out, struct err *e)
{
	struct segment_answer answer;
	struct column_base *base = t->members->hold->base;
	int64_t instead = unique_instead(s->unique, person_id),
		row = column_row(base, person_id);
	*out = "";
	if (!in && instead != 0 && instead != person_id) {
		*out = arena_printf(t->arena, "repeats %s: %lld is there", s->unique_by,
			(long long)instead);
		return 0;
	}
	if (row < 0)
		return 0;
	if (segment_eval_one(t->arena, s->eval, (size_t)row, at_us, &answer, e) < 0)
		return seg_stop(t->members, s, e);
	*out = reason_text(t->arena, &answer.reason);
	return 0;
}

/* Who stays of those that repeat each other, after what was looked at. */
static int
settle(struct members_turn *t, size_t seg, int64_t at_us, struct err *e)
{
	struct seg *s = t->members->segs[seg];
	struct column_base *base = t->members->hold->base;
	int64_t *persons;
	if (s->unique == NULL || unique_is_settled(s->unique))
		return 0;
	size_t n = unique_settle(t->arena, s->unique, &persons);
	for (size_t i = 0; i < n && s->unique != NULL; i++) {
		const char *reason;
		int64_t row = column_row(base, persons[i]);
		if (row < 0)
			continue;
		/* a merged id answers as its root */
		int64_t person_id = column_person(base, (size_t)row);
		bool in = unique_stays(s->unique, person_id);
		if (in == column_member_is(base, s->id, person_id))
			continue;
		if (unique_reason(t, s, person_id, in, at_us, &reason, e) < 0)
			return -1;
		if (s->unique == NULL) /* it was stopped: who is there stays */
			return 0;
		moved(t, s, person_id, in, at_us)->reason = reason;
	}
	return 0;
}

static int
look_at_due(struct members_turn *t, struct err *e)
{
	struct due due;
	due_sweep(t->members, t->now_us);
	while (due_pop(t->members, t->now_us, &due))
		for (size_t i = 0; i < t->segs; i++)
			if (t->members->segs[i]->id == due.segment_id &&
				(look(t, i, due.person_id, due.at_us, e) < 0 ||
					settle(t, i, due.at_us, e) < 0))
				return -1;
	return 0;
}

static int
look_at_wanted(struct members_turn *t, struct err *e)
{
	bool again = true;
	for (int round = 0; again && round < ROUNDS_MAX; round++) {
		again = false;
		for (size_t i = 0; i < t->segs; i++) {
			struct dict *persons = t->wanted[i];
			t->wanted[i] = NULL;
			for (size_t k = 0; persons != NULL && k < dict_count(persons); k++)
				if (look(t, i, dict_id(persons, (int64_t)k), t->now_us, e) <
					0)
					return -1;
			if (settle(t, i, t->now_us, e) < 0)
				return -1;
			again = again || persons != NULL;
		}
	}
	return 0;
}

bool
members_idle(const struct members *m, int64_t now_us)
{
	return dict_count(m->changed) == 0 && !scenario_has_news(m->hold->book) &&
	       now_us < m->hold->scenario_due_us && now_us - m->written_at_us < renew_us &&
	       now_us < m->horizon_us && (m->due_n == 0 || m->heap[0].at_us > now_us);
}

static void
free_rule(void *obj)
{
	rule_free(obj);
}

static void
free_eval(void *obj)
{
	segment_eval_free(obj);
}

/* A scenario asks whether a rule holds for a person now. */
static int
holds(void *obj, struct text text, int64_t person_id, bool *yes, struct err *e)
{
	struct members_turn *t = obj;
	struct hold *h = t->members->hold;
	struct rule *rule;
	struct segment_answer answer;
	int64_t row = column_row(h->base, person_id);
	*yes = false;
	if (members_compile(t->arena, t->members, text, 0, &rule, e) < 0)
		return -1;
	arena_defer(t->arena, free_rule, rule);
	struct segment_eval *eval = segment_eval_new(rule, h->base, h->settings);
	arena_defer(t->arena, free_eval, eval);
	if (row < 0)
		return 0;
	if (segment_eval_one(t->arena, eval, (size_t)row, t->now_us, &answer, e) < 0)
		return -1;
	*yes = answer.is_member;
	return 0;
}

/* Inside the turn's transaction: scenarios hear what happened, and runs whose time has come go on. */
static int
run_scenarios(struct arena *a, struct db *db, void *obj, struct err *e)
{
	struct members_turn *t = obj;
	struct hold *h = t->members->hold;
	struct scenario_hooks hooks = {
		.obj = t, .holds = holds, .timezone = h->company.timezone};
	if (scenario_told(a, db, h->book, &t->news, e) < 0)
		return -1;
	if (t->event_n > 0 &&
		scenario_trigger(a, db, h->book, t->events, t->event_n, e) < 0)
		return -1;
	/* those that just entered are due, too */
	return scenario_wake(
		a, db, h->book, time_now_us(), STEPS_MAX, &hooks, &t->stepped, e);
}

int
members_turn_run(struct members_turn *t, int64_t seq, int64_t lease_until_us, struct err *e)
{
	struct members *m = t->members;
	struct hold *h = m->hold;
	if (look_at_due(t, e) < 0 || look_at_wanted(t, e) < 0 ||
		(scenario_has_news(h->book) && scenario_news(t->arena, h->db, h->book,
						       t->now_us, &t->news, e) < 0))
		return -1;
	bool due = t->now_us >= h->scenario_due_us;
	if (t->n == 0 && t->news.n == 0 && seq == h->lease.seq && !due &&
		t->now_us - m->written_at_us < renew_us)
		return 0;
	struct moves_also also = {.seq = seq,
		.clock_us = t->now_us,
		.lease_until_us = lease_until_us,
		.arrivals = t->news.arrivals,
		.arrival_n = t->news.n,
		.scenarios = run_scenarios,
		.obj = t};
	if (moves_commit(t->arena, h, t->moves, t->n, &also, e) < 0 ||
		scenario_next_us(t->arena, h->db, h->company.id, &h->scenario_due_us, e) <
			0)
		return -1;
	m->written_at_us = t->now_us;
	dict_free(m->changed);
	m->changed = dict_new();
	return 0;
}
