/* The exchange of 1C with a site: /1c/KEY?type=sale|catalog&mode=checkauth|init|file|import|query|success. Answers are lines of text. */
#ifndef COLLECT_ONEC_H
#define COLLECT_ONEC_H

#include "web/web.h"

web_handler onec_talk;

/* "failure" and why, as 1C shows it to its user. */
void onec_failure(struct web *w, int status, const struct err *e);

#endif
