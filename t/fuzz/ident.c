/* What names a person, in the one spelling we compare: spelling it again changes nothing; addresses a letter may go to. */
#include "base/str.h"
#include "fuzz.h"
#include "profile/ident.h"
#include "wire/smtp.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char *const countries[] = {"BY", "RU", "KZ", "UA", "PL", "DE", ""};
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	const char *country = countries[fuzz_choice(&t, 7)];
	struct val v = val_of(t);
	for (int kind = IDENT_EXTERNAL; kind < IDENT_KINDS && text_is_utf8(t); kind++) {
		struct ident one, two;
		if (ident_read(a, (enum ident_kind)kind, &v, country, &one) != 1)
			continue;
		must(one.value.n > 0 && one.value.n <= IDENT_VALUE_MAX);
		must(text_is_utf8(one.value));
		struct val again = val_of(one.value);
		must(ident_read(a, (enum ident_kind)kind, &again, country, &two) == 1);
		must(text_same(one.value, two.value));
	}
	if (smtp_address_is(t)) {
		must(memchr(t.at, '@', t.n) == memrchr(t.at, '@', t.n));
		for (size_t i = 0; i < t.n; i++)
			must(t.at[i] > ' ' && t.at[i] <= '~' &&
				strchr("<>()[]\\,;:\"", t.at[i]) == NULL);
	}
	arena_free(a);
	return 0;
}
