/* See launch.h. */
#include "campaign/launch.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "campaign/campaign.h"
#include "message/figure.h"
#include "message/message.h"
#include "segment/store.h"
#include "store/db.h"
#include "store/job.h"

#include <stdio.h>

enum { PAGE = 1000 };

static int
move(struct db *db, const struct job *j, int64_t id, const char *state, const char *error,
	struct val done_at, struct err *e)
{
	return db_exec(db, QUERY_CAMPAIGN_MOVE,
		DB_ARGS(val_text(state), val_text(error), val_int(time_now_us()),
			val_null(), done_at, val_int(j->company_id), val_int(id)),
		NULL, e);
}

/* The next page of the segment into the outbox. *more false at its end. */
static int
queue_page(struct arena *a, struct db *db, struct job *j, const struct val *campaign,
	bool *more, struct err *e)
{
	int64_t id = row_int(campaign, 0), *ids, queued;
	int64_t after = val_as_int(val_get(&j->args, "after"), 0);
	size_t n;
	if (segment_member_ids(a, db, j->company_id, row_int(campaign, 4), after, PAGE,
		    &ids, &n, e) < 0)
		return -1;
	struct message_to *to = arena_array(a, n + 1, sizeof *to);
	struct message_order order = {.company_id = j->company_id,
		.origin_id = id,
		.template_id = row_int(campaign, 3)};
	for (size_t i = 0; i < n; i++)
		to[i] = (struct message_to){ids[i], text_of("")};
	struct figure audience = {j->company_id, id, "audience", (int64_t)n};
	if (message_queue(a, db, &order, to, n, NULL, &queued, e) < 0 ||
		(n > 0 && figure_add(a, db, &audience, 1, e) < 0))
		return -1;
	j->done += (int64_t)n;
	if (n > 0)
		val_put(a, &j->args, "after", val_id(a, ids[n - 1]));
	*more = n == PAGE;
	return 0;
}

/* How long to look away: often at first, seldom in a campaign that waits for hours. */
static int64_t
next_look_us(const struct val *campaign, int64_t now_us)
{
	int64_t wait = (now_us - row_int(campaign, 9)) / 20;
	return now_us + (wait < SECOND_US / 4		? SECOND_US / 4
				: wait > 15 * SECOND_US ? 15 * SECOND_US
							: wait);
}

static int
watch(struct arena *a, struct db *db, struct job *j, const struct val *campaign,
	struct err *e)
{
	struct val figures;
	int64_t id = row_int(campaign, 0), now_us = time_now_us();
	if (campaign_figures(a, db, j->company_id, id, &figures, e) < 0)
		return -1;
	if (val_as_int(val_get(&figures, "waiting"), 0) > 0)
		return job_rest(a, db, j, next_look_us(campaign, now_us), e);
	return move(db, j, id, "done", "", val_int(now_us), e) < 0 ||
			       job_end(a, db, j, NULL, e) < 0
		       ? -1
		       : 0;
}

/* Inside the transaction. *more: go on at once. */
static int
slice(struct arena *a, struct db *db, struct job *j, int64_t lease_us, bool *more,
	struct err *e)
{
	struct val row;
	int64_t id = val_as_int(val_get(&j->args, "campaign"), 0);
	int found = db_row(a, db, QUERY_CAMPAIGN_LOCK,
		DB_ARGS(val_int(j->company_id), val_int(id)), &row, e);
	*more = false;
	if (found < 0)
		return -1;
	if (found == 1 && text_is(row_text(&row, 5), "launching")) {
		if (queue_page(a, db, j, &row, more, e) < 0)
			return -1;
		j->total = j->done;
		if (!*more && move(db, j, id, "sending", "", val_null(), e) < 0)
			return -1;
		*more = true;
		return job_progress(a, db, j, lease_us, e);
	}
	if (found == 1 && text_is(row_text(&row, 5), "sending"))
		return watch(a, db, j, &row, e);
	return job_end(a, db, j, NULL, e); /* stopped */
}

/* The job fails: the campaign says why. */
static void
give_up(struct db *db, const struct job *j, const struct err *why)
{
	struct err e;
	char text[500];
	snprintf(text, sizeof text, "%.*s", (int)text_cut(text_of(why->text), 499).n,
		why->text);
	move(db, j, val_as_int(val_get(&j->args, "campaign"), 0), "stopped", text,
		val_int(time_now_us()), &e);
}

int
campaign_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	bool more;
	(void)s;
	struct job before = *j;
	struct val args = val_copy(a, &j->args);
	if (db_begin(db, e) < 0)
		return -1;
	int rc = slice(a, db, j, lease_us, &more, e);
	if (rc == 0)
		rc = db_commit(db, e);
	else
		db_rollback(db);
	if (rc == 0)
		return more;
	*j = before;
	j->args = args;
	if (e->code != ERR_BUSY && e->code != ERR_CONFLICT)
		give_up(db, j, e);
	return -1;
}
