/* See enter.h. The page of a company's link names the company and nothing else. */
#include "ui/enter.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "tenant/second.h"
#include "ui/frame.h"
#include "web/page.h"
#include "web/session.h"

#include <string.h>

static const int64_t fresh_us = 15 * MINUTE_US;

const char *
enter_next(struct web *w, struct text next)
{
	if (next.n < 1 || next.n > 1000 || next.at[0] != '/' ||
		(next.n > 1 && (next.at[1] == '/' || next.at[1] == '\\')))
		return "/";
	for (size_t i = 0; i < next.n; i++)
		if ((unsigned char)next.at[i] <= 0x20 || next.at[i] == '\\')
			return "/";
	return text_z(w->arena, next);
}

void
enter_crest(struct web *w, struct val *vars)
{
	const char *name = w->company.name;
	if (w->company.id == 0)
		return;
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
	val_put(w->arena, vars, "crest", val_of(str_text(&s)));
}

int
enter_company(struct web *w, struct err *e)
{
	const struct val *slug = val_get(&w->params, "slug");
	w->company = (struct company){0};
	if (slug == NULL)
		return 0;
	return web_found(
		company_by_slug(w->arena, w->db, val_as_text(slug), &w->company, e), e);
}

const char *
enter_path(struct web *w)
{
	return w->company.id == 0 ? "/login"
				  : arena_printf(w->arena, "/l/%s", w->company.slug);
}

static int
show(struct web *w, int status, struct val *vars, struct err *e)
{
	const char *next = status == 200 ? text_z(w->arena, web_query(w, "next"))
					 : web_form_z(w, "next");
	val_put(w->arena, vars, "go", val_text(enter_next(w, text_of(next))));
	val_put(w->arena, vars, "action", val_of(w->request.path));
	val_put(w->arena, vars, "forgot",
		val_text(arena_printf(w->arena, "%s/forgot", enter_path(w))));
	enter_crest(w, vars);
	return ui_page(w, status, "login", vars, e);
}

int
enter_form(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	if (enter_company(w, e) < 0)
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

/* The sentence of a try that was not good: 0 wrong, -1 too often. The status of the page. */
static int
put_problem(struct web *w, struct val *vars, int known, const char *wrong)
{
	const char *why = known == 0 ? wrong : T_("login.too_often");
	val_put(w->arena, vars, "problem", val_of(page_say(w, why, NULL)));
	if (known < 0)
		response_header(w, "Retry-After", "60");
	return known == 0 ? 422 : 429;
}

/* All is proved: a new session, its row in the log, and on. */
static int
let_in(struct web *w, const struct user *u, struct err *e)
{
	if (session_enter(w, u, false, e) < 0 || ui_audit(w, "login", u->id, "", e) < 0)
		return -1;
	session_remember(w, u);
	if (w->company.id != 0)
		response_cookie(w, "company", w->company.slug, 365 * 86400);
	response_redirect(w, enter_next(w, text_of(web_form_z(w, "next"))));
	return 0;
}

int
enter_submit(struct web *w, struct err *e)
{
	static const char *const typed[] = {"email", NULL};
	if (enter_company(w, e) < 0)
		return -1;
	struct user u;
	struct attempt t = session_attempt(w);
	t.email = web_form(w, "email");
	t.password = text_of(web_form_z(w, "password"));
	int known = user_login(w->arena, w->db, &t, &u, e);
	if (known < 0 && e->code != ERR_LIMIT)
		return -1;
	if (known < 1) {
		struct val vars = val_map(w->arena);
		ui_typed(w, &vars, typed);
		int status = put_problem(w, &vars, known, T_("login.wrong"));
		w->session = NULL;
		return show(w, status, &vars, e);
	}
	if (!u.has_second)
		return let_in(w, &u, e);
	if (session_enter(w, &u, true, e) < 0)
		return -1;
	struct str to = str_new(w->arena);
	str_addz(&to, "/login/code?next=");
	str_add_url(&to, text_of(enter_next(w, text_of(web_form_z(w, "next")))));
	response_redirect(w, to.at);
	return 0;
}

static int
show_code(struct web *w, int status, struct val *vars, struct text next, struct err *e)
{
	val_put(w->arena, vars, "go", val_text(enter_next(w, next)));
	val_put(w->arena, vars, "back", val_text(enter_path(w)));
	enter_crest(w, vars);
	return ui_page(w, status, "code", vars, e);
}

int
enter_code_form(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	if (w->half == NULL)
		return err_set(e, ERR_AUTH, "log in first");
	return show_code(w, 200, &vars, web_query(w, "next"), e);
}

int
enter_code_submit(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	if (session_prove_half(w, e) < 0)
		return -1;
	struct attempt t = session_attempt(w);
	t.code = web_form(w, "code");
	int good = user_code(w->arena, w->db, &w->half->user, &t, e);
	if (good < 0 && e->code != ERR_LIMIT)
		return -1;
	if (good == 1)
		return let_in(w, &w->half->user, e);
	int status = put_problem(w, &vars, good, T_("code.wrong"));
	return show_code(w, status, &vars, text_of(web_form_z(w, "next")), e);
}

/* Every field of the form but ours, as a list of {name, value}: the page that asks sends them on. */
static struct val
fields_of(struct web *w)
{
	static const char *const ours[] = {"csrf", "proof_password", "proof_code"};
	struct val list = val_list(w->arena);
	const struct val *form = &w->request.form;
	for (size_t i = 0; i < val_len(form); i++) {
		const struct val_pair *p = &form->map->at[i];
		bool skip = false;
		for (size_t k = 0; k < sizeof ours / sizeof *ours; k++)
			skip = skip || text_is(p->key, ours[k]);
		size_t n = p->val.kind == VAL_LIST ? val_len(&p->val) : 1;
		for (size_t k = 0; k < n && !skip; k++) {
			struct val one = val_map(w->arena);
			val_put(w->arena, &one, "name",
				p->val.kind != VAL_LIST
					? val_of(p->key)
					: val_text(arena_printf(w->arena, "%.*s[]",
						  (int)p->key.n, p->key.at)));
			val_put(w->arena, &one, "value",
				p->val.kind == VAL_LIST ? p->val.list->at[k] : p->val);
			val_push(w->arena, &list, one);
		}
	}
	return list;
}

int
enter_is_fresh(struct web *w, struct err *e)
{
	struct session *s = w->session;
	if (time_now_us() - s->proved_at_us < fresh_us)
		return 1;
	struct val vars = val_map(w->arena);
	struct attempt t = session_attempt(w);
	t.password = text_of(web_form_z(w, "proof_password"));
	t.code = web_form(w, "proof_code");
	int status = 403;
	if (t.password.n > 0) {
		int good = user_prove(w->arena, w->db, &s->user, &t, e);
		if (good < 0 && e->code != ERR_LIMIT)
			return -1;
		if (good == 1)
			return session_proved(w->db, s, e) < 0 ? -1 : 1;
		status = put_problem(w, &vars, good, T_("prove.wrong"));
	}
	val_put(w->arena, &vars, "fields", fields_of(w));
	val_put(w->arena, &vars, "action", val_of(w->request.path));
	val_put(w->arena, &vars, "second", val_bool(s->user.has_second));
	return ui_page(w, status, "prove", &vars, e);
}

int
enter_leave(struct web *w, struct err *e)
{
	if (w->session == NULL) { /* it is over already: the cookie goes too */
		struct text slug = request_cookie(&w->request, "company");
		struct str s = str_new(w->arena);
		str_addz(&s, slug.n > 0 ? "/l/" : "/login");
		str_add_url(&s, slug);
		if (session_leave(w, e) < 0)
			return -1;
		response_redirect(w, s.at);
		return 0;
	}
	if (session_prove(w, e) < 0 ||
		ui_audit(w, "logout", w->session->user.id, "", e) < 0)
		return -1;
	const char *to = enter_path(w);
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
	response_redirect(w, enter_next(w, text_of(web_form_z(w, "next"))));
	return 0;
}
