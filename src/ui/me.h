/* "My sign-in": one's own password, second factor and sessions. */
#ifndef UI_ME_H
#define UI_ME_H

#include "web/web.h"

struct err;

int me_page(struct web *w, struct err *e);     /* GET /me */
int me_password(struct web *w, struct err *e); /* POST /me/password */
int me_second_form(
	struct web *w, struct err *e); /* GET /me/second: the picture for the telephone */
int me_second_on(
	struct web *w, struct err *e); /* POST /me/second: shows recovery codes, once */
int me_second_off(struct web *w, struct err *e); /* POST /me/second/off */
int me_codes(struct web *w, struct err *e);	 /* POST /me/codes: new recovery codes */
int me_sessions(
	struct web *w, struct err *e); /* POST /me/sessions: ends one, or all others */

/* Sessions of a user for a page: list of maps {hash, browser, system, ip, created_at_us, seen_at_us, here}. */
int me_session_list(
	struct web *w, int64_t company_id, int64_t user_id, struct val *out, struct err *e);

#endif
