/* One value met by a test: a field, a property, a count. Inside of segment only. */
#ifndef SEGMENT_CELL_H
#define SEGMENT_CELL_H

#include "column/read.h"
#include "segment/eval.h"
#include "segment/tree.h"

enum cell_kind {
	CELL_MISSING,
	CELL_TEXT,
	CELL_NUMBER,
	CELL_DAY,
	CELL_TIME,
	CELL_BOOL,
	CELL_LIST,
	CELL_HASH, /* a text of which only the hash is kept */
	CELL_OTHER
};

struct cell {
	enum cell_kind kind;
	uint32_t code;	    /* text */
	__int128 num;	    /* number: num / den millionths */
	int64_t den;	    /* above 0 */
	int64_t days, us;   /* day; time */
	const uint32_t *at; /* list: n codes */
	uint32_t n;
	uint64_t hash;
	bool flag;
};

struct moment { /* when and where a question is asked */
	int64_t now_us;
	const struct zone *zone;
	bool is_past; /* as things were then */
};

struct cell cell_of_field(
	const struct column_base *base, const struct column_field *f, size_t row);
/* The same as it was at an instant in the past. */
struct cell cell_of_field_at(const struct column_base *base, const struct column_field *f,
	size_t row, int64_t at_us);
struct cell cell_of_prop(
	const struct column_base *base, const struct column_prop *p); /* NULL is missing */
struct val cell_value(
	struct arena *a, const struct column_base *base, const struct cell *c);

/* The answer; *until_us becomes the least instant at which time alone may change it, if that is before what it holds. */
bool cell_test(const struct column_base *base, const struct rule_test *t,
	const struct cell *c, const struct moment *m, int64_t *until_us);

/* First and last microsecond of a day, or the instant itself. */
int64_t moment_first_us(const struct rule_moment *d, const struct zone *z);
int64_t moment_last_us(const struct rule_moment *d, const struct zone *z);

static inline void
sooner(int64_t *until_us, int64_t at_us, int64_t now_us)
{
	if (at_us > now_us && at_us < *until_us)
		*until_us = at_us;
}

/* x + span without overflow. */
static inline int64_t
later(int64_t at_us, int64_t span_us)
{
	int64_t sum;
	return __builtin_add_overflow(at_us, span_us, &sum) ? INT64_MAX : sum;
}

/* The millionths for which a comparison with numbers holds, both ends included: 1, 0 it is not of that form. */
int cell_interval(const struct rule_test *t, __int128 *low, __int128 *high);

/* eval_event.c */
/* The instants between which events count; where the ends are days, they are the person's. */
struct reach {
	int64_t first_us, last_us;
	int64_t span_us; /* the shortest window, 0 none */
};

#define EVENT_NO_FOLD INT64_MIN /* the filter is not the plain is(text) */

struct event_names { /* numbers of this base, looked up once a question */
	int64_t type, prop;
	int64_t *filters, *folds; /* by filter: its property, the text it must be */
	struct reach reach;	  /* at reach_at_us, where no day is in it */
	int64_t reach_at_us;
};

bool event_eval(struct arena *a, const struct column_base *base,
	const struct rule_event *ev, struct event_names *names, size_t row,
	const struct moment *m, int64_t *until_us, struct cell *seen);
bool sequence_eval(struct arena *a, const struct column_base *base,
	const struct rule_node *node, const struct event_names *names, size_t row,
	const struct moment *m, int64_t *until_us, struct cell *seen);

/* Whether a condition can be answered where what is older than the hot window is only added up. */
bool event_is_addable(const struct rule_event *ev);

struct reach event_reach(const struct rule_event *ev, const struct moment *m);

/* The first of n events at or behind at_us. */
size_t event_lower(const struct column_event *events, size_t n, int64_t at_us);

#endif
