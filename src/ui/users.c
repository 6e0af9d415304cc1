/* The company's users: see company.h. */
#include "base/arena.h"
#include "base/err.h"
#include "message/house.h"
#include "store/job.h"
#include "tenant/second.h"
#include "ui/company.h"
#include "ui/enter.h"
#include "ui/frame.h"
#include "ui/me.h"
#include "web/page.h"

#include <string.h>

int
company_users(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list;
	const char *policy;
	if (user_all(w->arena, w->db, w->company.id, &list, e) < 0 ||
		second_policy(w->arena, w->db, w->company.id, &policy, e) < 0)
		return -1;
	val_put(w->arena, &vars, "users", list);
	val_put(w->arena, &vars, "policy", val_text(policy));
	return ui_page(w, 200, "users", &vars, e);
}

int
company_user_form(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), form = val_map(w->arena);
	val_put(w->arena, &form, "role", val_text("manager"));
	val_put(w->arena, &vars, "form", form);
	return ui_page(w, 200, "user-new", &vars, e);
}

/* A letter with which the new user chooses a password. */
static int
invite(struct web *w, int64_t user_id, struct err *e)
{
	struct val args = val_map(w->arena);
	int64_t job;
	val_put(w->arena, &args, "user", val_id(w->arena, user_id));
	return job_add(w->arena, w->db, w->company.id, HOUSE_JOB, &args,
		w->session->user.id, &job, e);
}

int
company_user_make(struct web *w, struct err *e)
{
	static const char *const typed[] = {"email", "name", "role", NULL};
	struct text role = web_form(w, "role");
	struct user u = {
		.company_id = w->company.id,
		.email = text_z(w->arena, web_form(w, "email")),
		.name = text_z(w->arena, text_cut(web_form(w, "name"), 100)),
		.role = text_is(role, "admin") ? "admin" : "manager",
		.language = words_language(page_words(w)),
	};
	struct text password = text_of(web_form_z(w, "password"));
	int fresh = enter_is_fresh(w, e);
	if (fresh < 1)
		return fresh;
	if (user_create(w->arena, w->db, &u, password, e) < 0) {
		struct val vars = val_map(w->arena);
		int status;
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		ui_typed(w, &vars, typed);
		return ui_page(w, status, "user-new", &vars, e);
	}
	if (password.n == 0 && invite(w, u.id, e) < 0)
		return -1;
	if (ui_audit(w, password.n == 0 ? "user.invite" : "user.create", u.id, u.email, e) <
		0)
		return -1;
	page_flash(w, password.n == 0 ? T_("user.invited") : T_("user.made"));
	response_redirect(w, "/company/users");
	return 0;
}

static int
find_user(struct web *w, struct user *u, bool *active, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	return web_found(user_by_id(w->arena, w->db, w->company.id, id, u, active, e), e);
}

int
company_user(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), one = val_map(w->arena), sessions;
	struct user u;
	bool active;
	if (find_user(w, &u, &active, e) < 0 ||
		me_session_list(w, w->company.id, u.id, &sessions, e) < 0)
		return -1;
	val_put(w->arena, &one, "id", val_id(w->arena, u.id));
	val_put(w->arena, &one, "email", val_text(u.email));
	val_put(w->arena, &one, "name", val_text(u.name));
	val_put(w->arena, &one, "role", val_text(u.role));
	val_put(w->arena, &one, "second", val_bool(u.has_second));
	val_put(w->arena, &one, "active", val_bool(active));
	val_put(w->arena, &vars, "who", one);
	val_put(w->arena, &vars, "sessions", sessions);
	return ui_page(w, 200, "user", &vars, e);
}

/* What an administrator may do to a user: the form's "do", its row in the log, what the next page says. */
static const struct deed {
	const char *name, *action, *said;
} deeds[] = {
	{"enable", "user.enable", T_("user.enabled")},
	{"disable", "user.disable", T_("user.disabled")},
	{"end", "session.end", T_("user.ended")},
	{"second_off", "second.off", T_("user.second_off")},
	{"invite", "user.invite", T_("user.invited")},
};
enum { DEEDS = sizeof deeds / sizeof *deeds };

static const struct deed *
find_deed(struct web *w)
{
	struct text name = web_form(w, "do");
	if (name.n == 0) /* as the form was before it could do more */
		name = text_of(
			text_is(web_form(w, "state"), "active") ? "enable" : "disable");
	for (size_t i = 0; i < DEEDS; i++)
		if (text_is(name, deeds[i].name))
			return &deeds[i];
	return NULL;
}

static int
carry_out(struct web *w, const struct deed *d, const struct user *u, struct err *e)
{
	switch (d - deeds) {
	case 0:
		return user_set_state(w->db, w->company.id, u->id, "active", e);
	case 1:
		return user_set_state(w->db, w->company.id, u->id, "disabled", e);
	case 2:
		return session_end_others(w->db, w->company.id, u->id, NULL, e);
	case 3:
		return second_turn_off(w->db, w->company.id, u->id, e);
	default:
		return invite(w, u->id, e);
	}
}

int
company_user_state(struct web *w, struct err *e)
{
	struct user u;
	bool active;
	const struct deed *d = find_deed(w);
	if (find_user(w, &u, &active, e) < 0)
		return -1;
	if (d == NULL)
		return err_set(e, ERR_INPUT, "nothing of this kind can be done to a user");
	if (u.id == w->session->user.id) {
		page_flash(w, T_("user.not_self"));
		response_redirect(w, "/company/users");
		return 0;
	}
	int fresh = enter_is_fresh(w, e);
	if (fresh < 1)
		return fresh;
	if (carry_out(w, d, &u, e) < 0 || ui_audit(w, d->action, u.id, u.email, e) < 0)
		return -1;
	page_flash(w, d->said);
	response_redirect(w, "/company/users");
	return 0;
}

int
company_policy(struct web *w, struct err *e)
{
	const char *policy = text_z(w->arena, web_form(w, "second_factor"));
	int fresh = enter_is_fresh(w, e);
	if (fresh < 1)
		return fresh;
	if (second_set_policy(w->db, w->company.id, policy, e) < 0 ||
		ui_audit(w, "policy.second", 0, policy, e) < 0)
		return -1;
	page_flash(w, T_("policy.done"));
	response_redirect(w, "/company/users");
	return 0;
}
