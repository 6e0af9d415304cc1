/* Fields: what a company keeps of a person. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "message/template_store.h"
#include "profile/field.h"
#include "scenario/scenario.h"
#include "segment/store.h"

#include <ctype.h>
#include <string.h>

enum { NAMED = 10 }; /* users in a refusal */

int
api_fields_list(struct web *w, struct err *e)
{
	struct val list;
	if (field_all(w->arena, w->db, w->company.id, &list, e) < 0)
		return -1;
	api_answer_list(w, list, val_null());
	return 0;
}

static void
answer(struct web *w, int status, const char *name, const char *label, const char *type)
{
	struct val one = val_map(w->arena);
	val_put(w->arena, &one, "name", val_text(name));
	val_put(w->arena, &one, "label", val_text(label[0] != '\0' ? label : name));
	val_put(w->arena, &one, "type", val_text(type));
	api_answer(w, status, one);
}

static int
field_post(struct web *w, struct err *e)
{
	struct val body;
	if (web_json(w, &body, e) < 0)
		return -1;
	const char *name = val_as_z(w->arena, val_get(&body, "name"));
	const char *label = val_as_z(w->arena, val_get(&body, "label"));
	const char *type = val_as_z(w->arena, val_get(&body, "type"));
	if (field_put(w->db, w->company.id, name, label[0] != '\0' ? label : name, type,
		    e) < 0)
		return -1;
	answer(w, 201, name, label, type);
	return 0;
}

int
api_field_post(struct web *w, struct err *e)
{
	return api_once(w, field_post, e);
}

/* The company's own field of the path. A built-in one is not changed: ERR_CONFLICT. */
static int
find(struct web *w, struct val *out, struct err *e)
{
	struct val all;
	struct text name = val_as_text(val_get(&w->params, "name"));
	if (field_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++) {
		*out = all.list->at[i];
		struct text state = val_as_text(val_get(out, "state"));
		if (!text_same(val_as_text(val_get(out, "name")), name))
			continue;
		return text_is(state, "default") || text_is(state, "derived")
			       ? err_set(e, ERR_CONFLICT, "a built-in field stays as it is")
			       : 0;
	}
	return err_set(e, ERR_MISSING, "no such field");
}

int
api_field_patch(struct web *w, struct err *e)
{
	struct val field, body;
	if (find(w, &field, e) < 0 || web_json(w, &body, e) < 0)
		return -1;
	const struct val *label = val_get(&body, "label"), *type = val_get(&body, "type");
	if (label == NULL && type == NULL)
		return err_field(e, "label", "the body has label or type");
	const char *name = val_as_z(w->arena, val_get(&field, "name"));
	const char *new_label = val_as_z(
		w->arena, label != NULL ? label : val_get(&field, "label"));
	const char *new_type = val_as_z(
		w->arena, type != NULL ? type : val_get(&field, "type"));
	bool same = text_is(val_as_text(val_get(&field, "type")), new_type);
	if ((!same && field_fits(w->arena, w->db, w->company.id, name, new_type, e) < 0) ||
		field_put(w->db, w->company.id, name, new_label, new_type, e) < 0)
		return -1;
	answer(w, 200, name, new_label, new_type);
	return 0;
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Whether a program's or a letter's text has the word: a comment counts too, to be safe. */
static bool
says(struct text t, const char *word)
{
	size_t n = strlen(word);
	for (const char *at = t.n > 0 ? memmem(t.at, t.n, word, n) : NULL; at != NULL;
		at = memmem(at + 1, t.n - (size_t)(at + 1 - t.at), word, n))
		if ((at == t.at || !is_word(at[-1])) &&
			(at + n == t.at + t.n || !is_word(at[n])))
			return true;
	return false;
}

struct users {
	struct str text;
	size_t n;
};

static void
add_user(struct users *u, const char *what, struct text name)
{
	if (u->n++ >= NAMED)
		return;
	str_addf(&u->text, "%s%s \"%.*s\"", u->n > 1 ? ", " : "", what,
		(int)(name.n < 60 ? name.n : 60), name.at);
}

/* What speaks of a field. */
static int
find_users(struct web *w, const char *name, struct users *u, struct err *e)
{
	struct val segments, scenarios, templates;
	if (segment_all(w->arena, w->db, w->company.id, &segments, e) < 0 ||
		scenario_all(w->arena, w->db, w->company.id, &scenarios, e) < 0 ||
		message_template_all(w->arena, w->db, w->company.id, &templates, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&segments); i++)
		if (says(val_as_text(val_get(&segments.list->at[i], "rule")), name))
			add_user(u, "segment",
				val_as_text(val_get(&segments.list->at[i], "name")));
	for (size_t i = 0; i < val_len(&scenarios); i++)
		if (says(val_as_text(val_get(&scenarios.list->at[i], "script")), name))
			add_user(u, "scenario",
				val_as_text(val_get(&scenarios.list->at[i], "name")));
	for (size_t i = 0; i < val_len(&templates); i++) {
		struct letter_template t;
		int64_t id = val_as_int(val_get(&templates.list->at[i], "id"), 0);
		if (message_template_by_id(w->arena, w->db, w->company.id, id, &t, e) < 0)
			return -1;
		if (says(text_of(t.subject), name) || says(text_of(t.body), name))
			add_user(u, "template", text_of(t.name));
	}
	return 0;
}

int
api_field_delete(struct web *w, struct err *e)
{
	struct val field;
	struct users users = {.text = str_new(w->arena)};
	if (find(w, &field, e) < 0)
		return -1;
	const char *name = val_as_z(w->arena, val_get(&field, "name"));
	if (find_users(w, name, &users, e) < 0)
		return -1;
	if (users.n > 0)
		return err_set(e, ERR_CONFLICT, "%zu use this field: %s%s", users.n,
			text_z(w->arena, str_text(&users.text)),
			users.n > NAMED ? "…" : "");
	if (field_drop(w->db, w->company.id, name, e) < 0)
		return -1;
	response_empty(w, 204);
	return 0;
}
