/* Questions about segments as they are stored. */
#ifndef ENGINE_ANSWER_SEGMENT_H
#define ENGINE_ANSWER_SEGMENT_H

#include "base/val.h"

struct arena;
struct err;
struct hold;

enum { ALGEBRA_MAX = 4 };

/* {segments: [2 to 4 ids]} -> {sizes: [n], regions: [{in: mask, count}]}: how many are in exactly those segments whose bits mask has (bit
 * 0: the first of the list), masks 1 to 2^n - 1, ascending. -1 ERR_INPUT of "segments". */
int answer_algebra(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e);

#endif
