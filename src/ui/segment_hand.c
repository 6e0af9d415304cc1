/* See segment_more.h: segments that are lists of people. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "segment/hand.h"
#include "segment/option.h"
#include "segment/store.h"
#include "ui/frame.h"
#include "ui/question.h"
#include "ui/segment_more.h"
#include "web/page.h"

enum { NAMED = 200, SHOWN = 8, WAIT_MS = 5000 };

static const char *const typed[] = {"name", "people", NULL};

static const char *
user_name(const struct web *w)
{
	const struct user *u = &w->session->user;
	return u->name[0] != '\0' ? u->name : u->email;
}

/* The pasted list, and what became of it: vars.found, missing, missing_n, people of the first few. 0 / -1 */
static int
read_people(struct web *w, struct val *vars, struct hand_list *list, struct err *e)
{
	struct text pasted = text_of(web_form_z(w, "people"));
	struct val names = segment_people_split(w->arena, pasted),
		   first = val_list(w->arena), some = val_list(w->arena), people;
	if (segment_people_of(w->arena, w->db, w->company.id, w->company.country, &names,
		    list, e) < 0)
		return -1;
	for (size_t i = 0; i < list->n && i < SHOWN; i++)
		val_push(w->arena, &first, val_id(w->arena, list->ids[i]));
	for (size_t i = 0; i < val_len(&list->missing) && i < NAMED; i++)
		val_push(w->arena, &some, list->missing.list->at[i]);
	if (question_persons(w, &first, &people, e) < 0)
		return -1;
	val_put(w->arena, vars, "asked", val_int((int64_t)val_len(&names)));
	val_put(w->arena, vars, "found", val_int((int64_t)list->n));
	val_put(w->arena, vars, "missing", some);
	val_put(w->arena, vars, "missing_n", val_int((int64_t)val_len(&list->missing)));
	val_put(w->arena, vars, "people", people);
	return 0;
}

int
ui_segment_list_new(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), form = val_map(w->arena);
	val_put(w->arena, &form, "name", val_text(""));
	val_put(w->arena, &form, "people", val_text(""));
	val_put(w->arena, &vars, "form", form);
	return ui_page(w, 200, "segment-list-new", &vars, e);
}

int
ui_segment_list_make(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	struct hand_list list;
	int64_t id;
	int status;
	ui_typed(w, &vars, typed);
	if (read_people(w, &vars, &list, e) < 0)
		return -1;
	if (text_is(web_form(w, "do"), "check"))
		return ui_page(w, 200, "segment-list-new", &vars, e);
	const char *reason = arena_printf(w->arena, "put in by hand: %s", user_name(w));
	if (segment_static_make(w->arena, w->db, w->company.id, web_form(w, "name"),
		    w->session->user.id, list.ids, list.n, reason, &id, e) < 0) {
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		return ui_page(w, status, "segment-list-new", &vars, e);
	}
	if (ui_audit(w, "segment.create", id, text_z(w->arena, web_form(w, "name")), e) < 0)
		return -1;
	page_flash(w, T_("segment.made"));
	response_redirect(w, arena_printf(w->arena, "/segments/%lld", (long long)id));
	return 0;
}

int
segment_static_page(struct web *w, int status, struct val *vars, struct err *e)
{
	return ui_page(w, status, "segment-static", vars, e);
}

/* Rows of the page: the one whose button was pressed, or those that are picked. Whether there are any. */
static bool
read_rows(struct web *w, struct hand_list *list)
{
	struct val picked = web_form_list(w, "id"), one = val_of(web_form(w, "one"));
	*list = (struct hand_list){
		.ids = arena_array(w->arena, val_len(&picked) + 1, sizeof *list->ids)};
	if (web_form(w, "one").n > 0) {
		list->ids[list->n++] = val_as_int(&one, 0);
		return true;
	}
	if (web_form(w, "picked").n == 0)
		return false;
	for (size_t i = 0; i < val_len(&picked); i++)
		list->ids[list->n++] = val_as_int(&picked.list->at[i], 0);
	return true;
}

int
ui_segment_people(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), segment;
	struct hand_list list;
	struct hand by = {.by = user_name(w), .user_id = w->session->user.id};
	int64_t id, changed;
	bool take = text_is(web_form(w, "do"), "take");
	if (ui_find(w, segment_by_id, &id, &segment, e) < 0)
		return -1;
	if (!segment_is_mine(w, &segment))
		return 0;
	if (!read_rows(w, &list) && read_people(w, &vars, &list, e) < 0)
		return -1;
	if (text_is(web_form(w, "do"), "check")) {
		ui_typed(w, &vars, typed);
		segment_put_head(w, &vars, &segment);
		return page_show(w, 200, "part/segment-found", &vars, e);
	}
	if (segment_static_wait(w->arena, w->db, w->settings, w->company.id, WAIT_MS, e) <
			0 ||
		segment_static_put(w->arena, w->db, ui_types(w), w->company.id, &segment,
			list.ids, list.n, !take, &by, &changed, e) < 0 ||
		ui_audit(w, take ? "segment.take" : "segment.put", id,
			arena_printf(w->arena, "%s: %lld",
				val_as_z(w->arena, val_get(&segment, "name")),
				(long long)changed),
			e) < 0)
		return -1;
	page_flash(w, list.n == 0 ? T_("segment.hand_nobody")
		      : take	  ? T_("segment.hand_out")
				  : T_("segment.hand_in"));
	response_redirect(w, arena_printf(w->arena, "/segments/%lld", (long long)id));
	return 0;
}
