/* The settings file: what is read is within its bounds, what is not has a line and a sentence. */
#include "base/settings.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct settings s;
	struct err e = {0};
	int fd;
	const char *path = fuzz_file(a, (struct text){(const char *)bytes, n}, &fd);
	if (settings_read(a, path, &s, &e) == 0) {
		must(s.store_port >= 1 && s.store_port <= 65535);
		must(s.machine >= 0 && s.machine <= 15 && s.ui_threads >= 1);
		must(s.rule_gas > 0 && s.rule_memory_kb > 0 && s.run_dir != NULL);
	} else
		must(e.code == ERR_INPUT && e.line > 0 && e.text[0] != '\0');
	close(fd);
	arena_free(a);
	return 0;
}
