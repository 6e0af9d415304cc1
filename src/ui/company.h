/* Pages of the company itself: its users, its API keys, what was done. */
#ifndef UI_COMPANY_H
#define UI_COMPANY_H

#include "web/web.h"

struct err;

int company_users(struct web *w, struct err *e);      /* GET /company/users */
int company_user_form(struct web *w, struct err *e);  /* GET /company/users/new */
int company_user_make(struct web *w, struct err *e);  /* POST /company/users/new */
int company_user(struct web *w, struct err *e);	      /* GET /company/users/{id} */
int company_user_state(struct web *w, struct err *e); /* POST /company/users/{id} */
int company_policy(struct web *w, struct err *e);     /* POST /company/policy */

int company_keys(struct web *w, struct err *e);	    /* GET /company/keys */
int company_key_form(struct web *w, struct err *e); /* GET /company/keys/new */
int company_key_make(
	struct web *w, struct err *e); /* POST /company/keys/new: shows the key, once */
int company_key_revoke(struct web *w, struct err *e); /* POST /company/keys/{key}/revoke */

int company_audit(struct web *w, struct err *e); /* GET /company/audit */

#endif
