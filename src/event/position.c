/* See position.h. */
#include "event/position.h"
#include "base/err.h"
#include "base/time.h"
#include "store/db.h"

int
position_all(struct arena *a, struct db *db, struct val *rows, struct err *e)
{
	return db_rows(a, db, QUERY_JOURNAL_POSITION_ALL, NULL, 0, rows, e);
}

int
position_move(struct arena *a, struct db *db, const char *journal, int64_t from, int64_t to, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_JOURNAL_POSITION_LOCK, DB_ARGS(val_text(journal)), &row, e);
	if (found < 0)
		return -1;
	int64_t at = found == 1 ? row_int(&row, 0) : 0;
	if (at != from)
		return err_set(e, ERR_BUSY, "journal %s stands at %lld, not at %lld: another applies it", journal,
			(long long)at, (long long)from);
	return db_exec(db, QUERY_JOURNAL_POSITION_PUT,
		DB_ARGS(val_text(journal), val_int(to), val_int(time_now_us())), NULL, e);
}

int
position_drop(struct db *db, const char *journal, struct err *e)
{
	return db_exec(db, QUERY_JOURNAL_POSITION_DELETE, DB_ARGS(val_text(journal)), NULL, e);
}
