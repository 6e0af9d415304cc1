/* See cases.h. */
#include "segment/cases.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/time.h"
#include "column/base.h"
#include "event/type.h"
#include "segment/eval.h"
#include "segment/rule.h"

#include <string.h>

enum { EVENTS_MAX = 1000, PERSON = 1 };

struct run {
	struct arena *a;
	const struct settings *settings;
	const struct rule_names *names;
	const struct rule *rule;
	int64_t now_us;
	size_t number; /* of the case, from 1 */
	struct err *e;
};

static int
refuse(size_t number, const char *what, struct err *e)
{
	return err_field(e, "cases", "case %zu: %s", number, what);
}

/* "-3d", or a time. */
static bool
read_when(struct text t, int64_t now_us, int64_t *at_us)
{
	int64_t span_us;
	if (t.n > 0 && *t.at == '-' &&
		time_duration((struct text){t.at + 1, t.n - 1}, &span_us) == 1) {
		*at_us = now_us - span_us;
		return true;
	}
	return time_parse(t, at_us) == 1;
}

static bool
is_map_or_missing(const struct val *v)
{
	return val_is_null(v) || v->kind == VAL_MAP;
}

static bool
is_texts(const struct val *v)
{
	if (!val_is_null(v) && v->kind != VAL_LIST)
		return false;
	for (size_t i = 0; i < val_len(v); i++)
		if (v->list->at[i].kind != VAL_TEXT)
			return false;
	return true;
}

static const char *
wrong_event(const struct val *one)
{
	int64_t at_us;
	if (one->kind != VAL_LIST || val_len(one) < 1 || val_len(one) > 3 ||
		one->list->at[0].kind != VAL_TEXT)
		return "an event is [\"purchase\", \"-3d\", {\"total\": 100}]";
	if (val_len(one) > 1 && !read_when(val_as_text(&one->list->at[1]), 0, &at_us))
		return "an event's time is \"-3d\", before now, or "
		       "\"2026-03-05T12:00:00Z\"";
	if (val_len(one) > 2 && !is_map_or_missing(&one->list->at[2]))
		return "an event's properties are {\"total\": 100}";
	return NULL;
}

static const char *
wrong_case(const struct val *one)
{
	static const char *const known[] = {"name", "profile", "events", "segments",
		"consent", "changed", "known", "now", "expect"};
	int64_t at_us;
	if (one->kind != VAL_MAP)
		return "a case is {\"profile\": {…}, \"expect\": true}";
	for (size_t i = 0; i < one->map->n; i++) {
		bool is_known = false;
		for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
			is_known = is_known || text_is(one->map->at[i].key, known[k]);
		if (!is_known)
			return "a case has name, profile, events, segments, consent, "
			       "changed, known, now and expect, nothing else";
	}
	const struct val *expect = val_get(one, "expect"), *now = val_get(one, "now"),
			 *events = val_get(one, "events");
	if (expect == NULL || expect->kind != VAL_BOOL)
		return "expect is true or false: does the rule mean this person?";
	if (!is_map_or_missing(val_get(one, "profile")) ||
		!is_map_or_missing(val_get(one, "changed")))
		return "profile is {\"city\": \"Минск\"}, changed {\"city\": \"-2d\"}";
	if (!is_texts(val_get(one, "segments")) || !is_texts(val_get(one, "consent")))
		return "segments and consent are lists of texts";
	if (now != NULL && time_parse(val_as_text(now), &at_us) == 0)
		return "now is a time such as \"2026-03-05T12:00:00Z\"";
	if (!val_is_null(events) && events->kind != VAL_LIST)
		return "events are a list";
	if (val_len(events) > EVENTS_MAX)
		return "at most 1000 events are taken";
	for (size_t i = 0; i < val_len(events); i++) {
		const char *why = wrong_event(&events->list->at[i]);
		if (why != NULL)
			return why;
	}
	return NULL;
}

int
segment_cases_read(struct arena *a, struct text text, struct val *cases, struct err *e)
{
	*cases = val_list(a);
	if (text.n > CASES_BYTES_MAX)
		return err_field(
			e, "cases", "cases have at most %d bytes", CASES_BYTES_MAX);
	if (text_trim(text).n == 0)
		return 0;
	if (json_parse(a, text, cases, e) < 0) {
		struct err why = *e;
		return err_field(e, "cases", "%s", why.text);
	}
	if (cases->kind != VAL_LIST)
		return err_field(e, "cases",
			"cases are a list: [{\"profile\": {…}, \"expect\": true}]");
	if (val_len(cases) > CASES_MAX)
		return err_field(e, "cases", "at most %d cases are taken", CASES_MAX);
	for (size_t i = 0; i < val_len(cases); i++) {
		const char *why = wrong_case(&cases->list->at[i]);
		if (why != NULL)
			return refuse(i + 1, why, e);
	}
	return 0;
}

static int
put_events(const struct run *r, struct column_base *base, const struct val *events,
	int64_t now_us)
{
	struct val none = val_map(r->a);
	for (size_t i = 0; i < val_len(events); i++) {
		const struct val *one = &events->list->at[i];
		int64_t at_us = now_us;
		if (val_len(one) > 1)
			read_when(one->list->at[1].text, now_us, &at_us);
		column_event_add(base, PERSON, event_type_name(one->list->at[0].text),
			at_us, (int64_t)i,
			val_len(one) > 2 && !val_is_null(&one->list->at[2])
				? &one->list->at[2]
				: &none);
	}
	return 0;
}

static int
put_person(const struct run *r, struct column_base *base, const struct val *one,
	int64_t now_us)
{
	struct val none = val_map(r->a), times = val_map(r->a);
	const struct val *fields = val_get(one, "profile"),
			 *changed = val_get(one, "changed");
	if (val_is_null(fields))
		fields = &none;
	for (size_t i = 0; i < fields->map->n; i++) {
		struct text name = fields->map->at[i].key;
		const char *type = r->names->field_type(r->names->obj, name);
		if (type == NULL)
			return refuse(r->number,
				arena_printf(r->a, "there is no field \"%.*s\"",
					(int)text_cut(name, 60).n, name.at),
				r->e);
		column_field_define(base, name, text_of(type));
	}
	for (size_t i = 0; i < val_len(changed); i++) {
		int64_t at_us;
		if (!read_when(val_as_text(&changed->map->at[i].val), now_us, &at_us))
			return refuse(r->number, "changed is {\"city\": \"-2d\"}", r->e);
		val_put_key(r->a, &times, changed->map->at[i].key, val_int(at_us));
	}
	column_person_put(
		base, PERSON, val_as_bool(val_get(one, "known"), true), fields, &times);
	return 0;
}

static int
put_lists(const struct run *r, struct column_base *base, const struct val *one)
{
	const struct val *consent = val_get(one, "consent"),
			 *segments = val_get(one, "segments");
	for (size_t i = 0; i < val_len(consent); i++)
		column_consent_set(base, PERSON, consent->list->at[i].text, true);
	for (size_t i = 0; i < val_len(segments); i++) {
		struct text name = segments->list->at[i].text;
		int64_t id;
		if (r->names->segment_find == NULL ||
			r->names->segment_find(r->names->obj, name, &id) != 1)
			return refuse(r->number,
				arena_printf(r->a, "there is no segment \"%.*s\"",
					(int)text_cut(name, 60).n, name.at),
				r->e);
		column_member_set(base, id, PERSON, true);
	}
	return 0;
}

/* Asks the evaluator about the one person of base. */
static void
ask(const struct run *r, struct column_base *base, int64_t now_us, struct val *result,
	bool expect)
{
	struct segment_eval *v = segment_eval_new(r->rule, base, r->settings);
	struct segment_answer answer;
	struct err e;
	const char *why;
	size_t row = (size_t)column_row(base, PERSON);
	int rc = segment_eval_one(r->a, v, row, now_us, &answer, &e);
	if (rc < 0)
		why = e.text;
	bool failed = rc < 0 || segment_eval_errors(v, &why) > 0;
	bool got = !failed && answer.is_member;
	/* anonymous persons count only where the rule speaks of known() */
	if (!column_row_is_known(base, row) && !(rule_depends(r->rule) & RULE_ON_KNOWN))
		got = false;
	val_put(r->a, result, "pass", val_bool(!failed && got == expect));
	val_put(r->a, result, "expect", val_bool(expect));
	val_put(r->a, result, "got", failed ? val_null() : val_bool(got));
	if (failed)
		val_put(r->a, result, "error",
			val_text(arena_text(r->a, why, strlen(why))));
	segment_eval_free(v);
}

static int
run_case(const struct run *r, const struct val *one, struct val *result)
{
	const struct val *zone = val_path(one, "profile.timezone");
	const struct zone *z = zone != NULL ? zone_find(val_as_text(zone)) : NULL;
	struct text name = val_as_text(val_get(one, "name"));
	int64_t now_us = r->now_us;
	if (val_get(one, "now") != NULL)
		time_parse(val_as_text(val_get(one, "now")), &now_us);
	struct column_base *base = column_base_new(1, z != NULL ? z : zone_utc());
	int rc = put_person(r, base, one, now_us);
	if (rc == 0)
		rc = put_lists(r, base, one);
	if (rc == 0)
		rc = put_events(r, base, val_get(one, "events"), now_us);
	val_put(r->a, result, "name",
		name.n > 0 ? val_of(name) : val_text(arena_printf(r->a, "%zu", r->number)));
	if (rc == 0)
		ask(r, base, now_us, result, val_as_bool(val_get(one, "expect"), false));
	column_base_free(base);
	return rc;
}

int
segment_cases_run(struct arena *a, const struct settings *s, const struct rule_names *names,
	struct text rule, const struct val *cases, int64_t now_us, struct val *results,
	struct err *e)
{
	struct rule *compiled;
	int rc = 0;
	*results = val_list(a);
	if (rule_compile(rule, s, names, &compiled, e) < 0)
		return -1;
	struct run r = {.a = a,
		.settings = s,
		.names = names,
		.rule = compiled,
		.now_us = now_us,
		.e = e};
	for (size_t i = 0; rc == 0 && i < val_len(cases); i++) {
		struct val result = val_map(a);
		r.number = i + 1;
		rc = run_case(&r, &cases->list->at[i], &result);
		val_push(a, results, result);
	}
	rule_free(compiled);
	return rc;
}

int64_t
segment_cases_failed(const struct val *results)
{
	int64_t n = 0;
	for (size_t i = 0; i < val_len(results); i++)
		n += !val_as_bool(val_get(&results->list->at[i], "pass"), false);
	return n;
}
