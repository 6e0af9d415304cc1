/* Segments: rules, members, previews. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "column/ask.h"
#include "profile/person.h"
#include "scenario/uses.h"
#include "segment/cases.h"
#include "segment/option.h"
#include "segment/store.h"

#include <string.h>

enum { ASK_MS = 5000, HISTORY_DAYS = 400 };

struct val
api_segment(struct arena *a, const struct val *segment)
{
	static const char *const kept[] = {"id", "name", "rule", "state", "size"};
	struct val out = val_map(a);
	for (size_t i = 0; i < 5; i++)
		val_put(a, &out, kept[i], *val_get(segment, kept[i]));
	if (val_as_text(val_get(segment, "error")).n > 0)
		val_put(a, &out, "error", *val_get(segment, "error"));
	val_put(a, &out, "built_at",
		api_time(a, val_as_int(val_get(segment, "built_at_us"), 0)));
	val_put(a, &out, "created_at",
		api_time(a, val_as_int(val_get(segment, "created_at_us"), 0)));
	val_put(a, &out, "updated_at",
		api_time(a, val_as_int(val_get(segment, "updated_at_us"), 0)));
	api_segment_options(a, segment, &out);
	return out;
}

/* Asks the engine what a rule means: a rule that does not compile is refused with its line. self: the segment it is of. */
static int
preview(struct web *w, struct text rule, int64_t self, size_t sample,
	const struct val *as_of, struct val *answer, struct err *e)
{
	struct val question = val_map(w->arena);
	val_put(w->arena, &question, "what", val_text("preview"));
	val_put(w->arena, &question, "rule", val_of(rule));
	val_put(w->arena, &question, "segment", val_int(self));
	val_put(w->arena, &question, "sample", val_int((int64_t)sample));
	if (as_of != NULL)
		val_put(w->arena, &question, "as_of", *as_of);
	return ask(
		w->arena, w->db, w->settings, w->company.id, &question, ASK_MS, answer, e);
}

int
api_rule_check(void *obj, struct text rule, struct err *e)
{
	struct web *w = obj;
	struct val answer;
	struct text whole = text_of(
		arena_printf(w->arena, "return %.*s", (int)rule.n, rule.at));
	return preview(w, whole, 0, 0, NULL, &answer, e);
}

int
api_segment_find(struct web *w, int64_t *id, struct val *segment, struct err *e)
{
	if (web_id(w, "id", id, e) < 0)
		return -1;
	int found = segment_by_id(w->arena, w->db, w->company.id, *id, segment, e);
	return found == 1 ? 0 : found < 0 ? -1 : err_set(e, ERR_MISSING, "no such segment");
}

int
api_segment_answer(struct web *w, int status, int64_t id, struct err *e)
{
	struct val segment, out, cases;
	struct text text;
	int found = segment_by_id(w->arena, w->db, w->company.id, id, &segment, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such segment");
	if (segment_cases(w->arena, w->db, w->company.id, id, &text, e) < 0 ||
		segment_cases_read(w->arena, text, &cases, e) < 0)
		return -1;
	out = api_segment(w->arena, &segment);
	val_put(w->arena, &out, "cases", cases);
	api_answer(w, status, out);
	return 0;
}

/* body.cases, a list as segment/cases.h says, checked; NULL keeps what is there. */
static int
put_cases(struct web *w, int64_t id, const struct val *cases, struct err *e)
{
	struct val checked;
	if (cases == NULL)
		return 0;
	struct text text = json_text(w->arena, cases);
	if (val_is_null(cases) || (cases->kind == VAL_LIST && val_len(cases) == 0))
		text = text_of("");
	if (segment_cases_read(w->arena, text, &checked, e) < 0)
		return -1;
	return id == 0 ? 0 : segment_cases_set(w->db, w->company.id, id, text, e);
}

/* A static segment may have no rule; what of the options is in the body is checked and set with the rest. */
static int
put(struct web *w, int64_t id, const struct val *segment, const struct val *body,
	int status, struct err *e)
{
	struct val answer, stored;
	const struct val *name = val_get(body, "name"), *rule = val_get(body, "rule");
	struct text named = val_as_text(name != NULL ? name : val_get(segment, "name")),
		    text = val_as_text(rule != NULL ? rule : val_get(segment, "rule"));
	bool is_static = val_as_bool(
		val_get(body, "static"), val_as_int(val_get(segment, "is_static"), 0) != 0);
	struct segment_options o;
	if (body->kind != VAL_MAP)
		return err_set(e, ERR_INPUT, "the body is an object");
	if (text_trim(text).n == 0 && !is_static)
		return err_field(e, "rule", "a segment needs a rule");
	if (api_segment_options_read(w, segment, text, body, &o, e) < 0)
		return -1;
	if (put_cases(w, 0, val_get(body, "cases"), e) < 0 ||
		(text_trim(text).n > 0 && preview(w, text, id, 0, NULL, &answer, e) < 0))
		return -1;
	if (segment == NULL && is_static)
		return api_segment_fill(w, named, text, &o, body, e);
	if (segment == NULL || name != NULL || rule != NULL || val_len(body) == 0) {
		if (segment_put(w->arena, w->db, w->company.id, &id, named, text, 0, e) < 0)
			return -1;
	}
	if (put_cases(w, id, val_get(body, "cases"), e) < 0 ||
		web_found(segment_by_id(w->arena, w->db, w->company.id, id, &stored, e),
			e) < 0 ||
		api_segment_options_set(w, &stored, &o, body, e) < 0)
		return -1;
	return api_segment_answer(w, status, id, e);
}

static int
segment_post(struct web *w, struct err *e)
{
	struct val body;
	if (web_json(w, &body, e) < 0)
		return -1;
	return put(w, 0, NULL, &body, 201, e);
}

int
api_segment_post(struct web *w, struct err *e)
{
	return api_once(w, segment_post, e);
}

int
api_segment_patch(struct web *w, struct err *e)
{
	struct val body, segment;
	int64_t id;
	if (api_segment_find(w, &id, &segment, e) < 0 || web_json(w, &body, e) < 0 ||
		segment_may_change(&segment, 0, false, e) < 0)
		return -1;
	return put(w, id, &segment, &body, 200, e);
}

int
api_segment_get(struct web *w, struct err *e)
{
	struct val segment;
	int64_t id;
	if (api_segment_find(w, &id, &segment, e) < 0)
		return -1;
	return api_segment_answer(w, 200, id, e);
}

int
api_segment_delete(struct web *w, struct err *e)
{
	struct val segment;
	int64_t id;
	if (api_segment_find(w, &id, &segment, e) < 0 ||
		segment_may_change(&segment, 0, false, e) < 0 ||
		segment_is_unused(w->arena, w->db, w->company.id, &segment, e) < 0 ||
		segment_delete(w->db, w->company.id, id, e) < 0)
		return -1;
	response_empty(w, 204);
	return 0;
}

/* All of them, unless a limit is told. */
int
api_segments_list(struct web *w, struct err *e)
{
	struct val all, list = val_list(w->arena), next = val_null();
	size_t limit = SIZE_MAX;
	int64_t after;
	if ((web_query(w, "limit").n > 0 && api_limit(w, &limit, e) < 0) ||
		api_cursor(w, 0, &after, e) < 0 ||
		segment_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++) {
		const struct val *one = &all.list->at[i];
		if (val_as_int(val_get(one, "id"), 0) <= after)
			continue;
		if (val_len(&list) == limit) {
			next = *val_get(&list.list->at[limit - 1], "id");
			break;
		}
		val_push(w->arena, &list, api_segment(w->arena, one));
	}
	api_answer_list(w, list, next);
	return 0;
}

int
api_segment_members(struct web *w, struct err *e)
{
	struct val segment, members, ids = val_list(w->arena), list;
	int64_t id, after;
	size_t limit, at = 0;
	if (api_segment_find(w, &id, &segment, e) < 0 || api_limit(w, &limit, e) < 0 ||
		api_cursor(w, 0, &after, e) < 0 ||
		segment_members(
			w->arena, w->db, w->company.id, id, after, limit, &members, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&members); i++) {
		val_push(w->arena, &ids, *val_get(&members.list->at[i], "person_id"));
		after = val_as_int(val_get(&members.list->at[i], "person_id"), 0);
	}
	if (api_profiles(w, &ids, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		/* members come in the order of ids, and so do the profiles that are left of them */
		while (!val_same(val_get(&members.list->at[at], "person_id"),
			val_get(&list.list->at[i], "id")))
			at++;
		const struct val *m = &members.list->at[at];
		val_put(w->arena, &list.list->at[i], "since",
			api_time(w->arena, val_as_int(val_get(m, "since_us"), 0)));
		val_put(w->arena, &list.list->at[i], "reason", *val_get(m, "reason"));
	}
	api_answer_list(
		w, list, val_len(&members) == limit ? val_id(w->arena, after) : val_null());
	return 0;
}

int
api_segment_history(struct web *w, struct err *e)
{
	struct val segment, days, list = val_list(w->arena);
	int64_t id, today = time_now_us() / DAY_US;
	if (api_segment_find(w, &id, &segment, e) < 0 ||
		segment_days(w->arena, w->db, w->company.id, id, today - HISTORY_DAYS,
			&days, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&days); i++) {
		struct val one = val_map(w->arena);
		struct date d = date_of_days(
			val_as_int(val_get(&days.list->at[i], "day"), 0));
		val_put(w->arena, &one, "date",
			val_text(arena_printf(
				w->arena, "%04d-%02d-%02d", d.year, d.month, d.day)));
		val_put(w->arena, &one, "size", *val_get(&days.list->at[i], "size"));
		val_put(w->arena, &one, "entered", *val_get(&days.list->at[i], "entered"));
		val_put(w->arena, &one, "exited", *val_get(&days.list->at[i], "exited"));
		val_push(w->arena, &list, one);
	}
	api_answer_list(w, list, val_null());
	return 0;
}

int
api_segment_preview(struct web *w, struct err *e)
{
	struct val body, answer, out = val_map(w->arena), sample;
	static const char *const kept[] = {"count", "exact", "total", "ms", "warnings"};
	if (web_json(w, &body, e) < 0 ||
		preview(w, val_as_text(val_get(&body, "rule")), 0, 10,
			val_get(&body, "as_of"), &answer, e) < 0)
		return -1;
	if (api_profiles(w, val_get(&answer, "sample"), &sample, e) < 0)
		return -1;
	for (size_t i = 0; i < 5; i++)
		if (val_get(&answer, kept[i]) != NULL)
			val_put(w->arena, &out, kept[i], *val_get(&answer, kept[i]));
	val_put(w->arena, &out, "sample", sample);
	api_answer(w, 200, out);
	return 0;
}
