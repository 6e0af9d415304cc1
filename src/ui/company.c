/* See company.h. */
#include "ui/company.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "tenant/audit.h"
#include "ui/enter.h"
#include "ui/frame.h"
#include "web/page.h"

#include <string.h>

enum { AUDIT_ROWS = 50, KEY_DAYS_MAX = 3650 };

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
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val *k = &list.list->at[i];
		int64_t at_us = val_as_int(val_get(k, "expires_at_us"), 0);
		val_put(w->arena, k, "expired",
			val_bool(at_us != 0 && at_us < time_now_us()));
	}
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
	static const char *const typed[] = {"name", "days", "networks", NULL};
	const char *scopes = chosen_scopes(w), *key;
	const char *name = text_z(w->arena, web_form(w, "name"));
	struct val vars = val_map(w->arena), days = val_of(web_form(w, "days"));
	int64_t lifetime = val_as_int(&days, 0);
	struct api_key_order order = {.company_id = w->company.id,
		.name = name,
		.scopes = scopes,
		.expires_at_us = lifetime > 0 && lifetime <= KEY_DAYS_MAX
					 ? time_now_us() + lifetime * DAY_US
					 : 0,
		.networks = text_of(web_form_z(w, "networks"))};
	int fresh = enter_is_fresh(w, e);
	if (fresh < 1)
		return fresh;
	int done = scopes[0] == '\0'
			   ? err_field(e, "scopes", "a key has at least one scope")
			   : api_key_make(w->arena, w->db, &order, &key, e);
	if (done < 0) {
		int status;
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		ui_typed(w, &vars, typed);
		val_put(w->arena, &vars, "scopes", scopes_of(w, scopes));
		return ui_page(w, status, "key-new", &vars, e);
	}
	if (ui_audit(w, "api_key.create", 0, arena_printf(w->arena, "%s: %s", name, scopes),
		    e) < 0)
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

/* Sentences of the rows: the action's in the user's language, whose it is by name. */
static struct val
audit_rows(struct web *w, const struct val *list, const struct val *names)
{
	struct val rows = val_list(w->arena);
	for (size_t i = 0; i < val_len(list); i++) {
		struct val row = list->list->at[i];
		const char *id = val_as_z(w->arena, val_get(&row, "user_id"));
		const struct val *name = val_get(names, id);
		const char *key = arena_printf(
			w->arena, "audit.%s", val_as_z(w->arena, val_get(&row, "action")));
		val_put(w->arena, &row, "known",
			val_bool(words_has(page_words(w), text_of(key))));
		val_put(w->arena, &row, "who", name != NULL ? *name : val_null());
		val_push(w->arena, &rows, row);
	}
	return rows;
}

/* The choices of the filter: {value, label, on}. */
static struct val
audit_choices(struct web *w, const struct val *actions, struct text chosen)
{
	struct val out = val_list(w->arena);
	for (size_t i = 0; i < val_len(actions); i++) {
		struct text action = val_as_text(&actions->list->at[i]);
		const char *key = arena_printf(
			w->arena, "audit.%.*s", (int)action.n, action.at);
		bool known = words_has(page_words(w), text_of(key));
		struct val one = val_map(w->arena);
		val_put(w->arena, &one, "value", val_of(action));
		val_put(w->arena, &one, "label",
			val_of(known ? page_say(w, key, NULL) : action));
		val_put(w->arena, &one, "on", val_bool(text_same(action, chosen)));
		val_push(w->arena, &out, one);
	}
	return out;
}

int
company_audit(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list, names, actions,
		   user = val_of(web_query(w, "user")),
		   before = val_of(web_query(w, "before"));
	struct audit_query q = {.company_id = w->company.id,
		.before = val_as_int(&before, INT64_MAX),
		.user_id = val_as_int(&user, 0),
		.action = web_query(w, "action"),
		.limit = AUDIT_ROWS};
	if (audit_page(w->arena, w->db, &q, &list, e) < 0 || user_names(w, &names, e) < 0 ||
		audit_actions(w->arena, w->db, w->company.id, &actions, e) < 0)
		return -1;
	struct val rows = audit_rows(w, &list, &names), people = val_list(w->arena);
	for (size_t i = 0; i < val_len(&names); i++) {
		struct val one = val_map(w->arena);
		val_put(w->arena, &one, "value", val_of(names.map->at[i].key));
		val_put(w->arena, &one, "label", names.map->at[i].val);
		val_put(w->arena, &one, "on",
			val_bool(text_same(names.map->at[i].key, web_query(w, "user"))));
		val_push(w->arena, &people, one);
	}
	val_put(w->arena, &vars, "rows", rows);
	val_put(w->arena, &vars, "people", people);
	val_put(w->arena, &vars, "actions", audit_choices(w, &actions, q.action));
	val_put(w->arena, &vars, "filtered", val_bool(q.user_id != 0 || q.action.n > 0));
	if (val_len(&rows) == AUDIT_ROWS) {
		struct str next = str_new(w->arena);
		str_addf(&next, "/company/audit?before=%lld&user=%lld&action=",
			(long long)val_as_int(
				val_get(&rows.list->at[AUDIT_ROWS - 1], "no"), 0),
			(long long)q.user_id);
		str_add_url(&next, q.action);
		val_put(w->arena, &vars, "older", val_of(str_text(&next)));
	}
	return ui_page(w, 200, "audit", &vars, e);
}
