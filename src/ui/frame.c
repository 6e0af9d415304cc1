/* See frame.h. */
#include "ui/frame.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "event/type.h"
#include "tenant/audit.h"
#include "ui/sentence.h"
#include "web/page.h"
#include "web/session.h"

#include <stdlib.h>
#include <string.h>

int
ui_find(struct web *w,
	int (*by_id)(struct arena *a, struct db *db, int64_t company_id, int64_t id,
		struct val *out, struct err *e),
	int64_t *id, struct val *out, struct err *e)
{
	if (web_id(w, "id", id, e) < 0)
		return -1;
	return web_found(by_id(w->arena, w->db, w->company.id, *id, out, e), e);
}

void *
ui_own_open(const struct settings *s)
{
	(void)s;
	struct ui_own *own = calloc(1, sizeof *own);
	must(own != NULL);
	own->types = event_types_new();
	return own;
}

void
ui_own_close(void *obj)
{
	struct ui_own *own = obj;
	if (own != NULL)
		event_types_free(own->types);
	free(own);
}

struct event_types *
ui_types(const struct web *w)
{
	const struct ui_own *own = w->own;
	return own->types;
}

int
ui_page(struct web *w, int status, const char *name, struct val *vars, struct err *e)
{
	return page_show(w, status, arena_printf(w->arena, "page/%s", name), vars, e);
}

/* Where to log in: the company this browser was in last, else the platform's door; and back again. */
static void
go_to_login(struct web *w)
{
	struct text slug = request_cookie(&w->request, "company");
	struct str s = str_new(w->arena);
	str_addz(&s, slug.n > 0 ? "/l/" : "/login");
	str_add_url(&s, slug);
	bool back = request_is_read(&w->request) && !request_is_part(&w->request);
	if (back && !text_is(w->request.target, "/")) {
		str_addz(&s, "?next=");
		str_add_url(&s, w->request.target);
	}
	response_redirect(w, s.at);
}

static const char *
error_key(const struct err *e)
{
	switch (e->code) {
	case ERR_INPUT:
		return T_("error.input");
	case ERR_DENIED:
		return T_("error.denied");
	case ERR_MISSING:
		return T_("error.missing");
	case ERR_STALE:
	case ERR_CONFLICT:
		return T_("error.conflict");
	case ERR_SIZE:
		return T_("error.size");
	case ERR_LIMIT:
		return T_("error.limit");
	case ERR_BUSY:
		return T_("error.busy");
	default:
		return T_("error.bug");
	}
}

void
ui_fail(struct web *w, const struct err *why)
{
	if (why->code == ERR_AUTH) {
		go_to_login(w);
		return;
	}
	if (why->code == ERR_DENIED && strcmp(why->field, "second") == 0) {
		response_redirect(w, "/me/second");
		return;
	}
	struct err e = {0};
	int status = response_status_of(why);
	response_retry(w, status);
	struct val vars = val_map(w->arena);
	val_put(w->arena, &vars, "status", val_int(status));
	val_put(w->arena, &vars, "sentence", val_of(page_say(w, error_key(why), NULL)));
	val_put(w->arena, &vars, "request_id", val_text(w->request.id));
	if (ui_page(w, status, "error", &vars, &e) == 0)
		return;
	log_line(LOG_ERROR, "the error page: %s", e.text);
	response_bytes(
		w, status, "text/plain; charset=utf-8", page_say(w, error_key(why), NULL));
}

void
ui_typed(struct web *w, struct val *vars, const char *const *names)
{
	struct val form = val_map(w->arena);
	for (; *names != NULL; names++)
		val_put(w->arena, &form, *names, val_text(web_form_z(w, *names)));
	val_put(w->arena, vars, "form", form);
}

/* What is wrong with a field, in words of ours: the domain's sentence is for logs and the API. */
static const struct {
	const char *field, *invalid, *taken;
} wrongs[] = {
	{"slug", T_("wrong.slug"), T_("taken.slug")},
	{"name", T_("wrong.name"), T_("taken.name")},
	{"country", T_("wrong.country"), NULL},
	{"currency", T_("wrong.currency"), NULL},
	{"timezone", T_("wrong.timezone"), NULL},
	{"email", T_("wrong.email"), T_("taken.email")},
	{"password", T_("wrong.password"), NULL},
	{"scopes", T_("wrong.scopes"), NULL},
	{"label", T_("wrong.name"), NULL},
	{"subject", T_("wrong.subject"), NULL},
	{"template_id", T_("wrong.template"), NULL},
	{"segment_id", T_("wrong.segment"), NULL},
	{"networks", T_("wrong.networks"), NULL},
	{"expires", T_("wrong.expires"), NULL},
	{"url", T_("wrong.url"), NULL},
	{"every_h", T_("wrong.every_h"), NULL},
};

struct text
ui_sentence(struct web *w, const struct err *e)
{
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
		if (strcmp(wrongs[i].field, e->field) != 0)
			continue;
		if (e->code == ERR_CONFLICT && wrongs[i].taken != NULL)
			return page_say(w, wrongs[i].taken, NULL);
		if (e->code == ERR_INPUT)
			return page_say(w, wrongs[i].invalid, NULL);
	}
	if (e->code == ERR_INPUT || e->code == ERR_CONFLICT)
		return sentence_in(w, text_of(arena_printf(w->arena, "%s", e->text)));
	return page_say(w, error_key(e), NULL);
}

int
ui_wrong(struct web *w, struct val *vars, const struct err *e, int *status)
{
	if (e->code != ERR_INPUT && e->code != ERR_CONFLICT && e->code != ERR_LIMIT)
		return -1;
	*status = 422;
	struct text sentence = ui_sentence(w, e);
	/* a text with lines says it under the line */
	if (e->field[0] == '\0' || e->line > 0) {
		val_put(w->arena, vars, "problem", val_of(sentence));
		if (e->line > 0)
			val_put(w->arena, vars, "line", val_int(e->line));
		return 0;
	}
	struct val wrong = val_map(w->arena);
	val_put(w->arena, &wrong, arena_printf(w->arena, "%s", e->field), val_of(sentence));
	val_put(w->arena, vars, "wrong", wrong);
	return 0;
}

int
ui_audit(struct web *w, const char *action, int64_t object, const char *detail,
	struct err *e)
{
	const struct user *u = &w->session->user;
	const struct audit d = {.company_id = u->company_id,
		.user_id = u->id,
		.key_id = "",
		.ip = w->request.ip,
		.request_id = w->request.id,
		.action = action,
		.object = arena_printf(w->arena, "%lld", (long long)object),
		.detail = detail};
	return audit_add(w->arena, w->db, &d, e);
}
