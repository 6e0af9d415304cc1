/* How the columns lie in memory: for this folder and segment's evaluator, which reads them directly. Arrays and numbers of
 * places in them, no pointers from one to another: so a snapshot is these arrays, and is read by mapping it. */
#ifndef COLUMN_LAYOUT_H
#define COLUMN_LAYOUT_H

#include "base/dict.h"
#include "base/room.h"
#include "base/time.h"
#include "column/base.h"
#include "column/element.h"

#include <stdint.h>

struct column_members {
	int64_t segment_id;
	uint64_t *words;
	size_t word_n, count;
};

struct column_type {	/* of events */
	size_t count;	/* kept one by one */
	uint64_t *rows; /* who has one, kept or added up: a bit a row */
	size_t word_n;	/* of rows */
};

struct column_last { /* of a type: see last.c */
	int64_t *us; /* by row, INT64_MIN never; NULL: not asked for yet */
	size_t n;
};

enum { COLUMN_LIVE = 1, COLUMN_KNOWN = 2 };
enum {
	COLUMN_DISTINCT_MAX = 65536
}; /* texts of one property; above that hashes are kept */

struct column_base {
	int64_t company_id, position;
	const struct zone *zone;
	struct arena *scratch;
	struct room room; /* the snapshot it began with */
	/* texts: code - 1 is the number; fold_of by number leads to folds */
	struct dict *texts, *folds;
	uint32_t *fold_of;
	size_t fold_cap;
	/* rows */
	size_t n, cap;
	int64_t *ids;
	uint8_t *flags;
	uint16_t *consents; /* a bit a channel */
	uint16_t *zones;    /* number in zone_names + 1; 0 the company's */
	struct column_history *histories, *changes;
	uint32_t *totals; /* + 1 */
	uint32_t *unused; /* empty rows below n */
	size_t unused_n, unused_cap;
	uint32_t *row_slots; /* open addressing by id: row + 1 */
	size_t row_slot_n;
	struct dict *merged; /* ids merged away; merged_into by number */
	int64_t *merged_into;
	size_t merged_cap;
	struct column_field *fields;
	size_t field_n, field_cap;
	uint32_t puts;
	/* events */
	struct dict *types, *names; /* of events, of properties and fields */
	struct dict *type_props;    /* type << 32 | name */
	struct column_type *type_list;
	size_t type_cap;
	struct column_pool events,
		changed; /* changed: fields' values before they changed; its type is the field */
	struct column_prop *props;
	size_t prop_n, prop_cap;
	uint32_t *lists; /* n, code, code, ... ; the first is unused */
	size_t list_n, list_cap;
	int64_t *wides;
	size_t wide_n, wide_cap;
	struct dict *distinct; /* name << 32 | fold: which texts a property was seen with */
	uint32_t *distinct_n;  /* by name */
	size_t distinct_cap;
	size_t event_n;
	struct column_last *lasts; /* by type; not in snapshots */
	size_t last_cap;
	/* older than the hot window */
	struct column_total *total_list;
	size_t total_n, total_cap;
	struct column_sum *sums;
	size_t sum_n, sum_cap;
	int64_t folded_before_us;	    /* INT64_MIN: nothing is folded */
	struct dict *channels, *suppressed; /* "channel address" */
	bool *is_suppressed;
	size_t suppressed_cap;
	struct column_members *members;
	size_t member_n, member_cap;
	struct dict *zone_names;
	const struct zone **zone_list; /* by number */
	size_t zone_cap;
	int64_t rows_evaluated;
};

#endif
