/* What the files of a crowd share; nobody else includes this. */
#ifndef PROFILE_CROWD_PARTS_H
#define PROFILE_CROWD_PARTS_H

#include "base/dict.h"
#include "profile/crowd.h"
#include "profile/unify.h"

#define NOBODY ((int64_t)-1)

struct person { /* of a root */
	bool exists, changed, dropped, known, vouched, values_loaded;
	bool is_far;   /* its row was not read: all that may happen to it is being seen */
	bool is_asked; /* by its id: somebody must be there */
	bool is_there; /* and is, though its row was not read */
	struct val fields;   /* composed: name to value, nothing for missing */
	struct val consents; /* composed: channel to true or false */
	int64_t source_id, created_at_us, updated_at_us, first_seen_at_us, last_seen_at_us;
};

struct value {
	struct value *before;
	struct text field;
	struct val v;
	struct text json;
	int64_t at_us, source_id, user_id;
	bool changed, gone;
};

struct agreed { /* a consent */
	struct agreed *before;
	struct text channel, proof;
	bool granted, changed, gone;
	int64_t at_us, source_id;
};

struct node {
	int64_t id, parent_id, joined_at_us;
	int64_t root; /* handle */
	int64_t next; /* the next node of the same root, NOBODY behind the last */
	int64_t last; /* of a root: the last of its chain, which begins with the root itself */
	bool is_new, changed, removed;
	int64_t created_at_us;
	uint16_t ident_n[IDENT_KINDS]; /* of loaded nodes: how many of each kind */
	struct value *values;
	struct agreed *consents;
	struct person person;
};

struct held { /* an identifier and whose it is */
	struct ident ident;
	int64_t node; /* handle or NOBODY */
	bool is_new, gone;
	int64_t at_us, source_id;
	int64_t erased_at_us; /* a person that had it was erased then, whoever has it now; 0: nobody was */
};

struct merge {
	struct merge *before;
	struct joined joined;
	int64_t id, at_us, user_id;
	struct val persons; /* {from: {...}, into: {...}} as they were */
};

struct found { /* what a batch found */
	struct found *before;
	int64_t batch_id, node_id;
	const char *what;
	struct text name, body;
};

struct crowd {
	struct arena *arena;
	int64_t company_id;
	struct dict *idents, *node_ids; /* kind and value; id: to handles */
	struct held *held;
	size_t ident_n, ident_cap;
	struct node *nodes;
	size_t node_n, node_cap;
	struct merge *merges;
	struct found *found;
	struct unify unify;
	/* crowd_under */
	bool trusted, joins;
	int64_t batch_id, user_id;
};

int64_t crowd_add_node(struct crowd *c, int64_t id, int64_t root_id);
/* A root's chain anew from its parents: after a pointer was cleared. */
void crowd_regroup(struct crowd *c, int64_t root);
/* Keeps what a batch found; body null: nothing. */
void crowd_keep(struct crowd *c, int64_t node, const char *what, struct text name,
	const struct val *body);
/* Somebody has the address of an erased person: what was sealed of its suppressions holds again. */
int crowd_open_suppressions(
	struct crowd *c, struct db *db, const struct ident *id, struct err *e);
/* How many identifiers of a kind the person has. */
int64_t crowd_ident_count(const struct crowd *c, int64_t root, enum ident_kind kind);
/* The consents of a root as they count now: channel to bool. */
struct val crowd_agree(struct crowd *c, int64_t root);
struct node *crowd_root(const struct crowd *c, int64_t node);
int64_t crowd_ident_number(struct crowd *c, const struct ident *id);
/* An identifier's entry; valid until the next new identifier. */
struct held *crowd_held(struct crowd *c, const struct ident *id);
/* Whose the alias is: a device's id, or a former user's. */
int64_t crowd_before(struct crowd *c, const struct who *who);

#endif
