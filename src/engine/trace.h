/* What the apply role has in hand, noted in a file beside the journal before it is touched: found there at the next start, it took the
 * process down. A kill of the process keeps the note (the page cache does); a power failure may lose it, and is nobody's poison. */
#ifndef ENGINE_TRACE_H
#define ENGINE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

struct err;

enum trace_depth { TRACE_NOTHING, TRACE_BATCH, TRACE_RECORD, TRACE_CALL, TRACE_LETTER };

struct trace_note {
	int32_t depth; /* of enum trace_depth */
	int32_t call; /* TRACE_CALL: those before it are done; -1 the reading of the record */
	int64_t from, to; /* in the segment; of a letter its company and id */
	char journal[104];
};

struct trace {
	int fd;
};

/* *left: what the last process of this directory died with (depth TRACE_NOTHING: nothing). 0 / -1. */
int trace_open(const char *dir, struct trace *h, struct trace_note *left, struct err *e);
void trace_close(struct trace *h);

/* journal may be NULL with TRACE_LETTER. A note that cannot be written is no reason to stop. */
void trace_leave(struct trace *h, enum trace_depth depth, const char *journal, int64_t from,
	int64_t to, int call);
void trace_wipe(struct trace *h);

#endif
