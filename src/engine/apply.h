/* The engine's first role: from the journals into the store. */
#ifndef ENGINE_APPLY_H
#define ENGINE_APPLY_H

#include <signal.h>

struct err;
struct settings;

/* Reads all segments of journal_dir, oldest first, applies their records in batches, moves each segment's position in the same
 * transaction, removes what was read to its end. A call that fails by itself, or takes the process down twice, becomes a dead
 * letter (event/dead.h); those that are queued are applied once more, once a second. Until *stop. 0 / -1 *e: it cannot begin. */
int engine_apply_run(const struct settings *s, volatile sig_atomic_t *stop, struct err *e);

#endif
