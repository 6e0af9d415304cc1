/* Snapshots of held companies: written by a process that is made for each, so that events flow meanwhile. */
#ifndef ENGINE_KEEP_H
#define ENGINE_KEEP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;
struct err;
struct hold;
struct settings;

struct keeper {	     /* at most one snapshot at a time */
	pid_t child; /* 0: none */
	int64_t company_id, seq, begun_us;
};

/* Where a company's snapshot lies. */
const char *keep_path(struct arena *a, const struct settings *s, int64_t company_id);

/* Whether a snapshot is worth while: something came since the last one, and that was columns_snapshot_s ago. */
bool keep_is_due(const struct hold *h);

/* Begins one, if none is being written. What this process knows and opens stays as it is. 0 / -1 *e. */
int keep_begin(struct keeper *k, struct hold *h, struct err *e);

/* Looks whether the one being written is done: 1 it is (*company_id and *seq say of what), 0 not or there is none, -1 it failed. */
int keep_poll(struct keeper *k, int64_t *company_id, int64_t *seq);

/* Writes one here and now; the hold is of no use for anything else then. Nothing if the last one is as good. */
int keep_now(struct hold *h, struct err *e);

/* Ends the one being written. */
void keep_stop(struct keeper *k);

#endif
