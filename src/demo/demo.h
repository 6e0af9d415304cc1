/* Invented people and their year, so that a new house has something to show. Speaks only to /v1 and /api/v1, like any integrator.
 * The same seed makes the same people; run twice it changes nothing (every message has its id). Addresses end in .example. */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include <stdint.h>

struct arena;
struct err;

struct demo_order {
	const char *url, *write_key, *api_key;
	const char *templates_dir; /* letters are in its folder demo */
	int64_t people, seed;
};

/* 0 / -1 *e. Says how far it is on stderr. */
int demo_run(struct arena *a, const struct demo_order *o, struct err *e);

#endif
