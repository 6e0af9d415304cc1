/* See session.h. */
#include "web/session.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/sign.h"
#include "script/budget.h"
#include "web/route.h"

#include <string.h>

/* "__Host-cxdp", or "cxdp" where cookies need not be secure. */
static const char *
cookie_name(const struct web *w)
{
	return w->settings->secure_cookies ? "__Host-cxdp" : "cxdp";
}

/* A browser says where a change comes from; what is no browser says nothing and carries no cookie of somebody else. */
static int
check_origin(const struct web *w, struct err *e)
{
	struct text site = request_header(&w->request, "sec-fetch-site");
	if (site.n > 0 && !text_is(site, "same-origin") && !text_is(site, "none"))
		return err_set(e, ERR_DENIED, "this form was sent from another site");
	struct text origin = request_header(&w->request, "origin");
	if (origin.n == 0)
		return 0;
	struct text host = request_header(&w->request, "host");
	const char *at = memmem(origin.at, origin.n, "://", 3);
	if (at != NULL && host.n > 0) {
		at += 3;
		struct text from = {at, origin.n - (size_t)(at - origin.at)};
		if (text_same(from, host))
			return 0;
	}
	return err_set(e, ERR_DENIED, "this form was sent from another site");
}

static int
check_token(struct web *w, const struct session *s, struct err *e)
{
	struct text token = request_header(&w->request, "x-csrf-token");
	if (token.n == 0)
		token = w->incoming_left > 0 ? web_query(w, "csrf") : web_form(w, "csrf");
	if (sign_same(token, text_of(s->csrf)))
		return 0;
	return err_set(e, ERR_DENIED, "the page is out of date: reload it and try again");
}

static int
find_session(struct web *w, struct err *e)
{
	struct text cookie = request_cookie(&w->request, cookie_name(w));
	if (cookie.n == 0)
		return 0;
	struct session *s = arena_alloc(w->arena, sizeof *s);
	int found = session_find(w->arena, w->db, cookie, s, e);
	if (found <= 0)
		return found;
	if (s->user.company_id != PLATFORM) {
		found = company_by_id(w->arena, w->db, s->user.company_id, &w->company, e);
		if (found <= 0)
			return found;
	}
	if (s->half)
		w->half = s;
	else
		w->session = s;
	if (w->company.id != 0)
		budget_enter(budget_of(w->company.id, w->settings), false);
	return 1;
}

static int
err_second(struct err *e)
{
	err_field(e, "second", "this company asks for a second factor: turn it on first");
	e->code = ERR_DENIED;
	return -1;
}

int
session_guard(struct web *w, struct err *e)
{
	if (find_session(w, e) < 0)
		return -1;
	bool changes = !request_is_read(&w->request);
	if (changes && check_origin(w, e) < 0)
		return -1;
	enum right right = w->route->right;
	if (right == RIGHT_NONE)
		return 0;
	if (w->session == NULL)
		return err_set(e, ERR_AUTH, "log in first");
	bool of_platform = w->session->user.company_id == PLATFORM;
	if (right != RIGHT_SELF && of_platform != (right == RIGHT_PLATFORM))
		return err_set(e, ERR_MISSING, "there is nothing here");
	if (!user_may(&w->session->user, right))
		return err_set(e, ERR_DENIED, "your role does not allow this");
	if (right != RIGHT_SELF && w->session->must_second)
		return err_second(e);
	return changes ? check_token(w, w->session, e) : 0;
}

int
session_prove(struct web *w, struct err *e)
{
	if (w->session == NULL)
		return err_set(e, ERR_AUTH, "log in first");
	return check_token(w, w->session, e);
}

int
session_prove_half(struct web *w, struct err *e)
{
	if (w->half == NULL)
		return err_set(e, ERR_AUTH, "log in first");
	return check_token(w, w->half, e);
}

int
session_enter(struct web *w, const struct user *u, bool half, struct err *e)
{
	struct text old = request_cookie(&w->request, cookie_name(w));
	if (old.n > 0 && session_end(w->arena, w->db, old, e) < 0)
		return -1;
	struct session *s = arena_alloc(w->arena, sizeof *s);
	const char *agent = text_z(
		w->arena, text_cut(request_header(&w->request, "user-agent"), 200));
	if (session_begin(w->arena, w->db, u, w->request.ip, agent, half, s, e) < 0)
		return -1;
	response_cookie(w, cookie_name(w), s->cookie, 0);
	if (!half)
		w->session = s;
	return 0;
}

int
session_leave(struct web *w, struct err *e)
{
	struct text cookie = request_cookie(&w->request, cookie_name(w));
	response_cookie(w, cookie_name(w), "", -1);
	return cookie.n > 0 ? session_end(w->arena, w->db, cookie, e) : 0;
}

static const char *
device_name(const struct web *w)
{
	return w->settings->secure_cookies ? "__Host-device" : "device";
}

struct attempt
session_attempt(struct web *w)
{
	return (struct attempt){.company_id = w->company.id,
		.ip = w->request.ip,
		.device = request_cookie(&w->request, device_name(w))};
}

void
session_remember(struct web *w, const struct user *u)
{
	response_cookie(w, device_name(w), user_device(w->arena, u), 180 * 86400);
}
