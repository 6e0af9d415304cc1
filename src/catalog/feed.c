/* See feed.h. */
#include "catalog/feed.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "base/url.h"
#include "store/db.h"
#include "store/job.h"

#include <string.h>

static void
complete(struct arena *a, const struct val *row, struct val *out)
{
	struct val problems;
	struct err ignored;
	*out = row_map(a, row, 0,
		DB_KEYS("id", "name", "url", "kind", "every_h", "state", "error",
			"problems", "problem_count", "product_count", "gone_count",
			"file_hash", "job_id", "created_at_us", "ran_at_us", "next_at_us"));
	if (json_parse(a, row_text(row, 7), &problems, &ignored) < 0)
		problems = val_list(a);
	val_put(a, out, "problems", problems);
}

int
feed_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *list, struct err *e)
{
	struct val rows;
	*list = val_list(a);
	if (db_rows(a, db, QUERY_FEED_ALL, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		struct val one;
		complete(a, &rows.list->at[i], &one);
		val_push(a, list, one);
	}
	return 0;
}

int
feed_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id, struct val *out,
	struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_FEED_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found == 1)
		complete(a, &row, out);
	return found;
}

/* A job that reads it; whoever had it gives way. Inside a transaction. */
static int
queue(struct arena *a, struct db *db, int64_t company_id, int64_t id, bool force,
	int64_t user_id, struct err *e)
{
	struct val args = val_map(a);
	int64_t job_id;
	val_put(a, &args, "feed", val_id(a, id));
	val_put(a, &args, "force", val_bool(force));
	if (job_add(a, db, company_id, FEED_JOB, &args, user_id, &job_id, e) < 0)
		return -1;
	return db_exec(db, QUERY_FEED_JOB,
		DB_ARGS(val_int(job_id), val_int(company_id), val_int(id)), NULL, e);
}

static int
check(struct arena *a, struct db *db, int64_t company_id, struct text name, struct text url,
	int64_t every_h, struct err *e)
{
	struct val all;
	if (name.n == 0 || text_length(name) > 100)
		return err_field(e, "name", "a feed has a name of 1 to 100 characters");
	if (url.n > 2000 || !url_is_web(url))
		return err_field(
			e, "url", "an address is expected: https://shop.example/feed.xml");
	if (every_h < 0 || every_h > FEED_HOURS_MAX)
		return err_field(e, "every_h", "a feed is read every 1 to %d hours, or 0",
			FEED_HOURS_MAX);
	if (feed_all(a, db, company_id, &all, e) < 0)
		return -1;
	if (val_len(&all) >= FEEDS_MAX)
		return err_field(
			e, "name", "there are %d feeds, no more are taken", FEEDS_MAX);
	for (size_t i = 0; i < val_len(&all); i++)
		if (text_same(val_as_text(val_get(&all.list->at[i], "name")), name)) {
			err_field(e, "name", "taken");
			e->code = ERR_CONFLICT;
			return -1;
		}
	return 0;
}

int
feed_add(struct arena *a, struct db *db, int64_t company_id, struct text name,
	struct text url, int64_t every_h, int64_t user_id, int64_t *id, struct err *e)
{
	name = text_trim(name);
	url = text_trim(url);
	if (check(a, db, company_id, name, url, every_h, e) < 0)
		return -1;
	*id = id_make();
	if (db_begin(db, e) < 0)
		return -1;
	if (db_exec(db, QUERY_FEED_INSERT,
		    DB_ARGS(val_int(company_id), val_int(*id), val_of(name), val_of(url),
			    val_int(every_h), val_int(time_now_us())),
		    NULL, e) == 0 &&
		queue(a, db, company_id, *id, false, user_id, e) == 0 &&
		db_commit(db, e) == 0)
		return 0;
	db_rollback(db);
	return -1;
}

int
feed_run(struct arena *a, struct db *db, int64_t company_id, int64_t id, bool force,
	int64_t user_id, struct err *e)
{
	if (db_begin(db, e) < 0)
		return -1;
	if (queue(a, db, company_id, id, force, user_id, e) == 0 && db_commit(db, e) == 0)
		return 0;
	db_rollback(db);
	return -1;
}

int
feed_delete(struct db *db, int64_t company_id, int64_t id, struct err *e)
{
	if (db_begin(db, e) < 0)
		return -1;
	if (db_exec(db, QUERY_FEED_DELETE, DB_ARGS(val_int(company_id), val_int(id)), NULL,
		    e) == 0 &&
		db_exec(db, QUERY_CATEGORY_DELETE,
			DB_ARGS(val_int(company_id), val_int(id)), NULL, e) == 0 &&
		db_commit(db, e) == 0)
		return 0;
	db_rollback(db);
	return -1;
}
