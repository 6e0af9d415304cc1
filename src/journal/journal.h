/* The disk log a door writes before it says yes. One file per segment; a record is a header with length and CRC, and bytes.
 * A writer holds its segment's lock for as long as it writes there, so a reader knows when nothing more will come.
 * A segment whose write or sync failed is given up for ever: what its cache holds may or may not reach the disk. Its last
 * records stand again in the next segment, so a record may be read twice: whoever applies them recognises a repeat.
 * A file of journal_reserve_mb beside the segments is room for the last steps on a full disk: it is let go when a write
 * finds no room, and until it can be made again nothing is taken. */
#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H

#include "base/val.h"

struct arena;
struct err;
struct journal;
struct settings;

enum { JOURNAL_RECORD_MAX = 2 * 1024 * 1024 };

/* A writer: makes journal_dir and a first segment named "PREFIX-ID.j". One per process and prefix; for any number of threads.
 * A thread of its own looks after it once a second: it ends a segment that is journal_segment_s old, measures the whole, makes
 * the reserve again. */
int journal_open(
	const struct settings *s, const char *prefix, struct journal **out, struct err *e);
void journal_close(struct journal *j);

/* Returns 0 only when the bytes are on disk: threads that come together share one fdatasync. A batch whose sync failed is written
 * once more, to a new segment. ERR_BUSY: the disk or the quota (journal_quota_mb) is full, or the second try failed as well; what
 * became of the record is then unknown. Memory: one record for each thread that waits. */
int journal_append(struct journal *j, struct text payload, struct err *e);

struct journal_record {
	struct text payload; /* on the reader's arena */
	int64_t end;	     /* the position behind it */
};

/* Names of the segments in a directory, oldest first, without the directory. */
int journal_list(
	struct arena *a, const char *dir, const char ***names, size_t *n, struct err *e);

/* Whole records behind from, at most max_records of them and about 4 MB. *ended: its writer is gone and everything that was
 * whole has been read; *torn_bytes then counts what is left behind the last whole record. A segment that lost its end in a
 * power failure, after it was read from the cache, has ended too. 0 / -1. */
int journal_read(struct arena *a, const char *dir, const char *name, int64_t from,
	size_t max_records, struct journal_record **records, size_t *n, bool *ended,
	int64_t *torn_bytes, struct err *e);

/* Removes a segment that was read to its end, for good: a power failure does not bring it back. A torn rest is kept beside as
 * NAME.torn. */
int journal_remove(const char *dir, const char *name, int64_t torn_bytes, struct err *e);

/* Bytes in all segments. */
int64_t journal_size_bytes(const char *dir);

#endif
