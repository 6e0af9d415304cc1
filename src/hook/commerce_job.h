/* A file of 1C into the store: orders are events, counterparties profiles, goods products. */
#ifndef HOOK_COMMERCE_JOB_H
#define HOOK_COMMERCE_JOB_H

#include <stdint.h>

struct arena;
struct db;
struct err;
struct job;
struct settings;

#define COMMERCE_JOB "commerce"

/* For the engine: args {source, file, name}. Begins anew after a crash: what is written already is known again. 1 / 0 / -1. */
int commerce_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e);

#endif
