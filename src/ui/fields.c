/* See fields.h. */
#include "ui/fields.h"
#include "base/arena.h"
#include "base/err.h"
#include "profile/field.h"
#include "ui/frame.h"
#include "ui/show.h"
#include "web/page.h"

static int
show(struct web *w, int status, struct val *vars, struct err *e)
{
	struct val all;
	if (field_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++)
		show_label(w, &all.list->at[i]);
	val_put(w->arena, vars, "fields", all);
	return ui_page(w, status, "fields", vars, e);
}

int
fields_page(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), form = val_map(w->arena);
	struct text name = web_query(w, "name"), type = web_query(w, "type");
	val_put(w->arena, &form, "name", val_of(name));
	val_put(w->arena, &form, "type", type.n > 0 ? val_of(type) : val_text("text"));
	val_put(w->arena, &vars, "form", form);
	return show(w, 200, &vars, e);
}

int
fields_put(struct web *w, struct err *e)
{
	static const char *const typed[] = {"name", "label", "type", NULL};
	const char *name = text_z(w->arena, web_form(w, "name"));
	const char *label = text_z(w->arena, web_form(w, "label"));
	const char *type = text_z(w->arena, web_form(w, "type"));
	if (field_put(w->db, w->company.id, name, label[0] != '\0' ? label : name, type,
		    e) < 0) {
		struct val vars = val_map(w->arena);
		int status;
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		ui_typed(w, &vars, typed);
		return show(w, status, &vars, e);
	}
	if (ui_audit(w, "field.put", 0, name, e) < 0)
		return -1;
	page_flash(w, T_("fields.put"));
	response_redirect(w, "/fields");
	return 0;
}
