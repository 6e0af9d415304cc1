/* See regex.h. No JIT: it ignores the heap limit. Limits from SECURITY: 100 k steps, depth 1000, 4 MB.
 * PCRE2's own match limit begins anew at each place of the subject, so a pattern that stays just below it can take minutes on
 * 64 KB. The steps are therefore counted by callouts: one for an item tried, and one for each 16 bytes gone. */
#include "base/regex.h"
#include "base/err.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <stdlib.h>

struct regex {
	pcre2_code *code;
};

int
regex_new(struct text pattern, bool ignore_case, struct regex **out, struct err *e)
{
	int code;
	PCRE2_SIZE where;
	if (pattern.n > REGEX_PATTERN_MAX)
		return err_set(e, ERR_INPUT, "a pattern of %zu bytes, at most %d are taken",
			pattern.n, REGEX_PATTERN_MAX);
	uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C |
			   PCRE2_AUTO_CALLOUT | (ignore_case ? PCRE2_CASELESS : 0);
	pcre2_code *c = pcre2_compile(
		(PCRE2_SPTR)pattern.at, pattern.n, options, &code, &where, NULL);
	if (c == NULL) {
		unsigned char why[128];
		pcre2_get_error_message(code, why, sizeof why);
		return err_set(e, ERR_INPUT, "the pattern is wrong at character %zu: %s",
			where + 1, (const char *)why);
	}
	*out = malloc(sizeof **out);
	must(*out != NULL);
	(*out)->code = c;
	return 0;
}

void
regex_free(struct regex *r)
{
	if (r != NULL)
		pcre2_code_free(r->code);
	free(r);
}

struct count {
	int64_t steps, most;
	size_t at;
};

static int
count_step(pcre2_callout_block *block, void *obj)
{
	struct count *c = obj;
	size_t at = block->current_position;
	c->steps += 1 + (int64_t)((at > c->at ? at - c->at : c->at - at) / 16);
	c->at = at;
	return c->steps > c->most ? PCRE2_ERROR_MATCHLIMIT : 0;
}

int
regex_find(const struct regex *r, struct text subject, size_t from, int64_t *steps,
	struct text groups[REGEX_GROUPS_MAX], size_t *n, struct err *e)
{
	struct count count = {.most = *steps, .at = from};
	*steps = 0;
	if (subject.n > REGEX_SUBJECT_MAX)
		return err_set(e, ERR_LIMIT,
			"a text of %zu bytes, patterns are tried on at most %d", subject.n,
			REGEX_SUBJECT_MAX);
	pcre2_match_data *found = pcre2_match_data_create(REGEX_GROUPS_MAX, NULL);
	pcre2_match_context *limits = pcre2_match_context_create(NULL);
	must(found != NULL && limits != NULL);
	pcre2_set_match_limit(limits, REGEX_STEPS_MAX);
	pcre2_set_depth_limit(limits, 1000);
	pcre2_set_heap_limit(limits, 4096);
	pcre2_set_callout(limits, count_step, &count);
	int rc = pcre2_match(r->code, (PCRE2_SPTR)(subject.at != NULL ? subject.at : ""),
		subject.n, from, from > 0 ? PCRE2_NO_UTF_CHECK : 0, found, limits);
	*steps = count.steps;
	if (rc >= 0 && groups != NULL) {
		PCRE2_SIZE *at = pcre2_get_ovector_pointer(found);
		size_t count_n = rc == 0 ? REGEX_GROUPS_MAX : (size_t)rc;
		for (size_t i = 0; i < count_n; i++)
			groups[i] = at[2 * i] == PCRE2_UNSET || at[2 * i + 1] < at[2 * i]
					    ? (struct text){"", 0}
					    : (struct text){subject.at + at[2 * i],
						      at[2 * i + 1] - at[2 * i]};
		*n = count_n;
	}
	pcre2_match_data_free(found);
	pcre2_match_context_free(limits);
	if (rc >= 0)
		return 1;
	if (rc == PCRE2_ERROR_NOMATCH ||
		(rc <= PCRE2_ERROR_UTF8_ERR1 && rc >= PCRE2_ERROR_UTF8_ERR21))
		return 0;
	return err_set(e, ERR_LIMIT,
		"the pattern needs too many steps on this text (code %d)", rc);
}

int
regex_match(const struct regex *r, struct text subject,
	struct text groups[REGEX_GROUPS_MAX], size_t *n, struct err *e)
{
	int64_t steps = REGEX_STEPS_MAX;
	return regex_find(r, subject, 0, &steps, groups, n, e);
}
