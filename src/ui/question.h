/* What pages ask the columns. An engine that is away is no error of a page: it says so and shows the rest. */
#ifndef UI_QUESTION_H
#define UI_QUESTION_H

#include "base/val.h"
#include "web/web.h"

struct err;

/* 1 answered; 0 the columns are starting or away (vars.starting is set); -1 *e, a refused rule among them. */
int question_ask(struct web *w, struct val *question, struct val *vars, struct val *answer,
	struct err *e);

struct people_query {
	struct text rule, search, sort,
		cursor; /* empty: none; an empty rule: known people */
	int soon_ms;	/* counting that takes longer is done about; 0: exactly */
	size_t limit;
};

struct people_page {
	struct val
		people; /* maps {id, name, known, fields, created_at_us, last_seen_at_us, ...} in order */
	struct val next;      /* a cursor or null */
	int64_t count, total; /* how many the question finds; known people */
	bool is_exact;
};

/* A page of persons. As question_ask. */
int question_page(struct web *w, const struct people_query *q, struct val *vars,
	struct people_page *out, struct err *e);

/* How many known people a rule finds: as question_ask. */
int question_count(
	struct web *w, const char *rule, struct val *vars, int64_t *count, struct err *e);

/* {count, total, ms, warnings, sample: list of ids}: what a rule means now. segment: whose rule it is, or 0. -1 ERR_BUSY too, when the
 * company's scripts used up their share. */
int question_preview(struct web *w, struct text rule, int64_t segment, size_t sample,
	struct val *vars, struct val *answer, struct err *e);

/* Persons of ids (a list) as maps, in the order of the ids; those not there are left out. */
int question_persons(
	struct web *w, const struct val *ids, struct val *people, struct err *e);

#endif
