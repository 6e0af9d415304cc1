/* See feed.h: one reading. The file is fetched, read once to see that it is whole and how much is in it, then again to apply it; so a feed that is cut
 * off or suddenly has less than half of its products changes nothing. What it does not have any more is no longer available, never deleted.
 * After a crash it begins anew: all of it may be done twice. */
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/id.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/time.h"
#include "catalog/feed.h"
#include "catalog/feed_file.h"
#include "store/db.h"
#include "store/job.h"
#include "wire/fetch.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BATCH = 500, FETCH_S = 600, GUARDED_FROM = 10, GONE_STEP = 5000 };
static const size_t file_max = (size_t)512 * 1024 * 1024;

struct run {
	struct arena *arena, *batch; /* of the reading; of the products in hand */
	struct db *db;
	const struct settings *settings;
	struct job *job;
	int64_t id, run_id, lease_us;
	struct val feed;
	const char *path, *kind;
	/* found */
	int64_t products, problems_n, gone;
	struct val problems;
	/* applying */
	bool applies;
	struct product list[BATCH];
	size_t list_n;
	struct val categories;
	size_t categories_n;
};

/* --- the file --- */

static int
fetch_file(struct run *r, struct err *e)
{
	struct fetch *f;
	struct fetch_answer answer;
	struct fetch_order o = {.url = val_as_z(r->arena, val_get(&r->feed, "url")),
		.plain = true,
		.redirects = FETCH_REDIRECTS_MAX,
		.body_max = file_max,
		.timeout_ms = FETCH_S * 1000};
	int file = files_begin(r->arena, r->settings, r->job->company_id, r->id, "feed", e);
	if (file < 0)
		return -1;
	o.into = &file;
	if (fetch_open(r->settings, &f, e) < 0) {
		close(file);
		return -1;
	}
	int rc = fetch(r->arena, f, &o, &answer, e);
	fetch_close(f);
	if (rc < 0 || answer.status != 200) {
		close(file);
		return rc < 0 ? -1
			      : err_set(e, ERR_INPUT, "the address answered with %d",
					answer.status);
	}
	r->path = files_path(r->arena, r->settings, r->job->company_id, r->id, "feed");
	return files_end(r->arena, r->settings, r->job->company_id, r->id, "feed", file, e);
}

static const char *
hash_of(struct run *r)
{
	struct stat st;
	const char *hash = "";
	int fd = open(r->path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0) {
		size_t n = (size_t)st.st_size;
		void *at = mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0);
		if (at != MAP_FAILED) {
			hash = sign_hash(r->arena, (struct text){at, n});
			munmap(at, n);
		}
	}
	if (fd >= 0)
		close(fd);
	return hash;
}

/* --- what is in it --- */

/* What is in hand into the store, held on to the job: 0 / -1. */
static int
flush(struct run *r, struct err *e)
{
	struct job *j = r->job;
	if (db_begin(r->db, e) < 0)
		return -1;
	if ((r->categories_n == 0 ||
		    db_bulk(r->db, QUERY_CATEGORY_PUT, r->categories.list->at,
			    r->categories_n, 5, NULL, e) == 0) &&
		product_put(r->batch, r->db, j->company_id, r->id, r->run_id, r->list,
			r->list_n, e) == 0 &&
		job_progress(r->batch, r->db, j, r->lease_us, e) == 0 &&
		db_commit(r->db, e) == 0) {
		arena_reset(r->batch);
		r->categories = val_list(r->batch);
		r->list_n = r->categories_n = 0;
		return 0;
	}
	db_rollback(r->db);
	return -1;
}

static struct text
kept(struct run *r, struct text t)
{
	return text_of(arena_text(r->batch, t.at, t.n));
}

static int
see_category(void *obj, const struct category *c, struct err *e)
{
	struct run *r = obj;
	if (!r->applies)
		return 0;
	val_push(r->batch, &r->categories, val_int(r->job->company_id));
	val_push(r->batch, &r->categories, val_int(r->id));
	val_push(r->batch, &r->categories, val_of(kept(r, c->id)));
	val_push(r->batch, &r->categories, val_of(kept(r, c->parent_id)));
	val_push(r->batch, &r->categories, val_of(kept(r, c->name)));
	return ++r->categories_n == BATCH ? flush(r, e) : 0;
}

static void
complain(struct run *r, int64_t line, const char *problem)
{
	if (r->problems_n++ >= FEED_PROBLEMS_KEPT)
		return;
	struct val one = val_map(r->arena);
	val_put(r->arena, &one, "line", val_int(line));
	val_put(r->arena, &one, "problem",
		val_text(arena_text(r->arena, problem, strlen(problem))));
	val_push(r->arena, &r->problems, one);
}

static int
see_product(void *obj, const struct product *p, int64_t line, const char *problem,
	struct err *e)
{
	struct run *r = obj;
	if (!r->applies && problem != NULL)
		complain(r, line, problem);
	if (problem != NULL)
		return 0;
	r->products += !r->applies;
	if (!r->applies)
		return 0;
	struct product *to = &r->list[r->list_n++];
	*to = *p;
	struct text *texts[] = {&to->external_id, &to->group_id, &to->name, &to->currency,
		&to->url, &to->picture, &to->category, &to->vendor};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = kept(r, *texts[i]);
	to->params = val_copy(r->batch, &p->params);
	r->job->done++;
	return r->list_n == BATCH ? flush(r, e) : 0;
}

static int
read_file(struct run *r, bool applies, struct err *e)
{
	const struct feed_sink to = {see_category, see_product, r};
	r->applies = applies;
	return feed_file_read(r->path, &to, &r->kind, e);
}

/* 1 it suddenly has less than half of its products / 0 / -1. */
static int
is_suspicious(struct run *r, struct err *e)
{
	struct val row;
	if (val_as_bool(val_get(&r->job->args, "force"), false))
		return 0;
	if (db_row(r->arena, r->db, QUERY_PRODUCT_OF_FEED_COUNT,
		    DB_ARGS(val_int(r->job->company_id), val_int(r->id)), &row, e) < 0)
		return -1;
	int64_t before = row_int(&row, 0);
	if (before < GUARDED_FROM || r->products * 2 >= before)
		return 0;
	err_set(e, ERR_INPUT,
		"there were %lld products, now there are %lld: nothing was changed",
		(long long)before, (long long)r->products);
	return 1;
}

static int
drop_unseen(struct run *r, struct err *e)
{
	int64_t changed = GONE_STEP;
	while (changed == GONE_STEP) {
		if (db_exec(r->db, QUERY_PRODUCT_UNSEEN,
			    DB_ARGS(val_int(time_now_us()), val_int(r->job->company_id),
				    val_int(r->id), val_int(r->run_id)),
			    &changed, e) < 0)
			return -1;
		r->gone += changed;
	}
	return 0;
}

/* --- the reading --- */

/* What came of it: a state, or NULL *e. */
static const char *
read_all(struct run *r, const char **hash, struct err *e)
{
	const char *before = val_as_z(r->arena, val_get(&r->feed, "file_hash"));
	*hash = before;
	if (fetch_file(r, e) < 0)
		return NULL;
	const char *now = hash_of(r);
	if (strcmp(now, before) == 0 &&
		!val_as_bool(val_get(&r->job->args, "force"), false))
		return "unchanged";
	if (read_file(r, false, e) < 0)
		return NULL;
	r->job->total = r->products;
	int held = is_suspicious(r, e);
	if (held != 0)
		return held < 0 ? NULL : "held";
	if (read_file(r, true, e) < 0 || flush(r, e) < 0 || drop_unseen(r, e) < 0)
		return NULL;
	*hash = now;
	return "done";
}

/* Notes what came of it, and until when it rests. An unchanged one keeps its figures. */
static int
note(struct run *r, const char *state, const char *hash, const char *error, struct err *e)
{
	struct arena *a = r->arena;
	struct job *j = r->job;
	bool same = strcmp(state, "unchanged") == 0;
	int64_t now_us = time_now_us(),
		every_h = val_as_int(val_get(&r->feed, "every_h"), 0),
		next_us = every_h > 0 ? now_us + every_h * HOUR_US : 0;
	const struct val *f = &r->feed;
	struct text cut = text_of(error);
	cut.n = cut.n > 480 ? 480 : cut.n;
	if (db_begin(r->db, e) < 0)
		return -1;
	val_put(a, &j->args, "force", val_bool(false));
	if (db_exec(r->db, QUERY_FEED_RAN,
		    DB_ARGS(same || r->kind == NULL ? *val_get(f, "kind")
						    : val_text(r->kind),
			    val_text(state), val_of(cut),
			    val_of(json_text(
				    a, same ? val_get(f, "problems") : &r->problems)),
			    same ? *val_get(f, "problem_count") : val_int(r->problems_n),
			    same ? *val_get(f, "product_count") : val_int(r->products),
			    same ? *val_get(f, "gone_count") : val_int(r->gone),
			    val_text(hash), val_int(now_us),
			    next_us > 0 ? val_int(next_us) : val_null(),
			    val_int(j->company_id), val_int(r->id), val_int(j->id)),
		    NULL, e) == 0 &&
		(next_us > 0 ? job_rest(a, r->db, j, next_us, e)
			     : job_end(a, r->db, j, NULL, e)) == 0 &&
		db_commit(r->db, e) == 0)
		return 0;
	db_rollback(r->db);
	return -1;
}

static int
run(struct run *r, struct err *e)
{
	struct arena *a = r->arena;
	struct job *j = r->job;
	const char *hash;
	int found = feed_by_id(a, r->db, j->company_id, r->id, &r->feed, e);
	if (found < 0)
		return -1;
	if (found == 0 || val_as_int(val_get(&r->feed, "job_id"), 0) != j->id)
		return job_end(a, r->db, j, NULL, e); /* another reads it now */
	j->done = j->total = 0;
	const char *state = read_all(r, &hash, e);
	files_drop(a, r->settings, j->company_id, r->id, "feed");
	if (state == NULL && e->code == ERR_CONFLICT)
		return -1;
	const char *error = state != NULL && strcmp(state, "held") != 0
				    ? ""
				    : arena_printf(a, "%s", e->text);
	return note(r, state != NULL ? state : "failed", hash, error, e);
}

int
feed_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	struct arena *own = arena_new(), *batch = arena_new();
	struct run *r = arena_alloc(own, sizeof *r);
	*r = (struct run){.arena = own,
		.batch = batch,
		.db = db,
		.settings = s,
		.job = j,
		.lease_us = lease_us,
		.id = val_as_int(val_get(&j->args, "feed"), 0),
		.run_id = id_make(),
		.problems = val_list(own),
		.categories = val_list(batch)};
	int rc = run(r, e);
	j->args = val_copy(a, &j->args);
	arena_free(batch);
	arena_free(own);
	return rc;
}
