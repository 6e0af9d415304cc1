/* See hook.h. */
#include "ui/hook.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "base/url.h"
#include "event/call.h"
#include "hook/body.h"
#include "hook/hook.h"
#include "hook/mapping.h"
#include "hook/talk.h"
#include "tenant/user.h"
#include "ui/aside.h"
#include "ui/frame.h"
#include "ui/sentence.h"
#include "ui/source.h"
#include "web/page.h"

#include <string.h>

/* A source of kind "system" and its address; one that was made before there were any has none yet. */
static int
find(struct web *w, const char *tab, struct source *s, struct hook *h, struct val *vars,
	struct err *e)
{
	*h = (struct hook){.sign_how = "", .sign_header = "", .headers = "", .prefix = ""};
	if (source_of_page(w, tab, s, vars, e) < 0)
		return -1;
	if (strcmp(s->kind, "system") != 0)
		return err_set(e, ERR_MISSING, "only a system has an address");
	return hook_of_source(w->arena, w->db, w->company.id, s->id, h, e) < 0 ? -1 : 0;
}

/* --- the address --- */

static void
put_hook(struct web *w, const struct hook *h, struct val *vars)
{
	struct arena *a = w->arena;
	struct val form = val_map(a);
	const char *base = w->settings->public_url;
	val_put(a, &form, "sign_how", val_text(h->sign_how));
	val_put(a, &form, "sign_header", val_text(h->sign_header));
	val_put(a, &form, "headers", val_text(h->headers));
	val_put(a, &form, "prefix", val_text(h->prefix));
	val_put(a, vars, "form", form);
	val_put(a, vars, "has_secret", val_bool(h->sign_secret.n > 0));
	if (h->key.n == 0)
		return;
	val_put(a, vars, "address",
		val_text(arena_printf(a, "%s/h/%.*s", base, (int)h->key.n, h->key.at)));
	val_put(a, vars, "address_1c",
		val_text(arena_printf(a, "%s/1c/%.*s", base, (int)h->key.n, h->key.at)));
	val_put(a, vars, "password", val_of(h->password));
}

/* vars.files: what 1C sent last, with what came of it. */
static int
put_files(struct web *w, const struct source *s, struct val *vars, struct err *e)
{
	struct arena *a = w->arena;
	struct val files;
	if (talk_files(a, w->db, w->company.id, s->id, &files, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&files); i++) {
		struct val *f = &files.list->at[i], report;
		struct err ignored;
		struct text said = val_as_text(val_get(f, "report"));
		if (text_is(val_as_text(val_get(f, "state")), "done") &&
			json_parse(a, said, &report, &ignored) == 0)
			val_put(a, f, "counts", report);
		else
			val_put(a, f, "report", val_of(sentence_in(w, said)));
	}
	val_put(a, vars, "files", files);
	return 0;
}

int
hook_page(struct web *w, struct err *e)
{
	struct source s;
	struct hook h;
	struct val vars = val_map(w->arena);
	if (find(w, "hook", &s, &h, &vars, e) < 0 || put_files(w, &s, &vars, e) < 0)
		return -1;
	put_hook(w, &h, &vars);
	return ui_page(w, 200, "source-hook", &vars, e);
}

static int
renew(struct web *w, const struct source *s, struct err *e)
{
	if (hook_renew(w->arena, w->db, w->company.id, s->id, e) < 0 ||
		ui_audit(w, "source.address", s->id, s->name, e) < 0)
		return -1;
	page_flash(w, T_("hook.made"));
	return 0;
}

static int
guard(struct web *w, const struct source *s, const struct hook *was, struct err *e)
{
	struct hook h = *was;
	struct text secret = web_form(w, "sign_secret");
	if (was->key.n == 0)
		return err_set(e, ERR_MISSING, "this source has no address");
	h.sign_how = text_z(w->arena, web_form(w, "sign_how"));
	h.sign_header = text_z(w->arena, web_form(w, "sign_header"));
	h.headers = text_z(w->arena, web_form(w, "headers"));
	h.prefix = text_z(w->arena, web_form(w, "prefix"));
	if (secret.n > 0)
		h.sign_secret = secret;
	if (hook_set(w->arena, w->db, &h, e) < 0 ||
		ui_audit(w, "source.hook", s->id, s->name, e) < 0)
		return -1;
	page_flash(w, T_("hook.saved"));
	return 0;
}

int
hook_save(struct web *w, struct err *e)
{
	static const char *const typed[] = {
		"sign_how", "sign_header", "headers", "prefix", NULL};
	struct source s;
	struct hook h;
	struct val vars = val_map(w->arena);
	int status;
	if (find(w, "hook", &s, &h, &vars, e) < 0)
		return -1;
	bool new = text_is(web_form(w, "do"), "renew");
	if ((new ? renew(w, &s, e) : guard(w, &s, &h, e)) < 0) {
		if (ui_wrong(w, &vars, e, &status) < 0 || put_files(w, &s, &vars, e) < 0)
			return -1;
		put_hook(w, &h, &vars);
		ui_typed(w, &vars, typed);
		return ui_page(w, status, "source-hook", &vars, e);
	}
	response_redirect(w, arena_printf(w->arena, "/sources/%lld/hook", (long long)s.id));
	return 0;
}

/* --- the console --- */

/* What a form of the console has: the text, and a request to try it with. */
struct trial {
	struct text script, type, sample, query;
};

static void
put_trial(struct web *w, const struct trial *t, struct val *vars)
{
	struct val form = val_map(w->arena);
	val_put(w->arena, &form, "script", val_of(t->script));
	val_put(w->arena, &form, "type", val_of(t->type));
	val_put(w->arena, &form, "sample", val_of(t->sample));
	val_put(w->arena, &form, "query", val_of(t->query));
	val_put(w->arena, vars, "form", form);
}

/* vars.recent, vars.versions, vars.starters */
static int
put_lists(struct web *w, const struct source *s, struct val *vars, struct err *e)
{
	struct arena *a = w->arena;
	struct val recent, versions, users, starters = val_list(a);
	const char *name, *script;
	if (hook_recent(a, w->db, w->company.id, s->id, &recent, e) < 0 ||
		hook_versions(a, w->db, w->company.id, s->id, &versions, e) < 0 ||
		user_all(a, w->db, w->company.id, &users, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&versions); i++)
		for (size_t k = 0; k < val_len(&users); k++)
			if (val_as_int(val_get(&users.list->at[k], "id"), 0) ==
				val_as_int(val_get(&versions.list->at[i], "user_id"), -1))
				val_put(a, &versions.list->at[i], "user",
					*val_get(&users.list->at[k], "name"));
	for (size_t i = 0; (name = mapping_starter(i, &script)) != NULL; i++)
		val_push(a, &starters, val_text(name));
	val_put(a, vars, "recent", recent);
	val_put(a, vars, "versions", versions);
	val_put(a, vars, "starters", starters);
	return 0;
}

/* One that came, as it can be typed: what is no UTF-8 is shown as JSON of what it means. */
static void
take_recent(struct web *w, const struct val *request, struct trial *t)
{
	struct val body;
	struct err ignored;
	struct text bytes;
	const struct val *query = val_get(request, "query");
	struct str s = str_new(w->arena);
	t->type = val_as_text(val_get(request, "type"));
	if (mapping_bytes(w->arena, request, &bytes, &ignored) < 0)
		return;
	t->sample = bytes;
	if (val_get(request, "body") == NULL &&
		hook_body_read(w->arena, t->type, bytes, &body, &ignored) == 0) {
		t->sample = json_text(w->arena, &body);
		t->type = text_of("application/json");
	}
	str_addz(&s, "");
	for (size_t i = 0; i < val_len(query); i++) {
		str_addz(&s, i > 0 ? "&" : "");
		str_add_url(&s, query->map->at[i].key);
		str_addc(&s, '=');
		str_add_url(&s, val_as_text(&query->map->at[i].val));
	}
	t->query = str_text(&s);
}

/* The form, with what one of its buttons puts in: one that came last, a text to begin with, an earlier version. */
static int
read_trial(struct web *w, const struct source *s, struct trial *t, struct err *e)
{
	struct arena *a = w->arena;
	struct text use = web_form(w, "use"), start = web_form(w, "start"),
		    version = web_form(w, "version");
	struct val recent, number = val_of(version);
	const char *name, *script;
	*t = (struct trial){.script = text_of(web_form_z(w, "script")),
		.type = web_form(w, "type"),
		.sample = text_of(web_form_z(w, "sample")),
		.query = web_form(w, "query")};
	for (size_t i = 0; (name = mapping_starter(i, &script)) != NULL; i++)
		if (text_is(start, name))
			t->script = text_of(script);
	if (version.n > 0 && hook_script(a, w->db, w->company.id, s->id,
				     val_as_int(&number, 0), &t->script, e) < 0)
		return -1;
	if (use.n == 0)
		return 0;
	if (hook_recent(a, w->db, w->company.id, s->id, &recent, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&recent); i++)
		if (text_same(val_as_text(val_get(&recent.list->at[i], "id")), use))
			take_recent(w, val_get(&recent.list->at[i], "request"), t);
	return 0;
}

/* What is wrong goes to vars.problem and vars.line. */
static void
put_problem(struct web *w, const struct err *e, struct val *vars)
{
	val_put(w->arena, vars, "problem",
		val_of(sentence_in(w, text_of(arena_printf(w->arena, "%s", e->text)))));
	val_put(w->arena, vars, "line", val_int(e->line > 0 ? e->line : 1));
}

/* vars.tried {events: [text], gas}, or what is wrong. */
static void
put_tried(struct web *w, const struct source *s, const struct trial *t, struct val *vars)
{
	struct arena *a = w->arena;
	struct envelope env = {.company_id = w->company.id,
		.source_id = s->id,
		.country = w->company.country,
		.received_at_us = time_now_us(),
		.trusted = true};
	struct val query, headers = val_map(a), calls, tried = val_map(a),
			  shown = val_list(a);
	struct mapper *m;
	struct err e;
	int64_t gas = 0;
	if (mapper_new(a, w->settings, t->script, &m, &e) < 0) {
		put_problem(w, &e, vars);
		return;
	}
	if (url_query(a, t->query, &query, &e) < 0) {
		put_problem(w, &e, vars);
		return;
	}
	val_put(a, &headers, "content-type", val_of(t->type));
	struct val request = mapping_request(a, t->type, &query, &headers, t->sample);
	if (mapper_run(a, m, &request, &env, &calls, &gas, &e) < 0)
		put_problem(w, &e, vars);
	else {
		for (size_t i = 0; i < val_len(&calls); i++)
			val_push(a, &shown,
				val_of(aside_lines(a, json_text(a, &calls.list->at[i]))));
		val_put(a, &tried, "events", shown);
	}
	val_put(a, &tried, "gas", val_int(gas));
	val_put(a, vars, "tried", tried);
}

int
hook_mapping(struct web *w, struct err *e)
{
	struct source s;
	struct hook h;
	struct val vars = val_map(w->arena), recent;
	struct trial t = {.type = text_of("application/json"), .sample = text_of("{}")};
	if (find(w, "mapping", &s, &h, &vars, e) < 0 || put_lists(w, &s, &vars, e) < 0 ||
		hook_script(w->arena, w->db, w->company.id, s.id, h.version, &t.script, e) <
			0)
		return -1;
	recent = *val_get(&vars, "recent");
	if (val_len(&recent) > 0)
		take_recent(w, val_get(&recent.list->at[0], "request"), &t);
	put_trial(w, &t, &vars);
	return ui_page(w, 200, "source-mapping", &vars, e);
}

int
hook_mapping_try(struct web *w, struct err *e)
{
	struct source s;
	struct hook h;
	struct trial t;
	struct val vars = val_map(w->arena);
	if (find(w, "mapping", &s, &h, &vars, e) < 0 || read_trial(w, &s, &t, e) < 0)
		return -1;
	put_tried(w, &s, &t, &vars);
	if (request_is_part(&w->request))
		return page_show(w, 200, "part/hook-tried", &vars, e);
	if (put_lists(w, &s, &vars, e) < 0)
		return -1;
	put_trial(w, &t, &vars);
	return ui_page(w, 200, "source-mapping", &vars, e);
}

int
hook_mapping_save(struct web *w, struct err *e)
{
	struct source s;
	struct hook h;
	struct trial t;
	struct val vars = val_map(w->arena);
	if (find(w, "mapping", &s, &h, &vars, e) < 0 || read_trial(w, &s, &t, e) < 0)
		return -1;
	if (h.key.n == 0 && hook_renew(w->arena, w->db, w->company.id, s.id, e) < 0)
		return -1;
	if (hook_script_put(w->arena, w->db, w->settings, w->company.id, s.id, t.script,
		    w->session->user.id, e) < 0) {
		if (e->code != ERR_INPUT)
			return -1;
		put_problem(w, e, &vars);
		if (put_lists(w, &s, &vars, e) < 0)
			return -1;
		put_trial(w, &t, &vars);
		return ui_page(w, 422, "source-mapping", &vars, e);
	}
	if (ui_audit(w, "source.mapping", s.id, s.name, e) < 0)
		return -1;
	page_flash(w, T_("mapping.saved"));
	response_redirect(
		w, arena_printf(w->arena, "/sources/%lld/mapping", (long long)s.id));
	return 0;
}
