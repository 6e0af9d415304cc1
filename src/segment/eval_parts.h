/* What the two halves of the evaluator share: one row (eval.c), all rows (scan.c). Nobody else includes this. */
#ifndef SEGMENT_EVAL_PARTS_H
#define SEGMENT_EVAL_PARTS_H

#include "segment/cell.h"

struct box;
struct box_ref;

struct resolved {      /* a node's names as numbers of this base */
	int64_t field; /* place, -1 none */
	struct event_names *events;
};

struct segment_eval {
	const struct rule *r;
	struct column_base *base;
	const struct settings *settings;
	struct arena *arena, *turn;
	struct resolved *resolved;
	size_t seen_fields, seen_names, seen_types, seen_folds;
	bool has_filters;
	struct box *box;
	struct box_ref *functions; /* by place of the node */
	int64_t errors;
	int limits; /* where() that used up its limits in this question */
	char first[256];
	int64_t deadline_us;
	void (*watch)(void *obj, int percent);
	void *watch_obj;
	bool is_past;	     /* the question is about an instant that is over */
	struct val *reasons; /* of this answer, or NULL */
};

enum { EVAL_WHERE_COST = 1000 }; /* a node of this cost or more runs a script */

static inline bool
eval_is_leaf(const struct rule_node *node)
{
	return node->op != RULE_AND && node->op != RULE_OR && node->op != RULE_NOT;
}

static inline const struct column_field *
eval_field(const struct segment_eval *v, int place)
{
	int64_t at = v->resolved[place].field;
	return at >= 0 ? &v->base->fields[at] : NULL;
}

/* Whether the deadline has passed; looks at the clock for one row in 256. */
int eval_in_time(const struct segment_eval *v, size_t row, struct err *e);

/* One condition on one row. 0 *yes / -1 */
int eval_leaf(struct segment_eval *v, int place, size_t row, int64_t now_us, bool *yes,
	int64_t *until_us, struct cell *seen, struct err *e);

/* The members of mask for which the node holds. */
int eval_scan(struct arena *a, struct segment_eval *v, int place, const struct bits *mask,
	int64_t now_us, struct bits *out, struct err *e);

/* scan_field.c: conditions on whole columns, many rows at once: sets in out the rows of mask for which it holds. false: this
 * one is not of that kind, or not for these rows; *out is as it was. */
bool scan_column(struct segment_eval *v, int place, const struct bits *mask, int64_t now_us,
	struct bits *out);

/* The rows of mask whose time, by row, is between two instants, both included, are added to out. */
void scan_times(const int64_t *times, const struct bits *mask, int64_t low, int64_t high,
	struct bits *out);

/* The values of a date (is_day: days, else us) for which a test holds, both ends included; by_zone: in another zone they are others.
 * false: it is not of that form. */
struct scan_span {
	int64_t low, high;
	bool by_zone;
};
bool scan_span_of(const struct rule_test *t, bool is_day, int64_t now_us,
	const struct zone *z, struct scan_span *out);

/* scan_event.c: conditions on what people did, in one walk over their events: 1 done for the rows of mask, 0 it is not of
 * that kind, -1 *e. */
int scan_events(struct segment_eval *v, int place, const struct bits *mask,
	const struct moment *m, struct bits *out, struct err *e);

#endif
