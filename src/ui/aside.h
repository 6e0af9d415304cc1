/* Dead letters: what was not applied, why, and once more. */
#ifndef UI_ASIDE_H
#define UI_ASIDE_H

#include "web/web.h"

web_handler aside_list;	    /* GET /set-aside?state=&source=&before= */
web_handler aside_move_all; /* POST /set-aside: do=replay|drop, source=: all that wait */
web_handler aside_page;	    /* GET /set-aside/{id} */
web_handler aside_move;	    /* POST /set-aside/{id}: do=replay|drop */

/* What a payload shows: the call of a record with one call, else the payload; dots to whom some of a person is hidden (show_hides_any): it may
 * be cut, so what is personal in it cannot be told from the rest. */
struct text aside_shown(struct arena *a, struct text payload, bool hides);
/* JSON over lines, for people to read. */
struct text aside_lines(struct arena *a, struct text payload);

#endif
