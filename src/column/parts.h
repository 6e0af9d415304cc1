/* What the files of column share; nobody else includes this. */
#ifndef COLUMN_PARTS_H
#define COLUMN_PARTS_H

#include "column/read.h"

/* More room for an array of the base (which may lie in the snapshot): at least for want things, half as much again. */
#define COLUMN_ROOM(base, array, n, cap, want)                                             \
	((want) <= (cap) ? (array)                                                         \
			 : ((cap) = column_more((cap), (want)),                            \
				   room_grow(&(base)->room, (array), (n), (cap),           \
					   sizeof *(array))))
size_t column_more(size_t cap, size_t want);

/* Cells. */
size_t column_cell_size(enum column_kind kind);
void column_cell_clear(const struct column_field *f, size_t row);
void column_row_clear(struct column_base *base, size_t row); /* its cells, for a new one */
uint32_t column_name(struct column_base *base, struct text name);
/* A list of codes, kept: its place. */
uint32_t column_list_put(struct column_base *base, const uint32_t *codes, uint32_t n);
uint32_t column_wide_put(struct column_base *base, int64_t wide);
uint32_t column_code_of(
	struct column_base *base, const struct val *v); /* of any value, as a text */
uint16_t column_zone_put(struct column_base *base, struct text name); /* 0 no such zone */

/* The table of ids has room for twice the rows. */
void column_slots_grow(struct column_base *base, size_t rows);

/* Pools of runs. */
void column_history_join(struct column_base *base, size_t from, size_t into);
void column_history_free(struct column_base *base, size_t row);
/* The row has one of the type at that time, kept or added up. */
void column_type_seen(struct column_base *base, uint32_t type, size_t row, int64_t at_us);
void column_number_put(struct column_base *base, struct column_prop *p, double d);
/* A field's value as a property, for the changes. */
void column_old_put(struct column_base *base, struct column_prop *p,
	const struct column_field *f, const struct val *old);
struct column_prop *column_prop_new(
	struct column_base *base, struct column_event *event, int64_t name);
bool column_run_insert(struct column_base *base, struct column_pool *pool,
	struct column_history *h, const struct column_event *event);
void column_run_free(
	struct column_base *base, struct column_pool *pool, struct column_history *h);

/* Of what column_last has found: raised by an event, cleared where the row is emptied. */
void column_last_raise(struct column_base *base, uint32_t type, size_t row, int64_t at_us);
void column_last_clear(struct column_base *base, uint32_t type, size_t row);
size_t column_last_bytes(const struct column_base *base);
void column_last_free(struct column_base *base);

/* Totals. */
void column_total_add(
	struct column_base *base, size_t row, const struct column_event *event);
void column_total_join(struct column_base *base, size_t from, size_t into);

/* Lets go of the mapping. */
void column_room_close(const struct room *r);

#endif
