/* One thing done to many people at once: a field set, put into a static segment or taken out of it, erased. The people are frozen when the
 * job begins; a slice and the job's progress are one transaction. */
#ifndef EXCHANGE_BULK_PEOPLE_H
#define EXCHANGE_BULK_PEOPLE_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct company;
struct db;
struct err;
struct job;
struct settings;

#define PEOPLE_JOB	"people"
#define PEOPLE_UNDO_JOB "people_undo"

enum { PEOPLE_IDS_MAX = 10000 };

enum people_action {
	PEOPLE_FIELD,
	PEOPLE_ENTER,
	PEOPLE_LEAVE,
	PEOPLE_ERASE,
	PEOPLE_ACTIONS
};

/* "set_field", "add_to_segment", "remove_from_segment", "erase"; PEOPLE_ACTIONS for anything else. */
extern const char *const people_actions[PEOPLE_ACTIONS];
enum people_action people_action_of(struct text name);

struct people_ask {
	enum people_action action;
	const int64_t *ids; /* those chosen, n of them; NULL: whom rule and search mean */
	size_t n;
	struct text rule, search;
	struct text field; /* of PEOPLE_FIELD, with its value; null clears */
	struct val value;
	int64_t segment_id; /* of PEOPLE_ENTER and PEOPLE_LEAVE */
	int64_t user_id;
};

/* Fields that may be set of many: not what names a person, and not what follows by itself. Maps as field_all. */
int people_fields(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e);

/* How long a job waits for the columns. */
enum { PEOPLE_WAIT_MS = 30000 };

/* Static segments: maps {id, name}. */
int people_segments(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e);

/* Begins the job. A rule must have been compiled before. ERR_INPUT with the field: "ids", "field", "value", "segment". */
int people_begin(struct arena *a, struct db *db, const struct settings *s,
	const struct company *c, const struct people_ask *ask, int64_t *job_id,
	struct err *e);

/* Whether what a job did can be taken back now: 1 / 0 / -1. Takes it back by a job of its own: values nobody changed since are what they
 * were. ERR_CONFLICT: nothing is left to take back. */
int people_may_undo(
	struct arena *a, struct db *db, int64_t company_id, int64_t job_id, struct err *e);
int people_undo(struct arena *a, struct db *db, int64_t company_id, int64_t job_id,
	int64_t user_id, int64_t *undo_job_id, struct err *e);

/* Slices, as in engine/jobs.c. What a job tells (and its result): {action, field?, value?, changed, same, gone}. */
int people_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e);
int people_undo_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e);

#endif
