/* By which rules a company's persons are put together: what each kind of identifier may do, whose value of a field counts. */
#ifndef PROFILE_UNIFY_H
#define PROFILE_UNIFY_H

#include "base/val.h"
#include "profile/ident.h"

struct arena;
struct db;
struct err;

struct ident_rule {
	const char *name,
		*label; /* of a kind the company named itself, else NULL: ident_name */
	bool is_on;	/* built-in ones always are */
	bool is_unique; /* a person has one: another value of it is another person */
	bool joins; /* two known persons of whom a trusted call says that they share it are one */
	int64_t most;	    /* values of a person; further ones are not attached */
	int64_t priority;   /* the least says who an arrival is */
	struct val blocked; /* list of texts, folded, that name nobody */
};

enum survive {
	SURVIVE_NEWEST,
	SURVIVE_OLDEST,
	SURVIVE_LONGEST,
	SURVIVE_UNION,
	SURVIVE_SOURCE
};

struct unify {
	struct ident_rule idents[IDENT_KINDS];
	enum ident_kind order[IDENT_KINDS]; /* of trust; those that are on */
	size_t order_n;
	struct val fields; /* name to {survives, sources: [ids, most trusted first]} */
};

/* The company's rules over the built-in ones: one statement. Everything on a. */
int unify_read(struct arena *a, struct db *db, int64_t company_id, struct unify *out,
	struct err *e);

/* How a field's values are told apart; *sources the order of sources, for SURVIVE_SOURCE. */
enum survive unify_field(
	const struct unify *u, struct text field, const struct val **sources);

const char *unify_ident_name(const struct unify *u, int64_t kind);
/* The kind of that name, IDENT_NONE when there is none. */
enum ident_kind unify_ident_kind(const struct unify *u, struct text name);
bool unify_is_blocked(struct arena *a, const struct unify *u, const struct ident *id);

/* As they are shown and changed: {idents: [{name, label, custom, unique, joins, most, priority, blocked: [..]}], fields: [{name, survives,
 * sources}]}. */
struct val unify_shown(struct arena *a, const struct unify *u);

/* Changes the rule of one kind ({unique, joins, most, priority, blocked, label}); a name nobody has makes a new kind (at most 16).
 * ERR_INPUT with the field. */
int unify_put_ident(struct arena *a, struct db *db, int64_t company_id, const char *name,
	const struct val *rule, struct err *e);
/* survives: "newest", "oldest", "longest", "union", "source". */
int unify_put_field(struct arena *a, struct db *db, int64_t company_id, const char *field,
	const char *survives, const struct val *sources, struct err *e);

#endif
