/* One message to one audience. draft -> launching (a job queues the messages) -> sending -> done; or stopped. */
#ifndef CAMPAIGN_CAMPAIGN_H
#define CAMPAIGN_CAMPAIGN_H

#include "base/val.h"

struct arena;
struct db;
struct err;
struct job;

enum { CAMPAIGN_NAME_MAX = 100 };

/* Maps {id, name, channel, template_id, segment_id, state: draft|launching|sending|done|stopped, error, created_at_us, updated_at_us,
 * launched_at_us, done_at_us, figures: {audience, queued, sent, failed, uncertain, skipped, "skipped.REASON", opened, clicked,
 * unsubscribed, waiting}}; newest first, 1000 at most. by_id: 1 / 0 / -1. */
int campaign_all(struct arena *a, struct db *db, int64_t company_id, struct val *list,
	struct err *e);
int campaign_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e);

/* The id of a name: 1 / 0 / -1. */
int campaign_find(struct arena *a, struct db *db, int64_t company_id, struct text name,
	int64_t *id, struct err *e);

/* Makes (*id 0) or changes a draft. card: {name, template_id, segment_id}; when changing, what is not there stays.
 * ERR_INPUT with field; ERR_CONFLICT the name is taken, or it is no draft any more; ERR_MISSING. */
int campaign_put(struct arena *a, struct db *db, int64_t company_id, int64_t *id,
	const struct val *card, struct err *e);

/* Begins sending: *job_id does the rest. ERR_CONFLICT: it is no draft; ERR_INPUT: template or segment gone or not ready. */
int campaign_launch(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	int64_t user_id, int64_t *job_id, struct err *e);

/* Nothing more of it is sent, whatever is queued. ERR_CONFLICT: it is not on its way. */
int campaign_stop(
	struct arena *a, struct db *db, int64_t company_id, int64_t id, struct err *e);

/* The figures alone. */
int campaign_figures(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e);

#endif
