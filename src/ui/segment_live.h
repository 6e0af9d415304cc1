/* What stands beside a rule while it is typed. */
#ifndef UI_SEGMENT_LIVE_H
#define UI_SEGMENT_LIVE_H

#include "base/val.h"
#include "web/web.h"

struct err;

/* The page of a segment (id 0: of a new one) with what its right column needs. */
int segment_live_page(
	struct web *w, int status, int64_t id, struct val *vars, struct err *e);

/* POST /segments/preview: whom the typed rule means, its parts, its neighbours. */
int ui_segment_preview(struct web *w, struct err *e);
/* POST /segments/past: how many it meant at the end of earlier days; JSON {days, counts} or {problem}. */
int ui_segment_past(struct web *w, struct err *e);

#endif
