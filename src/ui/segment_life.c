/* See segment_more.h: options, the archive, copies, growth. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "profile/field.h"
#include "scenario/uses.h"
#include "segment/option.h"
#include "segment/store.h"
#include "ui/frame.h"
#include "ui/segment_more.h"
#include "ui/sentence.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum { NAME_TRIES = 100, NAME_MAX_CHARACTERS = 90 };

static bool
is_admin(const struct web *w)
{
	return strcmp(w->session->user.role, "admin") == 0 ||
	       strcmp(w->session->user.role, "root") == 0;
}

static void
to_segment(struct web *w, int64_t id, const char *page)
{
	response_redirect(
		w, arena_printf(w->arena, "/segments/%lld%s", (long long)id, page));
}

int
segment_is_mine(struct web *w, const struct val *segment)
{
	struct err e;
	if (segment_may_change(segment, w->session->user.id, is_admin(w), &e) == 0)
		return 1;
	page_flash(w, T_("segment.locked_why"));
	to_segment(w, val_as_int(val_get(segment, "id"), 0), "");
	return 0;
}

int
segment_may_go(struct web *w, const struct val *segment, struct err *e)
{
	if (!segment_is_mine(w, segment))
		return 0;
	if (segment_is_unused(w->arena, w->db, w->company.id, segment, e) == 0)
		return 1;
	if (e->code != ERR_CONFLICT)
		return -1;
	page_flash(w, T_("segment.used_why"));
	to_segment(w, val_as_int(val_get(segment, "id"), 0), "/options#uses");
	return 0;
}

void
segment_put_head(struct web *w, struct val *vars, const struct val *segment)
{
	struct err e;
	bool mine = segment_may_change(segment, w->session->user.id, is_admin(w), &e) == 0;
	val_put(w->arena, vars, "segment", *segment);
	val_put(w->arena, vars, "mine", val_bool(mine));
	val_put(w->arena, vars, "archived",
		val_bool(!val_is_null(val_get(segment, "archived_at_us"))));
	val_put(w->arena, vars, "static",
		val_bool(val_as_int(val_get(segment, "is_static"), 0) != 0));
}

int
segment_say_reasons(struct web *w, struct val *members, struct err *e)
{
	int hides = val_len(members) > 0 ? show_hides_any(w, e) : 0;
	for (size_t i = 0; i < val_len(members); i++) {
		struct val *m = &members->list->at[i];
		sentence_say(w, m, "reason");
		if (hides == 1)
			val_put(w->arena, m, "reason",
				val_of(show_without_values(
					w, val_as_text(val_get(m, "reason")))));
	}
	return hides < 0 ? -1 : 0;
}

int
segment_free_name(struct web *w, struct text wanted, const char **out, struct err *e)
{
	struct val all;
	wanted = text_cut(wanted, 2 * NAME_MAX_CHARACTERS);
	while (text_length(wanted) > NAME_MAX_CHARACTERS)
		wanted = text_cut(wanted, wanted.n - 1);
	if (segment_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (int n = 1; n < NAME_TRIES; n++) {
		bool taken = false;
		*out = n == 1 ? text_z(w->arena, wanted)
			      : arena_printf(
					w->arena, "%.*s %d", (int)wanted.n, wanted.at, n);
		for (size_t i = 0; i < val_len(&all) && !taken; i++)
			taken = text_is(
				val_as_text(val_get(&all.list->at[i], "name")), *out);
		if (!taken)
			return 0;
	}
	return err_field(e, "name", "another segment has this name");
}

/* --- options --- */

static const char *
place_of(struct text kind)
{
	return text_is(kind, "segment")	   ? "segments/"
	       : text_is(kind, "folder")   ? "clients?folder="
	       : text_is(kind, "campaign") ? "campaigns/"
					   : "scenarios/";
}

static int
show_options(struct web *w, int status, const struct val *segment, struct val *vars,
	struct err *e)
{
	struct val uses, fields, list = val_list(w->arena), all;
	segment_put_head(w, vars, segment);
	if (segment_users(w->arena, w->db, w->company.id, segment, &uses, e) < 0 ||
		field_all(w->arena, w->db, w->company.id, &fields, e) < 0 ||
		segment_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&uses); i++) {
		struct val *u = &uses.list->at[i];
		val_put(w->arena, u, "place",
			val_text(place_of(val_as_text(val_get(u, "kind")))));
	}
	for (size_t i = 0; i < val_len(&fields); i++) {
		struct val *f = &fields.list->at[i];
		show_label(w, f);
	}
	for (size_t i = 0; i < val_len(&all); i++)
		if (val_as_text(val_get(&all.list->at[i], "folder")).n > 0)
			val_push(w->arena, &list, *val_get(&all.list->at[i], "folder"));
	val_put(w->arena, vars, "uses", uses);
	val_put(w->arena, vars, "fields", fields);
	val_put(w->arena, vars, "folders", list);
	return ui_page(w, status, "segment-options", vars, e);
}

int
ui_segment_options(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), segment;
	int64_t id;
	if (ui_find(w, segment_by_id, &id, &segment, e) < 0)
		return -1;
	val_put(w->arena, &vars, "form", segment);
	return show_options(w, 200, &segment, &vars, e);
}

/* The options as the form says them, back into a form for when something is wrong. */
static struct segment_options
read_options(struct web *w, struct val *form)
{
	struct segment_options o = {.is_static = web_form(w, "is_static").n > 0,
		.locked = web_form(w, "locked").n > 0,
		.unique_by = web_form(w, "unique").n > 0 ? web_form(w, "unique_by")
							 : text_of(""),
		.unique_keep = web_form(w, "unique_keep"),
		.folder = web_form(w, "folder"),
		.description = web_form(w, "description")};
	*form = val_map(w->arena);
	val_put(w->arena, form, "is_static", val_int(o.is_static));
	val_put(w->arena, form, "locked", val_int(o.locked));
	val_put(w->arena, form, "unique_by", val_of(o.unique_by));
	val_put(w->arena, form, "unique_keep", val_of(o.unique_keep));
	val_put(w->arena, form, "folder", val_of(o.folder));
	val_put(w->arena, form, "description", val_of(o.description));
	return o;
}

static int
field_is_there(struct web *w, struct text name, struct err *e)
{
	struct val fields;
	if (name.n == 0)
		return 0;
	if (field_all(w->arena, w->db, w->company.id, &fields, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&fields); i++)
		if (text_same(val_as_text(val_get(&fields.list->at[i], "name")), name))
			return 0;
	return err_field(e, "unique", "there is no such field");
}

int
ui_segment_options_put(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), segment, form;
	int64_t id;
	int status;
	if (ui_find(w, segment_by_id, &id, &segment, e) < 0)
		return -1;
	if (!segment_is_mine(w, &segment))
		return 0;
	struct segment_options o = read_options(w, &form);
	if (field_is_there(w, o.unique_by, e) == 0 &&
		segment_options_set(
			w->db, w->company.id, &segment, &o, w->session->user.id, e) == 0) {
		if (ui_audit(w, "segment.options", id,
			    val_as_z(w->arena, val_get(&segment, "name")), e) < 0)
			return -1;
		page_flash(w, T_("segment.options_set"));
		to_segment(w, id, "/options");
		return 0;
	}
	val_put(w->arena, &vars, "form", form);
	if (ui_wrong(w, &vars, e, &status) < 0)
		return -1;
	return show_options(w, status, &segment, &vars, e);
}

int
ui_segment_archive(struct web *w, struct err *e)
{
	struct val segment;
	int64_t id;
	bool away = web_form(w, "away").n == 0 || !text_is(web_form(w, "away"), "0");
	if (ui_find(w, segment_by_id, &id, &segment, e) < 0)
		return -1;
	if (!segment_is_mine(w, &segment))
		return 0;
	if (segment_archive(w->db, w->company.id, id, away, w->session->user.id, e) < 0 ||
		ui_audit(w, away ? "segment.archive" : "segment.restore", id,
			val_as_z(w->arena, val_get(&segment, "name")), e) < 0)
		return -1;
	page_flash(w, away ? T_("segment.archived") : T_("segment.restored"));
	to_segment(w, id, "");
	return 0;
}

static int
named_after(struct web *w, const char *key, const struct val *segment, const char **name,
	struct err *e)
{
	struct val args = val_map(w->arena);
	val_put(w->arena, &args, "name", *val_get(segment, "name"));
	return segment_free_name(w, page_say(w, key, &args), name, e);
}

int
ui_segment_copy(struct web *w, struct err *e)
{
	struct val segment, copy;
	int64_t id, made = 0;
	const char *name;
	struct text cases;
	if (ui_find(w, segment_by_id, &id, &segment, e) < 0 ||
		named_after(w, T_("segment.copy_name"), &segment, &name, e) < 0)
		return -1;
	struct segment_options o = segment_options_of(&segment);
	o.locked = false;
	int64_t user = w->session->user.id;
	int rc = o.is_static
			 ? segment_freeze(w->arena, w->db, w->settings, w->company.id,
				   &segment, text_of(name), user, &made, e)
			 : segment_put(w->arena, w->db, w->company.id, &made, text_of(name),
				   val_as_text(val_get(&segment, "rule")), user, e);
	if (rc < 0 ||
		web_found(segment_by_id(w->arena, w->db, w->company.id, made, &copy, e),
			e) < 0 ||
		(!o.is_static && segment_options_set(
					 w->db, w->company.id, &copy, &o, user, e) < 0) ||
		segment_cases(w->arena, w->db, w->company.id, id, &cases, e) < 0 ||
		(cases.n > 0 &&
			segment_cases_set(w->db, w->company.id, made, cases, e) < 0) ||
		ui_audit(w, "segment.create", made, name, e) < 0)
		return -1;
	page_flash(w, T_("segment.copied"));
	to_segment(w, made, "");
	return 0;
}

int
ui_segment_freeze(struct web *w, struct err *e)
{
	struct val segment;
	int64_t id, made;
	const char *name;
	if (ui_find(w, segment_by_id, &id, &segment, e) < 0 ||
		named_after(w, T_("segment.frozen_name"), &segment, &name, e) < 0 ||
		segment_freeze(w->arena, w->db, w->settings, w->company.id, &segment,
			text_of(name), w->session->user.id, &made, e) < 0 ||
		ui_audit(w, "segment.create", made, name, e) < 0)
		return -1;
	page_flash(w, T_("segment.frozen"));
	to_segment(w, made, "");
	return 0;
}

/* --- growth --- */

static struct val
series(struct web *w, const char *key, const struct val *values, int colour)
{
	struct val one = val_map(w->arena);
	val_put(w->arena, &one, "name", val_of(page_say(w, key, NULL)));
	val_put(w->arena, &one, "values", *values);
	val_put(w->arena, &one, "color", val_int(colour));
	return one;
}

static struct val
chart(struct web *w, const struct val *labels, const struct val *list)
{
	struct val out = val_map(w->arena);
	val_put(w->arena, &out, "labels", *labels);
	val_put(w->arena, &out, "series", *list);
	val_put(w->arena, &out, "locale", val_text(words_language(page_words(w))));
	val_put(w->arena, &out, "labelName", val_of(page_say(w, T_("segment.day"), NULL)));
	return out;
}

/* Every day of the period has a size: that of the day before where nothing moved. Days before the first known one are left out. */
static void
put_charts(struct web *w, const struct val *days, int64_t from, int64_t today,
	struct val *vars)
{
	struct val labels = val_list(w->arena), sizes = val_list(w->arena),
		   in = val_list(w->arena), out = val_list(w->arena);
	int64_t size = -1, entered = 0, exited = 0;
	size_t at = 0, n = val_len(days);
	for (int64_t day = from; day <= today; day++) {
		int64_t moved[2] = {0, 0};
		for (; at < n && val_as_int(val_get(&days->list->at[at], "day"), 0) <= day;
			at++) {
			const struct val *row = &days->list->at[at];
			size = val_as_int(val_get(row, "size"), 0);
			if (val_as_int(val_get(row, "day"), 0) == day) {
				moved[0] = val_as_int(val_get(row, "entered"), 0);
				moved[1] = val_as_int(val_get(row, "exited"), 0);
			}
		}
		if (size < 0)
			continue;
		struct date d = date_of_days(day);
		val_push(w->arena, &labels,
			val_text(arena_printf(
				w->arena, "%04d-%02d-%02d", d.year, d.month, d.day)));
		val_push(w->arena, &sizes, val_int(size));
		val_push(w->arena, &in, val_int(moved[0]));
		val_push(w->arena, &out, val_int(moved[1]));
		entered += moved[0];
		exited += moved[1];
	}
	struct val one = val_list(w->arena), two = val_list(w->arena);
	val_push(w->arena, &one, series(w, T_("segment.size"), &sizes, 1));
	val_push(w->arena, &two, series(w, T_("segment.entered"), &in, 1));
	val_push(w->arena, &two, series(w, T_("segment.exited"), &out, 3));
	if (val_len(&labels) > 0) {
		val_put(w->arena, vars, "sizes", chart(w, &labels, &one));
		val_put(w->arena, vars, "moves", chart(w, &labels, &two));
	}
	val_put(w->arena, vars, "entered", val_int(entered));
	val_put(w->arena, vars, "exited", val_int(exited));
}

int
ui_segment_growth(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), segment, days;
	int64_t id, span = val_as_int(val_get(&w->request.query, "days"), 30);
	const struct zone *z = zone_find(text_of(w->company.timezone));
	int64_t today = date_days(zone_date(z, time_now_us(), NULL));
	span = span >= 365 ? 365 : span >= 90 ? 90 : 30;
	/* a little more, for the size of the first day */
	if (ui_find(w, segment_by_id, &id, &segment, e) < 0 ||
		segment_days(
			w->arena, w->db, w->company.id, id, today - 2 * span, &days, e) < 0)
		return -1;
	segment_put_head(w, &vars, &segment);
	val_put(w->arena, &vars, "days", val_int(span));
	put_charts(w, &days, today - span + 1, today, &vars);
	return ui_page(w, 200, "segment-growth", &vars, e);
}
