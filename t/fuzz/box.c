/* Any text as a script under all uses: it ends, within its memory, and leaves nothing behind. The first byte is the use and how. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "fuzz.h"
#include "script/box.h"

static int
field(struct arena *a, void *obj, struct text key, struct val *out)
{
	(void)a, (void)obj;
	*out = val_int((int64_t)key.n);
	return key.n < 8;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	int how = fuzz_choice(&t, 9);
	struct val v, params = val_map(a);
	struct err e;
	struct box *box = box_new((enum box_use)(how % 3), NULL, 1772742600000000, 7);
	struct box_ref f;
	val_put(a, &params, "x", val_text("текст"));
	if (how < 3)
		box_run(a, box, t, "s", &params, &v, &e);
	else if (how < 6) {
		if (box_load(box, t, "s", &f, &e) == 0)
			for (int i = 0; i < 2; i++)
				box_call(a, box, f, &params, 1, &v, &e);
	} else if (box_load_expression(box, t, "s", &f, &e) == 0)
		box_test(box, f, field, NULL, &e);
	must(box_usage(box).memory_bytes < 64 << 20);
	if (!box_is_spent(box)) { /* what was left behind would show */
		must(box_run(a, box, text_of("return x, secret"), "s", NULL, &v, &e) == 0 &&
			val_is_null(&v));
		must(box_run(a, box, text_of("return text.upper('x')"), "s", NULL, &v,
			     &e) == 0 &&
			text_is(v.text, "X"));
	}
	box_free(box);
	arena_free(a);
	return 0;
}
