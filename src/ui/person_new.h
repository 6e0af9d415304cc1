/* A client that somebody writes down. */
#ifndef UI_PERSON_NEW_H
#define UI_PERSON_NEW_H

#include "web/web.h"

struct err;

int person_new(struct web *w, struct err *e);  /* GET /clients/new */
int person_make(struct web *w, struct err *e); /* POST /clients/new */

#endif
