/* See source_rules.h. */
#include "ui/source_rules.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "event/dead.h"
#include "tenant/source_rules.h"
#include "ui/aside.h"
#include "ui/frame.h"
#include "ui/sentence.h"
#include "ui/show.h"
#include "ui/source.h"
#include "web/page.h"

#include <string.h>

enum { HELD_ROWS = 30 };

/* A list with a line each, as it is edited. */
static struct val
lines_of(struct web *w, const struct val *list)
{
	struct str s = str_new(w->arena);
	str_addz(&s, "");
	for (size_t i = 0; i < val_len(list); i++) {
		if (i > 0)
			str_addc(&s, '\n');
		str_addt(&s, val_as_text(&list->list->at[i]));
	}
	return val_of(str_text(&s));
}

static struct val
list_of_lines(struct web *w, const char *name)
{
	struct val list = val_list(w->arena);
	char *rest, *z = arena_printf(w->arena, "%s", web_form_z(w, name));
	for (char *one = strtok_r(z, " ,;\t\r\n", &rest); one != NULL;
		one = strtok_r(NULL, " ,;\t\r\n", &rest))
		val_push(w->arena, &list, val_text(one));
	return list;
}

/* "Order Completed: total number!, order_id text", a line an event. */
static struct val
plan_text(struct web *w, const struct val *plan)
{
	struct str s = str_new(w->arena);
	str_addz(&s, "");
	for (size_t i = 0; i < val_len(plan); i++) {
		const struct val *properties = &plan->map->at[i].val;
		str_addt(&s, plan->map->at[i].key);
		for (size_t k = 0; k < val_len(properties); k++) {
			str_addz(&s, k == 0 ? ": " : ", ");
			str_addt(&s, properties->map->at[k].key);
			str_addc(&s, ' ');
			str_addt(&s, val_as_text(&properties->map->at[k].val));
		}
		str_addc(&s, '\n');
	}
	return val_of(str_text(&s));
}

static int
read_properties(struct web *w, char *z, struct val *out, struct err *e)
{
	char *rest;
	*out = val_map(w->arena);
	for (char *one = strtok_r(z, ",", &rest); one != NULL;
		one = strtok_r(NULL, ",", &rest)) {
		struct text t = text_trim(text_of(one));
		const char *blank = t.n > 0 ? memrchr(t.at, ' ', t.n) : NULL;
		if (t.n == 0)
			continue;
		if (blank == NULL)
			return err_field(e, "plan",
				"\"%.*s\": a property is a name and a type, like total "
				"number",
				(int)(t.n < 60 ? t.n : 60), t.at);
		val_put_key(w->arena, out,
			text_trim((struct text){t.at, (size_t)(blank - t.at)}),
			val_of((struct text){blank + 1, t.n - (size_t)(blank + 1 - t.at)}));
	}
	return 0;
}

static int
read_plan(struct web *w, const char *text, struct val *out, struct err *e)
{
	char *rest, *z = arena_printf(w->arena, "%s", text);
	*out = val_map(w->arena);
	for (char *line = strtok_r(z, "\r\n", &rest); line != NULL;
		line = strtok_r(NULL, "\r\n", &rest)) {
		struct val properties = val_map(w->arena);
		char *colon = strrchr(line, ':');
		if (colon != NULL) {
			*colon = '\0';
			if (read_properties(w, colon + 1, &properties, e) < 0)
				return -1;
		}
		struct text name = text_trim(text_of(line));
		if (name.n > 0)
			val_put_key(w->arena, out, name, properties);
	}
	return 0;
}

static int
put_rules(struct web *w, const struct source *s, struct val *vars, struct err *e)
{
	struct source_rules r;
	if (web_found(source_rules_find(w->arena, w->db, w->company.id, s->id, &r, e), e) <
		0)
		return -1;
	struct val form = source_rules_map(w->arena, &r), events = val_list(w->arena);
	val_put(w->arena, &form, "mask", lines_of(w, &r.mask));
	val_put(w->arena, &form, "origins", lines_of(w, &r.origins));
	val_put(w->arena, &form, "protected", lines_of(w, &r.guarded));
	val_put(w->arena, &form, "plan", plan_text(w, &r.plan));
	for (size_t i = 0; i < val_len(&r.events); i++) {
		struct val one = val_map(w->arena);
		val_put(w->arena, &one, "name", val_of(r.events.map->at[i].key));
		val_put(w->arena, &one, "on", r.events.map->at[i].val);
		val_push(w->arena, &events, one);
	}
	val_put(w->arena, vars, "form", form);
	val_put(w->arena, vars, "tag_events", events);
	val_put(w->arena, vars, "has_secret", val_bool(r.secret.n > 0));
	return 0;
}

int
rules_page(struct web *w, struct err *e)
{
	struct source s;
	struct val vars = val_map(w->arena);
	if (source_of_page(w, "rules", &s, &vars, e) < 0 || put_rules(w, &s, &vars, e) < 0)
		return -1;
	return ui_page(w, 200, "source-rules", &vars, e);
}

static struct val
rules_of_form(struct web *w)
{
	static const char *const words[] = {"consent", "ip", "identity"};
	static const char *const lists[] = {"mask", "origins", "protected"};
	static const char *const yes[] = {"respect_dnt", "mask_values", "exclude_flags"};
	struct val m = val_map(w->arena), events = val_map(w->arena);
	struct val on = web_form_list(w, "event[]");
	for (size_t i = 0; i < 3; i++) {
		val_put(w->arena, &m, words[i], val_of(web_form(w, words[i])));
		val_put(w->arena, &m, lists[i], list_of_lines(w, lists[i]));
		val_put(w->arena, &m, yes[i], val_bool(web_form(w, yes[i]).n > 0));
	}
	val_put(w->arena, &m, "exclude", val_of(web_form(w, "exclude")));
	for (size_t i = 0; i < source_tag_events_n; i++) {
		bool checked = false;
		for (size_t k = 0; k < val_len(&on); k++)
			checked = checked || text_is(val_as_text(&on.list->at[k]),
						     source_tag_events[i].name);
		val_put(w->arena, &events, source_tag_events[i].name, val_bool(checked));
	}
	val_put(w->arena, &m, "events", events);
	return m;
}

/* What was typed again, with what is wrong about it. */
static int
show_wrong(struct web *w, const char *page, const char *tab, const char *const *typed,
	struct err *e)
{
	struct source s;
	struct val vars = val_map(w->arena), was;
	int status;
	if (ui_wrong(w, &vars, e, &status) < 0)
		return -1;
	if (source_of_page(w, tab, &s, &vars, e) < 0 || put_rules(w, &s, &vars, e) < 0)
		return -1;
	was = *val_get(&vars, "form");
	ui_typed(w, &vars, typed);
	const struct val *now = val_get(&vars, "form");
	for (size_t i = 0; i < val_len(now); i++)
		val_put_key(w->arena, &was, now->map->at[i].key, now->map->at[i].val);
	val_put(w->arena, &vars, "form", was);
	return ui_page(w, status, page, &vars, e);
}

int
rules_save(struct web *w, struct err *e)
{
	static const char *const typed[] = {"consent", "ip", "identity", "mask", "origins",
		"protected", "exclude", NULL};
	struct source s;
	struct val vars = val_map(w->arena), m = rules_of_form(w);
	if (source_of_page(w, "rules", &s, &vars, e) < 0)
		return -1;
	if (source_rules_put(w->arena, w->db, w->company.id, s.id, &m, NULL, e) < 0)
		return show_wrong(w, "source-rules", "rules", typed, e);
	if (ui_audit(w, "source.rules", s.id, s.name, e) < 0)
		return -1;
	page_flash(w, T_("rules.saved"));
	response_redirect(
		w, arena_printf(w->arena, "/sources/%lld/rules", (long long)s.id));
	return 0;
}

int
rules_secret(struct web *w, struct err *e)
{
	struct source s;
	struct source_rules r;
	struct val vars = val_map(w->arena), nothing = val_map(w->arena);
	bool make = !text_is(web_form(w, "do"), "drop");
	if (!make)
		val_put(w->arena, &nothing, "identity", val_text("open"));
	if (source_of_page(w, "rules", &s, &vars, e) < 0 ||
		source_rules_put(w->arena, w->db, w->company.id, s.id, &nothing,
			make ? "make" : "drop", e) < 0 ||
		ui_audit(w, make ? "source.secret" : "source.secret_drop", s.id, s.name,
			e) < 0 ||
		source_rules_find(w->arena, w->db, w->company.id, s.id, &r, e) < 0)
		return -1;
	if (!make) {
		page_flash(w, T_("rules.secret_dropped"));
		response_redirect(
			w, arena_printf(w->arena, "/sources/%lld/rules", (long long)s.id));
		return 0;
	}
	val_put(w->arena, &vars, "secret", val_of(r.secret));
	return ui_page(w, 200, "source-secret", &vars, e);
}

int
plan_page(struct web *w, struct err *e)
{
	struct source s;
	struct val vars = val_map(w->arena);
	if (source_of_page(w, "plan", &s, &vars, e) < 0 || put_rules(w, &s, &vars, e) < 0)
		return -1;
	return ui_page(w, 200, "source-plan", &vars, e);
}

int
plan_save(struct web *w, struct err *e)
{
	static const char *const words[] = {"on_event", "on_property", "on_type"};
	static const char *const typed[] = {
		"on_event", "on_property", "on_type", "plan", NULL};
	struct source s;
	struct val vars = val_map(w->arena), m = val_map(w->arena), plan;
	if (source_of_page(w, "plan", &s, &vars, e) < 0)
		return -1;
	for (size_t i = 0; i < 3; i++)
		val_put(w->arena, &m, words[i], val_of(web_form(w, words[i])));
	if (read_plan(w, web_form_z(w, "plan"), &plan, e) < 0)
		return show_wrong(w, "source-plan", "plan", typed, e);
	val_put(w->arena, &m, "plan", plan);
	if (source_rules_put(w->arena, w->db, w->company.id, s.id, &m, NULL, e) < 0)
		return show_wrong(w, "source-plan", "plan", typed, e);
	if (ui_audit(w, "source.plan", s.id, s.name, e) < 0)
		return -1;
	page_flash(w, T_("plan.saved"));
	response_redirect(w, arena_printf(w->arena, "/sources/%lld/plan", (long long)s.id));
	return 0;
}

int
quarantine_page(struct web *w, struct err *e)
{
	struct source s;
	struct val vars = val_map(w->arena), letters = val_list(w->arena), list;
	int hides = show_hides_any(w, e);
	if (hides < 0 || source_of_page(w, "quarantine", &s, &vars, e) < 0 ||
		dead_list(w->arena, w->db, w->company.id, "held", s.id, INT64_MAX,
			HELD_ROWS, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val letter;
		int64_t id = val_as_int(val_get(&list.list->at[i], "id"), 0);
		if (dead_by_id(w->arena, w->db, w->company.id, id, &letter, e) < 0)
			return -1;
		val_put(w->arena, &letter, "payload",
			val_of(aside_shown(w->arena,
				val_as_text(val_get(&letter, "payload")), hides == 1)));
		val_put(w->arena, &letter, "reason",
			val_of(sentence_in(w, val_as_text(val_get(&letter, "reason")))));
		val_push(w->arena, &letters, letter);
	}
	val_put(w->arena, &vars, "letters", letters);
	return ui_page(w, 200, "source-quarantine", &vars, e);
}

int
quarantine_move(struct web *w, struct err *e)
{
	struct source s;
	struct val vars = val_map(w->arena);
	struct text verb = web_form(w, "do");
	int64_t moved;
	if (source_of_page(w, "quarantine", &s, &vars, e) < 0 ||
		dead_move_held(w->db, w->company.id, 0, s.id, verb, &moved, e) < 0)
		return -1;
	bool replay = text_is(verb, "replay");
	if (moved > 0 && ui_audit(w, replay ? "quarantine.replay" : "quarantine.drop", s.id,
				 s.name, e) < 0)
		return -1;
	page_flash(w, moved == 0 ? T_("aside.nothing")
		      : replay	 ? T_("aside.replaying")
				 : T_("aside.dropped"));
	response_redirect(
		w, arena_printf(w->arena, "/sources/%lld/quarantine", (long long)s.id));
	return 0;
}
