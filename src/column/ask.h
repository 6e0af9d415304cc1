/* Asking the engine that holds a company's columns: one question, one answer, over a unix socket.
 * A frame is four bytes of length (little endian) and JSON. Answers are true for a position of the feed; a door asks for at least
 * the position the company has committed, so everybody sees their own change. */
#ifndef COLUMN_ASK_H
#define COLUMN_ASK_H

#include "base/val.h"

struct arena;
struct db;
struct err;
struct settings;

enum { ASK_BYTES_MAX = 64 * 1024 * 1024 };

/* Sends question (a map with "what"; company and position are added) and waits at most deadline_ms for *answer (a map).
 * -1: ERR_BUSY no engine holds the company (yet), or it did not answer in time; else the engine's own refusal with its code,
 * field and line (a rule that does not compile is ERR_INPUT with a line). */
int ask(struct arena *a, struct db *db, const struct settings *s, int64_t company_id,
	struct val *question, int deadline_ms, struct val *answer, struct err *e);

/* The engine's half: a listening socket, and one frame in or out. */
int ask_listen(const struct settings *s, int *fd, struct err *e);
int ask_read(struct arena *a, int fd, int deadline_ms, struct val *out,
	struct err *e); /* 1, 0 closed, -1 */
int ask_write(struct arena *a, int fd, int deadline_ms, const struct val *v, struct err *e);

/* An error as an answer, and back. */
struct val ask_refusal(struct arena *a, const struct err *e);

#endif
