/* What is bound on a site by pointing at it: the list of a source, by hand, and the link under which the site is opened. */
#ifndef UI_BINDINGS_H
#define UI_BINDINGS_H

#include "web/web.h"

struct err;

int bindings_page(struct web *w, struct err *e); /* GET /sources/{id}/bindings */
/* POST /sources/{id}/bindings/link: url; the page with the link, which is told nowhere else */
int bindings_link(struct web *w, struct err *e);
int bindings_met(struct web *w,
	struct err *e); /* GET /sources/{id}/bindings/link: has the site answered */
int binding_new(struct web *w, struct err *e);	/* GET /sources/{id}/bindings/new */
int binding_make(struct web *w, struct err *e); /* POST /sources/{id}/bindings/new */
int binding_page(struct web *w, struct err *e); /* GET /sources/{id}/bindings/{binding} */
/* POST /sources/{id}/bindings/{binding}: do=save, publish, pause, delete */
int binding_act(struct web *w, struct err *e);

#endif
