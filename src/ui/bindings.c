/* See bindings.h. */
#include "ui/bindings.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "base/url.h"
#include "event/bound.h"
#include "tenant/binding.h"
#include "tenant/source_rules.h"
#include "ui/frame.h"
#include "ui/source.h"
#include "web/page.h"

#include <string.h>

enum { MET_WAIT_S = 25 };

static const char *const typed[] = {
	"event", "kind", "selector", "where", "once", "properties", NULL};

static struct binding_act
act_of(const struct web *w, int64_t source_id)
{
	return (struct binding_act){w->company.id, source_id, w->session->user.id};
}

static int
to_list(struct web *w, int64_t source_id, const char *flash)
{
	page_flash(w, flash);
	response_redirect(
		w, arena_printf(w->arena, "/sources/%lld/bindings", (long long)source_id));
	return 0;
}

/* --- properties as lines: "price number: text @ .price" --- */

static struct text
line_text(struct web *w, const struct val *properties)
{
	struct str s = str_new(w->arena);
	str_addz(&s, "");
	for (size_t i = 0; i < val_len(properties); i++) {
		const struct val *p = &properties->list->at[i];
		struct text arg = val_as_text(val_get(p, "arg")),
			    at = val_as_text(val_get(p, "at")),
			    type = val_as_text(val_get(p, "type"));
		str_addt(&s, val_as_text(val_get(p, "name")));
		if (!text_is(type, "text")) {
			str_addc(&s, ' ');
			str_addt(&s, type);
		}
		str_addz(&s, ": ");
		str_addt(&s, val_as_text(val_get(p, "from")));
		if (arg.n > 0) {
			str_addc(&s, ' ');
			str_addt(&s, arg);
		}
		if (at.n > 0) {
			str_addz(&s, " @ ");
			str_addt(&s, at);
		}
		str_addc(&s, '\n');
	}
	return str_text(&s);
}

static struct text
behind(struct text t, const char *at)
{
	return text_trim((struct text){at, t.n - (size_t)(at - t.at)});
}

static struct text
before(struct text t, const char *at)
{
	return text_trim((struct text){t.at, (size_t)(at - t.at)});
}

static struct val
property_of_line(struct web *w, struct text line, const char *colon)
{
	struct val p = val_map(w->arena);
	struct text name = before(line, colon), rest = behind(line, colon + 1);
	const char *blank = name.n > 0 ? memrchr(name.at, ' ', name.n) : NULL;
	if (blank != NULL) {
		val_put(w->arena, &p, "type", val_of(behind(name, blank + 1)));
		name = before(name, blank);
	}
	const char *end = rest.n > 0 ? memchr(rest.at, ' ', rest.n) : NULL;
	struct text from = end != NULL ? before(rest, end) : rest;
	struct text arg = end != NULL ? behind(rest, end) : (struct text){"", 0};
	const char *at = arg.n > 0 ? memmem(arg.at, arg.n, "@ ", 2) : NULL;
	if (at != NULL && !text_is(from, "const") && (at == arg.at || at[-1] == ' ')) {
		val_put(w->arena, &p, "at", val_of(behind(arg, at + 1)));
		arg = before(arg, at);
	}
	val_put(w->arena, &p, "name", val_of(name));
	val_put(w->arena, &p, "from", val_of(from));
	val_put(w->arena, &p, "arg", val_of(arg));
	return p;
}

static int
read_lines(struct web *w, struct val *out, struct err *e)
{
	char *rest, *z = arena_printf(w->arena, "%s", web_form_z(w, "properties"));
	*out = val_list(w->arena);
	for (char *one = strtok_r(z, "\r\n", &rest); one != NULL;
		one = strtok_r(NULL, "\r\n", &rest)) {
		struct text line = text_trim(text_of(one));
		const char *colon = line.n > 0 ? memchr(line.at, ':', line.n) : NULL;
		if (line.n == 0)
			continue;
		if (colon == NULL)
			return err_field(e, "properties",
				"\"%.*s\": a line is a name, a colon and where from",
				(int)(line.n < 60 ? line.n : 60), line.at);
		val_push(w->arena, out, property_of_line(w, line, colon));
	}
	return 0;
}

static int
read_form(struct web *w, const char *state, struct val *out, struct err *e)
{
	struct val properties;
	if (read_lines(w, &properties, e) < 0)
		return -1;
	*out = val_map(w->arena);
	for (size_t i = 0; i < 4; i++)
		val_put(w->arena, out, typed[i], val_of(web_form(w, typed[i])));
	val_put(w->arena, out, "once", val_bool(web_form(w, "once").n > 0));
	val_put(w->arena, out, "properties", properties);
	val_put(w->arena, out, "state", val_text(state));
	return 0;
}

/* --- the list --- */

static int
put_list(struct web *w, const struct source *s, struct val *vars, struct err *e)
{
	struct val list, counts, link;
	int64_t now = time_now_us();
	if (binding_all(w->arena, w->db, w->company.id, s->id, &list, e) < 0 ||
		bound_of(w->arena, w->db, w->company.id, s->id, now, &counts, e) < 0 ||
		binding_link_of(w->arena, w->db, w->company.id, s->id, &link, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val *b = &list.list->at[i];
		for (size_t k = 0; k < val_len(&counts); k++) {
			const struct val *c = &counts.list->at[k];
			if (!val_same(val_get(c, "id"), val_get(b, "id")))
				continue;
			val_put(w->arena, b, "hour", *val_get(c, "hour"));
			val_put(w->arena, b, "day", *val_get(c, "day"));
			val_put(w->arena, b, "silent",
				val_bool(text_is(val_as_text(val_get(b, "state")),
						 "published") &&
					 bound_is_silent(c, now)));
		}
	}
	val_put(w->arena, vars, "bindings", list);
	val_put(w->arena, vars, "last_link", link);
	return 0;
}

/* vars.met of a link: yes, wait, no. */
static void
put_met(struct web *w, const struct val *link, struct val *vars)
{
	int64_t at = val_as_int(val_get(link, "at_us"), 0);
	bool met = val_as_int(val_get(link, "met_at_us"), 0) > 0;
	bool waits = time_now_us() - at < MET_WAIT_S * SECOND_US;
	val_put(w->arena, vars, "met", val_text(met ? "yes" : waits ? "wait" : "no"));
}

int
bindings_page(struct web *w, struct err *e)
{
	struct source s;
	struct val vars = val_map(w->arena);
	if (source_of_page(w, "bindings", &s, &vars, e) < 0 ||
		put_list(w, &s, &vars, e) < 0)
		return -1;
	struct val form = val_map(w->arena);
	const struct val *link = val_get(val_get(&vars, "last_link"), "url");
	val_put(w->arena, &form, "page", link != NULL ? *link : val_text(""));
	val_put(w->arena, &vars, "form", form);
	return ui_page(w, 200, "source-bindings", &vars, e);
}

/* --- the link --- */

static struct text
origin_of(struct text url)
{
	const char *host = memmem(url.at, url.n, "://", 3);
	size_t skip = (size_t)(host - url.at) + 3, n = skip;
	while (n < url.n && strchr("/?#", url.at[n]) == NULL)
		n++;
	return (struct text){url.at, n};
}

static int
link_wrong(struct web *w, const struct source *s, struct val *vars, struct err *e)
{
	static const char *const names[] = {"page", NULL};
	int status;
	if (ui_wrong(w, vars, e, &status) < 0 || put_list(w, s, vars, e) < 0)
		return -1;
	ui_typed(w, vars, names);
	return ui_page(w, status, "source-bindings", vars, e);
}

int
bindings_link(struct web *w, struct err *e)
{
	struct source s;
	struct source_rules r;
	struct val vars = val_map(w->arena), link = val_map(w->arena);
	struct text url = web_form(w, "page");
	if (source_of_page(w, "bindings", &s, &vars, e) < 0)
		return -1;
	const char *hash = url.n > 0 ? memchr(url.at, '#', url.n) : NULL;
	if (hash != NULL)
		url.n = (size_t)(hash - url.at);
	if (!url_is_web(url)) {
		err_field(e, "page",
			"the address of a page of the site, like https://shop.example/");
		return link_wrong(w, &s, &vars, e);
	}
	if (web_found(source_rules_find(w->arena, w->db, w->company.id, s.id, &r, e), e) <
			0 ||
		binding_link_note(w->db, w->company.id, s.id, url, e) < 0 ||
		ui_audit(w, "binding.link", s.id, text_z(w->arena, url), e) < 0 ||
		put_list(w, &s, &vars, e) < 0)
		return -1;
	struct binding_act by = act_of(w, s.id);
	const char *token = binding_token(
		w->arena, &by, time_now_us() + BINDING_LINK_S * SECOND_US);
	val_put(w->arena, &link, "href",
		val_text(arena_printf(
			w->arena, "%.*s#cxdp-bind=%s", (int)url.n, url.at, token)));
	val_put(w->arena, &link, "origin", val_of(origin_of(url)));
	val_put(w->arena, &link, "listed",
		val_bool(val_len(&r.origins) > 0 && source_allows(&r, origin_of(url))));
	val_put(w->arena, &vars, "link", link);
	put_met(w, val_get(&vars, "last_link"), &vars);
	return ui_page(w, 200, "source-bind", &vars, e);
}

int
bindings_met(struct web *w, struct err *e)
{
	struct source s;
	struct val vars = val_map(w->arena), link;
	if (source_of_page(w, "bindings", &s, &vars, e) < 0 ||
		binding_link_of(w->arena, w->db, w->company.id, s.id, &link, e) < 0)
		return -1;
	put_met(w, &link, &vars);
	return page_show(w, 200, "part/binding-met", &vars, e);
}

/* --- one --- */

static int
find_one(struct web *w, const struct source *s, int64_t *id, struct val *b, struct err *e)
{
	if (web_id(w, "binding", id, e) < 0)
		return -1;
	return web_found(
		binding_by_id(w->arena, w->db, w->company.id, s->id, *id, b, e), e);
}

int
binding_new(struct web *w, struct err *e)
{
	struct source s;
	struct val vars = val_map(w->arena), form = val_map(w->arena);
	if (source_of_page(w, "bindings", &s, &vars, e) < 0)
		return -1;
	val_put(w->arena, &form, "kind", val_text("click"));
	val_put(w->arena, &vars, "form", form);
	return ui_page(w, 200, "source-binding", &vars, e);
}

int
binding_page(struct web *w, struct err *e)
{
	struct source s;
	int64_t id;
	struct val vars = val_map(w->arena), b;
	if (source_of_page(w, "bindings", &s, &vars, e) < 0 ||
		find_one(w, &s, &id, &b, e) < 0)
		return -1;
	val_put(w->arena, &vars, "binding", val_copy(w->arena, &b));
	val_put(w->arena, &b, "properties",
		val_of(line_text(w, val_get(&b, "properties"))));
	val_put(w->arena, &vars, "form", b);
	return ui_page(w, 200, "source-binding", &vars, e);
}

static int
save(struct web *w, const struct source *s, struct val *vars, int64_t id, const char *state,
	struct err *e)
{
	struct val b;
	int status;
	bool is_new = id == 0;
	struct binding_act by = act_of(w, s->id);
	if (read_form(w, state, &b, e) == 0 &&
		binding_save(w->arena, w->db, &by, &b, &id, e) == 0) {
		if (ui_audit(w, is_new ? "binding.create" : "binding.change", id,
			    val_as_z(w->arena, val_get(&b, "event")), e) < 0)
			return -1;
		return to_list(w, s->id, T_("binding.saved"));
	}
	if (ui_wrong(w, vars, e, &status) < 0)
		return -1;
	ui_typed(w, vars, typed);
	return ui_page(w, status, "source-binding", vars, e);
}

int
binding_make(struct web *w, struct err *e)
{
	struct source s;
	struct val vars = val_map(w->arena);
	if (source_of_page(w, "bindings", &s, &vars, e) < 0)
		return -1;
	return save(w, &s, &vars, 0,
		text_is(web_form(w, "do"), "publish") ? "published" : "draft", e);
}

int
binding_act(struct web *w, struct err *e)
{
	struct source s;
	int64_t id;
	struct val vars = val_map(w->arena), b;
	struct text verb = web_form(w, "do");
	if (source_of_page(w, "bindings", &s, &vars, e) < 0 ||
		find_one(w, &s, &id, &b, e) < 0)
		return -1;
	struct binding_act by = act_of(w, s.id);
	const char *event = val_as_z(w->arena, val_get(&b, "event"));
	val_put(w->arena, &vars, "binding", b);
	if (text_is(verb, "delete")) {
		if (binding_delete(w->arena, w->db, &by, id, e) < 0 ||
			ui_audit(w, "binding.delete", id, event, e) < 0)
			return -1;
		return to_list(w, s.id, T_("binding.deleted"));
	}
	if (!text_is(verb, "publish") && !text_is(verb, "pause"))
		return save(w, &s, &vars, id, val_as_z(w->arena, val_get(&b, "state")), e);
	bool on = text_is(verb, "publish");
	if (binding_set_state(w->arena, w->db, &by, id,
		    text_of(on ? "published" : "paused"), e) < 0 ||
		ui_audit(w, on ? "binding.publish" : "binding.pause", id, event, e) < 0)
		return -1;
	return to_list(w, s.id, on ? T_("binding.published") : T_("binding.paused"));
}
