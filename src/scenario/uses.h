/* What stands on a segment: other segments' rules, folders of the list of clients, campaigns still to be sent, scenarios. */
#ifndef SCENARIO_USES_H
#define SCENARIO_USES_H

#include "base/val.h"

struct arena;
struct db;
struct err;

/* List of {kind: "segment" | "folder" | "campaign" | "scenario", id, name} of what uses a segment (a map of segment_by_id), archived
 * segments included, campaigns that were sent or stopped left out; of a folder that only its owner sees the name is the owner's. Rules and scripts are read as texts: a mention in a comment counts too. */
int segment_users(struct arena *a, struct db *db, int64_t company_id,
	const struct val *segment, struct val *list, struct err *e);

/* 0, or -1 ERR_CONFLICT with the first of them named: it cannot be deleted. */
int segment_is_unused(struct arena *a, struct db *db, int64_t company_id,
	const struct val *segment, struct err *e);

#endif
