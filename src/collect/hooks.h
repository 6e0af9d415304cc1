/* What systems send to the addresses of their sources: /h/KEY. */
#ifndef COLLECT_HOOKS_H
#define COLLECT_HOOKS_H

#include "web/web.h"

struct hook;

web_handler hooks_receive; /* POST, PUT, GET /h/{key} */

/* The source of the route's {key}, active, and its company's country. 0, or -1 ERR_MISSING, ERR_BUSY. */
int hooks_find(struct web *w, struct hook *h, const char **country, struct err *e);

#endif
