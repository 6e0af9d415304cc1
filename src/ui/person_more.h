/* What of a client is looked for when its tab is opened: visits, people alike. */
#ifndef UI_PERSON_MORE_H
#define UI_PERSON_MORE_H

#include "base/val.h"
#include "web/web.h"

struct err;

/* vars.visits: {at_us, seconds, pages, events, source, device, first, last}, newest first, out of the last events. */
int person_put_visits(struct web *w, int64_t root_id, struct val *vars, struct err *e);

/* GET /clients/{id}/similar: part of the page. */
int person_similar(struct web *w, struct err *e);

#endif
