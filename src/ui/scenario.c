/* See scenario.h. */
#include "ui/scenario.h"
#include "base/arena.h"
#include "base/err.h"
#include "event/type.h"
#include "message/template_store.h"
#include "profile/field.h"
#include "scenario/compile.h"
#include "scenario/scenario.h"
#include "ui/frame.h"
#include "ui/question.h"
#include "ui/show.h"
#include "ui/steps.h"
#include "web/page.h"

#include <string.h>

static const char *const typed[] = {"name", "script", NULL};

int
ui_scenario_list(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list;
	if (scenario_all(w->arena, w->db, w->company.id, &list, e) < 0)
		return -1;
	val_put(w->arena, &vars, "scenarios", list);
	return ui_page(w, 200, "scenarios", &vars, e);
}

/* vars.rows: the picture of a text; vars.problem and vars.line when it does not compile. */
static int
put_picture(struct web *w, struct text script, const struct val *figures, struct val *vars,
	struct err *e)
{
	struct val tree;
	if (scenario_compile(w->arena, w->settings, script, &tree, e) < 0) {
		if (e->code != ERR_INPUT && e->code != ERR_LIMIT)
			return -1;
		val_put(w->arena, vars, "problem", val_of(ui_sentence(w, e)));
		val_put(w->arena, vars, "line", val_int(e->line > 0 ? e->line : 1));
		return 0;
	}
	val_put(w->arena, vars, "rows", steps_rows(w, &tree, figures));
	return 0;
}

int
ui_scenario_new(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), form = val_map(w->arena), templates;
	if (message_template_all(w->arena, w->db, w->company.id, &templates, e) < 0)
		return -1;
	const char *letter =
		val_len(&templates) > 0
			? val_as_z(w->arena, val_get(&templates.list->at[0], "name"))
			: "welcome";
	const char *script = arena_printf(w->arena,
		"return scenario {\n\ton = event.form_submit,\n\tstop = event.purchase,\n"
		"\twait \"1h\",\n\tsend \"%s\",\n}\n",
		strpbrk(letter, "\"\\\n") == NULL ? letter : "welcome");
	val_put(w->arena, &form, "name", val_text(""));
	val_put(w->arena, &form, "script", val_text(script));
	val_put(w->arena, &vars, "form", form);
	if (put_picture(w, text_of(script), NULL, &vars, e) < 0)
		return -1;
	return ui_page(w, 200, "scenario", &vars, e);
}

int
ui_scenario_page(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), form = val_map(w->arena), scenario, tree;
	int64_t id;
	if (ui_find(w, scenario_by_id, &id, &scenario, e) < 0)
		return -1;
	const struct val *figures = val_get(&scenario, "figures");
	int published = scenario_steps(w->arena, w->db, w->company.id, id, &tree, e);
	if (published < 0)
		return -1;
	if (published > 0)
		val_put(w->arena, &vars, "rows", steps_rows(w, &tree, figures));
	else if (put_picture(w, val_as_text(val_get(&scenario, "script")), NULL, &vars, e) <
		 0)
		return -1;
	val_put(w->arena, &form, "name", *val_get(&scenario, "name"));
	val_put(w->arena, &form, "script", *val_get(&scenario, "script"));
	val_put(w->arena, &vars, "form", form);
	val_put(w->arena, &vars, "scenario", scenario);
	return ui_page(w, 200, "scenario", &vars, e);
}

/* A condition of when() is a rule: asked of the columns, as a segment's. */
static int
check_rule(void *obj, struct text rule, struct err *e)
{
	struct web *w = obj;
	struct val ignored = val_map(w->arena), answer;
	struct text text = text_of(
		arena_printf(w->arena, "return %.*s", (int)rule.n, rule.at));
	return question_preview(w, text, 0, 0, &ignored, &answer, e) < 0 ? -1 : 0;
}

static int
put(struct web *w, int64_t *id, bool publish, struct err *e)
{
	const char *name = text_z(w->arena, web_form(w, "name"));
	const char *script = web_form_z(w, "script");
	if (scenario_put(w->arena, w->db, w->settings, w->company.id, id, name, script, e) <
		0)
		return -1;
	return publish ? scenario_publish(w->arena, w->db, w->settings, w->company.id, *id,
				 check_rule, w, e)
		       : 0;
}

static int
show_again(struct web *w, const struct val *scenario, struct err *e)
{
	struct val vars = val_map(w->arena);
	struct err ignored = {0};
	int status;
	if (e->code == ERR_CONFLICT && e->field[0] == '\0') {
		err_field(e, "name", "taken");
		e->code = ERR_CONFLICT;
	}
	if (strcmp(e->field, "script") == 0 && e->line == 0)
		e->line = 1;
	if (ui_wrong(w, &vars, e, &status) < 0)
		return -1;
	struct val picture = val_map(w->arena);
	if (put_picture(w, text_of(web_form_z(w, "script")), NULL, &picture, &ignored) ==
			0 &&
		val_get(&picture, "rows") != NULL)
		val_put(w->arena, &vars, "rows", *val_get(&picture, "rows"));
	ui_typed(w, &vars, typed);
	if (scenario != NULL)
		val_put(w->arena, &vars, "scenario", *scenario);
	return ui_page(w, status, "scenario", &vars, e);
}

static int
save(struct web *w, int64_t id, const struct val *scenario, struct err *e)
{
	struct val made;
	struct err ignored = {0};
	bool is_new = id == 0, publish = text_is(web_form(w, "do"), "publish");
	if (put(w, &id, publish, e) < 0) {
		if (is_new && id != 0 &&
			scenario_by_id(
				w->arena, w->db, w->company.id, id, &made, &ignored) == 1)
			scenario =
				&made; /* the draft is kept, it only could not be published */
		return show_again(w, scenario, e);
	}
	const char *name = text_z(w->arena, web_form(w, "name"));
	if (ui_audit(w, is_new ? "scenario.create" : "scenario.change", id, name, e) < 0 ||
		(publish && ui_audit(w, "scenario.publish", id, name, e) < 0))
		return -1;
	page_flash(w, publish  ? T_("scenario.published")
		      : is_new ? T_("scenario.made")
			       : T_("scenario.changed"));
	response_redirect(w, arena_printf(w->arena, "/scenarios/%lld", (long long)id));
	return 0;
}

int
ui_scenario_make(struct web *w, struct err *e)
{
	return save(w, 0, NULL, e);
}

int
ui_scenario_change(struct web *w, struct err *e)
{
	struct val scenario;
	int64_t id;
	return ui_find(w, scenario_by_id, &id, &scenario, e) < 0
		       ? -1
		       : save(w, id, &scenario, e);
}

int
ui_scenario_state(struct web *w, struct err *e)
{
	struct val scenario;
	int64_t id;
	if (ui_find(w, scenario_by_id, &id, &scenario, e) < 0)
		return -1;
	bool on = text_is(web_form(w, "state"), "running");
	const char *name = val_as_z(w->arena, val_get(&scenario, "name"));
	int done = on ? scenario_resume(w->arena, w->db, w->company.id, id, e)
		      : scenario_pause(w->arena, w->db, w->company.id, id, e);
	if (done < 0 && e->code != ERR_CONFLICT)
		return -1;
	if (done == 0 &&
		ui_audit(w, on ? "scenario.resume" : "scenario.pause", id, name, e) < 0)
		return -1;
	page_flash(w, on ? T_("scenario.resumed") : T_("scenario.paused"));
	response_redirect(w, arena_printf(w->arena, "/scenarios/%lld", (long long)id));
	return 0;
}

int
ui_scenario_preview(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	if (put_picture(w, text_of(web_form_z(w, "script")), NULL, &vars, e) < 0)
		return -1;
	val_put(w->arena, &vars, "swap", val_bool(true));
	return page_show(w, 200, "part/steps", &vars, e);
}

int
ui_scenario_words(struct web *w, struct err *e)
{
	static const char *const words[] = {"scenario", "wait", "send", "wait_for", "when",
		"at", "finish", "segment_enter", "on", "stop", "again", "yes", "no",
		"where", "is", "is_not", "more", "less", "at_least", "at_most", "between",
		"contains", "starts", "one_of", "empty"};
	struct val out = val_map(w->arena), fields, names, events = val_list(w->arena),
		   list = val_list(w->arena);
	if (field_all(w->arena, w->db, w->company.id, &fields, e) < 0 ||
		event_type_all(w->arena, w->db, w->company.id, &names, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&fields); i++)
		show_label(w, &fields.list->at[i]);
	for (size_t i = 0; i < val_len(&names); i++)
		val_push(w->arena, &events,
			val_of(event_type_name(val_as_text(&names.list->at[i]))));
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		val_push(w->arena, &list, val_text(words[i]));
	val_put(w->arena, &out, "fields", fields);
	val_put(w->arena, &out, "events", events);
	val_put(w->arena, &out, "words", list);
	response_header(w, "Cache-Control", "no-store");
	response_json(w, 200, &out);
	return 0;
}
