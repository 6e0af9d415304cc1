/* See job.h. */
#include "store/job.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/time.h"
#include "store/db.h"

#include <string.h>

int
job_add(struct arena *a, struct db *db, int64_t company_id, const char *kind,
	const struct val *args, int64_t user_id, int64_t *id, struct err *e)
{
	int64_t now_us = time_now_us();
	*id = id_make();
	return db_exec(db, QUERY_JOB_INSERT,
		DB_ARGS(val_int(company_id), val_int(*id), val_text(kind),
			val_of(json_text(a, args)), val_int(user_id), val_int(now_us),
			val_int(now_us)),
		NULL, e);
}

#define JOB_KEYS                                                                           \
	DB_KEYS("id", "kind", "state", "done", "total", "error", "created_at_us", "user_id")

/* A row of JOB_BY_ID as a map; what it is of stands in its arguments under the name of that. */
static int
as_map(struct arena *a, const struct val *row, struct val *args, struct val *out,
	struct err *e)
{
	static const char *const objects[] = {
		"import", "export", "feed", "campaign", "people"};
	*out = row_map(a, row, 0, JOB_KEYS);
	if (json_parse(a, row_text(row, 8), args, e) < 0)
		return err_wrap(e, "a job's arguments");
	val_put(a, out, "object", val_null());
	for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
		if (val_get(args, objects[i]) != NULL)
			val_put(a, out, "object", *val_get(args, objects[i]));
	return 0;
}

int
job_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id, struct val *out,
	struct err *e)
{
	struct val row;
	int found = db_row(
		a, db, QUERY_JOB_BY_ID, DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found < 1)
		return found;
	struct val args;
	if (as_map(a, &row, &args, out, e) < 0)
		return -1;
	if (val_get(&args, "result") != NULL)
		val_put(a, out, "result", *val_get(&args, "result"));
	return 1;
}

bool
job_is_state(struct text t)
{
	static const char *const states[] = {
		"queued", "running", "done", "failed", "cancelled"};
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (text_is(t, states[i]))
			return true;
	return false;
}

int
job_page(struct arena *a, struct db *db, int64_t company_id, int64_t before,
	struct text state, size_t limit, struct val *out, struct err *e)
{
	struct val rows, args, one;
	*out = val_list(a);
	if (db_rows(a, db, QUERY_JOB_PAGE,
		    DB_ARGS(val_int(company_id), val_int(before), val_of(state),
			    val_of(state), val_int((int64_t)limit)),
		    &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&rows); i++) {
		if (as_map(a, &rows.list->at[i], &args, &one, e) < 0)
			return -1;
		const struct val *result = val_get(&args, "result");
		if (result != NULL && val_get(result, "errors") == NULL)
			val_put(a, &one, "result", *result);
		val_push(a, out, one);
	}
	return 0;
}

int
job_last(struct arena *a, struct db *db, int64_t company_id, const char *kind, int64_t *id,
	struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_JOB_LAST,
		DB_ARGS(val_int(company_id), val_text(kind)), &row, e);
	if (found == 1)
		*id = row_int(&row, 0);
	return found;
}

int
job_is_going_after(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	const char *kind, const char *name, struct err *e)
{
	struct val row;
	return db_row(a, db, QUERY_JOB_GOING_AFTER,
		DB_ARGS(val_int(company_id), val_int(id), val_text(kind),
			val_text(arena_printf(a, "$.%s", name)), val_id(a, id)),
		&row, e);
}

int
job_cancel(struct db *db, int64_t company_id, int64_t id, struct err *e)
{
	int64_t changed;
	if (db_exec(db, QUERY_JOB_CANCEL, DB_ARGS(val_int(company_id), val_int(id)),
		    &changed, e) < 0)
		return -1;
	return changed > 0;
}

/* Takes the row that is locked: held on, or set aside when it was in hand at too many crashes. */
static int
take(struct arena *a, struct db *db, const struct val *row, int64_t until_us,
	struct job *out, struct err *e)
{
	bool died = text_is(row_text(row, 7), "running");
	int64_t crashes = row_int(row, 8) + died;
	bool aside = crashes >= JOB_CRASHES_MAX;
	*out = (struct job){.company_id = row_int(row, 0),
		.id = row_int(row, 1),
		.kind = row_z(a, row, 2),
		.done = row_int(row, 3),
		.total = row_int(row, 4),
		.created_by = row_int(row, 9),
		.fence = row_int(row, 6) + 1};
	if (db_exec(db, QUERY_JOB_TAKE,
		    DB_ARGS(val_text(aside ? "failed" : "running"),
			    val_text(aside ? "set aside: it was in hand at two crashes"
					   : ""),
			    val_int(until_us), val_int(crashes), val_int(out->company_id),
			    val_int(out->id)),
		    NULL, e) < 0)
		return -1;
	return aside ? 0 : json_parse(a, row_text(row, 5), &out->args, e) < 0 ? -1 : 1;
}

int
job_claim(struct arena *a, struct db *db, int64_t lease_us, struct job *out, struct err *e)
{
	static const char *const states[] = {"queued", "running"};
	int64_t now_us = time_now_us();
	int taken = 0;
	if (db_begin(db, e) < 0)
		return -1;
	for (size_t i = 0; i < 2 && taken == 0; i++) {
		struct val row;
		int found = db_row(a, db, QUERY_JOB_DUE,
			DB_ARGS(val_text(states[i]), val_int(now_us)), &row, e);
		taken = found == 1 ? take(a, db, &row, now_us + lease_us, out, e) : found;
	}
	if (taken >= 0 && db_commit(db, e) == 0)
		return taken;
	db_rollback(db);
	return -1;
}

static int
guarded(int rc, int64_t changed, struct err *e)
{
	return rc < 0	      ? -1
	       : changed == 1 ? 0
			      : err_set(e, ERR_CONFLICT, "the job is not ours any more");
}

int
job_progress(struct arena *a, struct db *db, const struct job *j, int64_t lease_us,
	struct err *e)
{
	int64_t changed = 0;
	int rc = db_exec(db, QUERY_JOB_PROGRESS,
		DB_ARGS(val_int(j->done), val_int(j->total), val_of(json_text(a, &j->args)),
			val_int(time_now_us() + lease_us), val_int(j->company_id),
			val_int(j->id), val_int(j->fence)),
		&changed, e);
	return guarded(rc, changed, e);
}

static int
let_go(struct arena *a, struct db *db, const struct job *j, const char *state,
	const char *error, int64_t due_at_us, struct err *e)
{
	int64_t changed = 0;
	struct text cut = text_of(error);
	cut.n = cut.n > 500 ? 500 : cut.n;
	int rc = db_exec(db, QUERY_JOB_LET_GO,
		DB_ARGS(val_text(state), val_of(cut), val_int(j->done), val_int(j->total),
			val_of(json_text(a, &j->args)), val_int(due_at_us),
			val_int(j->company_id), val_int(j->id), val_int(j->fence)),
		&changed, e);
	return guarded(rc, changed, e);
}

int
job_rest(struct arena *a, struct db *db, const struct job *j, int64_t due_at_us,
	struct err *e)
{
	return let_go(a, db, j, "queued", "", due_at_us, e);
}

int
job_end(struct arena *a, struct db *db, const struct job *j, const char *error,
	struct err *e)
{
	return let_go(a, db, j, error != NULL ? "failed" : "done",
		error != NULL ? error : "", 0, e);
}
