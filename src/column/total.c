/* What is older than the hot window: kept as count, first, last and sums of numbers, by person and type. */
#include "base/err.h"
#include "column/parts.h"

#include <stdlib.h>
#include <string.h>

const struct column_total *
column_total(const struct column_base *base, size_t row, int64_t type)
{
	for (uint32_t at = base->totals[row]; at != 0; at = base->total_list[at - 1].next)
		if (base->total_list[at - 1].type == type)
			return &base->total_list[at - 1];
	return NULL;
}

const struct column_sum *
column_sum(const struct column_base *base, const struct column_total *total, int64_t name)
{
	for (uint32_t at = total->sums; at != 0; at = base->sums[at - 1].next)
		if (base->sums[at - 1].name == name)
			return &base->sums[at - 1];
	return NULL;
}

/* The total of a row and type, made empty if there is none. */
static struct column_total *
total_of(struct column_base *base, size_t row, uint16_t type)
{
	struct column_total *held = (struct column_total *)column_total(base, row, type);
	if (held != NULL)
		return held;
	must(base->total_n < UINT32_MAX); /* fewer than events of a ceiling below that */
	base->total_list = COLUMN_ROOM(
		base, base->total_list, base->total_n, base->total_cap, base->total_n + 1);
	struct column_total *t = &base->total_list[base->total_n++];
	*t = (struct column_total){.first_us = INT64_MAX,
		.last_us = INT64_MIN,
		.next = base->totals[row],
		.type = type};
	base->totals[row] = (uint32_t)base->total_n;
	return t;
}

static void
sum_add(struct column_base *base, struct column_total *t, uint32_t name, uint32_t n,
	__int128 millionths)
{
	struct column_sum *s = (struct column_sum *)column_sum(base, t, name);
	if (s == NULL) {
		must(base->sum_n < UINT32_MAX);
		base->sums = COLUMN_ROOM(
			base, base->sums, base->sum_n, base->sum_cap, base->sum_n + 1);
		s = &base->sums[base->sum_n++];
		*s = (struct column_sum){.name = name, .next = t->sums};
		t->sums = (uint32_t)base->sum_n;
	}
	__int128 sum = ((__int128)s->high << 64 | (uint64_t)s->low) + millionths;
	s->high = (int64_t)(sum >> 64);
	s->low = (int64_t)(uint64_t)sum;
	s->n += n;
}

void
column_total_add(struct column_base *base, size_t row, const struct column_event *event)
{
	struct column_total *t = total_of(base, row, event->type);
	column_type_seen(base, event->type, row, event->at_us);
	t->first_us = event->at_us < t->first_us ? event->at_us : t->first_us;
	t->last_us = event->at_us > t->last_us ? event->at_us : t->last_us;
	t->count++;
	for (uint16_t i = 0; i < event->prop_n; i++) {
		const struct column_prop *p = &base->props[event->props + i];
		if (column_prop_is_number(p))
			sum_add(base, t, p->name, 1, column_prop_millionths(base, p));
	}
}

void
column_total_join(struct column_base *base, size_t from, size_t into)
{
	for (uint32_t at = base->totals[from]; at != 0;) {
		struct column_total one = base->total_list[at - 1];
		struct column_total *t = total_of(base, into, one.type);
		column_type_seen(base, one.type, into, one.last_us);
		t->first_us = one.first_us < t->first_us ? one.first_us : t->first_us;
		t->last_us = one.last_us > t->last_us ? one.last_us : t->last_us;
		t->count += one.count;
		for (uint32_t k = one.sums; k != 0;) {
			struct column_sum s = base->sums[k - 1];
			sum_add(base, t, s.name, s.n,
				(__int128)s.high << 64 | (uint64_t)s.low);
			k = s.next;
		}
		at = one.next;
	}
}

void
column_fold_before(struct column_base *base, int64_t before_us)
{
	if (before_us <= base->folded_before_us)
		return;
	base->folded_before_us = before_us;
	for (size_t row = 0; row < base->n; row++) {
		struct column_history *h = &base->histories[row];
		struct column_event *run = base->events.at + h->at;
		uint32_t kept = 0;
		for (uint32_t i = 0; i < h->n; i++) {
			if (run[i].at_us >= before_us) {
				run[kept++] = run[i];
				continue;
			}
			column_total_add(base, row, &run[i]);
			base->type_list[run[i].type].count--;
			base->event_n--;
		}
		h->n = kept;
		if (kept == 0)
			column_run_free(base, &base->events, h);
	}
}

int64_t
column_folded_before_us(const struct column_base *base)
{
	return base->folded_before_us;
}
