/* Tests of values: a word and its arguments, made ready to compare, and whether they fit the field they stand at. */
#include "base/arena.h"
#include "base/err.h"
#include "base/regex.h"
#include "base/str.h"
#include "base/time.h"
#include "column/read.h"
#include "segment/rule_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *const rule_words[WORD_COUNT] = {"is", "is_not", "contains", "starts", "matches",
	"one_of", "more", "less", "at_least", "at_most", "between", "empty", "before",
	"after", "within_last", "within_next", "anniversary", "changed"};

int
rule_err(struct err *e, int line, const char *fmt, ...)
{
	char text[sizeof e->text];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	err_set(e, ERR_INPUT, "%s", text);
	e->line = line;
	return -1;
}

int
rule_moment_read(
	struct text t, const char *word, int line, struct rule_moment *out, struct err *e)
{
	struct date d;
	*out = (struct rule_moment){0};
	if (t.n <= 10 && date_parse(t, &d) == 1) {
		out->is_day = true;
		out->days = date_days(d);
		return 0;
	}
	if (t.n > 10 && time_parse(t, &out->us) == 1)
		return 0;
	return rule_err(e, line,
		"%s expects a date such as \"2026-01-31\" or a time such as "
		"\"2026-01-31T10:00:00Z\", got \"%.*s\"",
		word, (int)text_cut(t, 60).n, t.at);
}

int
rule_span_read(struct text t, const char *word, int line, int64_t *span_us, struct err *e)
{
	if (time_duration(t, span_us) == 1)
		return 0;
	return rule_err(e, line,
		"%s expects a duration such as \"15m\", \"1h\" or \"90d\", got \"%.*s\"",
		word, (int)text_cut(t, 60).n, t.at);
}

static struct rule_value
value_of(struct arena *a, const struct val *v)
{
	struct rule_value out = {.kind = RULE_TEXT};
	if (v->kind == VAL_BOOL) {
		out.kind = RULE_BOOL;
		out.flag = v->b;
	} else if (v->kind == VAL_TEXT) {
		struct err ignored;
		out.fold = text_fold(a, v->text);
		out.hash = column_hash(out.fold);
		out.is_moment = rule_moment_read(v->text, "", 0, &out.moment, &ignored) ==
				0;
	} else {
		out.kind = RULE_NUMBER;
		out.millionths = v->kind == VAL_INT ? (__int128)v->i * 1000000
						    : column_millionths(v->n);
	}
	return out;
}

static int
word_of(struct text t)
{
	for (int i = 0; i < WORD_COUNT; i++)
		if (text_is(t, rule_words[i]))
			return i;
	return -1;
}

int
rule_test_read(
	struct arena *a, const struct val *from, struct rule_test *out, struct err *e)
{
	int word = word_of(val_as_text(val_get(from, "word")));
	const struct val *args = val_get(from, "args");
	must(word >= 0);
	*out = (struct rule_test){.word = (enum rule_word)word,
		.line = (int)val_as_int(val_get(from, "line"), 0)};
	out->n = args != NULL && args->kind == VAL_LIST ? args->list->n : 0;
	out->values = arena_array(a, out->n + 1, sizeof *out->values);
	for (size_t i = 0; i < out->n; i++)
		out->values[i] = value_of(a, &args->list->at[i]);
	if (out->n == 0)
		return 0;
	struct text first = val_as_text(&args->list->at[0]);
	switch (out->word) {
	case WORD_WITHIN_LAST:
	case WORD_WITHIN_NEXT:
	case WORD_ANNIVERSARY:
	case WORD_CHANGED:
		return rule_span_read(first, rule_words[word], out->line, &out->span_us, e);
	case WORD_BEFORE:
	case WORD_AFTER:
		return rule_moment_read(
			first, rule_words[word], out->line, &out->values[0].moment, e);
	case WORD_BETWEEN:
		for (size_t i = 0; i < out->n && out->values[i].kind == RULE_TEXT; i++)
			if (rule_moment_read(val_as_text(&args->list->at[i]), "between",
				    out->line, &out->values[i].moment, e) < 0)
				return -1;
		return 0;
	case WORD_MATCHES: {
		struct err why;
		if (regex_new(first, true, &out->regex, &why) < 0)
			return rule_err(e, out->line, "matches: %s", why.text);
		arena_defer(a, (void (*)(void *))regex_free, out->regex);
		return 0;
	}
	default:
		return 0;
	}
}

enum fit { FIT_TEXT, FIT_NUMBER, FIT_DATE, FIT_BOOL, FIT_LIST, FIT_GEO };

static enum fit
fit_of(const char *type)
{
	if (strcmp(type, "number") == 0 || strcmp(type, "money") == 0)
		return FIT_NUMBER;
	if (strcmp(type, "date") == 0 || strcmp(type, "datetime") == 0)
		return FIT_DATE;
	if (strcmp(type, "bool") == 0)
		return FIT_BOOL;
	if (strcmp(type, "list") == 0 || strcmp(type, "multichoice") == 0)
		return FIT_LIST;
	return strcmp(type, "geo") == 0 ? FIT_GEO : FIT_TEXT;
}

#define BIT(x) (1u << (x))

/* What a word may stand at. */
static unsigned
fits_of(enum rule_word word)
{
	switch (word) {
	case WORD_IS:
	case WORD_IS_NOT:
		return BIT(FIT_TEXT) | BIT(FIT_NUMBER) | BIT(FIT_DATE) | BIT(FIT_BOOL) |
		       BIT(FIT_LIST);
	case WORD_ONE_OF:
		return BIT(FIT_TEXT) | BIT(FIT_NUMBER) | BIT(FIT_DATE) | BIT(FIT_LIST);
	case WORD_CONTAINS:
	case WORD_STARTS:
	case WORD_MATCHES:
		return BIT(FIT_TEXT) | BIT(FIT_LIST);
	case WORD_MORE:
	case WORD_LESS:
	case WORD_AT_LEAST:
	case WORD_AT_MOST:
		return BIT(FIT_NUMBER);
	case WORD_BETWEEN:
		return BIT(FIT_NUMBER) | BIT(FIT_DATE);
	case WORD_BEFORE:
	case WORD_AFTER:
	case WORD_WITHIN_LAST:
	case WORD_WITHIN_NEXT:
	case WORD_ANNIVERSARY:
		return BIT(FIT_DATE);
	default:
		return ~0u;
	}
}

static const char *
advice(enum rule_word word, enum fit fit)
{
	if (fit == FIT_DATE)
		return "; dates take before, after, between, within_last, within_next, "
		       "anniversary";
	if (fit == FIT_NUMBER)
		return "; numbers take is, more, less, at_least, at_most, between, one_of";
	if (fit == FIT_TEXT && fits_of(word) == BIT(FIT_NUMBER))
		return "; make it a number field to compare it";
	return fit == FIT_TEXT ? "; texts take is, contains, starts, matches, one_of" : "";
}

static int
value_fits(const struct rule_test *t, const struct rule_value *v, struct text field,
	enum fit fit, struct err *e)
{
	static const char *const wants[] = {"a text in quotes", "a number",
		"a date such as \"2026-01-31\"", "true or false", "a value", "nothing"};
	static const char *const kinds[] = {"a text", "a number", "true or false"};
	bool good = fit == FIT_TEXT	? v->kind == RULE_TEXT
		    : fit == FIT_NUMBER ? v->kind == RULE_NUMBER
		    : fit == FIT_DATE
			    ? v->kind == RULE_TEXT && (v->is_moment || v->fold.n == 0)
		    : fit == FIT_BOOL ? v->kind == RULE_BOOL
				      : true;
	if (good)
		return 0;
	return rule_err(e, t->line, "%s of field %.*s expects %s, got %s",
		rule_words[t->word], (int)field.n, field.at, wants[fit], kinds[v->kind]);
}

int
rule_test_fits(
	const struct rule_test *t, struct text field, const char *type, struct err *e)
{
	enum fit fit = fit_of(type);
	if (!(fits_of(t->word) & BIT(fit)))
		return rule_err(e, t->line,
			"%s does not go with field %.*s, which is of type %s%s",
			rule_words[t->word], (int)field.n, field.at, type,
			advice(t->word, fit));
	if (t->word == WORD_IS || t->word == WORD_IS_NOT || t->word == WORD_ONE_OF ||
		t->word == WORD_BETWEEN)
		for (size_t i = 0; i < t->n; i++)
			if (value_fits(t, &t->values[i], field, fit, e) < 0)
				return -1;
	return 0;
}
