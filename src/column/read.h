/* Reading the columns where they lie: for this folder, segment's evaluator and insight's measures. */
#ifndef COLUMN_READ_H
#define COLUMN_READ_H

#include "column/bits.h"
#include "column/layout.h"

#include <math.h>
#include <string.h>

struct arena;

/* The code of a text, given now if new; 0 for an empty one. */
uint32_t column_code(struct column_base *base, struct text t);

static inline struct text
column_text(const struct column_base *base, uint32_t code)
{
	return code > 0 ? dict_text(base->texts, code - 1) : (struct text){"", 0};
}
/* The number of its folded form in base->folds. */
static inline uint32_t
column_fold(const struct column_base *base, uint32_t code)
{
	return base->fold_of[code - 1];
}

struct column_field *column_field_find(const struct column_base *base, struct text name);
size_t column_row_of(struct column_base *base, int64_t person_id); /* made if new */

static inline bool
column_is_live(const struct column_base *base, size_t row)
{
	return (base->flags[row] & COLUMN_LIVE) != 0;
}

/* The codes of a list. */
static inline const uint32_t *
column_list(const struct column_base *base, uint32_t place, uint32_t *n)
{
	*n = place > 0 ? base->lists[place] : 0;
	return place > 0 ? base->lists + place + 1 : NULL;
}

/* The events of a type of a row: *n of them, ascending in time. type as dict_find(base->types) gives it. */
const struct column_event *column_events(
	const struct column_base *base, size_t row, int64_t type, size_t *n);
/* What a field of a row was before it changed, ascending in time; field as its place in base->fields. */
const struct column_event *column_changes(
	const struct column_base *base, size_t row, size_t field, size_t *n);
/* A property, or NULL. name as dict_find(base->names) gives it. */
const struct column_prop *column_prop(
	const struct column_base *base, const struct column_event *event, int64_t name);
/* What was added up of a row's events of a type, or NULL. */
const struct column_total *column_total(
	const struct column_base *base, size_t row, int64_t type);
const struct column_sum *column_sum(
	const struct column_base *base, const struct column_total *total, int64_t name);

/* When each row had its last event of a type, kept or added up, by row (those of base->n): INT64_MIN never. type as dict_find(base->types)
 * gives it. Good until the base changes. The first question of a type costs a walk over all rows, and 8 bytes a row from then on. */
const int64_t *column_last(struct column_base *base, uint32_t type);

static inline const struct column_event *
column_run(const struct column_pool *pool, const struct column_history *h)
{
	return pool->at + h->at;
}

/* A number kept in eight bytes: a double, or us. */
static inline int64_t
column_wide(const struct column_base *base, const struct column_prop *p)
{
	return base->wides[p->value];
}

static inline bool
column_prop_is_number(const struct column_prop *p)
{
	return p->kind == PROP_INT || p->kind == PROP_CENTS || p->kind == PROP_DOUBLE;
}

static inline const struct zone *
column_zone(const struct column_base *base, size_t row)
{
	return base->zones[row] != 0 ? base->zone_list[base->zones[row] - 1] : base->zone;
}

/* The hash under which a text of a property with too many of them is kept. */
uint64_t column_hash(struct text fold);

struct val column_cell(struct arena *a, const struct column_base *base,
	const struct column_field *f, size_t row);

/* Consent to a channel was given. */
bool column_consents(const struct column_base *base, size_t row, struct text channel);
/* It was, an address is there and is not suppressed. */
bool column_reachable(const struct column_base *base, size_t row, struct text channel);
/* The same of all rows at once; on a. */
struct bits column_consents_all(
	struct arena *a, const struct column_base *base, struct text channel);
struct bits column_reachable_all(
	struct arena *a, const struct column_base *base, struct text channel);
const struct column_members *column_members(
	const struct column_base *base, int64_t segment_id);

/* Numbers are decimals of six places: compared and summed as whole millionths; whole numbers of any size stay exact. */
static inline __int128
column_millionths(double d)
{
	if (fabs(d) < 9e12)
		return (__int128)(int64_t)rint(d * 1e6);
	d = d > 1e31 ? 1e31 : d < -1e31 ? -1e31 : d;
	double whole = trunc(d);
	return (__int128)whole * 1000000 + (int64_t)rint((d - whole) * 1e6);
}

static inline __int128
column_prop_millionths(const struct column_base *base, const struct column_prop *p)
{
	if (p->kind == PROP_INT)
		return (__int128)(int32_t)p->value * 1000000;
	if (p->kind == PROP_CENTS)
		return (__int128)(int32_t)p->value * 10000;
	double d;
	memcpy(&d, &base->wides[p->value], sizeof d);
	return column_millionths(d);
}

#endif
