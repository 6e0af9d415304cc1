/* See run.h: runs whose time has come. */
#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "message/message.h"
#include "profile/person.h"
#include "scenario/run_parts.h"
#include "store/db.h"

#include <string.h>

struct letter_due { /* what a send step ordered */
	int64_t scenario_id, template_id;
	struct message_to to;
};

struct wake {
	struct arena *arena;
	struct db *db;
	struct scenario_book *book;
	int64_t company_id, now_us;
	const struct scenario_hooks *hooks;
	struct run *runs;
	size_t n;
	struct person_row *persons; /* when an "at" may come */
	size_t person_n;
	struct letter_due *letters;
	size_t letter_n, letter_cap;
	struct run_figures figures;
};

static void
order_letter(struct wake *w, const struct run *r, const struct step *s)
{
	w->letters = arena_room(
		w->arena, w->letters, w->letter_n, &w->letter_cap, sizeof *w->letters);
	const char *once = arena_printf(w->arena, "%lld.%d", (long long)r->id, r->step);
	w->letters[w->letter_n++] = (struct letter_due){
		r->scenario_id, s->template_id, {r->person_id, text_of(once)}};
}

static const struct zone *
zone_of(const struct wake *w, int64_t person_id)
{
	const struct zone *zone = NULL;
	for (size_t i = 0; i < w->person_n; i++)
		if (w->persons[i].id == person_id)
			zone = zone_find(
				val_as_text(val_get(&w->persons[i].fields, "timezone")));
	if (zone == NULL && w->hooks->timezone != NULL)
		zone = zone_find(text_of(w->hooks->timezone));
	return zone != NULL ? zone : zone_utc();
}

/* The branch a condition leads to; a rule that fails ends the run. */
static int
decide(struct wake *w, struct run *r, const struct step *s, int *to, struct err *e)
{
	bool yes = false;
	*to = r->step;
	if (w->hooks->holds == NULL)
		return err_set(e, ERR_BUG, "nobody answers conditions");
	if (w->hooks->holds(w->hooks->obj, s->rule, r->person_id, &yes, e) < 0) {
		if (e->code != ERR_INPUT && e->code != ERR_LIMIT)
			return -1;
		run_end(r, RUN_FAILED, text_of(arena_printf(w->arena, "%s", e->text)),
			w->now_us);
		run_count_end(&w->figures, r);
		return 0;
	}
	*to = yes ? s->yes : s->no;
	return 0;
}

/* Does one step. *more: go on with the next at once. */
static int
do_step(struct wake *w, struct run *r, const struct step *s, bool *more, struct err *e)
{
	int to = s->next;
	*more = true;
	switch (s->op) {
	case STEP_WAIT:
		r->wake_at_us = w->now_us + s->for_us;
		*more = false;
		break;
	case STEP_SEND:
		order_letter(w, r, s);
		break;
	case STEP_WAIT_FOR:
		if (!r->waits) {
			r->waits = true;
			r->step_at_us = w->now_us;
			r->wake_at_us = w->now_us + s->for_us;
			*more = false;
			return 0;
		}
		r->waits = false; /* its time is over */
		to = s->no;
		break;
	case STEP_WHEN:
		if (decide(w, r, s, &to, e) < 0)
			return -1;
		*more = r->state == RUN_ACTIVE;
		break;
	case STEP_AT: {
		int64_t at_us = step_window_us(s, zone_of(w, r->person_id), w->now_us);
		if (at_us > w->now_us) {
			r->wake_at_us = at_us;
			*more = false;
			return 0;
		}
		break;
	}
	case STEP_END:
		to = STEP_OVER;
	}
	r->step = to;
	r->step_at_us = w->now_us;
	return 0;
}

static int
step_run(struct wake *w, struct run *r, struct err *e)
{
	const struct program *p;
	bool more = true;
	int good = book_program(
		w->arena, w->db, w->book, r->scenario_id, r->version, &p, e);
	if (good < 0)
		return -1;
	r->changed = true;
	if (good == 0 || r->step >= p->n) {
		run_end(r, RUN_FAILED, text_of("its version is not understood"), w->now_us);
		run_count_end(&w->figures, r);
		return 0;
	}
	while (more && r->step != STEP_OVER) {
		bool came = !r->waits;
		int step = r->step;
		if (do_step(w, r, &p->steps[step], &more, e) < 0)
			return -1;
		/* counted when it is left behind, so that an "at" woken twice counts once */
		if (came && (r->step != step || r->waits))
			run_count(&w->figures, r->scenario_id,
				arena_printf(w->arena, "step.%d", step));
	}
	if (r->step == STEP_OVER && r->state == RUN_ACTIVE && more) {
		run_end(r, RUN_DONE, text_of(""), w->now_us);
		run_count_end(&w->figures, r);
	}
	return 0;
}

static bool
goes_with(const struct letter_due *x, const struct letter_due *y)
{
	return x->scenario_id == y->scenario_id && x->template_id == y->template_id;
}

/* Letters of one scenario and template together. */
static int
queue_letters(struct wake *w, struct err *e)
{
	struct message_to *to = arena_array(w->arena, w->letter_n + 1, sizeof *to);
	bool *taken = arena_array(w->arena, w->letter_n + 1, sizeof *taken);
	for (size_t i = 0; i < w->letter_n; i++) {
		size_t n = 0;
		int64_t queued;
		if (taken[i])
			continue;
		for (size_t k = i; k < w->letter_n; k++)
			if (!taken[k] && goes_with(&w->letters[i], &w->letters[k])) {
				taken[k] = true;
				to[n++] = w->letters[k].to;
			}
		struct message_order order = {.company_id = w->company_id,
			.origin_id = w->letters[i].scenario_id,
			.template_id = w->letters[i].template_id};
		if (message_queue(w->arena, w->db, &order, to, n, NULL, &queued, e) < 0)
			return -1;
	}
	return 0;
}

static int
load_due(struct wake *w, size_t limit, struct err *e)
{
	struct val rows;
	if (db_rows(w->arena, w->db, QUERY_RUN_DUE,
		    DB_ARGS(val_int(w->company_id), val_int(w->now_us),
			    val_int((int64_t)limit)),
		    &rows, e) < 0)
		return -1;
	w->n = rows.list->n;
	w->runs = arena_array(w->arena, w->n + 1, sizeof *w->runs);
	int64_t *ids = arena_array(w->arena, w->n + 1, sizeof *ids);
	size_t ids_n = 0;
	for (size_t i = 0; i < w->n; i++) {
		const struct program *p;
		run_from_row(&rows.list->at[i], &w->runs[i]);
		int good = book_program(w->arena, w->db, w->book, w->runs[i].scenario_id,
			w->runs[i].version, &p, e);
		if (good < 0)
			return -1;
		if (good == 1 && p->has_at)
			ids[ids_n++] = w->runs[i].person_id;
	}
	w->persons = arena_array(w->arena, ids_n + 1, sizeof *w->persons);
	return ids_n > 0 ? person_by_ids(w->arena, w->db, w->company_id, ids, ids_n,
				   w->persons, &w->person_n, e)
			 : 0;
}

int
scenario_wake(struct arena *a, struct db *db, struct scenario_book *b, int64_t now_us,
	size_t limit, const struct scenario_hooks *hooks, size_t *stepped, struct err *e)
{
	struct wake w = {.arena = a,
		.db = db,
		.book = b,
		.company_id = book_company(b),
		.now_us = now_us,
		.hooks = hooks,
		.figures = {.arena = a, .company_id = book_company(b)}};
	*stepped = 0;
	if (load_due(&w, limit, e) < 0)
		return err_wrap(e, "scenario.wake");
	for (size_t i = 0; i < w.n; i++)
		if (step_run(&w, &w.runs[i], e) < 0)
			return err_wrap(e, "scenario.wake");
	if (run_save(a, db, b, w.runs, w.n, e) < 0 || queue_letters(&w, e) < 0 ||
		figure_add(a, db, w.figures.at, w.figures.n, e) < 0)
		return err_wrap(e, "scenario.wake");
	*stepped = w.n;
	return 0;
}

int
scenario_next_us(
	struct arena *a, struct db *db, int64_t company_id, int64_t *at_us, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_RUN_NEXT, DB_ARGS(val_int(company_id)), &row, e);
	*at_us = found == 1 ? row_int(&row, 0) : INT64_MAX;
	return found < 0 ? -1 : 0;
}
