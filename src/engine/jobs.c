/* See jobs.h. Kinds of jobs are rows of a table. */
#include "engine/jobs.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/time.h"
#include "campaign/launch.h"
#include "catalog/feed.h"
#include "engine/tidy.h"
#include "exchange/audience.h"
#include "exchange/bulk.h"
#include "exchange/bulk_people.h"
#include "exchange/erase.h"
#include "exchange/export.h"
#include "hook/commerce_job.h"
#include "insight/duplicate.h"
#include "exchange/run.h"
#include "message/house.h"
#include "store/db.h"
#include "store/job.h"
#include "web/reason.h"

#include <string.h>
#include <unistd.h>

enum { IDLE_MS = 100, BACK_OFF_MS = 500, TRIES_MAX = 20 };

static const struct settings *settings; /* of this process */

static const struct kind {
	const char *name;
	/* 1 go on at once, 0 it rests or is over, -1 *e */
	int (*slice)(struct arena *a, struct db *db, const struct settings *s,
		struct job *j, int64_t lease_us, struct err *e);
} kinds[] = {
	{CAMPAIGN_JOB, campaign_job},
	{BULK_JOB, bulk_job},
	{COMMERCE_JOB, commerce_job},
	{ERASE_JOB, erase_job},
	{ERASE_AMONG_JOB, erase_job},
	{PEOPLE_JOB, people_job},
	{PEOPLE_UNDO_JOB, people_undo_job},
	{DUPLICATE_JOB, duplicate_job},
	{DUPLICATE_MERGE_JOB, duplicate_merge_job},
	{EXPORT_JOB, export_job},
	{FEED_JOB, feed_job},
	{HOUSE_JOB, house_job},
	{IMPORT_JOB, import_job},
	{IMPORT_UNDO_JOB, import_undo_job},
	{IMPORT_FETCH_JOB, import_fetch_job},
	{IMPORT_FEED_JOB, import_feed_job},
};

static const struct kind *
kind_of(const char *name)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

static void
nap(volatile sig_atomic_t *stop, int ms)
{
	for (; ms > 0 && !*stop; ms -= IDLE_MS)
		usleep(IDLE_MS * 1000);
}

static int
fail(struct arena *a, struct db *db, const struct job *j, const struct err *why)
{
	struct err e;
	log_line(LOG_ERROR, "job %lld (%s): %s", (long long)j->id, j->kind, why->text);
	return job_end(a, db, j, why->text, &e);
}

/* One claimed job until it rests, ends, or the engine stops; then it is let go, so that another goes on at once. */
static void
work(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	volatile sig_atomic_t *stop)
{
	const struct kind *kind = kind_of(j->kind);
	struct err e = {0};
	int rc = kind == NULL
			 ? err_set(&e, ERR_BUG, "no job is of the kind \"%s\"", j->kind)
			 : 1;
	for (int tries = 0; rc == 1 && !*stop;) {
		rc = kind->slice(a, db, s, j, s->lease_s * SECOND_US, &e);
		bool passing = rc < 0 && (e.code == ERR_BUSY || e.code == ERR_CONFLICT);
		if (!passing || ++tries > TRIES_MAX)
			continue;
		log_line(LOG_INFO, "job %lld: once more after: %s", (long long)j->id,
			e.text);
		nap(stop, e.code == ERR_BUSY ? BACK_OFF_MS : IDLE_MS);
		rc = 1;
	}
	if (rc == 1)
		job_rest(a, db, j, time_now_us(), &e);
	else if (rc < 0 && e.code != ERR_BUSY && e.code != ERR_CONFLICT)
		fail(a, db, j, &e);
}

/* For files of refused rows: words of a language, kept for good. */
static const char *
say(struct arena *a, const char *language, const struct row *row, bool refused)
{
	static struct words *kept[2];
	bool russian = strcmp(language, "ru") == 0;
	struct err e;
	if (kept[russian] == NULL &&
		words_open(settings, russian ? "ru" : "en", &kept[russian], &e) < 0)
		return "";
	struct text why = reason_say(a, kept[russian], refused ? row->why : row->warning,
		row->column, row->value);
	struct val args = val_map(a);
	val_put(a, &args, "why", val_of(why));
	return text_z(a,
		refused ? why : words_text(a, kept[russian], T_("why.but_taken"), &args));
}

int
engine_jobs_run(const struct settings *s, volatile sig_atomic_t *stop, struct err *e)
{
	struct arena *a = arena_new();
	struct db *db = db_open(s);
	int64_t tidied_at_us = 0;
	settings = s;
	import_say = say;
	while (!*stop) {
		struct job j;
		if (time_now_us() - tidied_at_us > HOUR_US) {
			tidied_at_us = time_now_us();
			if (tidy_up(a, db, s, e) < 0 || export_tidy(a, db, s, e) < 0)
				log_line(LOG_WARN, "housekeeping: %s", e->text);
			audience_tidy(a, s);
		}
		int found = job_claim(a, db, s->lease_s * SECOND_US, &j, e);
		if (found < 0)
			log_line(LOG_WARN, "jobs: %s", e->text);
		if (found == 1)
			work(a, db, s, &j, stop);
		else
			nap(stop, found < 0 ? BACK_OFF_MS : IDLE_MS);
		arena_reset(a);
	}
	db_close(db);
	arena_free(a);
	return 0;
}
