/* Twelve rules over a made-up base: in the columns, and as a programmer would write each by hand in C over arrays of the same numbers.
 * columns PEOPLE [DIR]: prints a line of JSON for the base and for each rule; with DIR writes the same people and events there as
 * text for a database to load (t/bench/rules). The same on each run. */
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/time.h"
#include "column/base.h"
#include "column/bits.h"
#include "column/page.h"
#include "column/snapshot.h"
#include "segment/eval.h"
#include "segment/rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	EACH = 10,
	CITIES = 40,
	TYPES = 5,
	URLS = 500,
	ROUNDS = 9,
	TEXTS = 5,
	NUMBERS = 6,
	ONES = 20000
};
enum { PAGE_VIEW, PURCHASE, CART_ADD, EMAIL_OPEN, WISH };
static const char *const types[TYPES] = {
	"page_view", "purchase", "cart_add", "email_open", "wish"};

static uint64_t state = 88172645463325252u;

static uint64_t
chance(uint64_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}

/* The same base as plain arrays, the events of a person one behind the other in time. */
static struct plain {
	size_t people;
	uint8_t *city, *vip, *tier;
	double *bonus, *age;
	int64_t *seen_us;
	int32_t *born;
	uint32_t *first; /* of people + 1 */
	uint8_t *type;
	int64_t *at_us;
	uint16_t *url;
	double *total;
} p;
static int64_t now_us;

static void
make_plain(size_t people)
{
	size_t events = people * EACH;
	p = (struct plain){.people = people,
		.city = malloc(people),
		.vip = malloc(people),
		.tier = malloc(people),
		.bonus = malloc(people * sizeof(double)),
		.age = malloc(people * sizeof(double)),
		.seen_us = malloc(people * sizeof(int64_t)),
		.born = malloc(people * sizeof(int32_t)),
		.first = malloc((people + 1) * sizeof(uint32_t)),
		.type = malloc(events),
		.at_us = malloc(events * sizeof(int64_t)),
		.url = malloc(events * sizeof(uint16_t)),
		.total = malloc(events * sizeof(double))};
	for (size_t i = 0; i < people; i++) {
		p.city[i] = (uint8_t)(chance(CITIES) * chance(CITIES) / CITIES);
		p.vip[i] = chance(20) == 0;
		p.tier[i] = (uint8_t)chance(4);
		p.bonus[i] = (double)chance(100000) / 100;
		p.age[i] = 18 + (double)chance(60);
		p.seen_us[i] = now_us - (int64_t)chance(365 * 86400) * SECOND_US;
		p.born[i] = (int32_t)chance(18000);
		p.first[i] = (uint32_t)(i * EACH);
		for (size_t k = i * EACH; k < (i + 1) * EACH; k++) {
			uint64_t t = chance(100);
			p.type[k] = t < 50   ? PAGE_VIEW
				    : t < 65 ? PURCHASE
				    : t < 80 ? CART_ADD
				    : t < 95 ? EMAIL_OPEN
					     : WISH;
			p.at_us[k] = now_us - (int64_t)chance(365 * 86400) * SECOND_US -
				     (int64_t)chance(SECOND_US);
			p.url[k] = (uint16_t)(chance(URLS) * chance(URLS) / URLS);
			p.total[k] = (double)chance(30000) / 100;
		}
	}
	p.first[people] = (uint32_t)events;
}

static struct column_base *
make_base(struct arena *a)
{
	static const char *const numbers[] = {"n1", "n2", "n3", "n4", "n5", "n6"};
	static const char *const texts[] = {"t1", "t2", "t3", "t4", "t5"};
	struct column_base *base = column_base_new(1, zone_utc());
	column_field_define(base, text_of("created_at"), text_of("datetime"));
	column_field_define(base, text_of("last_seen_at"), text_of("datetime"));
	column_field_define(base, text_of("birthday"), text_of("date"));
	for (size_t i = 0; i < p.people; i++) {
		struct arena_mark mark = arena_mark(a);
		struct val f = val_map(a);
		struct date born = date_of_days(p.born[i]);
		val_put(a, &f, "email",
			val_text(arena_printf(a, "person%zu@shop%zu.example", i, i % 97)));
		val_put(a, &f, "phone", val_text(arena_printf(a, "+37529%07zu", i)));
		val_put(a, &f, "first_name",
			val_text(arena_printf(a, "Имя%d", (int)chance(400))));
		val_put(a, &f, "last_name",
			val_text(arena_printf(a, "Фамилия%d", (int)chance(20000))));
		val_put(a, &f, "external_id", val_text(arena_printf(a, "1C-%07zu", i)));
		val_put(a, &f, "middle_name",
			val_text(arena_printf(a, "Отчество%d", (int)chance(200))));
		val_put(a, &f, "gender", val_text(chance(2) ? "female" : "male"));
		val_put(a, &f, "country", val_text("BY"));
		val_put(a, &f, "region",
			val_text(arena_printf(a, "Область %d", p.city[i] % 6)));
		val_put(a, &f, "address",
			val_text(arena_printf(
				a, "Улица %d, %d", (int)chance(900), (int)chance(120))));
		val_put(a, &f, "language", val_text(chance(8) ? "ru" : "be"));
		val_put(a, &f, "city", val_text(arena_printf(a, "Город %d", p.city[i])));
		val_put(a, &f, "tier", val_text(arena_printf(a, "tier %d", p.tier[i])));
		val_put(a, &f, "vip", val_bool(p.vip[i]));
		val_put(a, &f, "bonus", val_num(p.bonus[i]));
		val_put(a, &f, "age", val_num(p.age[i]));
		val_put(a, &f, "last_seen_at", val_int(p.seen_us[i]));
		val_put(a, &f, "created_at", val_int(p.seen_us[i] - 400 * DAY_US));
		val_put(a, &f, "birthday",
			val_text(arena_printf(
				a, "%04d-%02d-%02d", born.year, born.month, born.day)));
		for (size_t k = 0; k < NUMBERS; k++)
			val_put(a, &f, numbers[k], val_num((double)chance(1000)));
		for (size_t k = 0; k < TEXTS; k++)
			val_put(a, &f, texts[k],
				val_text(arena_printf(a, "value %d", (int)chance(50))));
		column_person_put(base, (int64_t)i + 1, true, &f, NULL);
		for (size_t k = i * EACH; k < (i + 1) * EACH; k++) {
			struct val props = val_map(a);
			val_put(a, &props, "url",
				val_text(arena_printf(a, "/page/%d", p.url[k])));
			val_put(a, &props, "total", val_num(p.total[k]));
			val_put(a, &props, "device", val_text(k % 3 ? "phone" : "desktop"));
			column_event_add(base, (int64_t)i + 1, text_of(types[p.type[k]]),
				p.at_us[k], (int64_t)k, &props);
		}
		arena_rewind(a, mark);
	}
	return base;
}

/* By hand: how many, for each rule. Days are whole times 86400 seconds back from now, as within() counts them. */
#define EVENTS_OF(i, k)	   for (uint32_t k = p.first[i]; k < p.first[i + 1]; k++)
#define IS_WITHIN(k, days) (p.at_us[k] > now_us - (days)*DAY_US && p.at_us[k] <= now_us)
#define BY_HAND(name, condition, ...)                                                      \
	static size_t name(void)                                                           \
	{                                                                                  \
		size_t n = 0;                                                              \
		for (size_t i = 0; i < p.people; i++) {                                    \
			__VA_ARGS__                                                        \
			n += (condition) ? 1 : 0;                                          \
		}                                                                          \
		return n;                                                                  \
	}

BY_HAND(hand_city, p.city[i] == 3, )
BY_HAND(hand_fields,
	p.city[i] == 3 && p.age[i] >= 25 && p.age[i] <= 40 && p.bonus[i] > 100, )
BY_HAND(hand_or, p.vip[i] || p.bonus[i] > 900, )
BY_HAND(hand_seen, p.seen_us[i] > now_us - 30 * DAY_US && p.seen_us[i] <= now_us, )
BY_HAND(hand_ever, c > 0, size_t c = 0; EVENTS_OF(i, k) c += p.type[k] == WISH;)
BY_HAND(hand_twice, c >= 2, size_t c = 0;
	EVENTS_OF(i, k) c += p.type[k] == PURCHASE && IS_WITHIN(k, 90);)
BY_HAND(hand_not_opened, c == 0, size_t c = 0;
	EVENTS_OF(i, k) c += p.type[k] == EMAIL_OPEN && IS_WITHIN(k, 30);)
BY_HAND(hand_sum, s >= 300, double s = 0;
	EVENTS_OF(i, k) if (p.type[k] == PURCHASE) s += p.total[k];)
BY_HAND(hand_mixed, c > 0, size_t c = 0;
	if (p.city[i] < 3) EVENTS_OF(i, k) c += p.type[k] == PURCHASE && IS_WITHIN(k, 30);)
BY_HAND(hand_page, c > 0, size_t c = 0;
	EVENTS_OF(i, k) c += p.type[k] == PAGE_VIEW && p.url[k] == 17 && IS_WITHIN(k, 60);)
BY_HAND(
	hand_left, c > 0 && b == 0, size_t c = 0, b = 0; EVENTS_OF(i, k) {
		c += p.type[k] == CART_ADD && IS_WITHIN(k, 7);
		b += p.type[k] == PURCHASE && IS_WITHIN(k, 7);
	})
BY_HAND(hand_last, last != INT64_MIN && last < now_us - now_us % DAY_US - 180 * DAY_US,
	int64_t last = INT64_MIN;
	EVENTS_OF(i, k) if (p.type[k] == PURCHASE && p.at_us[k] > last) last = p.at_us[k];)

static const struct rule_case {
	const char *name, *rule;
	size_t (*by_hand)(void);
} cases[] = {
	{"one field", "return field.city:is \"Город 3\"", hand_city},
	{"four fields",
		"return field.city:is \"Город 3\" & field.age:between(25, 40) & "
		"field.bonus:more(100)",
		hand_fields},
	{"either", "return field.vip:is(true) | field.bonus:more(900)", hand_or},
	{"seen lately", "return field.last_seen_at:within_last \"30d\"", hand_seen},
	{"ever", "return event.wish", hand_ever},
	{"twice in 90 days", "return event.purchase:within \"90d\":count():at_least(2)",
		hand_twice},
	{"not for 30 days", "return ~event.email_open:within \"30d\"", hand_not_opened},
	{"spent", "return event.purchase:sum(\"total\"):at_least(300)", hand_sum},
	{"place and purchase",
		"return field.city:one_of { \"Город 0\", \"Город 1\", \"Город 2\" } & "
		"event.purchase:within \"30d\"",
		hand_mixed},
	{"a page", "return event.page_view:where { url = \"/page/17\" }:within \"60d\"",
		hand_page},
	{"left the cart",
		"return event.cart_add:within \"7d\" & ~event.purchase:within "
		"\"7d\"",
		hand_left},
	{"long gone", "return event.purchase:last():before \"DAY\"", hand_last},
};
enum { CASES = sizeof cases / sizeof *cases };

static const char *
field_type(void *obj, struct text name)
{
	static const char *const typed[][2] = {{"age", "number"}, {"bonus", "number"},
		{"vip", "bool"}, {"last_seen_at", "datetime"}};
	(void)obj;
	for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
		if (text_is(name, typed[i][0]))
			return typed[i][1];
	return "text";
}

/* What one event costs a segment: one person asked again; us for ONES of them, spread over the base. */
static int64_t
one_by_one(struct segment_eval *v, struct column_base *base)
{
	struct err e;
	int64_t begun = time_monotonic_us();
	for (size_t i = 0; i < ONES; i++) {
		struct segment_answer one;
		size_t row = (size_t)column_row(base, (int64_t)(i * 7919 % p.people) + 1);
		must(segment_eval_one(NULL, v, row, now_us, &one, &e) == 0);
	}
	return time_monotonic_us() - begun;
}

static int
by_size(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return (a > b) - (a < b);
}

static void
run_case(struct arena *a, const struct rule_case *c, struct column_base *base,
	const struct settings *s)
{
	int64_t ours[ROUNDS], theirs[ROUNDS], timed[ROUNDS];
	struct rule_names names = {.field_type = field_type};
	struct date d = date_of_days(now_us / DAY_US - 180);
	const char *day = arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day);
	char text[400];
	struct rule *r;
	struct err e;
	struct bits in;
	size_t count = 0, hand = 0;
	const char *hole = strstr(c->rule, "DAY");
	snprintf(text, sizeof text, "%.*s%s%s", hole != NULL ? (int)(hole - c->rule) : 400,
		c->rule, hole != NULL ? day : "", hole != NULL ? hole + 3 : "");
	if (rule_compile(text_of(text), s, &names, &r, &e) < 0) {
		fprintf(stderr, "%s: %s\n", text, e.text);
		exit(1);
	}
	int64_t *until = malloc((p.people + 1) * sizeof *until);
	for (int i = 0; i < ROUNDS; i++) {
		struct arena_mark mark = arena_mark(a);
		struct segment_eval *v = segment_eval_new(r, base, s);
		int64_t begun = time_monotonic_us();
		must(segment_eval_all(a, v, now_us, 0, &in, NULL, &e) == 0);
		count = bits_count(&in);
		ours[i] = time_monotonic_us() - begun;
		begun = time_monotonic_us();
		if (i % 3 == 0)
			must(segment_eval_all(a, v, now_us, 0, &in, until, &e) == 0);
		timed[i / 3] = i % 3 == 0 ? time_monotonic_us() - begun : timed[i / 3];
		begun = time_monotonic_us();
		hand = c->by_hand();
		theirs[i] = time_monotonic_us() - begun;
		segment_eval_free(v);
		arena_rewind(a, mark);
	}
	struct segment_eval *v = segment_eval_new(r, base, s);
	int64_t ids[10], begun = time_monotonic_us();
	must(segment_eval_all(a, v, now_us, 0, &in, NULL, &e) == 0);
	int64_t sampled = time_monotonic_us();
	column_sample(base, &in, 7, 10, ids);
	sampled = time_monotonic_us() - sampled;
	begun = time_monotonic_us();
	must(segment_eval_past(a, v, now_us - 30 * DAY_US, 0, &in, &e) == 0);
	int64_t past = time_monotonic_us() - begun, ones = one_by_one(v, base);
	segment_eval_free(v);
	qsort(ours, ROUNDS, sizeof *ours, by_size);
	qsort(theirs, ROUNDS, sizeof *theirs, by_size);
	qsort(timed, ROUNDS / 3, sizeof *timed, by_size);
	printf("{\"rule\":\"%s\",\"count\":%zu,\"by_hand\":%zu,\"us\":%lld,\"until_us\":%"
	       "lld,"
	       "\"by_hand_us\":%lld,\"sample_us\":%lld,\"past_us\":%lld,\"one_ns\":%.0f,"
	       "\"day\":\"%s\"}\n",
		c->name, count, hand, (long long)ours[ROUNDS / 2],
		(long long)timed[ROUNDS / 6], (long long)theirs[ROUNDS / 2],
		(long long)sampled, (long long)past, (double)ones * 1000 / ONES, day);
	free(until);
	rule_free(r);
}

static void
dump(const char *dir)
{
	char path[512];
	snprintf(path, sizeof path, "%s/person.tsv", dir);
	FILE *f = fopen(path, "we");
	must(f != NULL);
	for (size_t i = 0; i < p.people; i++)
		fprintf(f, "%zu\t%d\t%d\t%.2f\t%.0f\t%lld\t%d\n", i + 1, p.city[i],
			p.vip[i], p.bonus[i], p.age[i], (long long)p.seen_us[i], p.born[i]);
	fclose(f);
	snprintf(path, sizeof path, "%s/event.tsv", dir);
	f = fopen(path, "we");
	must(f != NULL);
	for (size_t i = 0; i < p.people; i++)
		EVENTS_OF(i, k)
	fprintf(f, "%zu\t%d\t%lld\t%u\t%d\t%.2f\n", i + 1, p.type[k], (long long)p.at_us[k],
		k, p.url[k], p.total[k]);
	fclose(f);
}

static long
resident_kb(void)
{
	long pages = 0, rest;
	FILE *f = fopen("/proc/self/statm", "re");
	if (f == NULL || fscanf(f, "%ld %ld", &rest, &pages) != 2)
		pages = 0;
	if (f != NULL)
		fclose(f);
	return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void
weigh(struct column_base *base, const char *what, int64_t took_us)
{
	struct column_stats s = column_stats(base);
	printf("{\"base\":\"%s\",\"people\":%zu,\"events\":%zu,\"ms\":%lld,"
	       "\"bytes_a_profile\":%.0f,"
	       "\"bytes_an_event\":%.1f,\"text_bytes_a_profile\":%.0f,\"mb\":%zu,\"rss_"
	       "mb\":%ld}\n",
		what, s.persons, s.events, (long long)took_us / 1000,
		(double)s.rows_bytes / (double)s.persons,
		(double)s.events_bytes / (double)s.events,
		(double)(s.memory_bytes - s.rows_bytes - s.events_bytes) /
			(double)s.persons,
		s.memory_bytes >> 20, resident_kb() / 1024);
}

static struct column_base *
from_snapshot(struct column_base *base)
{
	char path[64];
	struct err e;
	int64_t fence, begun = time_monotonic_us();
	snprintf(path, sizeof path, "/tmp/cxdp-bench-%d.columns", (int)getpid());
	must(column_snapshot_write(base, path, 1, &e) == 0);
	weigh(base, "snapshot written", time_monotonic_us() - begun);
	column_base_free(base);
	begun = time_monotonic_us();
	must(column_snapshot_open(path, 1, zone_utc(), &base, &fence, &e) == 1);
	weigh(base, "snapshot mapped", time_monotonic_us() - begun);
	unlink(path);
	return base;
}

int
main(int argc, char **argv)
{
	struct settings s = {.lua_dir = SOURCE_DIR "/lua",
		.rule_gas = 2000000,
		.rule_memory_kb = 4096,
		.rule_wall_ms = 1000,
		.step_gas = 1000000,
		.step_memory_kb = 4096,
		.step_wall_ms = 500,
		.adapter_gas = 5000000,
		.adapter_memory_kb = 8192,
		.adapter_wall_ms = 500};
	struct arena *a = arena_new();
	arena_alloc(a, 16);
	must(time_parse(text_of("2026-11-25T12:00:00Z"), &now_us) == 1);
	make_plain(argc > 1 ? (size_t)atol(argv[1]) : 100000);
	if (argc > 2)
		dump(argv[2]);
	int64_t begun = time_monotonic_us();
	struct column_base *base = make_base(a);
	weigh(base, "built", time_monotonic_us() - begun);
	base = from_snapshot(base);
	for (size_t i = 0; i < CASES; i++)
		run_case(a, &cases[i], base, &s);
	column_base_free(base);
	arena_free(a);
	return 0;
}
