/* What a source takes: its rules, its tracking plan, its quarantine. */
#ifndef UI_SOURCE_RULES_H
#define UI_SOURCE_RULES_H

#include "web/web.h"

struct err;

int rules_page(struct web *w, struct err *e); /* GET /sources/{id}/rules */
int rules_save(struct web *w, struct err *e); /* POST /sources/{id}/rules */
int rules_secret(struct web *w,
	struct err
		*e); /* POST /sources/{id}/secret: do=make, drop; a new one is shown once */
int plan_page(struct web *w, struct err *e);	   /* GET /sources/{id}/plan */
int plan_save(struct web *w, struct err *e);	   /* POST /sources/{id}/plan */
int quarantine_page(struct web *w, struct err *e); /* GET /sources/{id}/quarantine */
int quarantine_move(
	struct web *w, struct err *e); /* POST /sources/{id}/quarantine: do=replay, drop */

#endif
