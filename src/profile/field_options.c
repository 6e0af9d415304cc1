/* See field_options.h. */
#include "profile/field_options.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/regex.h"
#include "base/str.h"
#include "base/time.h"
#include "profile/field.h"
#include "store/db.h"

#include <stdio.h>
#include <string.h>

enum { UNIT_MAX = 20, CHOICE_MAX = 200 };

static bool
is_of(const char *type, const char *const *types)
{
	for (; *types != NULL; types++)
		if (strcmp(type, *types) == 0)
			return true;
	return false;
}
#define OF(...)                                                                            \
	(const char *const[])                                                              \
	{                                                                                  \
		__VA_ARGS__, NULL                                                          \
	}

static bool
is_empty(const struct val *v)
{
	return val_is_null(v) || (v->kind == VAL_TEXT && text_trim(v->text).n == 0) ||
	       (v->kind == VAL_LIST && val_len(v) == 0) || (v->kind == VAL_BOOL && !v->b);
}

static int
read_choices(struct arena *a, const struct val *in, struct val *out, struct err *e)
{
	if (in->kind != VAL_LIST || val_len(in) > FIELD_CHOICES_MAX)
		return err_field(e, "choices", "choices are a list of at most %d texts",
			FIELD_CHOICES_MAX);
	*out = val_list(a);
	for (size_t i = 0; i < val_len(in); i++) {
		struct text t = text_trim(val_as_text(&in->list->at[i]));
		if (t.n == 0 || t.n > CHOICE_MAX)
			return err_field(
				e, "choices", "a choice has 1 to %d bytes", CHOICE_MAX);
		for (size_t k = 0; k < val_len(out); k++)
			if (text_same(out->list->at[k].text, t))
				return err_field(e, "choices", "\"%.*s\" is there twice",
					(int)t.n, t.at);
		val_push(a, out, val_of(t));
	}
	return 0;
}

static int
read_bound(struct arena *a, const char *name, const char *type, const struct val *in,
	struct val *out, struct err *e)
{
	if (!is_of(type, OF("number", "date")))
		return err_field(e, name, "only numbers and dates have a least and a most");
	if (field_check(a, name, type, in, out, e) < 0)
		return -1;
	return 0;
}

static int
read_pattern(const struct val *in, const char *type, struct err *e)
{
	struct regex *re;
	if (!is_of(type, OF("text", "phone", "email", "url")))
		return err_field(e, "pattern", "only texts have a pattern");
	if (in->kind != VAL_TEXT || in->text.n > FIELD_PATTERN_MAX)
		return err_field(
			e, "pattern", "a pattern has at most %d bytes", FIELD_PATTERN_MAX);
	if (regex_new(in->text, false, &re, e) < 0) {
		snprintf(e->field, sizeof e->field, "pattern");
		return -1;
	}
	regex_free(re);
	return 0;
}

static int
read_one(struct arena *a, const char *name, const char *type, const struct val *in,
	struct val *out, struct err *e)
{
	*out = *in;
	if (strcmp(name, "choices") == 0)
		return is_of(type, OF("choice", "multichoice"))
			       ? read_choices(a, in, out, e)
			       : err_field(e, name, "only choices have choices");
	if (strcmp(name, "min") == 0 || strcmp(name, "max") == 0)
		return read_bound(a, name, type, in, out, e);
	if (strcmp(name, "pattern") == 0)
		return read_pattern(in, type, e);
	if (strcmp(name, "pii") == 0 || strcmp(name, "protected") == 0)
		return in->kind == VAL_BOOL ? 0 : err_field(e, name, "yes or no");
	if (strcmp(name, "default") == 0)
		return field_check(a, name, type, in, out, e);
	if (strcmp(name, "formula") == 0 &&
		!is_of(type, OF("number", "text", "bool", "date", "choice")))
		return err_field(e, name,
			"what is calculated is a number, a text, a date, yes or no, or a "
			"choice");
	size_t most = strcmp(name, "unit") == 0 ? UNIT_MAX : FIELD_FORMULA_MAX;
	if (in->kind != VAL_TEXT || in->text.n > most)
		return err_field(e, name, "a text of at most %zu bytes", most);
	*out = val_of(text_trim(in->text));
	return 0;
}

int
field_options_read(struct arena *a, const char *type, const struct val *in, struct val *out,
	struct err *e)
{
	static const char *const names[] = {"unit", "choices", "min", "max", "pattern",
		"default", "pii", "protected", "formula"};
	*out = val_map(a);
	if (val_is_null(in))
		return 0;
	if (in->kind != VAL_MAP)
		return err_field(e, "options", "options are an object");
	for (size_t i = 0; i < val_len(in); i++) {
		struct text name = in->map->at[i].key;
		bool known = text_is(name, "stopped"); /* the engine's own word */
		for (size_t k = 0; k < sizeof names / sizeof *names; k++)
			known |= text_is(name, names[k]);
		if (!known)
			return err_field(e, "options", "there is no option \"%.*s\"",
				name.n < 64 ? (int)name.n : 64, name.at);
	}
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct val *one = val_get(in, names[i]);
		struct val kept;
		if (one == NULL || is_empty(one))
			continue;
		if (read_one(a, names[i], type, one, &kept, e) < 0)
			return -1;
		val_put(a, out, names[i], kept);
	}
	const struct val *min = val_get(out, "min"), *max = val_get(out, "max");
	if (min != NULL && max != NULL &&
		(min->kind == VAL_TEXT ? strcmp(val_as_z(a, min), val_as_z(a, max)) > 0
				       : val_as_num(min, 0) > val_as_num(max, 0)))
		return err_field(e, "max", "the most is less than the least");
	return 0;
}

int
field_options_set(struct arena *a, struct db *db, int64_t company_id, const char *name,
	const struct val *options, struct err *e)
{
	bool none = val_len(options) == 0;
	return db_exec(db, QUERY_FIELD_OPTIONS_SET,
		DB_ARGS(none ? val_null() : val_of(json_text(a, options)),
			val_int(company_id), val_text(name)),
		NULL, e);
}

int
field_options_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *list, struct err *e)
{
	struct val rows;
	*list = val_list(a);
	if (db_rows(a, db, QUERY_FIELD_WITH_OPTIONS, DB_ARGS(val_int(company_id)), &rows,
		    e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&rows); i++) {
		const struct val *row = &rows.list->at[i];
		struct val one = row_map(a, row, 0, DB_KEYS("name", "type")), options;
		if (json_parse(a, row_text(row, 2), &options, e) < 0)
			return err_wrap(e, "the options of a field");
		val_put(a, &one, "options", options);
		val_push(a, list, one);
	}
	return 0;
}

struct val
field_options_fill(
	struct arena *a, const struct val *with_options, const struct val *fields)
{
	struct val out = fields->kind == VAL_MAP ? *fields : val_map(a);
	bool is_copy = false;
	for (size_t i = 0; i < val_len(with_options); i++) {
		const struct val *f = &with_options->list->at[i],
				 *otherwise = field_option(f, "default");
		struct text name = val_as_text(val_get(f, "name"));
		if (val_is_null(otherwise) || !val_is_null(val_get_key(&out, name)))
			continue;
		if (!is_copy)
			out = val_copy(a, &out);
		is_copy = true;
		val_put_key(a, &out, name, *otherwise);
	}
	return out;
}

static bool
is_choice(const struct val *choices, const struct val *value)
{
	for (size_t i = 0; i < val_len(choices); i++)
		if (val_same(&choices->list->at[i], value))
			return true;
	return false;
}

static int
check_choices(
	const char *name, const struct val *choices, const struct val *value, struct err *e)
{
	size_t n = value->kind == VAL_LIST ? val_len(value) : 1;
	for (size_t i = 0; i < n; i++) {
		const struct val *one = value->kind == VAL_LIST ? &value->list->at[i]
								: value;
		struct text t = val_as_text(one);
		if (!is_choice(choices, one))
			return err_field(e, name, "%s: \"%.*s\" is none of the choices",
				name, (int)text_cut(t, 60).n, t.at);
	}
	return 0;
}

static int
check_bound(const char *name, const struct val *bound, const struct val *value, bool least,
	struct arena *a, struct err *e)
{
	if (bound == NULL)
		return 0;
	bool wrong;
	if (bound->kind == VAL_TEXT)
		wrong = least ? strcmp(val_as_z(a, value), val_as_z(a, bound)) < 0
			      : strcmp(val_as_z(a, value), val_as_z(a, bound)) > 0;
	else
		wrong = least ? val_as_num(value, 0) < val_as_num(bound, 0)
			      : val_as_num(value, 0) > val_as_num(bound, 0);
	struct text said = bound->kind == VAL_TEXT ? bound->text : json_text(a, bound);
	return wrong ? err_field(e, name, "%s: at %s %.*s", name, least ? "least" : "most",
			       (int)said.n, said.at)
		     : 0;
}

static int
check_pattern(
	const char *name, const struct val *pattern, const struct val *value, struct err *e)
{
	struct regex *re;
	if (pattern == NULL || value->kind != VAL_TEXT)
		return 0;
	if (regex_new(pattern->text, false, &re, e) < 0)
		return -1;
	struct text groups[REGEX_GROUPS_MAX];
	struct err ignored;
	size_t n;
	bool whole = regex_match(re, value->text, groups, &n, &ignored) == 1 &&
		     groups[0].n == value->text.n;
	regex_free(re);
	return whole ? 0
		     : err_field(e, name, "%s: expected what matches %.*s", name,
			       (int)text_cut(pattern->text, 100).n, pattern->text.at);
}

int
field_options_check(
	struct arena *a, const struct val *field, const struct val *value, struct err *e)
{
	const struct val *options = val_get(field, "options");
	const char *name = val_as_z(a, val_get(field, "name"));
	if (val_len(options) == 0 || val_is_null(value))
		return 0;
	if (val_get(options, "formula") != NULL)
		return err_field(e, name, "%s: is calculated, nobody sets it", name);
	const struct val *choices = val_get(options, "choices");
	if (choices != NULL && check_choices(name, choices, value, e) < 0)
		return -1;
	if (check_bound(name, val_get(options, "min"), value, true, a, e) < 0 ||
		check_bound(name, val_get(options, "max"), value, false, a, e) < 0)
		return -1;
	return check_pattern(name, val_get(options, "pattern"), value, e);
}
