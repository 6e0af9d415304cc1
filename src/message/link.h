/* Where clicks in letters lead: targets are stored, a token carries only their number, so no link of ours redirects anywhere else. */
#ifndef MESSAGE_LINK_H
#define MESSAGE_LINK_H

#include "base/val.h"

struct arena;
struct db;
struct err;

struct link {
	int64_t id;
	struct text url;
};

/* The number of a target (a hash of it), the same in every letter of every company. */
int64_t link_id_of(struct text url);

/* Keeps targets of a company; those already there stay. */
int link_put(struct arena *a, struct db *db, int64_t company_id, const struct link *links,
	size_t n, struct err *e);

/* A token's target: 1, 0 there is none, -1. Never changes, so it may be kept. */
int link_target(struct arena *a, struct db *db, int64_t company_id, int64_t link_id,
	const char **url, struct err *e);

#endif
