/* A base as a file that is read by mapping it: what is read is paged in, what changes is copied, the file stays as it is. */
#ifndef COLUMN_SNAPSHOT_H
#define COLUMN_SNAPSHOT_H

#include <stdint.h>

struct column_base;
struct err;
struct zone;

/* Writes the base beside path and puts it there when it is on disk. fence: of the lease under which it is true. The base is
 * put in order first (column_tidy): for a base that goes on being used, call it in a process made for that. */
int column_snapshot_write(
	struct column_base *base, const char *path, int64_t fence, struct err *e);

/* A base from a file of this build for this company. 1 *out and *fence, 0 there is none that can be used (why in e->text), -1 *e. */
int column_snapshot_open(const char *path, int64_t company_id, const struct zone *zone,
	struct column_base **out, int64_t *fence, struct err *e);

#endif
