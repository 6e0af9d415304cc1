/* Dead letters: what came and was not applied, with its reason. What was wrong when it came is refused and only shown; what was
 * accepted and then failed by itself, or took the engine down, waits to be looked at and applied once more.
 *
 *   refused          waiting -> queued -> replayed
 *                       |  ^------'  (failed again)
 *                       '--> dropped
 *
 * What a tracking plan did not expect is held: the same, and comes back there as long as the plan does not know it. The code of these is
 * DEAD_PLAN.
 */
#ifndef EVENT_DEAD_H
#define EVENT_DEAD_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum { DEAD_REASON_MAX = 500, DEAD_SHOWN_MAX = 4000, DEAD_COUNTED_MAX = 10000 };

#define DEAD_PLAN "plan"

struct dead_letter {
	int64_t company_id, source_id; /* 0: nobody's, the platform's */
	int64_t at_us;
	const char *code; /* the field that is wrong, "set_aside", "crash" */
	struct text reason;
	struct text payload; /* a record of the journal; of a refused one what came, cut */
	bool refused;
	bool held; /* in quarantine: the tracking plan did not expect it */
};

/* Writes n letters, refused or waiting. */
int dead_write(struct arena *a, struct db *db, const struct dead_letter *letters, size_t n,
	struct err *e);

/* The newest of a source (0: any), refused and others: list of maps {source_id, at_us, code, reason, payload, state}. */
int dead_recent(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	size_t limit, struct val *list, struct err *e);

/* Those of one state made before an id, newest first, of a source or of all (0): list of maps {id, source_id, state, tries,
 * first_at_us, last_at_us, code, reason}. */
int dead_list(struct arena *a, struct db *db, int64_t company_id, const char *state,
	int64_t source_id, int64_t before_id, size_t limit, struct val *list,
	struct err *e);

/* The same and payload. 1 / 0 / -1. */
int dead_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t letter_id,
	struct val *out, struct err *e);

/* Whether it is the name of a state. */
bool dead_is_state(struct text name);

/* {waiting, queued, replayed, dropped, refused, held}: how many, 0 included; nobody counts beyond
 * DEAD_COUNTED_MAX. */
int dead_counts(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e);

/* Of all companies: lists of [company_id, state, count, oldest_us]. */
int dead_counts_all(struct arena *a, struct db *db, struct val *rows, struct err *e);

/* "replay": those that wait are queued, the engine's apply role takes them; "drop": those that wait are dropped. One, or all of the
 * company (letter_id 0), of a source or of all (0). *moved how many were there to be moved. -1 ERR_INPUT for another verb. */
int dead_move(struct db *db, int64_t company_id, int64_t letter_id, int64_t source_id,
	struct text verb, int64_t *moved, struct err *e);
/* The same of what is held of a source. */
int dead_move_held(struct db *db, int64_t company_id, int64_t letter_id, int64_t source_id,
	struct text verb, int64_t *moved, struct err *e);

/* What is held of a source, by reason: list of maps {reason, n, last_at_us}, most first. */
int dead_held(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *out, struct err *e);

/* For the engine: lists of [company_id, letter_id, payload] of what is queued; what became of one. */
int dead_queued(
	struct arena *a, struct db *db, size_t limit, struct val *rows, struct err *e);
int dead_replayed(struct db *db, int64_t company_id, int64_t letter_id, struct err *e);
int dead_failed(struct db *db, int64_t company_id, int64_t letter_id, struct text reason,
	struct err *e);

/* Forgets what was made before an instant, of those that wait what was made before another, 5000 at a time: *gone how many. */
int dead_prune(struct db *db, int64_t company_id, int64_t before_us,
	int64_t waiting_before_us, int64_t *gone, struct err *e);

/* Letters of any state with something of a pattern (of the store's REGEXP) in their payload go: an erased person's identifier. 0 / -1. */
int dead_erase(struct db *db, int64_t company_id, struct text pattern, struct err *e);

#endif
