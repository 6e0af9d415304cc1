/* JSON: what is read is written and read again the same. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct val v, again;
	struct err e;
	if (json_parse(a, (struct text){(const char *)bytes, n}, &v, &e) == 0) {
		struct text written = json_text(a, &v);
		must(json_parse(a, written, &again, &e) == 0);
		must(val_same(&v, &again));
		json_html(a, &v);
	}
	arena_free(a);
	return 0;
}
