/* See folders.h. */
#include "ui/folders.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "segment/folder.h"
#include "ui/frame.h"
#include "ui/people_view.h"
#include "ui/question.h"
#include "web/page.h"

static void
put_count(struct arena *a, const struct val *counts, size_t i, struct val *map,
	const char *name)
{
	const struct val *list = val_get(counts, "counts"),
			 *exact = val_get(counts, "exact");
	if (i >= val_len(list) || i >= val_len(exact) || val_is_null(&list->list->at[i]))
		return;
	val_put(a, map, name, list->list->at[i]);
	val_put(a, map, "exact", exact->list->at[i]);
}

int
folders_put(struct web *w, const struct people_view *v, const struct val *counts,
	struct val *vars, struct err *e)
{
	struct val all;
	int64_t me = w->session->user.id;
	int kind = -1;
	if (folder_all(w->arena, w->db, w->company.id, me, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++) {
		struct val *f = &all.list->at[i];
		int shared = val_as_bool(val_get(f, "shared"), false);
		val_put(w->arena, f, "first", val_bool(shared != kind));
		kind = shared;
		val_put(w->arena, f, "here",
			val_bool(val_as_int(val_get(f, "id"), 0) == v->folder_id));
		val_put(w->arena, f, "mine",
			val_bool(val_as_int(val_get(f, "user_id"), 0) == me));
		if (counts != NULL)
			put_count(w->arena, counts, i + 1, f, "n");
	}
	if (counts != NULL) {
		struct val everybody = val_map(w->arena);
		put_count(w->arena, counts, 0, &everybody, "n");
		val_put(w->arena, vars, "everybody", everybody);
	}
	val_put(w->arena, vars, "folders", all);
	return 0;
}

static struct val
rule_of(struct arena *a, const struct val *folder)
{
	struct val one = val_map(a);
	struct text rule = val_as_text(val_get(folder, "rule"));
	if (rule.n == 0 && val_as_bool(val_get(folder, "all"), false))
		rule = text_of("return everyone()");
	val_put(a, &one, "rule", val_of(rule));
	val_put(a, &one, "search", val_of(val_as_text(val_get(folder, "search"))));
	return one;
}

int
folders_part(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), all, rules = val_list(w->arena), answer,
		   question = val_map(w->arena);
	struct people_view v;
	if (people_view_read(w, false, &v, e) < 0 ||
		folder_all(w->arena, w->db, w->company.id, w->session->user.id, &all, e) <
			0)
		return -1;
	val_push(w->arena, &rules, rule_of(w->arena, NULL));
	for (size_t i = 0; i < val_len(&all); i++)
		val_push(w->arena, &rules, rule_of(w->arena, &all.list->at[i]));
	val_put(w->arena, &question, "what", val_text("counts"));
	val_put(w->arena, &question, "rules", rules);
	int done = question_ask(w, &question, &vars, &answer, e);
	if (done < 0 || folders_put(w, &v, done == 1 ? &answer : NULL, &vars, e) < 0)
		return -1;
	people_view_put(w, &v, &vars);
	return page_show(w, 200, "part/folders", &vars, e);
}

/* --- what is done with one --- */

/* Whether the filter of a view can be asked for: 0, or -1 with the rule's error. */
static int
check_filter(struct web *w, const struct people_view *v, struct err *e)
{
	struct val ignored = val_map(w->arena);
	int64_t n;
	if (v->rule.n == 0)
		return 0;
	return question_count(w, text_z(w->arena, v->rule), &ignored, &n, e) < 0 ? -1 : 0;
}

static struct folder
folder_of(struct web *w, const struct people_view *v)
{
	return (struct folder){.name = web_form(w, "name"),
		.rule = v->rule,
		.search = v->search,
		.sort = v->sort,
		.all = v->all,
		.shared = web_form(w, "shared").n > 0};
}

static void
go_to(struct web *w, int64_t id)
{
	response_redirect(
		w, id == 0 ? "/clients"
			   : arena_printf(w->arena, "/clients?folder=%lld", (long long)id));
}

/* What was typed is wrong: back to the list, which says so. */
static int
refused(struct web *w, const struct people_view *v, const struct err *e)
{
	if (e->code != ERR_INPUT && e->code != ERR_LIMIT)
		return -1;
	page_flash(w, e->code == ERR_LIMIT ? T_("folders.many") : T_("folders.wrong"));
	response_redirect(w, people_view_address(w->arena, v));
	return 0;
}

int
folders_make(struct web *w, struct err *e)
{
	struct people_view v;
	int64_t id;
	if (people_view_read(w, true, &v, e) < 0)
		return -1;
	struct folder f = folder_of(w, &v);
	if (check_filter(w, &v, e) < 0 || folder_add(w->arena, w->db, w->company.id,
						  w->session->user.id, &f, &id, e) < 0)
		return refused(w, &v, e);
	if (ui_audit(w, "folder.create", id, text_z(w->arena, f.name), e) < 0)
		return -1;
	page_flash(w, T_("folders.made"));
	go_to(w, id);
	return 0;
}

/* The folder of {id}, which the user may change. */
static int
find(struct web *w, int64_t *id, struct val *folder, struct err *e)
{
	if (web_id(w, "id", id, e) < 0 ||
		web_found(folder_by_id(w->arena, w->db, w->company.id, w->session->user.id,
				  *id, folder, e),
			e) < 0)
		return -1;
	if (val_as_int(val_get(folder, "user_id"), 0) != w->session->user.id &&
		!user_may(&w->session->user, RIGHT_COMPANY))
		return err_set(e, ERR_DENIED, "this folder is somebody else's");
	return 0;
}

/* do: "save" the filter, "name" (and who sees it), "up", "down". */
int
folders_change(struct web *w, struct err *e)
{
	struct people_view v;
	struct val folder;
	struct text what = web_form(w, "do");
	int64_t id;
	int rc;
	if (find(w, &id, &folder, e) < 0 || people_view_read(w, true, &v, e) < 0)
		return -1;
	struct folder f = folder_of(w, &v);
	if (text_is(what, "save"))
		rc = check_filter(w, &v, e) < 0
			     ? -1
			     : folder_set_filter(w->db, w->company.id, id, &f, e);
	else if (text_is(what, "name"))
		rc = folder_set_name(w->db, w->company.id, id, f.name, f.shared, e);
	else if (text_is(what, "up") || text_is(what, "down"))
		rc = folder_move(w->arena, w->db, w->company.id, w->session->user.id, id,
			text_is(what, "up"), e);
	else
		return err_set(e, ERR_INPUT, "nothing of that kind is done with a folder");
	if (rc < 0)
		return refused(w, &v, e);
	if (ui_audit(w, "folder.change", id, text_z(w->arena, what), e) < 0)
		return -1;
	page_flash(w, T_("folders.saved"));
	go_to(w, id);
	return 0;
}

int
folders_delete(struct web *w, struct err *e)
{
	struct val folder;
	int64_t id;
	if (find(w, &id, &folder, e) < 0 ||
		folder_delete(w->db, w->company.id, id, e) < 0 ||
		ui_audit(w, "folder.delete", id,
			val_as_z(w->arena, val_get(&folder, "name")), e) < 0)
		return -1;
	page_flash(w, T_("folders.gone"));
	go_to(w, 0);
	return 0;
}
