/* See merge.h. */
#include "profile/merge.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "store/db.h"

#include <string.h>

enum { SHOWN_MAX = 200 };

int
merge_lock(struct arena *a, struct db *db, int64_t company_id, int64_t merge_id,
	struct merge_row *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_MERGE_LOCK,
		DB_ARGS(val_int(company_id), val_int(merge_id)), &row, e);
	if (found < 1)
		return found;
	*out = (struct merge_row){.from_id = row_int(&row, 0),
		.into_id = row_int(&row, 1),
		.is_undone = !val_is_null(row_at(&row, 3)),
		.persons = val_map(a)};
	return val_is_null(row_at(&row, 2)) ||
			       json_parse(a, row_text(&row, 2), &out->persons, e) == 0
		       ? 1
		       : -1;
}

int
merge_undone(
	struct db *db, int64_t company_id, int64_t merge_id, int64_t at_us, struct err *e)
{
	return db_exec(db, QUERY_MERGE_UNDONE,
		DB_ARGS(val_int(at_us), val_int(company_id), val_int(merge_id)), NULL, e);
}

int
merge_of_nodes(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, struct val *list, struct err *e)
{
	struct val rows;
	*list = val_list(a);
	n = n < DB_REPEAT_MAX ? n : DB_REPEAT_MAX;
	if (n == 0)
		return 0;
	struct val *args = arena_array(a, n + 2, sizeof *args);
	args[0] = val_int(company_id);
	for (size_t i = 0; i < n; i++)
		args[i + 1] = val_int(ids[i]);
	args[n + 1] = val_int(SHOWN_MAX);
	if (db_rows(a, db, QUERY_MERGE_OF_NODES, args, n + 2, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		const struct val *row = &rows.list->at[i];
		struct val one = val_map(a);
		val_put(a, &one, "id", val_id(a, row_int(row, 0)));
		val_put(a, &one, "from", val_id(a, row_int(row, 1)));
		val_put(a, &one, "into", val_id(a, row_int(row, 2)));
		val_put(a, &one, "at_us", *row_at(row, 3));
		val_put(a, &one, "reason", *row_at(row, 4));
		val_put(a, &one, "user_id", val_id(a, row_int(row, 5)));
		val_put(a, &one, "undone_at_us", *row_at(row, 6));
		val_push(a, list, one);
	}
	return 0;
}

int
batch_nodes(struct arena *a, struct db *db, int64_t company_id, int64_t batch_id,
	int64_t after_id, size_t limit, struct val *rows, struct err *e)
{
	return db_rows(a, db, QUERY_BEFORE_NODES,
		DB_ARGS(val_int(company_id), val_int(batch_id), val_int(after_id),
			val_int((int64_t)limit)),
		rows, e);
}

int
batch_read(struct arena *a, struct db *db, int64_t company_id, int64_t batch_id,
	int64_t from_id, int64_t to_id, struct val *rows, struct err *e)
{
	return db_rows(a, db, QUERY_BEFORE_READ,
		DB_ARGS(val_int(company_id), val_int(batch_id), val_int(from_id),
			val_int(to_id)),
		rows, e);
}

int
batch_keep(struct arena *a, struct db *db, int64_t company_id, int64_t batch_id,
	const int64_t *ids, size_t n, const char *what, struct text name, struct text body,
	struct err *e)
{
	enum { WIDTH = 6 };
	struct val *rows = arena_array(a, n * WIDTH + 1, sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		const struct val row[WIDTH] = {val_int(company_id), val_int(batch_id),
			val_int(ids[i]), val_text(what), val_of(name), val_of(body)};
		memcpy(rows + i * WIDTH, row, sizeof row);
	}
	return db_bulk(db, QUERY_BEFORE_PUT, rows, n, WIDTH, NULL, e);
}

int
batch_forget(struct db *db, int64_t company_id, int64_t batch_id, int64_t from_id,
	int64_t to_id, struct err *e)
{
	return db_exec(db, QUERY_BEFORE_DELETE,
		DB_ARGS(val_int(company_id), val_int(batch_id), val_int(from_id),
			val_int(to_id)),
		NULL, e);
}
