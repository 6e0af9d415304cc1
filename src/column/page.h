/* Lists over the columns: sorted pages, search, samples, groups. */
#ifndef COLUMN_PAGE_H
#define COLUMN_PAGE_H

#include "base/val.h"
#include "column/bits.h"

#include <stdint.h>

struct arena;
struct column_base;
struct err;
struct zone;

struct column_order {
	const char *
		field; /* any field, also created_at, last_seen_at; NULL: by id, newest first */
	bool descending;
};

/* One page of persons in an order, those without the value last, ties by id. among may be NULL (all); known leaves anonymous
 * ones out. after is the cursor of the page before or empty. *ids on a, n of them; *next is the cursor of the next page, empty at the
 * end. 0, or -1 ERR_INPUT for an unknown field or a broken cursor. */
struct column_page {
	const struct bits *among;
	bool known;
	struct column_order order;
	struct text after;
	size_t limit;
};
int column_page(struct arena *a, struct column_base *base, const struct column_page *p,
	int64_t **ids, size_t *n, struct text *next, struct err *e);

/* The cursor of the page that begins behind a person; empty when there is none. */
struct text column_page_cursor(struct arena *a, struct column_base *base,
	const struct column_order *order, int64_t id);

/* search.c: persons whose name, e-mail, phone, external id or id contain every word of the query, whatever the case, whatever the
 * order; "ё" and "е" are one letter. A query that may be a phone in the country's spelling, or a part of one, finds that too. An empty
 * query: all. */
struct bits column_search(
	struct arena *a, struct column_base *base, struct text query, const char *country);

/* All persons, or the known ones. */
struct bits column_all(struct arena *a, struct column_base *base, bool known);

/* Up to n persons of the set, the same for the same seed. */
size_t column_sample(struct column_base *base, const struct bits *among, uint64_t seed,
	size_t n, int64_t *ids);

/* How many per local day of a datetime field (created_at, ...), for days days from the day of from_us on; counts has days entries. */
int column_count_days(struct column_base *base, const struct bits *among, const char *field,
	const struct zone *zone, int64_t from_us, size_t days, int64_t *counts,
	struct err *e);

/* The same for events of a type (empty: of all types) of the persons of the set. */
void column_count_event_days(struct column_base *base, const struct bits *among,
	struct text type, const struct zone *zone, int64_t from_us, size_t days,
	int64_t *counts);

/* The most frequent values of a field: list of {value, count}, at most limit, most frequent first. */
int column_count_values(struct arena *a, struct column_base *base, const struct bits *among,
	const char *field, size_t limit, struct val *out, struct err *e);

/* Names of event types with their counts: list of {type, count}, most frequent first; and of the properties a type was seen with. */
struct val column_event_types(struct arena *a, const struct column_base *base);
struct val column_event_props(
	struct arena *a, const struct column_base *base, struct text type);

/* The most frequent texts of a property of events of a type, as column_count_values; only the COLUMN_EVENTS_LOOKED events of the persons
 * who came last are looked at, so that it costs milliseconds however many there are. Texts kept as hashes are none. */
enum { COLUMN_EVENTS_LOOKED = 100000 };
struct val column_prop_values(struct arena *a, struct column_base *base, struct text type,
	struct text prop, size_t limit);

/* Those of among who stand in a segment as it is stored stay in it. */
void column_members_among(
	const struct column_base *base, int64_t segment_id, struct bits *among);

#endif
