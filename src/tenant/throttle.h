/* How often one may try: counted in the store, so that it holds for all workers, and before the attempt, so that a hundred at once count
 * as a hundred. What was tried with success is forgiven. */
#ifndef TENANT_THROTTLE_H
#define TENANT_THROTTLE_H

#include "base/val.h"

struct arena;
struct db;
struct err;

/* An account, by what was typed, whether it is there or not. Five tries are free, then each waits twice as long as the one before, up to
 * 256 s: at most 27 an hour, never a lock for good; an hour of peace is a new beginning. 0 try it, or -1 ERR_LIMIT: how long to wait. */
int throttle_account(struct arena *a, struct db *db, int64_t company_id, const char *what,
	struct text who, struct err *e);
int throttle_account_forgive(struct arena *a, struct db *db, int64_t company_id,
	const char *what, struct text who, struct err *e);

/* A network, /24 of IPv4 and /64 of IPv6: a bucket of 100 tries that fills again by one every 5 s. 0 / -1 ERR_LIMIT. */
int throttle_network(struct arena *a, struct db *db, const char *ip, struct err *e);
int throttle_network_forgive(struct arena *a, struct db *db, const char *ip, struct err *e);

/* The network's name: "203.0.113.0/24", "2001:db8:0:1::/64"; what is no address stays as it is. */
const char *throttle_network_of(struct arena *a, const char *ip);

#endif
