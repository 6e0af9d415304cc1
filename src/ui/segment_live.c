/* See segment_live.h. */
#include "ui/segment_live.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "event/type.h"
#include "profile/field.h"
#include "segment/store.h"
#include "ui/event_view.h"
#include "ui/frame.h"
#include "ui/question.h"
#include "ui/sentence.h"
#include "ui/show.h"
#include "web/page.h"

#include <math.h>
#include <string.h>

enum { SOON_MS = 400, SAMPLE = 10, OVERLAP_MAX = 5, DAYS = 30 };

int
segment_live_page(struct web *w, int status, int64_t id, struct val *vars, struct err *e)
{
	struct val all, others = val_list(w->arena);
	if (segment_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++)
		if (val_as_int(val_get(&all.list->at[i], "id"), 0) != id)
			val_push(w->arena, &others, all.list->at[i]);
	val_put(w->arena, vars, "others", others);
	return ui_page(w, status, "segment", vars, e);
}

/* answer.warnings in the language of the page. */
static void
put_warnings(struct web *w, struct val *answer)
{
	struct val out = val_list(w->arena);
	const struct val *list = val_get(answer, "warnings");
	for (size_t i = 0; i < val_len(list); i++) {
		struct val one = val_map(w->arena);
		val_put(w->arena, &one, "line", *val_get(&list->list->at[i], "line"));
		val_put(w->arena, &one, "text",
			val_of(sentence_in(
				w, val_as_text(val_get(&list->list->at[i], "text")))));
		val_push(w->arena, &out, one);
	}
	val_put(w->arena, answer, "warnings", out);
}

/* A list that stands as JSON in a field of the form; empty when there is none. */
static struct val
json_list(struct web *w, const char *name)
{
	struct val list;
	struct err ignored;
	struct text typed = web_form(w, name);
	if (typed.n == 0 || json_parse(w->arena, typed, &list, &ignored) < 0 ||
		list.kind != VAL_LIST)
		return val_list(w->arena);
	return list;
}

static int
ask_preview(
	struct web *w, int64_t segment, struct val *vars, struct val *answer, struct err *e)
{
	struct val q = val_map(w->arena), with = web_form_list(w, "with"),
		   few = val_list(w->arena);
	for (size_t i = 0; i < val_len(&with) && i < OVERLAP_MAX; i++)
		val_push(w->arena, &few, with.list->at[i]);
	val_put(w->arena, &q, "what", val_text("preview"));
	val_put(w->arena, &q, "rule", val_text(web_form_z(w, "rule")));
	val_put(w->arena, &q, "segment", val_int(segment));
	val_put(w->arena, &q, "sample", val_int(SAMPLE));
	val_put(w->arena, &q, "reasons", val_bool(true));
	val_put(w->arena, &q, "reach", val_bool(true));
	val_put(w->arena, &q, "parts", json_list(w, "parts"));
	val_put(w->arena, &q, "narrow", json_list(w, "narrow"));
	val_put(w->arena, &q, "overlap", few);
	if (web_query(w, "exact").n == 0)
		val_put(w->arena, &q, "soon_ms", val_int(SOON_MS));
	return question_ask(w, &q, vars, answer, e);
}

/* people of the sample, each with why it is meant. */
static int
put_people(struct web *w, const struct val *answer, struct val *vars, struct err *e)
{
	struct val people;
	const struct val *ids = val_get(answer, "sample"),
			 *reasons = val_get(answer, "reasons");
	int hides = show_hides_any(w, e);
	if (hides < 0 || question_persons(w, ids, &people, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&people); i++)
		for (size_t k = 0; k < val_len(ids) && k < val_len(reasons); k++)
			if (val_as_int(&ids->list->at[k], 0) ==
				val_as_int(val_get(&people.list->at[i], "id"), 1))
				val_put(w->arena, &people.list->at[i], "reason",
					hides == 0
						? reasons->list->at[k]
						: val_of(show_without_values(w,
							  val_as_text(
								  &reasons->list->at[k]))));
	val_put(w->arena, vars, "people", people);
	return 0;
}

/* overlap with names and shares: of those the rule means, percent are in it. */
static int
put_overlap(struct web *w, struct val *answer, int64_t count, struct err *e)
{
	const struct val *list = val_get(answer, "overlap");
	struct val all;
	if (val_len(list) == 0)
		return 0;
	if (segment_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(list); i++) {
		struct val *one = &list->list->at[i];
		for (size_t k = 0; k < val_len(&all); k++)
			if (val_as_int(val_get(&all.list->at[k], "id"), 0) ==
				val_as_int(val_get(one, "id"), -1))
				val_put(w->arena, one, "name",
					*val_get(&all.list->at[k], "name"));
		val_put(w->arena, one, "percent",
			val_int(show_percent(val_as_int(val_get(one, "count"), 0), count)));
	}
	return 0;
}

/* reach as a list {channel, n, rule}, channels nobody can be reached by left out; each overlap gets its rule too: so that numbers lead to
 * people. The typed text is whole in it, whatever it is. */
static void
put_rules(struct web *w, struct val *answer)
{
	const char *typed = web_form_z(w, "rule");
	const struct val *reach = val_get(answer, "reach"),
			 *overlap = val_get(answer, "overlap");
	struct val list = val_list(w->arena);
	for (size_t i = 0; reach != NULL && i < reach->map->n; i++) {
		struct val one = val_map(w->arena);
		struct text channel = reach->map->at[i].key;
		if (val_as_int(&reach->map->at[i].val, 0) == 0)
			continue;
		val_put(w->arena, &one, "channel", val_of(channel));
		val_put(w->arena, &one, "n", reach->map->at[i].val);
		val_put(w->arena, &one, "rule",
			val_text(arena_printf(w->arena,
				"local function rule()\n%s\nend\nreturn rule() & reachable "
				"\"%.*s\"",
				typed, (int)channel.n, channel.at)));
		val_push(w->arena, &list, one);
	}
	val_put(w->arena, answer, "reach", list);
	for (size_t i = 0; i < val_len(overlap); i++)
		val_put(w->arena, &overlap->list->at[i], "rule",
			val_text(arena_printf(w->arena,
				"local function rule()\n%s\nend\nreturn rule() & segment "
				"\"%s\"",
				typed,
				val_as_z(w->arena, val_get(&overlap->list->at[i], "id")))));
}

/* One line of what makes the engine look again: names of fields and events in the user's words. */
static int
put_looks(struct web *w, struct val *answer, struct err *e)
{
	struct val fields, line = val_list(w->arena);
	const struct val *looks = val_get(answer, "looks_at"),
			 *named = val_get(looks, "fields"),
			 *events = val_get(looks, "events");
	if (field_all(w->arena, w->db, w->company.id, &fields, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(named); i++)
		for (size_t k = 0; k < val_len(&fields); k++) {
			struct val *f = &fields.list->at[k];
			if (!text_same(val_as_text(val_get(f, "name")),
				    val_as_text(&named->list->at[i])))
				continue;
			show_label(w, f);
			val_push(w->arena, &line, *val_get(f, "label"));
		}
	for (size_t i = 0; i < val_len(events); i++)
		val_push(w->arena, &line,
			val_of(event_title_of(w, val_as_text(&events->list->at[i]))));
	if (val_as_bool(val_get(looks, "consent"), false))
		val_push(w->arena, &line,
			val_of(page_say(w, T_("segment.looks_consent"), NULL)));
	if (val_as_bool(val_get(looks, "time"), false))
		val_push(w->arena, &line,
			val_of(page_say(w, T_("segment.looks_time"), NULL)));
	val_put(w->arena, answer, "looks", line);
	return 0;
}

static int
put_answer(struct web *w, struct val *answer, struct val *vars, struct err *e)
{
	int64_t count = val_as_int(val_get(answer, "count"), 0),
		total = val_as_int(val_get(answer, "total"), 0);
	double ms = val_as_num(val_get(answer, "ms"), 0);
	struct val live = val_map(w->arena);
	val_put(w->arena, answer, "percent", val_int(show_percent(count, total)));
	val_put(w->arena, answer, "ms",
		ms < 10 ? val_num(round(ms * 10) / 10) : val_num(round(ms)));
	val_put(w->arena, answer, "rule", val_text(web_form_z(w, "rule")));
	put_warnings(w, answer);
	if (put_people(w, answer, vars, e) < 0 || put_overlap(w, answer, count, e) < 0 ||
		put_looks(w, answer, e) < 0)
		return -1;
	put_rules(w, answer);
	val_put(w->arena, &live, "parts", *val_get(answer, "parts"));
	val_put(w->arena, &live, "narrow", *val_get(answer, "narrow"));
	val_put(w->arena, &live, "count", val_int(count));
	val_put(w->arena, &live, "total", val_int(total));
	/* as a text: a list with nulls in it is no list to a template */
	val_put(w->arena, vars, "live", val_of(json_text(w->arena, &live)));
	val_put(w->arena, vars, "answer", *answer);
	return 0;
}

int
ui_segment_preview(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), answer;
	int64_t id = val_as_int(val_get(&w->request.query, "segment"), 0);
	int done = ask_preview(w, id, &vars, &answer, e);
	val_put(w->arena, &vars, "id", val_int(id));
	if (done < 0) {
		if (e->code != ERR_INPUT && e->code != ERR_LIMIT && e->code != ERR_BUSY)
			return -1;
		val_put(w->arena, &vars, "problem", val_of(ui_sentence(w, e)));
		val_put(w->arena, &vars, "line", val_int(e->line > 0 ? e->line : 1));
	} else if (done == 1 && put_answer(w, &answer, &vars, e) < 0)
		return -1;
	return page_show(w, 200, "part/preview", &vars, e);
}

/* days: the last DAYS days of the company as texts, the oldest first; at: their ends in UTC, of today now. */
static void
put_days(struct web *w, struct val *days, struct val *at)
{
	const struct zone *z = zone_find(text_of(w->company.timezone));
	int64_t now_us = time_now_us(), today = date_days(zone_date(z, now_us, NULL));
	for (int i = DAYS - 1; i >= 0; i--) {
		struct date d = date_of_days(today - i);
		int64_t end_us = i > 0 ? zone_day_us(z, now_us, 1 - i) - 1
				       : now_us - SECOND_US;
		val_push(w->arena, days,
			val_text(arena_printf(
				w->arena, "%04d-%02d-%02d", d.year, d.month, d.day)));
		val_push(w->arena, at, val_text(time_text(w->arena, end_us)));
	}
}

/* Of the days named by their places (form field "places", a JSON list; all when there is none) as many as the engine answers at
 * once; the page asks for the rest. */
int
ui_segment_past(struct web *w, struct err *e)
{
	struct val q = val_map(w->arena), vars = val_map(w->arena), out = val_map(w->arena),
		   days = val_list(w->arena), all = val_list(w->arena),
		   at = val_list(w->arena), places = json_list(w, "places"), answer;
	put_days(w, &days, &all);
	for (size_t i = 0; i < val_len(&places); i++) {
		int64_t place = val_as_int(&places.list->at[i], -1);
		if (place < 0 || place >= DAYS || i >= DAYS)
			return err_field(
				e, "places", "days are numbered 0 to %d", DAYS - 1);
		val_push(w->arena, &at, all.list->at[place]);
	}
	val_put(w->arena, &q, "what", val_text("past"));
	val_put(w->arena, &q, "rule", val_text(web_form_z(w, "rule")));
	val_put(w->arena, &q, "segment",
		val_int(val_as_int(val_get(&w->request.query, "segment"), 0)));
	val_put(w->arena, &q, "at", val_len(&at) > 0 ? at : all);
	int done = question_ask(w, &q, &vars, &answer, e);
	if (done < 0 && e->code != ERR_INPUT && e->code != ERR_LIMIT && e->code != ERR_BUSY)
		return -1;
	if (done < 0)
		val_put(w->arena, &out, "problem", val_of(ui_sentence(w, e)));
	val_put(w->arena, &out, "days", days);
	val_put(w->arena, &out, "counts",
		done == 1 ? *val_get(&answer, "counts") : val_list(w->arena));
	response_header(w, "Cache-Control", "no-store");
	response_json(w, 200, &out);
	return 0;
}
