/* See segment_more.h: the rules a segment had, two of them line by line, and whom the difference moves. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "segment/option.h"
#include "segment/store.h"
#include "tenant/user.h"
#include "ui/frame.h"
#include "ui/question.h"
#include "ui/segment_more.h"
#include "web/page.h"

enum { LINES_MAX = 1000 };

struct lines {
	struct text at[LINES_MAX];
	size_t n;
};

static struct lines *
lines_of(struct arena *a, struct text t)
{
	struct lines *l = arena_alloc(a, sizeof *l);
	size_t from = 0;
	for (size_t i = 0; i <= t.n && l->n < LINES_MAX; i++)
		if (i == t.n || t.at[i] == '\n') {
			if (i > from || i < t.n)
				l->at[l->n++] = (struct text){t.at + from, i - from};
			from = i + 1;
		}
	return l;
}

static void
add_line(struct arena *a, struct val *out, const char *mark, struct text t)
{
	struct val one = val_map(a);
	val_put(a, &one, "mark", val_text(mark));
	val_put(a, &one, "text", val_of(t.n > 0 ? t : text_of("")));
	val_push(a, out, one);
}

/* The shortest way from old to new: list of {mark: "" "+" "-", text}, by the longest common run of lines. */
static struct val
difference(struct arena *a, const struct lines *x, const struct lines *y)
{
	struct val out = val_list(a);
	size_t width = y->n + 1;
	uint16_t *best = arena_array(a, (x->n + 1) * width, sizeof *best);
	for (size_t i = x->n; i-- > 0;)
		for (size_t k = y->n; k-- > 0;) {
			uint16_t down = best[(i + 1) * width + k],
				 right = best[i * width + k + 1];
			best[i * width + k] =
				text_same(x->at[i], y->at[k])
					? (uint16_t)(best[(i + 1) * width + k + 1] + 1)
				: down > right ? down
					       : right;
		}
	size_t i = 0, k = 0;
	while (i < x->n || k < y->n)
		if (i < x->n && k < y->n && text_same(x->at[i], y->at[k])) {
			add_line(a, &out, "", x->at[i++]);
			k++;
		} else if (i < x->n && (k == y->n || best[(i + 1) * width + k] >=
							     best[i * width + k + 1]))
			add_line(a, &out, "-", x->at[i++]);
		else
			add_line(a, &out, "+", y->at[k++]);
	return out;
}

/* Who one rule means and the other does not, as a rule. */
static const char *
without(struct arena *a, struct text of, struct text not )
{
	return arena_printf(a,
		"local one = (function ()\n%.*s\nend)()\nlocal other = (function ()\n%.*s\n"
		"end)()\nreturn one & ~other",
		(int)of.n, of.at, (int)not .n, not .at);
}

/* vars.KEY: {n, rule}; missing where a rule no longer compiles. */
static int
put_count(struct web *w, struct val *vars, const char *key, const char *rule, struct err *e)
{
	struct val one = val_map(w->arena);
	int64_t n;
	int done = question_count(w, rule, vars, &n, e);
	if (done < 0 && e->code != ERR_INPUT && e->code != ERR_LIMIT)
		return -1;
	if (done < 0)
		val_put(w->arena, vars, "broken", val_bool(true));
	if (done < 1)
		return 0;
	val_put(w->arena, &one, "n", val_int(n));
	val_put(w->arena, &one, "rule", val_text(rule));
	val_put(w->arena, vars, key, one);
	return 0;
}

static const struct val *
version_of(const struct val *list, struct text number)
{
	for (size_t i = 0; i < val_len(list); i++)
		if (val_as_int(val_get(&list->list->at[i], "version"), -1) ==
			val_as_int(&(struct val){.kind = VAL_TEXT, .text = number}, -2))
			return &list->list->at[i];
	return NULL;
}

static int
compare(struct web *w, const struct val *x, const struct val *y, struct val *vars,
	struct err *e)
{
	struct text old = val_as_text(val_get(x, "rule")),
		    new = val_as_text(val_get(y, "rule"));
	val_put(w->arena, vars, "lines",
		difference(w->arena, lines_of(w->arena, old), lines_of(w->arena, new)));
	val_put(w->arena, vars, "old", *x);
	val_put(w->arena, vars, "new", *y);
	if (text_trim(old).n == 0 || text_trim(new).n == 0)
		return 0;
	return put_count(w, vars, "enter", without(w->arena, new, old), e) < 0 ||
			       put_count(w, vars, "leave", without(w->arena, old, new), e) <
				       0
		       ? -1
		       : 0;
}

/* version.who: the name of who saved it. */
static void
put_who(struct web *w, struct val *list, const struct val *users)
{
	for (size_t i = 0; i < val_len(list); i++) {
		struct val *v = &list->list->at[i];
		for (size_t k = 0; k < val_len(users); k++) {
			const struct val *u = &users->list->at[k];
			if (val_as_int(val_get(u, "id"), 0) !=
				val_as_int(val_get(v, "made_by"), -1))
				continue;
			val_put(w->arena, v, "who",
				val_as_text(val_get(u, "name")).n > 0
					? *val_get(u, "name")
					: *val_get(u, "email"));
		}
	}
}

int
ui_segment_versions(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), segment, list, users;
	int64_t id;
	if (ui_find(w, segment_by_id, &id, &segment, e) < 0 ||
		segment_versions(w->arena, w->db, w->company.id, id, &list, e) < 0 ||
		user_all(w->arena, w->db, w->company.id, &users, e) < 0)
		return -1;
	segment_put_head(w, &vars, &segment);
	put_who(w, &list, &users);
	val_put(w->arena, &vars, "versions", list);
	const struct val *x = version_of(&list, web_query(w, "a")),
			 *y = version_of(&list, web_query(w, "b"));
	size_t n = val_len(&list);
	if (x == NULL && y == NULL && n > 1) {
		x = &list.list->at[1];
		y = &list.list->at[0];
	}
	if (x != NULL && y != NULL && x != y && compare(w, x, y, &vars, e) < 0)
		return -1;
	return ui_page(w, 200, "segment-versions", &vars, e);
}
