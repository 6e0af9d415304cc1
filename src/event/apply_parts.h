/* What the files that apply share: one company's part of a batch on its way into the store. Nobody else includes this. */
#ifndef EVENT_APPLY_PARTS_H
#define EVENT_APPLY_PARTS_H

#include "event/apply.h"

struct out { /* an event on its way into the table */
	int64_t node, person_id, type_id, at_us, received_at_us, time_key, dedup, source_id;
	int flags;
	struct text props;
	struct applied *answer; /* of the arrival it is, NULL for derived ones */
};

struct batch {
	struct arena *arena;
	struct db *db;
	struct event_types *types;
	int64_t company_id;
	struct crowd *crowd;
	struct who *whos;		 /* of the arrivals, without blocked values */
	const struct arrival **arrivals; /* of this company, in order */
	struct applied **answers;
	int64_t *nodes;
	size_t n;
	struct joined (*joined)[CROWD_IDENTS_MAX];
	size_t *joined_n;
	struct dict *seen; /* keys of events there already */
	struct out *outs;
	size_t out_n, out_cap;
	struct val offered; /* fields to offer */
	struct val
		guarded; /* fields with options, as field_options_all gives them; null: not read yet */
};

/* The batch of one company over n arrivals; closes with the arena. */
struct batch *batch_new(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, size_t n);

/* One transaction over n arrivals of a company that work makes up, tried again after lost races; what it finds out it keeps in obj.
 * work: 1 commit, 0 leave everything as it is, -1 *e. Returns what it returned. */
typedef int batch_work(struct batch *b, void *obj, struct err *e);
int batch_run(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	size_t n, batch_work *work, void *obj, struct err *e);

/* Adds an arrival nobody sent: it stands for a person to whom something is done. At most as many as the batch is for. */
void batch_stand_for(struct batch *b, int64_t node_id, int64_t user_id);

/* Who the arrivals are of: nodes, answers, merges. */
int batch_resolve(struct batch *b, struct err *e);
int batch_derive_merges(struct batch *b, size_t i, struct err *e);

/* Which arrivals are there already, into b->seen. */
int repeat_find(struct batch *b, struct err *e);
/* Whether the arrival is there already (in the store or earlier in this batch); notes it as seen. */
bool repeat_is(struct batch *b, size_t i);

/* An event that follows from arrival i: made only where something changed, in the transaction that changes it. props is borrowed and
 * gets the user. */
int batch_derive(struct batch *b, size_t i, const char *type, struct val *props, int flags,
	struct err *e);

/* Composes the person of arrival i anew and tells what changed: profile_updated. more: further props, or NULL. */
int batch_compose(struct batch *b, size_t i, const struct val *more, struct err *e);

/* Numbers of the types that are derived; before the transaction: that list is not rolled back with it. */
int batch_number_types(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, struct err *e);

/* Writes the crowd and the events, under the company's next numbers. */
int batch_save(struct batch *b, struct err *e);

#endif
