/* See company.h. */
#include "ui/company.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/str.h"
#include "ui/frame.h"
#include "web/page.h"

#include <string.h>

int
company_users(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list;
	if (user_all(w->arena, w->db, w->company.id, &list, e) < 0)
		return -1;
	val_put(w->arena, &vars, "users", list);
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
	if (user_create(w->arena, w->db, &u, password, e) < 0) {
		struct val vars = val_map(w->arena);
		int status;
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		ui_typed(w, &vars, typed);
		return ui_page(w, status, "user-new", &vars, e);
	}
	if (ui_audit(w, "user.create", u.id, u.email, e) < 0)
		return -1;
	page_flash(w, T_("user.made"));
	response_redirect(w, "/company/users");
	return 0;
}

int
company_user_state(struct web *w, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	bool on = text_is(web_form(w, "state"), "active");
	if (id == w->session->user.id && !on) {
		page_flash(w, T_("user.not_self"));
		response_redirect(w, "/company/users");
		return 0;
	}
	const char *state = on ? "active" : "disabled";
	if (web_found(user_set_state(w->db, w->company.id, id, state, e), e) < 0)
		return -1;
	if (ui_audit(w, on ? "user.enable" : "user.disable", id, "", e) < 0)
		return -1;
	page_flash(w, on ? T_("user.enabled") : T_("user.disabled"));
	response_redirect(w, "/company/users");
	return 0;
}

/* The scopes there are, as a list, each with whether it is chosen. */
static struct val
scopes_of(struct web *w, const char *chosen)
{
	struct val list = val_list(w->arena);
	const char *at = api_key_all_scopes;
	while (*at != '\0') {
		size_t n = strcspn(at, " ");
		struct val one = val_map(w->arena);
		const char *name = arena_text(w->arena, at, n);
		const char *held = strstr(chosen, name);
		val_put(w->arena, &one, "name", val_text(name));
		val_put(w->arena, &one, "on", val_bool(held != NULL));
		val_push(w->arena, &list, one);
		at += n + (at[n] == ' ');
	}
	return list;
}

int
company_keys(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list;
	if (api_key_all(w->arena, w->db, w->company.id, &list, e) < 0)
		return -1;
	val_put(w->arena, &vars, "keys", list);
	val_put(w->arena, &vars, "base", val_text(w->settings->public_url));
	return ui_page(w, 200, "keys", &vars, e);
}

int
company_key_form(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), form = val_map(w->arena);
	val_put(w->arena, &vars, "form", form);
	val_put(w->arena, &vars, "scopes",
		scopes_of(w, "profiles:read events:read segments:read"));
	return ui_page(w, 200, "key-new", &vars, e);
}

static const char *
chosen_scopes(struct web *w)
{
	struct val list = web_form_list(w, "scope");
	struct str s = str_new(w->arena);
	str_addz(&s, "");
	for (size_t i = 0; i < val_len(&list); i++) {
		if (i > 0)
			str_addc(&s, ' ');
		str_addt(&s, val_as_text(&list.list->at[i]));
	}
	return text_z(w->arena, str_text(&s));
}

int
company_key_make(struct web *w, struct err *e)
{
	static const char *const typed[] = {"name", NULL};
	const char *scopes = chosen_scopes(w), *key;
	const char *name = text_z(w->arena, web_form(w, "name"));
	struct val vars = val_map(w->arena);
	int done = scopes[0] == '\0'
			   ? err_field(e, "scopes", "a key has at least one scope")
			   : api_key_create(
				     w->arena, w->db, w->company.id, name, scopes, &key, e);
	if (done < 0) {
		int status;
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		ui_typed(w, &vars, typed);
		val_put(w->arena, &vars, "scopes", scopes_of(w, scopes));
		return ui_page(w, status, "key-new", &vars, e);
	}
	if (ui_audit(w, "api_key.create", 0, name, e) < 0)
		return -1;
	val_put(w->arena, &vars, "key", val_text(key));
	val_put(w->arena, &vars, "name", val_text(name));
	val_put(w->arena, &vars, "base", val_text(w->settings->public_url));
	return ui_page(w, 200, "key-made", &vars, e);
}

int
company_key_revoke(struct web *w, struct err *e)
{
	struct text key = val_as_text(val_get(&w->params, "key"));
	if (web_found(api_key_revoke(w->db, w->company.id, key, e), e) < 0)
		return -1;
	if (ui_audit(w, "api_key.revoke", 0, text_z(w->arena, key), e) < 0)
		return -1;
	page_flash(w, T_("key.revoked"));
	response_redirect(w, "/company/keys");
	return 0;
}

/* user_id to the user's name, for the log. */
static int
user_names(struct web *w, struct val *out, struct err *e)
{
	struct val users;
	*out = val_map(w->arena);
	if (user_all(w->arena, w->db, w->company.id, &users, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&users); i++) {
		const struct val *u = &users.list->at[i];
		struct text name = val_as_text(val_get(u, "name"));
		if (name.n == 0)
			name = val_as_text(val_get(u, "email"));
		val_put(w->arena, out, val_as_z(w->arena, val_get(u, "id")), val_of(name));
	}
	return 0;
}

int
company_audit(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list, names, rows = val_list(w->arena);
	if (audit_last(w->arena, w->db, w->company.id, &list, e) < 0 ||
		user_names(w, &names, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val row = list.list->at[i];
		const char *id = val_as_z(w->arena, val_get(&row, "user_id"));
		const struct val *name = val_get(&names, id);
		const char *key = arena_printf(
			w->arena, "audit.%s", val_as_z(w->arena, val_get(&row, "action")));
		val_put(w->arena, &row, "known",
			val_bool(words_has(page_words(w), text_of(key))));
		val_put(w->arena, &row, "who", name != NULL ? *name : val_null());
		val_push(w->arena, &rows, row);
	}
	val_put(w->arena, &vars, "rows", rows);
	return ui_page(w, 200, "audit", &vars, e);
}
