/* See campaign.h. */
#include "campaign/campaign.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "campaign/launch.h"
#include "message/figure.h"
#include "message/message.h"
#include "message/template_store.h"
#include "segment/rename.h"
#include "segment/store.h"
#include "store/db.h"
#include "store/job.h"

#include <string.h>

static struct val
as_map(struct arena *a, const struct val *row)
{
	static const char *const names[] = {"id", "name", "channel", "template_id",
		"segment_id", "state", "error", "created_at_us", "updated_at_us",
		"launched_at_us", "done_at_us"};
	struct val map = val_map(a);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		bool is_id = i == 0 || i == 3 || i == 4;
		val_put(a, &map, names[i],
			is_id ? val_id(a, row_int(row, i)) : *row_at(row, i));
	}
	return map;
}

/* What is still on its way. */
static void
add_waiting(struct arena *a, struct val *figures)
{
	static const char *const over[] = {"sent", "failed", "skipped", "uncertain"};
	int64_t waiting = val_as_int(val_get(figures, "queued"), 0);
	for (size_t i = 0; i < sizeof over / sizeof *over; i++)
		waiting -= val_as_int(val_get(figures, over[i]), 0);
	val_put(a, figures, "waiting", val_int(waiting));
}

int
campaign_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *list, struct err *e)
{
	struct val rows, figures;
	*list = val_list(a);
	if (db_rows(a, db, QUERY_CAMPAIGN_ALL, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	int64_t *ids = arena_array(a, rows.list->n + 1, sizeof *ids);
	for (size_t i = 0; i < rows.list->n; i++)
		ids[i] = row_int(&rows.list->at[i], 0);
	if (figure_of(a, db, company_id, ids, rows.list->n, &figures, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		struct val one = as_map(a, &rows.list->at[i]);
		add_waiting(a, &figures.list->at[i]);
		val_put(a, &one, "figures", figures.list->at[i]);
		val_push(a, list, one);
	}
	return 0;
}

int
campaign_figures(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e)
{
	if (figure_all(a, db, company_id, id, out, e) < 0)
		return -1;
	add_waiting(a, out);
	return 0;
}

int
campaign_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e)
{
	struct val row, figures;
	int found = db_row(a, db, QUERY_CAMPAIGN_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found < 1)
		return found;
	if (campaign_figures(a, db, company_id, id, &figures, e) < 0)
		return -1;
	*out = as_map(a, &row);
	val_put(a, out, "figures", figures);
	return 1;
}

int
campaign_find(struct arena *a, struct db *db, int64_t company_id, struct text name,
	int64_t *id, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_CAMPAIGN_BY_NAME,
		DB_ARGS(val_int(company_id), val_of(name)), &row, e);
	if (found == 1)
		*id = row_int(&row, 0);
	return found;
}

struct draft {
	struct text name;
	int64_t template_id, segment_id;
};

static int
check(struct arena *a, struct db *db, int64_t company_id, const struct draft *d,
	struct err *e)
{
	struct letter_template t;
	struct val segment;
	if (text_trim(d->name).n == 0 || text_length(d->name) > CAMPAIGN_NAME_MAX)
		return err_field(
			e, "name", "a name has 1 to %d characters", CAMPAIGN_NAME_MAX);
	int found = message_template_by_id(a, db, company_id, d->template_id, &t, e);
	if (found < 1)
		return found < 0 ? -1
				 : err_field(e, "template_id",
					   "choose a template that exists");
	found = segment_by_id(a, db, company_id, d->segment_id, &segment, e);
	return found < 0    ? -1
	       : found == 0 ? err_field(e, "segment_id", "choose a segment that exists")
			    : 0;
}

static int
save(struct db *db, int64_t company_id, int64_t *id, const struct draft *d, struct err *e)
{
	int64_t now_us = time_now_us(), changed = 0;
	bool is_new = *id == 0;
	if (is_new)
		*id = id_make();
	int rc = is_new ? db_exec(db, QUERY_CAMPAIGN_INSERT,
				  DB_ARGS(val_int(company_id), val_int(*id),
					  val_of(d->name), val_text("email"),
					  val_int(d->template_id), val_int(d->segment_id),
					  val_int(now_us), val_int(now_us)),
				  &changed, e)
			: db_exec(db, QUERY_CAMPAIGN_UPDATE,
				  DB_ARGS(val_of(d->name), val_int(d->template_id),
					  val_int(d->segment_id), val_int(now_us),
					  val_int(company_id), val_int(*id)),
				  &changed, e);
	if (rc < 0 && e->code == ERR_CONFLICT) {
		err_field(e, "name", "there is a campaign \"%.*s\" already",
			(int)text_cut(d->name, 100).n, d->name.at);
		e->code = ERR_CONFLICT;
		return -1;
	}
	if (rc == 0 && changed == 0)
		return err_set(
			e, ERR_CONFLICT, "it was launched: it does not change any more");
	return rc;
}

int
campaign_put(struct arena *a, struct db *db, int64_t company_id, int64_t *id,
	const struct val *card, struct err *e)
{
	struct draft d = {0};
	const struct val *v;
	struct text before = {"", 0};
	if (*id != 0) {
		struct val row;
		int found = db_row(a, db, QUERY_CAMPAIGN_BY_ID,
			DB_ARGS(val_int(company_id), val_int(*id)), &row, e);
		if (found < 1)
			return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such campaign");
		d = (struct draft){row_text(&row, 1), row_int(&row, 3), row_int(&row, 4)};
		before = d.name;
	}
	if ((v = val_get(card, "name")) != NULL)
		d.name = text_trim(val_as_text(v));
	if ((v = val_get(card, "template_id")) != NULL)
		d.template_id = val_as_int(v, 0);
	if ((v = val_get(card, "segment_id")) != NULL)
		d.segment_id = val_as_int(v, 0);
	if (check(a, db, company_id, &d, e) < 0 || db_begin(db, e) < 0)
		return -1;
	if (save(db, company_id, id, &d, e) < 0 ||
		(before.n > 0 && segment_rename(a, db, company_id, "campaign", before,
					 d.name, e) < 0)) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e);
}

static int
move(struct db *db, int64_t company_id, int64_t id, const char *state, struct val launched,
	struct val done, struct err *e)
{
	return db_exec(db, QUERY_CAMPAIGN_MOVE,
		DB_ARGS(val_text(state), val_text(""), val_int(time_now_us()), launched,
			done, val_int(company_id), val_int(id)),
		NULL, e);
}

/* Locks the campaign; its row as it stands. */
static int
lock(struct arena *a, struct db *db, int64_t company_id, int64_t id, struct val *row,
	struct err *e)
{
	int found = db_row(a, db, QUERY_CAMPAIGN_LOCK,
		DB_ARGS(val_int(company_id), val_int(id)), row, e);
	return found < 0    ? -1
	       : found == 0 ? err_set(e, ERR_MISSING, "no such campaign")
			    : 0;
}

static int
launch(struct arena *a, struct db *db, int64_t company_id, int64_t id, int64_t user_id,
	int64_t *job_id, struct err *e)
{
	struct val row, segment, args = val_map(a);
	if (lock(a, db, company_id, id, &row, e) < 0)
		return -1;
	if (!text_is(row_text(&row, 5), "draft"))
		return err_set(e, ERR_CONFLICT, "it was launched already");
	struct draft d = {row_text(&row, 1), row_int(&row, 3), row_int(&row, 4)};
	if (check(a, db, company_id, &d, e) < 0 ||
		segment_by_id(a, db, company_id, d.segment_id, &segment, e) < 0)
		return -1;
	if (!text_is(val_as_text(val_get(&segment, "state")), "ready"))
		return err_field(e, "segment_id",
			"the segment is not ready yet: wait until it is counted");
	struct origin origin = {.id = id, .kind = "campaign", .name = text_z(a, d.name)};
	val_put(a, &args, "campaign", val_id(a, id));
	return origin_put(db, company_id, &origin, e) < 0 ||
			       move(db, company_id, id, "launching", val_int(time_now_us()),
				       val_null(), e) < 0 ||
			       job_add(a, db, company_id, CAMPAIGN_JOB, &args, user_id,
				       job_id, e) < 0
		       ? -1
		       : 0;
}

int
campaign_launch(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	int64_t user_id, int64_t *job_id, struct err *e)
{
	if (db_begin(db, e) < 0)
		return -1;
	if (launch(a, db, company_id, id, user_id, job_id, e) == 0)
		return db_commit(db, e);
	db_rollback(db);
	return -1;
}

static int
stop(struct arena *a, struct db *db, int64_t company_id, int64_t id, struct err *e)
{
	struct val row;
	if (lock(a, db, company_id, id, &row, e) < 0)
		return -1;
	if (!text_is(row_text(&row, 5), "launching") &&
		!text_is(row_text(&row, 5), "sending"))
		return err_set(e, ERR_CONFLICT, "it is not on its way");
	struct origin origin = {id, "campaign", row_z(a, &row, 1), true};
	return origin_put(db, company_id, &origin, e) < 0 ||
			       move(db, company_id, id, "stopped", val_null(),
				       val_int(time_now_us()), e) < 0
		       ? -1
		       : 0;
}

int
campaign_stop(struct arena *a, struct db *db, int64_t company_id, int64_t id, struct err *e)
{
	if (db_begin(db, e) < 0)
		return -1;
	if (stop(a, db, company_id, id, e) == 0)
		return db_commit(db, e);
	db_rollback(db);
	return -1;
}
