/* How the columns lie in memory: for this folder and segment's evaluator, which reads them directly. Arrays and numbers of
 * places in them, no pointers from one to another: so a snapshot is these arrays, and is read by mapping it. */
#ifndef COLUMN_LAYOUT_H
#define COLUMN_LAYOUT_H

#include "base/dict.h"
#include "base/room.h"
#include "base/time.h"
#include "base/val.h"
#include "column/base.h"

#include <stdint.h>

enum column_kind {
	COLUMN_TEXT,   /* uint32_t code, 0 missing */
	COLUMN_NUMBER, /* double, NaN missing */
	COLUMN_DATE,   /* int32_t days since 1970, INT32_MIN missing */
	COLUMN_TIME,   /* int64_t us, INT64_MIN missing */
	COLUMN_BOOL,   /* int8_t, -1 missing */
	COLUMN_LIST, /* uint32_t: place of its length in lists, its codes behind that; 0 missing */
	COLUMN_GEO /* struct column_point, NaN missing */
};

struct column_point {
	double lat, lon;
};

struct column_field {
	uint32_t name; /* in names */
	char type[16];
	enum column_kind kind;
	void *cells;	     /* by row */
	int64_t *changed_us; /* by row; NULL until a change is told; INT64_MIN not known */
	uint32_t put;	     /* the put it was last part of */
};

/* Eight bytes: most values are texts of the dictionary, small whole numbers or amounts with two decimals. */
struct column_prop {
	uint32_t name : 24, kind : 8; /* in names; enum prop_kind */
	uint32_t value;
};

enum prop_kind {
	PROP_TEXT,   /* code */
	PROP_INT,    /* int32_t */
	PROP_CENTS,  /* int32_t hundredths */
	PROP_DOUBLE, /* place in wides: a double */
	PROP_BOOL,
	PROP_LIST, /* place in lists, as COLUMN_LIST */
	PROP_HASH, /* place in wides: the hash of the folded text, which stays in the store */
	PROP_DAY,  /* int32_t days; of changes only */
	PROP_TIME, /* place in wides: int64_t us; of changes only */
	PROP_NONE  /* of changes only: nothing was there */
};

struct column_event { /* 20 bytes, without a hole */
	int64_t at_us;
	uint32_t order, props; /* props: the first of them */
	uint16_t type, prop_n;
} __attribute__((packed, aligned(4)));

/* What one person did, by (type, at_us, order): a run of a pool. */
struct column_history {
	uint64_t at : 40, unused : 24;
	uint32_t n, cap;
};

struct column_pool {
	struct column_event *at;
	size_t n, cap;
	uint64_t *
		free_runs; /* by size class: the first free run + 1; its first event's at_us is the next one */
	size_t lost; /* places that nobody will use again until the next snapshot */
};

struct column_total { /* events of one type of one person that are older than the hot window, added up */
	int64_t first_us, last_us;
	uint32_t next; /* + 1: the person's next one */
	uint32_t count;
	uint32_t sums; /* + 1: the first of the sums of its numbers */
	uint16_t type;
};

struct column_sum {
	uint32_t name, n, next; /* n numbers were added; next + 1 */
	int64_t low, high;	/* of the sum, in millionths: an __int128 */
};

struct column_members {
	int64_t segment_id;
	uint64_t *words;
	size_t word_n, count;
};

struct column_type {  /* of events */
	size_t count; /* kept one by one */
	uint64_t *
		rows; /* who has one, a bit a row; who had one and has not may stand there too */
	size_t word_n; /* of rows */
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
