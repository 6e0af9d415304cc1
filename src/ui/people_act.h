/* What is done to many people of the list at once: a page that says to whom and what, then a job. */
#ifndef UI_PEOPLE_ACT_H
#define UI_PEOPLE_ACT_H

struct err;
struct web;

int people_act(struct web *w, struct err *e);	   /* POST /clients/act: the page */
int people_act_run(struct web *w, struct err *e);  /* POST /clients/act/run: the job */
int people_act_undo(struct web *w, struct err *e); /* POST /jobs/{id}/undo */

#endif
