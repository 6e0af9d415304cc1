/* Feeds of strangers: YML, Google Merchant and tables. Products in their order with texts of UTF-8 within their limits and addresses of the web;
 * an error with words otherwise. */
#include "base/str.h"
#include "base/url.h"
#include "catalog/feed_file.h"
#include "fuzz.h"

static int64_t last;

static void
check(struct text t, size_t most)
{
	must(t.n <= most && text_is_utf8(t));
}

static int
see_category(void *obj, const struct category *c, struct err *e)
{
	(void)obj, (void)e;
	must(c->id.n > 0);
	check(c->id, 100);
	check(c->parent_id, 100);
	check(c->name, 200);
	return 0;
}

static int
see_product(void *obj, const struct product *p, int64_t line, const char *problem,
	struct err *e)
{
	(void)obj, (void)e;
	must(line > last);
	last = line;
	must(problem == NULL || (problem[0] != '\0' && text_is_utf8(text_of(problem))));
	if (problem != NULL)
		return 0;
	must(p->external_id.n > 0 && p->name.n > 0);
	check(p->external_id, 100);
	check(p->name, 500);
	check(p->category, 1000);
	check(p->vendor, 200);
	must(p->url.n == 0 || url_is_web(p->url));
	must(p->picture.n == 0 || url_is_web(p->picture));
	must(p->price >= -1 && p->old_price >= -1);
	must(val_len(&p->params) <= PRODUCT_PARAMS_MAX);
	for (size_t i = 0; i < val_len(&p->params); i++)
		check(val_as_text(&p->params.map->at[i].val), 200);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const struct feed_sink to = {see_category, see_product, NULL};
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	struct err e = {0};
	const char *kind;
	int fd;
	const char *path = fuzz_file(a, t, &fd);
	last = 0;
	must(feed_file_read(path, &to, &kind, &e) == 0 || e.text[0] != '\0');
	close(fd);
	arena_free(a);
	return 0;
}
