/* Query strings, percent decoding, whole URLs, cookies and headers of a request. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/url.h"
#include "fuzz.h"
#include "web/request.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	struct val map;
	struct err e;
	struct str s = str_new(a);
	url_query(a, t, &map, &e);
	url_is_web(t);
	str_add_url(&s, t);
	must(text_same(url_decode(a, str_text(&s)), t) || n == 0);
	struct text out;
	url_inflate(a, t, 64 * 1024, &out, &e);
	const char *z = arena_text(a, t.at, t.n);
	char *params[] = {arena_printf(a, "REQUEST_URI=%s", z), "REQUEST_METHOD=GET",
		arena_printf(a, "HTTP_COOKIE=%s", z), arena_printf(a, "QUERY_STRING=%s", z),
		arena_printf(a, "CONTENT_LENGTH=%s", z), NULL};
	struct request r = {0};
	if (request_read(a, params, &r, &e) == 0) {
		request_cookie(&r, "session");
		request_header(&r, "cookie");
		request_is_part(&r);
	}
	r.params = params;
	request_cookie(&r, "a");
	arena_free(a);
	return 0;
}
