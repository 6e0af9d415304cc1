/* Write keys this door has seen, so that it answers while the store is away. */
#ifndef COLLECT_KEYS_H
#define COLLECT_KEYS_H

#include "base/val.h"

struct arena;
struct db;
struct err;
struct keys;

struct write_key {
	int64_t company_id, source_id;
	char country[3];
	bool active;
	const char *kind; /* of the source; this and the rules are on the caller's arena */
	struct text rules, secret,
		bindings; /* as stored: tenant/source_rules.h, binding.h */
};

struct keys *keys_new(void);
void keys_free(struct keys *keys);

/* 1 known (fresh, or as it was last seen while the store is away), 0 nobody's, -1 ERR_BUSY never seen and no store. */
int keys_find(struct keys *keys, struct arena *a, struct db *db, struct text key,
	struct write_key *out, struct err *e);

#endif
