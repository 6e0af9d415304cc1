/* What the files of answers share; nobody else includes this. */
#ifndef ENGINE_ANSWER_PARTS_H
#define ENGINE_ANSWER_PARTS_H

#include "base/val.h"
#include "column/bits.h"

struct arena;
struct err;
struct hold;

/* A list of ids as texts. */
struct val answer_ids(struct arena *a, const int64_t *ids, size_t n);

/* Who a rule means now: known persons, anonymous ones too where it speaks of known(). An empty rule: all known persons.
 * 0, -1 ERR_INPUT, ERR_LIMIT when it took too long. */
int answer_who(struct arena *a, struct hold *h, struct text source, struct bits *out,
	struct err *e);

/* answer_live.c: what is asked while a rule is typed. */
int answer_preview(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e);
int answer_past(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e);

#endif
