/* The engine's role that sends: outbox to relay. Any number of them may run. */
#ifndef ENGINE_SEND_H
#define ENGINE_SEND_H

#include <signal.h>

struct err;
struct settings;

/* Claims messages in batches, composes, sends over kept connections, settles. Until *stop. 0 / -1 *e: it cannot begin. */
int engine_send_run(const struct settings *s, volatile sig_atomic_t *stop, struct err *e);

#endif
