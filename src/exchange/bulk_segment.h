/* Static segments, as bulk_people.c needs them. What a job did is kept under its id as a batch (profile/merge.h), in the transaction that
 * tells the entries. */
#ifndef EXCHANGE_BULK_SEGMENT_H
#define EXCHANGE_BULK_SEGMENT_H

#include "segment/hand.h"

/* One that this user (0: a key) may put people into: 0, or -1 ERR_INPUT "segment". */
int people_segment_check(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	int64_t user_id, struct err *e);

struct people_move {
	int64_t company_id, job_id, segment_id, user_id;
	bool in;
	hand_also *
		also; /* with those of a call who were moved, at most HAND_SLICE: one transaction */
	void *obj;
};

/* Puts n <= HAND_SLICE persons in or takes them out; who is there (or not) already is passed over. *changed how many were not: when
 * that is 0, nothing was committed and also was not called. */
int people_segment_put(struct arena *a, struct db *db, struct event_types *types,
	const struct people_move *m, const int64_t *ids, size_t n, int64_t *changed,
	struct err *e);

/* Takes back what a job m did to the next limit people: who came in by it goes out, unless they left and came again since;
 * who left by it comes back. What is taken back is forgotten with it. m.in: what the job did. *n how many were looked at, 0 at the end. */
int people_segment_undo(struct arena *a, struct db *db, struct event_types *types,
	const struct people_move *m, size_t limit, size_t *n, struct err *e);

#endif
