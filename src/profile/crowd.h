/* The people one batch touches: loaded and locked, changed in memory, written back in a few bulk statements.
 * Identifiers, values and consents belong to nodes; a person is the root over one or more nodes. Used inside a transaction;
 * nothing is written before crowd_save. */
#ifndef PROFILE_CROWD_H
#define PROFILE_CROWD_H

#include "profile/ident.h"

struct arena;
struct db;
struct err;
struct crowd;

enum { CROWD_IDENTS_MAX = 8 };

/* Who an arrival speaks of. */
struct who {
	int64_t node_id; /* a node known by its id, else 0 */
	struct ident idents[CROWD_IDENTS_MAX];
	size_t n;
	struct ident
		before; /* alias: whom these identifiers join, kind IDENT_NONE when nobody */
	bool values;	/* fields, consents or an alias come along: values must be loaded */
};

/* One merge that a resolving made: the root from_id is now under into_id. */
struct joined {
	int64_t from_id, into_id;
	const char *reason;
};

struct crowd *crowd_new(struct arena *a, int64_t company_id);

/* Names everybody of the batch, loads and locks them (6 to 8 statements whatever the batch). Call once. */
int crowd_load(
	struct crowd *c, struct db *db, const struct who *whos, size_t n, struct err *e);

/* The node an arrival belongs to (*node, a handle), made when nobody has these identifiers; new identifiers are attached,
 * an anonymous person found beside a known one joins it. Two known persons are never joined but by an alias.
 * Merges are appended to joined (list on a, may hold several). 1 found, 2 made, 0 the node_id is nobody's. */
int crowd_resolve(struct crowd *c, const struct who *who, int64_t at_us, int64_t source_id,
	int64_t *node, struct joined *joined, size_t *joined_n);

int64_t crowd_node_id(const struct crowd *c, int64_t node);
int64_t crowd_person_id(const struct crowd *c, int64_t node); /* the root's, now */
bool crowd_is_known(const struct crowd *c, int64_t node);

/* All nodes of the person a node belongs to: ids on the crowd's arena. */
const int64_t *crowd_nodes(struct crowd *c, int64_t node, size_t *n);

/* A field's value arriving at a node; an older one never replaces a newer one. v null clears. */
void crowd_set_value(struct crowd *c, int64_t node, struct text field, const struct val *v,
	int64_t at_us, int64_t source_id, int64_t user_id);

/* Composes the person anew from the values of its nodes: the newest of each field counts.
 * Returns the changes: list of {field, old, new}, empty when there are none. */
struct val crowd_compose(struct crowd *c, int64_t node, int64_t at_us);

/* A statement of consent. true when it changes what the person's consent on that channel is. */
bool crowd_set_consent(struct crowd *c, int64_t node, struct text channel, bool granted,
	int64_t at_us, int64_t source_id, struct text proof);

/* The person was active at that time. */
void crowd_seen(struct crowd *c, int64_t node, int64_t at_us);

/* Writes everything that changed. ERR_CONFLICT: somebody was first with an identifier, begin the batch again. */
int crowd_save(struct crowd *c, struct db *db, struct err *e);

#endif
