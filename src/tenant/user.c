/* See user.h. */
#include "tenant/user.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/log.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"
#include "tenant/company.h"
#include "tenant/password.h"
#include "tenant/second.h"
#include "tenant/session.h"
#include "tenant/throttle.h"

#include <string.h>

enum { EMAIL_MAX = 254, CODE_MAX = 64 };

/* In the place of a password's hash: nobody's. */
static const char no_password[] = "!";

static int
check(struct arena *a, const struct user *u, struct text password, struct err *e)
{
	static const char *const roles[] = {"admin", "manager", "root"};
	bool known = false;
	for (size_t i = 0; i < 3; i++)
		known = known || strcmp(u->role, roles[i]) == 0;
	if (!known || (strcmp(u->role, "root") == 0) != (u->company_id == PLATFORM))
		return err_field(e, "role",
			"a company's user is admin or manager, not \"%s\"", u->role);
	const char *at = strchr(u->email, '@');
	if (at == NULL || at == u->email || at[1] == '\0' || strlen(u->email) > EMAIL_MAX ||
		strpbrk(u->email, " <>,;\r\n") != NULL)
		return err_field(
			e, "email", "an e-mail address looks like name@example.com");
	return password.n > 0 ? password_check(a, password, u->email, e) : 0;
}

int
user_create(
	struct arena *a, struct db *db, struct user *u, struct text password, struct err *e)
{
	if (check(a, u, password, e) < 0)
		return -1;
	u->id = id_make();
	struct text email = text_fold(a, text_of(u->email));
	const char *hash = password.n > 0 ? sign_password(a, password) : no_password;
	if (db_exec(db, QUERY_USER_INSERT,
		    DB_ARGS(val_int(u->company_id), val_int(u->id), val_of(email),
			    val_text(hash), val_text(u->role), val_text(u->name),
			    val_text(u->language), val_int(time_now_us())),
		    NULL, e) < 0) {
		if (e->code == ERR_CONFLICT) {
			err_field(e, "email", "somebody with this e-mail is there already");
			e->code = ERR_CONFLICT;
		}
		return -1;
	}
	return 0;
}

/* USER_BY_EMAIL's row. */
static struct user
user_of(struct arena *a, int64_t company_id, const struct val *row)
{
	return (struct user){.company_id = company_id,
		.id = row_int(row, 0),
		.email = row_z(a, row, 1),
		.role = row_z(a, row, 3),
		.name = row_z(a, row, 4),
		.language = row_z(a, row, 5),
		.has_second = row_int(row, 7) != 0};
}

static int
row_by_email(struct arena *a, struct db *db, int64_t company_id, struct text email,
	struct val *row, struct err *e)
{
	if (!text_is_utf8(email) || email.n > EMAIL_MAX)
		return 0;
	return db_row(a, db, QUERY_USER_BY_EMAIL,
		DB_ARGS(val_int(company_id), val_of(text_fold(a, text_trim(email)))), row,
		e);
}

int
user_by_email(struct arena *a, struct db *db, int64_t company_id, struct text email,
	struct user *out, bool *active, struct err *e)
{
	struct val row;
	int found = row_by_email(a, db, company_id, email, &row, e);
	if (found == 1) {
		*out = user_of(a, company_id, &row);
		*active = text_is(row_text(&row, 6), "active");
	}
	return found;
}

int
user_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	struct user *out, bool *active, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_USER_BY_ID,
		DB_ARGS(val_int(company_id), val_int(user_id)), &row, e);
	if (found == 1) {
		*out = user_of(a, company_id, &row);
		*active = text_is(row_text(&row, 6), "active");
	}
	return found;
}

enum { DEVICE_CHARS = 16 };

const char *
user_device(struct arena *a, const struct user *u)
{
	const char *nonce = sign_token(a, DEVICE_CHARS);
	struct text signed_text = text_of(arena_printf(a, "%s %s", nonce, u->email));
	return arena_printf(
		a, "%s%s", nonce, sign_mac(a, u->company_id, "device", signed_text));
}

/* Whose tries are counted together: the account's, or the account's from a known device. */
static struct text
counter_of(struct arena *a, const struct attempt *t)
{
	struct text email = text_trim(t->email);
	if (t->device.n <= DEVICE_CHARS || !text_is_utf8(email))
		return email;
	struct text nonce = {t->device.at, DEVICE_CHARS},
		    mac = {t->device.at + DEVICE_CHARS, t->device.n - DEVICE_CHARS};
	struct text signed_text = text_of(arena_printf(
		a, "%.*s %s", DEVICE_CHARS, nonce.at, text_z(a, text_fold(a, email))));
	if (!sign_mac_is(t->company_id, "device", signed_text, mac))
		return email;
	return text_of(arena_printf(
		a, "%.*s %.*s", (int)email.n, email.at, DEVICE_CHARS, nonce.at));
}

/* Counts a try of this account from this network; forgive() takes it back. */
static int
count_try(struct arena *a, struct db *db, const struct attempt *t, struct err *e)
{
	if (throttle_network(a, db, t->ip, e) < 0)
		return -1;
	return throttle_account(a, db, t->company_id, "login", counter_of(a, t), e);
}

static int
forgive(struct arena *a, struct db *db, const struct attempt *t, struct err *e)
{
	if (throttle_network_forgive(a, db, t->ip, e) < 0)
		return -1;
	return throttle_account_forgive(a, db, t->company_id, "login", counter_of(a, t), e);
}

int
user_forgive(struct arena *a, struct db *db, const struct user *u, struct err *e)
{
	return throttle_account_forgive(
		a, db, u->company_id, "login", text_of(u->email), e);
}

/* Is it the password of the row (found, or not)? Takes as long either way. */
static bool
is_password(struct arena *a, struct db *db, int64_t company_id, const struct val *row,
	bool found, struct text password)
{
	const char *stored = found ? row_z(a, row, 2) : NULL;
	if (stored != NULL && strcmp(stored, no_password) == 0)
		stored = NULL;
	if (!sign_password_is(stored, password) || !text_is(row_text(row, 6), "active"))
		return false;
	struct err e;
	if (sign_password_is_stale(stored) &&
		db_exec(db, QUERY_USER_SET_PASSWORD,
			DB_ARGS(val_text(sign_password(a, password)), val_int(company_id),
				*row_at(row, 0)),
			NULL, &e) < 0)
		log_line(LOG_WARN, "a password is not hashed anew: %s", e.text);
	return true;
}

int
user_login(struct arena *a, struct db *db, const struct attempt *t, struct user *out,
	struct err *e)
{
	struct val row;
	if (t->email.n == 0 || t->email.n > EMAIL_MAX || t->password.n == 0 ||
		t->password.n > PASSWORD_BYTES_MAX)
		return 0;
	if (count_try(a, db, t, e) < 0)
		return -1;
	int found = row_by_email(a, db, t->company_id, t->email, &row, e);
	if (found < 0)
		return -1;
	if (!is_password(a, db, t->company_id, &row, found == 1, t->password))
		return 0;
	*out = user_of(a, t->company_id, &row);
	/* with a second factor it is not over yet: the code counts on */
	if (!out->has_second && forgive(a, db, t, e) < 0)
		return -1;
	return db_exec(db, QUERY_USER_LOGIN_DONE,
		       DB_ARGS(val_int(time_now_us()), val_int(t->company_id),
			       val_int(out->id)),
		       NULL, e) < 0
		       ? -1
		       : 1;
}

int
user_code(struct arena *a, struct db *db, const struct user *u, const struct attempt *t,
	struct err *e)
{
	struct attempt own = *t;
	own.company_id = u->company_id;
	own.email = text_of(u->email);
	if (t->code.n == 0 || t->code.n > CODE_MAX)
		return 0;
	if (count_try(a, db, &own, e) < 0)
		return -1;
	int good = second_is(a, db, u, t->code, e);
	if (good == 1 && forgive(a, db, &own, e) < 0)
		return -1;
	return good;
}

int
user_prove(struct arena *a, struct db *db, const struct user *u, const struct attempt *t,
	struct err *e)
{
	struct user again;
	struct attempt own = *t;
	own.company_id = u->company_id;
	own.email = text_of(u->email);
	int good = user_login(a, db, &own, &again, e);
	if (good == 1 && again.has_second)
		good = user_code(a, db, &again, &own, e);
	return good;
}

int
user_password_check(
	struct arena *a, const struct user *u, struct text password, struct err *e)
{
	return password_check(a, password, u->email, e);
}

int
user_set_password(struct arena *a, struct db *db, const struct user *u,
	struct text password, const char *session_hash, struct err *e)
{
	if (password_check(a, password, u->email, e) < 0)
		return -1;
	if (db_exec(db, QUERY_USER_SET_PASSWORD,
		    DB_ARGS(val_text(sign_password(a, password)), val_int(u->company_id),
			    val_int(u->id)),
		    NULL, e) < 0 ||
		db_exec(db, QUERY_PASS_DROP_OF_USER,
			DB_ARGS(val_int(u->company_id), val_int(u->id)), NULL, e) < 0)
		return -1;
	return session_end_others(db, u->company_id, u->id, session_hash, e);
}

bool
user_may(const struct user *u, enum right right)
{
	if (right == RIGHT_NONE || right == RIGHT_SELF)
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
			"last_login_us", "second"));
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
