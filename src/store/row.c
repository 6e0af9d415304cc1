/* See db.h: rows by their ids, and what stands in a row. */
#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

#include <string.h>

int
db_rows_of(struct arena *a, struct db *db, enum query q, int64_t company_id,
	const int64_t *ids, size_t n, struct val *rows, struct err *e)
{
	size_t most = n < DB_REPEAT_MAX ? n : DB_REPEAT_MAX;
	struct val *args = arena_array(a, most + 1, sizeof *args);
	*rows = val_list(a);
	args[0] = val_int(company_id);
	for (size_t done = 0; done < n;) {
		size_t slice = n - done < most ? n - done : most;
		struct val some;
		for (size_t i = 0; i < slice; i++)
			args[i + 1] = val_int(ids[done + i]);
		if (db_rows(a, db, q, args, slice + 1, &some, e) < 0)
			return -1;
		for (size_t i = 0; i < some.list->n; i++)
			val_push(a, rows, some.list->at[i]);
		done += slice;
	}
	return 0;
}

int
db_exec_of(struct arena *a, struct db *db, enum query q, int64_t company_id,
	const int64_t *ids, size_t n, struct err *e)
{
	struct val *args = arena_array(a, n + 1, sizeof *args);
	for (size_t i = 0; i < n; i++)
		args[i + 1] = val_int(ids[i]);
	for (size_t done = 0; done < n; done += DB_REPEAT_MAX) {
		size_t slice = n - done < DB_REPEAT_MAX ? n - done : DB_REPEAT_MAX;
		args[done] = val_int(company_id);
		if (db_exec(db, q, args + done, slice + 1, NULL, e) < 0)
			return -1;
	}
	return 0;
}

const struct val *
row_at(const struct val *row, size_t i)
{
	must(row->kind == VAL_LIST && i < row->list->n);
	return &row->list->at[i];
}

int64_t
row_int(const struct val *row, size_t i)
{
	return val_as_int(row_at(row, i), 0);
}

struct text
row_text(const struct val *row, size_t i)
{
	return val_as_text(row_at(row, i));
}

const char *
row_z(struct arena *a, const struct val *row, size_t i)
{
	return val_as_z(a, row_at(row, i));
}

static bool
is_id(const char *key)
{
	size_t n = strlen(key);
	return strcmp(key, "id") == 0 || (n > 3 && strcmp(key + n - 3, "_id") == 0);
}

struct val
row_map(struct arena *a, const struct val *row, size_t first, const char *const *keys,
	size_t n)
{
	struct val map = val_map(a);
	for (size_t i = 0; i < n; i++) {
		const struct val *v = row_at(row, first + i);
		val_put(a, &map, keys[i],
			v->kind == VAL_INT && is_id(keys[i]) ? val_id(a, v->i) : *v);
	}
	return map;
}

struct val
row_maps(struct arena *a, const struct val *rows, size_t first, const char *const *keys,
	size_t n)
{
	struct val list = val_list(a);
	for (size_t i = 0; i < val_len(rows); i++)
		val_push(a, &list, row_map(a, &rows->list->at[i], first, keys, n));
	return list;
}
