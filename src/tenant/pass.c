/* See pass.h. */
#include "tenant/pass.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/time.h"
#include "store/db.h"
#include "tenant/session.h"

#include <string.h>

enum { TOKEN_CHARS = 43 };

int
pass_make(struct arena *a, struct db *db, const struct user *u, int64_t lifetime_us,
	const char **token, struct err *e)
{
	const char *secret = sign_token(a, TOKEN_CHARS);
	*token = arena_printf(a, "%lld.%s", (long long)u->company_id, secret);
	return db_exec(db, QUERY_PASS_ADD,
		DB_ARGS(val_int(u->company_id), val_text(sign_hash(a, text_of(secret))),
			val_int(u->id), val_int(time_now_us() + lifetime_us)),
		NULL, e);
}

static bool
read_token(struct arena *a, struct text token, int64_t *company_id, const char **hash)
{
	const char *dot = memchr(token.at, '.', token.n);
	if (dot == NULL || token.n > 80)
		return false;
	struct val number = val_bytes(token.at, (size_t)(dot - token.at));
	*company_id = val_as_int(&number, -1);
	struct text secret = {dot + 1, token.n - (size_t)(dot + 1 - token.at)};
	*hash = sign_hash(a, secret);
	return *company_id >= 0 && secret.n == TOKEN_CHARS;
}

int
pass_find(
	struct arena *a, struct db *db, struct text token, struct user *out, struct err *e)
{
	int64_t company_id;
	const char *hash;
	struct val row;
	if (!read_token(a, token, &company_id, &hash))
		return 0;
	int found = db_row(a, db, QUERY_PASS_BY_HASH,
		DB_ARGS(val_int(company_id), val_text(hash)), &row, e);
	if (found < 1 || row_int(&row, 1) < time_now_us())
		return found < 0 ? -1 : 0;
	bool active;
	found = user_by_id(a, db, company_id, row_int(&row, 0), out, &active, e);
	return found == 1 && !active ? 0 : found;
}

static int
use(struct arena *a, struct db *db, const struct user *u, struct text token,
	const char *password, struct err *e)
{
	int64_t company_id, used;
	const char *hash;
	must(read_token(a, token, &company_id, &hash));
	if (db_exec(db, QUERY_PASS_USE, DB_ARGS(val_int(company_id), val_text(hash)), &used,
		    e) < 0)
		return -1;
	if (used == 0) /* another was faster */
		return 0;
	if (db_exec(db, QUERY_USER_SET_PASSWORD,
		    DB_ARGS(val_text(password), val_int(company_id), val_int(u->id)), NULL,
		    e) < 0 ||
		db_exec(db, QUERY_PASS_DROP_OF_USER,
			DB_ARGS(val_int(company_id), val_int(u->id)), NULL, e) < 0 ||
		session_end_others(db, company_id, u->id, NULL, e) < 0)
		return -1;
	return 1;
}

int
pass_use(struct arena *a, struct db *db, struct text token, struct text password,
	struct user *out, struct err *e)
{
	int found = pass_find(a, db, token, out, e);
	if (found < 1)
		return found;
	if (user_password_check(a, out, password, e) < 0)
		return -1;
	const char *hash = sign_password(a, password);
	if (db_begin(db, e) < 0)
		return -1;
	int used = use(a, db, out, token, hash, e);
	if (used < 1 || db_commit(db, e) < 0) {
		db_rollback(db);
		return used < 0 ? -1 : 0;
	}
	return user_forgive(a, db, out, e) < 0 ? -1 : 1;
}
