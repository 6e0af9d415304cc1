/* The card of a client: who it is, its tabs. The timeline is in person_timeline.h, what is changed in person_edit.h and person_act.h. */
#ifndef UI_PERSON_H
#define UI_PERSON_H

#include "base/val.h"
#include "web/web.h"

struct err;

int person_page(struct web *w, struct err *e); /* GET /clients/{id}?tab= */

/* The card on a tab with what vars has already (typed values, what was wrong with them). */
int person_show(struct web *w, int status, int64_t root_id, const char *tab,
	struct val *vars, struct err *e);

/* The root of the route's {id}, which may be an old one. -1 ERR_MISSING. */
int person_find(struct web *w, int64_t *root_id, struct err *e);

/* Puts who (a user's name or address) into each map of the list by its user_id. */
int person_put_users(struct web *w, struct val *list, struct err *e);

#endif
