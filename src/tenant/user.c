/* See user.h. */
#include "tenant/user.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"
#include "tenant/company.h"

#include <stdio.h>
#include <string.h>

enum { FREE_TRIES = 5, TOKEN_CHARS = 43, CSRF_CHARS = 32 };
static const int64_t idle_us = 30 * MINUTE_US, absolute_us = 12 * HOUR_US;

static int
check(const struct user *u, struct text password, struct err *e)
{
	static const char *const roles[] = {"admin", "manager", "root"};
	bool known = false;
	for (size_t i = 0; i < 3; i++)
		known = known || strcmp(u->role, roles[i]) == 0;
	if (!known || (strcmp(u->role, "root") == 0) != (u->company_id == PLATFORM))
		return err_field(e, "role",
			"a company's user is admin or manager, not \"%s\"", u->role);
	const char *at = strchr(u->email, '@');
	if (at == NULL || at == u->email || at[1] == '\0' || strlen(u->email) > 254 ||
		strpbrk(u->email, " <>,;\r\n") != NULL)
		return err_field(
			e, "email", "an e-mail address looks like name@example.com");
	if (password.n < 12 || password.n > 1024)
		return err_field(e, "password", "a password has at least 12 characters");
	return 0;
}

int
user_create(
	struct arena *a, struct db *db, struct user *u, struct text password, struct err *e)
{
	if (check(u, password, e) < 0)
		return -1;
	u->id = id_make();
	struct text email = text_fold(a, text_of(u->email));
	if (db_exec(db, QUERY_USER_INSERT,
		    DB_ARGS(val_int(u->company_id), val_int(u->id), val_of(email),
			    val_text(sign_password(a, password)), val_text(u->role),
			    val_text(u->name), val_text(u->language),
			    val_int(time_now_us())),
		    NULL, e) < 0) {
		if (e->code == ERR_CONFLICT) {
			err_field(e, "email", "somebody with this e-mail is there already");
			e->code = ERR_CONFLICT;
		}
		return -1;
	}
	return 0;
}

static void
user_of(struct arena *a, int64_t company_id, const struct val *row, size_t role_at,
	struct user *out)
{
	*out = (struct user){.company_id = company_id,
		.id = row_int(row, 0),
		.role = row_z(a, row, role_at),
		.name = row_z(a, row, role_at + 1),
		.language = row_z(a, row, role_at + 2)};
}

int
user_login(struct arena *a, struct db *db, int64_t company_id, struct text email,
	struct text password, struct user *out, struct err *e)
{
	struct val row;
	int64_t now = time_now_us();
	if (email.n > 254 || password.n > 1024)
		return 0;
	int found = db_row(a, db, QUERY_USER_BY_EMAIL,
		DB_ARGS(val_int(company_id), val_of(text_fold(a, text_trim(email)))), &row,
		e);
	if (found < 0)
		return -1;
	if (found == 1 && row_int(&row, 8) > now)
		return err_set(e, ERR_LIMIT,
			"too many wrong passwords, try again in %lld s",
			(long long)((row_int(&row, 8) - now) / SECOND_US + 1));
	const char *stored = found == 1 ? row_z(a, &row, 2) : NULL;
	if (!sign_password_is(stored, password)) {
		int64_t wrong = found == 1 ? row_int(&row, 7) + 1 : 0;
		int64_t shift = wrong - FREE_TRIES < 8 ? wrong - FREE_TRIES : 8;
		int64_t until = wrong >= FREE_TRIES ? now + (SECOND_US << shift) : 0;
		if (found == 1 && db_exec(db, QUERY_USER_LOGIN_FAILED,
					  DB_ARGS(val_int(until), val_int(company_id),
						  *row_at(&row, 0)),
					  NULL, e) < 0)
			return -1;
		return 0;
	}
	if (!text_is(row_text(&row, 6), "active"))
		return 0;
	user_of(a, company_id, &row, 3, out);
	out->email = row_z(a, &row, 1);
	return db_exec(db, QUERY_USER_LOGIN_DONE,
		       DB_ARGS(val_int(now), val_int(company_id), val_int(out->id)), NULL,
		       e) < 0
		       ? -1
		       : 1;
}

bool
user_may(const struct user *u, enum right right)
{
	if (right == RIGHT_NONE)
		return true;
	if (strcmp(u->role, "root") == 0)
		return right == RIGHT_PLATFORM;
	if (strcmp(u->role, "admin") == 0)
		return right == RIGHT_WORK || right == RIGHT_COMPANY;
	return right == RIGHT_WORK;
}

int
user_all(struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_USER_ALL, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	*out = row_maps(a, &rows, 0,
		DB_KEYS("id", "email", "role", "name", "language", "state", "created_at_us",
			"last_login_us"));
	return 0;
}

int
user_set_state(struct db *db, int64_t company_id, int64_t user_id, const char *state,
	struct err *e)
{
	int64_t changed;
	if (strcmp(state, "active") != 0 && strcmp(state, "disabled") != 0)
		return err_field(
			e, "state", "a user is active or disabled, not \"%s\"", state);
	if (db_exec(db, QUERY_USER_SET_STATE,
		    DB_ARGS(val_text(state), val_int(company_id), val_int(user_id)),
		    &changed, e) < 0)
		return -1;
	if (changed == 1 && strcmp(state, "disabled") == 0 &&
		db_exec(db, QUERY_SESSION_DELETE_OF_USER,
			DB_ARGS(val_int(company_id), val_int(user_id)), NULL, e) < 0)
		return -1;
	return changed == 1;
}

int
user_set_language(struct db *db, int64_t company_id, int64_t user_id, const char *language,
	struct err *e)
{
	int64_t changed;
	if (strcmp(language, "ru") != 0 && strcmp(language, "en") != 0)
		return err_field(e, "language", "a language is ru or en");
	if (db_exec(db, QUERY_USER_SET_LANGUAGE,
		    DB_ARGS(val_text(language), val_int(company_id), val_int(user_id)),
		    &changed, e) < 0)
		return -1;
	return changed == 1;
}

int
session_begin(struct arena *a, struct db *db, const struct user *u, const char *ip,
	const char *agent, struct session *out, struct err *e)
{
	int64_t now = time_now_us();
	const char *token = sign_token(a, TOKEN_CHARS);
	out->user = *u;
	out->csrf = sign_token(a, CSRF_CHARS);
	out->cookie = arena_printf(a, "%lld.%s", (long long)u->company_id, token);
	return db_exec(db, QUERY_SESSION_INSERT,
		DB_ARGS(val_int(u->company_id), val_text(sign_hash(a, text_of(token))),
			val_int(u->id), val_text(out->csrf), val_int(now), val_int(now),
			val_text(ip),
			val_of(text_is_utf8(text_of(agent)) ? text_cut(text_of(agent), 200)
							    : text_of(""))),
		NULL, e);
}

/* "COMPANY.TOKEN" to its parts. */
static bool
read_cookie(struct arena *a, struct text cookie, int64_t *company_id, const char **hash)
{
	const char *dot = memchr(cookie.at, '.', cookie.n);
	if (dot == NULL || cookie.n > 80)
		return false;
	struct val number = val_bytes(cookie.at, (size_t)(dot - cookie.at));
	*company_id = val_as_int(&number, -1);
	struct text token = {dot + 1, cookie.n - (size_t)(dot + 1 - cookie.at)};
	*hash = sign_hash(a, token);
	return *company_id >= 0 && token.n == TOKEN_CHARS;
}

int
session_find(struct arena *a, struct db *db, struct text cookie, struct session *out,
	struct err *e)
{
	int64_t company_id, now = time_now_us();
	const char *hash;
	struct val row;
	if (!read_cookie(a, cookie, &company_id, &hash))
		return 0;
	int found = db_row(a, db, QUERY_SESSION_BY_HASH,
		DB_ARGS(val_int(company_id), val_text(hash)), &row, e);
	if (found < 1)
		return found;
	if (now - row_int(&row, 2) > absolute_us || now - row_int(&row, 3) > idle_us ||
		!text_is(row_text(&row, 8), "active"))
		return session_end(a, db, cookie, e);
	user_of(a, company_id, &row, 5, &out->user);
	out->user.email = row_z(a, &row, 4);
	out->csrf = row_z(a, &row, 1);
	out->cookie = text_z(a, cookie);
	if (now - row_int(&row, 3) > MINUTE_US &&
		db_exec(db, QUERY_SESSION_SEEN,
			DB_ARGS(val_int(now), val_int(company_id), val_text(hash)), NULL,
			e) < 0)
		return -1;
	return 1;
}

int
session_end(struct arena *a, struct db *db, struct text cookie, struct err *e)
{
	int64_t company_id;
	const char *hash;
	if (!read_cookie(a, cookie, &company_id, &hash))
		return 0;
	return db_exec(db, QUERY_SESSION_DELETE,
		DB_ARGS(val_int(company_id), val_text(hash)), NULL, e);
}

int
audit_add(struct db *db, const struct user *u, const char *ip, const char *action,
	int64_t object, const char *detail, struct err *e)
{
	char id[24];
	snprintf(id, sizeof id, "%lld", (long long)object);
	return db_exec(db, QUERY_AUDIT_INSERT,
		DB_ARGS(val_int(u->company_id), val_int(id_make()), val_int(u->id),
			val_int(time_now_us()), val_text(ip), val_text(action),
			val_text(id), val_of(text_cut(text_of(detail), 1000))),
		NULL, e);
}

int
audit_last(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_AUDIT_LAST, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	*out = row_maps(a, &rows, 0,
		DB_KEYS("at_us", "user_id", "ip", "action", "object", "detail"));
	return 0;
}
