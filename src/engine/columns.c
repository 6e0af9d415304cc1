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
#include "engine/hold.h"
#include "engine/members.h"
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

enum { TICK_MS = 25, QUESTION_MS = 1000, FAILED_WAIT_MS = 1000 };

struct held {
	int64_t company_id, last_seq, try_at_us;
	struct hold *hold; /* NULL: not (yet) ours */
};

struct columns {
	const struct settings *settings;
	struct db *db;
	struct event_types *types;
	struct arena *turn;
	const char *holder;
	struct held *companies;
	size_t n;
	int64_t looked_at_us;
	int listener;
};

/* Companies and how far their feeds are. */
static int
look(struct columns *c, struct err *e)
{
	struct val rows;
	if (feed_last_all(c->turn, c->db, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		int64_t id = row_int(&rows.list->at[i], 0);
		size_t k = 0;
		while (k < c->n && c->companies[k].company_id != id)
			k++;
		if (k == c->n) {
			c->companies = realloc(
				c->companies, (c->n + 1) * sizeof *c->companies);
			must(c->companies != NULL);
			c->companies[c->n++] = (struct held){.company_id = id};
		}
		c->companies[k].last_seq = row_int(&rows.list->at[i], 1);
	}
	return 0;
}

static void
give_up(struct held *one, const struct err *e)
{
	log_line(LOG_WARN, "company %lld: %s; its columns are loaded anew",
		(long long)one->company_id, e->text);
	hold_close(one->hold);
	one->hold = NULL;
	one->try_at_us = time_monotonic_us() + FAILED_WAIT_MS * 1000;
}

/* One step of one company. true: there is more to do at once. */
static bool
step(struct columns *c, struct held *one)
{
	struct err e;
	bool more = false, built = false;
	if (one->hold == NULL) {
		if (time_monotonic_us() < one->try_at_us)
			return false;
		int rc = hold_open(c->settings, c->db, c->types, one->company_id, c->holder,
			&one->hold, &e);
		if (rc < 0)
			log_line(LOG_WARN, "company %lld: %s", (long long)one->company_id,
				e.text);
		if (rc < 1) {
			one->try_at_us = time_monotonic_us() + FAILED_WAIT_MS * 1000;
			return false;
		}
	}
	one->hold->last_seq = one->last_seq;
	bool idle = one->last_seq <= column_position(one->hold->base) &&
		    members_idle(one->hold->members, time_now_us());
	if (idle)
		one->hold->followed_at_us = time_now_us();
	if ((!idle && hold_step(c->turn, one->hold, time_now_us(), &more, &e) < 0) ||
		members_build(c->turn, one->hold->members, time_now_us(), &built, &e) < 0)
		give_up(one, &e);
	return more || built;
}

static struct hold *
find(struct columns *c, int64_t company_id)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->companies[i].company_id == company_id)
			return c->companies[i].hold;
	return NULL;
}

/* How long the company that waits longest has waited. */
static struct val
health(struct columns *c)
{
	struct val out = val_map(c->turn);
	int64_t now = time_now_us(), lag = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct hold *h = c->companies[i].hold;
		bool level = h != NULL &&
			     column_position(h->base) >= c->companies[i].last_seq;
		int64_t since = h != NULL ? h->followed_at_us : now - SECOND_US;
		if (!level && now - since > lag)
			lag = now - since;
	}
	val_put(c->turn, &out, "feed_lag_s", val_num((double)lag / 1e6));
	val_put(c->turn, &out, "companies", val_int((int64_t)c->n));
	return out;
}

static int
answer(struct columns *c, const struct val *question, struct val *out, struct err *e)
{
	int64_t deadline = time_monotonic_us() +
			   val_as_int(val_get(question, "deadline_ms"), QUESTION_MS) * 1000;
	int64_t company_id = val_as_int(val_get(question, "company"), 0);
	if (text_is(val_as_text(val_get(question, "what")), "health")) {
		*out = health(c);
		return 0;
	}
	struct hold *h = find(c, company_id);
	if (h == NULL) {
		if (look(c, e) < 0)
			return -1;
		for (size_t i = 0; i < c->n; i++)
			if (c->companies[i].company_id == company_id)
				step(c, &c->companies[i]);
		h = find(c, company_id);
	}
	if (h == NULL)
		return err_set(e, ERR_BUSY, "the company's columns are not loaded yet");
	if (hold_reach(c->turn, h, val_as_int(val_get(question, "seq"), 0), deadline, e) <
		0) {
		for (size_t i = 0; i < c->n; i++)
			if (c->companies[i].hold == h)
				give_up(&c->companies[i], e);
		return -1;
	}
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
		if (answer(c, &question, &out, &e) < 0)
			out = ask_refusal(c->turn, &e);
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
			busy |= step(c, &c->companies[i]);
			arena_reset(c->turn);
		}
	}
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
	if (ask_listen(s, &c.listener, e) < 0)
		return -1;
	run(&c, stop);
	for (size_t i = 0; i < c.n; i++)
		hold_close(c.companies[i].hold);
	free(c.companies);
	close(c.listener);
	close(lock);
	event_types_free(c.types);
	db_close(c.db);
	arena_free(c.turn);
	arena_free(a);
	return 0;
}
