/* See reference.h. */
#include "api/reference.h"
#include "api/api.h"
#include "api/describe.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/str.h"
#include "web/page.h"
#include "web/route.h"

#include <string.h>

enum { DEEP = 6 };

/* What stands under such a key in an example. */
static const char *
sample(struct text key)
{
	static const char *const samples[][2] = {{"email", "anna@shop.example"},
		{"phone", "+375295550142"}, {"external_id", "c1"},
		{"event", "Order Completed"}, {"rule", "return known()"},
		{"script", "return scenario { on = event.purchase, send \"Спасибо\" }"},
		{"url", "https://shop.example/base.csv"}, {"template", "Заказ"}};
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
		if (text_is(key, samples[i][0]))
			return samples[i][1];
	return "text";
}

static struct val example(
	struct arena *a, const struct val *schema, struct text key, int deep);

/* What must be there, else the first two. */
static struct val
example_object(struct arena *a, const struct val *schema, int deep)
{
	struct val out = val_map(a);
	const struct val *all = val_get(schema, "properties"),
			 *must_be = val_get(schema, "required");
	for (size_t i = 0; i < val_len(all); i++) {
		const struct val_pair *p = &all->map->at[i];
		bool needed = must_be == NULL && i < 2;
		for (size_t k = 0; k < val_len(must_be); k++)
			needed |= text_same(val_as_text(&must_be->list->at[k]), p->key);
		if (needed)
			val_put_key(a, &out, p->key, example(a, &p->val, p->key, deep));
	}
	return out;
}

static struct val
example(struct arena *a, const struct val *schema, struct text key, int deep)
{
	struct text ref = val_as_text(val_get(schema, "$ref")),
		    type = val_as_text(val_get(schema, "type"));
	const struct val *choices = val_get(schema, "enum");
	struct err ignored;
	struct val v, list = val_list(a);
	if (deep > DEEP)
		return val_null();
	if (ref.n > 0) {
		const char *name = strrchr(text_z(a, ref), '/') + 1;
		return api_schema(a, api_named_shape(name), &v, &ignored) < 0
			       ? val_null()
			       : example(a, &v, key, deep + 1);
	}
	if (choices != NULL)
		return choices->list->at[0];
	if (text_is(type, "object"))
		return example_object(a, schema, deep + 1);
	if (text_is(type, "array")) {
		val_push(a, &list, example(a, val_get(schema, "items"), key, deep + 1));
		return list;
	}
	return text_is(type, "integer") || text_is(type, "number") ? val_int(90)
	       : text_is(type, "boolean")			   ? val_bool(true)
	       : val_get(schema, "pattern") != NULL ? val_text("384034843475840000")
	       : text_is(val_as_text(val_get(schema, "format")), "date-time")
		       ? val_text("2026-11-21T09:00:00Z")
		       : val_text(sample(key));
}

/* curl 'https://HOST/api/v1/…' with what the route asks for. */
static const char *
curl_of(struct web *w, const struct route *r, const struct told *t)
{
	struct arena *a = w->arena;
	struct str s = str_new(a);
	struct val schema;
	struct err ignored;
	str_addz(&s, "curl ");
	if (strcmp(r->method, "GET") != 0 &&
		(strcmp(r->method, "POST") != 0 || t->body == NULL))
		str_addf(&s, "-X %s ", r->method);
	str_addf(&s, "'%s", w->settings->public_url);
	for (const char *at = r->pattern; *at != '\0'; at++)
		if (*at == '{') {
			str_addz(&s, at[1] == 'i' ? "384034843475840000" : "size");
			at += strcspn(at, "}");
		} else
			str_addc(&s, *at);
	str_addz(&s, "'");
	if (r->scope != NULL)
		str_addz(&s, " \\\n  -H 'Authorization: Bearer KEY'");
	if (t->body != NULL && strcmp(t->body, "file") == 0)
		str_addz(&s, " \\\n  -F file=@base.csv");
	else if (t->body != NULL && api_schema(a, t->body, &schema, &ignored) == 0) {
		struct val body = example(a, &schema, text_of(""), 0);
		struct text json = json_text(a, &body);
		str_addf(&s, " \\\n  -H 'Content-Type: application/json' \\\n  -d '%.*s'",
			(int)json.n, json.at);
	}
	return text_z(a, str_text(&s));
}

static struct val
shown(struct web *w, const struct route *r, const struct told *t)
{
	struct arena *a = w->arena;
	struct val v = val_map(a);
	const char *answer = t->answer;
	if (answer != NULL && strncmp(answer, "whole ", 6) == 0)
		answer += 6;
	const char *wrap = answer == NULL || answer[0] == '{' || answer[0] == '[' ||
					   (answer[0] >= 'A' && answer[0] <= 'Z')
				   ? "data: "
				   : "";
	val_put(a, &v, "method", val_text(r->method));
	val_put(a, &v, "path", val_text(r->pattern));
	val_put(a, &v, "anchor", val_text(api_operation_id(a, r)));
	val_put(a, &v, "says", val_text(r->says));
	val_put(a, &v, "scope", val_text(r->scope));
	val_put(a, &v, "query", val_text(t->query));
	val_put(a, &v, "body", val_text(t->body));
	val_put(a, &v, "status", val_text(t->status));
	if (answer != NULL)
		val_put(a, &v, "answer", val_text(arena_printf(a, "%s%s", wrap, answer)));
	val_put(a, &v, "more", val_text(t->more));
	val_put(a, &v, "curl", val_text(curl_of(w, r, t)));
	return v;
}

/* {name, routes} in the order of the table. */
static struct val
groups(struct web *w)
{
	struct arena *a = w->arena;
	struct val out = val_list(a);
	size_t n;
	const struct route *routes = api_routes(&n);
	for (size_t i = 0; i < n; i++) {
		const struct told *t = api_told_of(routes[i].method, routes[i].pattern);
		const char *name = api_group(a, &routes[i]);
		size_t g = 0;
		if (t == NULL || strcmp(routes[i].pattern, "/api") == 0)
			continue;
		while (g < val_len(&out) &&
			!text_is(val_as_text(val_get(&out.list->at[g], "name")), name))
			g++;
		if (g == val_len(&out)) {
			struct val fresh = val_map(a);
			val_put(a, &fresh, "name", val_text(name));
			val_put(a, &fresh, "routes", val_list(a));
			val_push(a, &out, fresh);
		}
		struct val list = *val_get(&out.list->at[g], "routes");
		val_push(a, &list, shown(w, &routes[i], t));
		val_put(a, &out.list->at[g], "routes", list);
	}
	return out;
}

int
api_reference(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), shapes = val_list(w->arena);
	for (size_t i = 0; i < api_named_n; i++) {
		struct val one = val_map(w->arena);
		val_put(w->arena, &one, "name", val_text(api_named[i].name));
		val_put(w->arena, &one, "shape", val_text(api_named[i].shape));
		val_push(w->arena, &shapes, one);
	}
	val_put(w->arena, &vars, "groups", groups(w));
	val_put(w->arena, &vars, "shapes", shapes);
	return page_show(w, 200, "page/reference", &vars, e);
}

int
api_openapi(struct web *w, struct err *e)
{
	struct val v;
	if (api_describe(w->arena, w->settings->public_url, &v, e) < 0)
		return -1;
	response_header(w, "Cache-Control", "max-age=300");
	response_json(w, 200, &v);
	return 0;
}
