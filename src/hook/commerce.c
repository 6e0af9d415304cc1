/* See commerce.h. */
#include "hook/commerce.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/str.h"
#include "hook/tree.h"
#include "markup/xml.h"

#include <stdlib.h>
#include <string.h>

enum { RECORD_ELEMENTS_MAX = 200000 };

static const struct {
	const char *name;
	enum commerce_kind kind;
} records[] = {{"Документ", COMMERCE_ORDER}, {"Контрагент", COMMERCE_CLIENT},
	{"Товар", COMMERCE_PRODUCT}, {"Предложение", COMMERCE_OFFER},
	{"Группы", COMMERCE_OTHER}};

struct commerce {
	commerce_see *see;
	void *obj;
	struct xml *xml;
	struct arena *arena; /* of the record in hand */
	struct tree *tree;   /* NULL: between records */
	int kind;
	bool is_ours;		/* its outermost element says so */
	size_t depth, elements; /* of the record */
	struct arena *kept;
	struct dict *groups; /* by id, to paths */
	struct text *paths;
	size_t cap;
};

/* --- values --- */

struct text
commerce_text(const struct val *v, const char *name)
{
	const struct val *child = val_get(v, name);
	if (child != NULL && child->kind == VAL_LIST && val_len(child) > 0)
		child = &child->list->at[0];
	if (child != NULL && child->kind == VAL_MAP)
		child = val_get(child, "#text");
	return text_trim(val_as_text(child));
}

const struct val *
commerce_each(const struct val *v, const char *list, const char *name, size_t n)
{
	const struct val *at = list != NULL ? val_get(v, list) : v;
	at = val_get(at, name);
	if (at != NULL && at->kind == VAL_LIST)
		return n < val_len(at) ? &at->list->at[n] : NULL;
	return n == 0 ? at : NULL;
}

/* --- groups --- */

static void
keep_group(struct commerce *c, struct text id, struct text path)
{
	if (id.n == 0 || id.n > 200 || dict_count(c->groups) >= COMMERCE_GROUPS_MAX)
		return;
	size_t at = (size_t)dict_put(c->groups, id, NULL);
	if (at >= c->cap) {
		c->cap = c->cap > 0 ? c->cap * 2 : 64;
		c->paths = realloc(c->paths, c->cap * sizeof *c->paths);
		must(c->paths != NULL);
	}
	c->paths[at] = (struct text){arena_text(c->kept, path.at, path.n), path.n};
}

static void
keep_groups(struct commerce *c, const struct val *groups, struct text above)
{
	const struct val *g;
	for (size_t i = 0; (g = commerce_each(groups, NULL, "Группа", i)) != NULL; i++) {
		struct text name = text_cut(commerce_text(g, "Наименование"), 100);
		const char *join = above.n > 0 ? " / " : "";
		struct text path = text_cut(
			text_of(arena_printf(c->arena, "%.*s%s%.*s", (int)above.n, above.at,
				join, (int)name.n, name.at)),
			1000);
		keep_group(c, commerce_text(g, "Ид"), path);
		keep_groups(c, val_get(g, "Группы"), path);
	}
}

struct text
commerce_group(const struct commerce *c, struct text id)
{
	int64_t at = dict_find(c->groups, id);
	return at == DICT_NONE ? (struct text){"", 0} : c->paths[at];
}

/* --- reading --- */

static int
see_open(void *obj, const char *name, const struct xml_attribute *attributes, size_t n,
	struct err *e)
{
	struct commerce *c = obj;
	if (c->depth++ == 0) {
		c->is_ours = strcmp(name, "КоммерческаяИнформация") == 0;
		if (!c->is_ours)
			return err_set(e, ERR_INPUT,
				"CommerceML begins with КоммерческаяИнформация, not with "
				"\"%.60s\"",
				name);
	}
	for (size_t i = 0; c->tree == NULL && i < sizeof records / sizeof *records; i++)
		if (strcmp(name, records[i].name) == 0) {
			c->kind = (int)records[i].kind;
			c->tree = tree_new(c->arena);
			c->elements = 0;
		}
	if (c->tree != NULL && ++c->elements > RECORD_ELEMENTS_MAX)
		return err_set(e, ERR_INPUT, "a document of more than %d elements",
			RECORD_ELEMENTS_MAX);
	return c->tree != NULL ? tree_open(c->tree, name, attributes, n, e) : 0;
}

static int
see_text(void *obj, const char *before, struct text t, struct err *e)
{
	struct commerce *c = obj;
	return c->tree != NULL ? tree_text(c->tree, before, t, e) : 0;
}

static int
see_close(void *obj, const char *name, struct err *e)
{
	struct commerce *c = obj;
	c->depth--;
	if (c->tree == NULL)
		return 0;
	if (tree_close(c->tree, name, e) < 0)
		return -1;
	if (tree_depth(c->tree) > 0)
		return 0;
	struct val root = tree_root(c->tree);
	const struct val *v = val_get(&root, name);
	int rc = 0;
	if (c->kind == COMMERCE_OTHER)
		keep_groups(c, v, (struct text){"", 0});
	else
		rc = c->see(c->obj, c->arena, (enum commerce_kind)c->kind, v, e);
	c->tree = NULL;
	arena_reset(c->arena);
	return rc;
}

struct commerce *
commerce_new(commerce_see *see, void *obj)
{
	struct xml_limits limits = {.bytes = COMMERCE_FILE_MAX + 1,
		.depth = TREE_DEPTH_MAX + 8,
		.value = 256 * 1024,
		.elements = 20000000};
	struct commerce *c = calloc(1, sizeof *c);
	must(c != NULL);
	struct xml_events on = {
		.open = see_open, .text = see_text, .close = see_close, .obj = c};
	c->see = see;
	c->obj = obj;
	c->arena = arena_new();
	c->kept = arena_new();
	c->groups = dict_new();
	c->xml = xml_new(&limits, &on);
	return c;
}

void
commerce_free(struct commerce *c)
{
	if (c == NULL)
		return;
	xml_free(c->xml);
	dict_free(c->groups);
	free(c->paths);
	arena_free(c->kept);
	arena_free(c->arena);
	free(c);
}

int
commerce_feed(struct commerce *c, const void *bytes, size_t n, struct err *e)
{
	return xml_feed(c->xml, bytes, n, e);
}

int
commerce_end(struct commerce *c, struct err *e)
{
	return xml_end(c->xml, e);
}
