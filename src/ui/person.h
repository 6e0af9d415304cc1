/* Clients: the list, the card with its timeline. */
#ifndef UI_PERSON_H
#define UI_PERSON_H

#include "web/web.h"

struct err;

int person_page(struct web *w, struct err *e); /* GET /clients/{id} */
int person_timeline(struct web *w,
	struct err
		*e); /* GET /clients/{id}/events?before=: the next part of the timeline */

#endif
