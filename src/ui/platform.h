/* Pages of the platform's administrator. */
#ifndef UI_PLATFORM_H
#define UI_PLATFORM_H

#include "web/web.h"

struct err;

int platform_companies(struct web *w, struct err *e);	 /* GET /platform */
int platform_company_form(struct web *w, struct err *e); /* GET /platform/new */
int platform_company_make(struct web *w, struct err *e); /* POST /platform/new */

#endif
