/* What the company's keys asked at the API. */
#ifndef UI_REQUESTS_H
#define UI_REQUESTS_H

#include "web/web.h"

struct err;

int ui_requests(struct web *w, struct err *e); /* GET /company/requests */

#endif
