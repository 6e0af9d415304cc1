/* How things fail: a code for the machine, one sentence for a person. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdio.h>
#include <stdlib.h>

enum err_code {
	ERR_NONE,
	ERR_INPUT,    /* what came is not what was expected: 400 or, with a field, 422 */
	ERR_AUTH,     /* nobody we know: 401 */
	ERR_DENIED,   /* known, but not allowed: 403 */
	ERR_MISSING,  /* no such thing, or another company's: 404 */
	ERR_CONFLICT, /* somebody was first; for the store: try the transaction again: 409 */
	ERR_STALE,    /* another version of it was meant: 412 */
	ERR_SIZE,     /* too large: 413 */
	ERR_LIMIT,    /* too often, or a script over its limits: 429 */
	ERR_BUSY, /* something we need is away, try later: 503; the sentence is shown if a field says what */
	ERR_BUG /* our fault: 500 */
};

struct err {
	enum err_code code;
	int line;	/* in the text it speaks of (a script, a template); 0 none */
	char field[64]; /* the input it speaks of; empty when none */
	char text[512]; /* a sentence: what was expected, what came, where */
};

/* Fills *e and returns -1. The text is UTF-8 when what it quotes is, also where that is cut ("%.40s"). */
int err_set(struct err *e, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, and names the field it is about. */
int err_field(struct err *e, const char *field, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "where: " in front of the text, keeps the code, returns -1. */
int err_wrap(struct err *e, const char *where);

/* The machine word of a code: "invalid", "unauthorized", ... */
const char *err_word(enum err_code code);

/* Stays on in production: a broken promise of our own aborts, the supervisor restarts. Never on input. */
#define must(cond)                                                                         \
	do {                                                                               \
		if (!(cond)) {                                                             \
			fprintf(stderr, "%s:%d: must(%s)\n", __FILE__, __LINE__, #cond);   \
			abort();                                                           \
		}                                                                          \
	} while (0)

#endif
