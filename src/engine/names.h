/* What the rule compiler asks about a company, answered from the store as it is now. */
#ifndef ENGINE_NAMES_H
#define ENGINE_NAMES_H

#include "segment/rule.h"

struct arena;
struct db;
struct err;

/* Reads the names; they live on a. */
int names_read(struct arena *a, struct db *db, int64_t company_id, int64_t self_segment,
	struct rule_names *out, struct err *e);

#endif
