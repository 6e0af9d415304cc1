/* Memberships that change: written with their events and the position, all in one transaction. */
#ifndef ENGINE_MOVES_H
#define ENGINE_MOVES_H

#include "base/val.h"

struct arena;
struct arrival;
struct db;
struct err;
struct hold;

struct move {
	int64_t segment_id, person_id, at_us;
	const char *name, *reason;
	bool in;
	bool told;  /* an event says so */
	bool quiet; /* the event starts no scenarios */
};

struct built {
	int64_t segment_id, version, size, at_us;
};

/* What else belongs into the transaction; any part may be missing. */
struct moves_also {
	const struct built *built;	       /* a build ended */
	int64_t seq, clock_us, lease_until_us; /* clock_us 0: the lease stays as it is */
	const struct arrival *arrivals;	       /* events of others */
	size_t arrival_n;
	int (*scenarios)(struct arena *a, struct db *db, void *obj, struct err *e);
	void *obj;
};

int moves_commit(struct arena *a, struct hold *h, const struct move *moves, size_t n,
	const struct moves_also *also, struct err *e);

#endif
