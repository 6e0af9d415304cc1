/* See apply.h. */
#include "engine/apply.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "event/call.h"
#include "event/history.h"
#include "event/position.h"
#include "journal/journal.h"
#include "message/receipt.h"
#include "store/db.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECORDS_MAX = 1000, ARRIVALS_MAX = 2000, IDLE_MS = 200, BACK_OFF_MS = 500 };

struct loop {
	const struct settings *settings;
	volatile sig_atomic_t *stop;
	struct db *db;
	struct event_types *types;
	struct arena *arena; /* of one turn */
};

/* What one transaction takes from one segment. */
struct turn {
	struct loop *loop;
	const char *journal;
	int64_t from, to;
	struct arrival *arrivals;
	size_t n, cap;
	struct rejected *rejected;
	size_t rejected_n, rejected_cap;
	struct val *records; /* receipts among what was read */
	size_t record_n, record_cap;
	struct receipt *receipts;
};

static void *
more(struct arena *a, void *old, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return old;
	size_t bigger = *cap > 0 ? *cap * 2 : 256;
	void *at = arena_array(a, bigger, size);
	if (n > 0)
		memcpy(at, old, n * size);
	*cap = bigger;
	return at;
}

static void
add_rejected(struct turn *t, struct rejected r)
{
	t->rejected = more(
		t->loop->arena, t->rejected, t->rejected_n, &t->rejected_cap, sizeof r);
	t->rejected[t->rejected_n++] = r;
}

static void
add_arrival(struct turn *t, const struct arrival *r)
{
	t->arrivals = more(t->loop->arena, t->arrivals, t->n, &t->cap, sizeof *t->arrivals);
	t->arrivals[t->n++] = *r;
}

static void
take_calls(struct turn *t, const struct val *record)
{
	struct arena *a = t->loop->arena;
	const struct val *items = val_get(record, "items"),
			 *refused = val_get(record, "refused");
	struct envelope env = {.company_id = val_as_int(val_get(record, "company"), 0),
		.source_id = val_as_int(val_get(record, "source"), 0),
		.country = val_as_z(a, val_get(record, "country")),
		.received_at_us = val_as_int(val_get(record, "received"), 0),
		.late_us = t->loop->settings->event_late_s * SECOND_US};
	if (val_get(record, "sent") != NULL)
		env.sent_at = *val_get(record, "sent");
	if (val_get(record, "context") != NULL)
		env.context = *val_get(record, "context");
	for (size_t i = 0; i < val_len(items); i++) {
		struct arrival r;
		struct err why;
		if (event_call_read(a, &items->list->at[i], &env, &r, &why) == 0)
			add_arrival(t, &r);
		else
			add_rejected(t, (struct rejected){env.company_id, env.source_id,
						env.received_at_us, err_word(why.code),
						text_of(arena_printf(a, "%s", why.text)),
						json_text(a, &items->list->at[i])});
	}
	for (size_t i = 0; i < val_len(refused); i++) {
		const struct val *one = &refused->list->at[i];
		add_rejected(
			t, (struct rejected){env.company_id, env.source_id,
				   env.received_at_us, val_as_z(a, val_get(one, "code")),
				   val_as_text(val_get(one, "reason")),
				   val_as_text(val_get(one, "payload"))});
	}
}

static int
take_record(struct turn *t, struct text payload, struct err *e)
{
	struct val record;
	if (json_parse(t->loop->arena, payload, &record, e) < 0)
		return -1;
	if (val_get(&record, "receipt") == NULL) {
		take_calls(t, &record);
		return 0;
	}
	t->records = more(
		t->loop->arena, t->records, t->record_n, &t->record_cap, sizeof record);
	t->records[t->record_n++] = record;
	return 0;
}

/* Opens, clicks, unsubscribings of messages we know become arrivals too. */
static int
take_receipts(struct turn *t, struct err *e)
{
	t->receipts = arena_array(t->loop->arena, t->record_n, sizeof *t->receipts);
	if (t->record_n > 0 && receipt_read(t->loop->arena, t->loop->db, t->records,
				       t->record_n, t->receipts, e) < 0)
		return -1;
	for (size_t i = 0; i < t->record_n; i++)
		if (t->receipts[i].known)
			add_arrival(t, &t->receipts[i].arrival);
	return 0;
}

static int
also(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	struct turn *t = obj;
	struct arena *a = t->loop->arena;
	(void)applied;
	if (position_move(a, db, t->journal, t->from, t->to, e) < 0 ||
		event_reject(a, db, t->rejected, t->rejected_n, e) < 0)
		return -1;
	return t->record_n > 0 ? receipt_also(a, db, t->receipts, t->record_n, e) : 0;
}

static int
apply_turn(struct turn *t, struct err *e)
{
	struct applied *applied = arena_array(t->loop->arena, t->n + 1, sizeof *applied);
	return event_apply(t->loop->arena, t->loop->db, t->loop->types, t->arrivals, t->n,
		applied, also, t, e);
}

static bool
is_passing(const struct err *e)
{
	return e->code == ERR_BUSY || e->code == ERR_CONFLICT;
}

static void
note_aside(struct turn *t, int64_t company_id, int64_t source_id, struct text payload,
	const struct err *why)
{
	struct arena *a = t->loop->arena;
	log_line(LOG_ERROR, "journal %s at %lld: set aside: %s", t->journal,
		(long long)t->from, why->text);
	add_rejected(t, (struct rejected){company_id, source_id, time_now_us(), "set_aside",
				text_of(arena_printf(a, "%s", why->text)),
				text_is_utf8(payload) ? payload : text_of("(not UTF-8)")});
}

/* One record that does not go in as a whole: each of its calls by itself (their messageIds make that safe), those that fail are set
 * aside with their reason, then the position moves on. */
static int
set_aside(struct turn *t, struct text payload, const struct err *why, struct err *e)
{
	struct loop *l = t->loop;
	size_t n = t->n;
	struct arrival *calls = t->arrivals;
	for (size_t i = 0; i < n; i++) {
		struct applied applied;
		if (event_apply(l->arena, l->db, l->types, &calls[i], 1, &applied, NULL,
			    NULL, e) == 0)
			continue;
		if (is_passing(e))
			return -1;
		struct str told = str_new(l->arena);
		str_addf(&told, "%.*s ", (int)calls[i].type.n, calls[i].type.at);
		json_add(&told, &calls[i].props);
		note_aside(t, calls[i].company_id, calls[i].source_id, str_text(&told), e);
	}
	if (n == 0)
		note_aside(t, 0, 0, payload, why);
	t->n = t->record_n = 0;
	return apply_turn(t, e);
}

static int
apply_records(struct loop *l, const char *journal, int64_t from,
	const struct journal_record *records, size_t n, struct err *e)
{
	struct turn t = {
		.loop = l, .journal = journal, .from = from, .to = records[n - 1].end};
	int rc = 0;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = take_record(&t, records[i].payload, e);
	if (rc == 0)
		rc = take_receipts(&t, e);
	if (rc == 0)
		rc = apply_turn(&t, e);
	if (rc == 0 || is_passing(e))
		return rc;
	if (n == 1) {
		struct err why = *e;
		return set_aside(&t, records[0].payload, &why, e);
	}
	/* poison somewhere: each half by itself, down to the record */
	size_t half = n / 2;
	return apply_records(l, journal, from, records, half, e) < 0 ||
			       apply_records(l, journal, records[half - 1].end,
				       records + half, n - half, e) < 0
		       ? -1
		       : 0;
}

/* 1 something was applied, 0 nothing new, -1 *e. */
static int
drain_once(
	struct loop *l, const char *journal, int64_t *position, bool *gone, struct err *e)
{
	struct journal_record *records;
	size_t n;
	bool ended;
	int64_t torn;
	if (journal_read(l->arena, l->settings->journal_dir, journal, *position,
		    RECORDS_MAX, &records, &n, &ended, &torn, e) < 0)
		return -1;
	if (n == 0 && ended) {
		if (torn > 0)
			log_line(LOG_WARN,
				"journal %s: %lld bytes behind its last whole record",
				journal, (long long)torn);
		*gone = true;
		return journal_remove(l->settings->journal_dir, journal, torn, e) < 0 ||
				       position_drop(l->db, journal, e) < 0
			       ? -1
			       : 0;
	}
	if (n == 0)
		return 0;
	/* as many records as make one good transaction; a record holds up to 2500 calls */
	size_t take = 0, bytes = 0;
	while (take < n && bytes < ARRIVALS_MAX * 400)
		bytes += records[take++].payload.n;
	if (apply_records(l, journal, *position, records, take, e) < 0)
		return -1;
	*position = records[take - 1].end;
	return 1;
}

static int
drain_all(struct loop *l, struct err *e)
{
	const char **names;
	size_t n;
	struct val rows;
	int busy = 0;
	if (journal_list(l->arena, l->settings->journal_dir, &names, &n, e) < 0 ||
		(n > 0 && position_all(l->arena, l->db, &rows, e) < 0))
		return -1;
	for (size_t i = 0; i < n && !*l->stop; i++) {
		int64_t position = 0;
		int rc = 1;
		bool gone = false;
		for (size_t k = 0; k < rows.list->n; k++)
			if (text_is(row_text(&rows.list->at[k], 0), names[i]))
				position = row_int(&rows.list->at[k], 1);
		while (rc == 1 && !gone && !*l->stop) {
			struct arena_mark mark = arena_mark(l->arena);
			rc = drain_once(l, names[i], &position, &gone, e);
			busy |= rc == 1;
			arena_rewind(l->arena, mark);
		}
		if (rc < 0)
			return err_wrap(e, "apply");
	}
	return busy;
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

int
engine_apply_run(const struct settings *s, volatile sig_atomic_t *stop, struct err *e)
{
	if (mkdir(s->journal_dir, 0700) != 0 && errno != EEXIST)
		return err_set(e, ERR_BUSY, "cannot make %s: %m", s->journal_dir);
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch < 0 || inotify_add_watch(watch, s->journal_dir,
				 IN_MODIFY | IN_CREATE | IN_CLOSE_WRITE) < 0)
		return err_set(e, ERR_BUSY, "cannot watch %s: %m", s->journal_dir);
	struct loop l = {.settings = s,
		.stop = stop,
		.db = db_open(s),
		.types = event_types_new(),
		.arena = arena_new()};
	while (!*stop) {
		int rc = drain_all(&l, e);
		if (rc < 0)
			log_line(LOG_WARN, "%s", e->text);
		if (rc != 1)
			wait_for_news(watch, rc < 0 ? BACK_OFF_MS : IDLE_MS);
		if (rc < 0)
			usleep(BACK_OFF_MS * 1000);
		arena_reset(l.arena);
	}
	close(watch);
	event_types_free(l.types);
	db_close(l.db);
	arena_free(l.arena);
	return 0;
}
