/* Persons and their rows: finding, making, merging, dropping. A row is found by id in a table of row numbers; ids that were merged
 * away are few and lead to the id they went into. */
#include "base/arena.h"
#include "base/err.h"
#include "column/parts.h"

#include <stdlib.h>
#include <string.h>

static size_t
home_of(const struct column_base *base, int64_t id)
{
	return (size_t)((uint64_t)id * 0x9E3779B97F4A7C15u >> 20) & (base->row_slot_n - 1);
}

static size_t
slot_of(const struct column_base *base, int64_t id)
{
	size_t i = home_of(base, id);
	while (base->row_slots[i] != 0 && base->ids[base->row_slots[i] - 1] != id)
		i = (i + 1) & (base->row_slot_n - 1);
	return i;
}

/* Takes an id out; those that stood behind it for want of a place move up (Knuth 6.4, algorithm R). */
static void
slot_free(struct column_base *base, int64_t id)
{
	size_t mask = base->row_slot_n - 1, hole = slot_of(base, id);
	for (size_t i = (hole + 1) & mask; base->row_slots[i] != 0; i = (i + 1) & mask) {
		size_t home = home_of(base, base->ids[base->row_slots[i] - 1]);
		if (((i - home) & mask) < ((i - hole) & mask))
			continue; /* it may not stand before its home */
		base->row_slots[hole] = base->row_slots[i];
		hole = i;
	}
	base->row_slots[hole] = 0;
}

static int64_t
find(const struct column_base *base, int64_t id)
{
	if (base->row_slot_n == 0)
		return -1;
	return (int64_t)base->row_slots[slot_of(base, id)] - 1;
}

void
column_slots_grow(struct column_base *base, size_t rows)
{
	if (base->row_slot_n >= rows * 2)
		return;
	while (base->row_slot_n < rows * 2)
		base->row_slot_n = base->row_slot_n > 0 ? base->row_slot_n * 2 : 512;
	room_free(&base->room, base->row_slots);
	base->row_slots = calloc(base->row_slot_n, sizeof *base->row_slots);
	must(base->row_slots != NULL);
	for (size_t row = 0; row < base->n; row++)
		if (base->ids[row] != 0)
			base->row_slots[slot_of(base, base->ids[row])] = (uint32_t)row + 1;
}

static void
rows_grow(struct column_base *base)
{
	size_t n = base->n, cap = column_more(base->cap, n + 256);
	const struct room *r = &base->room;
	base->ids = room_grow(r, base->ids, n, cap, sizeof *base->ids);
	base->flags = room_grow(r, base->flags, n, cap, sizeof *base->flags);
	base->consents = room_grow(r, base->consents, n, cap, sizeof *base->consents);
	base->zones = room_grow(r, base->zones, n, cap, sizeof *base->zones);
	base->histories = room_grow(r, base->histories, n, cap, sizeof *base->histories);
	base->changes = room_grow(r, base->changes, n, cap, sizeof *base->changes);
	base->totals = room_grow(r, base->totals, n, cap, sizeof *base->totals);
	for (size_t i = 0; i < base->field_n; i++) {
		struct column_field *f = &base->fields[i];
		f->cells = room_grow(r, f->cells, n, cap, column_cell_size(f->kind));
		if (f->changed_us != NULL)
			f->changed_us = room_grow(
				r, f->changed_us, n, cap, sizeof *f->changed_us);
	}
	base->cap = cap;
	column_slots_grow(base, cap);
}

int64_t
column_row(const struct column_base *base, int64_t person_id)
{
	int64_t row = find(base, person_id);
	for (int hops = 0; row < 0 && hops < 64 && dict_count(base->merged) > 0; hops++) {
		int64_t number = dict_find_id(base->merged, person_id);
		if (number == DICT_NONE || base->merged_into[number] == 0)
			break;
		person_id = base->merged_into[number];
		row = find(base, person_id);
	}
	return row;
}

size_t
column_row_of(struct column_base *base, int64_t person_id)
{
	int64_t found = column_row(base, person_id);
	if (found >= 0)
		return (size_t)found;
	size_t row;
	if (base->unused_n > 0)
		row = base->unused[--base->unused_n];
	else {
		if (base->n == base->cap)
			rows_grow(base);
		row = base->n++;
	}
	base->ids[row] = person_id;
	base->flags[row] = COLUMN_LIVE;
	base->consents[row] = 0;
	base->zones[row] = 0;
	base->histories[row] = base->changes[row] = (struct column_history){0};
	base->totals[row] = 0;
	column_row_clear(base, row);
	base->row_slots[slot_of(base, person_id)] = (uint32_t)row + 1;
	return row;
}

static void
row_free(struct column_base *base, size_t row)
{
	int64_t id = base->ids[row];
	for (size_t i = 0; i < base->member_n; i++)
		column_member_set(base, base->members[i].segment_id, id, false);
	column_history_free(base, row);
	slot_free(base, id);
	column_row_clear(base, row);
	base->ids[row] = 0;
	base->flags[row] = 0;
	base->consents[row] = 0;
	base->zones[row] = 0;
	base->totals[row] = 0;
	base->unused = COLUMN_ROOM(
		base, base->unused, base->unused_n, base->unused_cap, base->unused_n + 1);
	base->unused[base->unused_n++] = (uint32_t)row;
}

static void
merged_put(struct column_base *base, int64_t from_id, int64_t into_id)
{
	size_t n = dict_count(base->merged);
	int64_t number = dict_put_id(base->merged, from_id, NULL);
	base->merged_into = COLUMN_ROOM(
		base, base->merged_into, n, base->merged_cap, (size_t)number + 1);
	base->merged_into[number] = into_id;
}

void
column_person_drop(struct column_base *base, int64_t person_id)
{
	int64_t row = find(base, person_id), number = dict_find_id(base->merged, person_id);
	if (number != DICT_NONE)
		base->merged_into[number] = 0; /* it leads nowhere; where it led stays */
	if (row < 0)
		return;
	row_free(base, (size_t)row);
	for (size_t i = 0; i < dict_count(base->merged); i++)
		if (base->merged_into[i] == person_id)
			base->merged_into[i] = 0; /* those who went into it are gone too */
}

void
column_person_merge(struct column_base *base, int64_t from_id, int64_t into_id)
{
	int64_t from = column_row(base, from_id);
	size_t into = column_row_of(base, into_id);
	if (from < 0) {
		merged_put(base, from_id, base->ids[into]);
		return;
	}
	if ((size_t)from == into)
		return;
	int64_t id = base->ids[from];
	column_history_join(base, (size_t)from, into);
	column_total_join(base, (size_t)from, into);
	base->flags[into] |= base->flags[from] & COLUMN_KNOWN;
	row_free(base, (size_t)from);
	merged_put(base, id, base->ids[into]);
}

int64_t
column_person(const struct column_base *base, size_t row)
{
	return row < base->n ? base->ids[row] : 0;
}

bool
column_row_is_known(const struct column_base *base, size_t row)
{
	return row < base->n && (base->flags[row] & COLUMN_KNOWN) != 0;
}

size_t
column_rows(const struct column_base *base)
{
	return base->n;
}
