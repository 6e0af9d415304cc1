/* Scenarios: the list, the text with its picture and numbers, publishing and pausing. */
#ifndef UI_SCENARIO_H
#define UI_SCENARIO_H

#include "web/web.h"

struct err;

int ui_scenario_list(struct web *w, struct err *e); /* GET /scenarios */
int ui_scenario_new(struct web *w, struct err *e);  /* GET /scenarios/new */
int ui_scenario_make(struct web *w, struct err *e); /* POST /scenarios/new */
int ui_scenario_page(struct web *w, struct err *e); /* GET /scenarios/{id} */
int ui_scenario_change(
	struct web *w, struct err *e); /* POST /scenarios/{id}; do=publish publishes too */
int ui_scenario_state(
	struct web *w, struct err *e); /* POST /scenarios/{id}/state: paused or running */
int ui_scenario_preview(
	struct web *w, struct err *e); /* POST /scenarios/preview: the picture of a text */
int ui_scenario_words(struct web *w, struct err *e); /* GET /scenarios/words */

#endif
