/* See segment_more.h: the list of segments. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "segment/option.h"
#include "segment/store.h"
#include "tenant/user.h"
#include "ui/frame.h"
#include "ui/segment_more.h"
#include "web/page.h"

#include <string.h>

enum { WEEK = 7 };

/* segment.grown: by how many it grew in seven days; missing where nothing is known of then. */
static void
put_growth(struct web *w, struct val *segments, const struct val *days, int64_t today)
{
	for (size_t i = 0; i < val_len(segments); i++) {
		struct val *s = &segments->list->at[i];
		int64_t id = val_as_int(val_get(s, "id"), 0), then = -1;
		for (size_t k = 0; k < val_len(days); k++) {
			const struct val *d = &days->list->at[k];
			if (val_as_int(val_get(d, "id"), 0) == id &&
				val_as_int(val_get(d, "day"), 0) <= today - WEEK)
				then = val_as_int(val_get(d, "size"), 0);
		}
		if (then >= 0)
			val_put(w->arena, s, "grown",
				val_int(val_as_int(val_get(s, "size"), 0) - then));
	}
}

/* A comment on top says what a rule is about. */
static void
put_about(struct web *w, struct val *s)
{
	struct text rule = text_trim(val_as_text(val_get(s, "rule"))),
		    description = val_as_text(val_get(s, "description"));
	const char *end = rule.n > 0 ? memchr(rule.at, '\n', rule.n) : NULL;
	if (description.n > 0)
		val_put(w->arena, s, "about", val_of(description));
	else if (text_starts(rule, "--") && end != NULL)
		val_put(w->arena, s, "about",
			val_of(text_trim(
				(struct text){rule.at + 2, (size_t)(end - rule.at) - 2})));
}

static const struct val *
user_name(const struct val *users, int64_t id)
{
	for (size_t i = 0; i < val_len(users); i++) {
		const struct val *u = &users->list->at[i];
		if (val_as_int(val_get(u, "id"), 0) == id)
			return val_as_text(val_get(u, "name")).n > 0 ? val_get(u, "name")
								     : val_get(u, "email");
	}
	return NULL;
}

/* vars.folders: {name, n, on}, by name. */
static void
put_folders(struct web *w, const struct val *all, struct text here, struct val *vars)
{
	struct val list = val_list(w->arena);
	for (size_t i = 0; i < val_len(all); i++) {
		const struct val *s = &all->list->at[i];
		struct text folder = val_as_text(val_get(s, "folder"));
		size_t k = 0;
		if (folder.n == 0 || !val_is_null(val_get(s, "archived_at_us")))
			continue;
		while (k < val_len(&list) &&
			!text_same(val_as_text(val_get(&list.list->at[k], "name")), folder))
			k++;
		if (k == val_len(&list)) {
			struct val one = val_map(w->arena);
			val_put(w->arena, &one, "name", val_of(folder));
			val_put(w->arena, &one, "n", val_int(0));
			val_put(w->arena, &one, "on", val_bool(text_same(folder, here)));
			val_push(w->arena, &list, one);
		}
		struct val *f = &list.list->at[k];
		val_put(w->arena, f, "n", val_int(val_as_int(val_get(f, "n"), 0) + 1));
	}
	val_put(w->arena, vars, "folders", list);
}

/* Those of a folder, of the archive, whose name has the words looked for. */
static bool
is_shown(
	struct web *w, const struct val *s, bool archive, struct text folder, struct text q)
{
	bool away = !val_is_null(val_get(s, "archived_at_us"));
	if (away != archive ||
		(folder.n > 0 && !text_same(val_as_text(val_get(s, "folder")), folder)))
		return false;
	struct text name = text_fold(w->arena, val_as_text(val_get(s, "name"))),
		    want = text_fold(w->arena, q);
	return want.n == 0 || memmem(name.at, name.n, want.at, want.n) != NULL;
}

int
ui_segment_list(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), all, days, users, list = val_list(w->arena);
	struct text folder = web_query(w, "folder"), q = web_query(w, "q");
	bool archive = web_query(w, "archive").n > 0;
	const struct zone *z = zone_find(text_of(w->company.timezone));
	int64_t today = date_days(zone_date(z, time_now_us(), NULL)), away = 0;
	if (segment_all(w->arena, w->db, w->company.id, &all, e) < 0 ||
		segment_days_all(
			w->arena, w->db, w->company.id, today - 2 * WEEK, &days, e) < 0 ||
		user_all(w->arena, w->db, w->company.id, &users, e) < 0)
		return -1;
	put_folders(w, &all, folder, &vars);
	put_growth(w, &all, &days, today);
	for (size_t i = 0; i < val_len(&all); i++) {
		struct val *s = &all.list->at[i];
		const struct val *who = user_name(
			&users, val_as_int(val_get(s, "created_by"), 0));
		away += !val_is_null(val_get(s, "archived_at_us"));
		if (!is_shown(w, s, archive, folder, q))
			continue;
		put_about(w, s);
		if (who != NULL)
			val_put(w->arena, s, "who", *who);
		val_push(w->arena, &list, *s);
	}
	val_put(w->arena, &vars, "segments", list);
	val_put(w->arena, &vars, "all", val_int((int64_t)val_len(&all) - away));
	val_put(w->arena, &vars, "away", val_int(away));
	val_put(w->arena, &vars, "archive", val_bool(archive));
	val_put(w->arena, &vars, "folder", val_of(folder));
	val_put(w->arena, &vars, "q", val_of(q));
	return ui_page(w, 200, "segments", &vars, e);
}

int
ui_segment_state(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), segment;
	int64_t id;
	if (ui_find(w, segment_by_id, &id, &segment, e) < 0)
		return -1;
	val_put(w->arena, &vars, "s", segment);
	return page_show(w, 200, "part/segment-state", &vars, e);
}
