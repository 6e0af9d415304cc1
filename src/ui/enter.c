/* See enter.h. The page of a company's link names the company and nothing else. */
#include "ui/enter.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "ui/frame.h"
#include "web/page.h"
#include "web/session.h"

#include <string.h>

/* A path of ours to go on to: no scheme, no host, no //. */
static const char *
next_of(struct web *w, struct text next)
{
	if (next.n < 1 || next.n > 1000 || next.at[0] != '/' ||
		(next.n > 1 && (next.at[1] == '/' || next.at[1] == '\\')))
		return "/";
	for (size_t i = 0; i < next.n; i++)
		if ((unsigned char)next.at[i] <= 0x20 || next.at[i] == '\\')
			return "/";
	return text_z(w->arena, next);
}

/* Up to two first letters: "Зерно и чай" is ЗИ. */
static struct text
crest(struct web *w, const char *name)
{
	struct str s = str_new(w->arena);
	bool begins = true;
	size_t letters = 0;
	for (const char *p = name; *p != '\0' && letters < 2;) {
		size_t n = 1;
		while ((p[n] & 0xc0) == 0x80)
			n++;
		if (begins && *p != ' ') {
			str_add(&s, p, n);
			letters++;
		}
		begins = *p == ' ';
		p += n;
	}
	return str_text(&s);
}

/* Fills w->company by the link; a platform's page has none. */
static int
find_company(struct web *w, struct err *e)
{
	const struct val *slug = val_get(&w->params, "slug");
	w->company = (struct company){0};
	if (slug == NULL)
		return 0;
	return web_found(
		company_by_slug(w->arena, w->db, val_as_text(slug), &w->company, e), e);
}

static int
show(struct web *w, int status, struct val *vars, struct err *e)
{
	const char *next = status == 200 ? text_z(w->arena, web_query(w, "next"))
					 : web_form_z(w, "next");
	val_put(w->arena, vars, "go", val_text(next_of(w, text_of(next))));
	val_put(w->arena, vars, "action", val_of(w->request.path));
	if (w->company.id != 0)
		val_put(w->arena, vars, "crest", val_of(crest(w, w->company.name)));
	return ui_page(w, status, "login", vars, e);
}

int
enter_form(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	if (find_company(w, e) < 0)
		return -1;
	if (w->session != NULL && w->session->user.company_id == w->company.id) {
		response_redirect(w, "/");
		return 0;
	}
	return show(w, 200, &vars, e);
}

int
enter_company_form(struct web *w, struct err *e)
{
	return enter_form(w, e);
}

int
enter_submit(struct web *w, struct err *e)
{
	static const char *const typed[] = {"email", NULL};
	if (find_company(w, e) < 0)
		return -1;
	struct user u;
	int known = user_login(w->arena, w->db, w->company.id, web_form(w, "email"),
		text_of(web_form_z(w, "password")), &u, e);
	if (known < 0 && e->code != ERR_LIMIT)
		return -1;
	if (known < 1) {
		struct val vars = val_map(w->arena);
		ui_typed(w, &vars, typed);
		const char *why = known == 0 ? T_("login.wrong") : T_("login.too_often");
		val_put(w->arena, &vars, "problem", val_of(page_say(w, why, NULL)));
		w->session = NULL;
		return show(w, 422, &vars, e);
	}
	if (session_enter(w, &u, e) < 0 ||
		audit_add(w->db, &u, w->request.ip, "login", u.id, "", e) < 0)
		return -1;
	if (w->company.id != 0)
		response_cookie(w, "company", w->company.slug, 365 * 86400);
	response_redirect(w, next_of(w, text_of(web_form_z(w, "next"))));
	return 0;
}

int
enter_leave(struct web *w, struct err *e)
{
	if (session_prove(w, e) < 0 ||
		ui_audit(w, "logout", w->session->user.id, "", e) < 0)
		return -1;
	const char *to = w->company.id == 0
				 ? "/login"
				 : arena_printf(w->arena, "/l/%s", w->company.slug);
	if (session_leave(w, e) < 0)
		return -1;
	response_redirect(w, to);
	return 0;
}

int
enter_language(struct web *w, struct err *e)
{
	struct text wish = web_form(w, "language");
	const char *language = text_is(wish, "ru") ? "ru" : "en";
	if (w->session != NULL) {
		const struct user *u = &w->session->user;
		if (session_prove(w, e) < 0 ||
			user_set_language(w->db, u->company_id, u->id, language, e) < 0)
			return -1;
	}
	response_cookie(w, "lang", language, 365 * 86400);
	response_redirect(w, next_of(w, text_of(web_form_z(w, "next"))));
	return 0;
}
