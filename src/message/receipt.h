/* What comes back for a message: opens, clicks, unsubscribings. The collect door journals them, the apply role takes them in:
 * {"receipt": "open|click|unsubscribe", "company": id, "message": id, "link": id, "at": us, "ip": text, "agent": text}. */
#ifndef MESSAGE_RECEIPT_H
#define MESSAGE_RECEIPT_H

#include "event/apply.h"
#include "message/token.h"

struct arena;
struct db;
struct err;

struct receipt {
	bool known; /* the message exists; else arrival is not filled and nothing is to be done */
	enum message_token_kind kind;
	int64_t company_id, message_id, link_id, at_us;
	struct arrival
		arrival; /* email_open, email_click, email_unsubscribe of the message's person */
};

/* Reads n records, of any companies, into receipts: three statements a company. Records that are no receipts are not known. */
int receipt_read(struct arena *a, struct db *db, const struct val *records, size_t n,
	struct receipt *out, struct err *e);

/* In event_apply's also, in the same transaction: notes the first open, click, unsubscribing of each message, moves the figures, and
 * suppresses the address of who unsubscribed. Receipts not known are passed over; applied again it changes nothing. */
int receipt_also(struct arena *a, struct db *db, const struct receipt *receipts, size_t n,
	struct err *e);

#endif
