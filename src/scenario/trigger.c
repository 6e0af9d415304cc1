/* See run.h: what events do to scenarios. */
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/id.h"
#include "base/time.h"
#include "event/apply.h"
#include "scenario/run_parts.h"
#include "store/db.h"

#include <string.h>

struct trigger {
	struct arena *arena;
	struct db *db;
	struct scenario_book *book;
	int64_t company_id, now_us;
	struct published *published;
	size_t published_n;
	struct dict *persons; /* those whose runs were loaded */
	size_t *first;	      /* by person: run + 1, 0 none */
	struct run *runs;
	size_t run_n, run_cap;
	struct run_figures figures;
};

static struct run *
add_run(struct trigger *t, const struct run *r)
{
	t->runs = arena_room(t->arena, t->runs, t->run_n, &t->run_cap, sizeof *t->runs);
	size_t *first = &t->first[dict_find_id(t->persons, r->person_id)];
	t->runs[t->run_n] = *r;
	t->runs[t->run_n].next = *first;
	*first = ++t->run_n;
	return &t->runs[t->run_n - 1];
}

static int64_t
merged_from(const struct scenario_event *ev)
{
	return ev->flags & EVENT_MERGED ? val_as_int(val_get(&ev->props, "from"), 0) : 0;
}

/* A scenario does not hear its own beginnings and ends: it would go round by itself. */
static bool
is_own(const struct scenario_event *ev, int64_t scenario_id)
{
	return (text_is(ev->type, "scenario_entered") ||
		       text_is(ev->type, "scenario_finished")) &&
	       val_as_int(val_get(&ev->props, "scenario"), 0) == scenario_id;
}

static bool
begins(const struct published *p, const struct scenario_event *ev)
{
	return p->running && !(ev->flags & EVENT_QUIET) && !is_own(ev, p->scenario_id) &&
	       matcher_holds(&p->program->on, ev->type, &ev->props);
}

static bool
starts(const struct trigger *t, const struct scenario_event *ev)
{
	for (size_t i = 0; i < t->published_n; i++)
		if (begins(&t->published[i], ev))
			return true;
	return false;
}

/* Names the persons whose runs matter to these events, and loads those. */
static int
load_runs(struct trigger *t, const struct scenario_event *events, size_t n, struct err *e)
{
	int64_t *ids = arena_array(t->arena, n * 2 + 1, sizeof *ids);
	struct val rows;
	size_t ids_n = 0;
	for (size_t i = 0; i < n; i++) {
		int64_t from = merged_from(&events[i]);
		bool added = false;
		if (from == 0 && !starts(t, &events[i]) &&
			!book_listens(t->book, events[i].type))
			continue;
		dict_put_id(t->persons, events[i].person_id, &added);
		if (added)
			ids[ids_n++] = events[i].person_id;
		if (from != 0)
			dict_put_id(t->persons, from, &added);
		if (from != 0 && added)
			ids[ids_n++] = from;
	}
	t->first = arena_array(t->arena, ids_n + 1, sizeof *t->first);
	if (db_rows_of(t->arena, t->db, QUERY_RUN_OF_PERSONS, t->company_id, ids, ids_n,
		    &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		struct run r;
		run_from_row(&rows.list->at[i], &r);
		add_run(t, &r);
	}
	return 0;
}

static void
move_runs(struct trigger *t, int64_t from, int64_t into)
{
	size_t *old = &t->first[dict_find_id(t->persons, from)];
	size_t *new = &t->first[dict_find_id(t->persons, into)];
	for (size_t at = *old, next; at != 0; at = next) {
		struct run *r = &t->runs[at - 1];
		next = r->next;
		r->person_id = into;
		r->changed = true;
		r->next = *new;
		*new = at;
	}
	*old = 0;
}

/* Stops a run or ends its waiting. What happened before the run began, or before it came to the step, does not count. */
static int
hear(struct trigger *t, struct run *r, const struct scenario_event *ev, struct err *e)
{
	const struct program *p;
	if (is_own(ev, r->scenario_id))
		return 0;
	int good = book_program(
		t->arena, t->db, t->book, r->scenario_id, r->version, &p, e);
	if (good < 1)
		return good;
	if (ev->at_us >= r->started_at_us && ev->seq > r->entry_seq &&
		matcher_holds(&p->stop, ev->type, &ev->props)) {
		run_end(r, RUN_STOPPED, ev->type, t->now_us);
		run_count_end(&t->figures, r);
		return 0;
	}
	if (!r->waits || r->step < 0 || r->step >= p->n || ev->at_us < r->step_at_us)
		return 0;
	const struct step *s = &p->steps[r->step];
	if (s->op == STEP_WAIT_FOR && matcher_holds(&s->event, ev->type, &ev->props)) {
		r->step = s->yes;
		r->waits = false;
		r->wake_at_us = t->now_us;
		r->changed = true;
	}
	return 0;
}

/* Never twice at once; again only after the scenario's time, or never. */
static bool
may_enter(
	const struct trigger *t, const struct published *p, const struct scenario_event *ev)
{
	size_t at = t->first[dict_find_id(t->persons, ev->person_id)];
	for (; at != 0; at = t->runs[at - 1].next) {
		const struct run *r = &t->runs[at - 1];
		if (r->scenario_id != p->scenario_id)
			continue;
		if (run_is_on(r) || r->entry_seq == ev->seq || !p->program->again ||
			ev->at_us < r->started_at_us + p->program->again_us)
			return false;
	}
	return true;
}

static void
enter(struct trigger *t, const struct published *p, const struct scenario_event *ev)
{
	struct run r = {.id = id_make(),
		.scenario_id = p->scenario_id,
		.version = p->version,
		.person_id = ev->person_id,
		.entry_seq = ev->seq,
		.step_at_us = t->now_us,
		.wake_at_us = t->now_us,
		.started_at_us = ev->at_us,
		.untold = RUN_BEGAN,
		.changed = true};
	add_run(t, &r);
	run_count(&t->figures, p->scenario_id, "entered");
}

static int
take(struct trigger *t, const struct scenario_event *ev, struct err *e)
{
	int64_t from = merged_from(ev);
	if (dict_find_id(t->persons, ev->person_id) == DICT_NONE)
		return 0;
	if (from != 0)
		move_runs(t, from, ev->person_id);
	size_t at = t->first[dict_find_id(t->persons, ev->person_id)];
	for (; at != 0; at = t->runs[at - 1].next)
		if (run_is_on(&t->runs[at - 1]) && hear(t, &t->runs[at - 1], ev, e) < 0)
			return -1;
	for (size_t i = 0; i < t->published_n; i++)
		if (begins(&t->published[i], ev) && may_enter(t, &t->published[i], ev))
			enter(t, &t->published[i], ev);
	return 0;
}

int
scenario_trigger(struct arena *a, struct db *db, struct scenario_book *b,
	const struct scenario_event *events, size_t n, struct err *e)
{
	struct trigger t = {.arena = a,
		.db = db,
		.book = b,
		.company_id = book_company(b),
		.now_us = time_now_us(),
		.figures = {.arena = a, .company_id = book_company(b)}};
	if (n == 0)
		return 0;
	if (book_published(a, db, b, &t.published, &t.published_n, e) < 0)
		return err_wrap(e, "scenario.trigger");
	if (t.published_n == 0)
		return 0;
	t.persons = dict_new();
	arena_defer(a, (void (*)(void *))dict_free, t.persons);
	if (load_runs(&t, events, n, e) < 0)
		return err_wrap(e, "scenario.trigger");
	for (size_t i = 0; i < n; i++)
		if (take(&t, &events[i], e) < 0)
			return err_wrap(e, "scenario.trigger");
	return run_save(a, db, b, t.runs, t.run_n, e) < 0 ||
			       figure_add(a, db, t.figures.at, t.figures.n, e) < 0
		       ? err_wrap(e, "scenario.trigger")
		       : 0;
}
