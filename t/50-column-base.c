/* The columns hold what they were fed, in whatever order, and give pages, searches, samples and counts of it. */
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/json.h"
#include "base/time.h"
#include "column/base.h"
#include "column/page.h"
#include "column/read.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

static struct val
json(struct arena *a, const char *z)
{
	struct val v;
	struct err e;
	if (json_parse(a, text_of(z), &v, &e) < 0)
		printf("# %s\n", e.text);
	return v;
}

static void
put(struct arena *a, struct column_base *base, int64_t id, bool known, const char *fields)
{
	struct val v = json(a, fields);
	column_person_put(base, id, known, &v, NULL);
}

static const char *
value(struct arena *a, struct column_base *base, int64_t id, const char *field)
{
	struct val v = column_value(a, base, (size_t)column_row(base, id), text_of(field));
	return text_z(a, json_text(a, &v));
}

static struct column_base *
company(struct arena *a)
{
	struct column_base *base = column_base_new(7, zone_find(text_of("Europe/Minsk")));
	column_field_define(base, text_of("birthday"), text_of("date"));
	column_field_define(base, text_of("created_at"), text_of("datetime"));
	put(a, base, 11, true,
		"{\"first_name\":\"Анна\",\"last_name\":\"Ёлкина\",\"email\":\"anna@x."
		"example\",\"phone\":\"+375291112233\","
		"\"age\":30,\"birthday\":\"1990-02-28\",\"created_at\":\"2026-03-01T21:30:"
		"00Z\",\"city\":\"Минск\"}");
	put(a, base, 12, true,
		"{\"first_name\":\"Boris\",\"last_name\":\"Анненков\",\"email\":\"boris@x."
		"example\",\"age\":20,"
		"\"created_at\":\"2026-03-02T20:00:00Z\",\"city\":\"Минск\"}");
	put(a, base, 13, false,
		"{\"city\":\"Брест\",\"created_at\":\"2026-03-02T21:00:00Z\"}");
	put(a, base, 14, true,
		"{\"first_name\":\"анна\",\"age\":20,\"created_at\":\"2026-02-01T00:00:"
		"00Z\"}");
	return base;
}

static const char *
pages(struct arena *a, struct column_base *base, const char *field, bool descending,
	size_t limit)
{
	struct str out = str_new(a);
	struct column_page p = {.order = {field, descending}, .limit = limit};
	str_addz(&out, "");
	for (int turn = 0; turn < 10; turn++) {
		int64_t *ids;
		size_t n;
		struct err e;
		struct text next;
		if (column_page(a, base, &p, &ids, &n, &next, &e) < 0)
			return arena_printf(a, "%s: %s", e.field, e.text);
		for (size_t i = 0; i < n; i++)
			str_addf(&out, "%lld ", (long long)ids[i]);
		if (next.n == 0)
			break;
		str_addz(&out, "/ ");
		p.after = next;
	}
	return out.at;
}

static const char *
members(struct arena *a, struct column_base *base, struct bits set)
{
	struct str out = str_new(a);
	str_addz(&out, "");
	for (size_t row = bits_next(&set, 0); row < set.n; row = bits_next(&set, row + 1))
		str_addf(&out, "%lld ", (long long)column_person(base, row));
	return out.at;
}

static void
values(struct arena *a, struct column_base *base)
{
	is_text(value(a, base, 11, "city"), "\"Минск\"", "a text");
	is_text(value(a, base, 11, "age"), "30", "a number");
	is_text(value(a, base, 11, "birthday"), "\"1990-02-28\"", "a date");
	is_text(value(a, base, 11, "created_at"), "\"2026-03-01T21:30:00.000Z\"", "a time");
	is_text(value(a, base, 13, "age"), "null", "a missing value");
	struct val change = json(a, "{\"city\":null,\"age\":31,\"tags\":[\"a\",5]}");
	column_person_patch(base, 11, &change, NULL);
	is_text(value(a, base, 11, "city"), "null", "null clears");
	is_text(value(a, base, 11, "age"), "31", "a patch changes");
	is_text(value(a, base, 11, "tags"), "[\"a\",\"5\"]", "a new field is met");
	is_text(value(a, base, 11, "email"), "\"anna@x.example\"", "and leaves the rest");
	change = json(a, "{\"city\":\"Минск\",\"age\":30}");
	column_person_patch(base, 11, &change, NULL);
	ok(!column_field_define(base, text_of("age"), text_of("text")),
		"a type that changed is told");
	ok(!column_field_define(base, text_of("age"), text_of("number")), "and back");
	is_text(value(a, base, 12, "age"), "null",
		"its values are missing until put again");
	change = json(a, "{\"age\":20}");
	column_person_patch(base, 12, &change, NULL);
	column_person_patch(base, 14, &change, NULL);
	change = json(a, "{\"age\":30}");
	column_person_patch(base, 11, &change, NULL);
}

static void
lists(struct arena *a, struct column_base *base)
{
	is_text(pages(a, base, NULL, false, 10), "14 13 12 11 ", "newest ids first");
	is_text(pages(a, base, NULL, false, 3), "14 13 12 / 11 ", "in pages");
	is_text(pages(a, base, "age", false, 1), "12 / 14 / 11 / 13 ",
		"by a number, missing last, ties by id");
	is_text(pages(a, base, "age", true, 2), "11 14 / 12 13 ",
		"the other way round, missing still last");
	is_text(pages(a, base, "first_name", false, 1), "12 / 11 / 14 / 13 ",
		"by folded text");
	is_text(pages(a, base, "created_at", true, 2), "13 12 / 11 14 ", "by time");
	is_text(pages(a, base, "nothing", true, 2),
		"sort: there is no field \"nothing\" to sort by", "an unknown field");
	struct column_page p = {.known = true, .limit = 10, .after = text_of("12;drop")};
	int64_t *ids;
	size_t n;
	struct text next;
	struct err e;
	ok(column_page(a, base, &p, &ids, &n, &next, &e) < 0, "a broken cursor is refused");
	p.after = (struct text){"", 0};
	ok(column_page(a, base, &p, &ids, &n, &next, &e) == 0 && n == 3,
		"known people only");
	is_text(members(a, base, column_search(a, base, text_of("АННА"), "BY")), "11 14 ",
		"search by name");
	is_text(members(a, base, column_search(a, base, text_of("анн ёлк"), "BY")), "11 ",
		"every word must be found");
	is_text(members(a, base, column_search(a, base, text_of("29 111-22-33"), "BY")),
		"11 ", "a phone in parts");
	is_text(members(a, base, column_search(a, base, text_of("111-22-33"), "BY")), "11 ",
		"a phone as written");
	is_text(members(a, base, column_search(a, base, text_of("X.EXAMPLE"), "BY")),
		"11 12 ", "search by e-mail");
	is_text(members(a, base, column_search(a, base, text_of("13"), "BY")), "13 ",
		"search by id");
	is_text(members(a, base, column_search(a, base, text_of("елк анн"), "BY")), "11 ",
		"words in any order, one letter for two");
	is_text(members(a, base, column_search(a, base, text_of("8 029 111"), "BY")), "11 ",
		"the beginning of a phone as it is dialled at home");
	is_text(members(a, base, column_search(a, base, text_of("80291112233"), "BY")),
		"11 ", "all of it");
	is_text(members(a, base, column_search(a, base, text_of("+375 (29) 111"), "BY")),
		"11 ", "and as it is dialled from abroad");
	is_text(members(a, base, column_search(a, base, text_of("8 029 111"), "PL")), "",
		"another country dials otherwise");
	struct bits all = column_all(a, base, false);
	int64_t first[2], again[2], other[4];
	ok(column_sample(base, &all, 5, 2, first) == 2 &&
			column_sample(base, &all, 5, 2, again) == 2 &&
			first[0] == again[0] && first[1] == again[1],
		"a sample repeats with its seed");
	ok(column_sample(base, &all, 6, 4, other) == 4, "and takes all when there are few");
	int64_t counts[3], from_us;
	must(time_parse(text_of("2026-03-01T00:00:00Z"), &from_us) == 1);
	must(column_count_days(base, &all, "created_at", NULL, from_us, 3, counts, &e) ==
		0);
	ok(counts[0] == 0 && counts[1] == 2 && counts[2] == 1,
		"days are the company's (%d %d %d)", (int)counts[0], (int)counts[1],
		(int)counts[2]);
	struct val groups;
	must(column_count_values(a, base, &all, "city", 5, &groups, &e) == 0);
	is_text(text_z(a, json_text(a, &groups)),
		"[{\"value\":\"Минск\",\"count\":2},{\"value\":\"Брест\",\"count\":1}]",
		"values are counted");
}

static void
events(struct arena *a, struct column_base *base)
{
	struct val props = json(a, "{\"total\":5,\"deep\":{\"x\":1},\"items\":[{\"sku\":"
				   "\"A\"},{\"sku\":\"B\"}]}");
	ok(column_event_add(base, 11, text_of("buy"), 100, 1, &props), "an event is added");
	ok(!column_event_add(base, 11, text_of("buy"), 100, 1, &props), "once");
	ok(column_event_add(base, 99, text_of("see"), 50, 2, NULL),
		"an event may be the first of a person");
	ok(column_row(base, 99) >= 0 &&
			!column_row_is_known(base, (size_t)column_row(base, 99)),
		"who is anonymous");
	ok(column_event_add(base, 11, text_of("buy"), 10, 3, NULL),
		"a late event is added");
	struct val types = column_event_types(a, base);
	is_text(text_z(a, json_text(a, &types)),
		"[{\"type\":\"buy\",\"count\":2},{\"type\":\"see\",\"count\":1}]",
		"kinds are counted");
	struct val names = column_event_props(a, base, text_of("buy"));
	is_text(text_z(a, json_text(a, &names)), "[\"total\",\"deep.x\",\"items.sku\"]",
		"and their properties known");
	column_member_set(base, 500, 99, true);
	column_member_set(base, 500, 12, true);
	column_person_merge(base, 99, 11);
	ok(column_row(base, 99) == column_row(base, 11),
		"a merged id answers as the other");
	ok(column_member_count(base, 500) == 1 && column_member_is(base, 500, 12),
		"its memberships end");
	ok(column_stats(base).events == 3, "its events stay");
	column_person_merge(base, 12, 11);
	column_person_merge(base, 11, 14);
	ok(column_row(base, 99) == column_row(base, 14) &&
			column_row(base, 12) == column_row(base, 14),
		"through chains of merges");
	column_person_drop(base, 14);
	ok(column_row(base, 14) < 0 && column_row(base, 99) < 0 &&
			column_stats(base).events == 0,
		"who is dropped is gone with all ids and events");
	ok(column_stats(base).persons == 1, "one is left");
	put(a, base, 20, true, "{}");
	is_text(value(a, base, 20, "email"), "null",
		"an empty row is clean when it is used again");
	struct column_stats s = column_stats(base);
	ok(s.memory_bytes > 1000 && s.memory_bytes < 4000000, "memory is stated (%zu)",
		s.memory_bytes);
}

static void
prop_values(struct arena *a)
{
	static const char *const cities[] = {"Лида", "Минск", "Минск", "минск"};
	struct column_base *base = column_base_new(8, NULL);
	struct text visit = text_of("visit"), city = text_of("city");
	for (int i = 0; i < 4; i++) {
		struct val props = val_map(a);
		val_put(a, &props, "city", val_text(cities[i]));
		val_put(a, &props, "n", val_int(i));
		column_event_add(base, 12 + i % 2, i < 3 ? visit : text_of("call"), 20 + i,
			10 + i, &props);
	}
	struct val list = column_prop_values(a, base, visit, city, 5);
	is_text(text_z(a, json_text(a, &list)),
		"[{\"value\":\"Минск\",\"count\":2},{\"value\":\"Лида\",\"count\":1}]",
		"texts of a property are counted, of events of that type alone");
	list = column_prop_values(a, base, visit, city, 1);
	ok(val_len(&list) == 1, "the most frequent of them");
	list = column_prop_values(a, base, visit, text_of("n"), 5);
	ok(val_len(&list) == 0, "numbers are none");
	list = column_prop_values(a, base, visit, text_of("none"), 5);
	ok(val_len(&list) == 0, "nor is what no event has");
	column_base_free(base);
}

static void
many(struct arena *a)
{
	struct column_base *base = column_base_new(8, NULL);
	for (int i = 0; i < 5000; i++) {
		struct val f = val_map(a), p = val_map(a);
		val_put(a, &f, "name", val_text(arena_printf(a, "n%d", i % 100)));
		val_put(a, &p, "k", val_int(i));
		column_person_put(base, 1000 + i, true, &f, NULL);
		for (int k = 0; k < 5; k++)
			column_event_add(base, 1000 + (i * 7 + k) % 5000,
				text_of(k % 2 ? "x" : "y"), (i * 31) % 1000, i * 5 + k, &p);
		column_member_set(base, 1, 1000 + i, i % 3 == 0);
	}
	struct column_stats s = column_stats(base);
	ok(s.persons == 5000 && s.events == 25000 && column_member_count(base, 1) == 1667,
		"many people");
	ok(s.texts == 100, "a text is kept once");
	column_base_free(base);
}

/* Texts found as they lie are those that contain the needle, whatever was forgotten between them. */
static size_t
wrong_lasts(struct column_base *base, const char *type)
{
	int64_t number = dict_find(base->types, text_of(type));
	size_t wrong = 0;
	const int64_t *last = number >= 0 ? column_last(base, (uint32_t)number) : NULL;
	for (size_t row = 0; last != NULL && row < base->n; row++) {
		size_t n;
		const struct column_event *events = column_events(base, row, number, &n);
		const struct column_total *total = column_total(base, row, number);
		int64_t want = n > 0 ? events[n - 1].at_us : INT64_MIN;
		if (total != NULL && total->last_us > want)
			want = total->last_us;
		wrong += last[row] != want;
	}
	return wrong;
}

/* What is kept of each row's last event is what a recount says, whatever happens to the rows. */
static void
lasts(void)
{
	static const char *const types[] = {"purchase", "page_view", "wish"};
	struct column_base *base = column_base_new(9, NULL);
	size_t wrong = 0, asked = 0;
	srand48(4242);
	for (int step = 0; step < 30000; step++) {
		int64_t id = 1 + lrand48() % 3000;
		long what = lrand48() % 100;
		if (what < 90)
			column_event_add(base, id, text_of(types[lrand48() % 3]),
				lrand48() % 1000000 * SECOND_US, step, NULL);
		else if (what < 94)
			column_person_merge(base, id, 1 + lrand48() % 3000);
		else if (what < 98)
			column_person_drop(base, id);
		else if (what == 98 && step % 50 == 0)
			column_fold_before(base, (int64_t)(100000 + step * 20) * SECOND_US);
		if (step % 500 == 499 && ++asked > 5)
			for (size_t i = 0; i < asked % 4 && i < 3; i++)
				wrong += wrong_lasts(base, types[i]);
	}
	ok(wrong == 0 && base->total_n > 0 && base->folded_before_us > 0,
		"each row's last event of a type is what a recount says (%zu wrong)",
		wrong);
	column_base_free(base);
}

static void
dictionary(struct arena *a)
{
	static const char *const needles[] = {
		"1", "12", "ab", "x", "long", "zz", "7x", "q"};
	struct dict *d = dict_new();
	char *block = arena_alloc(a, 200000);
	memset(block, 'l', 200000);
	memcpy(block + 150000, "long", 4);
	for (int i = 0; i < 5000; i++) {
		dict_put(d,
			text_of(arena_printf(a, "%d%s%d", i * 7919 % 1000,
				i % 3 == 0   ? "ab"
				: i % 5 == 0 ? "x"
					     : "",
				i)),
			NULL);
		if (i % 1700 == 0)
			dict_put(d, (struct text){block, 160000 + (size_t)i}, NULL);
	}
	for (int64_t i = 100; i < 5000; i += i < 1000 ? 1 : 13)
		dict_forget(d, i);
	bool same = true;
	for (size_t k = 0; k < sizeof needles / sizeof *needles; k++) {
		struct text needle = text_of(needles[k]);
		struct dict_scan scan = dict_scan_begin(d, needle);
		int64_t at = dict_scan_next(&scan);
		for (size_t i = 0; i < dict_count(d); i++) {
			struct text t = dict_text(d, (int64_t)i);
			if (memmem(t.at, t.n, needle.at, needle.n) == NULL)
				continue;
			same &= at == (int64_t)i;
			at = dict_scan_next(&scan);
		}
		same &= at == DICT_NONE;
	}
	ok(same, "a scan of a dictionary finds what one by one is found");
	dict_free(d);
	struct dict *none = dict_new();
	struct dict_scan scan = dict_scan_begin(none, text_of("x"));
	ok(dict_scan_next(&scan) == DICT_NONE, "and nothing in an empty one");
	dict_free(none);
}

int
main(void)
{
	struct arena *a = arena_new();
	struct column_base *base = company(a);
	values(a, base);
	lists(a, base);
	events(a, base);
	column_base_free(base);
	prop_values(a);
	many(a);
	lasts();
	dictionary(a);
	arena_free(a);
	return tap_done();
}
