/* See outbox.h. Locks: messages, nodes, persons; figures last. A settling goes through event_apply: nodes, persons, the company's
 * feed, messages, figures; claims never touch a message that is being settled, so the two orders do not meet. */
#include "message/outbox.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "message/figure.h"
#include "profile/reach.h"
#include "store/db.h"

#include <string.h>
#include <unistd.h>

enum { CLAIM_TRIES = 5 };

struct batch { /* one claim */
	struct arena *arena;
	struct db *db;
	struct message *messages;
	struct reach *reach;
	struct origin *origins;
	size_t n;
	struct figure *figures;
	size_t figure_n;
};

static int
due_of(struct batch *b, enum message_lane lane, int64_t now_us, struct err *e)
{
	struct val rows;
	if (b->n == OUTBOX_BATCH_MAX)
		return 0;
	if (db_rows(b->arena, b->db, QUERY_MESSAGE_DUE,
		    DB_ARGS(val_int(lane), val_int(now_us),
			    val_int((int64_t)(OUTBOX_BATCH_MAX - b->n))),
		    &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++)
		message_from_row(&rows.list->at[i], &b->messages[b->n++]);
	return 0;
}

/* Messages of one company beside each other: insertion keeps the order otherwise. */
static void
group_by_company(struct message *m, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct message one = m[i];
		size_t k = i;
		for (; k > 0 && m[k - 1].company_id > one.company_id; k--)
			m[k] = m[k - 1];
		m[k] = one;
	}
}

/* Everything the decision needs, for the messages from..to of one company. */
static int
ask_company(struct batch *b, size_t from, size_t to, struct err *e)
{
	int64_t company_id = b->messages[from].company_id;
	int64_t *ids = arena_array(b->arena, to - from, sizeof *ids);
	for (size_t i = from; i < to; i++) {
		b->reach[i].asked_id = b->messages[i].person_id;
		ids[i - from] = b->messages[i].origin_id;
	}
	return reach_ask(b->arena, b->db, company_id, "email", b->reach + from, to - from,
		       e) < 0 ||
			       origin_of(b->arena, b->db, company_id, ids, to - from,
				       b->origins + from, e) < 0
		       ? -1
		       : 0;
}

static const char *
why_not(const struct message *m, const struct reach *r, const struct origin *o)
{
	if (o->stopped)
		return "stopped";
	if (r->person_id == 0)
		return "gone";
	if (r->address.n == 0)
		return "no_address";
	if (r->suppressed != NULL &&
		!(m->transactional && strcmp(r->suppressed, "unsubscribed") == 0))
		return r->suppressed;
	return m->transactional ? NULL : r->consent;
}

static void
count(struct batch *b, const struct message *m, const char *name)
{
	b->figures[b->figure_n++] = (struct figure){m->company_id, m->origin_id, name, 1};
}

static void
decide(struct batch *b, size_t i, int64_t until_us)
{
	struct message *m = &b->messages[i];
	const char *why = why_not(m, &b->reach[i], &b->origins[i]);
	m->fence++;
	if (why != NULL) {
		m->state = MESSAGE_SKIPPED;
		m->reason = text_of(why);
		m->lane = MESSAGE_LANE_OVER;
		count(b, m, "skipped");
		count(b, m, arena_printf(b->arena, "skipped.%s", why));
		return;
	}
	m->state = MESSAGE_SENDING;
	m->address = b->reach[i].address;
	m->attempts++;
	m->lane = MESSAGE_LANE_SENDING;
	m->due_at_us = until_us;
}

static int
write_log(struct batch *b, struct sendlog *log, struct err *e)
{
	struct sendlog_entry entries[OUTBOX_BATCH_MAX];
	size_t n = 0;
	for (size_t i = 0; i < b->n; i++)
		if (b->messages[i].state == MESSAGE_SENDING)
			entries[n++] = (struct sendlog_entry){b->messages[i].company_id,
				b->messages[i].id, b->messages[i].fence, SENDLOG_CLAIMED,
				0};
	return log != NULL ? sendlog_add(log, entries, n, e) : 0;
}

static int
claim_once(struct batch *b, struct sendlog *log, int64_t lease_us, struct err *e)
{
	int64_t now_us = time_now_us();
	if (due_of(b, MESSAGE_LANE_URGENT, now_us, e) < 0 ||
		due_of(b, MESSAGE_LANE_BULK, now_us, e) < 0)
		return -1;
	group_by_company(b->messages, b->n);
	for (size_t from = 0, to; from < b->n; from = to) {
		to = from + 1;
		while (to < b->n &&
			b->messages[to].company_id == b->messages[from].company_id)
			to++;
		if (ask_company(b, from, to, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < b->n; i++)
		decide(b, i, now_us + lease_us);
	return (b->n > 0 && message_save(b->arena, b->db, b->messages, b->n, e) < 0) ||
			       write_log(b, log, e) < 0 ||
			       figure_add(b->arena, b->db, b->figures, b->figure_n, e) < 0
		       ? -1
		       : 0;
}

int
outbox_claim(struct arena *a, struct db *db, struct sendlog *log, int64_t lease_us,
	struct claim **claims, size_t *n, size_t *seen, struct err *e)
{
	struct batch b;
	for (int try = 1;; try++) {
		b = (struct batch){.arena = a,
			.db = db,
			.messages = arena_array(a, OUTBOX_BATCH_MAX, sizeof *b.messages),
			.reach = arena_array(a, OUTBOX_BATCH_MAX, sizeof *b.reach),
			.origins = arena_array(a, OUTBOX_BATCH_MAX, sizeof *b.origins),
			.figures = arena_array(a, OUTBOX_BATCH_MAX * 2, sizeof *b.figures)};
		if (db_begin(db, e) < 0)
			return -1;
		int rc = claim_once(&b, log, lease_us, e);
		if (rc == 0)
			rc = db_commit(db, e);
		else
			db_rollback(db);
		if (rc == 0)
			break;
		if (e->code != ERR_CONFLICT || try == CLAIM_TRIES)
			return err_wrap(e, "outbox.claim");
		usleep((useconds_t)(1000 * try * try));
	}
	*claims = arena_array(a, b.n + 1, sizeof **claims);
	*n = 0;
	*seen = b.n;
	for (size_t i = 0; i < b.n; i++)
		if (b.messages[i].state == MESSAGE_SENDING)
			(*claims)[(*n)++] = (struct claim){b.messages[i], b.reach[i].fields,
				b.origins[i], b.reach[i].tracked};
	return 0;
}
