/* A segment's life besides its rule: the list with folders and the archive, options, growth, versions, people put in by hand, several
 * against each other. */
#ifndef UI_SEGMENT_MORE_H
#define UI_SEGMENT_MORE_H

#include "base/val.h"
#include "web/web.h"

struct err;

int ui_segment_list(struct web *w, struct err *e); /* GET /segments?folder=&q=&archive=1 */
int ui_segment_state(
	struct web *w, struct err *e); /* GET /segments/{id}/state: a part of pages */

int ui_segment_options(struct web *w, struct err *e);	  /* GET /segments/{id}/options */
int ui_segment_options_put(struct web *w, struct err *e); /* POST /segments/{id}/options */
int ui_segment_archive(
	struct web *w, struct err *e); /* POST /segments/{id}/archive: away 1 or 0 */
int ui_segment_copy(struct web *w, struct err *e);   /* POST /segments/{id}/copy */
int ui_segment_freeze(struct web *w, struct err *e); /* POST /segments/{id}/freeze */
int ui_segment_growth(struct web *w, struct err *e); /* GET /segments/{id}/growth?days= */
int ui_segment_versions(
	struct web *w, struct err *e); /* GET /segments/{id}/versions?a=&b= */

int ui_segment_list_new(struct web *w, struct err *e);	/* GET /segments/by-hand */
int ui_segment_list_make(struct web *w, struct err *e); /* POST /segments/by-hand */
int ui_segment_people(struct web *w,
	struct err *e); /* POST /segments/{id}/people: people and do, check, put or take */

int ui_segment_algebra(struct web *w, struct err *e); /* GET /segments/algebra?s[]=&r= */

/* Whether this user may change it: 1, or 0 and the answer goes back to its page and says why. */
int segment_is_mine(struct web *w, const struct val *segment);
/* 1 nothing uses it, 0 something does and the answer goes to where it is listed, -1 *e. */
int segment_may_go(struct web *w, const struct val *segment, struct err *e);

/* What all pages of a segment show on top: vars.segment, mine, archived. */
void segment_put_head(struct web *w, struct val *vars, const struct val *segment);

/* A name beginning with prefix that no segment has yet. 0 / -1 */
int segment_free_name(struct web *w, struct text wanted, const char **out, struct err *e);

/* Texts of members' reasons in the user's language, without values where some are personal. 0 / -1 */
int segment_say_reasons(struct web *w, struct val *members, struct err *e);

/* The page of a static segment. vars has the members. */
int segment_static_page(struct web *w, int status, struct val *vars, struct err *e);

#endif
