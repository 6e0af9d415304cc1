/* Requests of systems (collect/hooks.c) on their way out of the journal: their source's mapping makes calls of them. */
#ifndef ENGINE_HOOKED_H
#define ENGINE_HOOKED_H

#include "base/val.h"

struct arena;
struct db;
struct envelope;
struct err;
struct mapper;
struct settings;

struct hooked_mapper { /* of a source, for one turn; mapper NULL: there is no mapping */
	int64_t company_id, source_id;
	struct mapper *mapper;
	struct err *broken; /* why there is none, or NULL */
};

struct hooked {
	struct hooked_mapper *at;
	size_t n, cap;
	struct val *kept; /* records to try mappings with, for hooked_keep */
	size_t kept_n, kept_cap;
};

/* 1 *calls; 0 *why the request is to be set aside; -1 *e the store is away. */
int hooked_calls(struct arena *a, struct db *db, const struct settings *s, struct hooked *h,
	const struct val *record, const struct envelope *env, struct val *calls,
	struct err *why, struct err *e);

/* The newest of what was read goes to what a mapping can be tried with; within the transaction of the turn. */
int hooked_keep(struct arena *a, struct db *db, const struct hooked *h, struct err *e);

#endif
