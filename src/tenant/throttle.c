/* See throttle.h. */
#include "tenant/throttle.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"
#include "tenant/company.h"

#include <arpa/inet.h>
#include <string.h>

enum { FREE_TRIES = 5, DOUBLINGS = 8, BUCKET = 100, CLASHES_MAX = 5 };
static const int64_t refill_us = 5 * SECOND_US, peace_us = HOUR_US;

/* Moves one counter: of failures and until_us as they stand now makes those that are to stand. 0, or -1 and nothing moves. */
typedef int move_fn(int64_t now, int64_t *failures, int64_t *until_us, struct err *e);

static int
too_often(int64_t wait_us, struct err *e)
{
	return err_set(e, ERR_LIMIT, "too many tries, wait %lld s",
		(long long)(wait_us / SECOND_US + 1));
}

static int
try_account(int64_t now, int64_t *failures, int64_t *until_us, struct err *e)
{
	if (*until_us > now)
		return too_often(*until_us - now, e);
	if (*until_us > 0 && *until_us + peace_us < now)
		*failures = 0;
	int64_t over = ++*failures - FREE_TRIES;
	*until_us = over < 0 ? 0
			     : now + (SECOND_US << (over < DOUBLINGS ? over : DOUBLINGS));
	return 0;
}

static int
try_network(int64_t now, int64_t *failures, int64_t *until_us, struct err *e)
{
	int64_t empty = *until_us > now ? *until_us - now : 0;
	if (empty + refill_us > BUCKET * refill_us)
		return too_often(empty + refill_us - BUCKET * refill_us, e);
	*failures = 0;
	*until_us = now + empty + refill_us;
	return 0;
}

static int
forgive_network(int64_t now, int64_t *failures, int64_t *until_us, struct err *e)
{
	(void)now;
	(void)e;
	*failures = 0;
	*until_us -= refill_us;
	return 0;
}

static int
move_once(struct arena *a, struct db *db, int64_t company_id, const char *hash,
	move_fn *move, struct err *e)
{
	struct val row;
	int64_t now = time_now_us();
	if (db_begin(db, e) < 0)
		return -1;
	if (db_exec(db, QUERY_THROTTLE_BEGIN,
		    DB_ARGS(val_int(company_id), val_text(hash), val_int(now)), NULL,
		    e) == 0 &&
		db_row(a, db, QUERY_THROTTLE_LOCK,
			DB_ARGS(val_int(company_id), val_text(hash)), &row, e) == 1) {
		int64_t failures = row_int(&row, 0), until_us = row_int(&row, 1);
		if (move(now, &failures, &until_us, e) == 0 &&
			db_exec(db, QUERY_THROTTLE_MOVE,
				DB_ARGS(val_int(failures), val_int(until_us),
					val_int(company_id), val_text(hash)),
				NULL, e) == 0)
			return db_commit(db, e);
	}
	db_rollback(db);
	return -1;
}

static int
move_counter(struct arena *a, struct db *db, int64_t company_id, const char *hash,
	move_fn *move, struct err *e)
{
	int done = -1;
	for (int i = 0; i < CLASHES_MAX && done < 0; i++) {
		done = move_once(a, db, company_id, hash, move, e);
		if (done < 0 && e->code != ERR_CONFLICT)
			return -1;
	}
	return done;
}

static const char *
hash_of(struct arena *a, const char *what, struct text who)
{
	struct text folded = text_is_utf8(who) ? text_fold(a, who) : who;
	return sign_hash(
		a, text_of(arena_printf(a, "%s %.*s", what, (int)folded.n, folded.at)));
}

int
throttle_account(struct arena *a, struct db *db, int64_t company_id, const char *what,
	struct text who, struct err *e)
{
	return move_counter(a, db, company_id, hash_of(a, what, who), try_account, e);
}

int
throttle_account_forgive(struct arena *a, struct db *db, int64_t company_id,
	const char *what, struct text who, struct err *e)
{
	return db_exec(db, QUERY_THROTTLE_DROP,
		DB_ARGS(val_int(company_id), val_text(hash_of(a, what, who))), NULL, e);
}

const char *
throttle_network_of(struct arena *a, const char *ip)
{
	unsigned char at[16] = {0};
	char text[INET6_ADDRSTRLEN];
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	if (inet_pton(AF_INET6, ip, at) == 1) {
		if (memcmp(at, mapped, sizeof mapped) == 0)
			return arena_printf(a, "%d.%d.%d.0/24", at[12], at[13], at[14]);
		memset(at + 8, 0, 8);
		return arena_printf(a, "%s/64", inet_ntop(AF_INET6, at, text, sizeof text));
	}
	if (inet_pton(AF_INET, ip, at) == 1)
		return arena_printf(a, "%d.%d.%d.0/24", at[0], at[1], at[2]);
	return ip;
}

static int
move_network(struct arena *a, struct db *db, const char *ip, move_fn *move, struct err *e)
{
	const char *hash = hash_of(a, "network", text_of(throttle_network_of(a, ip)));
	return move_counter(a, db, PLATFORM, hash, move, e);
}

int
throttle_network(struct arena *a, struct db *db, const char *ip, struct err *e)
{
	return move_network(a, db, ip, try_network, e);
}

int
throttle_network_forgive(struct arena *a, struct db *db, const char *ip, struct err *e)
{
	return move_network(a, db, ip, forgive_network, e);
}
