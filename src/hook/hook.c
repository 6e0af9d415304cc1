/* See hook.h. */
#include "hook/hook.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "hook/mapping.h"
#include "store/db.h"

#include <string.h>

enum { KEY_CHARS = 43, PASSWORD_CHARS = 24, SECRET_MAX = 200, PREFIX_MAX = 20 };
static const char purpose[] = "hook";

/* --- finding --- */

/* What a sealed secret belongs to: of a source, and which of its secrets. */
static struct text
context(struct arena *a, int64_t source_id, const char *what)
{
	return text_of(arena_printf(a, "%lld %s", (long long)source_id, what));
}

static struct text
opened(struct arena *a, const struct hook *h, const char *what, struct text sealed)
{
	struct text t;
	if (sealed.n == 0 || sign_open(a, h->company_id, purpose,
				     context(a, h->source_id, what), sealed, &t) != 1)
		return (struct text){"", 0};
	return t;
}

static void
read_row(struct arena *a, const struct val *row, struct hook *out)
{
	*out = (struct hook){.company_id = row_int(row, 0),
		.source_id = row_int(row, 1),
		.sign_how = row_z(a, row, 3),
		.sign_header = row_z(a, row, 4),
		.headers = row_z(a, row, 6),
		.prefix = row_z(a, row, 8),
		.version = row_int(row, 9)};
	out->key = opened(a, out, "key", row_text(row, 2));
	out->sign_secret = opened(a, out, "sign", row_text(row, 5));
	out->password = opened(a, out, "password", row_text(row, 7));
}

int
hook_by_key(
	struct arena *a, struct db *db, struct text key, struct hook *out, struct err *e)
{
	struct val row;
	if (key.n != KEY_CHARS)
		return 0;
	int found = db_row(
		a, db, QUERY_HOOK_BY_KEY, DB_ARGS(val_text(sign_hash(a, key))), &row, e);
	if (found == 1)
		read_row(a, &row, out);
	return found;
}

int
hook_of_source(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct hook *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_HOOK_OF_SOURCE,
		DB_ARGS(val_int(company_id), val_int(source_id)), &row, e);
	if (found == 1)
		read_row(a, &row, out);
	return found;
}

/* --- changing --- */

int
hook_renew(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct err *e)
{
	struct text key = text_of(sign_token(a, KEY_CHARS));
	struct text password = text_of(sign_token(a, PASSWORD_CHARS));
	return db_exec(db, QUERY_HOOK_PUT,
		DB_ARGS(val_int(company_id), val_int(source_id),
			val_text(sign_hash(a, key)),
			val_text(sign_seal(
				a, company_id, purpose, context(a, source_id, "key"), key)),
			val_text(sign_seal(a, company_id, purpose,
				context(a, source_id, "password"), password)),
			val_int(time_now_us())),
		NULL, e);
}

static bool
is_header(const char *z, size_t n)
{
	return n > 0 && n <= 60 &&
	       strspn(z,
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") >=
		       n;
}

/* What would tell a secret of the sender's to whoever writes mappings. */
static bool
is_secret_header(const char *z, size_t n)
{
	struct text t = {z, n};
	return text_is(t, "authorization") || text_is(t, "cookie") ||
	       text_is(t, "proxy-authorization");
}

static int
check(struct arena *a, const struct hook *h, const char **headers, struct err *e)
{
	bool is_signed = h->sign_how[0] != '\0';
	struct str s = str_new(a);
	char *rest, *z = arena_printf(a, "%s", h->headers);
	if (is_signed && strcmp(h->sign_how, "hex") != 0 &&
		strcmp(h->sign_how, "base64") != 0)
		return err_field(e, "sign_how", "a signature is hex or base64");
	if (is_signed && !is_header(h->sign_header, strlen(h->sign_header)))
		return err_field(e, "sign_header",
			"a header has a name of letters, digits and dashes, like "
			"X-Signature");
	if (is_signed && (h->sign_secret.n < 8 || h->sign_secret.n > SECRET_MAX))
		return err_field(
			e, "sign_secret", "a secret has 8 to %d bytes", SECRET_MAX);
	if (strlen(h->prefix) > PREFIX_MAX)
		return err_field(e, "prefix", "a prefix has at most %d bytes", PREFIX_MAX);
	str_addz(&s, "");
	for (char *one = strtok_r(z, " ,;\t\r\n", &rest); one != NULL;
		one = strtok_r(NULL, " ,;\t\r\n", &rest)) {
		size_t n = strlen(one);
		for (size_t i = 0; i < n; i++)
			one[i] = (char)(one[i] >= 'A' && one[i] <= 'Z' ? one[i] + 32
								       : one[i]);
		if (!is_header(one, n))
			return err_field(
				e, "headers", "\"%.60s\" is no name of a header", one);
		if (is_secret_header(one, n))
			return err_field(e, "headers",
				"\"%.60s\" holds a secret, a mapping may not see it", one);
		str_addf(&s, "%s%s", s.n > 0 ? " " : "", one);
	}
	if (s.n > 400)
		return err_field(e, "headers", "at most 400 characters of headers");
	*headers = text_z(a, str_text(&s));
	return 0;
}

int
hook_set(struct arena *a, struct db *db, const struct hook *h, struct err *e)
{
	const char *headers;
	if (check(a, h, &headers, e) < 0)
		return -1;
	bool is_signed = h->sign_how[0] != '\0';
	return db_exec(db, QUERY_HOOK_SET,
		DB_ARGS(val_text(h->sign_how), val_text(is_signed ? h->sign_header : ""),
			val_text(is_signed ? sign_seal(a, h->company_id, purpose,
						     context(a, h->source_id, "sign"),
						     h->sign_secret)
					   : ""),
			val_text(headers), val_text(h->prefix), val_int(time_now_us()),
			val_int(h->company_id), val_int(h->source_id)),
		NULL, e);
}

/* --- mappings --- */

int
hook_script(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	int64_t version, struct text *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_HOOK_MAPPING_BY_VERSION,
		DB_ARGS(val_int(company_id), val_int(source_id), val_int(version)), &row,
		e);
	if (found == 1)
		*out = row_text(&row, 0);
	return found;
}

int
hook_versions(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *list, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_HOOK_MAPPING_ALL,
		    DB_ARGS(val_int(company_id), val_int(source_id)), &rows, e) < 0)
		return -1;
	*list = row_maps(a, &rows, 0, DB_KEYS("version", "user_id", "at_us"));
	return 0;
}

static int
next_version(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct text script, int64_t user_id, struct err *e)
{
	struct val row;
	int64_t now = time_now_us();
	int found = db_row(a, db, QUERY_HOOK_LOCK,
		DB_ARGS(val_int(company_id), val_int(source_id)), &row, e);
	if (found < 1)
		return found < 0 ? -1
				 : err_set(e, ERR_MISSING, "this source has no address");
	int64_t version = row_int(&row, 0) + 1;
	if (db_exec(db, QUERY_HOOK_MAPPING_ADD,
		    DB_ARGS(val_int(company_id), val_int(source_id), val_int(version),
			    val_of(script), val_int(user_id), val_int(now)),
		    NULL, e) < 0)
		return -1;
	return db_exec(db, QUERY_HOOK_SET_VERSION,
		DB_ARGS(val_int(version), val_int(now), val_int(company_id),
			val_int(source_id)),
		NULL, e);
}

int
hook_script_put(struct arena *a, struct db *db, const struct settings *s,
	int64_t company_id, int64_t source_id, struct text script, int64_t user_id,
	struct err *e)
{
	if (mapping_check(s, script, e) < 0 || db_begin(db, e) < 0)
		return -1;
	if (next_version(a, db, company_id, source_id, script, user_id, e) < 0) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e);
}

/* --- signatures --- */

bool
hook_signed(struct arena *a, const struct hook *h, struct text given, struct text bytes)
{
	struct text hex = text_of(sign_hmac_sha256(a, bytes, h->sign_secret)), raw;
	given = text_trim(given);
	if (text_starts(given, "sha256="))
		given = (struct text){given.at + 7, given.n - 7};
	struct str s = str_new(a);
	if (strcmp(h->sign_how, "hex") == 0) {
		for (size_t i = 0; i < given.n && i < hex.n; i++)
			str_addc(&s, given.at[i] >= 'A' && given.at[i] <= 'F'
					     ? (char)(given.at[i] + 32)
					     : given.at[i]);
		return given.n == hex.n && sign_same(str_text(&s), hex);
	}
	if (text_base64_decode(a, given, &raw) != 1)
		return false;
	str_addz(&s, "");
	for (size_t i = 0; i < raw.n; i++)
		str_addf(&s, "%02x", (unsigned char)raw.at[i]);
	return raw.n * 2 == hex.n && sign_same(str_text(&s), hex);
}

/* --- what came last --- */

int
hook_recent(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *list, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_HOOK_RECENT_ALL,
		    DB_ARGS(val_int(company_id), val_int(source_id)), &rows, e) < 0)
		return -1;
	*list = val_list(a);
	for (size_t i = 0; i < rows.list->n && i < HOOK_RECENT_MAX; i++) {
		const struct val *row = &rows.list->at[i];
		struct val one = val_map(a), request;
		struct err ignored;
		if (json_parse(a, row_text(row, 2), &request, &ignored) < 0)
			continue;
		val_put(a, &one, "id", val_id(a, row_int(row, 0)));
		val_put(a, &one, "at_us", val_int(row_int(row, 1)));
		val_put(a, &one, "request", request);
		val_push(a, list, one);
	}
	return 0;
}

int
hook_recent_add(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	int64_t at_us, const struct val *request, struct err *e)
{
	struct val row;
	struct text json = json_text(a, request);
	if (json.n > HOOK_RECENT_BYTES)
		return 0;
	struct val args[] = {val_int(company_id), val_int(source_id), val_int(id_make()),
		val_int(at_us), val_of(json)};
	if (db_bulk(db, QUERY_HOOK_RECENT_ADD, args, 1, 5, NULL, e) < 0)
		return -1;
	int found = db_row(a, db, QUERY_HOOK_RECENT_KEPT,
		DB_ARGS(val_int(company_id), val_int(source_id)), &row, e);
	if (found < 1)
		return found;
	return db_exec(db, QUERY_HOOK_RECENT_CUT,
		DB_ARGS(val_int(company_id), val_int(source_id), val_int(row_int(&row, 0))),
		NULL, e);
}

int
hook_recent_erase(struct db *db, int64_t company_id, struct text pattern, struct err *e)
{
	return db_exec(db, QUERY_HOOK_RECENT_ERASE,
		DB_ARGS(val_int(company_id), val_of(pattern)), NULL, e);
}
