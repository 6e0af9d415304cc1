/* See import.h: what stands of imports in the store. */
#include "exchange/import.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/id.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "exchange/import_parts.h"
#include "exchange/run.h"
#include "profile/field.h"
#include "profile/unify.h"
#include "store/db.h"
#include "store/job.h"
#include "tenant/company.h"
#include "tenant/key.h"

#include <string.h>

#define IMPORT_KEYS                                                                        \
	DB_KEYS("id", "name", "state", "feed_id", "rows", "inserted", "updated",           \
		"skipped", "failed", "error", "created_at_us", "started_at_us",            \
		"ended_at_us")

static const char *const kinds[] = {"", "csv", "xlsx", "xml"};

struct val
import_shape_val(struct arena *a, const struct table_shape *shape)
{
	struct val v = val_map(a);
	val_put(a, &v, "kind", val_text(kinds[shape->kind]));
	val_put(a, &v, "has_header", val_bool(shape->has_header));
	if (shape->kind == TABLE_CSV) {
		val_put(a, &v, "encoding", val_text(shape->encoding));
		val_put(a, &v, "delimiter",
			val_of((struct text){arena_dup(a, &shape->delimiter, 1), 1}));
		val_put(a, &v, "quote",
			shape->quote != 0
				? val_of((struct text){arena_dup(a, &shape->quote, 1), 1})
				: val_text(""));
	}
	if (shape->sheet != NULL)
		val_put(a, &v, "sheet", val_text(shape->sheet));
	if (shape->record != NULL)
		val_put(a, &v, "record", val_text(shape->record));
	return v;
}

static const char *
or_null(const char *z)
{
	return z[0] != '\0' ? z : NULL;
}

struct table_shape
import_shape_of(struct arena *a, const struct val *v)
{
	struct table_shape s = {.has_header = val_as_bool(val_get(v, "has_header"), true)};
	struct text delimiter = val_as_text(val_get(v, "delimiter")),
		    quote = val_as_text(val_get(v, "quote"));
	for (int i = 1; i < 4; i++)
		if (text_is(val_as_text(val_get(v, "kind")), kinds[i]))
			s.kind = (enum table_kind)i;
	s.delimiter = delimiter.n == 1 ? delimiter.at[0] : 0;
	s.quote = quote.n == 1 ? quote.at[0] : 0;
	s.encoding = or_null(val_as_z(a, val_get(v, "encoding")));
	s.sheet = or_null(val_as_z(a, val_get(v, "sheet")));
	s.record = or_null(val_as_z(a, val_get(v, "record")));
	return s;
}

int
import_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct import *out, struct err *e)
{
	struct val r;
	int found = db_row(a, db, QUERY_IMPORT_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id)), &r, e);
	if (found < 1)
		return found;
	*out = (struct import){.company_id = company_id,
		.id = id,
		.name = row_z(a, &r, 1),
		.state = row_z(a, &r, 2),
		.source_id = row_int(&r, 3),
		.feed_id = row_int(&r, 4),
		.job_id = row_int(&r, 5),
		.bytes = row_int(&r, 6),
		.file_hash = row_z(a, &r, 7),
		.rows = row_int(&r, 11),
		.bytes_done = row_int(&r, 12),
		.errors_bytes = row_int(&r, 13),
		.inserted = row_int(&r, 14),
		.updated = row_int(&r, 15),
		.skipped = row_int(&r, 16),
		.failed = row_int(&r, 17),
		.warned = row_int(&r, 18),
		.error = row_z(a, &r, 19),
		.created_by = row_int(&r, 20),
		.created_at_us = row_int(&r, 21),
		.started_at_us = row_int(&r, 22),
		.ended_at_us = row_int(&r, 23)};
	return json_parse(a, row_text(&r, 8), &out->shape, e) < 0 ||
			       json_parse(a, row_text(&r, 9), &out->columns, e) < 0 ||
			       json_parse(a, row_text(&r, 10), &out->mapping, e) < 0
		       ? -1
		       : 1;
}

int
import_all(struct arena *a, struct db *db, int64_t company_id, int64_t before_id,
	struct val *out, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_IMPORT_ALL,
		    DB_ARGS(val_int(company_id), val_int(before_id)), &rows, e) < 0)
		return -1;
	*out = row_maps(a, &rows, 0, IMPORT_KEYS);
	return 0;
}

int
import_room(struct arena *a, struct db *db, const struct settings *s, int64_t company_id,
	int64_t n, struct err *e)
{
	struct val row, old;
	int64_t quota = s->files_quota_mb << 20;
	if (db_rows(a, db, QUERY_IMPORT_OLD,
		    DB_ARGS(val_int(company_id),
			    val_int(time_now_us() - IMPORT_KEEP_DAYS * DAY_US)),
		    &old, e) < 0)
		return -1;
	for (size_t i = 0; i < old.list->n; i++) {
		int64_t id = row_int(&old.list->at[i], 0);
		files_drop(a, s, company_id, id, "in");
		files_drop(a, s, company_id, id, "err");
		if (db_exec(db, QUERY_IMPORT_FILE_GONE,
			    DB_ARGS(val_int(company_id), val_int(id)), NULL, e) < 0)
			return -1;
	}
	if (db_row(a, db, QUERY_IMPORT_BYTES, DB_ARGS(val_int(company_id)), &row, e) < 0)
		return -1;
	return row_int(&row, 0) + n <= quota
		       ? 0
		       : err_set(e, ERR_SIZE,
				 "files of this company take %lld MB, %lld MB are allowed "
				 "(files_quota_mb)",
				 (long long)(row_int(&row, 0) >> 20),
				 (long long)s->files_quota_mb);
}

int
import_open(struct arena *a, const struct settings *s, const struct import *im,
	struct table **out, struct err *e)
{
	struct table_shape shape = import_shape_of(a, &im->shape);
	return table_open(
		a, files_path(a, s, im->company_id, im->id, "in"), &shape, out, e);
}

/* The source of files: one a company, made with the first of them. */
static int
find_source(struct arena *a, struct db *db, const struct company *company, int64_t *id,
	struct err *e)
{
	struct val all;
	if (source_all(a, db, company->id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++)
		if (text_is(val_as_text(val_get(&all.list->at[i], "kind")), "file")) {
			*id = val_as_int(val_get(&all.list->at[i], "id"), 0);
			return 0;
		}
	struct source s = {.company_id = company->id,
		.kind = "file",
		.name = strcmp(company->language, "ru") == 0 ? "Файлы" : "Files"};
	if (source_create(a, db, &s, e) < 0)
		return -1;
	*id = s.id;
	return 0;
}

/* The table's columns; 0 / -1. */
static int
look(struct arena *a, const struct settings *s, struct import *io, struct err *e)
{
	struct table *t;
	if (import_open(a, s, io, &t, e) < 0)
		return -1;
	io->columns = val_copy(a, table_columns(t));
	return 0;
}

int
import_look(struct arena *a, struct db *db, const struct settings *s,
	const struct company *company, struct import *io, struct err *e)
{
	struct table_shape shape;
	io->company_id = company->id;
	if (io->shape.kind != VAL_MAP) {
		if (table_guess(a, files_path(a, s, company->id, io->id, "in"), &shape, e) <
			0)
			return -1;
		io->shape = import_shape_val(a, &shape);
	}
	if (look(a, s, io, e) < 0 || find_source(a, db, company, &io->source_id, e) < 0)
		return -1;
	struct val guess = io->mapping;
	if (guess.kind != VAL_MAP && import_guess(a, db, s, company, io, &guess, e) < 0)
		return -1;
	io->mapping = guess;
	return 0;
}

int
import_create(struct arena *a, struct db *db, const struct settings *s,
	const struct company *company, struct import *io, struct err *e)
{
	if (import_look(a, db, s, company, io, e) < 0)
		return -1;
	io->state = "new";
	io->error = "";
	io->file_hash = io->file_hash != NULL ? io->file_hash : "";
	io->created_at_us = time_now_us();
	io->name = text_z(a, text_cut(text_of(io->name), 250));
	return db_exec(db, QUERY_IMPORT_INSERT,
		DB_ARGS(val_int(company->id), val_int(io->id), val_text(io->name),
			val_int(io->source_id), val_int(io->feed_id), val_int(io->bytes),
			val_text(io->file_hash), val_of(json_text(a, &io->shape)),
			val_of(json_text(a, &io->columns)),
			val_of(json_text(a, &io->mapping)), val_int(io->created_by),
			val_int(io->created_at_us)),
		NULL, e);
}

static int
changed_or(int64_t changed, struct err *e, const char *sentence)
{
	return changed > 0 ? 0 : err_set(e, ERR_CONFLICT, "%s", sentence);
}

int
import_reshape(struct arena *a, struct db *db, const struct settings *s,
	const struct company *company, struct import *io, const struct val *shape,
	struct err *e)
{
	int64_t changed;
	struct table_shape read = import_shape_of(a, shape);
	read.kind = import_shape_of(a, &io->shape).kind; /* that is no question of taste */
	io->shape = import_shape_val(a, &read);
	if (look(a, s, io, e) < 0 ||
		import_guess(a, db, s, company, io, &io->mapping, e) < 0 ||
		db_exec(db, QUERY_IMPORT_SHAPE,
			DB_ARGS(val_of(json_text(a, &io->shape)),
				val_of(json_text(a, &io->columns)),
				val_of(json_text(a, &io->mapping)), val_int(io->company_id),
				val_int(io->id)),
			&changed, e) < 0)
		return -1;
	return changed_or(changed, e, "this import is not in preparation any more");
}

int
import_mapping(struct arena *a, struct db *db, const struct import *im,
	const struct val *mapping, const struct val *made, struct mapping *out,
	struct err *e)
{
	struct unify unify;
	struct val fields;
	if (field_all(a, db, im->company_id, &fields, e) < 0 ||
		unify_read(a, db, im->company_id, &unify, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(made); i++)
		val_push(a, &fields, made->list->at[i]);
	return mapping_read(a, mapping, &im->columns, &fields, &unify, out, e);
}

int
import_start(struct arena *a, struct db *db, const struct settings *s,
	const struct company *company, struct import *im, const struct val *mapping,
	bool dry, int64_t user_id, struct err *e)
{
	struct mapping m;
	struct row_reader *reader;
	struct val args = val_map(a);
	int64_t job, changed, now_us = time_now_us();
	if (strcmp(im->state, "new") != 0 && strcmp(im->state, "checked") != 0)
		return err_set(e, ERR_CONFLICT,
			"this import is %s: what was run once is not run again, upload the "
			"file anew",
			im->state);
	if (im->bytes == 0)
		return err_set(
			e, ERR_CONFLICT, "the file of this import is not kept any more");
	if (import_mapping(a, db, im, mapping, NULL, &m, e) < 0 ||
		row_reader_new(a, s, company, &m, &im->columns, &reader, e) < 0)
		return -1;
	struct val shape = mapping_shape(a, &m);
	const struct val *dates = val_get(&im->mapping, "dates");
	if (dates != NULL) /* the page goes on asking where the file does not tell */
		val_put(a, &shape, "dates", *dates);
	struct text text = json_text(a, &shape);
	val_put(a, &args, "import", val_id(a, im->id));
	val_put(a, &args, "dry", val_bool(dry));
	if (db_begin(db, e) < 0)
		return -1;
	if (job_add(a, db, im->company_id, IMPORT_JOB, &args, user_id, &job, e) < 0 ||
		db_exec(db, QUERY_IMPORT_START,
			DB_ARGS(val_text(dry ? "checking" : "running"), val_of(text),
				val_int(job), val_int(now_us), val_int(im->company_id),
				val_int(im->id)),
			&changed, e) < 0 ||
		changed_or(changed, e, "this import runs already") < 0 ||
		db_exec(db, QUERY_IMPORT_MAPPING_PUT,
			DB_ARGS(val_int(im->company_id),
				val_text(mapping_hash(a, &im->columns)), val_of(text),
				val_int(now_us)),
			NULL, e) < 0)
		goto undo;
	im->state = dry ? "checking" : "running";
	im->job_id = job;
	return db_commit(db, e);
undo:
	db_rollback(db);
	return -1;
}

int
import_cancel(struct arena *a, struct db *db, const struct import *im, struct err *e)
{
	bool dry = strcmp(im->state, "checking") == 0;
	int64_t changed;
	(void)a;
	if (!dry && strcmp(im->state, "running") != 0)
		return 0;
	if (db_begin(db, e) < 0)
		return -1;
	if (db_exec(db, QUERY_IMPORT_MOVE,
		    DB_ARGS(val_text(dry ? "new" : "cancelled"), val_text(""),
			    val_int(time_now_us()), val_int(im->company_id),
			    val_int(im->id), val_text(im->state)),
		    &changed, e) < 0 ||
		job_cancel(db, im->company_id, im->job_id, e) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e) < 0 ? -1 : changed > 0;
}

int
import_undo(struct arena *a, struct db *db, const struct import *im, int64_t user_id,
	struct err *e)
{
	struct val args = val_map(a);
	int64_t job, changed;
	val_put(a, &args, "import", val_id(a, im->id));
	if (db_begin(db, e) < 0)
		return -1;
	if (job_add(a, db, im->company_id, IMPORT_UNDO_JOB, &args, user_id, &job, e) < 0 ||
		db_exec(db, QUERY_IMPORT_UNDO,
			DB_ARGS(val_int(job), val_int(im->company_id), val_int(im->id)),
			&changed, e) < 0 ||
		changed_or(changed, e, "there is nothing of this import to take back") <
			0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e);
}
