/* How far each journal segment is applied: moved in the transaction that applies. */
#ifndef EVENT_POSITION_H
#define EVENT_POSITION_H

#include "base/val.h"

struct arena;
struct db;
struct err;

/* Lists of [journal, position]. */
int position_all(struct arena *a, struct db *db, struct val *rows, struct err *e);

/* In a transaction: from must be where the segment stands (0: never touched), else somebody else applied it: ERR_BUSY. */
int position_move(struct arena *a, struct db *db, const char *journal, int64_t from,
	int64_t to, struct err *e);

/* How long the oldest record that is not applied yet has waited; 0 when all are. Reads one record of each segment. */
int position_lag_us(struct arena *a, struct db *db, const char *journal_dir,
	int64_t *lag_us, struct err *e);

/* Forgets positions that did not move since an instant: a segment that old is gone, with a position left over from a kill. */
int position_prune(struct db *db, int64_t before_us, struct err *e);

/* The segment is gone. */
int position_drop(struct db *db, const char *journal, struct err *e);

#endif
