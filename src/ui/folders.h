/* Folders of the list of people: filters kept under a name, private or shared. */
#ifndef UI_FOLDERS_H
#define UI_FOLDERS_H

#include "base/val.h"

struct err;
struct people_view;
struct web;

/* vars.folders: maps {id, name, shared, first (of its kind), here, mine, n, exact}; the own private ones first; n only with counts, an answer of the question
 * "counts" whose first is everybody, then the folders: then vars.everybody too. */
int folders_put(struct web *w, const struct people_view *v, const struct val *counts,
	struct val *vars, struct err *e);

int folders_part(struct web *w, struct err *e);	  /* GET /clients/folders: with counts */
int folders_make(struct web *w, struct err *e);	  /* POST /folders/new */
int folders_change(struct web *w, struct err *e); /* POST /folders/{id} */
int folders_delete(struct web *w, struct err *e); /* POST /folders/{id}/delete */

#endif
