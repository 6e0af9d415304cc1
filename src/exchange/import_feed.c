/* See import_feed.h. Fetching holds its job longer than others do: the lease lasts as long as the transfer may. */
#include "exchange/import_feed.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/id.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "base/url.h"
#include "exchange/import_parts.h"
#include "exchange/run.h"
#include "store/db.h"
#include "store/job.h"
#include "tenant/company.h"
#include "wire/fetch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FETCH_MS = 300000, TRY_AGAIN_US = 15 * 60 * 1000000 };

/* The last part of the path. */
static const char *
name_of(struct arena *a, const char *url)
{
	const char *end = url + strcspn(url, "?#"), *from = end;
	while (from > url && from[-1] != '/')
		from--;
	struct text t = text_cut(
		url_decode(a, (struct text){from, (size_t)(end - from)}), 250);
	return t.n > 0 && text_is_utf8(t) ? text_z(a, t) : "file";
}

static int
check_url(const char *url, struct err *e)
{
	return url_is_web(text_of(url)) && strlen(url) <= 2000
		       ? 0
		       : err_field(e, "url",
				 "an address begins with https:// or http:// and has no "
				 "password "
				 "in it");
}

int
import_fetch(struct arena *a, struct db *db, int64_t company_id, const char *url,
	int64_t user_id, int64_t *id, struct err *e)
{
	struct val args = val_map(a);
	int64_t job;
	*id = id_make();
	if (check_url(url, e) < 0 || db_begin(db, e) < 0)
		return -1;
	val_put(a, &args, "import", val_id(a, *id));
	val_put(a, &args, "url", val_text(url));
	if (job_add(a, db, company_id, IMPORT_FETCH_JOB, &args, user_id, &job, e) < 0 ||
		db_exec(db, QUERY_IMPORT_FETCHING,
			DB_ARGS(val_int(company_id), val_int(*id),
				val_text(name_of(a, url)), val_int(job), val_int(user_id),
				val_int(time_now_us())),
			NULL, e) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e);
}

/* A file as it came. */
struct fetched {
	int64_t bytes;
	const char *etag, *hash;
	bool is_same; /* nothing new: there is no file then */
};

static int
hash_file(struct arena *a, const char *path, const char **hash, struct err *e)
{
	static const size_t piece = 64 * 1024;
	char *part = arena_alloc(a, piece);
	FILE *f = fopen(path, "rbe");
	if (f == NULL)
		return err_set(e, ERR_BUSY, "the file: %s", strerror(errno));
	*hash = "";
	for (size_t n; (n = fread(part, 1, piece, f)) > 0;) {
		struct str s = str_new(a);
		str_addz(&s, *hash);
		str_addz(&s, sign_hash(a, (struct text){part, n}));
		*hash = sign_hash(a, str_text(&s));
	}
	fclose(f);
	return 0;
}

/* To files_path(id, "in"). -1 ERR_INPUT, ERR_DENIED, ERR_SIZE for good; ERR_BUSY for now. */
static int
get(struct arena *a, const struct settings *s, int64_t company_id, int64_t id,
	const char *url, const char *etag, struct fetched *out, struct err *e)
{
	struct fetch *f;
	struct fetch_answer answer;
	const char *headers[2] = {arena_printf(a, "If-None-Match: %s", etag), NULL};
	int fd = files_begin(a, s, company_id, id, "in", e);
	if (fd < 0)
		return -1;
	struct fetch_order o = {.url = url,
		.plain = true,
		.redirects = FETCH_REDIRECTS_MAX,
		.body_max = IMPORT_FILE_MAX,
		.timeout_ms = FETCH_MS,
		.into = &fd,
		.headers = etag[0] != '\0' ? headers : NULL};
	int rc = fetch_open(s, &f, e);
	if (rc == 0)
		rc = fetch(a, f, &o, &answer, e);
	if (rc == 0)
		fetch_close(f);
	if (rc == 0 && answer.status != 200 && answer.status != 304)
		rc = err_set(e, ERR_INPUT, "the address answers %d, not with a file",
			answer.status);
	*out = (struct fetched){.etag = "", .hash = ""};
	out->is_same = rc == 0 && answer.status == 304;
	if (rc < 0 || out->is_same) {
		close(fd);
		files_drop(a, s, company_id, id, "in");
		return rc;
	}
	out->bytes = answer.bytes;
	out->etag = text_z(a, answer.etag);
	return files_end(a, s, company_id, id, "in", fd, e) < 0
		       ? -1
		       : hash_file(
				 a, files_path(a, s, company_id, id, "in"), &out->hash, e);
}

/* Holds the job as long as the transfer may take. */
static int
hold(struct arena *a, struct db *db, const struct job *j, struct err *e)
{
	if (db_begin(db, e) < 0)
		return -1;
	if (job_progress(a, db, j, 2 * (int64_t)FETCH_MS * 1000, e) == 0)
		return db_commit(db, e);
	db_rollback(db);
	return -1;
}

/* The import fails and says why. */
static int
failed(struct arena *a, struct db *db, const struct job *j, int64_t id,
	const struct err *why, struct err *e)
{
	char text[500];
	snprintf(text, sizeof text, "%.*s", (int)text_cut(text_of(why->text), 499).n,
		why->text);
	return db_exec(db, QUERY_IMPORT_MOVE,
		       DB_ARGS(val_text("failed"), val_text(text), val_int(time_now_us()),
			       val_int(j->company_id), val_int(id), val_text("fetching")),
		       NULL, e) < 0 ||
			       job_end(a, db, j, text, e) < 0
		       ? -1
		       : 0;
}

int
import_fetch_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	struct import im;
	struct fetched got;
	struct company company;
	struct err why;
	int64_t id = val_as_int(val_get(&j->args, "import"), 0);
	(void)lease_us;
	if (import_by_id(a, db, j->company_id, id, &im, e) < 1 ||
		company_by_id(a, db, j->company_id, &company, e) < 1)
		return -1;
	if (strcmp(im.state, "fetching") != 0)
		return job_end(a, db, j, NULL, e);
	if (import_room(a, db, s, j->company_id, 0, e) < 0)
		return failed(a, db, j, id, (why = *e, &why), e);
	if (hold(a, db, j, e) < 0)
		return -1;
	const char *url = val_as_z(a, val_get(&j->args, "url"));
	if (get(a, s, j->company_id, id, url, "", &got, &why) < 0)
		return failed(a, db, j, id, &why, e);
	im.bytes = got.bytes;
	im.shape = im.mapping = val_null();
	if (import_look(a, db, s, &company, &im, &why) < 0)
		return failed(a, db, j, id, &why, e);
	if (db_exec(db, QUERY_IMPORT_FETCHED,
		    DB_ARGS(val_int(im.bytes), val_int(im.source_id),
			    val_of(json_text(a, &im.shape)),
			    val_of(json_text(a, &im.columns)),
			    val_of(json_text(a, &im.mapping)), val_int(im.company_id),
			    val_int(id)),
		    NULL, e) < 0)
		return -1;
	return job_end(a, db, j, NULL, e);
}

/* --- again and again --- */

static int64_t
next_at(const struct company *c, int64_t every_h, int64_t minute_of_day)
{
	int64_t now_us = time_now_us();
	const struct zone *zone = zone_find(text_of(c->timezone));
	if (every_h > 0)
		return now_us + every_h * HOUR_US;
	zone = zone != NULL ? zone : zone_utc();
	int64_t at_us = zone_day_us(zone, now_us, 0) + minute_of_day * MINUTE_US;
	return at_us > now_us ? at_us
			      : zone_day_us(zone, now_us, 1) + minute_of_day * MINUTE_US;
}

static int
add_job(struct arena *a, struct db *db, int64_t company_id, int64_t feed_id,
	int64_t user_id, int64_t *job, struct err *e)
{
	struct val args = val_map(a);
	val_put(a, &args, "feed", val_id(a, feed_id));
	return job_add(a, db, company_id, IMPORT_FEED_JOB, &args, user_id, job, e);
}

int
import_feed_add(struct arena *a, struct db *db, const struct company *company,
	const struct import *im, const struct import_feed_order *o, int64_t *id,
	struct err *e)
{
	int64_t job;
	if (check_url(o->url, e) < 0)
		return -1;
	if (o->every_h < 0 || o->every_h > IMPORT_EVERY_H_MAX || o->minute_of_day < 0 ||
		o->minute_of_day >= 24 * 60)
		return err_field(e, "every_h",
			"a file is fetched every 1 to %d hours, or "
			"once a day at a time",
			IMPORT_EVERY_H_MAX);
	if (val_get(&im->mapping, "key") == NULL)
		return err_set(e, ERR_CONFLICT,
			"check or run this import first: its mapping is used again");
	*id = id_make();
	if (db_begin(db, e) < 0)
		return -1;
	if (add_job(a, db, company->id, *id, o->user_id, &job, e) < 0 ||
		db_exec(db, QUERY_IMPORT_FEED_PUT,
			DB_ARGS(val_int(company->id), val_int(*id),
				val_text(name_of(a, o->url)), val_text(o->url),
				val_int(o->every_h), val_int(o->minute_of_day),
				val_of(json_text(a, &im->shape)),
				val_of(json_text(a, &im->mapping)), val_int(job),
				val_int(time_now_us()), val_int(o->user_id),
				val_int(time_now_us())),
			NULL, e) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e);
}

int
import_feed_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_IMPORT_FEED_ALL, DB_ARGS(val_int(company_id)), &rows, e) <
		0)
		return -1;
	*out = row_maps(a, &rows, 0,
		DB_KEYS("id", "name", "url", "state", "every_h", "minute_of_day",
			"next_at_us", "last_at_us", "said"));
	return 0;
}

int
import_feed_set_state(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	bool on, const char **url, struct err *e)
{
	struct val row;
	int64_t job;
	int found = db_row(a, db, QUERY_IMPORT_FEED_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found < 1)
		return found;
	*url = row_z(a, &row, 2);
	job = row_int(&row, 10);
	if (text_is(row_text(&row, 3), on ? "active" : "paused"))
		return 1;
	if (db_begin(db, e) < 0)
		return -1;
	int rc = on ? add_job(a, db, company_id, id, row_int(&row, 14), &job, e)
		    : job_cancel(db, company_id, job, e);
	if (rc < 0 ||
		db_exec(db, QUERY_IMPORT_FEED_STATE,
			DB_ARGS(val_text(on ? "active" : "paused"), val_int(job),
				val_int(time_now_us()), val_int(company_id), val_int(id)),
			NULL, e) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e) < 0 ? -1 : 1;
}

/* The file there is now: an import of it, started, or why not. -1: the sentence. */
static int
bring(struct arena *a, struct db *db, const struct settings *s, const struct company *c,
	const struct val *row, struct fetched *got, struct err *e)
{
	struct import im = {.id = id_make(),
		.company_id = c->id,
		.feed_id = row_int(row, 0),
		.name = row_z(a, row, 1),
		.created_by = row_int(row, 14)};
	if (import_room(a, db, s, c->id, 0, e) < 0 ||
		json_parse(a, row_text(row, 6), &im.shape, e) < 0 ||
		json_parse(a, row_text(row, 7), &im.mapping, e) < 0 ||
		get(a, s, c->id, im.id, row_z(a, row, 2), row_z(a, row, 8), got, e) < 0)
		return -1;
	got->is_same = got->is_same || text_is(row_text(row, 9), got->hash);
	im.bytes = got->bytes;
	im.file_hash = got->hash;
	if (!got->is_same && import_create(a, db, s, c, &im, e) == 0)
		return import_start(a, db, s, c, &im, &im.mapping, false, im.created_by, e);
	files_drop(a, s, c->id, im.id, "in");
	return got->is_same ? 0 : -1;
}

int
import_feed_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	struct val row;
	struct company c;
	struct fetched got = {.etag = "", .hash = ""};
	struct err why = {0};
	int64_t id = val_as_int(val_get(&j->args, "feed"), 0), now_us = time_now_us();
	(void)lease_us;
	int found = db_row(a, db, QUERY_IMPORT_FEED_BY_ID,
		DB_ARGS(val_int(j->company_id), val_int(id)), &row, e);
	if (found < 0 || company_by_id(a, db, j->company_id, &c, e) < 0)
		return -1;
	if (found == 0 || !text_is(row_text(&row, 3), "active") ||
		row_int(&row, 10) != j->id)
		return job_end(a, db, j, NULL, e);
	if (row_int(&row, 11) > now_us)
		return job_rest(a, db, j, row_int(&row, 11), e);
	if (hold(a, db, j, e) < 0)
		return -1;
	bool good = bring(a, db, s, &c, &row, &got, &why) == 0;
	int64_t next_us = next_at(&c, row_int(&row, 4), row_int(&row, 5));
	if (!good && why.code == ERR_BUSY && next_us > now_us + TRY_AGAIN_US)
		next_us = now_us + TRY_AGAIN_US;
	const char *said = !good ? why.text : got.is_same ? "same" : "new";
	bool fresh = good && !got.is_same;
	if (db_exec(db, QUERY_IMPORT_FEED_SAID,
		    DB_ARGS(fresh ? val_text(got.etag) : val_of(row_text(&row, 8)),
			    fresh ? val_text(got.hash) : val_of(row_text(&row, 9)),
			    val_int(next_us), val_int(now_us),
			    val_of(text_cut(text_of(said), 499)), val_int(j->company_id),
			    val_int(id)),
		    NULL, e) < 0)
		return -1;
	return job_rest(a, db, j, next_us, e);
}
