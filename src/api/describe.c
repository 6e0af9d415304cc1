/* See describe.h. */
#include "api/describe.h"
#include "api/api.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "web/route.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* --- shapes --- */

struct reader {
	struct arena *arena;
	const char *whole, *at;
	struct err *e;
};

static void
skip(struct reader *r)
{
	while (*r->at == ' ')
		r->at++;
}

static bool
next_is(struct reader *r, char c)
{
	skip(r);
	if (*r->at != c)
		return false;
	r->at++;
	return true;
}

static int
wrong(struct reader *r, const char *expected)
{
	return err_set(r->e, ERR_BUG, "%s expected at \"%.30s\" in the shape %.60s",
		expected, r->at, r->whole);
}

static const char *
word(struct reader *r)
{
	skip(r);
	const char *from = r->at;
	while (isalnum((unsigned char)*r->at) || *r->at == '_' || *r->at == '*')
		r->at++;
	return arena_printf(r->arena, "%.*s", (int)(r->at - from), from);
}

static struct val
typed(struct arena *a, const char *type)
{
	struct val v = val_map(a);
	val_put(a, &v, "type", val_text(type));
	return v;
}

const char *
api_named_shape(const char *name)
{
	for (size_t i = 0; i < api_named_n; i++)
		if (strcmp(api_named[i].name, name) == 0)
			return api_named[i].shape;
	return NULL;
}

static int
read_word(struct reader *r, struct val *out)
{
	static const struct {
		const char *name, *type, *key, *value;
	} words[] = {{"id", "string", "pattern", "^[0-9]{1,19}$"},
		{"text", "string", NULL, NULL}, {"int", "integer", "format", "int64"},
		{"number", "number", NULL, NULL}, {"bool", "boolean", NULL, NULL},
		{"time", "string", "format", "date-time"}};
	const char *name = word(r);
	*out = val_map(r->arena);
	if (strcmp(name, "any") == 0)
		return 0;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i].name, name) == 0) {
			*out = typed(r->arena, words[i].type);
			if (words[i].key != NULL)
				val_put(r->arena, out, words[i].key,
					val_text(words[i].value));
			return 0;
		}
	if (api_named_shape(name) == NULL)
		return wrong(r, "a type");
	val_put(r->arena, out, "$ref",
		val_text(arena_printf(r->arena, "#/components/schemas/%s", name)));
	return 0;
}

/* "a|b|c" */
static int
read_choice(struct reader *r, struct val *out)
{
	struct val list = val_list(r->arena);
	const char *from = r->at;
	*out = typed(r->arena, "string");
	for (; *r->at != '\0' && *r->at != '"'; r->at++)
		if (*r->at == '|') {
			val_push(r->arena, &list, val_bytes(from, (size_t)(r->at - from)));
			from = r->at + 1;
		}
	val_push(r->arena, &list, val_bytes(from, (size_t)(r->at - from)));
	val_put(r->arena, out, "enum", list);
	return next_is(r, '"') ? 0 : wrong(r, "a quotation mark");
}

static int read_shape(struct reader *r, struct val *out);

static int
read_object(struct reader *r, struct val *out)
{
	struct val properties = val_map(r->arena), required = val_list(r->arena), one;
	*out = typed(r->arena, "object");
	while (!next_is(r, '}')) {
		const char *key = word(r);
		bool may_miss = next_is(r, '?');
		if (key[0] == '\0' || !next_is(r, ':'))
			return wrong(r, "a key and a colon");
		if (read_shape(r, &one) < 0)
			return -1;
		if (strcmp(key, "*") == 0)
			val_put(r->arena, out, "additionalProperties", one);
		else
			val_put(r->arena, &properties, key, one);
		if (!may_miss && key[0] != '*')
			val_push(r->arena, &required, val_text(key));
		skip(r);
		if (!next_is(r, ',') && *r->at != '}')
			return wrong(r, "a comma or }");
	}
	if (val_len(&properties) > 0)
		val_put(r->arena, out, "properties", properties);
	if (val_len(&required) > 0)
		val_put(r->arena, out, "required", required);
	return 0;
}

/* T or null. */
static struct val
or_null(struct arena *a, struct val v)
{
	const struct val *type = val_get(&v, "type");
	struct val list = val_list(a), out = val_map(a);
	if (type != NULL && val_get(&v, "enum") == NULL) {
		val_push(a, &list, *type);
		val_push(a, &list, val_text("null"));
		val_put(a, &v, "type", list);
		return v;
	}
	val_push(a, &list, v);
	val_push(a, &list, typed(a, "null"));
	val_put(a, &out, "anyOf", list);
	return out;
}

static int
read_shape(struct reader *r, struct val *out)
{
	struct val items;
	int rc;
	if (next_is(r, '{'))
		rc = read_object(r, out);
	else if (next_is(r, '"'))
		rc = read_choice(r, out);
	else if (next_is(r, '[')) {
		if (read_shape(r, &items) < 0)
			return -1;
		*out = typed(r->arena, "array");
		val_put(r->arena, out, "items", items);
		rc = next_is(r, ']') ? 0 : wrong(r, "]");
	} else
		rc = read_word(r, out);
	if (rc == 0 && next_is(r, '?'))
		*out = or_null(r->arena, *out);
	return rc;
}

int
api_schema(struct arena *a, const char *shape, struct val *out, struct err *e)
{
	struct reader r = {.arena = a, .whole = shape, .at = shape, .e = e};
	if (read_shape(&r, out) < 0)
		return -1;
	skip(&r);
	return *r.at == '\0' ? 0 : wrong(&r, "the end");
}

/* --- routes --- */

const struct told *
api_told_of(const char *method, const char *pattern)
{
	for (size_t i = 0; i < api_told_n; i++) {
		const char *space = strchr(api_told[i].route, ' ');
		size_t n = (size_t)(space - api_told[i].route);
		if (strncmp(api_told[i].route, method, n) == 0 && method[n] == '\0' &&
			strcmp(space + 1, pattern) == 0)
			return &api_told[i];
	}
	return NULL;
}

static struct val
parameter(struct arena *a, const char *in, const char *name, struct val schema)
{
	struct val v = val_map(a);
	val_put(a, &v, "name", val_text(name));
	val_put(a, &v, "in", val_text(in));
	if (strcmp(in, "path") == 0)
		val_put(a, &v, "required", val_bool(true));
	val_put(a, &v, "schema", schema);
	return v;
}

static int
parameters(struct arena *a, const struct route *r, const struct told *t, struct val *out,
	struct err *e)
{
	struct val query = val_map(a), text = typed(a, "string"), id;
	*out = val_list(a);
	if (api_schema(a, "id", &id, e) < 0 ||
		(t->query != NULL && api_schema(a, t->query, &query, e) < 0))
		return -1;
	for (const char *at = strchr(r->pattern, '{'); at != NULL;
		at = strchr(at + 1, '{')) {
		const char *name = arena_printf(
			a, "%.*s", (int)strcspn(at + 1, "}"), at + 1);
		val_push(a, out,
			parameter(a, "path", name, strcmp(name, "id") == 0 ? id : text));
	}
	const struct val *properties = val_get(&query, "properties");
	for (size_t i = 0; i < val_len(properties); i++) {
		const struct val_pair *p = &properties->map->at[i];
		val_push(a, out, parameter(a, "query", text_z(a, p->key), p->val));
	}
	if (strcmp(r->method, "POST") == 0)
		val_push(a, out, parameter(a, "header", "Idempotency-Key", text));
	else if (strcmp(r->method, "GET") != 0)
		val_push(a, out, parameter(a, "header", "If-Match", text));
	return 0;
}

static struct val
content(struct arena *a, const char *type, struct val schema)
{
	struct val media = val_map(a), out = val_map(a);
	val_put(a, &media, "schema", schema);
	val_put(a, &out, type, media);
	return out;
}

/* {data: T}, a list's with next. */
static int
wrapped(struct arena *a, const char *answer, struct val *out, struct err *e)
{
	const char *shape = strncmp(answer, "whole ", 6) == 0
				    ? arena_printf(a, "{data: %s}", answer + 6)
			    : answer[0] == '['
				    ? arena_printf(a, "{data: %s, next: text?}", answer)
				    : arena_printf(a, "{data: %s}", answer);
	return api_schema(a, shape, out, e);
}

static int
answer_of(struct arena *a, const struct told *t, struct val *out, struct err *e)
{
	static const char *const plain[][2] = {{"csv", "text/csv"}, {"html", "text/html"},
		{"file", "application/octet-stream"}};
	struct val schema;
	*out = val_map(a);
	val_put(a, out, "description", val_text("done"));
	if (t->answer == NULL)
		return 0;
	for (size_t i = 0; i < 3; i++)
		if (strcmp(t->answer, plain[i][0]) == 0) {
			val_put(a, out, "content",
				content(a, plain[i][1], typed(a, "string")));
			return 0;
		}
	if (strcmp(t->answer, "json") == 0)
		schema = typed(a, "object");
	else if (wrapped(a, t->answer, &schema, e) < 0)
		return -1;
	val_put(a, out, "content", content(a, "application/json", schema));
	return 0;
}

static void
refuse(struct arena *a, struct val *responses, bool when, const char *status)
{
	struct val v = val_map(a);
	if (!when)
		return;
	val_put(a, &v, "$ref", val_text("#/components/responses/Refused"));
	val_put(a, responses, status, v);
}

static int
responses(struct arena *a, const struct route *r, const struct told *t, struct val *out,
	struct err *e)
{
	struct val good;
	bool get = strcmp(r->method, "GET") == 0, post = strcmp(r->method, "POST") == 0;
	*out = val_map(a);
	if (answer_of(a, t, &good, e) < 0)
		return -1;
	for (const char *at = t->status; *at != '\0';
		at += strcspn(at, " "), at += *at == ' ')
		val_put(a, out, arena_printf(a, "%.3s", at), good);
	refuse(a, out, t->body != NULL, "400");
	refuse(a, out, r->scope != NULL, "401");
	refuse(a, out, r->scope != NULL, "403");
	refuse(a, out, strchr(r->pattern, '{') != NULL, "404");
	refuse(a, out, post || strcmp(r->method, "DELETE") == 0, "409");
	refuse(a, out, !get && !post, "412");
	refuse(a, out, t->body != NULL, "413");
	refuse(a, out, t->body != NULL || t->query != NULL, "422");
	refuse(a, out, r->scope != NULL, "429");
	refuse(a, out, true, "503");
	return 0;
}

static int
put_body(struct arena *a, const struct told *t, struct val *op, struct err *e)
{
	struct val body = val_map(a), schema;
	bool file = t->body != NULL && strcmp(t->body, "file") == 0;
	if (t->body == NULL)
		return 0;
	if (api_schema(a, file ? "{file: text}" : t->body, &schema, e) < 0)
		return -1;
	struct val types = content(
		a, file ? "multipart/form-data" : "application/json", schema);
	if (file) {
		struct val by_url;
		if (api_schema(a, "{url: text}", &by_url, e) < 0)
			return -1;
		by_url = content(a, "application/json", by_url);
		val_put(a, &types, "application/json",
			*val_get(&by_url, "application/json"));
	}
	val_put(a, &body, "required", val_bool(strcmp(t->body, "{}") != 0));
	val_put(a, &body, "content", types);
	val_put(a, op, "requestBody", body);
	return 0;
}

const char *
api_operation_id(struct arena *a, const struct route *r)
{
	struct str s = str_new(a);
	const char *path = strncmp(r->pattern, "/api/v1", 7) == 0 ? r->pattern + 7
								  : r->pattern;
	for (const char *at = r->method; *at != '\0'; at++)
		str_addc(&s, (char)tolower((unsigned char)*at));
	for (const char *at = path; *at != '\0'; at++)
		if (*at == '/' || *at == '.')
			str_addc(&s, '_');
		else if (*at != '{' && *at != '}')
			str_addc(&s, *at);
	return text_z(a, str_text(&s));
}

const char *
api_group(struct arena *a, const struct route *r)
{
	if (strncmp(r->pattern, "/api/v1/", 8) != 0)
		return "description";
	return arena_printf(a, "%.*s", (int)strcspn(r->pattern + 8, "/."), r->pattern + 8);
}

static int
operation(struct arena *a, const struct route *r, const struct told *t, struct val *out,
	struct err *e)
{
	struct val tags = val_list(a), list, answers, security = val_list(a);
	*out = val_map(a);
	val_push(a, &tags, val_text(api_group(a, r)));
	if (parameters(a, r, t, &list, e) < 0 || responses(a, r, t, &answers, e) < 0)
		return -1;
	val_put(a, out, "operationId", val_text(api_operation_id(a, r)));
	val_put(a, out, "summary", val_text(r->says));
	if (t->more != NULL)
		val_put(a, out, "description", val_text(t->more));
	val_put(a, out, "tags", tags);
	if (val_len(&list) > 0)
		val_put(a, out, "parameters", list);
	if (put_body(a, t, out, e) < 0)
		return -1;
	val_put(a, out, "responses", answers);
	if (r->scope == NULL)
		val_put(a, out, "security", security);
	else
		val_put(a, out, "x-scope", val_text(r->scope));
	return 0;
}

/* --- the whole --- */

static int
components(struct arena *a, struct val *out, struct err *e)
{
	struct val schemas = val_map(a), schema, one = val_map(a), refused = val_map(a),
		   key = val_map(a), keys = val_map(a);
	*out = val_map(a);
	for (size_t i = 0; i < api_named_n; i++) {
		if (api_schema(a, api_named[i].shape, &schema, e) < 0)
			return -1;
		val_put(a, &schemas, api_named[i].name, schema);
	}
	if (api_schema(a, "Error", &schema, e) < 0)
		return -1;
	val_put(a, &one, "description", val_text("refused; the message says why"));
	val_put(a, &one, "content", content(a, "application/json", schema));
	val_put(a, &refused, "Refused", one);
	val_put(a, &key, "type", val_text("http"));
	val_put(a, &key, "scheme", val_text("bearer"));
	val_put(a, &keys, "key", key);
	val_put(a, out, "schemas", schemas);
	val_put(a, out, "responses", refused);
	val_put(a, out, "securitySchemes", keys);
	return 0;
}

static int
paths(struct arena *a, struct val *out, struct err *e)
{
	size_t n;
	const struct route *routes = api_routes(&n);
	*out = val_map(a);
	for (size_t i = 0; i < n; i++) {
		const struct told *t = api_told_of(routes[i].method, routes[i].pattern);
		struct val op, item = val_map(a);
		const struct val *there = val_get(out, routes[i].pattern);
		if (t == NULL)
			return err_set(e, ERR_BUG,
				"src/api/shapes.c does not tell of %s %s", routes[i].method,
				routes[i].pattern);
		if (operation(a, &routes[i], t, &op, e) < 0)
			return err_wrap(e, t->route);
		if (there != NULL)
			item = *there;
		val_put(a, &item,
			strcmp(routes[i].method, "GET") == 0	 ? "get"
			: strcmp(routes[i].method, "POST") == 0	 ? "post"
			: strcmp(routes[i].method, "PATCH") == 0 ? "patch"
			: strcmp(routes[i].method, "PUT") == 0	 ? "put"
								 : "delete",
			op);
		val_put(a, out, routes[i].pattern, item);
	}
	for (size_t i = 0; i < api_told_n; i++) {
		const char *path = strchr(api_told[i].route, ' ') + 1;
		if (val_get(out, path) == NULL)
			return err_set(
				e, ERR_BUG, "there is no route %s", api_told[i].route);
	}
	return 0;
}

int
api_describe(struct arena *a, const char *server, struct val *out, struct err *e)
{
	struct val info = val_map(a), all, parts, servers = val_list(a), one = val_map(a),
		   security = val_list(a), key = val_map(a), licence = val_map(a);
	if (paths(a, &all, e) < 0 || components(a, &parts, e) < 0)
		return -1;
	*out = val_map(a);
	val_put(a, &licence, "name", val_text("Apache-2.0"));
	val_put(a, &licence, "identifier", val_text("Apache-2.0"));
	val_put(a, &info, "title", val_text("cxdp"));
	val_put(a, &info, "version", val_text("1"));
	val_put(a, &info, "description",
		val_text("Profiles, events, segments and messages of one company. Ids are "
			 "texts, times RFC 3339 in UTC; lists go on with ?cursor= as next "
			 "says; x-scope names what a key must be allowed."));
	val_put(a, &info, "license", licence);
	val_put(a, &one, "url", val_text(server));
	val_push(a, &servers, one);
	val_put(a, &key, "key", val_list(a));
	val_push(a, &security, key);
	val_put(a, out, "openapi", val_text("3.1.0"));
	val_put(a, out, "info", info);
	val_put(a, out, "servers", servers);
	val_put(a, out, "security", security);
	val_put(a, out, "paths", all);
	val_put(a, out, "components", parts);
	return 0;
}

int
api_print(void)
{
	struct arena *a = arena_new();
	struct val v;
	struct err e;
	int rc = api_describe(a, "/", &v, &e);
	struct text t = rc == 0 ? json_text(a, &v) : text_of(e.text);
	fprintf(rc == 0 ? stdout : stderr, "%.*s\n", (int)t.n, t.at);
	arena_free(a);
	return rc == 0 ? 0 : 1;
}
