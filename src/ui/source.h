/* Sources: where events come from, what to put there, what comes and what is refused. */
#ifndef UI_SOURCE_H
#define UI_SOURCE_H

#include "web/web.h"

struct err;

int source_list(struct web *w, struct err *e); /* GET /sources */
int source_form(struct web *w, struct err *e); /* GET /sources/new */
int source_make(struct web *w, struct err *e); /* POST /sources/new */
int source_card(struct web *w, struct err *e); /* GET /sources/{id} */
int source_feed(struct web *w,
	struct err *e); /* GET /sources/{id}/feed: the live part of the card */
int source_code(
	struct web *w, struct err *e); /* GET /sources/{id}/code: what to put where */
int source_state(struct web *w, struct err *e); /* POST /sources/{id}/state */

/* The source of the route's {id}, and vars.source, vars.tab for the frame of its pages. 0 / -1, ERR_MISSING. */
struct source;
int source_of_page(
	struct web *w, const char *tab, struct source *s, struct val *vars, struct err *e);

#endif
