/* Files of 1C, and bodies of XML: each record is a value of UTF-8, paths of groups within their limit; an error with words otherwise. */
#include "base/str.h"
#include "fuzz.h"
#include "hook/body.h"
#include "hook/commerce.h"

static void
walk(const struct val *v, int depth)
{
	must(depth < 64);
	if (v->kind == VAL_TEXT)
		must(text_is_utf8(v->text));
	for (size_t i = 0; i < val_len(v); i++)
		walk(v->kind == VAL_LIST ? &v->list->at[i] : &v->map->at[i].val, depth + 1);
}

static int
see(void *obj, struct arena *a, enum commerce_kind kind, const struct val *v, struct err *e)
{
	struct commerce **c = obj;
	(void)a, (void)e;
	must(kind != COMMERCE_OTHER && v != NULL);
	walk(v, 0);
	must(commerce_group(*c, commerce_text(v, "Ид")).n <= 1000);
	for (size_t i = 0; i < 1000 && commerce_each(v, "Товары", "Товар", i) != NULL; i++)
		;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct val body;
	struct err e = {0};
	struct commerce *c;
	size_t half = n / 2;
	c = commerce_new(see, &c);
	bool good = commerce_feed(c, bytes, half, &e) == 0 &&
		    commerce_feed(c, bytes + half, n - half, &e) == 0 &&
		    commerce_end(c, &e) == 0;
	must(good || e.text[0] != '\0');
	commerce_free(c);
	e = (struct err){0};
	if (hook_body_read(a, text_of("text/xml"), (struct text){(const char *)bytes, n},
		    &body, &e) == 0)
		walk(&body, 0);
	else
		must(e.text[0] != '\0');
	arena_free(a);
	return 0;
}
