/* See letter.h. Ids of messages are ordered by time, so what is old is a range of the key. */
#include "message/letter.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/url.h"
#include "store/db.h"

enum { PRUNED = 5000 };

struct text
letter_pack(struct arena *a, struct text html)
{
	struct text packed = url_deflate(a, html);
	return packed.n <= LETTER_COPY_MAX ? packed : text_of("");
}

int
letter_keep(struct arena *a, struct db *db, int64_t company_id,
	const struct letter_copy *copies, size_t n, struct err *e)
{
	struct val *rows = arena_array(a, n * 3 + 1, sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		rows[i * 3] = val_int(company_id);
		rows[i * 3 + 1] = val_int(copies[i].message_id);
		rows[i * 3 + 2] = val_of(copies[i].packed);
	}
	return n > 0 ? db_bulk(db, QUERY_LETTER_KEEP, rows, n, 3, NULL, e) : 0;
}

int
letter_kept(struct arena *a, struct db *db, int64_t company_id, int64_t message_id,
	struct text *html, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_LETTER_BY_ID,
		DB_ARGS(val_int(company_id), val_int(message_id)), &row, e);
	if (found < 1)
		return found;
	return url_inflate(a, row_text(&row, 0), SIZE_MAX, html, e) < 0 ? -1 : 1;
}

int
letter_which(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, bool *is_kept, struct err *e)
{
	struct val rows;
	if (db_rows_of(a, db, QUERY_LETTER_WHICH, company_id, ids, n, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		is_kept[i] = false;
		for (size_t k = 0; k < val_len(&rows) && !is_kept[i]; k++)
			is_kept[i] = row_int(&rows.list->at[k], 0) == ids[i];
	}
	return 0;
}

int
letter_prune(struct db *db, int64_t company_id, int64_t before_us, struct err *e)
{
	int64_t gone = PRUNED;
	while (gone == PRUNED)
		if (db_exec(db, QUERY_LETTER_PRUNE,
			    DB_ARGS(val_int(company_id), val_int(id_at_us(before_us))),
			    &gone, e) < 0)
			return -1;
	return 0;
}
