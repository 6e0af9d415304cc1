/* See store.h. */
#include "segment/store.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "segment/rename.h"
#include "store/db.h"

#include <string.h>

#define SEGMENT_KEYS                                                                       \
	DB_KEYS("id", "name", "rule", "state", "error", "version", "built_version",        \
		"size", "created_at_us", "updated_at_us", "built_at_us", "created_by",     \
		"is_static", "locked", "unique_by", "unique_keep", "folder",               \
		"description", "archived_at_us", "progress")

int
segment_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *list, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_SEGMENT_ALL, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	*list = row_maps(a, &rows, 0, SEGMENT_KEYS);
	return 0;
}

int
segment_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_SEGMENT_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found == 1)
		*out = row_map(a, &row, 0, SEGMENT_KEYS);
	return found;
}

int
segment_note_version(
	struct db *db, int64_t company_id, int64_t id, int64_t user_id, struct err *e)
{
	return db_exec(db, QUERY_SEGMENT_VERSION_ADD,
		DB_ARGS(val_int(user_id), val_int(time_now_us()), val_int(company_id),
			val_int(id)),
		NULL, e);
}

int
segment_insert(struct db *db, int64_t company_id, int64_t *id, struct text name,
	struct text rule, int64_t user_id, struct err *e)
{
	int64_t now = time_now_us();
	*id = id_make();
	return db_exec(db, QUERY_SEGMENT_INSERT,
		DB_ARGS(val_int(company_id), val_int(*id), val_of(name), val_of(rule),
			val_int(user_id), val_int(now), val_int(now)),
		NULL, e);
}

static int
insert(struct db *db, int64_t company_id, int64_t *id, struct text name, struct text rule,
	int64_t user_id, struct err *e)
{
	if (db_begin(db, e) < 0)
		return -1;
	if (segment_insert(db, company_id, id, name, rule, user_id, e) == 0 &&
		segment_note_version(db, company_id, *id, user_id, e) == 0)
		return db_commit(db, e);
	db_rollback(db);
	*id = 0;
	return -1;
}

/* A new name goes into the rules that mention the old one, in the same transaction. */
static int
update(struct arena *a, struct db *db, int64_t company_id, int64_t id, struct text name,
	struct text rule, int64_t user_id, struct err *e)
{
	struct val old;
	if (db_begin(db, e) < 0)
		return -1;
	int found = db_row(a, db, QUERY_SEGMENT_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id)), &old, e);
	if (found == 0)
		err_set(e, ERR_MISSING, "no such segment");
	if (found < 1 ||
		segment_rename(a, db, company_id, "segment", row_text(&old, 1), name, e) <
			0 ||
		db_exec(db, QUERY_SEGMENT_UPDATE,
			DB_ARGS(val_of(name), val_of(rule), val_int(time_now_us()),
				val_int(company_id), val_int(id)),
			NULL, e) < 0 ||
		segment_note_version(db, company_id, id, user_id, e) < 0)
		goto undo;
	return db_commit(db, e);
undo:
	db_rollback(db);
	return -1;
}

int
segment_put(struct arena *a, struct db *db, int64_t company_id, int64_t *id,
	struct text name, struct text rule, int64_t user_id, struct err *e)
{
	name = text_trim(name);
	if (name.n == 0 || text_length(name) > 100)
		return err_field(e, "name", "a segment's name has 1 to 100 characters");
	int rc = *id == 0 ? insert(db, company_id, id, name, rule, user_id, e)
			  : update(a, db, company_id, *id, name, rule, user_id, e);
	if (rc < 0 && e->code == ERR_CONFLICT) {
		err_field(e, "name", "another segment has this name");
		e->code = ERR_CONFLICT;
	}
	return rc;
}

int
segment_cases(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct text *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_SEGMENT_CASES,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	*out = found == 1 ? row_text(&row, 0) : text_of("");
	return found;
}

int
segment_cases_set(
	struct db *db, int64_t company_id, int64_t id, struct text cases, struct err *e)
{
	return db_exec(db, QUERY_SEGMENT_CASES_SET,
		DB_ARGS(val_int(company_id), val_int(id), val_of(cases)), NULL, e);
}

int
segment_delete(struct db *db, int64_t company_id, int64_t id, struct err *e)
{
	int64_t gone;
	if (db_begin(db, e) < 0)
		return -1;
	if (db_exec(db, QUERY_SEGMENT_DELETE, DB_ARGS(val_int(company_id), val_int(id)),
		    &gone, e) < 0 ||
		db_exec(db, QUERY_MEMBERSHIP_CLEAR,
			DB_ARGS(val_int(company_id), val_int(id)), NULL, e) < 0 ||
		db_exec(db, QUERY_SEGMENT_DAY_CLEAR,
			DB_ARGS(val_int(company_id), val_int(id)), NULL, e) < 0 ||
		db_exec(db, QUERY_SEGMENT_CASES_CLEAR,
			DB_ARGS(val_int(company_id), val_int(id)), NULL, e) < 0 ||
		db_exec(db, QUERY_SEGMENT_VERSION_CLEAR,
			DB_ARGS(val_int(company_id), val_int(id)), NULL, e) < 0)
		goto undo;
	return db_commit(db, e) < 0 ? -1 : gone == 1;
undo:
	db_rollback(db);
	return -1;
}

static int
members(struct arena *a, struct db *db, int64_t company_id, int64_t id, int64_t after_id,
	size_t limit, struct val *rows, struct err *e)
{
	return db_rows(a, db, QUERY_MEMBERSHIP_AFTER,
		DB_ARGS(val_int(company_id), val_int(id), val_int(after_id),
			val_int((int64_t)limit)),
		rows, e);
}

int
segment_members(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	int64_t after_id, size_t limit, struct val *list, struct err *e)
{
	struct val rows;
	if (members(a, db, company_id, id, after_id, limit, &rows, e) < 0)
		return -1;
	*list = row_maps(a, &rows, 0, DB_KEYS("person_id", "since_us", "reason"));
	return 0;
}

int
segment_member_ids(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	int64_t after_id, size_t limit, int64_t **ids, size_t *n, struct err *e)
{
	struct val rows;
	if (members(a, db, company_id, id, after_id, limit, &rows, e) < 0)
		return -1;
	*n = rows.list->n;
	*ids = arena_array(a, *n, sizeof **ids);
	for (size_t i = 0; i < *n; i++)
		(*ids)[i] = row_int(&rows.list->at[i], 0);
	return 0;
}

int
segment_of_persons(struct arena *a, struct db *db, int64_t company_id,
	const int64_t *person_ids, size_t n, struct val *list, struct err *e)
{
	struct val rows;
	*list = val_list(a);
	for (size_t i = 0; i < n; i++)
		val_push(a, list, val_list(a));
	if (db_rows_of(a, db, QUERY_MEMBERSHIP_OF_PERSONS, company_id, person_ids, n, &rows,
		    e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		const struct val *row = &rows.list->at[i];
		struct val map = row_map(
			a, row, 1, DB_KEYS("id", "name", "since_us", "reason"));
		for (size_t k = 0; k < n; k++)
			if (person_ids[k] == row_int(row, 0))
				val_push(a, &list->list->at[k], map);
	}
	return 0;
}

int
segment_of_person(struct arena *a, struct db *db, int64_t company_id, int64_t person_id,
	struct val *list, struct err *e)
{
	struct val all;
	if (segment_of_persons(a, db, company_id, &person_id, 1, &all, e) < 0)
		return -1;
	*list = all.list->at[0];
	return 0;
}

int
segment_days(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	int64_t from_day, struct val *list, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_SEGMENT_DAY_FROM,
		    DB_ARGS(val_int(company_id), val_int(id), val_int(from_day)), &rows,
		    e) < 0)
		return -1;
	*list = row_maps(a, &rows, 0, DB_KEYS("day", "size", "entered", "exited"));
	return 0;
}

static void
put_row(struct val *row, int64_t company_id, const struct membership *m)
{
	row[0] = val_int(company_id);
	row[1] = val_int(m->segment_id);
	row[2] = val_int(m->person_id);
	row[3] = val_int(m->since_us);
	row[4] = val_of(text_cut(text_of(m->reason), SEGMENT_REASON_MAX));
}

/* Who goes in and out within one turn is where the last move leaves them: the others only count. came: their first one was an entry, so
 * there was no row of theirs. */
struct way {
	bool passed, came;
};

static struct way *
ways_of(struct arena *a, const struct membership *moves, size_t n)
{
	struct way *out = arena_array(a, n + 1, sizeof *out);
	struct dict *last = dict_new(), *first = dict_new();
	bool *entered = arena_array(a, n + 1, sizeof *entered);
	for (size_t i = 0; i < n; i++) {
		int64_t key[2] = {moves[i].segment_id, moves[i].person_id};
		bool added = false;
		int64_t k = dict_put(
			first, (struct text){(const char *)key, sizeof key}, &added);
		if (added)
			entered[k] = moves[i].in;
		out[i].came = entered[k];
	}
	for (size_t i = n; i-- > 0;) {
		int64_t key[2] = {moves[i].segment_id, moves[i].person_id};
		bool added = false;
		dict_put(last, (struct text){(const char *)key, sizeof key}, &added);
		out[i].passed = !added;
	}
	dict_free(first);
	dict_free(last);
	return out;
}

/* Takes rows out; *gone how many were there: an erasure may have been first. */
static int
take_out(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	const int64_t *persons, size_t n, int64_t *gone, struct err *e)
{
	struct val *args = arena_array(a, DB_REPEAT_MAX + 2, sizeof *args);
	*gone = 0;
	for (size_t done = 0; done < n; done += DB_REPEAT_MAX) {
		size_t slice = n - done < DB_REPEAT_MAX ? n - done : DB_REPEAT_MAX;
		int64_t affected;
		args[0] = val_int(company_id);
		args[1] = val_int(id);
		for (size_t i = 0; i < slice; i++)
			args[2 + i] = val_int(persons[done + i]);
		if (db_exec(db, QUERY_MEMBERSHIP_DELETE, args, slice + 2, &affected, e) < 0)
			return -1;
		*gone += affected;
	}
	return 0;
}

/* What happened to one segment among the moves. */
static int
move_one(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	const struct membership *moves, const struct way *ways, size_t n, int64_t day,
	bool counted, struct err *e)
{
	int64_t entered = 0, exited = 0, more = 0, gone;
	int64_t *leave = arena_array(a, n + 1, sizeof *leave);
	size_t left = 0;
	struct val row;
	for (size_t i = 0; i < n; i++)
		if (moves[i].segment_id == id) {
			entered += moves[i].in;
			exited += !moves[i].in;
			more += moves[i].in && !ways[i].passed && ways[i].came;
			if (!moves[i].in && !ways[i].passed)
				leave[left++] = moves[i].person_id;
		}
	if (take_out(a, db, company_id, id, leave, left, &gone, e) < 0 ||
		db_exec(db, QUERY_SEGMENT_SIZE_ADD,
			DB_ARGS(val_int(more - gone), val_int(company_id), val_int(id)),
			NULL, e) < 0)
		return -1;
	int found = db_row(a, db, QUERY_SEGMENT_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found < 1)
		return found;
	struct val figures[] = {val_int(company_id), val_int(id), val_int(day),
		*row_at(&row, 7), val_int(counted ? entered : 0),
		val_int(counted ? exited : 0)};
	return db_bulk(db, QUERY_SEGMENT_DAY_PUT, figures, 1, 6, NULL, e);
}

int
segment_move(struct arena *a, struct db *db, int64_t company_id,
	const struct membership *moves, size_t n, int64_t day, bool counted, struct err *e)
{
	struct val *rows = arena_array(a, n * 5, sizeof *rows);
	struct way *ways = ways_of(a, moves, n);
	size_t row_n = 0;
	for (size_t i = 0; i < n; i++)
		if (moves[i].in && !ways[i].passed)
			put_row(rows + 5 * row_n++, company_id, &moves[i]);
	if (db_bulk(db, QUERY_MEMBERSHIP_PUT, rows, row_n, 5, NULL, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool first = true;
		for (size_t k = 0; k < i && first; k++)
			first = moves[k].segment_id != moves[i].segment_id;
		if (first && move_one(a, db, company_id, moves[i].segment_id, moves, ways,
				     n, day, counted, e) < 0)
			return -1;
	}
	return 0;
}

int
segment_built(struct db *db, int64_t company_id, int64_t id, int64_t version,
	const char *error, int64_t size, int64_t at_us, struct err *e)
{
	if (db_exec(db, QUERY_SEGMENT_VERSION_BUILT,
		    DB_ARGS(val_int(size), val_int(company_id), val_int(id),
			    val_int(version)),
		    NULL, e) < 0)
		return -1;
	return db_exec(db, QUERY_SEGMENT_BUILT,
		DB_ARGS(val_text(error[0] == '\0' ? "ready" : "failed"),
			val_of(text_cut(text_of(error), 500)), val_int(version),
			val_int(size), val_int(at_us), val_int(company_id), val_int(id)),
		NULL, e);
}

int
segment_progress(struct db *db, int64_t company_id, int64_t id, int percent, struct err *e)
{
	return db_exec(db, QUERY_SEGMENT_PROGRESS,
		DB_ARGS(val_int(percent), val_int(company_id), val_int(id)), NULL, e);
}

int
segment_unbuilt(struct arena *a, struct db *db, struct val *rows, struct err *e)
{
	return db_rows(a, db, QUERY_SEGMENT_UNBUILT, NULL, 0, rows, e);
}

int
segment_erase(struct arena *a, struct db *db, int64_t company_id, const int64_t *person_ids,
	size_t n, struct err *e)
{
	struct val rows;
	int64_t gone;
	if (n == 0)
		return 0;
	if (db_rows_of(a, db, QUERY_MEMBERSHIP_SEGMENTS, company_id, person_ids, n, &rows,
		    e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&rows); i++) {
		int64_t id = row_int(&rows.list->at[i], 0);
		if (take_out(a, db, company_id, id, person_ids, n, &gone, e) < 0 ||
			db_exec(db, QUERY_SEGMENT_SIZE_ADD,
				DB_ARGS(val_int(-gone), val_int(company_id), val_int(id)),
				NULL, e) < 0)
			return -1;
	}
	return 0;
}
