/* See letter.h. */
#include "ui/letter.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "message/compose.h"
#include "message/message.h"
#include "message/template_store.h"
#include "profile/field.h"
#include "profile/ident.h"
#include "profile/person.h"
#include "ui/frame.h"
#include "ui/sentence.h"
#include "ui/show.h"
#include "web/page.h"

/* A letter is a stranger's HTML: no script, no frame of ours around it, nothing but pictures and its own styles. */
static const char letter_csp[] = "sandbox; default-src 'none'; img-src https: http: data:; "
				 "style-src 'unsafe-inline'; frame-ancestors 'self'";

static const char *const typed[] = {"name", "subject", "body", NULL};

int
letter_list(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list;
	if (message_template_all(w->arena, w->db, w->company.id, &list, e) < 0)
		return -1;
	val_put(w->arena, &vars, "templates", list);
	return ui_page(w, 200, "templates", &vars, e);
}

int
letter_new(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), form = val_map(w->arena);
	val_put(w->arena, &form, "name", val_text(""));
	val_put(w->arena, &form, "subject",
		val_of(page_say(w, T_("letter.first_subject"), NULL)));
	val_put(w->arena, &form, "body",
		val_of(page_say(w, T_("letter.first_body"), NULL)));
	val_put(w->arena, &vars, "form", form);
	return ui_page(w, 200, "template", &vars, e);
}

static int
find(struct web *w, struct letter_template *t, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	return web_found(
		message_template_by_id(w->arena, w->db, w->company.id, id, t, e), e);
}

int
letter_page(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	struct letter_template t;
	if (find(w, &t, e) < 0)
		return -1;
	struct val form = message_template_val(w->arena, &t);
	val_put(w->arena, &vars, "template", form);
	val_put(w->arena, &vars, "form", form);
	val_put(w->arena, &vars, "tester", val_text(w->session->user.email));
	return ui_page(w, 200, "template", &vars, e);
}

static int
save(struct web *w, struct letter_template *t, struct err *e)
{
	bool is_new = t->id == 0;
	struct val vars = val_map(w->arena);
	int status;
	if (!is_new) /* as it is stored, for the page's head; the form has what was typed */
		val_put(w->arena, &vars, "template", message_template_val(w->arena, t));
	t->name = text_z(w->arena, web_form(w, "name"));
	t->channel = "email";
	t->subject = text_z(w->arena, web_form(w, "subject"));
	t->body = web_form_z(w, "body");
	if (message_template_put(w->db, w->settings, w->company.id, t, e) < 0) {
		if (e->code == ERR_CONFLICT && e->field[0] == '\0') {
			err_field(e, "name", "taken");
			e->code = ERR_CONFLICT;
		}
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		ui_typed(w, &vars, typed);
		return ui_page(w, status, "template", &vars, e);
	}
	if (ui_audit(w, is_new ? "template.create" : "template.change", t->id, t->name, e) <
		0)
		return -1;
	page_flash(w, is_new ? T_("letter.made") : T_("letter.changed"));
	response_redirect(w, arena_printf(w->arena, "/templates/%lld", (long long)t->id));
	return 0;
}

int
letter_make(struct web *w, struct err *e)
{
	struct letter_template t = {0};
	return save(w, &t, e);
}

int
letter_change(struct web *w, struct err *e)
{
	struct letter_template t;
	return find(w, &t, e) < 0 ? -1 : save(w, &t, e);
}

/* Somebody to write to while looking at a template. */
static struct val
sample_person(struct web *w)
{
	struct val v = val_map(w->arena);
	val_put(w->arena, &v, "first_name",
		val_of(page_say(w, T_("letter.sample_first"), NULL)));
	val_put(w->arena, &v, "last_name",
		val_of(page_say(w, T_("letter.sample_last"), NULL)));
	val_put(w->arena, &v, "email", val_text("olga@example.com"));
	val_put(w->arena, &v, "city", val_of(page_say(w, T_("letter.sample_city"), NULL)));
	return v;
}

int
letter_preview(struct web *w, struct err *e)
{
	struct letter_template t = {.name = "preview",
		.channel = "email",
		.subject = text_z(w->arena, web_form(w, "subject")),
		.body = web_form_z(w, "body")};
	struct val person = sample_person(w);
	struct text html, subject;
	if (compose_preview(w->arena, w->settings, &w->company, &t, &person,
		    (struct text){0}, &html, &subject, e) < 0) {
		if (e->code != ERR_INPUT && e->code != ERR_LIMIT)
			return -1;
		struct str s = str_new(w->arena);
		struct val args = val_map(w->arena);
		val_put(w->arena, &args, "line", val_int(e->line));
		str_addz(&s, "<!doctype html><meta charset=\"utf-8\"><style>body{font:14px/"
			     "20px sans-serif;color:#b42318;margin:24px}</style><p>");
		if (e->line > 0) {
			str_add_html(&s, page_say(w, T_("letter.line"), &args));
			str_addz(&s, " ");
		}
		str_add_html(&s, sentence_in(w, text_of(e->text)));
		html = str_text(&s);
	}
	response_header(w, "Content-Security-Policy", letter_csp);
	response_header(w, "Cache-Control", "no-store");
	response_bytes(w, 200, "text/html; charset=utf-8", html);
	return 0;
}

int
letter_test(struct web *w, struct err *e)
{
	struct letter_template t;
	int64_t person, message;
	struct val none = val_map(w->arena);
	if (find(w, &t, e) < 0)
		return -1;
	const char *back = arena_printf(w->arena, "/templates/%lld", (long long)t.id);
	int found = person_by_ident(w->arena, w->db, w->company.id, w->company.country,
		IDENT_EMAIL, web_form(w, "email"), &person, e);
	if (found < 0 && e->code != ERR_INPUT)
		return -1;
	if (found < 1) {
		page_flash(w, T_("letter.test_nobody"));
		response_redirect(w, back);
		return 0;
	}
	if (message_send_single(w->arena, w->db, w->company.id, t.id, person, &none,
		    text_of(""), &message, e) < 0 ||
		ui_audit(w, "template.test", t.id, t.name, e) < 0)
		return -1;
	page_flash(w, T_("letter.tested"));
	response_redirect(w, back);
	return 0;
}

int
letter_words(struct web *w, struct err *e)
{
	static const char *const words[] = {"default", "date", "money", "number", "plural",
		"upper", "lower", "truncate", "join", "profile", "company"};
	struct val out = val_map(w->arena), fields, list = val_list(w->arena);
	if (field_all(w->arena, w->db, w->company.id, &fields, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&fields); i++) {
		struct val *f = &fields.list->at[i];
		show_label(w, f);
		val_put(w->arena, f, "name",
			val_text(arena_printf(w->arena, "profile.%s",
				val_as_z(w->arena, val_get(f, "name")))));
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		val_push(w->arena, &list, val_text(words[i]));
	val_put(w->arena, &out, "fields", fields);
	val_put(w->arena, &out, "words", list);
	response_header(w, "Cache-Control", "no-store");
	response_json(w, 200, &out);
	return 0;
}
