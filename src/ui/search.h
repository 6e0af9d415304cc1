/* Search over everything. */
#ifndef UI_SEARCH_H
#define UI_SEARCH_H

#include "web/web.h"

struct err;

int search_page(struct web *w,
	struct err *e); /* GET /search?q=: a page, or the answers under the box for htmx */

#endif
