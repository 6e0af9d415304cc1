/* See folder.h. */
#include "segment/folder.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "segment/rename.h"
#include "store/db.h"
#include "tenant/user.h"

#include <string.h>

enum { RULE_MAX = 64 * 1024, SORT_MAX = 80 };

static struct val
as_map(struct arena *a, const struct val *row)
{
	struct val out = row_map(a, row, 0,
		DB_KEYS("id", "user_id", "shared", "name", "rule", "search", "all",
			"sort"));
	val_put(a, &out, "shared", val_bool(row_int(row, 2) != 0));
	val_put(a, &out, "all", val_bool(row_int(row, 6) != 0));
	return out;
}

int
folder_all(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	struct val *list, struct err *e)
{
	struct val rows;
	*list = val_list(a);
	if (db_rows(a, db, QUERY_FOLDER_ALL, DB_ARGS(val_int(company_id), val_int(user_id)),
		    &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&rows); i++)
		val_push(a, list, as_map(a, &rows.list->at[i]));
	return 0;
}

static const struct val *
user_in(const struct val *users, const struct val *id)
{
	for (size_t i = 0; i < val_len(users); i++) {
		const struct val *u = &users->list->at[i];
		if (val_as_int(val_get(u, "id"), 0) == val_as_int(id, -1) &&
			text_is(val_as_text(val_get(u, "state")), "active"))
			return u;
	}
	return NULL;
}

int
folder_of_everybody(
	struct arena *a, struct db *db, int64_t company_id, struct val *list, struct err *e)
{
	struct val rows, users;
	*list = val_list(a);
	if (db_rows(a, db, QUERY_FOLDER_EVERYBODYS, DB_ARGS(val_int(company_id)), &rows,
		    e) < 0 ||
		user_all(a, db, company_id, &users, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&rows); i++) {
		struct val f = row_map(a, &rows.list->at[i], 0,
			DB_KEYS("id", "user_id", "shared", "name", "rule", "sort"));
		bool shared = row_int(&rows.list->at[i], 2) != 0;
		const struct val *owner = user_in(&users, val_get(&f, "user_id"));
		if (!shared && owner == NULL)
			continue;
		val_put(a, &f, "shared", val_bool(shared));
		if (!shared) {
			bool named = val_as_text(val_get(owner, "name")).n > 0;
			val_put(a, &f, "id", val_null());
			val_put(a, &f, "name", *val_get(owner, named ? "name" : "email"));
		}
		val_push(a, list, f);
	}
	return 0;
}

int
folder_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	int64_t id, struct val *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_FOLDER_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id), val_int(user_id)), &row, e);
	if (found == 1)
		*out = as_map(a, &row);
	return found;
}

static int
check_name(struct text name, struct err *e)
{
	return name.n > 0 && text_length(name) <= FOLDER_NAME_MAX
		       ? 0
		       : err_field(e, "name", "a folder's name has 1 to %d characters",
				 FOLDER_NAME_MAX);
}

static int
check_filter(const struct folder *f, struct err *e)
{
	if (f->rule.n > RULE_MAX)
		return err_field(e, "rule", "a rule has at most 64 KB");
	if (text_length(f->search) > FOLDER_SEARCH_MAX)
		return err_field(e, "search", "a search has at most %d characters",
			FOLDER_SEARCH_MAX);
	return f->sort.n <= SORT_MAX ? 0 : err_field(e, "sort", "there is no such field");
}

int
folder_add(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	const struct folder *f, int64_t *id, struct err *e)
{
	struct val row;
	struct text name = text_trim(f->name);
	int64_t now_us = time_now_us();
	if (check_name(name, e) < 0 || check_filter(f, e) < 0 ||
		db_row(a, db, QUERY_FOLDER_COUNT,
			DB_ARGS(val_int(company_id), val_int(user_id)), &row, e) < 0)
		return -1;
	if (row_int(&row, 0) >= FOLDERS_MAX) {
		err_field(e, "name", "a user has at most %d folders", FOLDERS_MAX);
		e->code = ERR_LIMIT;
		return -1;
	}
	*id = id_make();
	return db_exec(db, QUERY_FOLDER_INSERT,
		DB_ARGS(val_int(company_id), val_int(*id), val_int(user_id),
			val_int(f->shared), val_of(name), val_of(f->rule),
			val_of(f->search), val_int(f->all), val_of(f->sort),
			val_int(now_us), val_int(now_us), val_int(now_us)),
		NULL, e);
}

int
folder_set_filter(struct db *db, int64_t company_id, int64_t id, const struct folder *f,
	struct err *e)
{
	if (check_filter(f, e) < 0)
		return -1;
	return db_exec(db, QUERY_FOLDER_FILTER,
		DB_ARGS(val_of(f->rule), val_of(f->search), val_int(f->all),
			val_of(f->sort), val_int(time_now_us()), val_int(company_id),
			val_int(id)),
		NULL, e);
}

int
folder_set_name(struct db *db, int64_t company_id, int64_t id, struct text name,
	bool shared, struct err *e)
{
	name = text_trim(name);
	if (check_name(name, e) < 0)
		return -1;
	return db_exec(db, QUERY_FOLDER_NAME,
		DB_ARGS(val_of(name), val_int(shared), val_int(time_now_us()),
			val_int(company_id), val_int(id)),
		NULL, e);
}

int
folder_delete(struct db *db, int64_t company_id, int64_t id, struct err *e)
{
	return db_exec(db, QUERY_FOLDER_DELETE, DB_ARGS(val_int(company_id), val_int(id)),
		NULL, e);
}

/* The places of all of its kind are written anew: there are few of them. */
int
folder_move(struct arena *a, struct db *db, int64_t company_id, int64_t user_id, int64_t id,
	bool up, struct err *e)
{
	struct val all, list = val_list(a);
	size_t at = 0;
	bool shared = false, there = false;
	if (folder_all(a, db, company_id, user_id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++)
		if (val_as_int(val_get(&all.list->at[i], "id"), 0) == id)
			shared = val_as_bool(val_get(&all.list->at[i], "shared"), false);
	for (size_t i = 0; i < val_len(&all); i++) {
		const struct val *one = &all.list->at[i];
		if (val_as_bool(val_get(one, "shared"), false) != shared)
			continue;
		if (val_as_int(val_get(one, "id"), 0) == id) {
			at = val_len(&list);
			there = true;
		}
		val_push(a, &list, *val_get(one, "id"));
	}
	if (!there || (up ? at == 0 : at + 1 >= val_len(&list)))
		return 0;
	size_t to = up ? at - 1 : at + 1;
	struct val kept = list.list->at[at];
	list.list->at[at] = list.list->at[to];
	list.list->at[to] = kept;
	if (db_begin(db, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++)
		if (db_exec(db, QUERY_FOLDER_PLACE,
			    DB_ARGS(val_int((int64_t)i), val_int(company_id),
				    val_int(val_as_int(&list.list->at[i], 0))),
			    NULL, e) < 0) {
			db_rollback(db);
			return -1;
		}
	return db_commit(db, e);
}

int
folder_rename(struct arena *a, struct db *db, int64_t company_id, const char *word,
	struct text old, struct text new, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_FOLDER_RULES, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&rows); i++) {
		const struct val *row = &rows.list->at[i];
		struct text rule = row_text(row, 1), renamed;
		if (rule.n == 0 || memmem(rule.at, rule.n, word, strlen(word)) == NULL)
			continue;
		renamed = segment_renamed(a, rule, word, old, new);
		if (!text_same(rule, renamed) &&
			db_exec(db, QUERY_FOLDER_RULE_SET,
				DB_ARGS(val_of(renamed), val_int(company_id),
					*row_at(row, 0)),
				NULL, e) < 0)
			return -1;
	}
	return 0;
}
