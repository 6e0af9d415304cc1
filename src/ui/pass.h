/* Who forgot the password, and who comes in by an invitation. */
#ifndef UI_PASS_H
#define UI_PASS_H

#include "web/web.h"

struct err;

int pass_forgot_form(
	struct web *w, struct err *e);	       /* GET /login/forgot, /l/{slug}/forgot */
int pass_forgot(struct web *w, struct err *e); /* POST to either */
int pass_form(struct web *w, struct err *e);   /* GET /pass?k=TOKEN: the letter's link */
int pass_choose(struct web *w, struct err *e); /* POST /pass */

#endif
