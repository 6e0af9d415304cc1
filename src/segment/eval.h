/* One evaluator over the columns: who of all, and does this one. */
#ifndef SEGMENT_EVAL_H
#define SEGMENT_EVAL_H

#include "base/val.h"
#include "column/bits.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct column_base;
struct err;
struct rule;
struct segment_eval;
struct settings;

#define SEGMENT_NEVER INT64_MAX /* time alone changes nothing */

/* A rule over a base; both must outlive it. Holds the box of its where() functions. One thread. */
struct segment_eval *segment_eval_new(
	const struct rule *r, struct column_base *base, const struct settings *s);
void segment_eval_free(struct segment_eval *v);

/* While it goes over all rows one by one (rules with time, where()), watch is told the percent it has come to, every few hundred rows.
 * NULL: nobody is. */
void segment_eval_watch(
	struct segment_eval *v, void (*watch)(void *obj, int percent), void *obj);

/* Everybody, anonymous ones too (take bits_and with column_all(…, true) for the known). *out on a. until_us may be NULL, else
 * column_rows entries: when each row's answer can next change by time alone. deadline_us (monotonic) 0: none.
 * 0, or -1: ERR_LIMIT when where() used up too much or the deadline passed, ERR_BUSY when it used up the company's share. */
int segment_eval_all(struct arena *a, struct segment_eval *v, int64_t now_us,
	int64_t deadline_us, struct bits *out, int64_t *until_us, struct err *e);

/* The same of the rows of mask only. */
int segment_eval_among(struct arena *a, struct segment_eval *v, const struct bits *mask,
	int64_t now_us, int64_t deadline_us, struct bits *out, struct err *e);

/* Who it meant at an instant in the past: fields as they were, events up to then. ERR_INPUT for a rule with words of which
 * the past is not kept (segment, reachable, near, where). */
int segment_eval_past(struct arena *a, struct segment_eval *v, int64_t at_us,
	int64_t deadline_us, struct bits *out, struct err *e);

/* Adds a sentence for each condition that asks for more than is kept of old events. */
void segment_eval_warn(struct arena *a, struct segment_eval *v, struct val *warnings);

struct segment_answer {
	bool is_member;
	int64_t until_us; /* at this instant ask again; SEGMENT_NEVER */
	/* Which condition and which value decided, for the card: "city is Минск", {"line": 2, "condition": "…", "value": …}. */
	struct val reason;
};

/* One row (column_row). reason is made on a when a is not NULL. 0 / -1 as above. */
int segment_eval_one(struct arena *a, struct segment_eval *v, size_t row, int64_t now_us,
	struct segment_answer *out, struct err *e);

/* Errors in where() functions since the start (each means false), and the first one's sentence with its line. */
int64_t segment_eval_errors(const struct segment_eval *v, const char **first);

#endif
