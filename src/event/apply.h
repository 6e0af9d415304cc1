/* The one path: whoever brings an event (pixel, API, a user's edit, an import, a receipt, the engine), it is applied here:
 * resolve identity, write profile and event, give the event its number in the company's commit order, one transaction. */
#ifndef EVENT_APPLY_H
#define EVENT_APPLY_H

#include "event/type.h"
#include "profile/crowd.h"

struct arena;
struct db;
struct err;

enum event_flag {
	EVENT_PERSON =
		1, /* the person's fields, consents or nodes changed: read them again */
	EVENT_QUIET = 2,  /* late or imported: starts no scenario */
	EVENT_MERGED = 4, /* props.from joined this person */
	EVENT_SEEN = 8,	  /* the person was active */
	EVENT_SPLIT =
		16, /* props.from goes its own way again: read both persons and their histories anew */
	EVENT_GONE = 32, /* the person is nobody any more */
	EVENT_HAND =
		64 /* we put the person into a static segment, or took it out: props.segment; nobody's calls can say so */
};

struct arrival {
	int64_t company_id, source_id, user_id; /* user 0: nobody of ours */
	struct who who;
	struct text type;  /* as it came: "Order Completed" */
	struct val props;  /* a map; kept as it came */
	struct val fields; /* a map of fields to values, null clears; or null */
	struct val
		consents; /* list of {channel, granted, proof, at_us? when it was said}; or null */
	int64_t at_us; /* corrected and clipped */
	int64_t received_at_us;
	int64_t time_key; /* the client's own timestamp, or 0 when it sent none */
	int64_t dedup;	  /* hash of source and messageId */
	bool active;	  /* counts as being seen */
	bool quiet;
	bool claimed;	/* only a page says so: a public key, unsigned */
	bool is_signed; /* a page with your signature of the user id: they speak for themselves, not for whom they name beside */
	int64_t batch_id;  /* what is written under it can be undone (undo.h), 0: not */
	bool by_hand;	   /* EVENT_HAND: segment/hand.c alone sets it */
	bool bot;	   /* a robot's */
	bool computed;	   /* the engine's own value of a calculated field */
	bool silent;	   /* no event of its own, only what follows from it */
	struct val hints;  /* fields of lesser rank: a map to [value, at_us]; or null */
	struct val topics; /* what was looked at: list of [topic, weight]; or null */
};

/* ERASED: nobody, as the person was erased and this is older than that, or a file's. */
enum applied_state { APPLIED_NEW, APPLIED_REPEAT, APPLIED_NOBODY, APPLIED_ERASED };

struct applied {
	enum applied_state state;
	int64_t person_id, node_id, seq;
	bool made; /* the person is new */
};

/* What the caller wants in the same transaction (a journal's position, a message's state); -1 rolls everything back. */
typedef int event_also(
	struct db *db, void *obj, const struct applied *applied, struct err *e);

/* Applies n arrivals, of any companies, in order. applied has room for n. Tries again by itself after deadlocks and lost races
 * (up to 5 times). 0 all committed, -1 nothing is. cost: about 20 statements per company of the batch, whatever n. */
int event_apply(struct arena *a, struct db *db, struct event_types *types,
	const struct arrival *arrivals, size_t n, struct applied *applied, event_also *also,
	void *obj, struct err *e);

#endif
