/* Events of a site bound to its elements by pointing at them (docs/binding.md): what is bound, and the link under which it is done. A binding
 * is a map {id, event, kind, selector, where, once, properties, state, updated_by, updated_at_us}:
 *   kind        click, submit, view (an element is seen), page (the page itself, no selector)
 *   selector    CSS, or CSS:text(words) for an element with exactly these words
 *   where       a path or a whole address, * stands for anything; without ? the query does not matter; empty: everywhere
 *   once        at most once a page
 *   properties  list of {name, from, arg, at, type}; from: text, attribute (arg its name), input (arg its name), layer (arg a path), path
 *               (arg a number of a part, from 1), query (arg a name), const (arg the value); at: CSS of another element, the nearest
 *               one; type: text, number, bool
 *   state       draft, published, paused */
#ifndef TENANT_BINDING_H
#define TENANT_BINDING_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum {
	BINDINGS_MAX = 200, /* of a source */
	BINDING_PROPERTIES_MAX = 30,
	BINDING_TEXT_MAX = 500,		   /* bytes of a selector, of where, of a value */
	BINDING_PUBLISHED_MAX = 64 * 1024, /* what the tag is told */
	BINDING_LINK_S = 30 * 60
};

/* Those of a source, oldest first; one of them: 1 / 0 / -1. */
int binding_all(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *out, struct err *e);
int binding_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	int64_t id, struct val *out, struct err *e);

/* Who does it, to what. */
struct binding_act {
	int64_t company_id, source_id, user_id;
};

/* Checks a binding and stores it with what the tag is told; *id 0 makes a new one. 0, -1 ERR_INPUT with the member, ERR_MISSING. */
int binding_save(struct arena *a, struct db *db, const struct binding_act *by,
	const struct val *in, int64_t *id, struct err *e);
/* Only its state; nothing is left of it. 0, -1 ERR_MISSING. */
int binding_set_state(struct arena *a, struct db *db, const struct binding_act *by,
	int64_t id, struct text state, struct err *e);
int binding_delete(struct arena *a, struct db *db, const struct binding_act *by, int64_t id,
	struct err *e);

/* What the tag of a source is told: list of maps {id, event, kind, selector, where, once, properties}. */
int binding_published(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *out, struct err *e);

/* Whether an address of a page is where a pattern says. */
bool binding_is_at(struct text pattern, struct text url);

/* A link's token: lets one edit bindings of one source in the name of a user, until until_us. 1 / 0: of anything else, or ended. */
const char *binding_token(struct arena *a, const struct binding_act *by, int64_t until_us);
int binding_token_read(
	struct arena *a, struct text token, int64_t now_us, struct binding_act *out);

/* The address such a link was made for; a map {url, at_us, met_at_us}, each null when there was none. The page it led to answered. */
int binding_link_note(struct db *db, int64_t company_id, int64_t source_id, struct text url,
	struct err *e);
int binding_link_of(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *out, struct err *e);
int binding_link_met(struct db *db, int64_t company_id, int64_t source_id, struct err *e);

#endif
