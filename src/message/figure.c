/* See figure.h. */
#include "message/figure.h"
#include "base/arena.h"
#include "base/dict.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

static int
by_key(const void *x, const void *y)
{
	const struct figure *a = x, *b = y;
	if (a->company_id != b->company_id)
		return a->company_id < b->company_id ? -1 : 1;
	if (a->object_id != b->object_id)
		return a->object_id < b->object_id ? -1 : 1;
	return strcmp(a->name, b->name);
}

int
figure_add(struct arena *a, struct db *db, const struct figure *figures, size_t n,
	struct err *e)
{
	struct figure *all = arena_array(a, n + 1, sizeof *all);
	struct val *rows = arena_array(a, n * 4 + 1, sizeof *rows);
	size_t sums = 0;
	if (n == 0)
		return 0;
	memcpy(all, figures, n * sizeof *all);
	qsort(all, n, sizeof *all, by_key);
	for (size_t i = 0; i < n; i++) {
		if (sums > 0 && by_key(&all[sums - 1], &all[i]) == 0)
			all[sums - 1].by += all[i].by;
		else
			all[sums++] = all[i];
	}
	for (size_t i = 0; i < sums; i++) {
		rows[i * 4] = val_int(all[i].company_id);
		rows[i * 4 + 1] = val_int(all[i].object_id);
		rows[i * 4 + 2] = val_bytes(
			all[i].name, strnlen(all[i].name, FIGURE_NAME_MAX));
		rows[i * 4 + 3] = val_int(all[i].by);
	}
	return db_bulk(db, QUERY_FIGURE_ADD, rows, sums, 4, NULL, e);
}

int
figure_of(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids, size_t n,
	struct val *out, struct err *e)
{
	struct val rows;
	*out = val_list(a);
	for (size_t i = 0; i < n; i++)
		val_push(a, out, val_map(a));
	if (db_rows_of(a, db, QUERY_FIGURE_OF, company_id, ids, n, &rows, e) < 0)
		return -1;
	struct dict *at = dict_new();
	for (size_t i = 0; i < n; i++)
		dict_put_id(at, ids[i], NULL);
	for (size_t i = 0; i < rows.list->n; i++) {
		const struct val *row = &rows.list->at[i];
		int64_t which = dict_find_id(at, row_int(row, 0));
		val_put_key(a, &out->list->at[which], row_text(row, 1), *row_at(row, 2));
	}
	dict_free(at);
	return 0;
}

int
figure_all(struct arena *a, struct db *db, int64_t company_id, int64_t object_id,
	struct val *out, struct err *e)
{
	struct val list;
	if (figure_of(a, db, company_id, &object_id, 1, &list, e) < 0)
		return -1;
	*out = list.list->at[0];
	return 0;
}
