/* See run.h: taking an import back, a slice of the people it touched at a time. */
#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "event/undo.h"
#include "exchange/import.h"
#include "exchange/run.h"
#include "store/db.h"
#include "store/job.h"

enum { PEOPLE = 500 };

struct undoing {
	struct arena *arena;
	struct job job;
	int64_t lease_us;
};

static int
commit_slice(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	struct undoing *u = obj;
	(void)applied;
	return job_progress(u->arena, db, &u->job, u->lease_us, e);
}

static int
finish(struct arena *a, struct db *db, const struct job *j, int64_t id, const char *state,
	const char *error, struct err *e)
{
	if (db_begin(db, e) < 0)
		return -1;
	if (db_exec(db, QUERY_IMPORT_MOVE,
		    DB_ARGS(val_text(state), val_text(error), val_int(time_now_us()),
			    val_int(j->company_id), val_int(id), val_text("undoing")),
		    NULL, e) < 0 ||
		job_end(a, db, j, error[0] != '\0' ? error : NULL, e) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e);
}

/* Its cursor is not in the job: what is taken back is forgotten by the same transaction, so the next slice begins with what is left. */
int
import_undo_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	struct arena *turn = arena_new();
	struct event_types *types = event_types_new();
	struct undoing u = {.arena = turn, .job = *j, .lease_us = lease_us};
	int64_t id = val_as_int(val_get(&j->args, "import"), 0), cursor = 0;
	(void)s;
	u.job.done = j->done + PEOPLE;
	int rc = event_undo(
		turn, db, types, j->company_id, id, &cursor, PEOPLE, commit_slice, &u, e);
	if (rc >= 0)
		j->done = u.job.done;
	if (rc == 0)
		rc = finish(a, db, j, id, "undone", "", e);
	else if (rc < 0 && e->code != ERR_BUSY && e->code != ERR_CONFLICT) {
		struct err why = *e, ignored;
		finish(a, db, j, id, "failed", why.text, &ignored);
		*e = why;
	}
	event_types_free(types);
	arena_free(turn);
	return rc;
}
