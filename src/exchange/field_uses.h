/* What speaks of a field: it is not deleted while something does. */
#ifndef EXCHANGE_FIELD_USES_H
#define EXCHANGE_FIELD_USES_H

#include "base/val.h"

struct arena;
struct db;
struct err;

/* Segments (their rules, and by what they leave out repeats), folders of the list of clients, scenarios, letters and calculated fields whose
 * text has the name, comments too, to be safe: list of {kind: "segment" | "folder" | "scenario" | "template" | "field", id, name}; of a
 * folder that only its owner sees the name is the owner's. */
int field_uses(struct arena *a, struct db *db, int64_t company_id, const char *name,
	struct val *list, struct err *e);

#endif
