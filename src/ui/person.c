/* See person.h. */
#include "ui/person.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/url.h"
#include "base/str.h"
#include "base/time.h"
#include "event/history.h"
#include "event/undo.h"
#include "message/message.h"
#include "profile/interest.h"
#include "profile/field.h"
#include "profile/person.h"
#include "scenario/scenario.h"
#include "segment/store.h"
#include "ui/event_view.h"
#include "ui/frame.h"
#include "ui/question.h"
#include "ui/segment_more.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum { PAGE_ROWS = 50, TIMELINE_ROWS = 40, MESSAGES = 50, INTERESTS = 8, COLUMNS_MAX = 12 };

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

/* Page views in a row become one line: how many, and which. list is newest first. */
static void
fold_pages(struct web *w, struct val *list)
{
	struct val out = val_list(w->arena);
	for (size_t i = 0; i < val_len(list);) {
		struct val *first = &list->list->at[i];
		size_t k = i + 1;
		if (text_is(val_as_text(val_get(first, "name")), "page_view"))
			while (k < val_len(list) && k - i < 20 &&
				text_is(val_as_text(val_get(&list->list->at[k], "name")),
					"page_view") &&
				val_as_int(val_get(&list->list->at[k - 1], "at_us"), 0) -
						val_as_int(val_get(&list->list->at[k],
								   "at_us"),
							0) <
					30 * MINUTE_US)
				k++;
		if (k - i > 1) {
			struct val args = val_map(w->arena);
			struct str s = str_new(w->arena);
			val_put(w->arena, &args, "n", val_int((int64_t)(k - i)));
			val_put(w->arena, first, "title",
				val_of(page_say(w, T_("event.pages"), &args)));
			for (size_t m = k; m-- > i;) {
				if (s.n > 0)
					str_addz(&s, " \u2192 ");
				str_addt(&s,
					val_as_text(val_get(&list->list->at[m], "line")));
			}
			val_put(w->arena, first, "line", val_of(str_text(&s)));
		}
		val_push(w->arena, &out, *first);
		i = k;
	}
	*list = out;
}

/* Changes of the timeline get the labels of the company's own fields. */
static int
name_changes(struct web *w, struct val *timeline, struct err *e)
{
	struct val all;
	if (field_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(timeline); i++) {
		const struct val *changes = val_get(&timeline->list->at[i], "changes");
		for (size_t k = 0; k < val_len(changes); k++)
			for (size_t f = 0; f < val_len(&all); f++) {
				struct val *field = &all.list->at[f];
				struct val *change = &changes->list->at[k];
				if (!text_same(val_as_text(val_get(field, "name")),
					    val_as_text(val_get(change, "name"))))
					continue;
				show_label(w, field);
				val_put(w->arena, change, "label",
					*val_get(field, "label"));
			}
	}
	return 0;
}

/* vars.timeline: events with day (where a new one begins), clock and the rest of event_view; vars.before: where the next part
 * begins, missing at the end. */
static int
put_timeline(struct web *w, int64_t root_id, struct val *vars, struct err *e)
{
	int64_t *nodes;
	size_t n;
	struct val list;
	struct history_at at;
	if (history_cursor_read(web_query(w, "before"), &at) != 1)
		at = HISTORY_BEGIN;
	if (person_nodes(w->arena, w->db, w->company.id, root_id, &nodes, &n, e) < 0 ||
		event_history(w->arena, w->db, ui_types(w), w->company.id, nodes, n, &at,
			TIMELINE_ROWS, &list, e) < 0)
		return -1;
	size_t got = val_len(&list);
	if (got == TIMELINE_ROWS)
		val_put(w->arena, vars, "before", val_text(history_cursor(w->arena, at)));
	for (size_t i = 0; i < got; i++)
		event_view(w, &list.list->at[i]);
	fold_pages(w, &list);
	struct text day = web_query(w, "day");
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val *ev = &list.list->at[i];
		int64_t at_us = val_as_int(val_get(ev, "at_us"), 0);
		struct text here = show_day(w, at_us);
		if (!text_same(here, day))
			val_put(w->arena, ev, "day", val_of(here));
		day = here;
		val_put(w->arena, ev, "clock", val_of(show_clock(w, at_us)));
	}
	if (name_changes(w, &list, e) < 0)
		return -1;
	val_put(w->arena, vars, "timeline", list);
	val_put(w->arena, vars, "last_day", val_of(day));
	return 0;
}

/* vars.fields: {label, value} of what is there; what stands in the head of the page is not repeated. */
static int
put_fields(struct web *w, const struct val *card, struct val *vars, struct err *e)
{
	struct val all, list = val_list(w->arena);
	const struct val *held = val_get(card, "fields");
	if (field_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++) {
		struct val *f = &all.list->at[i];
		struct text name = val_as_text(val_get(f, "name"));
		if (text_is(name, "first_name") || text_is(name, "last_name") ||
			text_is(name, "email") || text_is(name, "phone") ||
			text_is(name, "external_id"))
			continue;
		struct text value = show_value(w, f, val_get_key(held, name));
		if (value.n == 0)
			continue;
		show_label(w, f);
		val_put(w->arena, f, "value", val_of(value));
		val_push(w->arena, &list, *f);
	}
	val_put(w->arena, vars, "fields", list);
	return 0;
}

static int
find_person(struct web *w, int64_t *root_id, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	return web_found(person_root(w->arena, w->db, w->company.id, id, root_id, e), e);
}

int
person_page(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), card, segments, messages, runs, merges,
		   interests;
	int64_t id;
	if (find_person(w, &id, e) < 0 ||
		web_found(person_card(w->arena, w->db, w->company.id, id, &card, e), e) < 0)
		return -1;
	if (put_timeline(w, id, &vars, e) < 0 || put_fields(w, &card, &vars, e) < 0 ||
		segment_of_person(w->arena, w->db, w->company.id, id, &segments, e) < 0 ||
		interest_of(w->arena, w->db, w->company.id, id, INTERESTS, &interests, e) <
			0 ||
		scenario_of_person(w->arena, w->db, w->company.id, id, &runs, e) < 0 ||
		message_of_person(w->arena, w->db, w->company.id, id, INT64_MAX, MESSAGES,
			&messages, e) < 0)
		return -1;
	if (event_merges(w->arena, w->db, w->company.id, id, &merges, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&merges); i++) {
		struct val *m = &merges.list->at[i];
		val_put(w->arena, m, "line",
			val_of(merge_line(w, val_as_text(val_get(m, "reason")))));
	}
	val_put(w->arena, &vars, "merges", merges);
	val_put(w->arena, &vars, "person", card);
	val_put(w->arena, &vars, "name",
		val_of(person_name(w, id, val_get(&card, "fields"))));
	segment_say_reasons(w, &segments);
	val_put(w->arena, &vars, "segments", segments);
	val_put(w->arena, &vars, "messages", messages);
	val_put(w->arena, &vars, "runs", runs);
	val_put(w->arena, &vars, "interests", interests);
	struct text tab = web_query(w, "tab");
	val_put(w->arena, &vars, "tab",
		val_text(text_is(tab, "messages") ? "messages" : "events"));
	return ui_page(w, 200, "client", &vars, e);
}

int
person_timeline(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), person = val_map(w->arena);
	int64_t id;
	if (find_person(w, &id, e) < 0 || put_timeline(w, id, &vars, e) < 0)
		return -1;
	val_put(w->arena, &person, "id", val_id(w->arena, id));
	val_put(w->arena, &vars, "person", person);
	return page_show(w, 200, "part/timeline", &vars, e);
}
