/* See bulk_people.h: taking it back. What is undone is what event_apply, or a move into a segment, kept under the job's id as a batch. */
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "event/undo.h"
#include "exchange/bulk_people.h"
#include "exchange/bulk_segment.h"
#include "profile/merge.h"
#include "store/db.h"
#include "store/job.h"

enum { UNDO_SLICE = 500 };

int
people_may_undo(
	struct arena *a, struct db *db, int64_t company_id, int64_t job_id, struct err *e)
{
	struct val rows;
	return batch_nodes(a, db, company_id, job_id, 0, 1, &rows, e) < 0
		       ? -1
		       : val_len(&rows) > 0;
}

int
people_undo(struct arena *a, struct db *db, int64_t company_id, int64_t job_id,
	int64_t user_id, int64_t *undo_job_id, struct err *e)
{
	struct val job, args = val_map(a), result = val_map(a);
	int found = job_by_id(a, db, company_id, job_id, &job, e);
	if (found < 1 || !text_is(val_as_text(val_get(&job, "kind")), PEOPLE_JOB))
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such job");
	struct text state = val_as_text(val_get(&job, "state"));
	int left = people_may_undo(a, db, company_id, job_id, e);
	int busy = left < 1 ? left
			    : job_is_going_after(a, db, company_id, job_id, PEOPLE_UNDO_JOB,
				      "people", e);
	if (left < 0 || busy < 0)
		return -1;
	if (left == 0 || busy == 1 || text_is(state, "queued") || text_is(state, "running"))
		return err_set(e, ERR_CONFLICT,
			"there is nothing to take back, or it is under way");
	const struct val *told = val_get(&job, "result");
	val_put(a, &result, "action", val_text("undo"));
	if (val_get(told, "field") != NULL)
		val_put(a, &result, "field", *val_get(told, "field"));
	if (val_get(told, "segment") != NULL) {
		val_put(a, &result, "segment", *val_get(told, "segment"));
		val_put(a, &result, "undone", *val_get(told, "action"));
	}
	val_put(a, &args, "people", val_id(a, job_id));
	val_put(a, &args, "total", val_int(val_as_int(val_get(told, "changed"), 0)));
	val_put(a, &args, "result", result);
	return job_add(a, db, company_id, PEOPLE_UNDO_JOB, &args, user_id, undo_job_id, e);
}

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
commit_moved(struct db *db, void *obj, const int64_t *ids, size_t n, int64_t at_us,
	struct err *e)
{
	(void)ids;
	(void)n;
	(void)at_us;
	return commit_slice(db, obj, NULL, e);
}

/* 1 more is left, 0 all is undone, -1 */
static int
undo_moves(struct undoing *u, struct db *db, const struct settings *s,
	struct event_types *types, int64_t job_id, struct err *e)
{
	const struct val *told = val_get(&u->job.args, "result");
	struct people_move m = {.company_id = u->job.company_id,
		.job_id = job_id,
		.segment_id = val_as_int(val_get(told, "segment"), 0),
		.user_id = u->job.created_by,
		.in = people_action_of(val_as_text(val_get(told, "undone"))) ==
		      PEOPLE_ENTER,
		.also = commit_moved,
		.obj = u};
	size_t n;
	if (segment_static_wait(u->arena, db, s, m.company_id, PEOPLE_WAIT_MS, e) < 0 ||
		people_segment_undo(u->arena, db, types, &m, UNDO_SLICE, &n, e) < 0)
		return -1;
	return n == UNDO_SLICE;
}

/* Its cursor is not in the job: what is taken back is forgotten by the same transaction. */
int
people_undo_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	struct arena *turn = arena_new();
	struct event_types *types = event_types_new();
	struct undoing u = {.arena = turn, .job = *j, .lease_us = lease_us};
	int64_t id = val_as_int(val_get(&j->args, "people"), 0), cursor = 0;
	u.job.total = val_as_int(val_get(&j->args, "total"), 0);
	u.job.done = j->done + UNDO_SLICE < u.job.total ? j->done + UNDO_SLICE
							: u.job.total;
	bool moves = val_get(val_get(&j->args, "result"), "segment") != NULL;
	int rc = moves ? undo_moves(&u, db, s, types, id, e)
		       : event_undo(turn, db, types, j->company_id, id, &cursor, UNDO_SLICE,
				 commit_slice, &u, e);
	if (rc >= 0) {
		j->done = u.job.done;
		j->total = u.job.total;
	}
	if (rc == 0)
		rc = job_end(a, db, j, NULL, e);
	event_types_free(types);
	arena_free(turn);
	return rc;
}
