/* See people.h. */
#include "ui/people.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "exchange/bulk_people.h"
#include "profile/field.h"
#include "tenant/user_list.h"
#include "ui/folders.h"
#include "ui/frame.h"
#include "ui/people_view.h"
#include "ui/question.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum { PAGE_ROWS = 50, SOON_MS = 300, COUNT_MS = 2500 };

/* --- columns --- */

static struct val
usual_columns(struct arena *a)
{
	static const char *const usual[] = {
		"email", "phone", "city", "created_at", "last_seen_at"};
	struct val list = val_list(a);
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		val_push(a, &list, val_text(usual[i]));
	return list;
}

static bool
holds(const struct val *list, struct text name)
{
	for (size_t i = 0; i < val_len(list); i++)
		if (text_same(val_as_text(&list->list->at[i]), name))
			return true;
	return false;
}

/* Numbers stand at the right. */
static bool
is_right(struct text type)
{
	return text_is(type, "number") || text_is(type, "money") ||
	       text_is(type, "datetime") || text_is(type, "date");
}

/* vars.columns: maps {name, label, type, on, right} of all fields, the chosen first, in their order; vars.columns_on how many. */
static int
put_columns(struct web *w, const struct people_view *v, struct val *vars, struct err *e)
{
	struct val fields, list = val_list(w->arena);
	struct val chosen = val_len(&v->columns) > 0 ? v->columns : usual_columns(w->arena);
	if (field_all(w->arena, w->db, w->company.id, &fields, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&chosen); i++)
		for (size_t k = 0; k < val_len(&fields); k++) {
			struct val f = fields.list->at[k];
			if (!text_same(val_as_text(val_get(&f, "name")),
				    val_as_text(&chosen.list->at[i])))
				continue;
			val_put(w->arena, &f, "on", val_bool(true));
			val_push(w->arena, &list, f);
			break;
		}
	val_put(w->arena, vars, "columns_on", val_int((int64_t)val_len(&list)));
	for (size_t k = 0; k < val_len(&fields); k++)
		if (!holds(&chosen, val_as_text(val_get(&fields.list->at[k], "name"))))
			val_push(w->arena, &list, fields.list->at[k]);
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val *c = &list.list->at[i];
		show_label(w, c);
		val_put(w->arena, c, "right",
			val_bool(is_right(val_as_text(val_get(c, "type")))));
	}
	val_put(w->arena, vars, "columns", list);
	return 0;
}

/* What a cell shows: {text, right}, {us} for times; nothing for what is missing. */
static struct val
cell(struct web *w, const struct val *person, const struct val *column)
{
	struct val v = val_map(w->arena);
	const char *name = val_as_z(w->arena, val_get(column, "name"));
	const char *us = arena_printf(w->arena, "%s_us", name);
	const struct val *at = val_get(person, us);
	if (at != NULL && at->kind == VAL_INT) {
		val_put(w->arena, &v, "us", *at);
		return v;
	}
	val_put(w->arena, &v, "text",
		val_of(show_value(w, column, val_get(val_get(person, "fields"), name))));
	val_put(w->arena, &v, "right", *val_get(column, "right"));
	return v;
}

static void
put_cells(struct web *w, struct val *people, const struct val *columns)
{
	for (size_t i = 0; i < val_len(people); i++) {
		struct val cells = val_list(w->arena);
		for (size_t k = 0; k < val_len(columns); k++)
			if (val_as_bool(val_get(&columns->list->at[k], "on"), false))
				val_push(w->arena, &cells,
					cell(w, &people->list->at[i],
						&columns->list->at[k]));
		val_put(w->arena, &people->list->at[i], "cells", cells);
	}
}

/* --- the list --- */

/* An estimate is told with the digits it has. */
static int64_t
rounded(int64_t n)
{
	int64_t unit = 1;
	while (n / unit >= 1000)
		unit *= 10;
	return (n + unit / 2) / unit * unit;
}

/* vars.count, vars.exact, vars.total, vars.row (of the first), vars.row_last. */
static void
put_counts(struct web *w, const struct people_page *p, size_t shown, struct val *vars)
{
	struct val typed = val_of(web_query(w, "row"));
	int64_t row = val_as_int(&typed, 1);
	if (row < 1 || row > p->count || web_query(w, "cursor").n == 0)
		row = 1;
	val_put(w->arena, vars, "count",
		val_int(p->is_exact ? p->count : rounded(p->count)));
	val_put(w->arena, vars, "exact", val_bool(p->is_exact));
	val_put(w->arena, vars, "total", val_int(p->total));
	val_put(w->arena, vars, "row", val_int(row));
	val_put(w->arena, vars, "row_last", val_int(row + (int64_t)shown - 1));
}

/* vars.first_page, vars.next_page: addresses, the latter missing at the end. */
static void
put_pager(struct web *w, const struct people_view *v, const struct people_page *p,
	struct val *vars)
{
	struct str s = str_new(w->arena);
	str_addf(&s, "%ssort=", people_view_address(w->arena, v));
	str_add_url(&s, v->sort);
	val_put(w->arena, vars, "first_page", val_text(arena_text(w->arena, s.at, s.n)));
	if (val_is_null(&p->next))
		return;
	str_addz(&s, "&cursor=");
	str_add_url(&s, val_as_text(&p->next));
	str_addf(&s, "&row=%lld", (long long)val_as_int(val_get(vars, "row_last"), 0) + 1);
	val_put(w->arena, vars, "next_page", val_of(str_text(&s)));
}

/* The order asked for; not one by what this user may not see: the address of the next page would tell it. columns: vars.columns. */
static struct text
order_of(struct web *w, const struct people_view *v, const struct val *columns)
{
	struct text name = v->sort;
	if (text_starts(name, "-"))
		name = (struct text){name.at + 1, name.n - 1};
	for (size_t i = 0; i < val_len(columns); i++) {
		const struct val *c = &columns->list->at[i];
		if (text_same(val_as_text(val_get(c, "name")), name) && show_hides(w, c))
			return text_of(USUAL_ORDER);
	}
	return v->sort;
}

/* vars of the table of a view. */
static int
put_people(struct web *w, struct people_view *v, struct val *vars, struct err *e)
{
	struct people_page p = {0};
	struct val segments;
	if (put_columns(w, v, vars, e) < 0 ||
		people_segments(w->arena, w->db, w->company.id, &segments, e) < 0)
		return -1;
	v->sort = order_of(w, v, val_get(vars, "columns"));
	struct people_query q = {
		.rule = people_view_rule(v),
		.search = v->search,
		.sort = v->sort,
		.cursor = v->cursor,
		.soon_ms = SOON_MS,
		.limit = PAGE_ROWS,
	};
	val_put(w->arena, vars, "segments", segments);
	int done = question_page(w, &q, vars, &p, e);
	if (done < 0) {
		if (e->code != ERR_INPUT && e->code != ERR_LIMIT)
			return -1;
		val_put(w->arena, vars, "problem", val_of(ui_sentence(w, e)));
	}
	if (done < 1)
		p = (struct people_page){.people = val_list(w->arena), .next = val_null()};
	put_cells(w, &p.people, val_get(vars, "columns"));
	put_counts(w, &p, val_len(&p.people), vars);
	put_pager(w, v, &p, vars);
	val_put(w->arena, vars, "people", p.people);
	val_put(w->arena, vars, "cursor", val_of(v->cursor));
	people_view_put(w, v, vars);
	return 0;
}

int
people_list(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	struct people_view v;
	if (people_view_read(w, false, &v, e) < 0 || put_people(w, &v, &vars, e) < 0 ||
		folders_put(w, &v, NULL, &vars, e) < 0)
		return -1;
	return ui_page(w, 200, "clients", &vars, e);
}

/* --- how the user likes it --- */

/* "up" or "down" of a column: it changes places. */
static void
move(struct web *w, struct val *columns)
{
	struct text up = web_form(w, "up"), down = web_form(w, "down");
	struct text name = up.n > 0 ? up : down;
	for (size_t i = 0; name.n > 0 && i < val_len(columns); i++) {
		size_t to = up.n > 0 ? i - 1 : i + 1;
		if (!text_same(val_as_text(&columns->list->at[i]), name))
			continue;
		if (to < val_len(columns)) { /* also of 0 - 1 */
			struct val kept = columns->list->at[i];
			columns->list->at[i] = columns->list->at[to];
			columns->list->at[to] = kept;
		}
		return;
	}
}

/* An order that is a field, whichever way. */
static struct text
order_typed(struct web *w)
{
	struct text t = web_form(w, "order");
	return t.n <= USER_LIST_SORT_MAX ? t : text_of("");
}

int
people_keep(struct web *w, struct err *e)
{
	struct people_view v;
	struct val vars = val_map(w->arena);
	if (people_view_read(w, true, &v, e) < 0)
		return -1;
	struct text order = order_typed(w);
	if (web_form(w, "reset").n > 0)
		v.columns = val_list(w->arena);
	else if (order.n == 0) {
		v.columns = web_form_list(w, "c");
		move(w, &v.columns);
	}
	if (order.n > 0)
		v.sort = order;
	if (user_list_set(w->arena, w->db, w->company.id, w->session->user.id, PEOPLE_LIST,
		    &v.columns, v.sort, e) < 0)
		return -1;
	if (request_is_part(&w->request) && order.n == 0)
		return put_people(w, &v, &vars, e) < 0
			       ? -1
			       : page_show(w, 200, "part/people", &vars, e);
	struct str s = str_new(w->arena);
	str_addz(&s, people_view_address(w->arena, &v));
	str_addz(&s, "sort=");
	str_add_url(&s, v.sort);
	response_redirect(w, s.at);
	return 0;
}

/* --- counting exactly --- */

/* A slice after the other for some seconds; what is left is asked for by the part that is shown. */
int
people_count(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), from = val_of(web_query(w, "from")),
		   so_far = val_of(web_query(w, "so_far")),
		   total = val_of(web_query(w, "total"));
	struct people_view v;
	int64_t at = val_as_int(&from, 0), n = val_as_int(&so_far, 0), rows = 0;
	int64_t until_us = time_monotonic_us() + COUNT_MS * INT64_C(1000);
	if (people_view_read(w, false, &v, e) < 0)
		return -1;
	people_view_put(w, &v, &vars);
	for (bool first = true; at >= 0 && (first || time_monotonic_us() < until_us);
		first = false) {
		struct val question = val_map(w->arena), answer;
		val_put(w->arena, &question, "what", val_text("count"));
		val_put(w->arena, &question, "rule", val_of(people_view_rule(&v)));
		val_put(w->arena, &question, "search", val_of(v.search));
		val_put(w->arena, &question, "from", val_int(at));
		int done = question_ask(w, &question, &vars, &answer, e);
		if (done < 0)
			return -1;
		if (done == 0)
			break;
		n += val_as_int(val_get(&answer, "count"), 0);
		rows = val_as_int(val_get(&answer, "rows"), 0);
		at = val_as_int(val_get(&answer, "from"), -1);
	}
	val_put(w->arena, &vars, "count", val_int(n));
	val_put(w->arena, &vars, "exact", val_bool(at < 0));
	val_put(w->arena, &vars, "from", val_int(at));
	val_put(w->arena, &vars, "total", val_int(val_as_int(&total, n)));
	val_put(w->arena, &vars, "percent", val_int(show_percent(at < 0 ? 0 : at, rows)));
	return page_show(w, 200, "part/people-count", &vars, e);
}
