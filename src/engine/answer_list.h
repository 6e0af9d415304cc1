/* Questions of lists of people, answered from the columns: a part of answer.c's table. */
#ifndef ENGINE_ANSWER_LIST_H
#define ENGINE_ANSWER_LIST_H

#include "base/val.h"

struct arena;
struct err;
struct hold;

/* Who is asked for: rule (empty: all known people), search (words), segment (its members as stored).
 * page   {rule?, search?, segment?, sort?, cursor, limit, soon_ms?}  -> {ids, next, count, exact, total}
 *        soon_ms: when counting takes longer, count is about and exact false; a page may then hold fewer than there are behind next
 * ids    {rule?, search?, after}   everybody, ascending by id behind "after", a slice  -> {ids (numbers), more, after}
 * count  {rule?, search?, from?}   exactly, a slice of the rows at a time  -> {count (of this slice), from (the next, null at the end), rows}
 * counts {rules: [{rule, search}]} many at once, within a second  -> {counts: [n, null: the rule is wrong], exact: [bool]}
 * breakdown {rule?, search?, ids?, field, limit}    what they (or those of ids) have in a field now  -> {values: [{value, count}], other, missing,
 *        count}
 */
int answer_page(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e);
int answer_ids(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e);
int answer_count(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e);
int answer_counts(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e);
int answer_breakdown(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e);

#endif
