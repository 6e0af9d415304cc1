/* See tidy.h. */
#include "engine/tidy.h"
#include "base/settings.h"
#include "base/time.h"
#include "base/val.h"
#include "event/count.h"
#include "event/dead.h"
#include "event/history.h"
#include "event/position.h"
#include "message/letter.h"
#include "store/db.h"
#include "tenant/once.h"
#include "tenant/request_log.h"

static const int64_t letters_kept_us = 14 * DAY_US, waiting_kept_us = 180 * DAY_US,
		     positions_kept_us = 30 * DAY_US, counts_kept_us = 400 * DAY_US;

int
tidy_up(struct arena *a, struct db *db, const struct settings *s, struct err *e)
{
	struct val companies;
	int64_t now = time_now_us();
	if (feed_last_all(a, db, &companies, e) < 0 || tenant_prune(db, 0, now, e) < 0 ||
		position_prune(db, now - positions_kept_us, e) < 0)
		return -1;
	for (size_t i = 0; i < companies.list->n; i++) {
		int64_t company_id = row_int(&companies.list->at[i], 0), gone = 5000;
		while (gone == 5000)
			if (dead_prune(db, company_id, now - letters_kept_us,
				    now - waiting_kept_us, &gone, e) < 0)
				return -1;
		if (tenant_prune(db, company_id, now, e) < 0 ||
			request_log_prune(a, db, company_id, now, e) < 0 ||
			event_count_prune(a, db, company_id, now - counts_kept_us, e) < 0 ||
			letter_prune(
				db, company_id, now - s->letters_kept_days * DAY_US, e) < 0)
			return -1;
	}
	return 0;
}
