/* See door.h. */
#include "ui/door.h"
#include "base/settings.h"
#include "ui/company.h"
#include "ui/enter.h"
#include "ui/frame.h"
#include "ui/overview.h"
#include "ui/platform.h"
#include "ui/source.h"
#include "web/session.h"

enum {
	FORM_MAX = 64 * 1024,
	TEXT_MAX = 1024 * 1024, /* forms with a script's or a letter's text */
};

const struct route ui_routes[] = {
	{"GET", "/login", enter_form, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"POST", "/login", enter_submit, RIGHT_NONE, NULL, FORM_MAX, NULL, NULL},
	{"GET", "/l/{slug}", enter_company_form, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"POST", "/l/{slug}", enter_submit, RIGHT_NONE, NULL, FORM_MAX, NULL, NULL},
	{"POST", "/logout", enter_leave, RIGHT_NONE, NULL, FORM_MAX, NULL, NULL},
	{"POST", "/language", enter_language, RIGHT_NONE, NULL, FORM_MAX, NULL, NULL},

	{"GET", "/", overview_page, RIGHT_NONE, NULL, 0, NULL, NULL},

	{"GET", "/sources", source_list, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/sources/new", source_form, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/sources/new", source_make, RIGHT_WORK, NULL, FORM_MAX, NULL, NULL},
	{"GET", "/sources/{id}", source_card, RIGHT_WORK, NULL, 0, "source", NULL},
	{"GET", "/sources/{id}/feed", source_feed, RIGHT_WORK, NULL, 0, "source", NULL},
	{"POST", "/sources/{id}/state", source_state, RIGHT_WORK, NULL, FORM_MAX, "source",
		NULL},

	{"GET", "/company/users", company_users, RIGHT_COMPANY, NULL, 0, NULL, NULL},
	{"GET", "/company/users/new", company_user_form, RIGHT_COMPANY, NULL, 0, NULL,
		NULL},
	{"POST", "/company/users/new", company_user_make, RIGHT_COMPANY, NULL, FORM_MAX,
		NULL, NULL},
	{"POST", "/company/users/{id}", company_user_state, RIGHT_COMPANY, NULL, FORM_MAX,
		"user", NULL},
	{"GET", "/company/keys", company_keys, RIGHT_COMPANY, NULL, 0, NULL, NULL},
	{"GET", "/company/keys/new", company_key_form, RIGHT_COMPANY, NULL, 0, NULL, NULL},
	{"POST", "/company/keys/new", company_key_make, RIGHT_COMPANY, NULL, FORM_MAX, NULL,
		NULL},
	{"POST", "/company/keys/{key}/revoke", company_key_revoke, RIGHT_COMPANY, NULL,
		FORM_MAX, "key", NULL},
	{"GET", "/company/audit", company_audit, RIGHT_COMPANY, NULL, 0, NULL, NULL},

	{"GET", "/platform", platform_companies, RIGHT_PLATFORM, NULL, 0, NULL, NULL},
	{"GET", "/platform/new", platform_company_form, RIGHT_PLATFORM, NULL, 0, NULL,
		NULL},
	{"POST", "/platform/new", platform_company_make, RIGHT_PLATFORM, NULL, FORM_MAX,
		NULL, NULL},
};
const size_t ui_routes_n = sizeof ui_routes / sizeof *ui_routes;

int
ui_serve(const struct settings *s, struct err *e)
{
	struct door door = {
		.name = "ui",
		.threads = (int)s->ui_threads,
		.routes = ui_routes,
		.routes_n = ui_routes_n,
		.guard = session_guard,
		.fail = ui_fail,
		.has_pages = true,
		.own_open = ui_own_open,
		.own_close = ui_own_close,
	};
	return serve_run(&door, s, e);
}
