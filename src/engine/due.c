/* When time alone changes an answer: every row's second is kept, those before the horizon stand in a heap. So a tick of the
 * clock touches only who is due, and a sweep over all rows runs once a minute. Somebody swept in is looked at as his second
 * begins: then the exact instant is known and stands in the heap too. */
#include "base/dict.h"
#include "base/err.h"
#include "base/time.h"
#include "column/base.h"
#include "engine/members_parts.h"

#include <stdlib.h>
#include <string.h>

static const int64_t ahead_us = MINUTE_US;
static const int64_t epoch_s = 1577836800; /* 2020-01-01 */

uint32_t
until_of(int64_t at_us)
{
	int64_t second = at_us / SECOND_US - epoch_s;
	return at_us == SEGMENT_NEVER || second >= UNTIL_NEVER ? UNTIL_NEVER
	       : second < 0				       ? 0
							       : (uint32_t)second;
}

int64_t
until_us(uint32_t until)
{
	return until == UNTIL_NEVER ? SEGMENT_NEVER : (until + epoch_s) * SECOND_US;
}

void
due_push(struct members *m, int64_t at_us, int64_t segment_id, int64_t person_id)
{
	if (m->due_n == m->due_cap) {
		m->due_cap = m->due_cap > 0 ? m->due_cap * 2 : 256;
		m->heap = realloc(m->heap, m->due_cap * sizeof *m->heap);
		must(m->heap != NULL);
	}
	size_t i = m->due_n++;
	while (i > 0 && m->heap[(i - 1) / 2].at_us > at_us) {
		m->heap[i] = m->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	m->heap[i] = (struct due){at_us, segment_id, person_id};
}

static struct due
pop(struct members *m)
{
	struct due top = m->heap[0], last = m->heap[--m->due_n];
	size_t i = 0;
	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= m->due_n)
			break;
		if (child + 1 < m->due_n && m->heap[child + 1].at_us < m->heap[child].at_us)
			child++;
		if (m->heap[child].at_us >= last.at_us)
			break;
		m->heap[i] = m->heap[child];
		i = child;
	}
	m->heap[i] = last;
	return top;
}

bool
due_pop(struct members *m, int64_t now_us, struct due *out)
{
	while (m->due_n > 0 && m->heap[0].at_us <= now_us) {
		*out = pop(m);
		struct seg *s = members_find(m, out->segment_id);
		int64_t row = column_row(m->hold->base, out->person_id);
		/* an answer since then may have moved the instant: that one stands in the heap by itself */
		if (s != NULL && s->until != NULL && row >= 0 && (size_t)row < s->until_n &&
			s->until[row] == until_of(out->at_us))
			return true;
	}
	return false;
}

void
seg_until(struct members *m, struct seg *s, size_t row, int64_t person_id, int64_t at_us)
{
	if (s->until == NULL && at_us == SEGMENT_NEVER)
		return;
	if (row >= s->until_n) {
		size_t n = column_rows(m->hold->base) * 5 / 4 + 64;
		s->until = realloc(s->until, n * sizeof *s->until);
		must(s->until != NULL);
		for (size_t i = s->until_n; i < n; i++)
			s->until[i] = UNTIL_NEVER;
		s->until_n = n;
	}
	s->until[row] = until_of(at_us);
	if (at_us < m->horizon_us)
		due_push(m, at_us, s->id, person_id);
}

void
due_sweep(struct members *m, int64_t now_us)
{
	if (now_us + ahead_us / 2 < m->horizon_us)
		return;
	int64_t before = m->horizon_us;
	m->horizon_us = now_us + ahead_us;
	/* whoever's instant was exact stands there already; a second that the horizon parts is taken whole */
	uint32_t from = until_of(before), to = until_of(m->horizon_us);
	for (size_t i = 0; i < m->n; i++) {
		const struct seg *s = m->segs[i];
		for (size_t row = 0; s->until != NULL && row < s->until_n; row++)
			if (s->until[row] >= from && s->until[row] <= to &&
				s->until[row] != UNTIL_NEVER)
				due_push(m, until_us(s->until[row]), s->id,
					column_person(m->hold->base, row));
	}
}

int64_t
members_next_us(const struct members *m)
{
	uint32_t least = UNTIL_NEVER;
	if (dict_count(m->changed) > 0)
		return 0;
	for (size_t i = 0; i < m->n; i++)
		for (size_t row = 0; row < m->segs[i]->until_n; row++)
			if (m->segs[i]->until[row] < least)
				least = m->segs[i]->until[row];
	return until_us(least);
}
