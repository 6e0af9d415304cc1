/* The disk log a door writes before it says yes. One file per segment; a record is a header with length and CRC, and bytes.
 * A writer holds its segment's lock for as long as it lives, so a reader knows when nothing more will come. */
#ifndef JOURNAL_JOURNAL_H
#define JOURNAL_JOURNAL_H

#include "base/val.h"

struct arena;
struct err;
struct journal;
struct settings;

enum { JOURNAL_RECORD_MAX = 1024 * 1024 };

/* A writer: makes journal_dir and a first segment named "PREFIX-ID.j". One per process; for any number of threads. */
int journal_open(
	const struct settings *s, const char *prefix, struct journal **out, struct err *e);
void journal_close(struct journal *j);

/* Returns 0 only when the bytes are on disk: threads that come together share one fdatasync. ERR_BUSY: the disk is full,
 * the quota (journal_quota_mb) is reached or the sync failed; what became of the record is then unknown. */
int journal_append(struct journal *j, struct text payload, struct err *e);

struct journal_record {
	struct text payload; /* on the reader's arena */
	int64_t end;	     /* the position behind it */
};

/* Names of the segments in a directory, oldest first, without the directory. */
int journal_list(
	struct arena *a, const char *dir, const char ***names, size_t *n, struct err *e);

/* Whole records behind from, at most max_records of them and about 4 MB. *ended: its writer is gone and everything that was
 * whole has been read; *torn_bytes then counts what is left behind the last whole record. 0 / -1. */
int journal_read(struct arena *a, const char *dir, const char *name, int64_t from,
	size_t max_records, struct journal_record **records, size_t *n, bool *ended,
	int64_t *torn_bytes, struct err *e);

/* Removes a segment that was read to its end. A torn rest is kept beside as NAME.torn. */
int journal_remove(const char *dir, const char *name, int64_t torn_bytes, struct err *e);

/* Bytes in all segments. */
int64_t journal_size_bytes(const char *dir);

#endif
