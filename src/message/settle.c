/* See outbox.h: what became of claimed messages. */
#include "base/arena.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "event/apply.h"
#include "message/figure.h"
#include "message/letter.h"
#include "message/outbox.h"
#include "message/template_store.h"
#include "profile/person.h"
#include "store/db.h"

#include <string.h>

enum { BACK_US = 5 * 1000 * 1000 };

/* Waits before the second attempt, the third, ... RFC 5321 4.5.4.1 wants half an hour and four to five days; a marketing letter is
 * stale before that. */
static const int64_t waits_us[OUTBOX_ATTEMPTS_MAX] = {MINUTE_US, 5 * MINUTE_US,
	15 * MINUTE_US, HOUR_US, 2 * HOUR_US, 4 * HOUR_US, 8 * HOUR_US, 12 * HOUR_US,
	20 * HOUR_US};

struct settling {
	struct arena *arena;
	const struct outbox_answer *answers;
	size_t n;
};

static bool
is_ours(const struct message *m, const struct outbox_answer *w)
{
	if (m->state == MESSAGE_SENDING && m->fence == w->fence)
		return true;
	/* a late word ends a doubt */
	return m->state == MESSAGE_UNCERTAIN && w->word == OUTBOX_SENT;
}

/* Its person was erased while a sender had it. */
static bool
is_erased(const struct message *m)
{
	return m->address.n == 0;
}

static void
end(struct message *m, enum message_state state)
{
	m->state = state;
	m->lane = MESSAGE_LANE_OVER;
}

static void
wait(struct message *m, enum message_state state, int64_t due_at_us)
{
	m->state = state;
	m->lane = m->transactional ? MESSAGE_LANE_URGENT : MESSAGE_LANE_BULK;
	m->due_at_us = due_at_us;
}

static void
change(struct message *m, const struct outbox_answer *w)
{
	m->reason = text_cut(w->reason, MESSAGE_REASON_MAX);
	if (w->subject.n > 0 && !is_erased(m))
		m->subject = text_cut(w->subject, TEMPLATE_SUBJECT_MAX);
	switch (w->word) {
	case OUTBOX_SENT:
		end(m, MESSAGE_SENT);
		m->reason = text_of("");
		m->sent_at_us = w->at_us;
		break;
	case OUTBOX_REFUSED:
		end(m, MESSAGE_FAILED);
		break;
	case OUTBOX_LATER:
		if (m->attempts >= OUTBOX_ATTEMPTS_MAX)
			end(m, MESSAGE_FAILED);
		else
			wait(m, MESSAGE_DEFERRED,
				w->at_us + waits_us[m->attempts > 0 ? m->attempts - 1 : 0]);
		break;
	case OUTBOX_UNKNOWN:
		if (m->transactional && m->attempts < OUTBOX_ATTEMPTS_MAX)
			wait(m, MESSAGE_QUEUED, w->at_us);
		else
			end(m, MESSAGE_UNCERTAIN);
		break;
	case OUTBOX_CRASHED:
		if (++m->crashes >= OUTBOX_CRASHES_MAX) {
			end(m, MESSAGE_FAILED);
			m->reason = text_of("set aside: it was in hand at two crashes");
			break;
		}
		/* fallthrough */
	case OUTBOX_BACK:
		m->attempts--;
		wait(m, m->attempts > 0 ? MESSAGE_DEFERRED : MESSAGE_QUEUED,
			w->at_us +
				(w->word == OUTBOX_BACK && w->reason.n > 0 ? BACK_US : 0));
	}
}

static size_t
count(const struct message *m, enum message_state before, struct figure *f)
{
	size_t n = 0;
	if (m->state == before)
		return 0;
	if (before == MESSAGE_UNCERTAIN)
		f[n++] = (struct figure){m->company_id, m->origin_id, "uncertain", -1};
	if (m->state == MESSAGE_SENT || m->state == MESSAGE_FAILED ||
		m->state == MESSAGE_UNCERTAIN)
		f[n++] = (struct figure){
			m->company_id, m->origin_id, message_state_word(m->state), 1};
	return n;
}

/* The messages of one company: answers from..to speak of them. */
static int
settle_company(struct arena *a, struct db *db, const struct outbox_answer *answers,
	size_t n, struct figure *figures, size_t *figure_n, struct err *e)
{
	int64_t company_id = answers[0].company_id, *ids = arena_array(a, n, sizeof *ids);
	struct letter_copy *copies = arena_array(a, n, sizeof *copies);
	struct message *m;
	size_t found, changed = 0, kept = 0;
	for (size_t i = 0; i < n; i++)
		ids[i] = answers[i].message_id;
	if (message_load(a, db, company_id, ids, n, true, &m, &found, e) < 0)
		return -1;
	for (size_t i = 0; i < found; i++) {
		const struct outbox_answer *w = answers;
		while (w->message_id != m[i].id)
			w++;
		if (!is_ours(&m[i], w))
			continue;
		enum message_state before = m[i].state;
		change(&m[i], w);
		*figure_n += count(&m[i], before, figures + *figure_n);
		if (w->bounced && m[i].state == MESSAGE_FAILED &&
			person_suppress(db, company_id, "email", m[i].address, "bounced",
				w->at_us, m[i].id, e) < 0)
			return -1;
		if (w->copy.n > 0 && !is_erased(&m[i]) &&
			(m[i].state == MESSAGE_SENT || m[i].state == MESSAGE_UNCERTAIN))
			copies[kept++] = (struct letter_copy){m[i].id, w->copy};
		m[changed++] = m[i];
	}
	if (letter_keep(a, db, company_id, copies, kept, e) < 0)
		return -1;
	return changed > 0 ? message_save(a, db, m, changed, e) : 0;
}

/* In the transaction of the events. */
static int
settle_also(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	const struct settling *s = obj;
	struct figure *figures = arena_array(s->arena, s->n * 2 + 1, sizeof *figures);
	size_t figure_n = 0;
	(void)applied;
	for (size_t from = 0, to; from < s->n; from = to) {
		to = from + 1;
		while (to < s->n &&
			s->answers[to].company_id == s->answers[from].company_id)
			to++;
		if (settle_company(s->arena, db, s->answers + from, to - from, figures,
			    &figure_n, e) < 0)
			return -1;
	}
	return figure_add(s->arena, db, figures, figure_n, e);
}

static void
tell(struct arena *a, const struct message *m, const struct message_names *names,
	const struct outbox_answer *w, struct arrival *out)
{
	const char *type = w->word == OUTBOX_SENT ? "email_sent" : "email_bounce";
	struct val props = message_props(a, m, names);
	if (w->subject.n > 0)
		val_put(a, &props, "subject", val_of(w->subject));
	if (w->word != OUTBOX_SENT)
		val_put(a, &props, "reason",
			val_of(text_cut(w->reason, MESSAGE_REASON_MAX)));
	*out = (struct arrival){.company_id = m->company_id,
		.who = {.node_id = m->person_id},
		.type = text_of(type),
		.props = props,
		.at_us = w->at_us,
		.received_at_us = w->at_us,
		.time_key = w->at_us,
		.dedup = sign_hash64(
			text_of(arena_printf(a, "%s:%lld", type, (long long)m->id)))};
}

/* Events of one company's answers. */
static int
tell_company(struct arena *a, struct db *db, const struct outbox_answer *answers, size_t n,
	struct arrival *arrivals, size_t *arrival_n, struct err *e)
{
	int64_t company_id = answers[0].company_id, *ids = arena_array(a, n, sizeof *ids);
	struct message *m;
	size_t found, wanted = 0;
	for (size_t i = 0; i < n; i++)
		if (answers[i].word == OUTBOX_SENT || answers[i].bounced)
			ids[wanted++] = answers[i].message_id;
	if (message_load(a, db, company_id, ids, wanted, false, &m, &found, e) < 0)
		return -1;
	struct message_names *names = arena_array(a, found + 1, sizeof *names);
	if (message_names(a, db, company_id, m, found, names, e) < 0)
		return -1;
	for (size_t i = 0; i < found; i++) {
		const struct outbox_answer *w = answers;
		while (w->message_id != m[i].id)
			w++;
		if (!is_ours(&m[i], w))
			continue;
		tell(a, &m[i], &names[i], w, &arrivals[(*arrival_n)++]);
	}
	return 0;
}

int
outbox_settle(struct arena *a, struct db *db, struct event_types *types,
	const struct outbox_answer *answers, size_t n, struct err *e)
{
	struct outbox_answer *sorted = arena_array(a, n + 1, sizeof *sorted);
	struct arrival *arrivals = arena_array(a, n + 1, sizeof *arrivals);
	struct applied *applied = arena_array(a, n + 1, sizeof *applied);
	size_t arrival_n = 0;
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++) {
		size_t k = i;
		for (; k > 0 && sorted[k - 1].company_id > answers[i].company_id; k--)
			sorted[k] = sorted[k - 1];
		sorted[k] = answers[i];
	}
	for (size_t from = 0, to; from < n; from = to) {
		to = from + 1;
		while (to < n && sorted[to].company_id == sorted[from].company_id)
			to++;
		if (tell_company(a, db, sorted + from, to - from, arrivals, &arrival_n, e) <
			0)
			return err_wrap(e, "outbox.settle");
	}
	struct settling s = {a, sorted, n};
	return event_apply(a, db, types, arrivals, arrival_n, applied, settle_also, &s, e);
}

struct outbox_answer *
outbox_read_log(struct arena *a, const struct sendlog_entry *left, size_t n)
{
	static const enum outbox_word words[] = {
		OUTBOX_SENT, OUTBOX_REFUSED, OUTBOX_LATER, OUTBOX_UNKNOWN};
	struct outbox_answer *out = arena_array(a, n + 1, sizeof *out);
	for (size_t i = 0; i < n; i++) {
		const struct sendlog_entry *l = &left[i];
		out[i] = (struct outbox_answer){.company_id = l->company_id,
			.message_id = l->message_id,
			.fence = l->fence,
			.word = OUTBOX_BACK,
			.at_us = time_now_us()};
		if (l->step == SENDLOG_COMPOSES)
			out[i].word = OUTBOX_CRASHED;
		else if (l->step == SENDLOG_BEGINS) {
			out[i].word = OUTBOX_UNKNOWN;
			out[i].reason = text_of("the sender died while it was on its way");
		} else if (l->step == SENDLOG_ANSWERED && l->code >= 0 && l->code < 4) {
			out[i].word = words[l->code];
			out[i].reason = text_of("told before the sender died");
		}
	}
	return out;
}

int
outbox_take_expired(
	struct arena *a, struct db *db, struct event_types *types, size_t *n, struct err *e)
{
	struct val rows;
	int64_t now_us = time_now_us();
	*n = 0;
	if (db_rows(a, db, QUERY_MESSAGE_EXPIRED,
		    DB_ARGS(val_int(MESSAGE_LANE_SENDING), val_int(now_us)), &rows, e) < 0)
		return -1;
	struct outbox_answer *answers = arena_array(a, rows.list->n + 1, sizeof *answers);
	for (size_t i = 0; i < rows.list->n; i++) {
		struct message m;
		message_from_row(&rows.list->at[i], &m);
		answers[i] = (struct outbox_answer){.company_id = m.company_id,
			.message_id = m.id,
			.fence = m.fence,
			.word = OUTBOX_UNKNOWN,
			.reason = text_of("its sender was not heard of again"),
			.at_us = now_us};
	}
	*n = rows.list->n;
	return outbox_settle(a, db, types, answers, *n, e);
}
