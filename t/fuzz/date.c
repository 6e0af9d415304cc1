/* Times, dates, durations, zones and patterns. A time that is read and written is read the same. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "fuzz.h"
#include "script/format.h"

#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	int64_t at_us, again_us, span_us;
	struct date d;
	time_duration(t, &span_us);
	if (date_parse(t, &d) == 1)
		must(date_is(d) && date_is(date_of_days(date_days(d))));
	if (time_parse(t, &at_us) == 1) {
		const char *written = time_text(a, at_us);
		must(strlen(written) != 24 ||
			time_parse(text_of(written), &again_us) == 0 ||
			(at_us - again_us >= 0 && at_us - again_us < 1000));
	} else
		at_us = (int64_t)n * HOUR_US;
	const char *bar = n > 0 ? memchr(bytes, '|', n) : NULL;
	struct text name = {t.at, bar != NULL ? (size_t)(bar - t.at) : n};
	struct text pattern = bar != NULL ? (struct text){bar + 1, n - name.n - 1} : t;
	const struct zone *z = zone_find(name);
	for (int i = 0; i < 4; i++) {
		static const int64_t instants_us[] = {0, -62135596800 * SECOND_US,
			253402300799 * SECOND_US, 1711846800 * SECOND_US};
		int second;
		struct str s = str_new(a);
		const struct zone *in = z != NULL ? z : zone_utc();
		struct date local = zone_date(in, instants_us[i], &second);
		must(second >= 0 && second < 86400);
		zone_time_us(in, local, second);
		zone_day_us(in, instants_us[i], -1);
		format_time(&s, instants_us[i], text_cut(pattern, 256), in,
			i % 2 ? "ru" : "en");
		format_ago(&s, instants_us[i], at_us, in, "ru");
	}
	arena_free(a);
	return 0;
}
