/* What may write and ask: sources with their public write keys, API keys with scopes. */
#ifndef TENANT_KEY_H
#define TENANT_KEY_H

#include "base/val.h"

struct arena;
struct db;
struct err;

/* A source. kind: site app form partner newsletter promo widget system. *write_key is public: it may only append events. */
struct source {
	int64_t company_id, id;
	const char *name, *kind, *write_key, *state;
	int64_t created_at_us;
	struct text rules, secret,
		bindings; /* as stored, see source_rules.h, binding.h; only by its key */
};

int source_create(struct arena *a, struct db *db, struct source *s,
	struct err *e); /* fills id, write_key */
/* List of maps {id, name, kind, write_key, state, created_at_us}. */
int source_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e);
int source_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct source *out, struct err *e); /* 1 / 0 / -1 */
int source_set_state(struct db *db, int64_t company_id, int64_t source_id,
	const char *state, struct err *e);

int source_rename(struct db *db, int64_t company_id, int64_t source_id, const char *name,
	struct err *e); /* 0 / -1 ERR_INPUT */

/* By write key, with only company_id, id, state, kind, rules, secret and bindings filled: 1 / 0 / -1. */
int source_by_key(struct arena *a, struct db *db, struct text write_key, struct source *out,
	struct err *e);

/* Addresses and CIDR ranges, apart by spaces, commas or lines, as one text with single spaces: 0, or -1 ERR_INPUT. Whether one of them,
 * "10.0.0.0/8" or "2001:db8::1", has an address in it. */
int networks_read(struct arena *a, struct text t, const char **out, struct err *e);
bool network_has(const char *network, const char *ip);

/* An API key "cxdp_ID_SECRET" with scopes, space separated, of: profiles:read profiles:write events:read events:write
 * segments:read segments:write messages:read messages:write scripts. *key is shown once. ERR_INPUT a scope nobody knows. */
extern const char api_key_all_scopes[];

struct api_key_order {
	int64_t company_id;
	const char *name, *scopes;
	int64_t expires_at_us; /* 0 never */
	struct text
		networks; /* addresses and CIDR ranges, separated by spaces, commas or lines; empty: from anywhere */
};
int api_key_make(struct arena *a, struct db *db, const struct api_key_order *o,
	const char **key, struct err *e);
/* One without limits. */
int api_key_create(struct arena *a, struct db *db, int64_t company_id, const char *name,
	const char *scopes, const char **key, struct err *e);

struct api_key {
	int64_t company_id;
	const char *id, *scopes;
};

/* 1 it works, 0 nobody's, revoked, expired or wrong, -1 *e: ERR_DENIED it may not be used from this ip. Notes the use, once a
 * minute. */
int api_key_find(struct arena *a, struct db *db, struct text key, const char *ip,
	struct api_key *out, struct err *e);
/* scope: one, or either of two, "a or b". */
bool api_key_may(const struct api_key *k, const char *scope);
/* List of maps {id, name, scopes, created_at_us, revoked_at_us, expires_at_us, networks, used_at_us, used_ip}. */
int api_key_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e);
int api_key_revoke(struct db *db, int64_t company_id, struct text key_id,
	struct err *e); /* 1 / 0 / -1 */

#endif
