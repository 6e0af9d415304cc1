/* See stop.h. */
#include "exchange/stop.h"
#include "base/err.h"
#include "base/time.h"
#include "campaign/campaign.h"
#include "campaign/launch.h"
#include "catalog/feed.h"
#include "exchange/erase.h"
#include "exchange/import.h"
#include "exchange/run.h"
#include "store/db.h"
#include "store/job.h"

#include <string.h>

bool
stop_may(struct text kind)
{
	return !text_is(kind, ERASE_JOB) && !text_is(kind, ERASE_AMONG_JOB) &&
	       !text_is(kind, FEED_JOB) && !text_is(kind, IMPORT_FEED_JOB);
}

/* The job and its import's state in one transaction. */
static int
stop_import(struct db *db, int64_t company_id, int64_t job_id, int64_t import_id,
	const char *before, struct err *e)
{
	if (db_begin(db, e) < 0)
		return -1;
	int cancelled = job_cancel(db, company_id, job_id, e);
	if (cancelled < 0 ||
		(cancelled == 1 &&
			db_exec(db, QUERY_IMPORT_MOVE,
				DB_ARGS(val_text("cancelled"), val_text(""),
					val_int(time_now_us()), val_int(company_id),
					val_int(import_id), val_text(before)),
				NULL, e) < 0)) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e) < 0 ? -1 : cancelled;
}

/* A check or a run: as the import itself is cancelled. */
static int
stop_run(struct arena *a, struct db *db, int64_t company_id, int64_t job_id,
	int64_t import_id, struct err *e)
{
	struct import im;
	int found = import_by_id(a, db, company_id, import_id, &im, e);
	if (found < 0)
		return -1;
	return found == 1 && im.job_id == job_id ? import_cancel(a, db, &im, e)
						 : job_cancel(db, company_id, job_id, e);
}

int
stop_job(struct arena *a, struct db *db, int64_t company_id, int64_t job_id, struct err *e)
{
	struct val job;
	int found = job_by_id(a, db, company_id, job_id, &job, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such job");
	struct text kind = val_as_text(val_get(&job, "kind")),
		    state = val_as_text(val_get(&job, "state"));
	int64_t object = val_as_int(val_get(&job, "object"), 0);
	if (!text_is(state, "queued") && !text_is(state, "running"))
		return 0;
	if (!stop_may(kind))
		return err_set(e, ERR_CONFLICT,
			text_starts(kind, ERASE_JOB)
				? "an erasure is not stopped: the person is gone already"
				: "this goes on by itself: pause or remove the feed");
	if (text_is(kind, IMPORT_JOB))
		return stop_run(a, db, company_id, job_id, object, e);
	if (text_is(kind, IMPORT_FETCH_JOB))
		return stop_import(db, company_id, job_id, object, "fetching", e);
	if (text_is(kind, IMPORT_UNDO_JOB)) /* what is left can be taken back later */
		return stop_import(db, company_id, job_id, object, "undoing", e);
	if (text_is(kind, CAMPAIGN_JOB) &&
		campaign_stop(a, db, company_id, object, e) < 0 &&
		e->code != ERR_CONFLICT && e->code != ERR_MISSING)
		return -1;
	return job_cancel(db, company_id, job_id, e);
}
