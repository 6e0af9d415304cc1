/* What the files of a crowd share; nobody else includes this. */
#ifndef PROFILE_CROWD_PARTS_H
#define PROFILE_CROWD_PARTS_H

#include "base/dict.h"
#include "profile/crowd.h"

#define NOBODY ((int64_t)-1)

struct person { /* of a root */
	bool exists, changed, dropped, known, values_loaded;
	bool is_far; /* its row was not read: all that may happen to it is being seen */
	struct val fields; /* composed: name to value, nothing for missing */
	int64_t source_id, created_at_us, updated_at_us, first_seen_at_us, last_seen_at_us;
};

struct value {
	struct value *before;
	struct text field;
	struct val v;
	struct text json;
	int64_t at_us, source_id, user_id;
	bool changed;
};

struct agreed { /* a consent */
	struct agreed *before;
	struct text channel, proof;
	bool granted, changed;
	int64_t at_us, source_id;
};

struct node {
	int64_t id, parent_id;
	int64_t root; /* handle */
	int64_t next; /* the next node of the same root, NOBODY behind the last */
	int64_t last; /* of a root: the last of its chain, which begins with the root itself */
	bool is_new, changed;
	int64_t created_at_us;
	struct value *values;
	struct agreed *consents;
	struct person person;
};

struct held { /* an identifier and whose it is */
	struct ident ident;
	int64_t node; /* handle or NOBODY */
	bool is_new;
	int64_t at_us, source_id;
};

struct merge {
	struct merge *before;
	struct joined joined;
	int64_t id;
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
};

int64_t crowd_add_node(struct crowd *c, int64_t id, int64_t root_id);
struct node *crowd_root(const struct crowd *c, int64_t node);
int64_t crowd_ident_number(struct crowd *c, const struct ident *id);
/* An identifier's entry; valid until the next new identifier. */
struct held *crowd_held(struct crowd *c, const struct ident *id);
/* Whose the alias is: a device's id, or a former user's. */
int64_t crowd_before(struct crowd *c, const struct who *who);

#endif
