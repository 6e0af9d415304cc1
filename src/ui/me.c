/* See me.h. */
#include "ui/me.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/qr.h"
#include "base/str.h"
#include "base/totp.h"
#include "tenant/second.h"
#include "ui/enter.h"
#include "ui/frame.h"
#include "web/page.h"
#include "web/session.h"

#include <string.h>

/* What a user agent calls itself, roughly: the first that fits. */
static struct val
named_in(struct text agent, const char *const (*names)[2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (memmem(agent.at, agent.n, names[i][0], strlen(names[i][0])) != NULL)
			return val_text(names[i][1]);
	return val_null();
}

int
me_session_list(
	struct web *w, int64_t company_id, int64_t user_id, struct val *out, struct err *e)
{
	static const char *const browsers[][2] = {{"YaBrowser/", "Yandex"},
		{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"},
		{"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}};
	static const char *const systems[][2] = {{"Android", "Android"},
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"},
		{"Mac OS X", "macOS"}, {"Linux", "Linux"}};
	if (session_of_user(w->arena, w->db, company_id, user_id, out, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(out); i++) {
		struct val *s = &out->list->at[i];
		struct text agent = val_as_text(val_get(s, "agent"));
		val_put(w->arena, s, "browser",
			named_in(agent, browsers, sizeof browsers / sizeof *browsers));
		val_put(w->arena, s, "system",
			named_in(agent, systems, sizeof systems / sizeof *systems));
		val_put(w->arena, s, "here",
			val_bool(text_is(
				val_as_text(val_get(s, "hash")), w->session->hash)));
	}
	return 0;
}

static int
show(struct web *w, int status, struct val *vars, struct err *e)
{
	const struct user *u = &w->session->user;
	struct val sessions;
	int64_t left;
	if (me_session_list(w, u->company_id, u->id, &sessions, e) < 0 ||
		second_recovery_left(w->arena, w->db, u, &left, e) < 0)
		return -1;
	val_put(w->arena, vars, "sessions", sessions);
	val_put(w->arena, vars, "second", val_bool(u->has_second));
	val_put(w->arena, vars, "codes_left", val_int(left));
	return ui_page(w, status, "me", vars, e);
}

int
me_page(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	return show(w, 200, &vars, e);
}

/* The form again with what is wrong with one field. */
static int
show_wrong(
	struct web *w, const char *field, struct text sentence, int status, struct err *e)
{
	struct val vars = val_map(w->arena), wrong = val_map(w->arena);
	val_put(w->arena, &wrong, field, val_of(sentence));
	val_put(w->arena, &vars, "wrong", wrong);
	return show(w, status, &vars, e);
}

int
me_password(struct web *w, struct err *e)
{
	const struct user *u = &w->session->user;
	struct user again;
	struct attempt t = session_attempt(w);
	t.email = text_of(u->email);
	t.password = text_of(web_form_z(w, "old"));
	int known = user_login(w->arena, w->db, &t, &again, e);
	if (known < 0 && e->code != ERR_LIMIT)
		return -1;
	if (known < 1)
		return show_wrong(w, "old",
			page_say(w, known == 0 ? T_("me.old_wrong") : T_("login.too_often"),
				NULL),
			known == 0 ? 422 : 429, e);
	if (user_forgive(w->arena, w->db, u, e) < 0)
		return -1;
	if (user_set_password(
		    w->arena, w->db, u, text_of(web_form_z(w, "password")), NULL, e) < 0)
		return e->code != ERR_INPUT
			       ? -1
			       : show_wrong(w, "password", ui_sentence(w, e), 422, e);
	if (session_enter(w, u, false, e) < 0 ||
		ui_audit(w, "password.change", u->id, "", e) < 0)
		return -1;
	page_flash(w, T_("me.password_done"));
	response_redirect(w, "/me");
	return 0;
}

/* The page with the picture; sealed: the same secret again after a wrong code, empty for a new one. */
static int
show_second(struct web *w, int status, struct text sealed, struct val *vars, struct err *e)
{
	const struct user *u = &w->session->user;
	struct text secret, svg;
	if (!second_offered(w->arena, u, sealed, &secret))
		sealed = text_of(second_offer(w->arena, u, &secret));
	const char *issuer = w->company.id != 0 ? w->company.name : "cxdp";
	struct text uri = text_of(totp_uri(w->arena, issuer, u->email, secret));
	if (qr_svg(w->arena, uri, page_say(w, T_("second.picture"), NULL), &svg, e) < 0)
		return -1;
	struct str typed = str_new(w->arena);
	const char *base32 = totp_base32(w->arena, secret);
	for (size_t i = 0; base32[i] != '\0'; i++) {
		if (i > 0 && i % 4 == 0)
			str_addc(&typed, ' ');
		str_addc(&typed, base32[i]);
	}
	val_put(w->arena, vars, "picture", val_of(svg));
	val_put(w->arena, vars, "secret", val_of(str_text(&typed)));
	val_put(w->arena, vars, "sealed", val_of(sealed));
	val_put(w->arena, vars, "second", val_bool(u->has_second));
	val_put(w->arena, vars, "must", val_bool(w->session->must_second));
	return ui_page(w, status, "second", vars, e);
}

int
me_second_form(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	return show_second(w, 200, text_of(""), &vars, e);
}

int
me_second_on(struct web *w, struct err *e)
{
	struct user *u = &w->session->user;
	struct val vars = val_map(w->arena), codes;
	struct text sealed = web_form(w, "sealed");
	int fresh = enter_is_fresh(w, e);
	if (fresh < 1)
		return fresh;
	int on = second_turn_on(w->arena, w->db, u, sealed, web_form(w, "code"), &codes, e);
	if (on < 0)
		return -1;
	if (on == 0) {
		struct val wrong = val_map(w->arena);
		val_put(w->arena, &wrong, "code",
			val_of(page_say(w, T_("code.wrong"), NULL)));
		val_put(w->arena, &vars, "wrong", wrong);
		return show_second(w, 422, sealed, &vars, e);
	}
	u->has_second = true;
	w->session->must_second = false;
	if (session_end_others(w->db, u->company_id, u->id, NULL, e) < 0 ||
		session_enter(w, u, false, e) < 0 ||
		ui_audit(w, "second.on", u->id, "", e) < 0)
		return -1;
	val_put(w->arena, &vars, "codes", codes);
	return ui_page(w, 200, "codes", &vars, e);
}

int
me_second_off(struct web *w, struct err *e)
{
	const struct user *u = &w->session->user;
	int fresh = enter_is_fresh(w, e);
	if (fresh < 1)
		return fresh;
	if (second_turn_off(w->db, u->company_id, u->id, e) < 0 ||
		session_end_others(w->db, u->company_id, u->id, w->session->hash, e) < 0 ||
		ui_audit(w, "second.off", u->id, "", e) < 0)
		return -1;
	page_flash(w, T_("me.second_off_done"));
	response_redirect(w, "/me");
	return 0;
}

int
me_codes(struct web *w, struct err *e)
{
	const struct user *u = &w->session->user;
	struct val vars = val_map(w->arena), codes;
	int fresh = enter_is_fresh(w, e);
	if (fresh < 1)
		return fresh;
	if (!u->has_second) {
		response_redirect(w, "/me");
		return 0;
	}
	if (second_recovery(w->arena, w->db, u, &codes, e) < 0 ||
		ui_audit(w, "second.codes", u->id, "", e) < 0)
		return -1;
	val_put(w->arena, &vars, "codes", codes);
	return ui_page(w, 200, "codes", &vars, e);
}

int
me_sessions(struct web *w, struct err *e)
{
	const struct user *u = &w->session->user;
	struct text hash = web_form(w, "session");
	if (hash.n > 0) {
		if (web_found(session_end_one(w->db, u->company_id, u->id, hash, e), e) < 0)
			return -1;
	} else if (session_end_others(w->db, u->company_id, u->id, w->session->hash, e) < 0)
		return -1;
	if (ui_audit(w, "session.end", u->id, "", e) < 0)
		return -1;
	page_flash(w, hash.n > 0 ? T_("me.session_ended") : T_("me.sessions_ended"));
	response_redirect(w, "/me");
	return 0;
}
