/* See session.h. */
#include "tenant/session.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"

#include <string.h>

enum { TOKEN_CHARS = 43, CSRF_CHARS = 32 };
static const int64_t idle_us = 30 * MINUTE_US, absolute_us = 12 * HOUR_US,
		     half_us = 10 * MINUTE_US;

int
session_begin(struct arena *a, struct db *db, const struct user *u, const char *ip,
	const char *agent, bool half, struct session *out, struct err *e)
{
	int64_t now = time_now_us();
	const char *token = sign_token(a, TOKEN_CHARS);
	*out = (struct session){.user = *u,
		.csrf = sign_token(a, CSRF_CHARS),
		.cookie = arena_printf(a, "%lld.%s", (long long)u->company_id, token),
		.hash = sign_hash(a, text_of(token)),
		.proved_at_us = half ? 0 : now,
		.half = half};
	return db_exec(db, QUERY_SESSION_INSERT,
		DB_ARGS(val_int(u->company_id), val_text(out->hash), val_int(u->id),
			val_text(out->csrf), val_int(now), val_int(now),
			val_int(out->proved_at_us), val_text(ip),
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

static bool
is_over(const struct val *row, int64_t now)
{
	int64_t age = now - row_int(row, 2), idle = now - row_int(row, 3);
	bool half = row_int(row, 9) == 0;
	return age > absolute_us || idle > idle_us || (half && age > half_us) ||
	       !text_is(row_text(row, 8), "active");
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
	if (is_over(&row, now))
		return session_end(a, db, cookie, e);
	*out = (struct session){.user = {.company_id = company_id,
					.id = row_int(&row, 0),
					.email = row_z(a, &row, 4),
					.role = row_z(a, &row, 5),
					.name = row_z(a, &row, 6),
					.language = row_z(a, &row, 7),
					.has_second = row_int(&row, 10) != 0},
		.csrf = row_z(a, &row, 1),
		.cookie = text_z(a, cookie),
		.hash = hash,
		.proved_at_us = row_int(&row, 9),
		.half = row_int(&row, 9) == 0};
	struct text policy = row_text(&row, 11);
	out->must_second =
		!out->user.has_second &&
		(text_is(policy, "all") ||
			(text_is(policy, "admins") && user_may(&out->user, RIGHT_COMPANY)));
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
session_proved(struct db *db, struct session *s, struct err *e)
{
	s->proved_at_us = time_now_us();
	return db_exec(db, QUERY_SESSION_PROVED,
		DB_ARGS(val_int(s->proved_at_us), val_int(s->user.company_id),
			val_text(s->hash)),
		NULL, e);
}

int
session_of_user(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	struct val *out, struct err *e)
{
	struct val rows;
	int64_t now = time_now_us();
	if (db_rows(a, db, QUERY_SESSION_OF_USER,
		    DB_ARGS(val_int(company_id), val_int(user_id)), &rows, e) < 0)
		return -1;
	*out = val_list(a);
	for (size_t i = 0; i < val_len(&rows); i++) {
		const struct val *row = &rows.list->at[i];
		if (now - row_int(row, 1) <= absolute_us &&
			now - row_int(row, 2) <= idle_us)
			val_push(a, out,
				row_map(a, row, 0,
					DB_KEYS("hash", "created_at_us", "seen_at_us", "ip",
						"agent")));
	}
	return 0;
}

int
session_end_one(
	struct db *db, int64_t company_id, int64_t user_id, struct text hash, struct err *e)
{
	int64_t gone;
	if (db_exec(db, QUERY_SESSION_DELETE_ONE_OF_USER,
		    DB_ARGS(val_int(company_id), val_int(user_id), val_of(hash)), &gone,
		    e) < 0)
		return -1;
	return gone == 1;
}

int
session_end_others(
	struct db *db, int64_t company_id, int64_t user_id, const char *hash, struct err *e)
{
	return db_exec(db, QUERY_SESSION_DELETE_OTHERS_OF_USER,
		DB_ARGS(val_int(company_id), val_int(user_id),
			val_text(hash != NULL ? hash : "")),
		NULL, e);
}
