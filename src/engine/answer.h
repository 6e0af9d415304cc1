/* Questions of the doors, answered from the columns. */
#ifndef ENGINE_ANSWER_H
#define ENGINE_ANSWER_H

#include "base/val.h"

struct arena;
struct err;
struct hold;

/* question.what:
 * preview  {rule, segment?, sample, as_of?, seed?}          -> {count, exact, total, sample: [ids], ms, warnings, looks_at}
 *          soon_ms: when counting takes longer, count is about, exact false, and nothing is told of who they are
 *          reasons: true                                   -> reasons: [why each of the sample]
 *          parts: [conditions], narrow: [places in parts]   -> parts: [counts], narrow: [counts of what is left]
 *          overlap: [segments]                             -> overlap: [{id, count, size}]
 *          reach: true                                     -> reach: {channel: count}
 * compile  {rule, segment?}                                -> {warnings, looks_at}: nobody is counted
 * past     {rule, segment?, at: [instants]}                -> {counts}: null where it is to be asked again
 * cases    {rule, segment?, cases: text}                   -> {cases: [{name, pass, expect, got, error?}], failed}
 * page, ids, count, counts                                 see answer_list.h
 * growth   {days}                                          -> {days: [{date, count, previous}], total, known}
 * events   {days, type?}                                   -> {days: [{date, count}]}
 * values   {field, rule?, limit}                           -> {values: [{value, count}]}
 * similar  {person, limit}                                 -> as insight/similar.h
 * stats    {}                                              -> {persons, known, events, memory_bytes, rows_evaluated, ...}
 * Every answer has seq, the position it is true for. -1 ERR_INPUT: the question or its rule is wrong. */
int answer_question(struct arena *a, struct hold *h, const struct val *question,
	struct val *out, struct err *e);

#endif
