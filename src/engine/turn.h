/* Records of the journal into the store, and what becomes of those that do not go in. */
#ifndef ENGINE_TURN_H
#define ENGINE_TURN_H

#include "engine/trace.h"
#include "event/enrich.h"
#include "event/type.h"
#include "journal/journal.h"

struct arena;
struct db;
struct err;
struct settings;

struct applier {
	const struct settings *settings;
	struct db *db;
	struct event_types *types;
	struct arena *arena; /* of one turn */
	struct trace trace;
	struct enricher enricher;
	struct looks *looks; /* whose interests may have changed; NULL: nobody keeps them */
	int64_t conflict_at; /* where somebody was first, and how often in a row */
	int conflicts;
};

/* Whether the same may succeed a little later: the store is away, somebody was first. */
bool turn_is_passing(const struct err *e);

/* Applies records of a segment and moves its position from 'from' to the end of the last, in one transaction. When that fails for a
 * reason that does not pass, or for the second time because somebody was first, calls are tried company by company, in halves down to the single one (their messageIds make that
 * safe); those that fail become dead letters, in the transaction that moves the position. A company may cost so many failed tries
 * a turn; what it has not tried by then is set aside unseen, so that one company's poison is nobody else's outage.
 * 0, or -1 *e passing: nothing moved. */
int turn_records(struct applier *l, const char *journal, int64_t from,
	const struct journal_record *records, size_t n, struct err *e);

struct turn_place { /* in a record that took the process down */
	int call; /* those before it are done; -1 none is known, the record was being read */
	bool died; /* with that one: it is set aside, or the whole record when call is -1 */
};

/* Such a record call by call, each noted in hand. 0 / -1 passing, *at is how far it came. */
int turn_calls(struct applier *l, const char *journal, int64_t from,
	const struct journal_record *record, struct turn_place *at, struct err *e);

/* Dead letters that are to be applied once more: each in its own transaction with its new state. *n how many there were. */
int turn_letters(struct applier *l, size_t *n, struct err *e);

/* The letter the last process died with waits again. */
int turn_letter_died(struct applier *l, const struct trace_note *left, struct err *e);

#endif
