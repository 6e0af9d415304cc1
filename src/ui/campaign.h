/* Campaigns: the list, a new one, the card with its figures and recipients. */
#ifndef UI_CAMPAIGN_H
#define UI_CAMPAIGN_H

#include "web/web.h"

struct err;

int ui_campaign_list(struct web *w, struct err *e);   /* GET /campaigns */
int ui_campaign_new(struct web *w, struct err *e);    /* GET /campaigns/new */
int ui_campaign_make(struct web *w, struct err *e);   /* POST /campaigns/new */
int ui_campaign_page(struct web *w, struct err *e);   /* GET /campaigns/{id} */
int ui_campaign_change(struct web *w, struct err *e); /* POST /campaigns/{id}: a draft */
int ui_campaign_figures(
	struct web *w, struct err *e); /* GET /campaigns/{id}/figures: the live part */
int ui_campaign_launch(struct web *w, struct err *e); /* POST /campaigns/{id}/launch */
int ui_campaign_stop(struct web *w, struct err *e);   /* POST /campaigns/{id}/stop */

#endif
