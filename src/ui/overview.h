/* The first page: what is there, what comes, what runs, what needs attention. */
#ifndef UI_OVERVIEW_H
#define UI_OVERVIEW_H

#include "web/web.h"

struct err;

int overview_page(struct web *w,
	struct err *e); /* GET /: the platform's people go to their companies */
int overview_feed(struct web *w, struct err *e); /* GET /feed: the live events */

#endif
