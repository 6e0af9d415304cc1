/* The integrators' door: /api/v1. */
#ifndef API_API_H
#define API_API_H

#include <stddef.h>

struct err;
struct route;
struct settings;

/* Serves until SIGTERM. 0 / -1 *e. */
int api_run(const struct settings *s, struct err *e);

/* The route table, for the description and the tests made from it. */
const struct route *api_routes(size_t *n);

#endif
