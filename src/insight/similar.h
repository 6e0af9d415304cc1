/* People who looked at and bought the same things: a first measure over shared behaviour, without a model. */
#ifndef INSIGHT_SIMILAR_H
#define INSIGHT_SIMILAR_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct column_base;

enum { SIMILAR_MARKS = 64, SIMILAR_CLOSE_MAX = 2000 };

/* What somebody dealt with (goods, categories, brands, pages, searches; at most SIMILAR_MARKS, the most frequent) are their marks; a mark
 * weighs the more the fewer others have it: log(1 + people / those who have it). Somebody's share of a mark is how much of all they dealt
 * with it was; alike is whose shares overlap the most, by weight (100: the same in the same parts). It is worked out for those
 * SIMILAR_CLOSE_MAX who have the most weight of the marks at all.
 * *out: {marks: how many there are, people: [{person (id), percent (1..100), shared: [{prop, value}], the heaviest three}],
 * partial: the deadline (monotonic us) passed before all were looked at}, at most limit known persons, the most alike first.
 * cost: one walk over all events. */
void similar_people(struct arena *a, struct column_base *base, int64_t person_id,
	size_t limit, int64_t deadline_us, struct val *out);

#endif
