/* See fields.h. */
#include "ui/fields.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "exchange/field_uses.h"
#include "profile/field.h"
#include "profile/field_options.h"
#include "segment/formula.h"
#include "ui/frame.h"
#include "ui/show.h"
#include "web/page.h"

#include <stdlib.h>
#include <string.h>

static const char *const typed[] = {"name", "label", "type", "unit", "choices", "min",
	"max", "pattern", "default", "pii", "protected", "formula", NULL};

static int
show(struct web *w, int status, struct val *vars, struct err *e)
{
	struct val all;
	if (field_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++) {
		struct val *f = &all.list->at[i];
		show_label(w, f);
		val_put(w->arena, f, "computed", val_bool(field_is_computed(f)));
	}
	val_put(w->arena, vars, "fields", all);
	return ui_page(w, status, "fields", vars, e);
}

/* The options of a field as the form types them. */
static void
put_options(struct web *w, const struct val *field, struct val *form)
{
	static const char *const texts[] = {
		"unit", "min", "max", "pattern", "default", "formula"};
	const struct val *choices = field_option(field, "choices");
	struct str s = str_new(w->arena);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const struct val *v = field_option(field, texts[i]);
		struct text t = val_is_null(v)	      ? text_of("")
				: v->kind == VAL_TEXT ? v->text
						      : json_text(w->arena, v);
		val_put(w->arena, form, texts[i], val_of(t));
	}
	for (size_t i = 0; i < val_len(choices); i++) {
		str_addz(&s, i > 0 ? "\n" : "");
		str_addt(&s, val_as_text(&choices->list->at[i]));
	}
	val_put(w->arena, form, "choices", val_of(str_text(&s)));
	for (size_t i = 0; i < 2; i++) {
		const char *flag = i == 0 ? "pii" : "protected";
		val_put(w->arena, form, flag,
			val_text(val_as_bool(field_option(field, flag), false) ? "1" : ""));
	}
}

int
fields_page(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), form = val_map(w->arena), all,
		   none = val_map(w->arena), uses;
	struct text name = web_query(w, "name"), type = web_query(w, "type");
	const struct val *field = &none;
	if (field_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; name.n > 0 && i < val_len(&all); i++)
		if (text_same(val_as_text(val_get(&all.list->at[i], "name")), name))
			field = &all.list->at[i];
	struct text kept = val_as_text(val_get(field, "type"));
	val_put(w->arena, &form, "name", val_of(name));
	val_put(w->arena, &form, "label", val_of(val_as_text(val_get(field, "label"))));
	val_put(w->arena, &form, "type",
		kept.n > 0   ? val_of(kept)
		: type.n > 0 ? val_of(type)
			     : val_text("text"));
	put_options(w, field, &form);
	if (text_is(val_as_text(val_get(field, "state")), "active")) {
		if (field_uses(w->arena, w->db, w->company.id, text_z(w->arena, name),
			    &uses, e) < 0)
			return -1;
		val_put(w->arena, &vars, "uses", uses);
		val_put(w->arena, &vars, "known", val_bool(true));
	}
	val_put(w->arena, &vars, "form", form);
	return show(w, 200, &vars, e);
}

static struct val
lines(struct web *w, const char *name)
{
	struct val list = val_list(w->arena);
	const char *p = web_form_z(w, name);
	while (*p != '\0') {
		size_t n = strcspn(p, "\n");
		struct text one = text_trim((struct text){p, n});
		if (one.n > 0)
			val_push(w->arena, &list, val_of(one));
		p += n + (p[n] != '\0');
	}
	return list;
}

/* A number where the field is one, else the text. */
static struct val
value_typed(struct web *w, const char *name, const char *type)
{
	struct text t = web_form(w, name);
	struct val v;
	struct err ignored;
	bool is_json = strcmp(type, "number") == 0 || strcmp(type, "bool") == 0;
	if (is_json && t.n > 0 && json_parse(w->arena, t, &v, &ignored) == 0)
		return v;
	return val_of(t);
}

static int
read_options(
	struct web *w, const char *name, const char *type, struct val *out, struct err *e)
{
	struct val in = val_map(w->arena);
	val_put(w->arena, &in, "unit", val_of(web_form(w, "unit")));
	val_put(w->arena, &in, "choices", lines(w, "choices"));
	val_put(w->arena, &in, "min", value_typed(w, "min", type));
	val_put(w->arena, &in, "max", value_typed(w, "max", type));
	val_put(w->arena, &in, "pattern", val_of(web_form(w, "pattern")));
	val_put(w->arena, &in, "default", value_typed(w, "default", type));
	val_put(w->arena, &in, "pii", val_bool(web_form(w, "pii").n > 0));
	val_put(w->arena, &in, "protected", val_bool(web_form(w, "protected").n > 0));
	val_put(w->arena, &in, "formula", val_text(web_form_z(w, "formula")));
	if (field_options_read(w->arena, type, &in, out, e) < 0)
		return -1;
	struct text formula = val_as_text(val_get(out, "formula"));
	return formula.n > 0 ? formula_check(w->arena, w->db, w->settings, w->company.id,
				       text_of(name), formula, e)
			     : 0;
}

/* Values already there stand against another type. */
static int
put(struct web *w, const char *name, const char *label, const char *type, struct err *e)
{
	struct val options;
	return read_options(w, name, type, &options, e) < 0 ||
			       field_fits(w->arena, w->db, w->company.id, name, type, e) <
				       0 ||
			       field_put(w->db, w->company.id, name,
				       label[0] != '\0' ? label : name, type, e) < 0 ||
			       field_options_set(w->arena, w->db, w->company.id, name,
				       &options, e) < 0
		       ? -1
		       : 0;
}

/* Who may not see what is personal does not uncover it either: not by the field, nor by a formula that reads it. 0 / -1 */
static int
check_may(struct web *w, struct text name, struct err *e)
{
	struct val all;
	int hides = show_hides_any(w, e);
	if (hides < 1)
		return hides;
	if (web_form(w, "formula").n > 0)
		return err_set(e, ERR_DENIED, "a formula reads personal fields");
	if (field_options_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++)
		if (text_same(val_as_text(val_get(&all.list->at[i], "name")), name) &&
			show_hides(w, &all.list->at[i]))
			return err_set(e, ERR_DENIED, "this field is personal");
	return 0;
}

int
fields_put(struct web *w, struct err *e)
{
	const char *name = text_z(w->arena, web_form(w, "name"));
	const char *label = text_z(w->arena, web_form(w, "label"));
	const char *type = text_z(w->arena, web_form(w, "type"));
	if (check_may(w, text_of(name), e) < 0)
		return -1;
	if (put(w, name, label, type, e) < 0) {
		struct val vars = val_map(w->arena);
		int status;
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		if (e->line > 0) { /* of the formula: beside it, not above the page */
			struct val wrong = val_map(w->arena);
			val_put(w->arena, &wrong, "formula", *val_get(&vars, "problem"));
			val_put(w->arena, &vars, "wrong", wrong);
			val_put(w->arena, &vars, "problem", val_null());
		}
		ui_typed(w, &vars, typed);
		val_put(w->arena, &vars, "known", val_bool(web_form(w, "known").n > 0));
		return show(w, status, &vars, e);
	}
	if (ui_audit(w, "field.put", 0, name, e) < 0)
		return -1;
	page_flash(w, T_("fields.put"));
	response_redirect(w, "/fields");
	return 0;
}

int
fields_drop(struct web *w, struct err *e)
{
	const char *name = text_z(w->arena, web_form(w, "name"));
	struct val uses, all;
	bool found = false;
	if (check_may(w, text_of(name), e) < 0 ||
		field_all(w->arena, w->db, w->company.id, &all, e) < 0 ||
		field_uses(w->arena, w->db, w->company.id, name, &uses, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++)
		found = found ||
			(text_is(val_as_text(val_get(&all.list->at[i], "name")), name) &&
				text_is(val_as_text(val_get(&all.list->at[i], "state")),
					"active"));
	if (!found)
		return err_set(e, ERR_MISSING, "no such field");
	if (val_len(&uses) > 0) {
		page_flash(w, T_("fields.in_use"));
		response_redirect(w, "/fields");
		return 0;
	}
	if (field_drop(w->db, w->company.id, name, e) < 0 ||
		ui_audit(w, "field.delete", 0, name, e) < 0)
		return -1;
	page_flash(w, T_("fields.dropped"));
	response_redirect(w, "/fields");
	return 0;
}
