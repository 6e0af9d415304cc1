/* The link under which a site is opened to bind events: see binding.h. */
#include "tenant/binding.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"

#include <stdio.h>

enum { TOKEN_MAX = 140 };
static const char purpose[] = "bind";

static const char *
signed_part(struct arena *a, const struct binding_act *by, int64_t until_us)
{
	return arena_printf(a, "%lld.%lld.%lld.%lld", (long long)by->company_id,
		(long long)by->source_id, (long long)by->user_id, (long long)until_us);
}

const char *
binding_token(struct arena *a, const struct binding_act *by, int64_t until_us)
{
	const char *part = signed_part(a, by, until_us);
	return arena_printf(
		a, "%s.%s", part, sign_mac(a, by->company_id, purpose, text_of(part)));
}

int
binding_token_read(
	struct arena *a, struct text token, int64_t now_us, struct binding_act *out)
{
	long long company, source, user, until;
	char mac[32];
	if (token.n > TOKEN_MAX ||
		sscanf(text_z(a, token), "%19lld.%19lld.%19lld.%19lld.%31[A-Za-z0-9_-]",
			&company, &source, &user, &until, mac) != 5)
		return 0;
	*out = (struct binding_act){company, source, user};
	const char *part = signed_part(a, out, until);
	return text_is(token, arena_printf(a, "%s.%s", part, mac)) &&
	       sign_mac_is(company, purpose, text_of(part), text_of(mac)) && until > now_us;
}

int
binding_link_note(struct db *db, int64_t company_id, int64_t source_id, struct text url,
	struct err *e)
{
	if (db_exec(db, QUERY_BINDING_SOURCE_BEGIN,
		    DB_ARGS(val_int(company_id), val_int(source_id)), NULL, e) < 0)
		return -1;
	return db_exec(db, QUERY_BINDING_SOURCE_LINK,
		DB_ARGS(val_of(text_cut(url, 1000)), val_int(time_now_us()),
			val_int(company_id), val_int(source_id)),
		NULL, e);
}

int
binding_link_of(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *out, struct err *e)
{
	struct val row;
	*out = val_map(a);
	int found = db_row(a, db, QUERY_BINDING_SOURCE,
		DB_ARGS(val_int(company_id), val_int(source_id)), &row, e);
	if (found == 1)
		*out = row_map(a, &row, 1, DB_KEYS("url", "at_us", "met_at_us"));
	return found < 0 ? -1 : 0;
}

int
binding_link_met(struct db *db, int64_t company_id, int64_t source_id, struct err *e)
{
	return db_exec(db, QUERY_BINDING_SOURCE_MET,
		DB_ARGS(val_int(time_now_us()), val_int(company_id), val_int(source_id)),
		NULL, e);
}
