/* The engine's role that holds companies in memory: follows their feeds, keeps their segments, answers the doors. */
#ifndef ENGINE_COLUMNS_H
#define ENGINE_COLUMNS_H

#include <signal.h>

struct err;
struct settings;

/* Until *stop. 0 / -1 *e: it cannot begin. */
int engine_columns_run(
	const struct settings *s, volatile sig_atomic_t *stop, struct err *e);

#endif
