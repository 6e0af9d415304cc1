/* Which engine holds a company's columns, and how far its effects are written. */
#ifndef EVENT_LEASE_H
#define EVENT_LEASE_H

#include "base/val.h"

struct arena;
struct db;
struct err;

struct lease {
	int64_t company_id;
	const char
		*holder; /* of this engine: the same after a restart on the same machine */
	int64_t fence;	 /* grows with every taking: an older holder's writes are refused */
	int64_t seq;	 /* of the feed */
	int64_t clock_us; /* up to when time has had its effects; 0 never */
};

/* Takes the lease if it is free, ours, or has run out: 1 taken and *l filled, 0 another engine's, -1 *e. */
int lease_take(struct arena *a, struct db *db, int64_t company_id, const char *holder,
	int64_t until_us, struct lease *l, struct err *e);

/* In a transaction: effects up to seq and clock_us are written. ERR_BUSY when the lease is no longer ours. */
int lease_move(struct db *db, const struct lease *l, int64_t seq, int64_t clock_us,
	int64_t until_us, struct err *e);

#endif
