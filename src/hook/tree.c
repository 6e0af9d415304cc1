/* See tree.h. */
#include "hook/tree.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "markup/xml.h"

enum { NAMES_MAX = 500 };

struct level {
	const char *name;
	struct val map;
	struct str text;
};

struct tree {
	struct arena *arena;
	struct level levels[TREE_DEPTH_MAX + 1]; /* 0: the document itself */
	size_t n;
};

/* A second one of a name makes a list of them. A list under a name is always made here. */
static int
put_child(struct tree *t, struct val *map, const char *name, struct val v, struct err *e)
{
	struct arena *a = t->arena;
	const struct val *held = val_get(map, name);
	if (held == NULL && val_len(map) >= NAMES_MAX)
		return err_set(e, ERR_INPUT,
			"an element with more than %d children of different names",
			NAMES_MAX);
	if (held == NULL)
		val_put(a, map, name, v);
	else if (held->kind == VAL_LIST) {
		struct val list = *held;
		val_push(a, &list, v);
	} else {
		struct val list = val_list(a);
		val_push(a, &list, *held);
		val_push(a, &list, v);
		val_put(a, map, name, list);
	}
	return 0;
}

int
tree_open(void *obj, const char *name, const struct xml_attribute *attributes, size_t n,
	struct err *e)
{
	struct tree *t = obj;
	struct arena *a = t->arena;
	if (t->n == TREE_DEPTH_MAX)
		return err_set(e, ERR_INPUT, "elements deeper than %d", TREE_DEPTH_MAX);
	struct level *l = &t->levels[++t->n];
	*l = (struct level){
		.name = arena_printf(a, "%s", name), .map = val_map(a), .text = str_new(a)};
	for (size_t i = 0; i < n; i++)
		val_put(a, &l->map, arena_printf(a, "@%s", attributes[i].name),
			val_of((struct text){arena_text(a, attributes[i].value.at,
						     attributes[i].value.n),
				attributes[i].value.n}));
	return 0;
}

int
tree_text(void *obj, const char *before, struct text text, struct err *e)
{
	struct tree *t = obj;
	(void)before;
	(void)e;
	str_addt(&t->levels[t->n].text, text);
	return 0;
}

int
tree_close(void *obj, const char *name, struct err *e)
{
	struct tree *t = obj;
	struct level *l = &t->levels[t->n--];
	struct text text = text_trim(str_text(&l->text));
	struct val v = l->map;
	(void)name;
	if (val_len(&l->map) == 0)
		v = text.n > 0 ? val_of(text) : val_text("");
	else if (text.n > 0)
		val_put(t->arena, &v, "#text", val_of(text));
	return put_child(t, &t->levels[t->n].map, l->name, v, e);
}

struct tree *
tree_new(struct arena *a)
{
	struct tree *t = arena_alloc(a, sizeof *t);
	*t = (struct tree){.arena = a};
	t->levels[0].map = val_map(a);
	return t;
}

struct val
tree_root(const struct tree *t)
{
	return t->levels[0].map;
}

size_t
tree_depth(const struct tree *t)
{
	return t->n;
}
