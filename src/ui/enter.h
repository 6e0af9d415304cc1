/* Logging in and out, the second factor's code, proving oneself again, language. */
#ifndef UI_ENTER_H
#define UI_ENTER_H

#include "web/web.h"

struct err;

int enter_form(struct web *w, struct err *e); /* GET /login: the platform's administrator */
int enter_company_form(
	struct web *w, struct err *e);		     /* GET /l/{slug}: a company's people */
int enter_submit(struct web *w, struct err *e);	     /* POST to either */
int enter_code_form(struct web *w, struct err *e);   /* GET /login/code */
int enter_code_submit(struct web *w, struct err *e); /* POST /login/code */
int enter_leave(struct web *w, struct err *e);	     /* POST /logout */
int enter_language(struct web *w, struct err *e);    /* POST /language */

/* For a form that must not be sent by whoever finds an open browser: 1 the password (and code) was given within 15 minutes, or right now
 * with this form; 0 it was not, and the page that asks for it is the answer, with all that was typed; -1 *e. */
int enter_is_fresh(struct web *w, struct err *e);

/* A path of ours to go on to, else "/": no scheme, no host, no "//". */
const char *enter_next(struct web *w, struct text next);

/* Fills w->company by the route's {slug}; without one it is the platform. */
int enter_company(struct web *w, struct err *e);

/* "/l/SLUG", or "/login" of the platform. */
const char *enter_path(struct web *w);

/* vars.crest: up to two first letters of the company's name: "Зерно и чай" is ЗИ. */
void enter_crest(struct web *w, struct val *vars);

#endif
