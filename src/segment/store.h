/* Segments as they are kept: rule texts, members with since when and why, sizes by day. What a rule means is in rule.h. */
#ifndef SEGMENT_STORE_H
#define SEGMENT_STORE_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum { SEGMENT_REASON_MAX = 500 };

/* Maps {id, name, rule, state: building|ready|failed, error, version, built_version, size, created_at_us, updated_at_us,
 * built_at_us, created_by, is_static, locked, unique_by, unique_keep, folder, description, archived_at_us (null: not), progress (percent of the build that runs)}.
 * segment_by_id: 1 / 0 / -1. */
int segment_all(struct arena *a, struct db *db, int64_t company_id, struct val *list,
	struct err *e);
int segment_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e);

/* Makes (*id 0) or changes a segment; the engine builds it in the background, the old members stay until then.
 * The rule must have been compiled before. ERR_INPUT name; ERR_CONFLICT the name is taken; ERR_MISSING no such segment. */
int segment_put(struct arena *a, struct db *db, int64_t company_id, int64_t *id,
	struct text name, struct text rule, int64_t user_id, struct err *e);
/* The two halves of making one, for callers with a transaction of their own: version 1, to be built; its row in segment_version. */
int segment_insert(struct db *db, int64_t company_id, int64_t *id, struct text name,
	struct text rule, int64_t user_id, struct err *e);
int segment_note_version(
	struct db *db, int64_t company_id, int64_t id, int64_t user_id, struct err *e);
/* The text of its cases (cases.h): 1 / 0 it has none / -1; and a new one of a segment that is there. */
int segment_cases(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct text *out, struct err *e);
int segment_cases_set(
	struct db *db, int64_t company_id, int64_t id, struct text cases, struct err *e);
int segment_delete(
	struct db *db, int64_t company_id, int64_t id, struct err *e); /* 1 / 0 / -1 */

/* Members by id behind after_id: list of {person_id, since_us, reason}; member_ids only the ids. */
int segment_members(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	int64_t after_id, size_t limit, struct val *list, struct err *e);
int segment_member_ids(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	int64_t after_id, size_t limit, int64_t **ids, size_t *n, struct err *e);

/* Where persons are: a list in the order of ids, of lists of {id, name, since_us, reason}, newest first. */
int segment_of_persons(struct arena *a, struct db *db, int64_t company_id,
	const int64_t *person_ids, size_t n, struct val *list, struct err *e);
/* One person's. */
int segment_of_person(struct arena *a, struct db *db, int64_t company_id, int64_t person_id,
	struct val *list, struct err *e);

/* Sizes from a local day on (days since 1970): list of {day, size, entered, exited}. */
int segment_days(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	int64_t from_day, struct val *list, struct err *e);

/* For the engine, inside its transactions. */
struct membership {
	int64_t segment_id, person_id, since_us;
	bool in; /* false: leaves */
	const char *reason;
};

/* Enters and leaves; the size moves with them, the day's figures only when counted (a build is not counted). */
int segment_move(struct arena *a, struct db *db, int64_t company_id,
	const struct membership *moves, size_t n, int64_t day, bool counted, struct err *e);

/* A build ended: error "" means ready, with that size. */
int segment_built(struct db *db, int64_t company_id, int64_t id, int64_t version,
	const char *error, int64_t size, int64_t at_us, struct err *e);

/* How far a build is. */
int segment_progress(
	struct db *db, int64_t company_id, int64_t id, int percent, struct err *e);

/* Companies that have a segment to build: lists of [company_id]. */
int segment_unbuilt(struct arena *a, struct db *db, struct val *rows, struct err *e);

/* Erased persons are in no segment; sizes follow, whoever is first: this or the engine's moves. */
int segment_erase(struct arena *a, struct db *db, int64_t company_id,
	const int64_t *person_ids, size_t n, struct err *e);

#endif
