/* The five nouns' first: values, JSON, times, text. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "base/url.h"

#include "tap.h"

static void
json_round(struct arena *a, const char *in, const char *want)
{
	struct val v;
	struct err e;
	bool read = json_parse(a, text_of(in), &v, &e) == 0;
	is_text(read ? text_z(a, json_text(a, &v)) : e.text, want,
		"JSON %s reads and writes", in);
}

static void
json_refused(struct arena *a, struct text in, const char *why)
{
	struct val v;
	struct err e;
	ok(json_parse(a, in, &v, &e) == -1 && e.code == ERR_INPUT,
		"JSON with %s is refused", why);
}

static void
json_tests(struct arena *a)
{
	json_round(a, "{\"a\":[1,2.5,true,null,\"\\u041c\\n\"]}",
		"{\"a\":[1,2.5,true,null,\"М\\n\"]}");
	json_round(a, "0.1", "0.1");
	json_round(a, "9223372036854775807", "9223372036854775807");
	json_round(a, "-9223372036854775808", "-9223372036854775808");
	json_round(a, "[0,-1,-10,100]", "[0,-1,-10,100]");
	json_round(a, "1e300", "1e+300");
	json_round(a, "0.30000000000000004", "0.30000000000000004");
	struct val v;
	struct err e;
	const char *any = "{\"key\":[1,-2.5e-300,null,false,\"\\u0001\\\"\\n\"],"
			  "\"\\u0001\":{\"\":[]}}";
	must(json_parse(a, text_of(any), &v, &e) == 0);
	size_t n = json_text(a, &v).n, wrong = 0;
	for (size_t most = 0; most < 20 * n; most++)
		wrong += json_fits(a, &v, most) != (most >= n);
	ok(n == strlen(any) && wrong == 0, "what fits is told to the byte");
	struct str rows = str_new(a);
	json_add_row(&rows, (int64_t[]){1, INT64_MIN, 0}, 3);
	json_add_row(&rows, (int64_t[]){-7}, 1);
	is_text(text_z(a, str_text(&rows)), "[[1,-9223372036854775808,0],[-7]",
		"rows of numbers");
	json_refused(a, text_of("{\"a\":1,\"a\":2}"), "a key twice");
	json_refused(a, text_of("\"\xff\""), "bad UTF-8");
	json_refused(a, text_of("\"\\ud800\""), "half a surrogate pair");
	json_refused(a, text_of("\"\\u0000\""), "a NUL");
	json_refused(a, text_of("92233720368547758070"), "a number beyond 64 bits");
	json_refused(a, text_of("[1] x"), "something behind it");
	char deep[200];
	memset(deep, '[', sizeof deep);
	json_refused(a, (struct text){deep, sizeof deep}, "200 levels");
}

static void
trim_tests(void)
{
	struct text t = text_trim(text_of("\302\240 \t x y \302\240\n\302\240 "));
	ok(text_is(t, "x y"),
		"blanks of all kinds, in any order, are trimmed at both ends");
}

static void
time_tests(struct arena *a)
{
	int64_t at;
	ok(time_parse(text_of("2024-02-29T23:59:59.5+03:00"), &at) == 1,
		"a leap day with an offset is a time");
	is_text(time_text(a, at), "2024-02-29T20:59:59.500Z",
		"and it is that instant in UTC");
	ok(time_parse(text_of("2023-02-29"), &at) == 0, "29 February 2023 is none");
	const struct zone *minsk = zone_find(text_of("Europe/Minsk"));
	ok(minsk != NULL && zone_offset_s(minsk, at) == 3 * 3600,
		"Minsk is three hours east of UTC");
	ok(zone_find(text_of("../../etc/passwd")) == NULL, "a zone is no path");
	const struct zone *berlin = zone_find(text_of("Europe/Berlin"));
	time_parse(text_of("2026-03-29T12:00:00Z"), &at);
	ok(zone_day_us(berlin, at, 1) - zone_day_us(berlin, at, 0) == 23 * HOUR_US,
		"the day clocks go forward has 23 hours");
	int64_t span;
	ok(time_duration(text_of("90d"), &span) == 1 && span == 90 * DAY_US,
		"90d is ninety days");
	ok(time_duration(text_of("0d"), &span) == 0 &&
			time_duration(text_of("5x"), &span) == 0,
		"0d and 5x are no durations");
}

static void
text_tests(struct arena *a)
{
	is_text(text_z(a, text_fold(a, text_of("Straße ЁЛКА"))), "strasse ёлка",
		"folding is full");
	struct val q;
	struct err e;
	ok(url_query(a, text_of("a=%D0%9C&b[]=1&b[]=2"), &q, &e) == 0 &&
			val_len(val_get(&q, "b")) == 2,
		"a form reads with lists");
	ok(url_is_web(text_of("https://shop.example/a?b=c")) &&
			!url_is_web(text_of("javascript:alert(1)")) &&
			!url_is_web(text_of("http://user@host/")) &&
			!url_is_web(text_of("//host/")),
		"only plain http and https addresses are web addresses");
}

int
main(void)
{
	struct arena *a = arena_new();
	json_tests(a);
	trim_tests();
	time_tests(a);
	text_tests(a);
	arena_free(a);
	return tap_done();
}
