/* A compiled rule as the evaluator reads it. Inside of segment only. */
#ifndef SEGMENT_TREE_H
#define SEGMENT_TREE_H

#include "base/val.h"
#include "segment/rule.h"

#include <stdint.h>

struct regex;

enum rule_word {
	WORD_IS,
	WORD_IS_NOT,
	WORD_CONTAINS,
	WORD_STARTS,
	WORD_MATCHES,
	WORD_ONE_OF,
	WORD_MORE,
	WORD_LESS,
	WORD_AT_LEAST,
	WORD_AT_MOST,
	WORD_BETWEEN,
	WORD_EMPTY,
	WORD_BEFORE,
	WORD_AFTER,
	WORD_WITHIN_LAST,
	WORD_WITHIN_NEXT,
	WORD_ANNIVERSARY,
	WORD_CHANGED,
	WORD_COUNT
};
extern const char *const rule_words[WORD_COUNT];

struct rule_moment { /* a date of the calendar, or an instant */
	bool is_day;
	int64_t days, us;
};

struct rule_value { /* one argument, ready to compare */
	enum { RULE_TEXT, RULE_NUMBER, RULE_BOOL } kind;
	struct text fold;
	uint64_t hash; /* of fold, for properties kept as hashes */
	__int128 millionths;
	bool flag;
	struct rule_moment moment; /* a text that is a date too */
	bool is_moment;
};

struct rule_test {
	enum rule_word word;
	struct rule_value *values;
	size_t n;
	int64_t span_us;
	struct regex *regex;
	int line;
};

struct rule_filter {
	struct text prop;
	struct rule_test test;
};

struct rule_window { /* a span up to now, or from .. to with both ends */
	int64_t span_us;
	struct rule_moment from, to;
};

enum rule_aggregate {
	RULE_EXISTS,
	RULE_COUNT,
	RULE_SUM,
	RULE_AVG,
	RULE_MIN,
	RULE_MAX,
	RULE_MOST,
	RULE_FIRST,
	RULE_LAST
};

struct rule_event {
	struct text *types; /* built-in names; a campaign's letter may have several */
	size_t type_n;
	struct rule_filter *filters;
	size_t filter_n;
	struct rule_window *windows;
	size_t window_n;
	enum rule_aggregate aggregate;
	struct text prop; /* empty: the time, for first and last */
	bool has_test;
	struct rule_test test;
	int line;
};

struct rule_step {
	struct rule_event event;
	int64_t within_us; /* after the step before; 0 whenever */
};

enum rule_op {
	RULE_AND,
	RULE_OR,
	RULE_NOT,
	RULE_FIELD,
	RULE_EVENT,
	RULE_SEQUENCE,
	RULE_SEGMENT,
	RULE_KNOWN,
	RULE_EVERYONE,
	RULE_REACHABLE,
	RULE_CONSENT,
	RULE_RUNNING, /* entered (steps[0]) more often than finished (steps[1]) */
	RULE_NEAR,
	RULE_SHARE,
	RULE_WHERE
};

struct rule_node {
	enum rule_op op;
	int line;
	int *items; /* places of the parts of and, or, not */
	size_t item_n;
	struct text name; /* field, channel, salt, expression */
	bool is_list;	  /* a field of several values */
	struct rule_test test;
	struct rule_event event;
	struct rule_step *steps;
	size_t step_n;
	int64_t id; /* segment */
	double lat, lon, km, percent;
	int fn; /* place among the kept functions; -1: name is an expression */
	int cost;
};

struct rule {
	struct arena *arena;
	struct text source;
	struct rule_node *nodes;
	size_t n;
	int root;
	struct val warnings, uses;
	unsigned depends;
	bool has_where;
};

#endif
