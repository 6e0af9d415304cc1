/* Work nobody waits for: a row with a cursor in its arguments. An engine claims one, does a slice, and commits what the slice did
 * together with the cursor; so a job goes on where it was after any crash. */
#ifndef STORE_JOB_H
#define STORE_JOB_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum { JOB_CRASHES_MAX = 2 }; /* in hand at so many crashes: set aside, shown as failed */

struct job {
	int64_t company_id, id;
	const char *kind;
	int64_t done, total;
	struct val args; /* a map; the cursor lives here */
	int64_t created_by, fence;
};

/* Adds a job, alone or inside the caller's transaction. */
int job_add(struct arena *a, struct db *db, int64_t company_id, const char *kind,
	const struct val *args, int64_t user_id, int64_t *id, struct err *e);

/* {id, kind, state: queued|running|done|failed|cancelled, done, total, error, created_at_us, user_id, object: the id of the import, export,
 * feed or campaign it is of, or of the job it takes back, else null; and what the kind has to tell: result}: 1 / 0 / -1. */
int job_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e);

bool job_is_state(struct text t);

/* Newest first, older than before (INT64_MAX: all), of a state (empty: any): the same maps; a result with a list of errors is left out, and so
 * are erasures of one among many. */
int job_page(struct arena *a, struct db *db, int64_t company_id, int64_t before,
	struct text state, size_t limit, struct val *out, struct err *e);

/* The newest of a kind: 1 / 0 / -1. */
int job_last(struct arena *a, struct db *db, int64_t company_id, const char *kind,
	int64_t *id, struct err *e);

/* Whether one of a kind that was begun after another job is under way and has its id in args under a name: 1 / 0 / -1.
 * cost: the key's range of what was begun since. */
int job_is_going_after(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	const char *kind, const char *name, struct err *e);

/* No more of it: 1 cancelled, 0 it is over or not there. */
int job_cancel(struct db *db, int64_t company_id, int64_t id, struct err *e);

/* For the engine. A job that is due, held until now + lease_us: 1 / 0 none / -1. One whose holder died JOB_CRASHES_MAX times is
 * set aside on the way. */
int job_claim(
	struct arena *a, struct db *db, int64_t lease_us, struct job *out, struct err *e);

/* Inside the transaction of the slice: keeps done, total and args and holds on for lease_us more. ERR_CONFLICT: it was cancelled or
 * another has it, roll back. */
int job_progress(struct arena *a, struct db *db, const struct job *j, int64_t lease_us,
	struct err *e);

/* Lets go of it until due_at_us; the same guard. */
int job_rest(struct arena *a, struct db *db, const struct job *j, int64_t due_at_us,
	struct err *e);

/* It is over: error NULL means done, else failed. */
int job_end(struct arena *a, struct db *db, const struct job *j, const char *error,
	struct err *e);

#endif
