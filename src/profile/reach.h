/* May we write to these people? Asked by a sender for a whole batch, with the persons locked, so that no answer is older than
 * the transaction it is used in. */
#ifndef PROFILE_REACH_H
#define PROFILE_REACH_H

#include "base/val.h"

struct arena;
struct db;
struct err;

struct reach {
	int64_t asked_id;    /* in: a person or one of its nodes; old ids answer */
	int64_t person_id;   /* the root, 0: nobody any more */
	struct val fields;   /* default and custom ones by name */
	struct text address; /* of the channel, empty when there is none */
	const char *
		suppressed; /* why nothing may go to the address ("unsubscribed", "bounced"), or NULL */
	const char
		*consent; /* "no_consent" or "consent_withdrawn", NULL when it is given */
	bool tracked;	  /* consents to analytics: opens and clicks may be recorded */
};

/* Inside a transaction; channel "email", "sms", "viber"... Three statements, whatever n (up to 1000). */
int reach_ask(struct arena *a, struct db *db, int64_t company_id, const char *channel,
	struct reach *people, size_t n, struct err *e);

/* Which of some persons (any ids of theirs) consent to analytics now: out[i] for ids[i]. One statement for each 1024. */
int reach_tracked(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, bool *out, struct err *e);

#endif
