/* One thing done to many profiles by a job, and taking it back. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "column/ask.h"
#include "exchange/bulk_people.h"

enum { ASK_MS = 5000 };

/* Whether it compiles, as the engine says. */
static int
check_rule(struct web *w, struct text rule, struct err *e)
{
	struct val question = val_map(w->arena), answer;
	val_put(w->arena, &question, "what", val_text("page"));
	val_put(w->arena, &question, "rule", val_of(rule));
	val_put(w->arena, &question, "soon_ms", val_int(100));
	val_put(w->arena, &question, "limit", val_int(1));
	return ask(
		w->arena, w->db, w->settings, w->company.id, &question, ASK_MS, &answer, e);
}

/* {"ids": [...]} or {"rule": "..."}. */
static int
read_people(struct web *w, const struct val *body, struct people_ask *out, struct err *e)
{
	const struct val *ids = val_get(body, "ids");
	out->rule = val_as_text(val_get(body, "rule"));
	if (ids == NULL) {
		if (text_trim(out->rule).n == 0)
			return err_field(e, "rule",
				"a rule or ids is expected: return known() means "
				"everybody");
		return check_rule(w, out->rule, e);
	}
	if (out->rule.n > 0 || ids->kind != VAL_LIST || val_len(ids) > PEOPLE_IDS_MAX)
		return err_field(e, "ids",
			"ids is a list of 1 to %d ids of profiles, and no rule beside it",
			PEOPLE_IDS_MAX);
	int64_t *list = arena_array(w->arena, val_len(ids) + 1, sizeof *list);
	for (size_t i = 0; i < val_len(ids); i++) {
		list[i] = val_as_int(&ids->list->at[i], 0);
		if (list[i] <= 0)
			return err_field(e, "ids", "ids is a list of ids of profiles");
	}
	out->ids = list;
	out->n = val_len(ids);
	return 0;
}

static int
post(struct web *w, struct err *e)
{
	struct val body, out = val_map(w->arena);
	int64_t job;
	if (web_json(w, &body, e) < 0)
		return -1;
	struct people_ask ask = {
		.action = people_action_of(val_as_text(val_get(&body, "action"))),
		.field = val_as_text(val_get(&body, "field")),
		.value = val_get(&body, "value") != NULL ? *val_get(&body, "value")
							 : val_null(),
		.segment_id = val_as_int(val_get(&body, "segment"), 0)};
	if (ask.action == PEOPLE_ACTIONS)
		return err_field(e, "action",
			"action is set_field, add_to_segment, remove_from_segment or "
			"erase");
	if (ask.action == PEOPLE_FIELD && val_get(&body, "value") == NULL)
		return err_field(e, "value", "a value is expected, null clears the field");
	if (read_people(w, &body, &ask, e) < 0 ||
		people_begin(w->arena, w->db, w->settings, &w->company, &ask, &job, e) < 0)
		return -1;
	val_put(w->arena, &out, "job", val_id(w->arena, job));
	api_answer(w, 202, out);
	return 0;
}

int
api_profiles_actions(struct web *w, struct err *e)
{
	return api_once(w, post, e);
}

int
api_job_undo(struct web *w, struct err *e)
{
	struct val out = val_map(w->arena);
	int64_t id, job;
	if (web_id(w, "id", &id, e) < 0 ||
		people_undo(w->arena, w->db, w->company.id, id, 0, &job, e) < 0)
		return -1;
	val_put(w->arena, &out, "job", val_id(w->arena, job));
	api_answer(w, 202, out);
	return 0;
}
