/* The job behind a launch: the segment's members page by page into the outbox, then watching until every message is over. */
#ifndef CAMPAIGN_LAUNCH_H
#define CAMPAIGN_LAUNCH_H

#include <stdint.h>

struct arena;
struct db;
struct err;
struct job;
struct settings;

/* The kind of its jobs. */
#define CAMPAIGN_JOB "campaign"

/* One slice of the job, in transactions of its own, with job_progress, job_rest or job_end. 1 there is more to do at once, 0 it rests or is over,
 * -1 *e (ERR_BUSY and ERR_CONFLICT: try again later; else the job failed). */
int campaign_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e);

#endif
