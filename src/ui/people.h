/* The list of people. */
#ifndef UI_PEOPLE_H
#define UI_PEOPLE_H

struct err;
struct web;

int person_list(struct web *w, struct err *e); /* GET /clients */

#endif
