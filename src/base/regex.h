/* Regular expressions of strangers (PCRE2 with limits). */
#ifndef BASE_REGEX_H
#define BASE_REGEX_H

#include "base/val.h"

struct err;
struct regex;

enum {
	REGEX_PATTERN_MAX = 1024,
	REGEX_SUBJECT_MAX = 64 * 1024,
	REGEX_GROUPS_MAX = 16,
	REGEX_STEPS_MAX = 100000
};

/* Compiles a UTF-8 pattern; free with regex_free. 0 / -1 ERR_INPUT with what and where. */
int regex_new(struct text pattern, bool ignore_case, struct regex **out, struct err *e);
void regex_free(struct regex *r);

/* 1 matches, 0 does not, -1 gave up at a limit (steps, depth, heap, length). groups may be NULL; group 0 is the
 * whole match, unset groups are empty; *n says how many there are. Safe for several threads at once. */
int regex_match(const struct regex *r, struct text subject,
	struct text groups[REGEX_GROUPS_MAX], size_t *n, struct err *e);

/* The same from a byte on (a letter's first). *steps: at most so many are taken (a step: one item of the pattern tried, or 16
 * bytes gone), then how many were; the same pattern and text take the same steps anywhere. */
int regex_find(const struct regex *r, struct text subject, size_t from, int64_t *steps,
	struct text groups[REGEX_GROUPS_MAX], size_t *n, struct err *e);

#endif
