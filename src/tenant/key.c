/* See key.h. */
#include "tenant/key.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_ID_CHARS = 12, SECRET_CHARS = 43, WRITE_KEY_CHARS = 32, NETWORKS_MAX = 500 };

const char api_key_all_scopes[] =
	"profiles:read profiles:write events:read events:write segments:read "
	"segments:write messages:read messages:write scripts";

static const char *const source_kinds[] = {"site", "app", "form", "partner", "newsletter",
	"promo", "widget", "system", "file"};

static bool
has_word(const char *words, struct text word)
{
	size_t n;
	for (const char *at = words; *at != '\0'; at += n + (at[n] == ' ')) {
		n = strcspn(at, " ");
		if (text_same((struct text){at, n}, word))
			return true;
	}
	return false;
}

static int
check_name(const char *name, struct err *e)
{
	return name[0] == '\0' || text_length(text_of(name)) > 100
		       ? err_field(e, "name", "a name has 1 to 100 characters")
		       : 0;
}

int
source_rename(struct db *db, int64_t company_id, int64_t source_id, const char *name,
	struct err *e)
{
	return check_name(name, e) < 0
		       ? -1
		       : db_exec(db, QUERY_SOURCE_SET_NAME,
				 DB_ARGS(val_text(name), val_int(company_id),
					 val_int(source_id)),
				 NULL, e);
}

int
source_create(struct arena *a, struct db *db, struct source *s, struct err *e)
{
	bool known = false;
	for (size_t i = 0; i < sizeof source_kinds / sizeof *source_kinds; i++)
		known = known || strcmp(s->kind, source_kinds[i]) == 0;
	if (!known)
		return err_field(e, "kind", "no source is of kind \"%s\"", s->kind);
	if (check_name(s->name, e) < 0)
		return -1;
	s->id = id_make();
	s->write_key = sign_token(a, WRITE_KEY_CHARS);
	s->state = "active";
	s->created_at_us = time_now_us();
	return db_exec(db, QUERY_SOURCE_INSERT,
		DB_ARGS(val_int(s->company_id), val_int(s->id), val_text(s->name),
			val_text(s->kind), val_text(s->write_key),
			val_int(s->created_at_us)),
		NULL, e);
}

int
source_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_SOURCE_ALL, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	*out = row_maps(a, &rows, 0,
		DB_KEYS("id", "name", "kind", "write_key", "state", "created_at_us"));
	return 0;
}

int
source_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct source *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_SOURCE_BY_ID,
		DB_ARGS(val_int(company_id), val_int(source_id)), &row, e);
	if (found == 1)
		*out = (struct source){.company_id = company_id,
			.id = source_id,
			.name = row_z(a, &row, 1),
			.kind = row_z(a, &row, 2),
			.write_key = row_z(a, &row, 3),
			.state = row_z(a, &row, 4),
			.created_at_us = row_int(&row, 5)};
	return found;
}

int
source_by_key(struct arena *a, struct db *db, struct text write_key, struct source *out,
	struct err *e)
{
	struct val row;
	if (write_key.n != WRITE_KEY_CHARS)
		return 0;
	int found = db_row(a, db, QUERY_SOURCE_BY_KEY, DB_ARGS(val_of(write_key)), &row, e);
	if (found == 1)
		*out = (struct source){.company_id = row_int(&row, 0),
			.id = row_int(&row, 1),
			.state = row_z(a, &row, 2),
			.kind = row_z(a, &row, 3),
			.rules = row_text(&row, 4),
			.secret = row_text(&row, 5),
			.bindings = row_text(&row, 6)};
	return found;
}

int
source_set_state(struct db *db, int64_t company_id, int64_t source_id, const char *state,
	struct err *e)
{
	int64_t changed;
	if (strcmp(state, "active") != 0 && strcmp(state, "disabled") != 0)
		return err_field(
			e, "state", "a source is active or disabled, not \"%s\"", state);
	if (db_exec(db, QUERY_SOURCE_SET_STATE,
		    DB_ARGS(val_text(state), val_int(company_id), val_int(source_id)),
		    &changed, e) < 0)
		return -1;
	return changed == 1;
}

/* "10.0.0.0/8", "2001:db8::1": 1 read, 0 not a network. v4 is kept as v6-mapped, so that one comparison does. */
static int
read_network(const char *z, unsigned char at[16], int *bits)
{
	char address[64];
	const char *slash = strchr(z, '/');
	size_t n = slash != NULL ? (size_t)(slash - z) : strlen(z);
	if (n == 0 || n >= sizeof address)
		return 0;
	memcpy(address, z, n);
	address[n] = '\0';
	bool v4 = inet_pton(AF_INET, address, at + 12) == 1;
	if (v4) {
		memset(at, 0, 10);
		at[10] = at[11] = 0xff;
	} else if (inet_pton(AF_INET6, address, at) != 1)
		return 0;
	int most = v4 ? 32 : 128;
	char *end = NULL;
	long given = slash != NULL ? strtol(slash + 1, &end, 10) : most;
	if (slash != NULL && (slash[1] < '0' || slash[1] > '9' || *end != '\0'))
		return 0;
	if (given < 0 || given > most)
		return 0;
	*bits = (int)given + (v4 ? 96 : 0);
	return 1;
}

bool
network_has(const char *network, const char *ip)
{
	unsigned char x[16], y[16];
	int all, bits;
	if (!read_network(ip, x, &all) || !read_network(network, y, &bits))
		return false;
	if (memcmp(x, y, (size_t)bits / 8) != 0)
		return false;
	int rest = bits % 8;
	return rest == 0 || (x[bits / 8] ^ y[bits / 8]) >> (8 - rest) == 0;
}

int
networks_read(struct arena *a, struct text t, const char **out, struct err *e)
{
	struct str s = str_new(a);
	char *all = arena_text(a, t.at, t.n), *rest;
	str_addz(&s, "");
	for (char *one = strtok_r(all, " ,;\t\r\n", &rest); one != NULL;
		one = strtok_r(NULL, " ,;\t\r\n", &rest)) {
		unsigned char at[16];
		int bits;
		if (!read_network(one, at, &bits))
			return err_field(e, "networks",
				"\"%.60s\" is no address and no range like 10.0.0.0/8",
				one);
		str_addf(&s, "%s%s", s.n > 0 ? " " : "", one);
	}
	*out = s.at;
	return s.n <= NETWORKS_MAX
		       ? 0
		       : err_field(e, "networks", "at most %d characters of networks",
				 NETWORKS_MAX);
}

static int
check_order(const struct api_key_order *o, struct err *e)
{
	size_t n;
	for (const char *at = o->scopes; *at != '\0'; at += n + (at[n] == ' ')) {
		n = strcspn(at, " ");
		if (!has_word(api_key_all_scopes, (struct text){at, n}))
			return err_field(
				e, "scopes", "no scope is called \"%.*s\"", (int)n, at);
	}
	if (o->name[0] == '\0' || text_length(text_of(o->name)) > 100)
		return err_field(e, "name", "a name has 1 to 100 characters");
	if (o->expires_at_us != 0 && o->expires_at_us < time_now_us())
		return err_field(e, "expires", "a key expires in the future");
	return 0;
}

int
api_key_make(struct arena *a, struct db *db, const struct api_key_order *o,
	const char **key, struct err *e)
{
	const char *networks = "";
	if (check_order(o, e) < 0 || networks_read(a, o->networks, &networks, e) < 0)
		return -1;
	const char *id = sign_token(a, KEY_ID_CHARS), *secret = sign_token(a, SECRET_CHARS);
	*key = arena_printf(a, "cxdp_%s_%s", id, secret);
	/* its limits first: a key is never without them */
	if (db_exec(db, QUERY_API_KEY_LIMIT,
		    DB_ARGS(val_int(o->company_id), val_text(id),
			    o->expires_at_us != 0 ? val_int(o->expires_at_us) : val_null(),
			    val_text(networks)),
		    NULL, e) < 0)
		return -1;
	return db_exec(db, QUERY_API_KEY_INSERT,
		DB_ARGS(val_text(id), val_int(o->company_id), val_text(o->name),
			val_text(sign_hash(a, text_of(secret))), val_text(o->scopes),
			val_int(time_now_us())),
		NULL, e);
}

int
api_key_create(struct arena *a, struct db *db, int64_t company_id, const char *name,
	const char *scopes, const char **key, struct err *e)
{
	struct api_key_order o = {.company_id = company_id, .name = name, .scopes = scopes};
	return api_key_make(a, db, &o, key, e);
}

/* API_KEY_BY_ID's row: may it be used now, from there? 1 / 0 / -1 ERR_DENIED. */
static int
check_limits(struct arena *a, const struct val *row, const char *ip, struct err *e)
{
	bool revoked = !val_is_null(row_at(row, 3));
	int64_t expires_at_us = row_int(row, 4);
	if (revoked || (expires_at_us != 0 && expires_at_us < time_now_us()))
		return 0;
	const char *networks = row_z(a, row, 5);
	if (networks[0] == '\0')
		return 1;
	char *rest;
	for (char *one = strtok_r(arena_printf(a, "%s", networks), " ", &rest); one != NULL;
		one = strtok_r(NULL, " ", &rest))
		if (network_has(one, ip))
			return 1;
	return err_set(e, ERR_DENIED, "this API key may not be used from %s", ip);
}

int
api_key_find(struct arena *a, struct db *db, struct text key, const char *ip,
	struct api_key *out, struct err *e)
{
	struct val row;
	int64_t now = time_now_us();
	if (key.n != 5 + KEY_ID_CHARS + 1 + SECRET_CHARS || !text_starts(key, "cxdp_") ||
		key.at[5 + KEY_ID_CHARS] != '_')
		return 0;
	struct text id = {key.at + 5, KEY_ID_CHARS};
	struct text secret = {key.at + 5 + KEY_ID_CHARS + 1, SECRET_CHARS};
	if (!text_is_utf8(id))
		return 0;
	int found = db_row(a, db, QUERY_API_KEY_BY_ID, DB_ARGS(val_of(id)), &row, e);
	if (found < 1)
		return found;
	if (!sign_same(text_of(sign_hash(a, secret)), row_text(&row, 1)))
		return 0;
	found = check_limits(a, &row, ip, e);
	if (found < 1)
		return found;
	*out = (struct api_key){.company_id = row_int(&row, 0),
		.id = text_z(a, id),
		.scopes = row_z(a, &row, 2)};
	if (now - row_int(&row, 6) < MINUTE_US)
		return 1;
	/* another thread notes the same: that will do */
	if (db_exec(db, QUERY_API_KEY_USED,
		    DB_ARGS(val_int(out->company_id), val_text(out->id), val_int(now),
			    val_text(ip)),
		    NULL, e) < 0 &&
		e->code != ERR_CONFLICT)
		return -1;
	return 1;
}

bool
api_key_may(const struct api_key *k, const char *scope)
{
	const char *other = strstr(scope, " or ");
	if (other == NULL)
		return has_word(k->scopes, text_of(scope));
	return has_word(k->scopes, (struct text){scope, (size_t)(other - scope)}) ||
	       has_word(k->scopes, text_of(other + 4));
}

int
api_key_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_API_KEY_ALL, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	*out = row_maps(a, &rows, 0,
		DB_KEYS("id", "name", "scopes", "created_at_us", "revoked_at_us",
			"expires_at_us", "networks", "used_at_us", "used_ip"));
	return 0;
}

int
api_key_revoke(struct db *db, int64_t company_id, struct text key_id, struct err *e)
{
	int64_t changed;
	if (db_exec(db, QUERY_API_KEY_REVOKE,
		    DB_ARGS(val_int(time_now_us()), val_int(company_id), val_of(key_id)),
		    &changed, e) < 0)
		return -1;
	return changed == 1;
}
