/* Sorted pages of people: any sort, search and cursor; following "next" from any page shows nobody twice and ends. */
#include "base/str.h"
#include "base/time.h"
#include "column/base.h"
#include "column/page.h"
#include "fuzz.h"

enum { PEOPLE = 30 };

static struct column_base *
base_new(void)
{
	static const char *const cities[] = {"Minsk", "минск", "Brest", ""};
	struct arena *a = arena_new();
	struct column_base *base = column_base_new(1, zone_utc());
	for (int64_t id = 1; id <= PEOPLE; id++) {
		struct val f = val_map(a);
		val_put(a, &f, "city", val_text(cities[id % 4]));
		if (id % 5 != 0)
			val_put(a, &f, "age", val_num((double)(id % 7) - 2.5));
		val_put(a, &f, "created_at", val_int(id % 3 * SECOND_US));
		val_put(a, &f, "vip", val_bool(id % 2));
		val_put(a, &f, "birthday", val_text("1990-03-05"));
		column_person_put(base, id, true, &f, NULL);
	}
	arena_free(a);
	return base;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char *const fields[] = {NULL, "city", "age", "created_at", "vip",
		"birthday", "tags", "last_seen_at", "id"};
	static struct column_base *base;
	if (base == NULL)
		base = base_new();
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	bool seen[PEOPLE + 1] = {false};
	struct err e;
	int64_t *ids;
	size_t got, all = 0;
	int choice = fuzz_choice(&t, 18);
	struct text query = fuzz_line(&t);
	struct bits found = column_search(a, base, query, "BY");
	struct column_page p = {.among = query.n > 0 ? &found : NULL,
		.order = {fields[choice / 2], choice % 2 == 1},
		.after = t,
		.limit = 4};
	struct text next;
	while (column_page(a, base, &p, &ids, &got, &next, &e) == 0) {
		for (size_t i = 0; i < got; i++) {
			must(ids[i] > 0 && ids[i] <= PEOPLE && !seen[ids[i]]);
			seen[ids[i]] = true;
		}
		all += got;
		if (next.n == 0)
			break;
		p.after = next;
	}
	must(all <= PEOPLE);
	arena_free(a);
	return 0;
}
