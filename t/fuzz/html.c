/* A letter's HTML, of a tenant or of a person's field: nothing but addresses of links is rewritten, whatever is broken. */
#include "base/str.h"
#include "fuzz.h"
#include "message/html.h"

static const char *
leave(struct arena *a, void *obj, struct text url)
{
	(void)a, (void)url;
	++*(size_t *)obj;
	return NULL;
}

static const char *
replace(struct arena *a, void *obj, struct text url)
{
	(void)a, (void)url;
	++*(size_t *)obj;
	return "https://x.example/?a=1&b=\"<>'";
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	size_t left = 0, replaced = 0, again = 0;
	must(text_same(html_links(a, t, leave, &left), t) || n == 0);
	struct text changed = html_links(a, t, replace, &replaced);
	must(left == replaced && changed.n + n >= 0);
	html_links(a, changed, leave, &again);
	must(again >= replaced); /* no address of ours ends a tag */
	struct text more = html_append(a, t, text_of("<i>"));
	must(more.n == n + 3);
	struct text plain = html_plain(a, t);
	must(plain.n <= 3 * n + 64);
	arena_free(a);
	return 0;
}
