/* See export.h: the job. First who is asked once and kept in a file of ids. Then CSV grows a page of people a slice, its length standing in the
 * cursor, so that a crash loses nothing; a workbook cannot be appended to, so it is written in one slice and anew after a crash. */
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/json.h"
#include "base/settings.h"
#include "exchange/audience.h"
#include "exchange/export.h"
#include "exchange/export_parts.h"
#include "markup/sheet.h"
#include "profile/person.h"
#include "segment/store.h"
#include "store/db.h"
#include "store/job.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE = 1000, AGAIN_S = 2 };

struct run {
	struct arena *arena; /* of the slice */
	struct db *db;
	const struct settings *settings;
	struct job *job;
	int64_t id, lease_us;
	struct val export;
	struct export_column *columns;
	size_t columns_n;
	bool with_segments;
};

/* --- who --- */

static struct audience
audience_of(const struct run *r)
{
	return (struct audience){.company_id = r->job->company_id,
		.file_id = r->id,
		.segment_id = val_as_int(val_get(&r->export, "segment_id"), 0),
		.rule = val_as_text(val_get(&r->export, "rule")),
		.search = val_as_text(val_get(&r->export, "search"))};
}

/* Those that were chosen one by one. */
static int
list_chosen(struct run *r, const struct audience *x, struct err *e)
{
	struct val list;
	if (json_parse(r->arena, x->rule, &list, e) < 0)
		return -1;
	size_t n = val_len(&list);
	int64_t *ids = arena_array(r->arena, n + 1, sizeof *ids);
	for (size_t i = 0; i < n; i++)
		ids[i] = val_as_int(&list.list->at[i], 0);
	r->job->total = (int64_t)n;
	return audience_write(r->arena, r->settings, x, ids, n, e);
}

/* Keeps what happened with the cursor: 0 / -1. */
static int
keep(struct run *r, struct err *e)
{
	if (db_begin(r->db, e) < 0)
		return -1;
	if (job_progress(r->arena, r->db, r->job, r->lease_us, e) == 0 &&
		db_commit(r->db, e) == 0)
		return 0;
	db_rollback(r->db);
	return -1;
}

static int
list_people(struct run *r, struct err *e)
{
	struct audience x = audience_of(r);
	bool chosen = text_is(val_as_text(val_get(&r->export, "source")), "ids");
	if ((chosen ? list_chosen(r, &x, e)
		    : audience_freeze(
			      r->arena, r->db, r->settings, &x, &r->job->total, e)) < 0)
		return -1;
	val_put(r->arena, &r->job->args, "listed", val_bool(true));
	return keep(r, e);
}

/* Ids from a place on, at most PAGE. */
static int
read_ids(struct run *r, struct arena *a, int64_t from, int64_t **ids, size_t *n,
	struct err *e)
{
	struct audience x = audience_of(r);
	*n = PAGE;
	*ids = arena_array(a, PAGE, sizeof **ids);
	return audience_read(a, r->settings, &x, from, *ids, n, e);
}

/* --- rows --- */

/* The people of ids as rows of cells; who is nobody any more is left out. */
static int
read_rows(struct run *r, struct arena *a, const int64_t *ids, size_t n, struct val *rows,
	struct err *e)
{
	struct val cards, segments = val_list(a);
	*rows = val_list(a);
	if (person_cards(a, r->db, r->job->company_id, ids, n, &cards, e) < 0 ||
		(r->with_segments && segment_of_persons(a, r->db, r->job->company_id, ids,
					     n, &segments, e) < 0))
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct val cells;
		if (cards.list->at[i].kind != VAL_MAP)
			continue;
		export_cells(a, r->columns, r->columns_n, &cards.list->at[i],
			r->with_segments ? &segments.list->at[i] : NULL, &cells);
		val_push(a, rows, cells);
	}
	return 0;
}

static int64_t
counted(struct run *r, size_t n)
{
	int64_t rows = val_as_int(val_get(&r->job->args, "rows"), 0) + (int64_t)n;
	val_put(r->arena, &r->job->args, "rows", val_int(rows));
	return rows;
}

/* It is written: its size, until when it is there, and the job is over. */
static int
finish(struct run *r, struct err *e)
{
	struct arena *a = r->arena;
	struct job *j = r->job;
	struct stat st;
	int64_t now_us = time_now_us();
	if (stat(files_path(a, r->settings, j->company_id, r->id, "out"), &st) < 0)
		return err_set(e, ERR_BUSY, "the file is gone: %s", strerror(errno));
	if (db_begin(r->db, e) < 0)
		return -1;
	if (db_exec(r->db, QUERY_EXPORT_DONE,
		    DB_ARGS(val_int(counted(r, 0)), val_int((int64_t)st.st_size),
			    val_int(now_us), val_int(now_us + EXPORT_KEPT_US),
			    val_int(j->company_id), val_int(r->id)),
		    NULL, e) == 0 &&
		job_end(a, r->db, j, NULL, e) == 0 && db_commit(r->db, e) == 0) {
		struct audience x = audience_of(r);
		audience_drop(a, r->settings, &x);
		return 0;
	}
	db_rollback(r->db);
	return -1;
}

/* --- CSV --- */

static char
delimiter_of(const struct run *r)
{
	return text_is(val_as_text(val_get(&r->export, "delimiter")), ",") ? ',' : ';';
}

/* The file as the cursor knows it, open at its end; begun anew when it is not there or shorter. */
static int
open_csv(struct run *r, struct str *out, struct err *e)
{
	struct job *j = r->job;
	struct stat st;
	struct err ignored;
	int64_t bytes = val_as_int(val_get(&j->args, "bytes"), 0);
	int fd = bytes == 0 ? -1
			    : files_again(r->arena, r->settings, j->company_id, r->id,
				      "out", &ignored);
	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size >= bytes &&
		ftruncate(fd, bytes) == 0 && lseek(fd, bytes, SEEK_SET) == bytes)
		return fd;
	if (fd >= 0)
		close(fd);
	j->done = 0;
	val_put(r->arena, &j->args, "bytes", val_int(0));
	val_put(r->arena, &j->args, "rows", val_int(0));
	str_addz(out, "\xef\xbb\xbf");
	export_csv_row(out, NULL, val_get(&r->export, "fields"), delimiter_of(r),
		val_as_int(val_get(&r->export, "raw"), 0) != 0);
	return files_begin(r->arena, r->settings, j->company_id, r->id, "out", e);
}

/* The next page: 1 there is more / 0 the end / -1. */
static int
add_page(struct run *r, struct str *out, struct err *e)
{
	struct job *j = r->job;
	bool raw = val_as_int(val_get(&r->export, "raw"), 0) != 0;
	int64_t *ids;
	size_t n;
	struct val rows;
	if (read_ids(r, r->arena, j->done, &ids, &n, e) < 0 ||
		read_rows(r, r->arena, ids, n, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&rows); i++)
		export_csv_row(out, r->columns, &rows.list->at[i], delimiter_of(r), raw);
	j->done += (int64_t)n;
	counted(r, val_len(&rows));
	return n == PAGE;
}

static int
csv_slice(struct run *r, struct err *e)
{
	struct job *j = r->job;
	struct str out = str_new(r->arena);
	int fd = open_csv(r, &out, e);
	if (fd < 0)
		return -1;
	int more = add_page(r, &out, e);
	if (more < 0 || files_write(fd, out.at, out.n, e) < 0) {
		close(fd);
		return -1;
	}
	val_put(r->arena, &j->args, "bytes",
		val_int(val_as_int(val_get(&j->args, "bytes"), 0) + (int64_t)out.n));
	if (more == 1) {
		close(fd);
		return keep(r, e) < 0 ? -1 : 1;
	}
	return files_end(r->arena, r->settings, j->company_id, r->id, "out", fd, e) < 0
		       ? -1
		       : finish(r, e);
}

/* --- a workbook --- */

static int
add_people(struct run *r, struct sheet_writer *sheet, struct err *e)
{
	struct arena *a = arena_new();
	int rc = 1;
	while (rc == 1) {
		int64_t *ids;
		size_t n;
		struct val rows;
		rc = read_ids(r, a, r->job->done, &ids, &n, e) < 0 ||
				     read_rows(r, a, ids, n, &rows, e) < 0
			     ? -1
			     : n == PAGE;
		for (size_t i = 0; rc >= 0 && i < val_len(&rows); i++)
			if (sheet_row(sheet, a, &rows.list->at[i], e) < 0)
				rc = -1;
		if (rc >= 0) {
			r->job->done += (int64_t)n;
			counted(r, val_len(&rows));
			if (keep(r, e) < 0)
				rc = -1;
		}
		arena_reset(a);
	}
	arena_free(a);
	return rc;
}

static int
sheet_slice(struct run *r, struct err *e)
{
	struct job *j = r->job;
	struct sheet_writer *sheet;
	const char *path = arena_printf(r->arena, "%s.part",
		files_path(r->arena, r->settings, j->company_id, r->id, "out"));
	const char *folder = arena_printf(
		r->arena, "%s/%lld", r->settings->files_dir, (long long)j->company_id);
	j->done = 0;
	val_put(r->arena, &j->args, "rows", val_int(0));
	if (sheet_begin(r->arena, path, folder, val_get(&r->export, "fields"), 0, &sheet,
		    e) < 0 ||
		add_people(r, sheet, e) < 0 || sheet_end(sheet, e) < 0)
		return -1;
	int fd = files_again(r->arena, r->settings, j->company_id, r->id, "out", e);
	if (fd < 0 ||
		files_end(r->arena, r->settings, j->company_id, r->id, "out", fd, e) < 0)
		return -1;
	return finish(r, e);
}

/* --- the job --- */

static const char *
type_of(struct arena *a, const struct val *columns, struct text name)
{
	for (size_t i = 0; i < val_len(columns); i++)
		if (text_same(val_as_text(val_get(&columns->list->at[i], "name")), name))
			return val_as_z(a, val_get(&columns->list->at[i], "type"));
	return "";
}

static int
prepare(struct run *r, struct err *e)
{
	struct arena *a = r->arena;
	struct val columns;
	int found = export_by_id(a, r->db, r->job->company_id, r->id, &r->export, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "there is no such export");
	if (export_columns(a, r->db, r->job->company_id, &columns, e) < 0)
		return -1;
	const struct val *fields = val_get(&r->export, "fields");
	r->columns_n = val_len(fields);
	r->columns = arena_array(a, r->columns_n + 1, sizeof *r->columns);
	for (size_t i = 0; i < r->columns_n; i++) {
		struct text name = val_as_text(&fields->list->at[i]);
		r->columns[i] = (struct export_column){
			text_z(a, name), type_of(a, &columns, name)};
		r->with_segments |= text_is(name, "segments");
	}
	return 0;
}

static int
slice(struct run *r, struct err *e)
{
	if (prepare(r, e) < 0)
		return -1;
	if (!val_as_bool(val_get(&r->job->args, "listed"), false))
		return list_people(r, e) < 0 ? -1 : 1;
	return text_is(val_as_text(val_get(&r->export, "format")), "csv")
		       ? csv_slice(r, e)
		       : sheet_slice(r, e);
}

int
export_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	struct job before = *j;
	struct val args = val_copy(a, &j->args), now;
	struct err ignored;
	struct arena *own = arena_new();
	struct run r = {.arena = own,
		.db = db,
		.settings = s,
		.job = j,
		.lease_us = lease_us,
		.id = val_as_int(val_get(&j->args, "export"), 0)};
	int rc = slice(&r, e);
	args = rc >= 0 ? val_copy(a, &j->args) : args;
	if (rc < 0)
		*j = before;
	j->args = args;
	arena_free(own);
	if (rc >= 0)
		return rc;
	if (e->code == ERR_BUSY) /* the columns or the store are away: somewhat later */
		return job_rest(a, db, j, time_now_us() + AGAIN_S * SECOND_US, e);
	bool is_off = e->code != ERR_CONFLICT ||
		      (job_by_id(a, db, j->company_id, j->id, &now, &ignored) == 1 &&
			      text_is(val_as_text(val_get(&now, "state")), "cancelled"));
	if (is_off) {
		files_drop(a, s, j->company_id, r.id, "out");
		struct audience x = audience_of(&r);
		audience_drop(a, s, &x);
	}
	return is_off && e->code == ERR_CONFLICT ? 0 : -1;
}
