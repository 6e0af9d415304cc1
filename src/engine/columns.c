/* See columns.h. One loop: a question if there is one, then a step of each company that has news. */
#include "engine/columns.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/time.h"
#include "column/ask.h"
#include "column/base.h"
#include "engine/answer.h"
#include "engine/formulas.h"
#include "engine/hand.h"
#include "engine/hold.h"
#include "engine/keep.h"
#include "engine/load.h"
#include "engine/members.h"
#include "event/history.h"
#include "script/budget.h"
#include "segment/store.h"
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	TICK_MS = 25,
	QUESTION_MS = 1000,
	FAILED_WAIT_MS = 1000,
	PREPARE_MS = 50,
	SLOWED_MS = 2000
};
static const int64_t weigh_us = SECOND_US, stop_us = 5 * SECOND_US,
		     builds_us = 10 * SECOND_US /* it reads all segments' rows */;

struct held {
	int64_t company_id, last_seq, try_at_us, slowed_at_us;
	struct hold *hold; /* NULL: not (yet) ours, or let go for want of memory */
	bool is_cold;	   /* let go: it comes back when somebody needs it */
	int64_t cold_seq, wake_at_us;
	char why[300]; /* it is not there */
};

struct columns {
	const struct settings *settings;
	struct db *db;
	struct event_types *types;
	struct arena *turn;
	const char *holder;
	struct held *companies;
	size_t n;
	int64_t weighed_at_us, asked_at_us;
	struct keeper keeper;
	int listener;
};

static struct held *
held_of(struct columns *c, int64_t company_id)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->companies[i].company_id == company_id)
			return &c->companies[i];
	return NULL;
}

/* A company that was let go comes back to build a segment. */
static int
look_for_builds(struct columns *c, struct err *e)
{
	struct val rows;
	size_t cold = 0;
	for (size_t i = 0; i < c->n; i++)
		cold += c->companies[i].is_cold;
	if (cold == 0 || time_monotonic_us() - c->asked_at_us < builds_us)
		return 0;
	c->asked_at_us = time_monotonic_us();
	if (segment_unbuilt(c->turn, c->db, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		struct held *one = held_of(c, row_int(&rows.list->at[i], 0));
		if (one != NULL)
			one->wake_at_us = 0;
	}
	return 0;
}

/* Companies and how far their feeds are. */
static int
look(struct columns *c, struct err *e)
{
	struct val rows;
	if (feed_last_all(c->turn, c->db, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		int64_t id = row_int(&rows.list->at[i], 0);
		struct held *one = held_of(c, id);
		if (one == NULL) {
			c->companies = realloc(
				c->companies, (c->n + 1) * sizeof *c->companies);
			must(c->companies != NULL);
			one = &c->companies[c->n++];
			*one = (struct held){.company_id = id};
		}
		one->last_seq = row_int(&rows.list->at[i], 1);
	}
	return look_for_builds(c, e);
}

static void
give_up(struct held *one, const struct err *e)
{
	log_line(LOG_WARN, "company %lld: %s; its columns are loaded anew",
		(long long)one->company_id, e->text);
	snprintf(one->why, sizeof one->why, "%s", e->text);
	hold_close(one->hold);
	one->hold = NULL;
	/* what is too large does not get smaller by trying */
	one->try_at_us = time_monotonic_us() +
			 (e->code == ERR_LIMIT ? MINUTE_US : FAILED_WAIT_MS * 1000);
}

static void
take(struct columns *c, struct held *one)
{
	struct err e;
	if (time_monotonic_us() < one->try_at_us)
		return;
	if (hand_is_poison(one->company_id)) {
		snprintf(one->why, sizeof one->why,
			"the engine crashed twice with this company in hand: it is set "
			"aside for an hour");
		one->try_at_us = time_monotonic_us() + MINUTE_US;
		log_line(LOG_ERROR, "company %lld: %s", (long long)one->company_id,
			one->why);
		return;
	}
	int rc = hold_open(
		c->settings, c->db, c->types, one->company_id, c->holder, &one->hold, &e);
	one->is_cold = false;
	if (rc == 1)
		return;
	if (rc < 0)
		log_line(LOG_WARN, "company %lld: %s", (long long)one->company_id, e.text);
	snprintf(one->why, sizeof one->why, "%s",
		rc < 0 ? e.text : "another engine holds the company");
	one->try_at_us = time_monotonic_us() + FAILED_WAIT_MS * 1000;
}

/* Makes it ready, a little at a time, so that others go on. true: there is more to do at once. */
static bool
prepare(struct columns *c, struct held *one)
{
	struct err e;
	int rc = hold_prepare(
		c->turn, one->hold, time_monotonic_us() + PREPARE_MS * 1000, &e);
	if (rc < 0)
		give_up(one, &e);
	return rc == 0;
}

/* A company whose scripts used up their share takes a step now and then, which keeps its lease: the others go on. */
static bool
is_slowed(struct columns *c, struct held *one)
{
	struct err e;
	int64_t now_us = time_monotonic_us();
	struct budget *b = budget_of(one->company_id, c->settings);
	budget_enter(b, true);
	if (budget_check(b, false, &e) == 0)
		return false;
	if (now_us - one->slowed_at_us < SLOWED_MS * 1000)
		return true;
	if (one->slowed_at_us == 0)
		log_line(LOG_WARN, "company %lld: %s", (long long)one->company_id, e.text);
	one->slowed_at_us = now_us;
	return false;
}

/* One step of one company. true: there is more to do at once. */
static bool
step(struct columns *c, struct held *one)
{
	struct err e;
	bool more = false, built = false, calculated = false;
	if (one->is_cold && one->last_seq <= one->cold_seq &&
		time_now_us() < one->wake_at_us)
		return false;
	if (is_slowed(c, one))
		return false;
	if (one->hold == NULL)
		take(c, one);
	if (one->hold == NULL)
		return false;
	if (!one->hold->is_ready)
		return prepare(c, one);
	one->hold->last_seq = one->last_seq;
	bool idle = one->last_seq <= column_position(one->hold->base) &&
		    members_idle(one->hold->members, time_now_us());
	if (idle)
		one->hold->followed_at_us = time_now_us();
	if ((!idle && hold_step(c->turn, one->hold, time_now_us(), &more, &e) < 0) ||
		members_build(c->turn, one->hold->members, time_now_us(), &built, &e) < 0 ||
		(!more && formulas_turn(c->turn, one->hold->formulas, &calculated, &e) < 0))
		give_up(one, &e);
	return more || built || calculated;
}

/* Lets a company go until it is needed: its snapshot is what it comes back with. */
static void
let_go(struct held *one)
{
	struct err e;
	int64_t wake_at_us = hold_next_us(one->hold);
	if (keep_now(one->hold, &e) < 0)
		log_line(LOG_WARN, "company %lld: %s", (long long)one->company_id, e.text);
	log_line(LOG_INFO, "company %lld: let go for want of memory",
		(long long)one->company_id);
	one->is_cold = true;
	one->cold_seq = column_position(one->hold->base);
	one->wake_at_us = wake_at_us;
	snprintf(one->why, sizeof one->why, "its columns are brought back");
	hold_close(one->hold);
	one->hold = NULL;
}

/* The columns of all companies stay below what may be taken: whoever was needed longest ago goes, but never the last one. */
static void
weigh(struct columns *c)
{
	struct err e;
	size_t sum = 0, ready = 0;
	struct held *coldest = NULL;
	if (time_monotonic_us() - c->weighed_at_us < weigh_us)
		return;
	c->weighed_at_us = time_monotonic_us();
	for (size_t i = 0; i < c->n; i++) {
		struct held *one = &c->companies[i];
		if (one->hold == NULL)
			continue;
		if (one->hold->is_ready && hold_check_size(one->hold, &e) < 0) {
			give_up(one, &e);
			continue;
		}
		sum += column_memory_bytes(one->hold->base);
		ready += one->hold->is_ready;
		if (one->hold->is_ready && one->company_id != c->keeper.company_id &&
			(coldest == NULL ||
				one->hold->used_at_us < coldest->hold->used_at_us))
			coldest = one;
	}
	if (sum > (size_t)c->settings->columns_memory_mb << 20 && ready > 1 &&
		coldest != NULL) {
		let_go(coldest);
		c->weighed_at_us = 0; /* there may be more to let go */
	}
}

/* Snapshots, one after the other; holes of what changed are closed where they grew large. */
static void
keep(struct columns *c)
{
	struct err e;
	int64_t company_id, seq;
	if (keep_poll(&c->keeper, &company_id, &seq) == 1) {
		struct held *one = held_of(c, company_id);
		if (one != NULL && one->hold != NULL)
			one->hold->kept_seq = seq;
	}
	for (size_t i = 0; i < c->n && c->keeper.child == 0; i++) {
		struct hold *h = c->companies[i].hold;
		if (h == NULL || !keep_is_due(h))
			continue;
		column_fold_before(
			h->base, time_now_us() - c->settings->columns_hot_days * DAY_US);
		if (column_is_untidy(h->base))
			column_tidy(h->base);
		if (keep_begin(&c->keeper, h, &e) < 0)
			log_line(LOG_WARN, "%s", e.text);
	}
}

/* How long the company that waits longest has waited. */
static struct val
health(struct columns *c)
{
	struct val out = val_map(c->turn);
	int64_t now = time_now_us(), lag = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct hold *h = c->companies[i].hold;
		bool level = (h != NULL && column_position(h->base) >=
						   c->companies[i].last_seq) ||
			     c->companies[i].is_cold;
		int64_t since = h != NULL && h->followed_at_us != 0 ? h->followed_at_us
								    : now - SECOND_US;
		if (!level && now - since > lag)
			lag = now - since;
	}
	val_put(c->turn, &out, "feed_lag_s", val_num((double)lag / 1e6));
	val_put(c->turn, &out, "companies", val_int((int64_t)c->n));
	return out;
}

static struct val
company_line(struct columns *c, const struct held *one)
{
	struct arena *a = c->turn;
	struct val out = val_map(a);
	const struct hold *h = one->hold;
	val_put(a, &out, "company", val_id(a, one->company_id));
	val_put(a, &out, "state",
		val_text(h != NULL	? h->is_ready ? "ready" : "loading"
			 : one->is_cold ? "cold"
					: "away"));
	if (h == NULL)
		val_put(a, &out, "why", val_text(one->why));
	else if (h->load != NULL) {
		struct load_progress p = load_progress(h->load, h);
		val_put(a, &out, "read_persons", val_int(p.persons));
		val_put(a, &out, "read", val_int(p.seq));
	}
	if (h != NULL) {
		struct column_stats s = column_stats(h->base);
		val_put(a, &out, "persons", val_int((int64_t)s.persons));
		val_put(a, &out, "events", val_int((int64_t)s.events));
		val_put(a, &out, "folded", val_int((int64_t)s.folded));
		val_put(a, &out, "memory_bytes", val_int((int64_t)s.memory_bytes));
		val_put(a, &out, "rows_evaluated", val_int(s.rows_evaluated));
		val_put(a, &out, "position", val_int(column_position(h->base)));
		val_put(a, &out, "snapshot", val_int(h->kept_seq));
		val_put(a, &out, "fence", val_int(h->lease.fence));
	}
	val_put(a, &out, "last", val_int(one->last_seq));
	return out;
}

static struct val
company_lines(struct columns *c)
{
	struct val out = val_map(c->turn), list = val_list(c->turn);
	for (size_t i = 0; i < c->n; i++)
		val_push(c->turn, &list, company_line(c, &c->companies[i]));
	val_put(c->turn, &out, "companies", list);
	return out;
}

/* The hold of a company, brought back if it was let go; it must be there before the deadline. */
static struct hold *
find(struct columns *c, int64_t company_id, int64_t deadline_us, struct err *e)
{
	struct held *one = held_of(c, company_id);
	if (one == NULL) {
		if (look(c, e) < 0)
			return NULL;
		one = held_of(c, company_id);
	}
	if (one == NULL) {
		err_set(e, ERR_MISSING, "there is no such company");
		return NULL;
	}
	one->wake_at_us = 0;
	if (one->hold == NULL)
		take(c, one);
	while (one->hold != NULL && !one->hold->is_ready &&
		time_monotonic_us() < deadline_us)
		prepare(c, one);
	if (one->hold != NULL && one->hold->is_ready) {
		one->hold->used_at_us = time_monotonic_us();
		return one->hold;
	}
	struct load_progress p = {0};
	if (one->hold != NULL && one->hold->load != NULL)
		p = load_progress(one->hold->load, one->hold);
	if (p.of > 0)
		err_set(e, ERR_BUSY,
			"the company's columns are being loaded: %lld people, event %lld "
			"of %lld",
			(long long)p.persons, (long long)p.seq, (long long)p.of);
	else
		err_set(e, ERR_BUSY, "the company's columns are not there: %s",
			one->hold != NULL ? "they catch up" : one->why);
	snprintf(e->field, sizeof e->field, "columns");
	return NULL;
}

static int
answer(struct columns *c, const struct val *question, struct val *out, struct err *e)
{
	int64_t deadline = time_monotonic_us() +
			   val_as_int(val_get(question, "deadline_ms"), QUESTION_MS) * 1000;
	int64_t company_id = val_as_int(val_get(question, "company"), 0);
	struct budget *budget = company_id != 0 ? budget_of(company_id, c->settings) : NULL;
	struct text what = val_as_text(val_get(question, "what"));
	if (text_is(what, "health") || text_is(what, "companies")) {
		*out = text_is(what, "health") ? health(c) : company_lines(c);
		return 0;
	}
	if (text_is(what, "company")) {
		const struct held *one = held_of(c, company_id);
		*out = one != NULL ? company_line(c, one) : val_map(c->turn);
		return 0;
	}
	budget_enter(budget, true);
	/* who waits for one that is loaded must not keep the others waiting */
	int64_t patience = time_monotonic_us() + QUESTION_MS * 1000 / 2;
	struct hold *h = find(c, company_id, patience < deadline ? patience : deadline, e);
	if (h == NULL)
		return -1;
	if (hold_reach(c->turn, h, val_as_int(val_get(question, "seq"), 0), deadline, e) <
		0) {
		give_up(held_of(c, company_id), e);
		return -1;
	}
	/* what the question itself costs is not waited for */
	if (budget != NULL && budget_check(budget, false, e) < 0)
		return -1;
	budget_enter(budget, false);
	return answer_question(c->turn, h, question, out, e);
}

static void
serve_one(struct columns *c)
{
	struct val question, out;
	struct err e;
	int fd = accept4(c->listener, NULL, NULL, SOCK_CLOEXEC);
	if (fd < 0)
		return;
	if (ask_read(c->turn, fd, QUESTION_MS, &question, &e) == 1) {
		hand_take(val_as_int(val_get(&question, "company"), 0));
		if (answer(c, &question, &out, &e) < 0)
			out = ask_refusal(c->turn, &e);
		hand_take(0);
		if (ask_write(c->turn, fd, QUESTION_MS, &out, &e) < 0)
			log_line(LOG_DEBUG, "an asker went away: %s", e.text);
	}
	close(fd);
}

static void
run(struct columns *c, volatile sig_atomic_t *stop)
{
	struct err e;
	bool busy = false;
	while (!*stop) {
		struct pollfd p = {.fd = c->listener, .events = POLLIN};
		while (!*stop && poll(&p, 1, busy ? 0 : TICK_MS) > 0) {
			serve_one(c);
			arena_reset(c->turn);
			busy = true; /* those who wait first, then the feeds */
		}
		busy = false;
		if (look(c, &e) < 0) {
			log_line(LOG_WARN, "%s", e.text);
			usleep(FAILED_WAIT_MS * 1000 / 4);
			continue; /* the store is away: what is held stays as it is */
		}
		for (size_t i = 0; i < c->n && !*stop; i++) {
			hand_take(c->companies[i].company_id);
			busy |= step(c, &c->companies[i]);
			hand_take(0);
			arena_reset(c->turn);
		}
		weigh(c);
		keep(c);
	}
}

/* What came since the last snapshots is written, as far as there is time for it. */
static void
end(struct columns *c)
{
	struct err e;
	int64_t until = time_monotonic_us() + stop_us;
	keep_stop(&c->keeper);
	for (size_t i = 0; i < c->n; i++) {
		struct held *one = &c->companies[i];
		if (one->hold == NULL)
			continue;
		if (time_monotonic_us() < until && keep_now(one->hold, &e) < 0)
			log_line(LOG_WARN, "company %lld: %s", (long long)one->company_id,
				e.text);
		hold_close(one->hold);
	}
	free(c->companies);
}

int
engine_columns_run(const struct settings *s, volatile sig_atomic_t *stop, struct err *e)
{
	struct arena *a = arena_new();
	const char *path = arena_printf(a, "%s/columns.lock", s->run_dir);
	int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB) != 0)
		return err_set(
			e, ERR_BUSY, "another engine of this machine holds %s: %m", path);
	char host[64] = "";
	gethostname(host, sizeof host - 1);
	struct columns c = {.settings = s,
		.db = db_open(s),
		.types = event_types_new(),
		.turn = arena_new(),
		/* the same after a restart: our own lease is taken back at once */
		.holder = arena_printf(a, "%s/%lld", host, (long long)s->machine)};
	if (hand_open(s, "columns", e) < 0 || ask_listen(s, &c.listener, e) < 0)
		return -1;
	run(&c, stop);
	end(&c);
	close(c.listener);
	close(lock);
	event_types_free(c.types);
	db_close(c.db);
	arena_free(c.turn);
	arena_free(a);
	return 0;
}
