/* How many a rule means, about, where counting them all would take too long. */
#ifndef SEGMENT_ESTIMATE_H
#define SEGMENT_ESTIMATE_H

#include "segment/eval.h"

/* Within 0.75 % of all for 2 in 3 of the rules that mean half of them, nearer for others. */
enum { SEGMENT_SAMPLE = 4096 };

/* Tries the rule on about SEGMENT_SAMPLE rows of mask, the same people each time (chosen by their ids), all when there are fewer.
 * *rows_sampled how many, *share of them the rule means: 0 to 1. deadline_us (monotonic, 0 none) and errors as segment_eval_all. */
int segment_estimate(struct arena *a, struct segment_eval *v, const struct bits *mask,
	int64_t now_us, int64_t deadline_us, size_t *rows_sampled, double *share,
	struct err *e);

#endif
