/* See run.h. A run is kept open between its slices; how far it is stands in the store and moves with what was written, so that it goes on
 * there after any crash: rows before are read once more, but not asked for. */
#include "exchange/run.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/log.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "event/apply.h"
#include "exchange/errors.h"
#include "exchange/import_parts.h"
#include "script/budget.h"
#include "store/db.h"
#include "store/job.h"
#include "tenant/company.h"

#include <string.h>

enum { OPEN_MAX = 4, SLICE_US = 500000 };

import_words *import_say;

struct run {
	struct arena *arena, *batch;
	struct import im;
	struct company company;
	struct mapping m;
	struct table *table;
	struct row_reader *reader;
	struct seen *seen;
	struct event_types *types;
	struct errors errors;
	int64_t number; /* of the row read last */
	int64_t used_at_us;
	bool dry, is_broken;
	struct err
		trouble; /* is_broken: the file cannot be read on, the rows before count */
};

static struct run *open_runs[OPEN_MAX];

static void
drop(struct run *r)
{
	for (size_t i = 0; i < OPEN_MAX; i++)
		if (open_runs[i] == r)
			open_runs[i] = NULL;
	seen_free(r->seen);
	event_types_free(r->types);
	arena_free(r->batch);
	arena_free(r->arena);
}

/* The rows before are read again for what they say of keys: decided without asking anybody. */
static int
go_to(struct run *r, int64_t number, struct err *e)
{
	while (r->number < number) {
		struct table_row in;
		struct row row;
		arena_reset(r->batch);
		int got = table_next(r->table, r->batch, &in, e);
		if (got <= 0)
			return got;
		r->number++;
		if (row_read(r->batch, r->reader, &in, &row, e) < 0)
			return -1;
		seen_replay(r->seen, &r->m, &row);
	}
	return 0;
}

static int
open_run(struct run *r, struct db *db, const struct settings *s, struct err *e)
{
	int found = company_by_id(r->arena, db, r->im.company_id, &r->company, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "the company is gone");
	budget_enter(budget_of(r->company.id, s), true);
	if (import_mapping(r->arena, db, &r->im, &r->im.mapping, NULL, &r->m, e) < 0 ||
		row_reader_new(r->arena, s, &r->company, &r->m, &r->im.columns, &r->reader,
			e) < 0 ||
		import_open(r->arena, s, &r->im, &r->table, e) < 0 ||
		errors_open(r->arena, s, &r->im, r->company.language, &r->errors, e) < 0)
		return -1;
	r->seen = seen_new();
	r->types = event_types_new();
	return go_to(r, r->im.rows, e);
}

static struct run *
find_open(int64_t id)
{
	for (size_t i = 0; i < OPEN_MAX; i++)
		if (open_runs[i] != NULL && open_runs[i]->im.id == id)
			return open_runs[i];
	return NULL;
}

/* The run of an import as it stands in the store now; *out NULL: it is not to be run (any more). */
static int
take(struct db *db, const struct settings *s, const struct job *j, struct run **out,
	struct err *e)
{
	struct arena *a = arena_new();
	struct import im;
	bool dry = val_as_bool(val_get(&j->args, "dry"), false);
	int64_t id = val_as_int(val_get(&j->args, "import"), 0);
	int found = import_by_id(a, db, j->company_id, id, &im, e);
	struct run *r = find_open(id);
	*out = NULL;
	bool due = found == 1 && strcmp(im.state, dry ? "checking" : "running") == 0 &&
		   im.job_id == j->id;
	if (r != NULL && (!due || r->dry != dry || r->number != im.rows)) {
		drop(r);
		r = NULL;
	}
	if (!due || r != NULL) {
		*out = due ? r : NULL;
		arena_free(a);
		return found < 0 ? -1 : 0;
	}
	r = arena_alloc(a, sizeof *r);
	*r = (struct run){.arena = a, .batch = arena_new(), .im = im, .dry = dry};
	if (open_run(r, db, s, e) < 0) {
		drop(r);
		return -1;
	}
	size_t oldest = 0;
	for (size_t i = 0; i < OPEN_MAX; i++) {
		if (open_runs[oldest] != NULL &&
			(open_runs[i] == NULL ||
				open_runs[i]->used_at_us < open_runs[oldest]->used_at_us))
			oldest = i;
	}
	if (open_runs[oldest] != NULL)
		drop(open_runs[oldest]);
	open_runs[oldest] = r;
	*out = r;
	return 0;
}

/* A batch on its way: what the transaction adds to the import. */
struct step {
	struct run *r;
	const struct job *job;
	int64_t lease_us;
	const struct decided *rows;
	size_t n;
	const size_t *of; /* arrivals to rows */
	size_t arrivals_n;
	int64_t errors_bytes;
};

static int
commit_step(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	struct step *s = obj;
	struct run *r = s->r;
	int64_t acts[4] = {0}, warned = 0, changed, done, total;
	for (size_t i = 0; i < s->n; i++) {
		acts[s->rows[i].act]++;
		warned += s->rows[i].act != ACT_FAIL && s->rows[i].row.warning != WHY_NONE;
	}
	for (size_t i = 0; applied != NULL && i < s->arrivals_n; i++)
		if (applied[i].state == APPLIED_NOBODY ||
			applied[i].state ==
				APPLIED_ERASED) { /* gone since it was looked up */
			acts[s->rows[s->of[i]].act]--;
			acts[ACT_FAIL]++;
		}
	table_progress(r->table, &done, &total);
	if (db_exec(db, QUERY_IMPORT_STEP,
		    DB_ARGS(val_int((int64_t)s->n), val_int(done), val_int(s->errors_bytes),
			    val_int(acts[ACT_INSERT]), val_int(acts[ACT_UPDATE]),
			    val_int(acts[ACT_SKIP]), val_int(acts[ACT_FAIL]),
			    val_int(warned), val_int(r->im.company_id), val_int(r->im.id),
			    val_int(r->number - (int64_t)s->n),
			    val_text(r->dry ? "checking" : "running")),
		    &changed, e) < 0)
		return -1;
	if (changed != 1)
		return err_set(e, ERR_CONFLICT, "the import is not ours any more");
	struct job j = *s->job;
	j.done = done;
	j.total = total;
	return job_progress(r->batch, db, &j, s->lease_us, e);
}

static struct arrival
arrival_of(struct run *r, const struct decided *d)
{
	struct arena *a = r->batch;
	int64_t at_us = r->im.started_at_us;
	struct arrival v = {.company_id = r->im.company_id,
		.batch_id = r->im.id,
		.source_id = r->im.source_id,
		.user_id = r->im.created_by,
		.type = text_of("profile_imported"),
		.props = val_map(a),
		.fields = d->row.fields,
		.consents = d->row.consents,
		.at_us = at_us,
		.received_at_us = at_us,
		.time_key = at_us,
		.quiet = !r->m.triggers};
	val_put(a, &v.props, "import", val_id(a, r->im.id));
	val_put(a, &v.props, "row", val_int(d->in.line));
	const char *name = arena_printf(
		a, "import %lld %lld", (long long)r->im.id, (long long)d->number);
	v.dedup = sign_hash64(text_of(name));
	v.who.values = true;
	v.who.node_id = d->root_id;
	v.who.n = d->row.n;
	memcpy(v.who.idents, d->row.idents, d->row.n * sizeof *d->row.idents);
	return v;
}

static int
apply(struct run *r, struct db *db, struct step *step, struct err *e)
{
	struct arena *a = r->batch;
	struct arrival *arrivals = arena_array(a, step->n + 1, sizeof *arrivals);
	struct applied *applied = arena_array(a, step->n + 1, sizeof *applied);
	size_t *of = arena_array(a, step->n + 1, sizeof *of), n = 0;
	for (size_t i = 0; !r->dry && i < step->n; i++)
		if (step->rows[i].act >= ACT_INSERT) {
			of[n] = i;
			arrivals[n++] = arrival_of(r, &step->rows[i]);
		}
	step->of = of;
	step->arrivals_n = n;
	if (n > 0)
		return event_apply(
			a, db, r->types, arrivals, n, applied, commit_step, step, e);
	if (db_begin(db, e) < 0)
		return -1;
	if (commit_step(db, step, NULL, e) == 0)
		return db_commit(db, e);
	db_rollback(db);
	return -1;
}

/* The next rows, at most DECIDE_MAX: *n of them, 0 at the end. */
static int
read_rows(struct run *r, struct decided *rows, size_t *n, struct err *e)
{
	*n = 0;
	if (r->is_broken) {
		*e = r->trouble;
		return -1;
	}
	while (*n < DECIDE_MAX) {
		struct decided *d = &rows[*n];
		int got = table_next(r->table, r->batch, &d->in, e);
		if (got < 0 && *n == 0)
			return -1;
		if (got < 0) {
			r->is_broken = true;
			r->trouble = *e;
		}
		if (got <= 0)
			return 0;
		d->number = ++r->number;
		(*n)++;
		if (row_read(r->batch, r->reader, &d->in, &d->row, e) < 0)
			return -1;
	}
	return 0;
}

static int
finish(struct run *r, struct db *db, const struct job *j, const char *error, struct err *e)
{
	const char *state = error != NULL ? "failed" : r->dry ? "checked" : "done";
	int64_t changed;
	if (db_begin(db, e) < 0)
		return -1;
	if (db_exec(db, QUERY_IMPORT_MOVE,
		    DB_ARGS(val_text(state), val_text(error != NULL ? error : ""),
			    val_int(time_now_us()), val_int(r->im.company_id),
			    val_int(r->im.id), val_text(r->dry ? "checking" : "running")),
		    &changed, e) < 0 ||
		job_end(r->batch, db, j, error, e) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e);
}

/* 1 a batch is done, 0 that was the last, -1. */
static int
batch(struct run *r, struct db *db, const struct job *j, int64_t lease_us, struct err *e)
{
	arena_reset(r->batch);
	struct decided *rows = arena_array(r->batch, DECIDE_MAX, sizeof *rows);
	struct step step = {.r = r, .job = j, .lease_us = lease_us, .rows = rows};
	budget_enter(budget_of(r->company.id, NULL), true);
	int rc = read_rows(r, rows, &step.n, e);
	if (rc < 0 && e->code == ERR_INPUT) {
		struct err why = *e;
		return finish(r, db, j, why.text, e);
	}
	if (rc < 0)
		return -1;
	if (step.n == 0)
		return finish(r, db, j, NULL, e);
	if (decide(r->batch, db, r->im.company_id, &r->m, r->seen, rows, step.n, e) < 0 ||
		errors_add(r->batch, &r->errors, rows, step.n, &step.errors_bytes, e) < 0 ||
		apply(r, db, &step, e) < 0)
		return -1;
	errors_kept(&r->errors, step.errors_bytes);
	return 1;
}

static int
give_up(struct db *db, const struct job *j, struct err *e)
{
	struct err why = *e;
	bool dry = val_as_bool(val_get(&j->args, "dry"), false);
	db_exec(db, QUERY_IMPORT_MOVE,
		DB_ARGS(val_text("failed"), val_of(text_cut(text_of(why.text), 499)),
			val_int(time_now_us()), val_int(j->company_id),
			val_int(val_as_int(val_get(&j->args, "import"), 0)),
			val_text(dry ? "checking" : "running")),
		NULL, e);
	*e = why;
	return -1;
}

static int
slice(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	struct run *r;
	int64_t until_us = time_monotonic_us() + SLICE_US;
	int rc = take(db, s, j, &r, e);
	if (rc == 0 && r == NULL)
		return 0; /* cancelled, or another has it */
	while (rc == 0) {
		r->used_at_us = time_monotonic_us();
		rc = batch(r, db, j, lease_us, e);
		if (rc == 0) {
			drop(r);
			return 0;
		}
		if (rc == 1 && time_monotonic_us() < until_us)
			rc = 0;
		else if (rc == 1) /* others' turn */
			return job_rest(a, db, j, time_now_us(), e) < 0 ? -1 : 0;
	}
	if (r != NULL)
		drop(r); /* it is read anew from where the store says */
	if (e->code != ERR_BUSY && e->code != ERR_CONFLICT)
		return give_up(db, j, e);
	return -1;
}

int
import_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	int rc = slice(a, db, s, j, lease_us, e);
	budget_enter(NULL, false);
	return rc;
}
