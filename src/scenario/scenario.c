/* See scenario.h. */
#include "scenario/scenario.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "message/figure.h"
#include "message/message.h"
#include "message/template_store.h"
#include "scenario/compile.h"
#include "scenario/program.h"
#include "segment/rename.h"
#include "segment/store.h"
#include "store/db.h"

#include <stdio.h>
#include <string.h>

static struct val
as_map(struct arena *a, const struct val *row, struct val figures)
{
	static const char *const over[] = {"done", "stopped", "failed"};
	struct val map = row_map(a, row, 0,
		DB_KEYS("id", "name", "script", "state", "version", "created_at_us",
			"updated_at_us"));
	int64_t active = val_as_int(val_get(&figures, "entered"), 0);
	for (size_t i = 0; i < sizeof over / sizeof *over; i++)
		active -= val_as_int(val_get(&figures, over[i]), 0);
	val_put(a, &figures, "active", val_int(active));
	val_put(a, &map, "changed", val_bool(row_int(row, 7) != 0));
	val_put(a, &map, "figures", figures);
	return map;
}

int
scenario_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *list, struct err *e)
{
	struct val rows, figures;
	*list = val_list(a);
	if (db_rows(a, db, QUERY_SCENARIO_ALL, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	int64_t *ids = arena_array(a, rows.list->n + 1, sizeof *ids);
	for (size_t i = 0; i < rows.list->n; i++)
		ids[i] = row_int(&rows.list->at[i], 0);
	if (figure_of(a, db, company_id, ids, rows.list->n, &figures, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++)
		val_push(a, list, as_map(a, &rows.list->at[i], figures.list->at[i]));
	return 0;
}

int
scenario_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e)
{
	struct val row, figures;
	int found = db_row(a, db, QUERY_SCENARIO_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found < 1)
		return found;
	if (figure_all(a, db, company_id, id, &figures, e) < 0)
		return -1;
	*out = as_map(a, &row, figures);
	return 1;
}

int
scenario_find(struct arena *a, struct db *db, int64_t company_id, struct text name,
	int64_t *id, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_SCENARIO_BY_NAME,
		DB_ARGS(val_int(company_id), val_of(name)), &row, e);
	if (found == 1)
		*id = row_int(&row, 0);
	return found;
}

int
scenario_steps(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *tree, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_SCENARIO_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found < 1)
		return found;
	found = db_row(a, db, QUERY_SCENARIO_PROGRAM,
		DB_ARGS(val_int(company_id), val_int(id), *row_at(&row, 4)), &row, e);
	if (found < 1)
		return found;
	return json_parse(a, row_text(&row, 0), tree, e) < 0 ? -1 : 1;
}

static int
in_script(struct err *e)
{
	snprintf(e->field, sizeof e->field, "script");
	return -1;
}

static int
check(struct arena *a, const struct settings *s, const char *name, const char *script,
	struct err *e)
{
	struct val tree;
	if (text_trim(text_of(name)).n == 0 ||
		text_length(text_of(name)) > SCENARIO_NAME_MAX)
		return err_field(
			e, "name", "a name has 1 to %d characters", SCENARIO_NAME_MAX);
	if (strlen(script) > SCENARIO_SCRIPT_MAX)
		return err_field(
			e, "script", "a script has at most %d bytes", SCENARIO_SCRIPT_MAX);
	return scenario_compile(a, s, text_of(script), &tree, e) < 0 ? in_script(e) : 0;
}

static int
save(struct db *db, int64_t company_id, int64_t *id, const char *name, const char *script,
	struct err *e)
{
	int64_t now_us = time_now_us();
	bool is_new = *id == 0;
	if (is_new)
		*id = id_make();
	int rc = is_new ? db_exec(db, QUERY_SCENARIO_INSERT,
				  DB_ARGS(val_int(company_id), val_int(*id), val_text(name),
					  val_text(script), val_int(now_us),
					  val_int(now_us)),
				  NULL, e)
			: db_exec(db, QUERY_SCENARIO_UPDATE,
				  DB_ARGS(val_text(name), val_text(script), val_int(now_us),
					  val_int(company_id), val_int(*id)),
				  NULL, e);
	if (rc < 0 && e->code == ERR_CONFLICT) {
		err_field(e, "name", "there is a scenario \"%.100s\" already", name);
		e->code = ERR_CONFLICT;
	}
	return rc;
}

int
scenario_put(struct arena *a, struct db *db, const struct settings *s, int64_t company_id,
	int64_t *id, const char *name, const char *script, struct err *e)
{
	struct text before = {"", 0};
	if (*id != 0) {
		struct val row;
		int found = db_row(a, db, QUERY_SCENARIO_BY_ID,
			DB_ARGS(val_int(company_id), val_int(*id)), &row, e);
		if (found < 1)
			return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such scenario");
		before = row_text(&row, 1);
		name = name != NULL ? name : row_z(a, &row, 1);
		script = script != NULL ? script : row_z(a, &row, 2);
	}
	name = name != NULL ? name : "";
	script = script != NULL ? script : "";
	if (check(a, s, name, script, e) < 0 || db_begin(db, e) < 0)
		return -1;
	if (save(db, company_id, id, name, script, e) < 0 ||
		(before.n > 0 && segment_rename(a, db, company_id, "scenario", before,
					 text_of(name), e) < 0)) {
		db_rollback(db);
		return -1;
	}
	return db_commit(db, e);
}

/* --- publishing --- */

struct publishing {
	struct arena *arena;
	struct db *db;
	int64_t company_id;
	struct val segments; /* all, by name; null until asked for */
	scenario_rule_check *check;
	void *obj;
};

static int
wrong(const struct val *v, struct err *e)
{
	e->line = (int)val_as_int(val_get(v, "line"), 0);
	return in_script(e);
}

static int
find_template(struct publishing *p, struct val *step, struct err *e)
{
	struct text name = val_as_text(val_get(step, "template"));
	struct letter_template t;
	int64_t id;
	int found = message_template_by_name(p->arena, p->db, p->company_id, name, &t, e);
	if (found == 0 && id_parse(name, &id) == 1)
		found = message_template_by_id(p->arena, p->db, p->company_id, id, &t, e);
	if (found == 1)
		val_put(p->arena, step, "template_id", val_id(p->arena, t.id));
	else if (found == 0) {
		err_set(e, ERR_INPUT, "no template is called \"%.*s\"",
			(int)text_cut(name, 100).n, name.at);
		return wrong(step, e);
	}
	return found < 0 ? -1 : 0;
}

static int
find_segment(struct publishing *p, struct val *event, struct err *e)
{
	const struct val *name = val_get(event, "segment");
	if (name == NULL)
		return 0;
	if (p->segments.kind == VAL_NULL &&
		segment_all(p->arena, p->db, p->company_id, &p->segments, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&p->segments); i++) {
		const struct val *one = &p->segments.list->at[i];
		if (text_same(val_as_text(val_get(one, "name")), val_as_text(name)) ||
			val_same(val_get(one, "id"), name)) {
			val_put(p->arena, event, "segment_id", *val_get(one, "id"));
			return 0;
		}
	}
	err_set(e, ERR_INPUT, "no segment is called \"%.*s\"",
		(int)text_cut(val_as_text(name), 100).n, val_as_text(name).at);
	return wrong(event, e);
}

/* Names to ids, all through the tree. Maps and lists are changed where they are. */
static int
resolve(struct publishing *p, struct val *list, struct err *e)
{
	for (size_t i = 0; i < val_len(list); i++) {
		struct val *step = &list->list->at[i];
		struct text op = val_as_text(val_get(step, "op"));
		const struct val *yes = val_get(step, "yes"), *no = val_get(step, "no");
		const struct val *event = val_get(step, "event");
		struct val branches[] = {yes != NULL ? *yes : val_null(),
			no != NULL ? *no : val_null(), event != NULL ? *event : val_null()};
		if (text_is(op, "send") && find_template(p, step, e) < 0)
			return -1;
		if (text_is(op, "when") && p->check != NULL &&
			p->check(p->obj, val_as_text(val_get(step, "rule")), e) < 0)
			return e->code == ERR_INPUT ? wrong(step, e) : -1;
		if (resolve(p, &branches[0], e) < 0 || resolve(p, &branches[1], e) < 0 ||
			(event != NULL && find_segment(p, &branches[2], e) < 0))
			return -1;
	}
	return 0;
}

static int
make_program(struct publishing *p, const struct settings *s, struct text script,
	struct val *tree, struct err *e)
{
	static const char *const events[] = {"on", "stop"};
	struct program program;
	if (scenario_compile(p->arena, s, script, tree, e) < 0)
		return in_script(e);
	const struct val *steps = val_get(tree, "steps");
	struct val list = steps != NULL ? *steps : val_null();
	for (size_t i = 0; i < 2; i++) {
		const struct val *event = val_get(tree, events[i]);
		struct val map = event != NULL ? *event : val_null();
		if (map.kind == VAL_MAP && find_segment(p, &map, e) < 0)
			return -1;
	}
	if (resolve(p, &list, e) < 0)
		return -1;
	return program_read(p->arena, tree, &program, e) < 0 ? in_script(e) : 0;
}

static int
publish(struct publishing *p, const struct settings *s, int64_t id, struct err *e)
{
	struct val row, tree;
	int64_t now_us = time_now_us();
	int found = db_row(p->arena, p->db, QUERY_SCENARIO_LOCK,
		DB_ARGS(val_int(p->company_id), val_int(id)), &row, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such scenario");
	if (make_program(p, s, row_text(&row, 1), &tree, e) < 0)
		return -1;
	int64_t version = row_int(&row, 3) + 1;
	struct origin origin = {id, "scenario", row_z(p->arena, &row, 0), false};
	return db_exec(p->db, QUERY_SCENARIO_VERSION_INSERT,
		       DB_ARGS(val_int(p->company_id), val_int(id), val_int(version),
			       val_of(row_text(&row, 1)),
			       val_of(json_text(p->arena, &tree)), val_int(now_us)),
		       NULL, e) < 0 ||
			       db_exec(p->db, QUERY_SCENARIO_MOVE,
				       DB_ARGS(val_text("running"), val_int(version),
					       val_int(now_us), val_int(p->company_id),
					       val_int(id)),
				       NULL, e) < 0 ||
			       db_exec(p->db, QUERY_RUN_HOLD,
				       DB_ARGS(val_text("active"), val_int(p->company_id),
					       val_int(id), val_text("paused")),
				       NULL, e) < 0 ||
			       origin_put(p->db, p->company_id, &origin, e) < 0
		       ? -1
		       : 0;
}

int
scenario_publish(struct arena *a, struct db *db, const struct settings *s,
	int64_t company_id, int64_t id, scenario_rule_check *check_rule, void *obj,
	struct err *e)
{
	struct publishing p = {.arena = a,
		.db = db,
		.company_id = company_id,
		.check = check_rule,
		.obj = obj};
	if (db_begin(db, e) < 0)
		return -1;
	if (publish(&p, s, id, e) == 0)
		return db_commit(db, e);
	db_rollback(db);
	return -1;
}

/* From one state to another, the runs with it. */
static int
hold(struct arena *a, struct db *db, int64_t company_id, int64_t id, const char *from,
	const char *to, struct err *e)
{
	bool pausing = strcmp(to, "paused") == 0;
	struct val row;
	int found = db_row(a, db, QUERY_SCENARIO_LOCK,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such scenario");
	if (!text_is(row_text(&row, 2), from))
		return err_set(e, ERR_CONFLICT, "the scenario is not %s", from);
	return db_exec(db, QUERY_SCENARIO_MOVE,
		       DB_ARGS(val_text(to), *row_at(&row, 3), val_int(time_now_us()),
			       val_int(company_id), val_int(id)),
		       NULL, e) < 0 ||
			       db_exec(db, QUERY_RUN_HOLD,
				       DB_ARGS(val_text(pausing ? "paused" : "active"),
					       val_int(company_id), val_int(id),
					       val_text(pausing ? "active" : "paused")),
				       NULL, e) < 0
		       ? -1
		       : 0;
}

static int
held(struct arena *a, struct db *db, int64_t company_id, int64_t id, const char *from,
	const char *to, struct err *e)
{
	if (db_begin(db, e) < 0)
		return -1;
	if (hold(a, db, company_id, id, from, to, e) == 0)
		return db_commit(db, e);
	db_rollback(db);
	return -1;
}

int
scenario_pause(
	struct arena *a, struct db *db, int64_t company_id, int64_t id, struct err *e)
{
	return held(a, db, company_id, id, "running", "paused", e);
}

int
scenario_resume(
	struct arena *a, struct db *db, int64_t company_id, int64_t id, struct err *e)
{
	return held(a, db, company_id, id, "paused", "running", e);
}

int
scenario_of_person(struct arena *a, struct db *db, int64_t company_id, int64_t person_id,
	struct val *list, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_RUN_OF_PERSON,
		    DB_ARGS(val_int(company_id), val_int(person_id)), &rows, e) < 0)
		return -1;
	*list = row_maps(a, &rows, 0,
		DB_KEYS("scenario_id", "name", "state", "step", "reason", "started_at_us",
			"wake_at_us", "ended_at_us"));
	return 0;
}

int
scenario_erase(struct arena *a, struct db *db, int64_t company_id,
	const int64_t *person_ids, size_t n, struct err *e)
{
	return db_exec_of(a, db, QUERY_SCENARIO_RUN_ERASE, company_id, person_ids, n, e);
}
