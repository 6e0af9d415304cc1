/* See route.h. */
#include "web/route.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

#include <stdio.h>
#include <string.h>

/* Does path match pattern? Fills params. */
static bool
match(struct arena *a, const char *pattern, struct text path, struct val *params)
{
	const char *p = path.at, *end = path.at + path.n;
	while (*pattern != '\0') {
		if (*pattern != '{') {
			if (p == end || *p != *pattern)
				return false;
			p++;
			pattern++;
			continue;
		}
		const char *close = strchr(pattern, '}');
		size_t n = (size_t)(close - pattern - 1);
		bool rest = pattern[n] == '*';
		const char *stop = rest ? end : memchr(p, '/', (size_t)(end - p));
		if (stop == NULL)
			stop = end;
		if (stop == p && !rest)
			return false;
		if (params != NULL)
			val_put(a, params, arena_text(a, pattern + 1, rest ? n - 1 : n),
				val_bytes(p, (size_t)(stop - p)));
		p = stop;
		pattern = close + 1;
	}
	return p == end;
}

static bool
is_method(const struct route *r, const char *method)
{
	return strcmp(r->method, method) == 0 ||
	       (strcmp(method, "HEAD") == 0 && strcmp(r->method, "GET") == 0);
}

int
route_find(struct arena *a, const struct route *routes, size_t n, const char *method,
	struct text path, const struct route **out, struct val *params, const char **allow)
{
	struct str others = str_new(a);
	for (size_t i = 0; i < n; i++) {
		if (!match(a, routes[i].pattern, path, NULL))
			continue;
		if (is_method(&routes[i], method)) {
			*params = val_map(a);
			match(a, routes[i].pattern, path, params);
			*out = &routes[i];
			return 1;
		}
		str_addf(&others, "%s%s", others.n > 0 ? ", " : "", routes[i].method);
	}
	if (others.n == 0)
		return 0;
	*allow = others.at;
	return -1;
}

int
route_print(const struct route *routes, size_t n)
{
	static const char *const rights[] = {"none", "self", "work", "company", "platform"};
	struct arena *a = arena_new();
	struct val list = val_list(a);
	for (size_t i = 0; i < n; i++) {
		struct val one = val_map(a);
		val_put(a, &one, "method", val_text(routes[i].method));
		val_put(a, &one, "path", val_text(routes[i].pattern));
		val_put(a, &one, "right", val_text(rights[routes[i].right]));
		val_put(a, &one, "scope", val_text(routes[i].scope));
		val_put(a, &one, "object", val_text(routes[i].object));
		val_push(a, &list, one);
	}
	struct text t = json_text(a, &list);
	printf("%.*s\n", (int)t.n, t.at);
	arena_free(a);
	return 0;
}
