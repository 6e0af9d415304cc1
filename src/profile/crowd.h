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

enum { CROWD_IDENTS_MAX = 16 };

/* Who an arrival speaks of. */
struct who {
	int64_t node_id; /* a node known by its id, else 0 */
	struct ident idents[CROWD_IDENTS_MAX];
	size_t n;
	struct ident
		before; /* alias: whom these identifiers join, kind IDENT_NONE when nobody */
	bool values;	/* fields, consents or an alias come along: values must be loaded */
	bool joins;	/* two known persons may become one by it */
	bool trusted; /* under an API key, by a user, from a file, signed: it may change whom the company vouches for */
	int64_t with_id;	 /* a node whose person joins this one, else 0 */
	const char *with_reason; /* why */
	int64_t batch_id;	 /* what is changed under it can be undone, 0: not */
};

/* One merge that a resolving made: the root from_id is now under into_id. */
struct joined {
	int64_t from_id, into_id, merge_id;
	const char *reason;
};

struct crowd *crowd_new(struct arena *a, int64_t company_id);

/* Names everybody of the batch, loads and locks them (8 to 11 statements whatever the batch). Blocked values are taken out of whos.
 * Call once. */
int crowd_load(struct crowd *c, struct db *db, struct who *whos, size_t n, struct err *e);

/* The node an arrival belongs to (*node, a handle), made when nobody has these identifiers; new identifiers are attached as far as
 * the rules of unify.h and trust allow, an anonymous person found beside a known one joins it. Two known persons are joined only
 * by a trusted arrival: an alias, with_id, or a shared identifier of a kind that joins, if they do not have two of a unique kind.
 * Merges are appended to joined (list on a, may hold several). 1 found, 2 made, 0 nobody (the node_id is nobody's, all its
 * identifiers are blocked), 3 nobody: erased, and this is older than that or from a batch. */
enum { CROWD_NOBODY, CROWD_FOUND, CROWD_MADE, CROWD_ERASED };
int crowd_resolve(struct crowd *c, const struct who *who, int64_t at_us, int64_t source_id,
	int64_t *node, struct joined *joined, size_t *joined_n);

/* What follows, until the next call, is told under these circumstances: an untrusted arrival does not change a person that is vouched
 * for; what a batch finds before it changes it is kept. Call before the functions that set something. */
void crowd_under(struct crowd *c, const struct who *who, int64_t user_id);

int64_t crowd_node_id(const struct crowd *c, int64_t node);
int64_t crowd_parent_id(
	const struct crowd *c, int64_t node); /* what it was put under, 0: nothing */
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

/* A statement of consent. true when it changes what the person's consent on that channel is. Of two persons that were joined the
 * stricter counts, until something newer is said. An untrusted yes counts only where nothing was said yet, nothing untrusted for a
 * person that is vouched for; a yes of a batch needs a proof. */
bool crowd_set_consent(struct crowd *c, int64_t node, struct text channel, bool granted,
	int64_t at_us, int64_t source_id, struct text proof);

/* May this arrival set the field of that person: whoever speaks for himself sets no address but one that is his identifier. */
bool crowd_may_set(struct crowd *c, int64_t node, struct text field, const struct val *v);

/* The person of a joined node's branch goes its own way again (event/undo.h). Both must be loaded. */
void crowd_split(struct crowd *c, int64_t node, const struct val *before);

/* Puts back what a batch found at a node: rows {what, name, body} of batch_before. Values, consents and identifiers changed since stay. */
void crowd_restore(struct crowd *c, int64_t node, struct text what, struct text name,
	const struct val *body);
/* Nobody any more: identifiers, values, consents and the person's row go with crowd_save; the nodes stay, empty. */
void crowd_remove(struct crowd *c, int64_t node);
bool crowd_has_others(const struct crowd *c, int64_t node, int64_t at_us);

/* When a person was first and last active, found anew; 0 never. */
void crowd_seen_is(struct crowd *c, int64_t node, int64_t first_us, int64_t last_us);

/* The person was active at that time. */
void crowd_seen(struct crowd *c, int64_t node, int64_t at_us);

/* Notes the identifiers of a person that is about to be removed as erased, and seals suppressions of its addresses. */
int crowd_bury(struct crowd *c, struct db *db, int64_t node, int64_t at_us, struct err *e);

/* By what an erased identifier is recognised: a keyed hash, 22 characters, on a. */
const char *crowd_tombstone(struct arena *a, int64_t company_id, const struct ident *id);

/* Writes everything that changed. ERR_CONFLICT: somebody was first with an identifier, begin the batch again. */
int crowd_save(struct crowd *c, struct db *db, struct err *e);

#endif
