/* What a person did, newest first, in parts; narrowed by what it was and when: ?what=buy|letters|site|segments|changes|own&from=&to=&before=. */
#ifndef UI_PERSON_TIMELINE_H
#define UI_PERSON_TIMELINE_H

#include "base/val.h"
#include "web/web.h"

struct err;

/* vars.timeline: events with day (where a new one begins), clock and the rest of event_view; vars.before: where the next part
 * begins, missing at the end; vars.what, from, to, more: the filter, and as the end of an address. */
int person_put_timeline(struct web *w, int64_t root_id, struct val *vars, struct err *e);

int person_timeline(
	struct web *w, struct err *e); /* GET /clients/{id}/events: the next part */

#endif
