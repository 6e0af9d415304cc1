/* All work nobody waits for, in one place. */
#ifndef UI_JOBS_H
#define UI_JOBS_H

#include "web/web.h"

struct err;

int ui_jobs(struct web *w, struct err *e);	 /* GET /jobs */
int ui_jobs_rows(struct web *w, struct err *e);	 /* GET /jobs/rows: the table alone */
int ui_job_cancel(struct web *w, struct err *e); /* POST /jobs/{id}/cancel */

#endif
