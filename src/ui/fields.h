/* Fields of a person: the default ones, the company's own, those that came and wait to be named. */
#ifndef UI_FIELDS_H
#define UI_FIELDS_H

#include "web/web.h"

struct err;

int fields_page(struct web *w, struct err *e); /* GET /fields */
int fields_drop(struct web *w, struct err *e); /* POST /fields/delete */
int fields_put(struct web *w, struct err *e);  /* POST /fields */

#endif
