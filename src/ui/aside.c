/* See aside.h. The engine applies what is queued here: what took it down once must not take the interface with it. */
#include "ui/aside.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "event/dead.h"
#include "tenant/key.h"
#include "ui/frame.h"
#include "ui/sentence.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum { ROWS = 50 };

struct text
aside_shown(struct arena *a, struct text payload, bool hides)
{
	struct val record;
	struct err ignored;
	if (hides)
		return text_of("•••");
	if (json_parse(a, payload, &record, &ignored) < 0)
		return payload;
	const struct val *items = val_get(&record, "items");
	return val_len(items) == 1 && items->kind == VAL_LIST
		       ? json_text(a, &items->list->at[0])
		       : payload;
}

/* A value over lines, members of maps and lists indented: for people to read. */
static void
add_lines(struct str *s, const struct val *v, int depth)
{
	bool map = v->kind == VAL_MAP;
	if ((!map && v->kind != VAL_LIST) || val_len(v) == 0) {
		json_add(s, v);
		return;
	}
	str_addc(s, map ? '{' : '[');
	for (size_t i = 0; i < val_len(v); i++) {
		str_addf(s, "%s\n%*s", i > 0 ? "," : "", 2 * (depth + 1), "");
		if (map) {
			struct val key = val_of(v->map->at[i].key);
			json_add(s, &key);
			str_addz(s, ": ");
		}
		add_lines(s, map ? &v->map->at[i].val : &v->list->at[i], depth + 1);
	}
	str_addf(s, "\n%*s%c", 2 * depth, "", map ? '}' : ']');
}

struct text
aside_lines(struct arena *a, struct text payload)
{
	struct val v;
	struct err ignored;
	struct str s = str_new(a);
	if (json_parse(a, payload, &v, &ignored) < 0)
		return payload;
	add_lines(&s, &v, 0);
	return str_text(&s);
}

/* v.known: whether the code has words of ours; v.reason in the user's language; v.source: its name. */
static void
tell(struct web *w, struct val *v, const struct val *sources)
{
	const char *key = arena_printf(
		w->arena, "refused.%s", val_as_z(w->arena, val_get(v, "code")));
	int64_t id = val_as_int(val_get(v, "source_id"), 0);
	val_put(w->arena, v, "known", val_bool(words_has(page_words(w), text_of(key))));
	sentence_say(w, v, "reason");
	for (size_t i = 0; i < val_len(sources); i++)
		if (val_as_int(val_get(&sources->list->at[i], "id"), 0) == id)
			val_put(w->arena, v, "source",
				*val_get(&sources->list->at[i], "name"));
}

/* vars.tabs: {state, n, more (than that), here}. */
static int
put_tabs(struct web *w, struct text state, struct val *vars, struct err *e)
{
	struct val counts, tabs = val_list(w->arena);
	if (dead_counts(w->arena, w->db, w->company.id, &counts, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&counts); i++) {
		struct val tab = val_map(w->arena);
		struct text name = counts.map->at[i].key;
		val_put(w->arena, &tab, "state", val_of(name));
		val_put(w->arena, &tab, "n", counts.map->at[i].val);
		val_put(w->arena, &tab, "more",
			val_bool(
				val_as_int(&counts.map->at[i].val, 0) == DEAD_COUNTED_MAX));
		val_put(w->arena, &tab, "here", val_bool(text_same(name, state)));
		val_push(w->arena, &tabs, tab);
	}
	val_put(w->arena, vars, "tabs", tabs);
	return 0;
}

int
aside_list(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list, sources;
	struct val source = val_of(web_query(w, "source")),
		   before = val_of(web_query(w, "before"));
	struct text state = web_query(w, "state");
	if (!dead_is_state(state))
		state = text_of("waiting");
	if (source_all(w->arena, w->db, w->company.id, &sources, e) < 0 ||
		put_tabs(w, state, &vars, e) < 0 ||
		dead_list(w->arena, w->db, w->company.id, text_z(w->arena, state),
			val_as_int(&source, 0), val_as_int(&before, INT64_MAX), ROWS, &list,
			e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++)
		tell(w, &list.list->at[i], &sources);
	val_put(w->arena, &vars, "letters", list);
	val_put(w->arena, &vars, "sources", sources);
	val_put(w->arena, &vars, "state", val_of(state));
	val_put(w->arena, &vars, "source", source);
	if (val_len(&list) == ROWS)
		val_put(w->arena, &vars, "before",
			*val_get(&list.list->at[ROWS - 1], "id"));
	return ui_page(w, 200, "set-aside", &vars, e);
}

int
aside_page(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), v, sources;
	int64_t id;
	int hides = show_hides_any(w, e);
	if (hides < 0 || ui_find(w, dead_by_id, &id, &v, e) < 0 ||
		source_all(w->arena, w->db, w->company.id, &sources, e) < 0)
		return -1;
	struct text payload = val_as_text(val_get(&v, "payload"));
	tell(w, &v, &sources);
	val_put(w->arena, &v, "shown",
		val_of(aside_lines(w->arena, aside_shown(w->arena, payload, hides == 1))));
	val_put(w->arena, &vars, "letter", v);
	return ui_page(w, 200, "set-aside-one", &vars, e);
}

/* id 0: all that are shown. Asked twice it does the same. */
static int
move(struct web *w, int64_t id, struct err *e)
{
	struct text verb = web_form(w, "do");
	struct val source = val_of(web_form(w, "source"));
	int64_t moved;
	if (dead_move(w->db, w->company.id, id, val_as_int(&source, 0), verb, &moved, e) <
		0)
		return -1;
	bool replay = text_is(verb, "replay");
	if (moved > 0 && ui_audit(w, replay ? "dead_letter.replay" : "dead_letter.drop", id,
				 arena_printf(w->arena, "%lld", (long long)moved), e) < 0)
		return -1;
	page_flash(w, moved == 0 ? T_("aside.nothing")
		      : replay	 ? T_("aside.replaying")
				 : T_("aside.dropped"));
	response_redirect(
		w, id != 0 ? arena_printf(w->arena, "/set-aside/%lld", (long long)id)
			   : "/set-aside");
	return 0;
}

int
aside_move_all(struct web *w, struct err *e)
{
	return move(w, 0, e);
}

int
aside_move(struct web *w, struct err *e)
{
	struct val v;
	int64_t id;
	return ui_find(w, dead_by_id, &id, &v, e) < 0 ? -1 : move(w, id, e);
}
