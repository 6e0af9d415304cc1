/* What every page of the interface shares: the frame, forms that keep what was typed, errors, the audit log. */
#ifndef UI_FRAME_H
#define UI_FRAME_H

#include "base/val.h"
#include "web/web.h"

struct err;
struct event_types;

/* What a thread keeps (w->own). */
struct ui_own {
	struct event_types *types;
};

void *ui_own_open(const struct settings *s);
void ui_own_close(void *own);
struct event_types *ui_types(const struct web *w);

/* The thing of the route's {id}, by its floor's by_id. 0 / -1, ERR_MISSING when there is none. */
int ui_find(struct web *w,
	int (*by_id)(struct arena *a, struct db *db, int64_t company_id, int64_t id,
		struct val *out, struct err *e),
	int64_t *id, struct val *out, struct err *e);

/* Renders templates/page/NAME.html; see page_show. */
int ui_page(struct web *w, int status, const char *name, struct val *vars, struct err *e);

/* The door's fail(): a page that says what happened; nobody logged in goes to the login and comes back. */
void ui_fail(struct web *w, const struct err *e);

/* vars.form: the named fields as they were typed (names end with NULL). */
void ui_typed(struct web *w, struct val *vars, const char *const *names);

/* If e is about what was typed: puts vars.wrong = {field: sentence} or vars.problem (no field), sentences in the user's
 * language, and returns 0: show the form again, with status *status. Else -1: hand e on. */
int ui_wrong(struct web *w, struct val *vars, const struct err *e, int *status);

/* Notes what the user did; a failure to note is the action's failure. */
int ui_audit(struct web *w, const char *action, int64_t object, const char *detail,
	struct err *e);

/* The sentence of a domain's error in the user's language, as far as it is known there. */
struct text ui_sentence(struct web *w, const struct err *e);

#endif
