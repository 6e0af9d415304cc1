/* Cases kept beside a rule: who is meant and who is not, tried by the real evaluator over a person made for it.
 *
 *   [{"name": "bought lately",               what it shows
 *     "profile": {"city": "Минск"},           fields
 *     "events": [["purchase", "-3d", {"total": 100}]],   type, when (before now, or a time), properties
 *     "segments": ["VIP"], "consent": ["email"], "changed": {"city": "-2d"}, "known": true, "now": "2026-03-05T12:00:00Z",
 *     "expect": true}]
 *
 * All but expect may be missing; known is true unless told, now is what the caller says. */
#ifndef SEGMENT_CASES_H
#define SEGMENT_CASES_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct err;
struct rule_names;
struct settings;

enum { CASES_MAX = 200, CASES_BYTES_MAX = 64 * 1024 };

/* Reads a text of cases into a list of maps; an empty text is an empty list. What is wrong in which case is ERR_INPUT of the field
 * "cases". 0 / -1 */
int segment_cases_read(struct arena *a, struct text text, struct val *cases, struct err *e);

/* Tries the rule on each: *results is a list of {name, pass, expect, got} and, when the question failed, {error, line}. 0, or -1: the rule
 * does not compile (as rule_compile), or a case is none. */
int segment_cases_run(struct arena *a, const struct settings *s,
	const struct rule_names *names, struct text rule, const struct val *cases,
	int64_t now_us, struct val *results, struct err *e);

/* How many of results did not pass. */
int64_t segment_cases_failed(const struct val *results);

#endif
