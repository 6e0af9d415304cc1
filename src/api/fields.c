/* Fields: what a company keeps of a person. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "exchange/field_uses.h"
#include "profile/field.h"
#include "profile/field_options.h"
#include "segment/formula.h"

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

/* body.options, checked, with the formula compiled; *given whether there are any. */
static int
read_options(struct web *w, const struct val *body, const char *name, const char *type,
	struct val *out, bool *given, struct err *e)
{
	const struct val *options = val_get(body, "options");
	*given = options != NULL;
	if (!*given)
		return 0;
	if (field_options_read(w->arena, type, options, out, e) < 0)
		return -1;
	struct text formula = val_as_text(val_get(out, "formula"));
	return formula.n > 0 ? formula_check(w->arena, w->db, w->settings, w->company.id,
				       text_of(name), formula, e)
			     : 0;
}

static void
answer(struct web *w, int status, const char *name, const char *label, const char *type,
	const struct val *options)
{
	struct val one = val_map(w->arena);
	if (options != NULL && !val_is_null(options))
		val_put(w->arena, &one, "options", *options);
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
	struct val options = val_null();
	bool given;
	if (read_options(w, &body, name, type, &options, &given, e) < 0 ||
		field_put(w->db, w->company.id, name, label[0] != '\0' ? label : name, type,
			e) < 0 ||
		(given && field_options_set(
				  w->arena, w->db, w->company.id, name, &options, e) < 0))
		return -1;
	answer(w, 201, name, label, type, &options);
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
	if (label == NULL && type == NULL && val_get(&body, "options") == NULL)
		return err_field(e, "label", "the body has label, type or options");
	const char *name = val_as_z(w->arena, val_get(&field, "name"));
	const char *new_label = val_as_z(
		w->arena, label != NULL ? label : val_get(&field, "label"));
	const char *new_type = val_as_z(
		w->arena, type != NULL ? type : val_get(&field, "type"));
	bool same = text_is(val_as_text(val_get(&field, "type")), new_type),
	     given = val_get(&body, "options") != NULL;
	struct val options = *val_get(&field, "options");
	if ((!same && field_fits(w->arena, w->db, w->company.id, name, new_type, e) < 0) ||
		(given &&
			read_options(w, &body, name, new_type, &options, &given, e) < 0) ||
		field_put(w->db, w->company.id, name, new_label, new_type, e) < 0 ||
		(given && field_options_set(
				  w->arena, w->db, w->company.id, name, &options, e) < 0))
		return -1;
	answer(w, 200, name, new_label, new_type, &options);
	return 0;
}

int
api_field_delete(struct web *w, struct err *e)
{
	struct val field;
	struct val users;
	struct str said = str_new(w->arena);
	if (find(w, &field, e) < 0)
		return -1;
	const char *name = val_as_z(w->arena, val_get(&field, "name"));
	if (field_uses(w->arena, w->db, w->company.id, name, &users, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&users) && i < NAMED; i++)
		str_addf(&said, "%s%s \"%s\"", i > 0 ? ", " : "",
			val_as_z(w->arena, val_get(&users.list->at[i], "kind")),
			val_as_z(w->arena, val_get(&users.list->at[i], "name")));
	if (val_len(&users) > 0)
		return err_set(e, ERR_CONFLICT, "%zu use this field: %s%s", val_len(&users),
			text_z(w->arena, str_text(&said)),
			val_len(&users) > NAMED ? "…" : "");
	if (field_drop(w->db, w->company.id, name, e) < 0)
		return -1;
	response_empty(w, 204);
	return 0;
}
