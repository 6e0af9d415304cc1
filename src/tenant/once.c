/* See once.h. */
#include "tenant/once.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/time.h"
#include "store/db.h"

static const int64_t in_hand_us = MINUTE_US;

/* What is there under the key: 1 answered, 0 nothing of use (then it was dropped), -1 *e. */
static int
look(struct arena *a, struct db *db, int64_t company_id, const char *hash, struct text body,
	int *status, struct text *answer, struct err *e)
{
	struct val row;
	int64_t now = time_now_us();
	int found = db_row(a, db, QUERY_IDEMPOTENCY_BY_KEY,
		DB_ARGS(val_int(company_id), val_text(hash)), &row, e);
	if (found < 1)
		return found;
	int64_t age = now - row_int(&row, 3);
	*status = (int)row_int(&row, 1);
	if (age > DAY_US || (*status == 0 && age > in_hand_us))
		return db_exec(db, QUERY_IDEMPOTENCY_DROP,
			DB_ARGS(val_int(company_id), val_text(hash), *row_at(&row, 3)),
			NULL, e);
	if (!text_is(row_text(&row, 0), sign_hash(a, body)))
		return err_set(e, ERR_CONFLICT,
			"this Idempotency-Key came before with another body");
	if (*status == 0)
		return err_set(e, ERR_BUSY,
			"the first request with this Idempotency-Key is still in hand");
	*answer = row_text(&row, 2);
	return 1;
}

int
once_begin(struct arena *a, struct db *db, int64_t company_id, struct text key,
	struct text body, int *status, struct text *answer, struct err *e)
{
	const char *hash = sign_hash(a, key);
	for (int try = 0; try < 3; try++) {
		int found = look(a, db, company_id, hash, body, status, answer, e);
		if (found != 0)
			return found;
		if (db_exec(db, QUERY_IDEMPOTENCY_BEGIN,
			    DB_ARGS(val_int(company_id), val_text(hash),
				    val_text(sign_hash(a, body)), val_int(time_now_us())),
			    NULL, e) == 0)
			return 0;
		if (e->code != ERR_CONFLICT)
			return -1;
	}
	return err_set(e, ERR_BUSY,
		"the first request with this Idempotency-Key is still in hand");
}

int
once_end(struct arena *a, struct db *db, int64_t company_id, struct text key, int status,
	struct text answer, struct err *e)
{
	return db_exec(db, QUERY_IDEMPOTENCY_END,
		DB_ARGS(val_int(status), val_of(answer), val_int(company_id),
			val_text(sign_hash(a, key))),
		NULL, e);
}

int
once_drop(
	struct arena *a, struct db *db, int64_t company_id, struct text key, struct err *e)
{
	return db_exec(db, QUERY_IDEMPOTENCY_DROP,
		DB_ARGS(val_int(company_id), val_text(sign_hash(a, key)),
			val_int(time_now_us())),
		NULL, e);
}

int
tenant_prune(struct db *db, int64_t company_id, int64_t now_us, struct err *e)
{
	static const enum query prunes[] = {QUERY_IDEMPOTENCY_PRUNE, QUERY_SESSION_PRUNE,
		QUERY_PASS_PRUNE, QUERY_THROTTLE_PRUNE};
	for (size_t i = 0; i < sizeof prunes / sizeof *prunes; i++)
		if (db_exec(db, prunes[i],
			    DB_ARGS(val_int(company_id), val_int(now_us - DAY_US)), NULL,
			    e) < 0)
			return -1;
	return 0;
}

int
once_erase(struct arena *a, struct db *db, int64_t company_id, int64_t person_id,
	struct err *e)
{
	return db_exec(db, QUERY_IDEMPOTENCY_ERASE,
		DB_ARGS(val_int(company_id),
			val_text(arena_printf(a, "\"%lld\"", (long long)person_id))),
		NULL, e);
}
