/* The engine's first role: from the journals into the store. */
#ifndef ENGINE_APPLY_H
#define ENGINE_APPLY_H

#include <signal.h>

struct err;
struct settings;

/* Reads all segments of journal_dir, oldest first, applies their records in batches, moves each segment's position in the same
 * transaction, removes what was read to its end. A record that fails by itself goes to the refused ones with its reason.
 * Until *stop. 0 / -1 *e: it cannot begin. */
int engine_apply_run(const struct settings *s, volatile sig_atomic_t *stop, struct err *e);

#endif
