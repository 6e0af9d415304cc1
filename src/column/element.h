/* What stands in the arrays of the columns: cells of fields, events and their properties, totals. See layout.h. */
#ifndef COLUMN_ELEMENT_H
#define COLUMN_ELEMENT_H

#include <stddef.h>
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

#endif
