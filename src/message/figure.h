/* Counters of an object (campaign, scenario), changed in the transaction that changes what they count. */
#ifndef MESSAGE_FIGURE_H
#define MESSAGE_FIGURE_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum { FIGURE_NAME_MAX = 30 };

struct figure {
	int64_t company_id, object_id;
	const char *name;
	int64_t by; /* added; may be negative */
};

/* Inside a transaction, as late as can be: counters of a busy object are locked until it ends. Repeats are summed up first and
 * locks taken in one order. */
int figure_add(struct arena *a, struct db *db, const struct figure *figures, size_t n,
	struct err *e);

/* A map of name to number; what never happened is not there. */
int figure_all(struct arena *a, struct db *db, int64_t company_id, int64_t object_id,
	struct val *out, struct err *e);

/* The same for several objects, each named once: a list of maps, in the order of the ids. */
int figure_of(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, struct val *out, struct err *e);

#endif
