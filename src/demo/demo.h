/* Invented people and their year, so that a new house has something to show. Speaks to /v1 and /api/v1, like any integrator; what only
 * users make (folders of the list of clients, notes, the archive) goes the way of their pages, if the company is named. The same seed makes the same people; run twice it changes nothing (every message has its id). Addresses end in .example. */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include <stdint.h>

struct arena;
struct db;
struct err;

struct demo_order {
	const char *url, *write_key, *api_key;
	struct db *db;
	const char *company; /* its slug; NULL: nothing is made that only users make */
	const char *templates_dir; /* letters are in its folder demo */
	int64_t people, seed;
};

/* 0 / -1 *e. Says how far it is on stderr. */
int demo_run(struct arena *a, const struct demo_order *o, struct err *e);

#endif
