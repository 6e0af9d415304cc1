/* See platform.h. */
#include "ui/platform.h"
#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"
#include "ui/frame.h"
#include "web/page.h"

#include <string.h>

int
platform_companies(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list;
	if (company_all(w->arena, w->db, &list, e) < 0)
		return -1;
	val_put(w->arena, &vars, "companies", list);
	val_put(w->arena, &vars, "made", val_of(web_query(w, "made")));
	return ui_page(w, 200, "companies", &vars, e);
}

int
platform_company_form(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), form = val_map(w->arena);
	val_put(w->arena, &form, "country", val_text("BY"));
	val_put(w->arena, &form, "currency", val_text("BYN"));
	val_put(w->arena, &form, "timezone", val_text("Europe/Minsk"));
	val_put(w->arena, &form, "language", val_text("ru"));
	val_put(w->arena, &vars, "form", form);
	return ui_page(w, 200, "company-new", &vars, e);
}

/* The administrator is looked at before the company is made: no company without one. */
static int
check_admin(struct web *w, struct err *e)
{
	struct text email = web_form(w, "email");
	size_t n = text_of(web_form_z(w, "password")).n;
	if (email.n < 3 || memchr(email.at, '@', email.n) == NULL)
		return err_field(e, "email", "an e-mail address is expected");
	if (n < 12 || n > 1024)
		return err_field(e, "password", "a password has at least 12 characters");
	return 0;
}

static int
make(struct web *w, struct company *c, struct err *e)
{
	if (check_admin(w, e) < 0)
		return -1;
	*c = (struct company){
		.slug = text_z(w->arena, web_form(w, "slug")),
		.name = text_z(w->arena, web_form(w, "name")),
		.country = text_z(w->arena, web_form(w, "country")),
		.currency = text_z(w->arena, web_form(w, "currency")),
		.timezone = text_z(w->arena, web_form(w, "timezone")),
		.language = text_z(w->arena, web_form(w, "language")),
	};
	if (company_create(w->arena, w->db, c, e) < 0) {
		if (e->code == ERR_CONFLICT && e->field[0] == '\0') {
			err_field(e, "slug", "taken");
			e->code = ERR_CONFLICT;
		}
		return -1;
	}
	struct user admin = {
		.company_id = c->id,
		.email = text_z(w->arena, web_form(w, "email")),
		.role = "admin",
		.name = "",
		.language = c->language,
	};
	return user_create(w->arena, w->db, &admin, text_of(web_form_z(w, "password")), e);
}

int
platform_company_make(struct web *w, struct err *e)
{
	static const char *const typed[] = {"slug", "name", "country", "currency",
		"timezone", "language", "email", NULL};
	struct company c;
	if (make(w, &c, e) < 0) {
		struct val vars = val_map(w->arena);
		int status;
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		ui_typed(w, &vars, typed);
		return ui_page(w, status, "company-new", &vars, e);
	}
	if (ui_audit(w, "company.create", c.id, c.slug, e) < 0)
		return -1;
	page_flash(w, T_("company.made"));
	response_redirect(w, arena_printf(w->arena, "/platform?made=%s", c.slug));
	return 0;
}
