/* See option.h. */
#include "segment/option.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "segment/hand.h"
#include "segment/store.h"
#include "store/db.h"

#include <string.h>

enum { FREEZE_WAIT_MS = 5000 };

struct segment_options
segment_options_of(const struct val *segment)
{
	return (struct segment_options){
		.is_static = val_as_int(val_get(segment, "is_static"), 0) != 0,
		.locked = val_as_int(val_get(segment, "locked"), 0) != 0,
		.unique_by = val_as_text(val_get(segment, "unique_by")),
		.unique_keep = val_as_text(val_get(segment, "unique_keep")),
		.folder = val_as_text(val_get(segment, "folder")),
		.description = val_as_text(val_get(segment, "description"))};
}

int
segment_options_check(struct text rule, const struct segment_options *o, struct err *e)
{
	if (text_length(o->folder) > SEGMENT_FOLDER_MAX)
		return err_field(e, "folder", "a folder's name has at most 100 characters");
	if (text_length(o->description) > SEGMENT_DESCRIPTION_MAX)
		return err_field(
			e, "description", "a description has at most 1000 characters");
	if (o->unique_by.n > 0 && !text_is(o->unique_keep, "first_created") &&
		!text_is(o->unique_keep, "last_updated"))
		return err_field(
			e, "unique", "keep is \"first_created\" or \"last_updated\"");
	if (text_length(o->unique_by) > 64)
		return err_field(e, "unique", "there is no such field");
	if (o->unique_by.n > 0 && o->is_static)
		return err_field(e, "unique",
			"a static segment keeps whoever was put there: repeats are left "
			"out of segments with a rule");
	if (!o->is_static && text_trim(rule).n == 0)
		return err_field(e, "static", "a segment without a rule stays static");
	return 0;
}

static int
rebuild(struct db *db, int64_t company_id, int64_t id, int64_t user_id, struct err *e)
{
	return db_exec(db, QUERY_SEGMENT_REBUILD,
		       DB_ARGS(val_int(time_now_us()), val_int(company_id), val_int(id)),
		       NULL, e) < 0
		       ? -1
		       : segment_note_version(db, company_id, id, user_id, e);
}

/* A text that was never set is an empty one. */
static struct val
said(struct text t)
{
	return val_of(t.n > 0 ? t : text_of(""));
}

static int
options_write(struct db *db, int64_t company_id, int64_t id,
	const struct segment_options *o, struct err *e)
{
	return db_exec(db, QUERY_SEGMENT_OPTIONS_SET,
		DB_ARGS(val_int(o->is_static), val_int(o->locked), said(o->unique_by),
			said(o->unique_by.n > 0 ? o->unique_keep : text_of("")),
			said(o->folder), said(o->description), val_int(time_now_us()),
			val_int(company_id), val_int(id)),
		NULL, e);
}

int
segment_options_set(struct db *db, int64_t company_id, const struct val *segment,
	const struct segment_options *o, int64_t user_id, struct err *e)
{
	struct segment_options old = segment_options_of(segment);
	int64_t id = val_as_int(val_get(segment, "id"), 0);
	if (segment_options_check(val_as_text(val_get(segment, "rule")), o, e) < 0)
		return -1;
	bool moves = old.is_static != o->is_static ||
		     !text_same(old.unique_by, o->unique_by) ||
		     (o->unique_by.n > 0 && !text_same(old.unique_keep, o->unique_keep));
	if (db_begin(db, e) < 0)
		return -1;
	if (options_write(db, company_id, id, o, e) == 0 &&
		(!moves || rebuild(db, company_id, id, user_id, e) == 0))
		return db_commit(db, e);
	db_rollback(db);
	return -1;
}

int
segment_may_change(const struct val *segment, int64_t who, bool is_admin, struct err *e)
{
	if (val_as_int(val_get(segment, "locked"), 0) == 0 || is_admin ||
		val_as_int(val_get(segment, "created_by"), 0) == who)
		return 0;
	return err_set(e, ERR_DENIED,
		"this segment is locked: only who made it or an administrator changes it");
}

int
segment_archive(struct db *db, int64_t company_id, int64_t id, bool away, int64_t user_id,
	struct err *e)
{
	if (db_begin(db, e) < 0)
		return -1;
	if (db_exec(db, QUERY_SEGMENT_ARCHIVED_SET,
		    DB_ARGS(away ? val_int(time_now_us()) : val_null(), val_int(company_id),
			    val_int(id)),
		    NULL, e) == 0 &&
		rebuild(db, company_id, id, user_id, e) == 0)
		return db_commit(db, e);
	db_rollback(db);
	return -1;
}

void
segment_drop_archived(struct arena *a, struct val *list)
{
	struct val kept = val_list(a);
	for (size_t i = 0; i < val_len(list); i++)
		if (val_is_null(val_get(&list->list->at[i], "archived_at_us")))
			val_push(a, &kept, list->list->at[i]);
	*list = kept;
}

static int
put_people(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	const int64_t *person_ids, size_t n, const char *reason, struct err *e)
{
	size_t most = n < DB_BULK_MAX ? n : DB_BULK_MAX;
	struct val *rows = arena_array(a, most * 5 + 1, sizeof *rows);
	int64_t now = time_now_us();
	struct text why = text_cut(text_of(reason), SEGMENT_REASON_MAX);
	for (size_t done = 0; done < n; done += most) {
		size_t slice = n - done < most ? n - done : most;
		for (size_t i = 0; i < slice; i++) {
			rows[5 * i] = val_int(company_id);
			rows[5 * i + 1] = val_int(id);
			rows[5 * i + 2] = val_int(person_ids[done + i]);
			rows[5 * i + 3] = val_int(now);
			rows[5 * i + 4] = val_of(why);
		}
		if (db_bulk(db, QUERY_MEMBERSHIP_PUT, rows, slice, 5, NULL, e) < 0)
			return -1;
	}
	return 0;
}

struct fill { /* from where the first people come */
	int64_t copy_id;
	const int64_t *person_ids;
	size_t n;
	const char *reason;
	struct segment_options options;
	struct text rule;
};

static int
make(struct arena *a, struct db *db, int64_t company_id, struct text name, int64_t user_id,
	const struct fill *f, int64_t *id, struct err *e)
{
	name = text_trim(name);
	if (name.n == 0 || text_length(name) > 100)
		return err_field(e, "name", "a segment's name has 1 to 100 characters");
	if (db_begin(db, e) < 0)
		return -1;
	if (segment_insert(db, company_id, id, name, f->rule, user_id, e) < 0 ||
		options_write(db, company_id, *id, &f->options, e) < 0 ||
		segment_note_version(db, company_id, *id, user_id, e) < 0 ||
		(f->copy_id != 0 && db_exec(db, QUERY_MEMBERSHIP_COPY,
					    DB_ARGS(val_int(*id), val_int(company_id),
						    val_int(f->copy_id)),
					    NULL, e) < 0) ||
		put_people(a, db, company_id, *id, f->person_ids, f->n, f->reason, e) < 0) {
		db_rollback(db);
		if (e->code == ERR_CONFLICT) {
			err_field(e, "name", "another segment has this name");
			e->code = ERR_CONFLICT;
		}
		return -1;
	}
	return db_commit(db, e);
}

int
segment_static_make(struct arena *a, struct db *db, int64_t company_id, struct text name,
	int64_t user_id, const int64_t *person_ids, size_t n, const char *reason,
	int64_t *id, struct err *e)
{
	if (n > SEGMENT_FILL_MAX)
		return err_field(
			e, "ids", "at most 1000000 people are put into a segment at once");
	struct fill f = {.person_ids = person_ids,
		.n = n,
		.reason = reason,
		.options = {.is_static = true},
		.rule = text_of("")};
	return make(a, db, company_id, name, user_id, &f, id, e);
}

int
segment_freeze(struct arena *a, struct db *db, const struct settings *s, int64_t company_id,
	const struct val *segment, struct text name, int64_t user_id, int64_t *id,
	struct err *e)
{
	struct fill f = {.copy_id = val_as_int(val_get(segment, "id"), 0),
		.options = segment_options_of(segment),
		.rule = text_of("")};
	f.options.is_static = true;
	f.options.locked = false;
	f.options.unique_by = f.options.unique_keep = text_of("");
	if (segment_static_wait(a, db, s, company_id, FREEZE_WAIT_MS, e) < 0)
		return -1;
	return make(a, db, company_id, name, user_id, &f, id, e);
}

int
segment_versions(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *list, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_SEGMENT_VERSIONS,
		    DB_ARGS(val_int(company_id), val_int(id)), &rows, e) < 0)
		return -1;
	*list = row_maps(a, &rows, 0,
		DB_KEYS("version", "name", "rule", "is_static", "unique_by", "unique_keep",
			"made_by", "made_at_us", "size"));
	return 0;
}

int
segment_days_all(struct arena *a, struct db *db, int64_t company_id, int64_t from_day,
	struct val *list, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_SEGMENT_DAYS_ALL,
		    DB_ARGS(val_int(company_id), val_int(from_day)), &rows, e) < 0)
		return -1;
	*list = row_maps(a, &rows, 0, DB_KEYS("id", "day", "size"));
	return 0;
}
