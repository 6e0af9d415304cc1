/* See note.h. */
#include "profile/note.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"

int
note_add(struct db *db, int64_t company_id, int64_t node_id, int64_t user_id,
	struct text body, struct err *e)
{
	struct text t = text_trim(body);
	if (t.n == 0 || text_length(t) > NOTE_MAX)
		return err_field(e, "body", "a note has 1 to %d characters", NOTE_MAX);
	return db_exec(db, QUERY_NOTE_INSERT,
		DB_ARGS(val_int(company_id), val_int(node_id), val_int(id_make()),
			val_int(user_id), val_int(time_now_us()), val_of(t)),
		NULL, e);
}

int
note_all(struct arena *a, struct db *db, int64_t company_id, const int64_t *node_ids,
	size_t n, struct val *list, struct err *e)
{
	struct val rows;
	*list = val_list(a);
	if (n == 0)
		return 0;
	if (db_rows_of(a, db, QUERY_NOTE_OF_NODES, company_id, node_ids, n, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&rows); i++) {
		const struct val *row = &rows.list->at[i];
		struct val one = val_map(a);
		val_put(a, &one, "id", val_id(a, row_int(row, 0)));
		val_put(a, &one, "node_id", val_id(a, row_int(row, 1)));
		val_put(a, &one, "user_id", val_int(row_int(row, 2)));
		val_put(a, &one, "at_us", *row_at(row, 3));
		val_put(a, &one, "body", *row_at(row, 4));
		val_push(a, list, one);
	}
	return 0;
}

int
note_delete(
	struct db *db, int64_t company_id, int64_t node_id, int64_t note_id, struct err *e)
{
	int64_t n;
	if (db_exec(db, QUERY_NOTE_DELETE,
		    DB_ARGS(val_int(company_id), val_int(node_id), val_int(note_id)), &n,
		    e) < 0)
		return -1;
	return n > 0;
}

int
note_erase(struct arena *a, struct db *db, int64_t company_id, const int64_t *node_ids,
	size_t n, struct err *e)
{
	return db_exec_of(a, db, QUERY_NOTE_ERASE, company_id, node_ids, n, e);
}
