/* See lease.h. */
#include "event/lease.h"
#include "base/err.h"
#include "base/time.h"
#include "store/db.h"

int
lease_take(struct arena *a, struct db *db, int64_t company_id, const char *holder,
	int64_t until_us, struct lease *l, struct err *e)
{
	struct val row, id = val_int(company_id);
	int64_t taken;
	if (db_bulk(db, QUERY_LEASE_MAKE, &id, 1, 1, NULL, e) < 0 ||
		db_exec(db, QUERY_LEASE_TAKE,
			DB_ARGS(val_text(holder), val_int(until_us), val_int(company_id),
				val_text(holder), val_int(time_now_us())),
			&taken, e) < 0)
		return -1;
	if (taken == 0)
		return 0;
	int found = db_row(a, db, QUERY_LEASE_READ, DB_ARGS(val_int(company_id)), &row, e);
	if (found == 1)
		*l = (struct lease){.company_id = company_id,
			.holder = holder,
			.fence = row_int(&row, 1),
			.seq = row_int(&row, 2),
			.clock_us = row_int(&row, 3)};
	return found;
}

int
lease_move(struct db *db, const struct lease *l, int64_t seq, int64_t clock_us,
	int64_t until_us, struct err *e)
{
	int64_t moved;
	if (db_exec(db, QUERY_LEASE_MOVE,
		    DB_ARGS(val_int(seq), val_int(clock_us), val_int(until_us),
			    val_int(l->company_id), val_text(l->holder), val_int(l->fence)),
		    &moved, e) < 0)
		return -1;
	return moved == 1 ? 0
			  : err_set(e, ERR_BUSY, "another engine holds company %lld now",
				    (long long)l->company_id);
}
