/* See segment.h. */
#include "ui/segment.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "segment/cases.h"
#include "segment/store.h"
#include "ui/frame.h"
#include "ui/question.h"
#include "ui/segment_live.h"
#include "ui/segment_more.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum { MEMBERS = 50, RULE_MAX = 64 * 1024 };

static const char *const typed[] = {"name", "rule", "cases", NULL};

int
ui_segment_new(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), form = val_map(w->arena);
	struct text rule = web_query(w, "rule");
	val_put(w->arena, &form, "name", val_text(""));
	val_put(w->arena, &form, "rule",
		rule.n > 0 ? val_of(rule)
			   : val_text("return event.page_view:within \"30d\"\n     & "
				      "reachable \"email\"\n"));
	val_put(w->arena, &form, "cases", val_text(""));
	val_put(w->arena, &vars, "form", form);
	return segment_live_page(w, 200, 0, &vars, e);
}

/* vars.members: {person_id, name, since_us, reason}; vars.after where the next page begins. */
static int
put_members(struct web *w, int64_t id, struct val *vars, struct err *e)
{
	int64_t after = val_as_int(val_get(&w->request.query, "after"), 0);
	struct val list, ids = val_list(w->arena), people;
	if (segment_members(w->arena, w->db, w->company.id, id, after, MEMBERS, &list, e) <
		0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++)
		val_push(w->arena, &ids, *val_get(&list.list->at[i], "person_id"));
	if (question_persons(w, &ids, &people, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val *m = &list.list->at[i];
		int64_t person = val_as_int(val_get(m, "person_id"), 0);
		for (size_t k = 0; k < val_len(&people); k++) {
			const struct val *p = &people.list->at[k];
			if (val_as_int(val_get(p, "id"), 0) == person) {
				val_put(w->arena, m, "name", *val_get(p, "name"));
				val_put(w->arena, m, "fields", *val_get(p, "fields"));
			}
		}
	}
	if (segment_say_reasons(w, &list, e) < 0)
		return -1;
	val_put(w->arena, vars, "members", list);
	if (val_len(&list) == MEMBERS)
		val_put(w->arena, vars, "after",
			*val_get(&list.list->at[MEMBERS - 1], "person_id"));
	return 0;
}

static int
show(struct web *w, int status, int64_t id, const struct val *segment, struct val *vars,
	struct err *e)
{
	segment_put_head(w, vars, segment);
	if (put_members(w, id, vars, e) < 0)
		return -1;
	if (val_as_int(val_get(segment, "is_static"), 0) != 0)
		return segment_static_page(w, status, vars, e);
	return segment_live_page(w, status, id, vars, e);
}

int
ui_segment_page(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), form = val_map(w->arena), segment;
	struct text cases;
	int64_t id;
	if (ui_find(w, segment_by_id, &id, &segment, e) < 0)
		return -1;
	val_put(w->arena, &form, "name", *val_get(&segment, "name"));
	val_put(w->arena, &form, "rule", *val_get(&segment, "rule"));
	if (segment_cases(w->arena, w->db, w->company.id, id, &cases, e) < 0)
		return -1;
	val_put(w->arena, &form, "cases", val_of(cases));
	val_put(w->arena, &vars, "form", form);
	return show(w, 200, id, &segment, &vars, e);
}

int
ui_segment_members(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), segment;
	int64_t id;
	if (ui_find(w, segment_by_id, &id, &segment, e) < 0 ||
		put_members(w, id, &vars, e) < 0)
		return -1;
	segment_put_head(w, &vars, &segment);
	return page_show(w, 200, "part/members", &vars, e);
}

/* vars.cases, failed: the cases typed, tried with the rule typed; vars.problem when they or the rule are none. 0 / -1 */
static int
put_cases(struct web *w, int64_t id, struct val *vars, struct err *e)
{
	struct val question = val_map(w->arena), answer;
	val_put(w->arena, &question, "what", val_text("cases"));
	val_put(w->arena, &question, "rule", val_text(web_form_z(w, "rule")));
	val_put(w->arena, &question, "cases", val_of(web_form(w, "cases")));
	val_put(w->arena, &question, "segment", val_int(id));
	val_put(w->arena, vars, "cases", val_list(w->arena));
	int done = question_ask(w, &question, vars, &answer, e);
	if (done < 0 && e->code != ERR_INPUT && e->code != ERR_LIMIT)
		return -1;
	if (done < 0)
		val_put(w->arena, vars, "problem", val_of(ui_sentence(w, e)));
	if (done == 1) {
		val_put(w->arena, vars, "cases", *val_get(&answer, "cases"));
		val_put(w->arena, vars, "failed", *val_get(&answer, "failed"));
	}
	return 0;
}

int
ui_segment_cases(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	if (put_cases(w, val_as_int(val_get(&w->request.query, "segment"), 0), &vars, e) <
		0)
		return -1;
	return page_show(w, 200, "part/cases", &vars, e);
}

/* Compiles by asking, then stores. */
static int
put(struct web *w, int64_t *id, struct val *vars, struct err *e)
{
	struct val answer;
	struct text rule = text_of(web_form_z(w, "rule")), name = web_form(w, "name"),
		    cases = text_trim(web_form(w, "cases"));
	if (segment_cases_read(w->arena, cases, &answer, e) < 0)
		return -1;
	if (name.n == 0 || text_length(name) > 100)
		return err_field(e, "name", "a segment has a name");
	if (rule.n > RULE_MAX)
		return err_set(e, ERR_INPUT, "a rule has at most 64 KB");
	int done = question_preview(w, rule, *id, 0, vars, &answer, e);
	if (done == 0)
		return err_set(e, ERR_BUSY, "the columns are starting");
	if (done < 0)
		return -1;
	if (segment_put(w->arena, w->db, w->company.id, id, name, rule, w->session->user.id,
		    e) == 0)
		return segment_cases_set(w->db, w->company.id, *id, cases, e);
	if (e->code == ERR_CONFLICT && e->field[0] == '\0') {
		err_field(e, "name", "taken");
		e->code = ERR_CONFLICT;
	}
	return -1;
}

static int
save(struct web *w, int64_t id, const struct val *segment, struct err *e)
{
	struct val vars = val_map(w->arena);
	bool is_new = id == 0;
	int status;
	if (put(w, &id, &vars, e) < 0) {
		ui_typed(w, &vars, typed);
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		return is_new ? segment_live_page(w, status, 0, &vars, e)
			      : show(w, status, id, segment, &vars, e);
	}
	if (ui_audit(w, is_new ? "segment.create" : "segment.change", id,
		    text_z(w->arena, web_form(w, "name")), e) < 0)
		return -1;
	struct val said = val_map(w->arena);
	bool failing = put_cases(w, id, &said, e) == 0 &&
		       val_as_int(val_get(&said, "failed"), 0) > 0;
	page_flash(w, failing  ? T_("segment.changed_failing")
		      : is_new ? T_("segment.made")
			       : T_("segment.changed"));
	response_redirect(w, arena_printf(w->arena, "/segments/%lld", (long long)id));
	return 0;
}

int
ui_segment_make(struct web *w, struct err *e)
{
	return save(w, 0, NULL, e);
}

int
ui_segment_change(struct web *w, struct err *e)
{
	struct val segment;
	int64_t id;
	if (ui_find(w, segment_by_id, &id, &segment, e) < 0)
		return -1;
	return segment_is_mine(w, &segment) ? save(w, id, &segment, e) : 0;
}

int
ui_segment_delete(struct web *w, struct err *e)
{
	struct val segment;
	int64_t id;
	if (ui_find(w, segment_by_id, &id, &segment, e) < 0)
		return -1;
	int free = segment_may_go(w, &segment, e);
	if (free < 1)
		return free;
	if (segment_delete(w->db, w->company.id, id, e) < 0 ||
		ui_audit(w, "segment.delete", id,
			val_as_z(w->arena, val_get(&segment, "name")), e) < 0)
		return -1;
	page_flash(w, T_("segment.deleted"));
	response_redirect(w, "/segments");
	return 0;
}
