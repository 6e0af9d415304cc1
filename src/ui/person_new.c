/* See person_new.h. The way in is that of the API: event/upsert.h. */
#include "ui/person_new.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/time.h"
#include "event/upsert.h"
#include "profile/person.h"
#include "tenant/company.h"
#include "ui/frame.h"
#include "web/page.h"

/* Those of them that are identifiers, then fields. */
static const char *const typed[] = {
	"email", "phone", "external_id", "first_name", "last_name", "city", NULL};
static const struct {
	const char *name, *bad;
	int kind;
} idents[] = {{"email", T_("person_new.bad_email"), IDENT_EMAIL},
	{"phone", T_("person_new.bad_phone"), IDENT_PHONE},
	{"external_id", T_("person_new.bad_id"), IDENT_EXTERNAL}};
enum { IDENTS = sizeof idents / sizeof *idents };

int
person_new(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	ui_typed(w, &vars, typed);
	return ui_page(w, 200, "client-new", &vars, e);
}

/* The form as the API would say it: what is left empty is not there. */
static struct val
body_of(struct web *w)
{
	struct val body = val_map(w->arena), fields = val_map(w->arena);
	for (size_t i = 0; typed[i] != NULL; i++) {
		struct text t = text_trim(web_form(w, typed[i]));
		if (t.n > 0)
			val_put(w->arena, i < IDENTS ? &body : &fields, typed[i],
				val_of(t));
	}
	val_put(w->arena, &body, "fields", fields);
	return body;
}

/* What is wrong with the identifiers, each beside its own: wrong; *known_id: who has one of them. 0 / -1 */
static int
check_idents(struct web *w, const struct val *body, struct val *wrong, int64_t *known_id,
	struct err *e)
{
	bool any = false;
	*known_id = 0;
	for (size_t i = 0; i < IDENTS; i++) {
		struct text t = val_as_text(val_get(body, idents[i].name));
		int64_t id;
		if (t.n == 0)
			continue;
		any = true;
		int found = person_by_ident(w->arena, w->db, w->company.id,
			w->company.country, idents[i].kind, t, &id, e);
		if (found < 0 && e->code != ERR_INPUT)
			return -1;
		if (found == 1 && *known_id == 0)
			*known_id = id;
		if (found != 0)
			val_put(w->arena, wrong, idents[i].name,
				val_of(page_say(w,
					found == 1 ? T_("person_new.known") : idents[i].bad,
					NULL)));
	}
	if (!any)
		val_put(w->arena, wrong, "email",
			val_of(page_say(w, T_("person_new.nothing"), NULL)));
	return 0;
}

static int
make(struct web *w, const struct val *body, int64_t *id, struct err *e)
{
	int64_t now_us = time_now_us();
	struct applied done;
	struct upsert *u;
	struct arrival r = {.company_id = w->company.id,
		.user_id = w->session->user.id,
		.type = text_of("identify"),
		.props = val_map(w->arena),
		.at_us = now_us,
		.received_at_us = now_us,
		.dedup = id_make()};
	if (upsert_new(w->arena, w->db, &w->company, &u, e) < 0 ||
		upsert_read(w->arena, u, body, &r, e) < 0 ||
		event_apply(w->arena, w->db, ui_types(w), &r, 1, &done, NULL, NULL, e) < 0)
		return -1;
	*id = done.person_id;
	return done.state == APPLIED_NEW
		       ? 0
		       : err_field(e, "email", "its identifiers name nobody");
}

int
person_make(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), wrong = val_map(w->arena), body = body_of(w);
	int64_t id, known_id;
	int status = 422;
	if (check_idents(w, &body, &wrong, &known_id, e) < 0)
		return -1;
	if (val_len(&wrong) == 0) {
		if (make(w, &body, &id, e) == 0) {
			if (ui_audit(w, "profile.create", id, "", e) < 0)
				return -1;
			page_flash(w, T_("person_new.made"));
			response_redirect(
				w, arena_printf(w->arena, "/clients/%lld", (long long)id));
			return 0;
		}
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
	} else
		val_put(w->arena, &vars, "wrong", wrong);
	ui_typed(w, &vars, typed);
	if (known_id != 0)
		val_put(w->arena, &vars, "known_id", val_id(w->arena, known_id));
	return ui_page(w, status, "client-new", &vars, e);
}
