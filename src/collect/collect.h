/* The door of pixels and SDKs: checks what comes, writes it to the journal, and only then says yes. */
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

struct err;
struct settings;

/* Serves until SIGTERM. 0 / -1 *e. */
int collect_run(const struct settings *s, struct err *e);

#endif
