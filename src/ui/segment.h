/* Segments: the list, the rule's editor with what it finds while one types, who is inside and why. */
#ifndef UI_SEGMENT_H
#define UI_SEGMENT_H

#include "web/web.h"

struct err;

int ui_segment_list(struct web *w, struct err *e);   /* GET /segments */
int ui_segment_new(struct web *w, struct err *e);    /* GET /segments/new?rule= */
int ui_segment_make(struct web *w, struct err *e);   /* POST /segments/new */
int ui_segment_page(struct web *w, struct err *e);   /* GET /segments/{id} */
int ui_segment_change(struct web *w, struct err *e); /* POST /segments/{id} */
int ui_segment_delete(struct web *w, struct err *e); /* POST /segments/{id}/delete */
int ui_segment_members(
	struct web *w, struct err *e); /* GET /segments/{id}/members?after= */
int ui_segment_cases(struct web *w,
	struct err *e); /* POST /segments/cases: those typed, tried with the rule typed */

#endif
