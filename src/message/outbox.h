/* The outbox: messages claimed in batches, what became of them, and what dead senders left. Marketing goes out at most once: in
 * doubt it stays uncertain. Transactional goes out at least once, with the same Message-ID. */
#ifndef MESSAGE_OUTBOX_H
#define MESSAGE_OUTBOX_H

#include "event/type.h"
#include "message/message.h"
#include "message/sendlog.h"

struct arena;
struct db;
struct err;

enum {
	OUTBOX_BATCH_MAX = 50,
	OUTBOX_ATTEMPTS_MAX = 9, /* with the waits of outbox.c about two days */
	OUTBOX_CRASHES_MAX = 2	 /* in hand at so many: set aside, failed */
};

struct claim { /* ours until the lease ends; address is where it goes now */
	struct message message;
	struct val fields; /* the person's */
	struct origin origin;
	bool tracked; /* opens and clicks may be recorded */
};

/* Claims what is due, urgent first, at most OUTBOX_BATCH_MAX. Consent, suppression, address and the origin's state are asked again with the
 * persons locked; who may not be written to is skipped here with the reason. log gets the claims before they commit.
 * *claims on a; *seen how many were due, skipped ones included. */
int outbox_claim(struct arena *a, struct db *db, struct sendlog *log, int64_t lease_us,
	struct claim **claims, size_t *n, size_t *seen, struct err *e);

enum outbox_word {
	OUTBOX_SENT,
	OUTBOX_REFUSED, /* for good */
	OUTBOX_LATER,	/* the relay wants it later */
	OUTBOX_BACK,	/* nothing was tried: as if never claimed, after a few seconds */
	OUTBOX_UNKNOWN, /* in doubt */
	OUTBOX_CRASHED	/* a sender died composing it */
};

struct outbox_answer {
	int64_t company_id, message_id, fence;
	enum outbox_word word;
	bool bounced;	     /* with REFUSED: the address is no good, suppress it */
	struct text reason;  /* the relay's words, or ours */
	struct text subject; /* as sent, empty leaves it */
	struct text
		copy; /* its HTML by letter_pack, kept once it went out; empty keeps none */
	int64_t at_us;
};

/* Writes what became of them in one transaction with their events (email_sent, email_bounce) and figures; those that are no longer ours are
 * left alone. */
int outbox_settle(struct arena *a, struct db *db, struct event_types *types,
	const struct outbox_answer *answers, size_t n, struct err *e);

/* What a dead sender's log says, as answers: n of them on a. */
struct outbox_answer *outbox_read_log(
	struct arena *a, const struct sendlog_entry *left, size_t n);

/* Messages whose sender is gone without a log here (another machine, a lost disk): as UNKNOWN. *n how many. */
int outbox_take_expired(struct arena *a, struct db *db, struct event_types *types,
	size_t *n, struct err *e);

#endif
