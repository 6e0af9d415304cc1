/* See people.h. */
#include "ui/people.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/url.h"
#include "profile/field.h"
#include "ui/frame.h"
#include "ui/question.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum { PAGE_ROWS = 50, COLUMNS_MAX = 12 };

/* Columns of the list: those of the address, else of the cookie, else the usual ones. */
static struct val
chosen_columns(struct web *w)
{
	struct val list = val_list(w->arena);
	const struct val *asked = val_get(&w->request.query, "c[]");
	if (asked != NULL && asked->kind == VAL_LIST) {
		for (size_t i = 0; i < val_len(asked) && i < COLUMNS_MAX; i++)
			val_push(w->arena, &list, asked->list->at[i]);
		struct str s = str_new(w->arena);
		for (size_t i = 0; i < val_len(&list); i++) {
			str_addz(&s, i > 0 ? "." : "");
			str_add_url(&s, val_as_text(&list.list->at[i]));
		}
		response_cookie(w, "columns", s.at, 365 * 86400);
		return list;
	}
	struct text kept = request_cookie(&w->request, "columns");
	if (kept.n == 0)
		kept = text_of("email.phone.city.created_at.last_seen_at");
	const char *at = kept.at, *end = at + kept.n;
	while (at < end && val_len(&list) < COLUMNS_MAX) {
		const char *dot = memchr(at, '.', (size_t)(end - at));
		size_t n = (size_t)((dot != NULL ? dot : end) - at);
		struct val name = val_of(url_decode(w->arena, (struct text){at, n}));
		if (text_is_utf8(name.text))
			val_push(w->arena, &list, name);
		at += n + 1;
	}
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

/* vars.columns: maps {name, label, type, on} of all fields, the chosen first, in their order. */
static int
put_columns(struct web *w, struct val *vars, struct err *e)
{
	struct val fields, chosen = chosen_columns(w), list = val_list(w->arena);
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
	for (size_t k = 0; k < val_len(&fields); k++)
		if (!holds(&chosen, val_as_text(val_get(&fields.list->at[k], "name"))))
			val_push(w->arena, &list, fields.list->at[k]);
	for (size_t i = 0; i < val_len(&list); i++)
		show_label(w, &list.list->at[i]);
	val_put(w->arena, vars, "columns", list);
	return 0;
}

/* What a cell shows: {text}, {us} for times, {mono}; nothing for what is missing. */
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
		val_of(show_value(w, column, val_path(val_get(person, "fields"), name))));
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

int
person_list(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), people, next, problem = val_null();
	struct people_query q = {
		.rule = web_query(w, "rule"),
		.search = web_query(w, "q"),
		.sort = web_query(w, "sort"),
		.cursor = web_query(w, "cursor"),
		.all = web_query(w, "all").n > 0,
		.limit = PAGE_ROWS,
	};
	if (q.sort.n == 0)
		q.sort = text_of("-last_seen_at");
	int64_t total = 0;
	if (put_columns(w, &vars, e) < 0)
		return -1;
	int done = question_people(w, &q, &vars, &people, &next, &total, e);
	if (done < 0) {
		if (e->code != ERR_INPUT && e->code != ERR_LIMIT)
			return -1;
		problem = val_of(ui_sentence(w, e));
		people = val_list(w->arena);
		next = val_null();
	}
	put_cells(w, &people, val_get(&vars, "columns"));
	val_put(w->arena, &vars, "problem", problem);
	val_put(w->arena, &vars, "people", people);
	val_put(w->arena, &vars, "after", next);
	val_put(w->arena, &vars, "total", val_int(total));
	val_put(w->arena, &vars, "rule", val_of(q.rule));
	val_put(w->arena, &vars, "q", val_of(q.search));
	val_put(w->arena, &vars, "sort", val_of(q.sort));
	val_put(w->arena, &vars, "cursor", val_of(q.cursor));
	val_put(w->arena, &vars, "all", val_bool(q.all));
	return ui_page(w, 200, "clients", &vars, e);
}
