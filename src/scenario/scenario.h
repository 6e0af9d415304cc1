/* If this then that, per person: scripts as they are kept. A draft is edited; publishing makes an immutable version; runs finish on
 * the version they began with. */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include "base/val.h"

struct arena;
struct db;
struct err;
struct settings;

enum { SCENARIO_NAME_MAX = 100, SCENARIO_SCRIPT_MAX = 64 * 1024 };

/* Maps {id, name, script, state: draft|running|paused, version (0 never published), changed (the draft differs from what runs),
 * created_at_us, updated_at_us, figures: {entered, active, done, stopped, failed, queued, sent, opened, clicked, "step.N" ...}}; newest change
 * first. by_id: 1 / 0 / -1. step.N counts who came to the Nth step (from 0, in the order of reading). */
int scenario_all(struct arena *a, struct db *db, int64_t company_id, struct val *list,
	struct err *e);
int scenario_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e);

/* The id of a name: 1 / 0 / -1. */
int scenario_find(struct arena *a, struct db *db, int64_t company_id, struct text name,
	int64_t *id, struct err *e);

/* The steps of the version that runs, for pictures and step figures: the tree of compile.h. 1 / 0 never published / -1. */
int scenario_steps(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *tree, struct err *e);

/* Makes (*id 0) or changes the draft: name and script, what is NULL stays. The script must compile: ERR_INPUT with field "script" and line;
 * ERR_INPUT name; ERR_CONFLICT the name is taken; ERR_MISSING. */
int scenario_put(struct arena *a, struct db *db, const struct settings *s,
	int64_t company_id, int64_t *id, const char *name, const char *script,
	struct err *e);

/* What a condition of when(), a rule without its return, must pass before it is published; NULL: nothing is asked. 0 / -1 *e. */
typedef int scenario_rule_check(void *obj, struct text rule, struct err *e);

/* Makes the draft a version and starts it; templates and segments are looked up by name or id. A paused one goes on. ERR_INPUT with field
 * "script" and line. */
int scenario_publish(struct arena *a, struct db *db, const struct settings *s,
	int64_t company_id, int64_t id, scenario_rule_check *check, void *obj,
	struct err *e);

/* Nobody enters and nobody moves on until it is published or resumed. */
int scenario_pause(
	struct arena *a, struct db *db, int64_t company_id, int64_t id, struct err *e);
int scenario_resume(
	struct arena *a, struct db *db, int64_t company_id, int64_t id, struct err *e);

/* Where a person is or was: list of {scenario_id, name, state, step, reason, started_at_us, wake_at_us, ended_at_us}. */
int scenario_of_person(struct arena *a, struct db *db, int64_t company_id,
	int64_t person_id, struct val *list, struct err *e);

/* Runs of erased persons. */
int scenario_erase(struct arena *a, struct db *db, int64_t company_id,
	const int64_t *person_ids, size_t n, struct err *e);

#endif
