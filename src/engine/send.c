/* See send.h. One turn: claim a batch, compose it, send it over the kept connections, settle it. A store that is away, or a
 * relay, makes the sender wait, not fail. */
#include "engine/send.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/time.h"
#include "event/type.h"
#include "message/compose.h"
#include "message/letter.h"
#include "message/outbox.h"
#include "profile/field_options.h"
#include "script/budget.h"
#include "store/db.h"
#include "wire/smtp.h"

#include <string.h>
#include <unistd.h>

enum {
	CONNECTIONS = 8,
	IDLE_MS = 100,
	BACK_OFF_MS = 500,
	RELAY_AWAY_MS = 2000,
	LINKS_KNOWN_MAX = 200000
};
static const int64_t lease_us = 3 * MINUTE_US;
static const int64_t expired_every_us = 20 * SECOND_US;

struct sender {
	const struct settings *settings;
	volatile sig_atomic_t *stop;
	struct arena *arena; /* of one turn */
	struct db *db;
	struct event_types *types;
	struct composer *composer;
	struct smtp *smtp;
	struct sendlog *log;
	bool log_broken; /* the disk is full: nothing may begin */
	bool relay_away;
	struct dict *links; /* "COMPANY/LINK" the store has */
	/* of this turn */
	struct claim *claims;
	struct outbox_answer *answers;
	struct smtp_letter *letters; /* id is the claim's index */
	size_t letter_n;
};

static void
nap(const struct sender *s, int ms)
{
	for (; ms > 0 && !*s->stop; ms -= IDLE_MS)
		usleep(IDLE_MS * 1000);
}

static void
note(struct sender *s, size_t claim, enum sendlog_step step, int code)
{
	struct err e;
	const struct message *m = &s->claims[claim].message;
	struct sendlog_entry entry = {m->company_id, m->id, m->fence, (int32_t)step, code};
	if (sendlog_add(s->log, &entry, 1, &e) < 0) {
		log_line(LOG_ERROR, "%s", e.text);
		s->log_broken = true;
	}
}

static void
on_begins(void *obj, const struct smtp_letter *letter)
{
	note(obj, (size_t)letter->id, SENDLOG_BEGINS, 0);
}

/* 5.1.x (RFC 3463: bad destination) and plain 550, 551, 553 without such a code say the mailbox is no good; 5.7.x is policy. */
static bool
is_bounce(const struct smtp_letter *l)
{
	if (!l->recipient)
		return false;
	const char *status = strlen(l->reply) > 6 && l->reply[4] == '5' ? l->reply + 4
									: NULL;
	if (status != NULL && status[1] == '.')
		return status[2] == '1';
	return l->code == 0 || l->code == 550 || l->code == 551 || l->code == 553;
}

static void
on_answered(void *obj, const struct smtp_letter *l)
{
	static const enum outbox_word words[] = {
		OUTBOX_SENT, OUTBOX_REFUSED, OUTBOX_LATER, OUTBOX_UNKNOWN};
	struct sender *s = obj;
	struct outbox_answer *w = &s->answers[l->id];
	w->bounced = l->result == SMTP_REFUSED && is_bounce(l);
	note(s, (size_t)l->id, SENDLOG_ANSWERED,
		(int)l->result | (w->bounced ? SENDLOG_BOUNCED : 0));
	w->word = words[l->result];
	w->at_us = time_now_us();
	w->reason = text_of(arena_text(s->arena, l->reply, strlen(l->reply)));
	if (l->result == SMTP_LATER && !l->reached) {
		w->word = OUTBOX_BACK;
		s->relay_away = true;
	}
}

/* --- composing --- */

struct company_cards { /* what letters of one company need, of this turn */
	struct company company;
	struct val options; /* of its fields */
	struct letter_template templates[OUTBOX_BATCH_MAX];
	size_t template_n;
};

static int
load_company(struct sender *s, int64_t id, struct company_cards *out, struct err *e)
{
	if (out->company.id == id)
		return 0;
	*out = (struct company_cards){0};
	int found = company_by_id(s->arena, s->db, id, &out->company, e);
	if (found == 0)
		err_set(e, ERR_MISSING, "the company is gone");
	return found < 1 ? -1 : field_options_all(s->arena, s->db, id, &out->options, e);
}

static int
load_template(struct sender *s, struct company_cards *cards, int64_t id,
	const struct letter_template **out, struct err *e)
{
	for (size_t i = 0; i < cards->template_n; i++)
		if (cards->templates[i].id == id) {
			*out = &cards->templates[i];
			return 0;
		}
	struct letter_template *t = &cards->templates[cards->template_n];
	int found = message_template_by_id(s->arena, s->db, cards->company.id, id, t, e);
	if (found < 0)
		return -1;
	if (found == 0)
		return err_set(e, ERR_MISSING, "the template is gone");
	cards->template_n++;
	*out = t;
	return 0;
}

static bool
is_passing(const struct err *e)
{
	return e->code == ERR_BUSY || e->code == ERR_CONFLICT;
}

/* Targets the store does not have yet, as far as this sender knows. */
static int
keep_links(struct sender *s, int64_t company_id, const struct letter *letter, struct err *e)
{
	struct link *new = arena_array(s->arena, letter->link_n + 1, sizeof *new);
	struct text *keys = arena_array(s->arena, letter->link_n + 1, sizeof *keys);
	size_t n = 0;
	if (dict_count(s->links) > LINKS_KNOWN_MAX) {
		dict_free(s->links);
		s->links = dict_new();
	}
	for (size_t i = 0; i < letter->link_n; i++) {
		keys[n] = text_of(arena_printf(s->arena, "%lld/%lld", (long long)company_id,
			(long long)letter->links[i].id));
		if (dict_find(s->links, keys[n]) == DICT_NONE)
			new[n++] = letter->links[i];
	}
	if (n > 0 && link_put(s->arena, s->db, company_id, new, n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		dict_put(s->links, keys[i], NULL);
	return 0;
}

/* One claim to a letter. 0, or -1: *e says whether it is the letter's fault or the store's. */
static int
compose_one(struct sender *s, size_t i, struct company_cards *cards, struct err *e)
{
	const struct claim *c = &s->claims[i];
	struct letter_order order = {.company = &cards->company,
		.message = &c->message,
		.origin = &c->origin,
		.tracked = c->tracked};
	struct val fields;
	struct letter letter;
	if (!smtp_address_is(c->message.address))
		return err_set(e, ERR_INPUT,
			"\"%.100s\" is no address letters can be sent to",
			text_z(s->arena, c->message.address));
	budget_enter(budget_of(c->message.company_id, s->settings), false);
	if (load_company(s, c->message.company_id, cards, e) < 0 ||
		load_template(s, cards, c->message.template_id, &order.template, e) < 0)
		return -1;
	fields = field_options_fill(s->arena, &cards->options, &c->fields);
	order.fields = &fields;
	if (compose_letter(s->arena, s->composer, &order, &letter, e) < 0 ||
		keep_links(s, c->message.company_id, &letter, e) < 0)
		return -1;
	s->answers[i].subject = letter.subject;
	if (s->settings->letters_kept_days > 0)
		s->answers[i].copy = letter_pack(s->arena, letter.shown);
	s->letters[s->letter_n++] = (struct smtp_letter){.id = (int64_t)i,
		.to = text_z(s->arena, c->message.address),
		.text = letter.mail};
	return 0;
}

/* What does not compose fails for good; a store that went away puts the rest back. */
static void
compose_all(struct sender *s, size_t n)
{
	struct company_cards *cards = arena_alloc(s->arena, sizeof *cards);
	for (size_t i = 0; i < n && !*s->stop && !s->log_broken; i++) {
		struct err e = {0};
		note(s, i, SENDLOG_COMPOSES, 0);
		bool good = compose_one(s, i, cards, &e) == 0;
		note(s, i, SENDLOG_CLAIMED, 0); /* it did not kill us */
		if (good)
			continue;
		s->answers[i].reason = text_of(
			arena_text(s->arena, e.text, strlen(e.text)));
		s->answers[i].word = is_passing(&e) ? OUTBOX_BACK : OUTBOX_REFUSED;
	}
}

/* --- a turn --- */

/* One of them cannot be written down: the others are, that one is left to its lease. */
static void
settle_alone(struct sender *s, const struct outbox_answer *answers, size_t n)
{
	struct err e;
	for (size_t i = 0; i < n; i++)
		if (outbox_settle(s->arena, s->db, s->types, &answers[i], 1, &e) < 0)
			log_line(LOG_ERROR, "send: message %lld: %s",
				(long long)answers[i].message_id, e.text);
}

/* Until it is done: what was sent must be written down. A stop leaves it to the send log. */
static int
settle(struct sender *s, const struct outbox_answer *answers, size_t n)
{
	struct err e;
	for (int try = 1; outbox_settle(s->arena, s->db, s->types, answers, n, &e) < 0;
		try++) {
		log_line(LOG_WARN, "send: %s", e.text);
		if (!is_passing(&e)) {
			settle_alone(s, answers, n);
			break;
		}
		if (*s->stop && try > 3)
			return -1;
		usleep(BACK_OFF_MS * 1000);
	}
	if (sendlog_clear(s->log, &e) < 0)
		log_line(LOG_ERROR, "%s", e.text);
	return 0;
}

/* 1 something was due, 0 nothing, -1 *e. */
static int
turn(struct sender *s, struct err *e)
{
	struct smtp_watch watch = {on_begins, on_answered, s};
	size_t n, seen;
	s->relay_away = false;
	if (outbox_claim(s->arena, s->db, s->log, lease_us, &s->claims, &n, &seen, e) < 0)
		return -1;
	if (n == 0)
		return seen > 0;
	s->answers = arena_array(s->arena, n, sizeof *s->answers);
	s->letters = arena_array(s->arena, n, sizeof *s->letters);
	s->letter_n = 0;
	for (size_t i = 0; i < n; i++)
		s->answers[i] = (struct outbox_answer){
			.company_id = s->claims[i].message.company_id,
			.message_id = s->claims[i].message.id,
			.fence = s->claims[i].message.fence,
			.word = OUTBOX_BACK,
			.at_us = time_now_us()};
	compose_all(s, n);
	if (!s->log_broken)
		smtp_send(s->smtp, s->letters, s->letter_n, &watch, s->stop);
	if (s->relay_away)
		log_line(LOG_WARN, "send: the relay does not answer");
	settle(s, s->answers, n);
	return 1;
}

/* What the sender before us, killed, had in hand. */
static int
recover(struct sender *s, const struct sendlog_entry *left, size_t n)
{
	if (n == 0)
		return 0;
	log_line(LOG_INFO, "send: %zu messages were in hand when a sender died", n);
	return settle(s, outbox_read_log(s->arena, left, n), n);
}

static void
run(struct sender *s)
{
	int64_t looked_us = 0;
	while (!*s->stop) {
		struct err e;
		size_t expired = 0;
		int rc = 0;
		if (time_monotonic_us() - looked_us > expired_every_us) {
			rc = outbox_take_expired(s->arena, s->db, s->types, &expired, &e);
			looked_us = time_monotonic_us();
		}
		if (rc == 0)
			rc = turn(s, &e);
		if (expired > 0)
			log_line(LOG_WARN,
				"send: %zu messages of senders not heard of again",
				expired);
		if (rc < 0) {
			log_line(LOG_WARN, "send: %s", e.text);
			nap(s, BACK_OFF_MS);
		} else if (s->relay_away || s->log_broken) {
			nap(s, RELAY_AWAY_MS);
			s->log_broken = false;
		} else if (rc == 0)
			nap(s, IDLE_MS);
		arena_reset(s->arena);
	}
}

int
engine_send_run(const struct settings *settings, volatile sig_atomic_t *stop, struct err *e)
{
	struct sender s = {.settings = settings, .stop = stop, .arena = arena_new()};
	struct sendlog_entry *left;
	size_t n;
	int rc = -1;
	if (smtp_open(settings, CONNECTIONS, &s.smtp, e) == 0 &&
		sendlog_open(s.arena, settings, &s.log, &left, &n, e) == 0) {
		s.db = db_open(settings);
		s.types = event_types_new();
		s.links = dict_new();
		s.composer = composer_new(settings);
		if (recover(&s, left, n) == 0)
			run(&s);
		rc = 0;
		composer_free(s.composer);
		dict_free(s.links);
		event_types_free(s.types);
		db_close(s.db);
	}
	sendlog_close(s.log);
	smtp_close(s.smtp);
	arena_free(s.arena);
	return rc;
}
