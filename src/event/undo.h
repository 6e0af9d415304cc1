/* What was done to persons by name: joined, parted again, a batch taken back. */
#ifndef EVENT_UNDO_H
#define EVENT_UNDO_H

#include "event/apply.h"

/* Two persons become one: from goes under into, whatever they are. 1 joined (*merge_id), 0 they are one already, -1; ERR_MISSING: nobody
 * of that id. Old ids keep answering. */
struct join_ask {
	int64_t company_id, into_id, from_id, user_id;
	const char *reason; /* a word: "hand", "duplicate" */
};
int event_join(struct arena *a, struct db *db, struct event_types *types,
	const struct join_ask *ask, int64_t *merge_id, struct err *e);

/* A merge undone: events, values, consents and identifiers go with the node they came to, before the merge and since. 1 undone, 0 it was
 * undone before, or what it joined was parted otherwise; ERR_MISSING: no such merge. */
int event_split(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, int64_t merge_id, int64_t user_id, struct err *e);

/* A slice of a batch undone: the next limit nodes it touched behind *cursor (0 to begin). Persons it made go, unless something else
 * happened to them; values, consents and identifiers are what they were, unless something changed them since. 1 more is left, 0 all
 * is undone, -1. also: in the same transaction, applied NULL. */
int event_undo(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, int64_t batch_id, int64_t *cursor, size_t limit,
	event_also *also, void *obj, struct err *e);

/* Merges that made a person what it is: list of maps {id, from, into, at_us, reason, user_id, undone_at_us}, newest first. */
int event_merges(struct arena *a, struct db *db, int64_t company_id, int64_t person_id,
	struct val *list, struct err *e);

#endif
