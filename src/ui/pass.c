/* See pass.h. What is answered, and how long that takes, does not depend on whether the address is known: the door only notes a job
 * (message/house.h), which looks the address up. */
#include "ui/pass.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "message/house.h"
#include "store/job.h"
#include "tenant/audit.h"
#include "tenant/pass.h"
#include "tenant/throttle.h"
#include "ui/enter.h"
#include "ui/frame.h"
#include "web/page.h"

#include <string.h>

static int
show(struct web *w, int status, struct val *vars, struct err *e)
{
	val_put(w->arena, vars, "action", val_of(w->request.path));
	val_put(w->arena, vars, "back", val_text(enter_path(w)));
	enter_crest(w, vars);
	return ui_page(w, status, "forgot", vars, e);
}

int
pass_forgot_form(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	w->session = NULL;
	return enter_company(w, e) < 0 ? -1 : show(w, 200, &vars, e);
}

int
pass_forgot(struct web *w, struct err *e)
{
	static const char *const typed[] = {"email", NULL};
	struct val vars = val_map(w->arena), args = val_map(w->arena);
	struct text email = web_form(w, "email");
	int64_t job;
	w->session = NULL;
	if (enter_company(w, e) < 0)
		return -1;
	ui_typed(w, &vars, typed);
	if (email.n < 3 || email.n > 254 || memchr(email.at, '@', email.n) == NULL) {
		struct val wrong = val_map(w->arena);
		val_put(w->arena, &wrong, "email",
			val_of(page_say(w, T_("wrong.email"), NULL)));
		val_put(w->arena, &vars, "wrong", wrong);
		return show(w, 422, &vars, e);
	}
	if (throttle_network(w->arena, w->db, w->request.ip, e) < 0) {
		if (e->code != ERR_LIMIT)
			return -1;
		val_put(w->arena, &vars, "problem",
			val_of(page_say(w, T_("login.too_often"), NULL)));
		return show(w, 429, &vars, e);
	}
	val_put(w->arena, &args, "email", val_of(email));
	int often = throttle_account(w->arena, w->db, w->company.id, "forgot", email, e);
	if (often < 0 && e->code != ERR_LIMIT)
		return -1;
	if (often == 0 &&
		job_add(w->arena, w->db, w->company.id, HOUSE_JOB, &args, 0, &job, e) < 0)
		return -1;
	val_put(w->arena, &vars, "sent", val_bool(true));
	return show(w, 200, &vars, e);
}

/* Whose link it is; the page that says it is no good any more is the answer when it is nobody's: 1 / 0 / -1. */
static int
find(struct web *w, struct text token, struct user *u, struct err *e)
{
	struct val vars = val_map(w->arena);
	w->session = NULL;
	w->company = (struct company){0};
	int found = pass_find(w->arena, w->db, token, u, e);
	if (found < 0)
		return -1;
	if (found == 1 && u->company_id != PLATFORM)
		return company_by_id(w->arena, w->db, u->company_id, &w->company, e);
	if (found == 1)
		return 1;
	val_put(w->arena, &vars, "gone", val_bool(true));
	return ui_page(w, 410, "pass", &vars, e);
}

static int
show_choice(struct web *w, int status, struct text token, const struct user *u,
	struct val *vars, struct err *e)
{
	val_put(w->arena, vars, "token", val_of(token));
	val_put(w->arena, vars, "email", val_text(u->email));
	enter_crest(w, vars);
	return ui_page(w, status, "pass", vars, e);
}

int
pass_form(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	struct user u;
	struct text token = web_query(w, "k");
	int found = find(w, token, &u, e);
	return found < 1 ? found : show_choice(w, 200, token, &u, &vars, e);
}

int
pass_choose(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	struct user u;
	struct text token = web_form(w, "k");
	int found = find(w, token, &u, e), status;
	if (found < 1)
		return found;
	int used = pass_use(
		w->arena, w->db, token, text_of(web_form_z(w, "password")), &u, e);
	if (used < 0) {
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		return show_choice(w, status, token, &u, &vars, e);
	}
	if (used == 0)
		return find(w, token, &u, e) < 0 ? -1 : 0;
	const struct audit d = {.company_id = u.company_id,
		.user_id = u.id,
		.key_id = "",
		.ip = w->request.ip,
		.request_id = w->request.id,
		.action = "password.reset",
		.object = arena_printf(w->arena, "%lld", (long long)u.id),
		.detail = ""};
	if (audit_add(w->arena, w->db, &d, e) < 0)
		return -1;
	page_flash(w, T_("pass.done"));
	response_redirect(w, enter_path(w));
	return 0;
}
