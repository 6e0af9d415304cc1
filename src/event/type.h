/* Names of what happens: our built-in events, the aliases SDKs use for them, and each company's own list. */
#ifndef EVENT_TYPE_H
#define EVENT_TYPE_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum { EVENT_NAME_MAX = 100 };

/* The built-in name an event is asked for by: "Order Completed" is "purchase"; a name without alias is itself.
 * Borrowed from name or static. Case and spaces of aliases as SDKs write them; docs/events.md is the list. */
struct text event_type_name(struct text name);

/* The whole table: pairs of alias and built-in name; n of them. */
struct event_alias {
	const char *alias, *name;
};
extern const struct event_alias event_aliases[];
extern const size_t event_alias_count;

/* Per company: numbers of names as the store keeps them, cached for this thread's life and filled on demand. */
struct event_types;
struct event_types *event_types_new(void);
void event_types_free(struct event_types *t);

/* The number of a name, given now if the company never saw it. Not inside a transaction that will be rolled back
 * without telling: call before db_begin. 0 / -1. */
int event_type_number(struct arena *a, struct db *db, struct event_types *t,
	int64_t company_id, struct text name, int64_t *number, struct err *e);

/* The name of a number; "?" when the store has none. Reads the company's list again when the number is new. */
int event_type_text(struct arena *a, struct db *db, struct event_types *t,
	int64_t company_id, int64_t number, struct text *name, struct err *e);

/* All names a company has seen: list of texts. */
int event_type_all(struct arena *a, struct db *db, int64_t company_id, struct val *names,
	struct err *e);

#endif
