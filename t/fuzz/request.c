/* What a door reads of a request: parameters one a line as nginx passes them, an empty line, the body. No header of ours can be made
 * out of one of theirs. */
#include "api/api.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/url.h"
#include "fuzz.h"
#include "web/route.h"

static char **
params_of(struct arena *a, struct text *t)
{
	char **params = NULL;
	size_t n = 0, cap = 0;
	for (struct text line = fuzz_line(t); line.n > 0; line = fuzz_line(t)) {
		params = arena_room(a, params, n, &cap, sizeof *params);
		params[n++] = arena_text(a, line.at, line.n);
	}
	params = arena_room(a, params, n, &cap, sizeof *params);
	params[n] = NULL;
	return params;
}

/* Whole lines "Name: value", as many as were added. */
static size_t
lines_of(struct text headers)
{
	size_t n = 0;
	while (headers.n > 0) {
		struct text line = fuzz_line(&headers);
		must(line.n > 1 && line.at[line.n - 1] == '\r' &&
			memchr(line.at, '\r', line.n - 1) == NULL &&
			memchr(line.at, ':', line.n) != NULL);
		n++;
	}
	return n;
}

static void
answer(struct web *w)
{
	struct text names[] = {request_header(&w->request, "user-agent"),
		request_header(&w->request, "content-type"),
		request_cookie(&w->request, "cxdp"), w->request.path};
	for (size_t i = 0; i < 4; i++)
		response_header(w, "X-Echo", text_z(w->arena, names[i]));
	response_cookie(w, "cxdp", text_z(w->arena, names[2]), 0);
	must(lines_of(str_text(&w->response.headers)) == 5);
	response_redirect(w, text_z(w->arena, w->request.path));
	lines_of(str_text(&w->response.headers));
}

static void
read_body(struct web *w)
{
	struct val v;
	struct text body;
	struct err e;
	if (web_body(w, 16 * 1024, &body, &e) == 0)
		must(body.n <= 16 * 1024);
	web_json(w, &v, &e);
	web_form(w, "csrf");
	must(memchr(web_form_z(w, "text"), '\0', 1 << 20) != NULL);
	web_form_list(w, "roles");
	web_query(w, "cursor");
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct settings settings = {.secure_cookies = true};
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	struct web w = {.arena = a, .settings = &settings};
	struct err e = {0};
	const char *allow;
	size_t route_n;
	const struct route *routes = api_routes(&route_n);
	response_init(&w.response, a);
	if (request_read(a, params_of(a, &t), &w.request, &e) == 0) {
		const char *mark = w.request.target.n > 0 ? strchr(w.request.target.at, '?')
							  : NULL;
		must(w.request.length >= 0 && w.request.path.at[0] == '/');
		if (mark != NULL)
			url_query(a, text_of(mark + 1), &w.request.query, &e);
		w.request.body = (struct text){arena_text(a, t.at, t.n), t.n};
		route_find(a, routes, route_n, w.request.method, w.request.path, &w.route,
			&w.params, &allow);
		request_is_part(&w.request);
		answer(&w);
		read_body(&w);
	} else
		must(e.text[0] != '\0');
	arena_free(a);
	return 0;
}
