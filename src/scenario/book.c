/* See run_parts.h: programs by version, rows of runs. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "scenario/run_parts.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

struct kept {
	struct kept *next;
	int64_t scenario_id, version;
	struct arena *arena;
	struct program program;
	bool good;
};

struct scenario_book {
	int64_t company_id;
	struct kept *kept;
	bool complete; /* versions with runs from before this book are in it */
	bool untold;   /* some run may have something to tell */
};

struct scenario_book *
scenario_book_new(int64_t company_id)
{
	struct scenario_book *b = calloc(1, sizeof *b);
	must(b != NULL);
	b->company_id = company_id;
	b->untold = true;
	return b;
}

void
scenario_book_free(struct scenario_book *b)
{
	if (b == NULL)
		return;
	for (struct kept *k = b->kept, *next; k != NULL; k = next) {
		next = k->next;
		arena_free(k->arena);
		free(k);
	}
	free(b);
}

int64_t
book_company(const struct scenario_book *b)
{
	return b->company_id;
}

bool
scenario_has_news(const struct scenario_book *b)
{
	return b->untold;
}

void
book_untold(struct scenario_book *b, bool some)
{
	b->untold = some;
}

static void
read_program(struct kept *k, struct text json)
{
	struct val tree;
	struct err e;
	char *copy = arena_text(k->arena, json.at, json.n);
	k->good = json_parse(k->arena, (struct text){copy, json.n}, &tree, &e) == 0 &&
		  program_read(k->arena, &tree, &k->program, &e) == 0;
	if (!k->good)
		log_line(LOG_ERROR, "scenario %lld, version %lld: %s",
			(long long)k->scenario_id, (long long)k->version, e.text);
}

int
book_program(struct arena *a, struct db *db, struct scenario_book *b, int64_t scenario_id,
	int64_t version, const struct program **out, struct err *e)
{
	struct val row;
	for (struct kept *k = b->kept; k != NULL; k = k->next)
		if (k->scenario_id == scenario_id && k->version == version) {
			*out = &k->program;
			return k->good;
		}
	int found = db_row(a, db, QUERY_SCENARIO_PROGRAM,
		DB_ARGS(val_int(b->company_id), val_int(scenario_id), val_int(version)),
		&row, e);
	if (found < 0)
		return -1;
	struct kept *k = calloc(1, sizeof *k);
	must(k != NULL);
	*k = (struct kept){.next = b->kept,
		.scenario_id = scenario_id,
		.version = version,
		.arena = arena_new()};
	if (found == 1)
		read_program(k, row_text(&row, 0));
	b->kept = k;
	*out = &k->program;
	return k->good;
}

static int
complete(struct arena *a, struct db *db, struct scenario_book *b, struct err *e)
{
	struct val rows;
	const struct program *program;
	if (b->complete)
		return 0;
	if (db_rows(a, db, QUERY_RUN_VERSIONS, DB_ARGS(val_int(b->company_id)), &rows, e) <
		0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++)
		if (book_program(a, db, b, row_int(&rows.list->at[i], 0),
			    row_int(&rows.list->at[i], 1), &program, e) < 0)
			return -1;
	b->complete = true;
	return 0;
}

int
book_published(struct arena *a, struct db *db, struct scenario_book *b,
	struct published **out, size_t *n, struct err *e)
{
	struct val rows;
	*n = 0;
	if (db_rows(a, db, QUERY_SCENARIO_PUBLISHED, DB_ARGS(val_int(b->company_id)), &rows,
		    e) < 0)
		return -1;
	*out = arena_array(a, rows.list->n + 1, sizeof **out);
	if (rows.list->n == 0)
		return 0;
	if (complete(a, db, b, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		const struct val *row = &rows.list->at[i];
		struct published p = {row_int(row, 0), row_int(row, 1),
			text_is(row_text(row, 2), "running"), NULL};
		int good = book_program(a, db, b, p.scenario_id, p.version, &p.program, e);
		if (good < 0)
			return -1;
		if (good == 1)
			(*out)[(*n)++] = p;
	}
	return 0;
}

bool
book_listens(const struct scenario_book *b, struct text type)
{
	for (const struct kept *k = b->kept; k != NULL; k = k->next) {
		if (!k->good)
			continue;
		if (text_same(k->program.stop.type, type))
			return true;
		for (int i = 0; i < k->program.n; i++)
			if (k->program.steps[i].op == STEP_WAIT_FOR &&
				text_same(k->program.steps[i].event.type, type))
				return true;
	}
	return false;
}

/* --- rows --- */

static const char *const state_words[] = {"active", "paused", "done", "stopped", "failed"};

void
run_from_row(const struct val *row, struct run *out)
{
	*out = (struct run){.id = row_int(row, 0),
		.scenario_id = row_int(row, 1),
		.version = row_int(row, 2),
		.person_id = row_int(row, 3),
		.entry_seq = row_int(row, 4),
		.step = (int)row_int(row, 5),
		.step_at_us = row_int(row, 6),
		.waits = row_int(row, 7) != 0,
		.reason = row_text(row, 9),
		.wake_at_us = row_int(row, 10),
		.started_at_us = row_int(row, 11),
		.ended_at_us = row_int(row, 12)};
	for (size_t i = 0; i < sizeof state_words / sizeof *state_words; i++)
		if (text_is(row_text(row, 8), state_words[i]))
			out->state = (enum run_state)i;
}

bool
run_is_on(const struct run *r)
{
	return r->state == RUN_ACTIVE || r->state == RUN_PAUSED;
}

void
run_end(struct run *r, enum run_state state, struct text reason, int64_t now_us)
{
	r->state = state;
	r->reason = reason.n > 300 ? (struct text){reason.at, 300} : reason;
	r->ended_at_us = now_us;
	r->waits = false;
	r->untold |= RUN_ENDED;
	r->changed = true;
}

int
run_save(struct arena *a, struct db *db, struct scenario_book *b, const struct run *runs,
	size_t n, struct err *e)
{
	struct val *rows = arena_array(a, n * RUN_COLUMNS + 1, sizeof *rows);
	size_t row_n = 0;
	for (size_t i = 0; i < n; i++) {
		const struct run *r = &runs[i];
		struct val row[RUN_COLUMNS] = {val_int(b->company_id), val_int(r->id),
			val_int(r->scenario_id), val_int(r->version), val_int(r->person_id),
			val_int(r->entry_seq), val_int(r->step), val_int(r->step_at_us),
			val_int(r->waits), val_text(state_words[r->state]),
			val_of(r->reason), val_int(r->wake_at_us),
			val_int(r->started_at_us),
			r->ended_at_us != 0 ? val_int(r->ended_at_us) : val_null(),
			val_int(r->untold)};
		if (r->untold != 0)
			b->untold = true;
		if (r->changed)
			memcpy(rows + row_n++ * RUN_COLUMNS, row, sizeof row);
	}
	return row_n > 0 ? db_bulk(db, QUERY_RUN_PUT, rows, row_n, RUN_COLUMNS, NULL, e)
			 : 0;
}

void
run_count(struct run_figures *f, int64_t scenario_id, const char *name)
{
	f->at = arena_room(f->arena, f->at, f->n, &f->cap, sizeof *f->at);
	f->at[f->n++] = (struct figure){f->company_id, scenario_id, name, 1};
}

void
run_count_end(struct run_figures *f, const struct run *r)
{
	run_count(f, r->scenario_id, state_words[r->state]);
}
