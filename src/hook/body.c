/* See body.h. */
#include "hook/body.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/url.h"
#include "markup/xml.h"

#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 24, NAMES_MAX = 500 };

/* --- XML --- */

struct level {
	const char *name;
	struct val map;
	struct str text;
};

struct tree {
	struct arena *arena;
	struct level levels[DEPTH_MAX + 1]; /* 0: the document itself */
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

static int
see_open(void *obj, const char *name, const struct xml_attribute *attributes, size_t n,
	struct err *e)
{
	struct tree *t = obj;
	struct arena *a = t->arena;
	if (t->n == DEPTH_MAX)
		return err_set(e, ERR_INPUT, "elements deeper than %d", DEPTH_MAX);
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

static int
see_text(void *obj, const char *before, struct text text, struct err *e)
{
	struct tree *t = obj;
	(void)before;
	(void)e;
	str_addt(&t->levels[t->n].text, text);
	return 0;
}

static int
see_close(void *obj, const char *name, struct err *e)
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

static int
read_xml(struct arena *a, struct text bytes, struct val *out, struct err *e)
{
	struct tree *t = arena_alloc(a, sizeof *t);
	struct xml_limits limits = {.bytes = 2 * 1024 * 1024,
		.depth = DEPTH_MAX,
		.attributes = 32,
		.elements = 20000};
	struct xml_events on = {
		.open = see_open, .text = see_text, .close = see_close, .obj = t};
	*t = (struct tree){.arena = a};
	t->levels[0].map = val_map(a);
	struct xml *x = xml_new(&limits, &on);
	int rc = xml_feed(x, bytes.at, bytes.n, e);
	if (rc == 0)
		rc = xml_end(x, e);
	xml_free(x);
	*out = t->levels[0].map;
	return rc;
}

/* --- by type --- */

static bool
type_is(struct text type, const char *z)
{
	size_t n = strlen(z);
	return type.n == n && strncasecmp(type.at, z, n) == 0;
}

static bool
type_ends(struct text type, const char *z)
{
	size_t n = strlen(z);
	return type.n > n && strncasecmp(type.at + type.n - n, z, n) == 0;
}

int
hook_body_read(
	struct arena *a, struct text type, struct text bytes, struct val *out, struct err *e)
{
	const char *end = type.n > 0 ? memchr(type.at, ';', type.n) : NULL;
	if (end != NULL)
		type.n = (size_t)(end - type.at);
	type = text_trim(type);
	*out = val_null();
	if (bytes.n == 0)
		return 0;
	if (type_is(type, "application/x-www-form-urlencoded")) {
		/* what names itself a form and is JSON: curl -d without a type */
		struct err ignored;
		if ((bytes.at[0] == '{' || bytes.at[0] == '[') &&
			json_parse(a, bytes, out, &ignored) == 0)
			return 0;
		return url_query(a, bytes, out, e);
	}
	if (type_is(type, "text/xml") || type_is(type, "application/xml") ||
		type_ends(type, "+xml"))
		return read_xml(a, bytes, out, e);
	if (json_parse(a, bytes, out, e) == 0)
		return 0;
	if (type.n > 0 && !type_is(type, "application/json") && !type_ends(type, "+json"))
		return err_set(e, ERR_INPUT,
			"JSON, a form or XML is expected, not \"%.*s\"",
			(int)(type.n < 60 ? type.n : 60), type.at);
	return -1;
}
