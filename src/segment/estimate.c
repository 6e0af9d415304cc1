/* See estimate.h. */
#include "segment/estimate.h"
#include "base/arena.h"
#include "base/err.h"
#include "segment/eval_parts.h"

/* SplitMix64's finisher: an id's place in a shuffle. */
static uint64_t
mixed(uint64_t z)
{
	z += 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

int
segment_estimate(struct arena *a, struct segment_eval *v, const struct bits *mask,
	int64_t now_us, int64_t deadline_us, size_t *rows_sampled, double *share,
	struct err *e)
{
	size_t all = bits_count(mask);
	struct bits some = bits_new(a, mask->n), in;
	uint64_t upto = all > SEGMENT_SAMPLE ? UINT64_MAX / all * SEGMENT_SAMPLE
					     : UINT64_MAX;
	BITS_EACH(mask, row)
	{
		if (mixed((uint64_t)v->base->ids[row]) <= upto)
			bits_set(&some, row);
	}
	*rows_sampled = bits_count(&some);
	*share = 0;
	if (segment_eval_among(a, v, &some, now_us, deadline_us, &in, e) < 0)
		return -1;
	if (*rows_sampled > 0)
		*share = (double)bits_count(&in) / (double)*rows_sampled;
	return 0;
}
