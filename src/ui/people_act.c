/* See people_act.h. */
#include "ui/people_act.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "exchange/bulk_people.h"
#include "profile/person.h"
#include "segment/option.h"
#include "ui/frame.h"
#include "ui/people_view.h"
#include "ui/question.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum { COUNT_MS = 10000, PICKED_MAX = 1000, VALUES = 5 };

struct act {
	struct people_view view;
	struct text what;	  /* "field", "enter", "leave", "erase", "export" */
	int64_t *ids;		  /* those picked, or NULL: everybody of the list */
	size_t n, asked;	  /* who is still there; how many were sent */
	int64_t count;		  /* exactly, now */
	struct val fields, field; /* of people_fields; the one that was chosen, or null */
};

/* --- to whom --- */

static void
read_ids(struct web *w, struct act *x)
{
	struct val list = web_form_list(w, "id");
	if (web_form(w, "whole").n > 0)
		return;
	x->ids = arena_array(w->arena, val_len(&list) + 1, sizeof *x->ids);
	for (size_t i = 0; i < val_len(&list) && x->n < PICKED_MAX; i++)
		x->ids[x->n++] = val_as_int(&list.list->at[i], 0);
	x->asked = x->n;
}

/* Of those picked who are somebody still, of this company. */
static int
keep_living(struct web *w, struct act *x, struct err *e)
{
	struct person_row *rows = arena_array(w->arena, x->n + 1, sizeof *rows);
	size_t found = 0;
	if (x->n > 0 && person_by_ids(w->arena, w->db, w->company.id, x->ids, x->n, rows,
				&found, e) < 0)
		return -1;
	for (size_t i = 0; i < found; i++)
		x->ids[i] = rows[i].id;
	x->n = found;
	x->count = (int64_t)found;
	return 0;
}

/* 1 counted, 0 the columns are away (vars.starting), -1. */
static int
count_list(struct web *w, struct act *x, struct val *vars, struct err *e)
{
	int64_t at = 0, until_us = time_monotonic_us() + COUNT_MS * INT64_C(1000);
	while (at >= 0) {
		struct val question = val_map(w->arena), answer;
		val_put(w->arena, &question, "what", val_text("count"));
		val_put(w->arena, &question, "rule", val_of(people_view_rule(&x->view)));
		val_put(w->arena, &question, "search", val_of(x->view.search));
		val_put(w->arena, &question, "from", val_int(at));
		int done = question_ask(w, &question, vars, &answer, e);
		if (done < 1)
			return done;
		x->count += val_as_int(val_get(&answer, "count"), 0);
		at = val_as_int(val_get(&answer, "from"), -1);
		if (at >= 0 && time_monotonic_us() > until_us)
			return err_set(e, ERR_LIMIT, "counting took too long");
	}
	return 1;
}

static int
read_act(struct web *w, struct act *x, struct val *vars, struct err *e)
{
	*x = (struct act){.what = web_form(w, "do"), .field = val_null()};
	if (people_view_read(w, true, &x->view, e) < 0 ||
		people_fields(w->arena, w->db, w->company.id, &x->fields, e) < 0)
		return -1;
	read_ids(w, x);
	for (size_t i = 0; i < val_len(&x->fields); i++) {
		struct val *f = &x->fields.list->at[i];
		show_label(w, f);
		if (text_same(val_as_text(val_get(f, "name")), web_form(w, "field")))
			x->field = *f;
	}
	return x->ids != NULL ? (keep_living(w, x, e) < 0 ? -1 : 1)
			      : count_list(w, x, vars, e);
}

/* --- what is there now --- */

/* vars.old: {text, n} of the values most of them have, vars.old_other, vars.old_missing. */
static int
put_old(struct web *w, const struct act *x, struct val *vars, struct err *e)
{
	struct val question = val_map(w->arena), answer, ids = val_list(w->arena),
		   list = val_list(w->arena);
	if (val_is_null(&x->field))
		return 0;
	for (size_t i = 0; i < x->n; i++)
		val_push(w->arena, &ids, val_int(x->ids[i]));
	val_put(w->arena, &question, "what", val_text("breakdown"));
	val_put(w->arena, &question, "rule", val_of(people_view_rule(&x->view)));
	val_put(w->arena, &question, "search", val_of(x->view.search));
	val_put(w->arena, &question, "ids", ids);
	val_put(w->arena, &question, "field", *val_get(&x->field, "name"));
	val_put(w->arena, &question, "limit", val_int(VALUES));
	int done = question_ask(w, &question, vars, &answer, e);
	if (done < 1)
		return done;
	const struct val *values = val_get(&answer, "values");
	for (size_t i = 0; i < val_len(values); i++) {
		struct val one = val_map(w->arena);
		const struct val *v = &values->list->at[i];
		val_put(w->arena, &one, "text",
			val_of(show_value(w, &x->field, val_get(v, "value"))));
		val_put(w->arena, &one, "n", *val_get(v, "count"));
		val_put(w->arena, &one, "percent",
			val_int(show_percent(
				val_as_int(val_get(v, "count"), 0), x->count)));
		val_push(w->arena, &list, one);
	}
	val_put(w->arena, vars, "old", list);
	val_put(w->arena, vars, "old_other", *val_get(&answer, "other"));
	val_put(w->arena, vars, "old_missing", *val_get(&answer, "missing"));
	return 0;
}

static int
show(struct web *w, int status, const struct act *x, struct val *vars, struct err *e)
{
	struct val ids = val_list(w->arena), segments;
	for (size_t i = 0; i < x->n; i++)
		val_push(w->arena, &ids, val_id(w->arena, x->ids[i]));
	if (put_old(w, x, vars, e) < 0 ||
		people_segments(w->arena, w->db, w->company.id, &segments, e) < 0)
		return -1;
	people_view_put(w, &x->view, vars);
	val_put(w->arena, vars, "what", val_of(x->what));
	val_put(w->arena, vars, "ids", ids);
	val_put(w->arena, vars, "whole", val_bool(x->ids == NULL));
	val_put(w->arena, vars, "count", val_int(x->count));
	val_put(w->arena, vars, "fields", x->fields);
	val_put(w->arena, vars, "field", x->field);
	val_put(w->arena, vars, "value", val_of(web_form(w, "value")));
	val_put(w->arena, vars, "new", val_of(web_form(w, "new")));
	val_put(w->arena, vars, "clear", val_bool(web_form(w, "clear").n > 0));
	val_put(w->arena, vars, "segments", segments);
	return request_is_part(&w->request)
		       ? page_show(w, status, "part/people-act", vars, e)
		       : ui_page(w, status, "people-act", vars, e);
}

/* The people go to the form of an export. */
static int
go_export(struct web *w, const struct act *x)
{
	struct str s = str_new(w->arena);
	if (x->ids == NULL) {
		str_addz(&s, "/exports/new?rule=");
		str_add_url(&s, people_view_rule(&x->view));
		str_addz(&s, "&search=");
		str_add_url(&s, x->view.search);
	} else
		for (size_t i = 0; i < x->n; i++)
			str_addf(&s, "%s%lld", i == 0 ? "/exports/new?ids=" : ".",
				(long long)x->ids[i]);
	response_redirect(w, s.at);
	return 0;
}

/* Nobody is chosen, or cannot be counted: back to the list. */
static int
go_back(struct web *w, const struct act *x, const char *said)
{
	page_flash(w, said);
	response_redirect(w, people_view_address(w->arena, &x->view));
	return 0;
}

/* What read_act says of a list that cannot be asked for. */
static int
refused(struct web *w, const struct act *x, int done, const struct err *e)
{
	if (done < 0 && e->code != ERR_INPUT && e->code != ERR_LIMIT)
		return -1;
	return go_back(w, x, T_("act.not_counted"));
}

static int
nobody(struct web *w, const struct act *x, struct err *e)
{
	return x->asked > 0 ? err_set(e, ERR_MISSING, "no such profiles")
			    : go_back(w, x, T_("act.nobody"));
}

int
people_act(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	struct act x;
	int done = read_act(w, &x, &vars, e);
	if (done < 1)
		return refused(w, &x, done, e);
	if (x.count == 0)
		return nobody(w, &x, e);
	return text_is(x.what, "export") ? go_export(w, &x) : show(w, 200, &x, &vars, e);
}

/* --- the job --- */

/* Lists are typed with commas. */
static struct val
value_typed(struct web *w, const struct act *x)
{
	struct text type = val_as_text(val_get(&x->field, "type")),
		    t = web_form(w, "value");
	if (web_form(w, "clear").n > 0 || t.n == 0)
		return val_null();
	if (!text_is(type, "list") && !text_is(type, "multichoice"))
		return val_of(t);
	struct val list = val_list(w->arena);
	while (t.n > 0) {
		const char *comma = memchr(t.at, ',', t.n);
		size_t n = comma != NULL ? (size_t)(comma - t.at) : t.n;
		struct text one = text_trim((struct text){t.at, n});
		if (one.n > 0)
			val_push(w->arena, &list, val_of(one));
		t = (struct text){t.at + n + (comma != NULL), t.n - n - (comma != NULL)};
	}
	return list;
}

/* The number that was typed, without what stands between its digits. */
static bool
is_typed(struct text t, int64_t count)
{
	int64_t n = 0;
	bool any = false;
	for (size_t i = 0; i < t.n && n < INT64_MAX / 100; i++)
		if (t.at[i] >= '0' && t.at[i] <= '9') {
			n = n * 10 + (t.at[i] - '0');
			any = true;
		}
	return any && n == count;
}

static int
check(struct web *w, const struct act *x, struct err *e)
{
	if (text_is(x->what, "field") && val_is_null(&x->field))
		return err_field(e, "field", "choose a field");
	if (text_is(x->what, "field") && web_form(w, "value").n == 0 &&
		web_form(w, "clear").n == 0)
		return err_field(e, "value", "a value is expected");
	if (text_is(x->what, "erase") && !is_typed(web_form(w, "typed"), x->count))
		return err_field(
			e, "typed", "type how many are erased: %lld", (long long)x->count);
	return 0;
}

/* A new list of these people, when one was named: it is made empty, the job fills it. 0 / -1 */
static int
make_list(struct web *w, struct act *x, struct people_ask *ask, struct err *e)
{
	struct text name = text_trim(web_form(w, "new"));
	if (ask->action != PEOPLE_ENTER || name.n == 0)
		return 0;
	if (segment_static_make(w->arena, w->db, w->company.id, name, w->session->user.id,
		    x->ids, 0, "", &ask->segment_id, e) < 0)
		return -1;
	return ui_audit(w, "segment.create", ask->segment_id, text_z(w->arena, name), e);
}

static enum people_action
action_of(struct text what)
{
	return text_is(what, "field")	? PEOPLE_FIELD
	       : text_is(what, "enter") ? PEOPLE_ENTER
	       : text_is(what, "leave") ? PEOPLE_LEAVE
	       : text_is(what, "erase") ? PEOPLE_ERASE
					: PEOPLE_ACTIONS;
}

int
people_act_run(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), segment = val_of(web_form(w, "segment"));
	struct act x;
	int64_t job;
	int status, done = read_act(w, &x, &vars, e);
	if (done < 1)
		return refused(w, &x, done, e);
	if (x.count == 0)
		return nobody(w, &x, e);
	struct people_ask ask = {.action = action_of(x.what),
		.ids = x.ids,
		.n = x.n,
		.rule = people_view_rule(&x.view),
		.search = x.view.search,
		.field = val_as_text(val_get(&x.field, "name")),
		.value = value_typed(w, &x),
		.segment_id = val_as_int(&segment, 0),
		.user_id = w->session->user.id};
	if (ask.action == PEOPLE_ACTIONS)
		return err_set(e, ERR_INPUT, "nothing of that kind is done with people");
	if (check(w, &x, e) < 0 || make_list(w, &x, &ask, e) < 0 ||
		people_begin(w->arena, w->db, w->settings, &w->company, &ask, &job, e) <
			0) {
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		return show(w, status, &x, &vars, e);
	}
	if (ui_audit(w, arena_printf(w->arena, "people.%s", people_actions[ask.action]),
		    job,
		    arena_printf(w->arena, "%lld %.*s", (long long)x.count,
			    (int)ask.field.n, ask.field.at),
		    e) < 0)
		return -1;
	page_flash(w, T_("act.began"));
	response_redirect(w, "/jobs");
	return 0;
}

int
people_act_undo(struct web *w, struct err *e)
{
	int64_t id, undo;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	int done = people_undo(
		w->arena, w->db, w->company.id, id, w->session->user.id, &undo, e);
	if (done < 0 && e->code != ERR_CONFLICT)
		return -1;
	if (done == 0 && ui_audit(w, "people.undo", id, "", e) < 0)
		return -1;
	page_flash(w, done == 0 ? T_("act.undoing") : T_("act.undo_late"));
	response_redirect(w, "/jobs");
	return 0;
}
