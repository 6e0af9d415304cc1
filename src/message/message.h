/* One text to one person: its row, its states, how it is put into the outbox. Origins (campaign, scenario) order messages;
 * origin 0 is a single one. */
#ifndef MESSAGE_MESSAGE_H
#define MESSAGE_MESSAGE_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum message_state {
	MESSAGE_QUEUED,	   /* waits for a sender */
	MESSAGE_SENDING,   /* a sender has it */
	MESSAGE_SENT,	   /* the relay took it */
	MESSAGE_DEFERRED,  /* the relay said later; due_at_us */
	MESSAGE_FAILED,	   /* for good; reason */
	MESSAGE_UNCERTAIN, /* nobody can tell; marketing is not sent again */
	MESSAGE_SKIPPED /* not sent at all; reason: no_consent, unsubscribed, no_address, ... */
};

enum message_lane {
	MESSAGE_LANE_OVER,
	MESSAGE_LANE_URGENT, /* transactional, before all others */
	MESSAGE_LANE_BULK,
	MESSAGE_LANE_SENDING /* due_at_us: until when the sender holds it */
};

enum { MESSAGE_COLUMNS = 20, MESSAGE_REASON_MAX = 300, MESSAGE_OCCURRENCE_MAX = 40 };

struct message {
	int64_t company_id, id, origin_id;
	struct text occurrence;
	int64_t person_id;
	struct text channel;
	bool transactional;
	int64_t template_id;
	struct text vars; /* JSON, empty when none */
	struct text address, subject;
	enum message_state state;
	struct text reason;
	int64_t attempts, crashes;
	enum message_lane lane;
	int64_t due_at_us, fence, queued_at_us, sent_at_us; /* sent 0: never */
};

const char *message_state_word(enum message_state state);

/* What a message comes from, as this floor keeps it: made and changed by the campaign and scenario floors with their own rows. */
struct origin {
	int64_t id;
	const char *kind, *name; /* "campaign" | "scenario" | "single" */
	bool stopped; /* what is queued of it will be skipped, reason "stopped" */
};
int origin_put(struct db *db, int64_t company_id, const struct origin *o, struct err *e);
/* For some ids, in their order; unknown ones and 0 are "single". */
int origin_of(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, struct origin *out, struct err *e);

struct message_to {
	int64_t person_id;
	struct text
		occurrence; /* "" when a person gets it once; a scenario run's step, an idempotency key */
};

struct message_order {
	int64_t company_id, origin_id, template_id;
	bool transactional; /* consent is not asked; sent again when in doubt */
	struct text vars;   /* JSON map, empty when none */
	int64_t due_at_us;  /* 0 now */
};

/* Puts messages into the outbox, inside the caller's transaction. What is there already (same origin, person, occurrence) stays as it
 * is. *queued how many are new; the origin's figure "queued" moves by that. ids may be NULL, else n entries: the message of each, 0 where
 * it was there. ERR_CONFLICT: another queued the same meanwhile, begin the transaction again. */
int message_queue(struct arena *a, struct db *db, const struct message_order *order,
	const struct message_to *to, size_t n, int64_t *ids, int64_t *queued,
	struct err *e);

/* A transactional message of the API, in a transaction of its own: occurrence is the idempotency key or empty (then each call is a
 * message of its own). ERR_INPUT template_id or person unknown. *id the message, new or the one there. */
int message_send_single(struct arena *a, struct db *db, int64_t company_id,
	int64_t template_id, int64_t person_id, const struct val *vars,
	struct text occurrence, int64_t *id, struct err *e);

/* Rows by ids, locked for the transaction or not; those not there are left out. */
int message_load(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, bool lock, struct message **out, size_t *found, struct err *e);
/* Writes rows that message_load or a claim locked in this transaction. */
int message_save(
	struct arena *a, struct db *db, const struct message *m, size_t n, struct err *e);
void message_from_row(const struct val *row, struct message *out);

/* What events about a message call it. */
struct message_names {
	const char *kind, *name; /* of its origin */
	const char *template;
};
int message_names(struct arena *a, struct db *db, int64_t company_id,
	const struct message *m, size_t n, struct message_names *out, struct err *e);
/* {campaign|scenario: id, name, template, message, subject} */
struct val message_props(
	struct arena *a, const struct message *m, const struct message_names *names);

/* For pages and the API: maps {id, origin_id, person_id, channel, template_id, address, subject, state, reason, attempts, queued_at_us,
 * sent_at_us, due_at_us}. Of a person: newest first, before_id INT64_MAX for the first page. Of an origin: by person
 * after after_person_id. */
int message_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e);
int message_of_person(struct arena *a, struct db *db, int64_t company_id, int64_t person_id,
	int64_t before_id, size_t limit, struct val *list, struct err *e);
int message_of_origin(struct arena *a, struct db *db, int64_t company_id, int64_t origin_id,
	int64_t after_person_id, size_t limit, struct val *list, struct err *e);

/* Of erased persons: messages stay for the figures, without address, subject, variables and copies. */
int message_erase(struct arena *a, struct db *db, int64_t company_id,
	const int64_t *person_ids, size_t n, struct err *e);

#endif
