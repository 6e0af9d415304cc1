/* Which people a page is about: a folder, a rule, words, an order; from the address or from a form that carries it. */
#ifndef UI_PEOPLE_VIEW_H
#define UI_PEOPLE_VIEW_H

#include "base/val.h"
#include "web/web.h"

struct err;

#define PEOPLE_LIST "people" /* what the user's columns and order are kept under */
#define USUAL_ORDER "-last_seen_at"

struct people_view {
	int64_t folder_id; /* 0 none */
	struct val folder; /* of folder_by_id, else null */
	bool may_change;   /* the folder is the user's, or the user is an administrator */
	bool changed;	   /* something else than the folder's is asked for */
	bool all;	   /* anonymous people too */
	struct text rule, search, sort; /* sort: empty as the engine likes */
	struct text cursor;
	struct val columns; /* names the user chose, in order; empty: the usual ones */
};

/* of_form: what was posted, else the query. ERR_MISSING: no such folder for this user. */
int people_view_read(struct web *w, bool of_form, struct people_view *v, struct err *e);

/* The rule to ask with: everyone() when anonymous people are wanted and there is no other. */
struct text people_view_rule(const struct people_view *v);

/* "/clients?folder=1&rule=...&": one may add arguments behind it. */
const char *people_view_address(struct arena *a, const struct people_view *v);

/* vars: rule, q, all, sort, folder (map), folder_id, folder_changed, may_change, here (the address), count_here, without_rule. */
void people_view_put(struct web *w, const struct people_view *v, struct val *vars);

#endif
