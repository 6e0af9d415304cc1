/* A scenario's text: a tree of steps within its bounds, or a sentence. */
#include "base/json.h"
#include "base/settings.h"
#include "fuzz.h"
#include "scenario/compile.h"

static size_t
steps_of(const struct val *list)
{
	size_t n = val_len(list);
	for (size_t i = 0; i < val_len(list); i++) {
		const struct val *step = &list->list->at[i];
		must(val_as_text(val_get(step, "op")).n > 0);
		n += steps_of(val_get(step, "yes")) + steps_of(val_get(step, "no"));
	}
	return n;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static struct settings settings;
	struct arena *a = arena_new();
	struct val tree, again;
	struct err e = {0};
	if (settings.lua_dir == NULL) {
		static struct arena *kept;
		kept = arena_new();
		must(settings_read(kept, SOURCE_DIR "/t/fuzz/cxdp.conf", &settings, &e) ==
			0);
		settings.lua_dir = SOURCE_DIR "/lua";
	}
	if (scenario_compile(
		    a, &settings, (struct text){(const char *)bytes, n}, &tree, &e) == 0) {
		size_t steps = steps_of(val_get(&tree, "steps"));
		must(steps > 0 && steps <= SCENARIO_STEPS_MAX);
		must(json_parse(a, json_text(a, &tree), &again, &e) == 0);
	} else
		must(e.text[0] != '\0');
	arena_free(a);
	return 0;
}
