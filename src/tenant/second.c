/* See second.h. */
#include "tenant/second.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "base/totp.h"
#include "store/db.h"
#include "tenant/user.h"

#include <ctype.h>
#include <string.h>

enum { CODE_CHARS = 12 };

static struct text
context_of(struct arena *a, const struct user *u)
{
	return val_id(a, u->id).text;
}

const char *
second_offer(struct arena *a, const struct user *u, struct text *secret)
{
	*secret = totp_secret(a);
	return sign_seal(a, u->company_id, "totp", context_of(a, u), *secret);
}

int
second_offered(
	struct arena *a, const struct user *u, struct text sealed, struct text *secret)
{
	return sign_open(a, u->company_id, "totp", context_of(a, u), sealed, secret) &&
	       secret->n == TOTP_SECRET_BYTES;
}

/* A code as it is hashed: small letters and digits, with its owner. */
static const char *
recovery_hash(struct arena *a, const struct user *u, struct text code)
{
	struct str s = str_new(a);
	str_addf(&s, "recovery %lld ", (long long)u->id);
	for (size_t i = 0; i < code.n; i++)
		if (isalnum((unsigned char)code.at[i]))
			str_addc(&s, (char)tolower((unsigned char)code.at[i]));
	return sign_hash(a, str_text(&s));
}

/* "k3jw-x7ma-q2dz" */
static const char *
recovery_code(struct arena *a)
{
	const char *w = sign_word(a, CODE_CHARS);
	return arena_printf(a, "%.4s-%.4s-%.4s", w, w + 4, w + 8);
}

static int
put_recovery(struct arena *a, struct db *db, const struct user *u, struct val *codes,
	struct err *e)
{
	struct val rows[3 * RECOVERY_CODES];
	*codes = val_list(a);
	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		const char *code = recovery_code(a);
		rows[3 * i] = val_int(u->company_id);
		rows[3 * i + 1] = val_int(u->id);
		rows[3 * i + 2] = val_text(recovery_hash(a, u, text_of(code)));
		val_push(a, codes, val_text(code));
	}
	return db_exec(db, QUERY_RECOVERY_DROP,
		       DB_ARGS(val_int(u->company_id), val_int(u->id)), NULL, e) < 0
		       ? -1
		       : db_bulk(db, QUERY_RECOVERY_ADD, rows, RECOVERY_CODES, 3, NULL, e);
}

int
second_recovery(struct arena *a, struct db *db, const struct user *u, struct val *codes,
	struct err *e)
{
	if (db_begin(db, e) < 0)
		return -1;
	if (put_recovery(a, db, u, codes, e) == 0)
		return db_commit(db, e);
	db_rollback(db);
	return -1;
}

int
second_turn_on(struct arena *a, struct db *db, const struct user *u, struct text sealed,
	struct text code, struct val *codes, struct err *e)
{
	struct text secret;
	int64_t step, now = time_now_us();
	if (!second_offered(a, u, sealed, &secret) || !totp_is(secret, code, now, 0, &step))
		return 0;
	/* sealed anew: what went through the form is not what is stored */
	const char *stored = sign_seal(a, u->company_id, "totp", context_of(a, u), secret);
	if (db_begin(db, e) < 0)
		return -1;
	if (db_exec(db, QUERY_SECOND_PUT,
		    DB_ARGS(val_int(u->company_id), val_int(u->id), val_text(stored),
			    val_int(step), val_int(now)),
		    NULL, e) == 0 &&
		put_recovery(a, db, u, codes, e) == 0)
		return db_commit(db, e) < 0 ? -1 : 1;
	db_rollback(db);
	return -1;
}

int
second_turn_off(struct db *db, int64_t company_id, int64_t user_id, struct err *e)
{
	return db_exec(db, QUERY_SECOND_DROP,
		       DB_ARGS(val_int(company_id), val_int(user_id)), NULL, e) < 0
		       ? -1
		       : db_exec(db, QUERY_RECOVERY_DROP,
				 DB_ARGS(val_int(company_id), val_int(user_id)), NULL, e);
}

int
second_recovery_left(
	struct arena *a, struct db *db, const struct user *u, int64_t *left, struct err *e)
{
	struct val row;
	if (db_row(a, db, QUERY_RECOVERY_LEFT,
		    DB_ARGS(val_int(u->company_id), val_int(u->id)), &row, e) < 0)
		return -1;
	*left = row_int(&row, 0);
	return 0;
}

int
second_is(struct arena *a, struct db *db, const struct user *u, struct text code,
	struct err *e)
{
	struct val row;
	struct text secret;
	int64_t step, changed;
	int found = db_row(a, db, QUERY_SECOND_BY_USER,
		DB_ARGS(val_int(u->company_id), val_int(u->id)), &row, e);
	if (found < 1)
		return found;
	if (sign_open(a, u->company_id, "totp", context_of(a, u), row_text(&row, 0),
		    &secret) &&
		totp_is(secret, code, time_now_us(), row_int(&row, 1), &step)) {
		/* two with the same code at once: the row lets one of them pass */
		if (db_exec(db, QUERY_SECOND_STEP,
			    DB_ARGS(val_int(step), val_int(u->company_id), val_int(u->id),
				    val_int(step)),
			    &changed, e) < 0)
			return -1;
		return changed == 1;
	}
	if (code.n < CODE_CHARS || code.n > 2 * CODE_CHARS)
		return 0;
	if (db_exec(db, QUERY_RECOVERY_USE,
		    DB_ARGS(val_int(u->company_id), val_int(u->id),
			    val_text(recovery_hash(a, u, code))),
		    &changed, e) < 0)
		return -1;
	return changed == 1;
}

int
second_policy(
	struct arena *a, struct db *db, int64_t company_id, const char **out, struct err *e)
{
	struct val row;
	int found = db_row(
		a, db, QUERY_POLICY_BY_COMPANY, DB_ARGS(val_int(company_id)), &row, e);
	if (found >= 0)
		*out = found == 1 ? row_z(a, &row, 0) : "nobody";
	return found < 0 ? -1 : 0;
}

int
second_set_policy(struct db *db, int64_t company_id, const char *policy, struct err *e)
{
	if (strcmp(policy, "nobody") != 0 && strcmp(policy, "admins") != 0 &&
		strcmp(policy, "all") != 0)
		return err_field(e, "second_factor",
			"a second factor is asked of nobody, admins or all, not \"%s\"",
			policy);
	return db_exec(db, QUERY_POLICY_PUT, DB_ARGS(val_int(company_id), val_text(policy)),
		NULL, e);
}
