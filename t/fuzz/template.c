/* A letter's text compiled and rendered in each mode; what is escaped stays escaped. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "fuzz.h"
#include "script/template.h"

#include <string.h>

static const char *vars_text =
	"{\"profile\":{\"first_name\":\"<Анна & \\\"Co\\\">\",\"email\":\"a@x.example\","
	"\"bonus\":12.5,\"birthday\":\"1990-03-05\"},\"items\":[{\"name\":\"Улун\","
	"\"price\":"
	"1200},{\"name\":\"' "
	"onx=\"}],\"link\":\"javascript:alert(1)\",\"n\":3,\"none\":null}";

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	enum template_mode mode = (enum template_mode)fuzz_choice(&t, 3);
	struct template_set *set = template_set_letters(NULL);
	struct template *made;
	struct template_view view = {
		.language = "ru", .currency = "BYN", .now_us = 1772742600000000};
	struct val vars;
	struct err e;
	must(json_parse(a, text_of(vars_text), &vars, &e) == 0);
	if (template_compile(set, t, "letter", mode, &made, &e) == 0) {
		struct str out = str_new(a);
		template_names(a, made);
		if (template_render(made, &vars, &view, &out, &e) == 0 &&
			mode == TEMPLATE_SUBJECT && out.n > 0)
			must(memchr(out.at, '\n', out.n) == NULL);
		template_drop(made);
	}
	template_set_free(set);
	arena_free(a);
	return 0;
}
