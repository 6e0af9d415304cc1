/* The list of people: searched, filtered, sorted, with the user's columns. */
#ifndef UI_PEOPLE_H
#define UI_PEOPLE_H

struct err;
struct web;

int people_list(struct web *w, struct err *e);	/* GET /clients */
int people_keep(struct web *w, struct err *e);	/* POST /clients/view: columns, order */
int people_count(struct web *w, struct err *e); /* GET /clients/count: exactly */

#endif
