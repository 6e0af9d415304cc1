/* The engine's role for work nobody waits for. Any number of them may run. */
#ifndef ENGINE_JOBS_H
#define ENGINE_JOBS_H

#include <signal.h>

struct err;
struct settings;

/* Claims jobs and does them slice by slice. Until *stop. 0 / -1 *e: it cannot begin. */
int engine_jobs_run(const struct settings *s, volatile sig_atomic_t *stop, struct err *e);

#endif
