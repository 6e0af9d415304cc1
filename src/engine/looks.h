/* What people look at, kept by the apply role: weights with their events, the field "interests" a little later. */
#ifndef ENGINE_LOOKS_H
#define ENGINE_LOOKS_H

#include "event/apply.h"

struct applier;
struct looks;

struct looks *looks_new(void);
void looks_free(struct looks *l);

/* Adds the topics of arrivals that were new, in their transaction. */
int looks_add(struct arena *a, struct db *db, const struct arrival *arrivals,
	const struct applied *applied, size_t n, struct err *e);

/* Remembers whose they were, once that is committed. */
void looks_note(struct looks *l, const struct arrival *arrivals,
	const struct applied *applied, size_t n);

/* Those whose top has changed get it into their field: some people at a time, once a second while the role is busy, else at once. What
 * is lost with the process is seen at the next look. 1 there may be more, 0, -1 *e. */
int looks_settle(struct applier *applier, bool busy, struct err *e);

#endif
