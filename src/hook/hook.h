/* The address of a source of kind "system": its secret, how it is guarded, and the mapping of what comes there (with the versions before). */
#ifndef HOOK_HOOK_H
#define HOOK_HOOK_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct db;
struct err;
struct settings;

enum { HOOK_BODY_MAX = 1024 * 1024, HOOK_RECENT_MAX = 20, HOOK_RECENT_BYTES = 64 * 1024 };

struct hook {
	int64_t company_id, source_id, version; /* 0: no mapping yet */
	struct text key;			/* in the address; 43 characters */
	struct text password;			/* of 1C; the user is the source's id */
	const char *sign_how; /* "" not signed, "hex", "base64": HMAC-SHA256 of the body */
	const char *sign_header;
	struct text sign_secret;
	const char *
		headers; /* those a mapping sees besides content-type and user-agent, lower case, apart by spaces */
	const char *prefix;
};

/* Secrets opened. 1 / 0 / -1. */
int hook_by_key(
	struct arena *a, struct db *db, struct text key, struct hook *out, struct err *e);
int hook_of_source(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct hook *out, struct err *e);

/* A new address and password; the old ones work no more. 0 / -1. */
int hook_renew(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct err *e);

/* Stores how it is guarded, headers and prefix of *h, checked: -1 ERR_INPUT with the field (sign_how, sign_header, sign_secret, headers,
 * prefix). */
int hook_set(struct arena *a, struct db *db, const struct hook *h, struct err *e);

/* The mapping of a version: 1 / 0 / -1. All of them, newest first: maps {version, user_id, at_us}. */
int hook_script(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	int64_t version, struct text *out, struct err *e);
int hook_versions(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *list, struct err *e);
/* Stores a mapping as the next version, if it compiles: -1 ERR_INPUT of the field "script" with the line. */
int hook_script_put(struct arena *a, struct db *db, const struct settings *s,
	int64_t company_id, int64_t source_id, struct text script, int64_t user_id,
	struct err *e);

/* Whether the signature (a header's value, perhaps "sha256=...") is that of the bytes. */
bool hook_signed(
	struct arena *a, const struct hook *h, struct text given, struct text bytes);

/* What came last, newest first: maps {id, at_us, request}, see mapping.h. */
int hook_recent(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *list, struct err *e);
/* Keeps one request more, within the caller's transaction, and forgets what is older than HOOK_RECENT_MAX. */
int hook_recent_add(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	int64_t at_us, const struct val *request, struct err *e);
/* Those with something of a pattern (of the store's REGEXP) go: an erased person's identifier. 0 / -1. */
int hook_recent_erase(
	struct db *db, int64_t company_id, struct text pattern, struct err *e);

#endif
