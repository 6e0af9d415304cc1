/* Templates of letters: the list, the editor with its preview, a test letter. */
#ifndef UI_LETTER_H
#define UI_LETTER_H

#include "web/web.h"

struct err;

int letter_list(struct web *w, struct err *e);	 /* GET /templates */
int letter_new(struct web *w, struct err *e);	 /* GET /templates/new */
int letter_make(struct web *w, struct err *e);	 /* POST /templates/new */
int letter_page(struct web *w, struct err *e);	 /* GET /templates/{id} */
int letter_change(struct web *w, struct err *e); /* POST /templates/{id} */
int letter_preview(struct web *w,
	struct err
		*e); /* POST /templates/preview: the letter alone, for a sandboxed frame */
int letter_test(struct web *w, struct err *e);	/* POST /templates/{id}/test */
int letter_words(struct web *w, struct err *e); /* GET /templates/words */

#endif
