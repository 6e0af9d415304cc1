/* When each row did something of a type for the last time. Found at the first question that asks for it, kept from then on as events come; not
 * in snapshots. */
#include "base/err.h"
#include "column/parts.h"

#include <stdlib.h>

static int64_t
last_of(const struct column_base *base, size_t row, uint32_t type)
{
	size_t n;
	const struct column_event *events = column_events(base, row, type, &n);
	const struct column_total *total =
		base->totals[row] != 0 ? column_total(base, row, type) : NULL;
	int64_t last_us = n > 0 ? events[n - 1].at_us : INT64_MIN;
	return total != NULL && total->last_us > last_us ? total->last_us : last_us;
}

static void
make_room(struct column_last *last, size_t rows)
{
	last->us = reallocarray(last->us, rows, sizeof *last->us);
	must(last->us != NULL);
	for (; last->n < rows; last->n++)
		last->us[last->n] = INT64_MIN;
}

const int64_t *
column_last(struct column_base *base, uint32_t type)
{
	if (type >= base->last_cap) {
		size_t cap = (size_t)type + 16;
		base->lasts = reallocarray(base->lasts, cap, sizeof *base->lasts);
		must(base->lasts != NULL);
		for (size_t i = base->last_cap; i < cap; i++)
			base->lasts[i] = (struct column_last){0};
		base->last_cap = cap;
	}
	struct column_last *last = &base->lasts[type];
	bool is_new = last->us == NULL;
	if (last->n < base->cap || is_new)
		make_room(last, base->cap + 1);
	for (size_t row = 0; is_new && row < base->n; row++)
		last->us[row] = last_of(base, row, type);
	return last->us;
}

void
column_last_raise(struct column_base *base, uint32_t type, size_t row, int64_t at_us)
{
	struct column_last *last = type < base->last_cap ? &base->lasts[type] : NULL;
	if (last == NULL || last->us == NULL)
		return;
	if (row >= last->n)
		make_room(last, base->cap + 1);
	if (at_us > last->us[row])
		last->us[row] = at_us;
}

void
column_last_clear(struct column_base *base, uint32_t type, size_t row)
{
	if (type < base->last_cap && row < base->lasts[type].n)
		base->lasts[type].us[row] = INT64_MIN;
}

size_t
column_last_bytes(const struct column_base *base)
{
	size_t bytes = base->last_cap * sizeof *base->lasts;
	for (size_t i = 0; i < base->last_cap; i++)
		bytes += base->lasts[i].n * sizeof *base->lasts[i].us;
	return bytes;
}

void
column_last_free(struct column_base *base)
{
	for (size_t i = 0; i < base->last_cap; i++)
		free(base->lasts[i].us);
	free(base->lasts);
}
