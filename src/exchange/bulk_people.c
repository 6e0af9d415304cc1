/* See bulk_people.h. */
#include "exchange/bulk_people.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/sign.h"
#include "base/time.h"
#include "event/upsert.h"
#include "exchange/audience.h"
#include "exchange/bulk_segment.h"
#include "exchange/erase.h"
#include "profile/field.h"
#include "profile/person.h"
#include "store/db.h"
#include "store/job.h"
#include "tenant/company.h"

#include <stdlib.h>
#include <string.h>

enum { SLICE = 200, ERASE_SLICE = 20, RULE_MAX = 64 * 1024 };

const char *const people_actions[PEOPLE_ACTIONS] = {
	"set_field", "add_to_segment", "remove_from_segment", "erase"};

enum people_action
people_action_of(struct text name)
{
	for (int i = 0; i < PEOPLE_ACTIONS; i++)
		if (text_is(name, people_actions[i]))
			return (enum people_action)i;
	return PEOPLE_ACTIONS;
}

int
people_fields(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e)
{
	struct val all;
	*out = val_list(a);
	if (field_all(a, db, company_id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++) {
		const struct val *f = &all.list->at[i];
		struct text name = val_as_text(val_get(f, "name"));
		if (!text_is(val_as_text(val_get(f, "state")), "derived") &&
			!text_is(name, "external_id") && !text_is(name, "email") &&
			!text_is(name, "phone"))
			val_push(a, out, *f);
	}
	return 0;
}

/* --- beginning one --- */

/* The value in the field's shape. */
static int
check_value(struct arena *a, struct db *db, const struct company *c,
	const struct people_ask *ask, struct val *out, struct err *e)
{
	struct val all, one = val_map(a), checked;
	struct upsert *u;
	bool there = false;
	if (people_fields(a, db, c->id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++)
		there |= text_same(
			val_as_text(val_get(&all.list->at[i], "name")), ask->field);
	if (!there)
		return err_field(e, "field",
			"field is one that may be set of many: not external_id, email or "
			"phone, and not one that follows by itself");
	val_put_key(a, &one, ask->field, ask->value);
	if (upsert_new(a, db, c, &u, e) < 0)
		return -1;
	if (upsert_fields(a, u, &one, &checked, e) < 0) {
		char said[sizeof e->text];
		memcpy(said, e->text, sizeof said);
		return e->code == ERR_INPUT ? err_field(e, "value", "%s", said) : -1;
	}
	*out = *val_get_key(&checked, ask->field);
	return 0;
}

static int
check_ids(const struct people_ask *ask, struct err *e)
{
	if (ask->ids != NULL && (ask->n == 0 || ask->n > PEOPLE_IDS_MAX))
		return err_field(e, "ids", "ids is a list of 1 to %d ids of profiles",
			PEOPLE_IDS_MAX);
	return ask->rule.n <= RULE_MAX ? 0
				       : err_field(e, "rule", "a rule has at most 64 KB");
}

static int
by_number(const void *x, const void *y)
{
	int64_t i = *(const int64_t *)x, k = *(const int64_t *)y;
	return (i > k) - (i < k);
}

/* The persons of the ids now, each once, ascending. */
static int
roots_of(struct arena *a, struct db *db, int64_t company_id, const struct people_ask *ask,
	int64_t **ids, size_t *n, struct err *e)
{
	struct val rows;
	if (person_roots(a, db, company_id, ask->ids, ask->n, &rows, e) < 0)
		return -1;
	size_t got = val_len(&rows);
	*ids = arena_array(a, got + 1, sizeof **ids);
	*n = 0;
	for (size_t i = 0; i < got; i++)
		(*ids)[i] = row_int(&rows.list->at[i], 1);
	if (got > 0)
		qsort(*ids, got, sizeof **ids, by_number);
	for (size_t i = 0; i < got; i++)
		if (i == 0 || (*ids)[i] != (*ids)[*n - 1])
			(*ids)[(*n)++] = (*ids)[i];
	return *n > 0 ? 0 : err_field(e, "ids", "none of these ids is a profile's");
}

int
people_begin(struct arena *a, struct db *db, const struct settings *s,
	const struct company *c, const struct people_ask *ask, int64_t *job_id,
	struct err *e)
{
	struct val args = val_map(a), result = val_map(a), value = val_null();
	struct audience x = {.company_id = c->id, .file_id = id_make()};
	if (check_ids(ask, e) < 0 ||
		(ask->action == PEOPLE_FIELD &&
			check_value(a, db, c, ask, &value, e) < 0) ||
		((ask->action == PEOPLE_ENTER || ask->action == PEOPLE_LEAVE) &&
			people_segment_check(
				a, db, c->id, ask->segment_id, ask->user_id, e) < 0))
		return -1;
	val_put(a, &result, "action", val_text(people_actions[ask->action]));
	if (ask->action == PEOPLE_FIELD) {
		val_put(a, &result, "field", val_of(ask->field));
		val_put(a, &result, "value", value);
	} else if (ask->action != PEOPLE_ERASE)
		val_put(a, &result, "segment", val_id(a, ask->segment_id));
	val_put(a, &args, "file", val_id(a, x.file_id));
	val_put(a, &args, "rule", val_of(ask->rule));
	val_put(a, &args, "search", val_of(ask->search));
	val_put(a, &args, "result", result);
	if (ask->ids != NULL) {
		int64_t *ids;
		size_t n;
		if (roots_of(a, db, c->id, ask, &ids, &n, e) < 0 ||
			audience_write(a, s, &x, ids, n, e) < 0)
			return -1;
		val_put(a, &args, "total", val_int((int64_t)n));
	}
	if (job_add(a, db, c->id, PEOPLE_JOB, &args, ask->user_id, job_id, e) == 0)
		return 0;
	audience_drop(a, s, &x);
	return -1;
}

/* --- a slice --- */

struct slice {
	struct arena *arena; /* of the slice */
	struct arena *outer; /* outlives the transaction */
	struct db *db;
	const struct settings *settings;
	struct job *job;
	const struct company *company;
	struct event_types *types;
	int64_t lease_us;
	const int64_t *ids;
	size_t n;
	int64_t changed, same, gone; /* of this slice */
	struct job after;	     /* the job once this is committed */
};

static void
count(struct arena *a, struct val *result, const char *name, int64_t more)
{
	val_put(a, result, name, val_int(val_as_int(val_get(result, name), 0) + more));
}

static int
keep(struct slice *x, int64_t upto, struct err *e)
{
	struct val result = val_copy(x->outer, val_get(&x->job->args, "result"));
	count(x->outer, &result, "changed", x->changed);
	count(x->outer, &result, "same", x->same);
	count(x->outer, &result, "gone", x->gone);
	x->after = *x->job;
	x->after.args = val_copy(x->outer, &x->job->args);
	val_put(x->outer, &x->after.args, "result", result);
	x->after.done = upto;
	return job_progress(x->arena, x->db, &x->after, x->lease_us, e);
}

static int
also(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	struct slice *x = obj;
	int64_t gone = 0, was = x->changed, were = x->gone;
	(void)db;
	for (int64_t i = 0; i < was; i++)
		gone += applied[i].state != APPLIED_NEW;
	x->changed -= gone;
	x->gone += gone;
	int rc = keep(x, x->job->done + (int64_t)x->n, e);
	x->changed = was; /* should this be tried again */
	x->gone = were;
	return rc;
}

static const struct person_row *
row_of(const struct person_row *rows, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == id)
			return &rows[i];
	return NULL;
}

static bool
has_value(const struct person_row *p, struct text field, const struct val *value)
{
	const struct val *held = val_get_key(&p->fields, field);
	return val_is_null(held) ? val_is_null(value) : val_same(held, value);
}

/* Who has the value already is passed over. */
static int
set_field(struct slice *x, struct err *e)
{
	struct arena *a = x->arena;
	const struct val *result = val_get(&x->job->args, "result");
	struct text field = val_as_text(val_get(result, "field"));
	struct val value = val_get(result, "value") != NULL ? *val_get(result, "value")
							    : val_null();
	int64_t at_us = val_as_int(val_get(&x->job->args, "at_us"), 0);
	struct person_row *rows = arena_array(a, x->n, sizeof *rows);
	struct arrival *arrivals = arena_array(a, x->n, sizeof *arrivals);
	struct applied *applied = arena_array(a, x->n, sizeof *applied);
	size_t found = 0, n = 0;
	if (person_by_ids(a, x->db, x->job->company_id, x->ids, x->n, rows, &found, e) < 0)
		return -1;
	for (size_t i = 0; i < x->n; i++) {
		const struct person_row *p = row_of(rows, found, x->ids[i]);
		if (p == NULL || has_value(p, field, &value)) {
			x->gone += p == NULL;
			x->same += p != NULL;
			continue;
		}
		struct arrival *r = &arrivals[n++];
		*r = (struct arrival){.company_id = x->job->company_id,
			.user_id = x->job->created_by,
			.type = text_of("identify"),
			.props = val_map(a),
			.fields = val_map(a),
			.at_us = at_us,
			.received_at_us = at_us,
			.time_key = at_us,
			.dedup = sign_hash64(text_of(arena_printf(a, "people %lld %lld",
				(long long)x->job->id, (long long)x->ids[i]))),
			.quiet = true,
			.silent = true,
			.batch_id = x->job->id};
		r->who = (struct who){
			.node_id = x->ids[i], .values = true, .trusted = true};
		val_put_key(a, &r->fields, field, value);
	}
	x->changed = (int64_t)n;
	if (n > 0)
		return event_apply(a, x->db, x->types, arrivals, n, applied, also, x, e);
	if (db_begin(x->db, e) < 0)
		return -1;
	if (also(x->db, x, NULL, e) == 0 && db_commit(x->db, e) == 0)
		return 0;
	db_rollback(x->db);
	return -1;
}

/* One person is erased and counted in one transaction. */
static int
erased(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	struct slice *x = obj;
	(void)db;
	(void)applied;
	x->changed = 1;
	return keep(x, x->job->done + 1, e);
}

static int
keep_alone(struct slice *x, int64_t upto, struct err *e)
{
	if (db_begin(x->db, e) < 0)
		return -1;
	if (keep(x, upto, e) == 0 && db_commit(x->db, e) == 0)
		return 0;
	db_rollback(x->db);
	return -1;
}

static void
take(struct slice *x)
{
	x->job->done = x->after.done;
	x->job->args = x->after.args;
	x->changed = x->same = x->gone = 0;
}

static int
erase(struct slice *x, struct err *e)
{
	for (size_t i = 0; i < x->n && i < ERASE_SLICE; i++) {
		int64_t job_id;
		int found = erase_begin_among(x->arena, x->db, x->types, x->job->company_id,
			x->ids[i], x->job->created_by, erased, x, &job_id, e);
		x->gone = found == 0;
		if (found < 0 || (found == 0 && keep_alone(x, x->job->done + 1, e) < 0))
			return -1;
		take(x);
	}
	return 0;
}

/* Told in one transaction with those who were moved. */
static int
moved(struct db *db, void *obj, const int64_t *ids, size_t n, int64_t at_us, struct err *e)
{
	struct slice *x = obj;
	(void)db;
	(void)ids;
	(void)at_us;
	x->changed = (int64_t)n;
	x->same = (int64_t)x->n - x->changed - x->gone;
	return keep(x, x->job->done + (int64_t)x->n, e);
}

static int
move(struct slice *x, bool in, struct err *e)
{
	struct person_row *rows = arena_array(x->arena, x->n, sizeof *rows);
	int64_t changed;
	size_t found = 0;
	struct people_move m = {.company_id = x->job->company_id,
		.job_id = x->job->id,
		.segment_id = val_as_int(
			val_get(val_get(&x->job->args, "result"), "segment"), 0),
		.user_id = x->job->created_by,
		.in = in,
		.also = moved,
		.obj = x};
	if (person_by_ids(x->arena, x->db, m.company_id, x->ids, x->n, rows, &found, e) < 0)
		return -1;
	x->gone = (int64_t)(x->n - found);
	if (people_segment_put(x->arena, x->db, x->types, &m, x->ids, x->n, &changed, e) <
		0)
		return -1;
	if (changed > 0)
		return 0;
	x->same = (int64_t)found;
	return keep_alone(x, x->job->done + (int64_t)x->n, e);
}

static int
work(struct slice *x, enum people_action action, struct err *e)
{
	if (action == PEOPLE_ERASE)
		return erase(x, e);
	int rc = action == PEOPLE_FIELD ? set_field(x, e)
					: move(x, action == PEOPLE_ENTER, e);
	if (rc == 0)
		take(x);
	return rc;
}

static bool
is_move(enum people_action action)
{
	return action == PEOPLE_ENTER || action == PEOPLE_LEAVE;
}

/* Who it is about is written down; from then on it is the same people, whatever happens. */
static int
begin(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	const struct audience *x, enum people_action action, int64_t lease_us,
	struct err *e)
{
	if (is_move(action) &&
		segment_static_wait(a, db, s, j->company_id, PEOPLE_WAIT_MS, e) < 0)
		return -1;
	j->total = val_as_int(val_get(&j->args, "total"), -1);
	if (j->total < 0 && audience_freeze(a, db, s, x, &j->total, e) < 0)
		return -1;
	val_put(a, &j->args, "at_us", val_int(time_now_us()));
	return job_progress(a, db, j, lease_us, e) < 0 ? -1 : 1;
}

int
people_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	struct company c;
	struct audience people = {.company_id = j->company_id,
		.file_id = val_as_int(val_get(&j->args, "file"), 0),
		.rule = val_as_text(val_get(&j->args, "rule")),
		.search = val_as_text(val_get(&j->args, "search"))};
	enum people_action action = people_action_of(
		val_as_text(val_get(val_get(&j->args, "result"), "action")));
	if (val_get(&j->args, "at_us") == NULL)
		return begin(a, db, s, j, &people, action, lease_us, e);
	if (j->done >= j->total) {
		audience_drop(a, s, &people);
		return job_end(a, db, j, NULL, e);
	}
	int found = company_by_id(a, db, j->company_id, &c, e);
	if (found < 1)
		return found < 0 ? -1 : job_end(a, db, j, "its company is gone", e);
	struct event_types *types = event_types_new();
	int rc = 0;
	/* for a second, then the engine looks whether it is to stop */
	for (int64_t until_us = time_monotonic_us() + SECOND_US;
		rc == 0 && j->done < j->total && time_monotonic_us() < until_us;) {
		struct arena *turn = arena_new();
		int64_t ids[SLICE];
		struct slice x = {.arena = turn,
			.outer = a,
			.db = db,
			.settings = s,
			.job = j,
			.company = &c,
			.types = types,
			.lease_us = lease_us,
			.ids = ids,
			.n = SLICE};
		rc = audience_read(turn, s, &people, j->done, ids, &x.n, e);
		if (rc == 0 && x.n == 0)
			rc = err_set(e, ERR_MISSING,
				"the list of people is gone: start it again");
		if (rc == 0)
			rc = work(&x, action, e);
		arena_free(turn);
	}
	event_types_free(types);
	return rc < 0 ? -1 : 1;
}
