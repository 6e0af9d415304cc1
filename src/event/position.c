/* See position.h. */
#include "event/position.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/time.h"
#include "journal/journal.h"
#include "store/db.h"

int
position_all(struct arena *a, struct db *db, struct val *rows, struct err *e)
{
	return db_rows(a, db, QUERY_JOURNAL_POSITION_ALL, NULL, 0, rows, e);
}

int
position_move(struct arena *a, struct db *db, const char *journal, int64_t from, int64_t to,
	struct err *e)
{
	struct val row;
	int found = db_row(
		a, db, QUERY_JOURNAL_POSITION_LOCK, DB_ARGS(val_text(journal)), &row, e);
	if (found < 0)
		return -1;
	int64_t at = found == 1 ? row_int(&row, 0) : 0;
	if (at != from)
		return err_set(e, ERR_BUSY,
			"journal %s stands at %lld, not at %lld: another applies it",
			journal, (long long)at, (long long)from);
	return db_exec(db, QUERY_JOURNAL_POSITION_PUT,
		DB_ARGS(val_text(journal), val_int(to), val_int(time_now_us())), NULL, e);
}

int
position_prune(struct db *db, int64_t before_us, struct err *e)
{
	return db_exec(
		db, QUERY_JOURNAL_POSITION_PRUNE, DB_ARGS(val_int(before_us)), NULL, e);
}

int
position_drop(struct db *db, const char *journal, struct err *e)
{
	return db_exec(
		db, QUERY_JOURNAL_POSITION_DELETE, DB_ARGS(val_text(journal)), NULL, e);
}

int
position_lag_us(struct arena *a, struct db *db, const char *journal_dir, int64_t *lag_us,
	struct err *e)
{
	const char **names;
	size_t n;
	struct val rows;
	*lag_us = 0;
	if (journal_list(a, journal_dir, &names, &n, e) < 0 ||
		position_all(a, db, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct journal_record *record;
		struct val v;
		size_t got;
		bool ended;
		int64_t from = 0, torn;
		for (size_t k = 0; k < rows.list->n; k++)
			if (text_is(row_text(&rows.list->at[k], 0), names[i]))
				from = row_int(&rows.list->at[k], 1);
		if (journal_read(a, journal_dir, names[i], from, 1, &record, &got, &ended,
			    &torn, e) < 0) {
			if (e->code == ERR_MISSING)
				continue; /* applied and removed meanwhile */
			return -1;
		}
		if (got == 0 || json_parse(a, record[0].payload, &v, e) < 0)
			continue;
		int64_t waited = time_now_us() -
				 val_as_int(val_get(&v, "received"), time_now_us());
		if (waited > *lag_us)
			*lag_us = waited;
	}
	return 0;
}
