/* Logging in and out, language. */
#ifndef UI_ENTER_H
#define UI_ENTER_H

#include "web/web.h"

struct err;

int enter_form(struct web *w, struct err *e); /* GET /login: the platform's administrator */
int enter_company_form(
	struct web *w, struct err *e);		  /* GET /l/{slug}: a company's people */
int enter_submit(struct web *w, struct err *e);	  /* POST to either */
int enter_leave(struct web *w, struct err *e);	  /* POST /logout */
int enter_language(struct web *w, struct err *e); /* POST /language */

#endif
