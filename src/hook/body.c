/* See body.h. */
#include "hook/body.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/url.h"
#include "hook/tree.h"
#include "markup/xml.h"

#include <string.h>
#include <strings.h>

static int
read_xml(struct arena *a, struct text bytes, struct val *out, struct err *e)
{
	struct tree *t = tree_new(a);
	struct xml_limits limits = {.bytes = 2 * 1024 * 1024,
		.depth = TREE_DEPTH_MAX,
		.attributes = 32,
		.elements = 20000};
	struct xml_events on = {
		.open = tree_open, .text = tree_text, .close = tree_close, .obj = t};
	struct xml *x = xml_new(&limits, &on);
	int rc = xml_feed(x, bytes.at, bytes.n, e);
	if (rc == 0)
		rc = xml_end(x, e);
	xml_free(x);
	*out = tree_root(t);
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
hook_body_read(struct arena *a, struct text type, struct text bytes, struct val *out,
	struct err *e)
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
