/* How the columns lie in memory: for this folder and segment's evaluator, which reads them directly. */
#ifndef COLUMN_LAYOUT_H
#define COLUMN_LAYOUT_H

#include "base/dict.h"
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
	COLUMN_LIST,   /* struct column_list of codes, n 0 missing */
	COLUMN_GEO     /* struct column_point, NaN missing */
};

struct column_list {
	uint32_t *at;
	uint32_t n;
};

struct column_point {
	double lat, lon;
};

struct column_field {
	struct text name;
	char type[16];
	enum column_kind kind;
	void *cells;
	int64_t *changed_us; /* NULL until a change is told; INT64_MIN not known */
};

struct column_prop {
	uint32_t name;
	enum column_kind
		kind; /* TEXT, NUMBER, BOOL, LIST (code is where its list begins) */
	union {
		double number;
		uint32_t code;
		bool flag;
	};
};

struct column_event {
	int64_t at_us, order;
	uint32_t props; /* the first of them in base->props */
	uint16_t type, prop_n;
};

struct column_history { /* of one person, by (type, at_us, order) */
	struct column_event *at;
	uint32_t n, cap;
};

struct column_members {
	int64_t segment_id;
	uint64_t *words;
	size_t word_n, count;
};

enum { COLUMN_LIVE = 1, COLUMN_KNOWN = 2 };

struct column_base {
	int64_t company_id, position;
	const struct zone *zone;
	struct arena *scratch;
	/* texts: code - 1 is the number; fold_of by number leads to folds */
	struct dict *texts, *folds;
	uint32_t *fold_of;
	size_t fold_cap;
	/* rows */
	size_t n, cap;
	int64_t *ids;
	uint8_t *flags;
	uint16_t *consents; /* a bit a channel */
	const struct zone **zones;
	struct column_history *histories;
	size_t *unused;
	size_t unused_n, unused_cap;
	struct dict *persons; /* id to number; row_of by number, -1 none */
	int64_t *row_of;
	size_t row_cap;
	struct column_field *fields;
	size_t field_n, field_cap;
	/* events */
	struct dict *types, *names; /* of events, of properties */
	struct dict *type_props;    /* type << 32 | name */
	size_t *type_counts, type_cap;
	struct column_prop *props;
	size_t prop_n, prop_cap;
	uint32_t *lists; /* n, code, code, … */
	size_t list_n, list_cap;
	size_t event_n;
	struct dict *channels, *suppressed; /* "channel address" */
	bool *is_suppressed;
	size_t suppressed_cap;
	struct column_members *members;
	size_t member_n, member_cap;
	int64_t rows_evaluated;
};

#endif
