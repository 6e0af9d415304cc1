/* See apply.h. */
#include "engine/apply.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/time.h"
#include "engine/looks.h"
#include "engine/turn.h"
#include "event/position.h"
#include "store/db.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECORDS_MAX = 1000, ARRIVALS_MAX = 2000, IDLE_MS = 200, BACK_OFF_MS = 500 };
static const int64_t letters_every_us = SECOND_US;

struct loop {
	struct applier applier;
	volatile sig_atomic_t *stop;
	struct trace_note left; /* what the last process died with; until it is behind us */
	struct turn_place place; /* in its record */
	int64_t letters_at_us;	 /* dead letters were looked for */
};

/* --- after a death --- */

/* Whether the records from here are those the last process died with. */
static bool
is_left(struct loop *l, const char *journal, int64_t from)
{
	if (l->left.depth == TRACE_NOTHING || strcmp(l->left.journal, journal) != 0)
		return false;
	if (from < l->left.to)
		return true;
	l->left.depth = TRACE_NOTHING;
	return false;
}

/* One record at a time; the one in hand at a second death call by call. */
static int
apply_left(struct loop *l, const char *journal, int64_t from,
	const struct journal_record *record, struct err *e)
{
	struct applier *a = &l->applier;
	if (l->left.depth == TRACE_BATCH) {
		trace_leave(&a->trace, TRACE_RECORD, journal, from, record->end, 0);
		return turn_records(a, journal, from, record, 1, e);
	}
	int rc = turn_calls(a, journal, from, record, &l->place, e);
	if (rc == 0)
		l->left.depth = TRACE_NOTHING;
	return rc;
}

static int
begin_after_death(struct loop *l, struct err *e)
{
	struct trace_note *left = &l->left;
	if (left->depth == TRACE_NOTHING)
		return 0;
	log_line(LOG_WARN, "the last one ended with something in hand: %s %lld to %lld",
		left->depth == TRACE_LETTER ? "dead letter" : left->journal,
		(long long)left->from, (long long)left->to);
	l->place = left->depth == TRACE_CALL ? (struct turn_place){left->call, true}
					     : (struct turn_place){-1, false};
	if (left->depth != TRACE_LETTER)
		return 0;
	if (turn_letter_died(&l->applier, left, e) < 0)
		return -1;
	left->depth = TRACE_NOTHING;
	trace_wipe(&l->applier.trace);
	return 0;
}

/* --- the loop --- */

/* As many records as make one good transaction; a record holds up to 2500 calls. */
static size_t
good_batch(const struct journal_record *records, size_t n)
{
	size_t take = 0, bytes = 0;
	while (take < n && bytes < ARRIVALS_MAX * 400)
		bytes += records[take++].payload.n;
	return take;
}

static int
segment_over(struct loop *l, const char *journal, int64_t torn, struct err *e)
{
	if (torn > 0)
		log_line(LOG_WARN, "journal %s: %lld bytes behind its last whole record",
			journal, (long long)torn);
	return journal_remove(l->applier.settings->journal_dir, journal, torn, e) < 0 ||
			       position_drop(l->applier.db, journal, e) < 0
		       ? -1
		       : 0;
}

/* 1 something was applied, 0 nothing new, -1 *e. */
static int
drain_once(
	struct loop *l, const char *journal, int64_t *position, bool *gone, struct err *e)
{
	struct applier *a = &l->applier;
	struct journal_record *records;
	size_t n;
	int64_t torn;
	bool left = is_left(l, journal, *position);
	if (journal_read(a->arena, a->settings->journal_dir, journal, *position,
		    left ? 1 : RECORDS_MAX, &records, &n, gone, &torn, e) < 0)
		return -1;
	if (n == 0)
		return *gone ? segment_over(l, journal, torn, e) : 0;
	size_t take = left ? 1 : good_batch(records, n);
	int rc;
	if (left)
		rc = apply_left(l, journal, *position, records, e);
	else {
		trace_leave(&a->trace, TRACE_BATCH, journal, *position,
			records[take - 1].end, 0);
		rc = turn_records(a, journal, *position, records, take, e);
	}
	trace_wipe(&a->trace);
	if (rc < 0)
		return -1;
	*position = records[take - 1].end;
	return 1;
}

static int
drain_segment(
	struct loop *l, const char *journal, int64_t position, bool *busy, struct err *e)
{
	struct arena *a = l->applier.arena;
	bool gone = false;
	int rc = 1;
	while (rc == 1 && !gone && !*l->stop) {
		struct arena_mark mark = arena_mark(a);
		rc = drain_once(l, journal, &position, &gone, e);
		*busy |= rc == 1;
		arena_rewind(a, mark);
	}
	return rc < 0 ? -1 : 0;
}

/* A segment that cannot be read does not hold up the others; a store that is away does. 1 something was applied, 0, -1. */
static int
drain_all(struct loop *l, struct err *e)
{
	struct applier *a = &l->applier;
	const char **names;
	size_t n;
	struct val rows;
	bool busy = false, failed = false;
	if (journal_list(a->arena, a->settings->journal_dir, &names, &n, e) < 0 ||
		(n > 0 && position_all(a->arena, a->db, &rows, e) < 0))
		return err_wrap(e, "apply");
	for (size_t i = 0; i < n && !*l->stop; i++) {
		struct err why;
		int64_t position = 0;
		for (size_t k = 0; k < rows.list->n; k++)
			if (text_is(row_text(&rows.list->at[k], 0), names[i]))
				position = row_int(&rows.list->at[k], 1);
		if (drain_segment(l, names[i], position, &busy, &why) == 0)
			continue;
		*e = why;
		failed = true;
		if (turn_is_passing(&why))
			break;
		log_line(LOG_ERROR, "%s", why.text);
	}
	return failed ? err_wrap(e, "apply") : busy;
}

/* What somebody asked to apply once more. 1 / 0 / -1 as drain_all. */
static int
drain_letters(struct loop *l, struct err *e)
{
	int64_t now = time_monotonic_us();
	size_t n;
	if (l->letters_at_us != 0 && now - l->letters_at_us < letters_every_us)
		return 0;
	if (turn_letters(&l->applier, &n, e) < 0)
		return err_wrap(e, "dead letters");
	l->letters_at_us = n > 0 ? 0 : now; /* there may be more */
	return n > 0;
}

static void
wait_for_news(int watch, int ms)
{
	char events[4096];
	struct pollfd p = {.fd = watch, .events = POLLIN};
	if (poll(&p, 1, ms) > 0)
		while (read(watch, events, sizeof events) > 0)
			;
}

static void
work(struct loop *l, int watch)
{
	while (!*l->stop) {
		struct err e;
		int letters = 0, rc = begin_after_death(l, &e);
		if (rc == 0)
			rc = drain_all(l, &e);
		if (rc >= 0) {
			letters = drain_letters(l, &e);
			rc = letters < 0 ? -1 : rc | letters;
		}
		if (rc >= 0) {
			int settled = looks_settle(&l->applier, rc == 1, &e);
			rc = settled < 0 ? -1 : rc | settled;
		}
		if (rc < 0)
			log_line(LOG_WARN, "%s", e.text);
		if (rc != 1)
			wait_for_news(watch, rc < 0 ? BACK_OFF_MS : IDLE_MS);
		if (rc < 0)
			usleep(BACK_OFF_MS * 1000);
		arena_reset(l->applier.arena);
	}
}

int
engine_apply_run(const struct settings *s, volatile sig_atomic_t *stop, struct err *e)
{
	struct loop l = {.applier = {.settings = s}, .stop = stop};
	if (mkdir(s->journal_dir, 0700) != 0 && errno != EEXIST)
		return err_set(e, ERR_BUSY, "cannot make %s: %m", s->journal_dir);
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch < 0 || inotify_add_watch(watch, s->journal_dir,
				 IN_MODIFY | IN_CREATE | IN_CLOSE_WRITE) < 0)
		return err_set(e, ERR_BUSY, "cannot watch %s: %m", s->journal_dir);
	if (trace_open(s->journal_dir, &l.applier.trace, &l.left, e) < 0) {
		close(watch);
		return -1;
	}
	l.applier.db = db_open(s);
	l.applier.types = event_types_new();
	l.applier.arena = arena_new();
	l.applier.looks = looks_new();
	enricher_open(s, &l.applier.enricher);
	work(&l, watch);
	trace_close(&l.applier.trace);
	close(watch);
	enricher_close(&l.applier.enricher);
	looks_free(l.applier.looks);
	event_types_free(l.applier.types);
	db_close(l.applier.db);
	arena_free(l.applier.arena);
	return 0;
}
