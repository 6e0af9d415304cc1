/* A base written to a file and read back is the base it was, goes on changing, and is never taken from a damaged file; old events
 * become totals, forgotten texts are gone from memory and file. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "column/base.h"
#include "column/read.h"
#include "column/snapshot.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PEOPLE = 3000, EVENTS = 8 };

static char path[64];
static uint64_t state = 88172645463325252u;

static uint64_t
chance(uint64_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}

static void
put(struct arena *a, struct column_base *base, int64_t id)
{
	static const char *const cities[] = {"Минск", "МИНСК", "Brest", "Straße", ""};
	static const char *const zones[] = {"Europe/Minsk", "Asia/Kolkata", "Nowhere/At"};
	struct val f = val_map(a), tags = val_list(a), at = val_map(a), when = val_map(a);
	val_put(a, &f, "email",
		val_text(arena_printf(a, "person-%lld@x.example", (long long)id)));
	val_put(a, &f, "city", val_text(cities[chance(5)]));
	val_put(a, &f, "age", chance(4) ? val_num((double)chance(9000) / 100) : val_null());
	val_put(a, &f, "vip", chance(3) ? val_bool(chance(2)) : val_null());
	val_put(a, &f, "timezone", chance(3) ? val_null() : val_text(zones[chance(3)]));
	val_put(a, &f, "created_at", val_int((int64_t)chance(1000000) * SECOND_US));
	for (uint64_t i = chance(4); i > 0; i--)
		val_push(a, &tags, val_text(cities[chance(4)]));
	val_put(a, &f, "tags", tags);
	val_put(a, &at, "lat", val_num(53.9));
	val_put(a, &at, "lon", val_num((double)chance(3600) / 10 - 180));
	val_put(a, &f, "home", chance(2) ? at : val_null());
	val_put(a, &when, "city", val_int((int64_t)chance(1000) * SECOND_US));
	column_person_put(base, id, chance(2), &f, &when);
}

static void
happen(struct arena *a, struct column_base *base, int64_t id)
{
	static const char *const types[] = {"purchase", "page_view", "Order «ё»"};
	struct val props = val_map(a), list = val_list(a);
	val_put(a, &props, "total", val_num((double)chance(100000) / 100));
	val_put(a, &props, "third", val_num((double)chance(1000) / 3));
	val_put(a, &props, "url", val_text(arena_printf(a, "/%d", (int)chance(500))));
	val_put(a, &props, "ok", val_bool(chance(2)));
	val_push(a, &list, val_int((int64_t)chance(9)));
	val_put(a, &props, "skus", list);
	column_event_add(base, id, text_of(types[chance(3)]),
		(int64_t)chance(2000) * SECOND_US, (int64_t)chance(1u << 30), &props);
}

static void
live(struct arena *a, struct column_base *base, int turns)
{
	for (int i = 0; i < turns; i++) {
		struct arena_mark mark = arena_mark(a);
		int64_t id = 1 + (int64_t)chance(PEOPLE + PEOPLE / 4);
		switch (chance(12)) {
		case 0:
			put(a, base, id);
			break;
		case 1:
			column_person_merge(base, id, 1 + (int64_t)chance(PEOPLE));
			break;
		case 2:
			column_person_drop(base, id);
			break;
		case 3:
			column_consent_set(base, id, text_of("email"), chance(2));
			column_suppress(base, text_of("email"),
				text_of(arena_printf(
					a, "person-%lld@x.example", (long long)id)),
				chance(2));
			break;
		case 4:
			column_member_set(base, 70 + (int64_t)chance(3), id, chance(2));
			break;
		default:
			happen(a, base, id);
		}
		arena_rewind(a, mark);
	}
}

static uint64_t
mix(uint64_t h, struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		h = (h ^ (unsigned char)t.at[i]) * 0x100000001B3u;
	return h;
}

/* Everything that can be read of a person, as one number. */
static uint64_t
seen_of(struct arena *a, const struct column_base *base, int64_t id)
{
	int64_t row = column_row(base, id);
	uint64_t h = 14695981039346656037u;
	if (row < 0)
		return 0;
	for (size_t i = 0; i < base->field_n; i++) {
		struct val v = column_cell(a, base, &base->fields[i], (size_t)row);
		h = mix(h, json_text(a, &v));
		if (base->fields[i].changed_us != NULL)
			h = (h ^ (uint64_t)base->fields[i].changed_us[row]) * 31;
	}
	for (int64_t type = 0; type < (int64_t)dict_count(base->types); type++) {
		size_t n;
		const struct column_event *e = column_events(base, (size_t)row, type, &n);
		for (size_t i = 0; i < n; i++) {
			h = (h ^ (uint64_t)e[i].at_us ^ e[i].order) * 0x100000001B3u;
			for (uint16_t k = 0; k < e[i].prop_n; k++) {
				const struct column_prop *p = &base->props[e[i].props + k];
				h = mix(h, dict_text(base->names, p->name));
				if (column_prop_is_number(p))
					h ^= (uint64_t)column_prop_millionths(base, p) * 7;
				else if (p->kind == PROP_TEXT)
					h = mix(h, column_text(base, p->value));
			}
		}
	}
	for (int64_t segment = 70; segment < 73; segment++)
		h = h * 3 + column_member_is(base, segment, id);
	h = h * 3 + column_reachable(base, (size_t)row, text_of("email"));
	h = h * 3 + column_row_is_known(base, (size_t)row);
	return h ^ (uint64_t)zone_offset_s(column_zone(base, (size_t)row), 0);
}

static int
differing(struct arena *a, const struct column_base *x, const struct column_base *y)
{
	int n = 0;
	for (int64_t id = 1; id <= PEOPLE + PEOPLE / 4; id++) {
		struct arena_mark mark = arena_mark(a);
		n += seen_of(a, x, id) != seen_of(a, y, id);
		arena_rewind(a, mark);
	}
	return n;
}

static struct column_base *
opened(const char *why)
{
	struct column_base *base = NULL;
	struct err e = {0};
	int64_t fence = 0;
	int rc = column_snapshot_open(path, 7, zone_utc(), &base, &fence, &e);
	ok(rc == 1 && fence == 3, "%s", why);
	if (rc != 1)
		printf("# %s\n", e.text);
	return base;
}

/* Each byte of the head, some of the rest: a changed one is never taken for a snapshot that differs from it. */
static void
damage(struct arena *a, const struct column_base *base)
{
	struct stat st;
	int fd = open(path, O_RDWR), refused = 0, wrong = 0, tries = 400;
	must(fd >= 0 && fstat(fd, &st) == 0);
	for (int i = 0; i < tries; i++) {
		off_t at = i < 100 ? i : (off_t)(chance((uint64_t)st.st_size));
		char was, is;
		struct column_base *other = NULL;
		struct err e;
		int64_t fence;
		must(pread(fd, &was, 1, at) == 1);
		is = (char)(was ^ (1 << chance(8)));
		must(pwrite(fd, &is, 1, at) == 1);
		int rc = column_snapshot_open(path, 7, zone_utc(), &other, &fence, &e);
		refused += rc == 0;
		wrong += rc == 1 && i < 80; /* of the head */
		if (rc == 1) { /* the byte stood in a hole, or says nothing of people */
			wrong += i % 10 == 0 && differing(a, base, other) > 0;
			column_base_free(other);
		}
		must(pwrite(fd, &was, 1, at) == 1);
	}
	ok(refused > 50 && wrong == 0,
		"a damaged file is refused (%d of %d), never believed", refused, tries);
	int cut = 0;
	for (int i = 0; i < 20; i++) {
		struct column_base *other;
		struct err e;
		int64_t fence;
		off_t n = st.st_size * i / 20;
		must(ftruncate(fd, n) == 0);
		cut += column_snapshot_open(path, 7, zone_utc(), &other, &fence, &e) == 0;
		if (i > 0)
			continue;
		must(ftruncate(fd, st.st_size) == 0);
	}
	ok(cut == 20, "a cut one too (%d of 20)", cut);
	close(fd);
}

static void
snapshot(struct arena *a)
{
	struct err e;
	struct column_base *base = column_base_new(7, zone_utc());
	column_field_define(base, text_of("created_at"), text_of("datetime"));
	column_field_define(base, text_of("tags"), text_of("list"));
	for (int64_t id = 1; id <= PEOPLE; id++)
		put(a, base, id);
	live(a, base, PEOPLE * EVENTS);
	column_position_set(base, 4711);
	ok(column_snapshot_write(base, path, 3, &e) == 0, "a base is written");
	struct column_base *copy = opened("and opened");
	ok(differing(a, base, copy) == 0 && column_position(copy) == 4711,
		"everybody is as before");
	struct column_stats x = column_stats(base), y = column_stats(copy);
	ok(x.persons == y.persons && x.known == y.known && x.events == y.events,
		"and as many");
	/* both go on: the same changes lead to the same */
	uint64_t at = state;
	live(a, base, PEOPLE * EVENTS);
	state = at;
	live(a, copy, PEOPLE * EVENTS);
	for (int64_t id = PEOPLE * 2; id < PEOPLE * 4; id++) {
		at = state;
		put(a, base, id);
		state = at;
		put(a, copy, id);
	}
	ok(differing(a, base, copy) == 0,
		"what changes afterwards changes it the same way");
	struct column_base *again = opened("the file stays as it was");
	ok(column_position(again) == 4711, "at its position");
	column_base_free(again);
	ok(column_snapshot_write(copy, path, 3, &e) == 0, "the changed one is written");
	again = opened("and opened");
	ok(differing(a, base, again) == 0, "with everybody as they are now");
	struct column_base *other;
	int64_t fence;
	ok(column_snapshot_open(path, 8, zone_utc(), &other, &fence, &e) == 0,
		"another company's is not taken");
	damage(a, base);
	column_base_free(again);
	column_base_free(copy);
	column_base_free(base);
}

/* What begins with the snapshot of nobody, or grows to many times what was in it, is a base like any other. */
static void
from_little(struct arena *a)
{
	struct err e;
	for (int people = 0; people < 3; people++) {
		struct column_base *base = column_base_new(7, zone_utc());
		for (int64_t id = 1; id <= people; id++)
			put(a, base, id);
		must(column_snapshot_write(base, path, 3, &e) == 0);
		struct column_base *copy = opened("a little one is opened");
		uint64_t at = state;
		live(a, base, PEOPLE * 4);
		state = at;
		live(a, copy, PEOPLE * 4);
		ok(differing(a, base, copy) == 0, "and grows as if it had begun anew (%d)",
			people);
		column_base_free(copy);
		column_base_free(base);
	}
}

static bool
holds_bytes(const char *file, const char *what)
{
	int fd = open(file, O_RDONLY);
	struct stat st;
	must(fd >= 0 && fstat(fd, &st) == 0);
	char *bytes = malloc((size_t)st.st_size + 1);
	must(bytes != NULL && read(fd, bytes, (size_t)st.st_size) == st.st_size);
	bool found = memmem(bytes, (size_t)st.st_size, what, strlen(what)) != NULL;
	free(bytes);
	close(fd);
	return found;
}

static void
forgetting(struct arena *a)
{
	struct err e;
	struct column_base *base = column_base_new(7, zone_utc());
	struct val f = val_map(a);
	for (int i = 0; i < 2; i++) {
		val_put(a, &f, "email",
			val_text(i ? "Stays@x.example" : "Secret@x.example"));
		val_put(a, &f, "city", val_text("Минск"));
		column_person_put(base, 1 + i, true, &f, NULL);
	}
	val_put(a, &f, "email", val_text("third-secret@x.example"));
	column_person_put(base, 3, true, &f, NULL);
	val_put(a, &f, "email", val_text("third@x.example"));
	column_person_put(base, 3, true, &f, NULL);
	column_person_drop(base, 1);
	column_tidy(base);
	ok(dict_find(base->texts, text_of("Secret@x.example")) == DICT_NONE &&
			dict_find(base->folds, text_of("secret@x.example")) == DICT_NONE,
		"an erased person's address is in no dictionary");
	ok(dict_find(base->texts, text_of("Stays@x.example")) != DICT_NONE &&
			dict_find(base->texts, text_of("Минск")) != DICT_NONE,
		"what others have stays");
	must(column_snapshot_write(base, path, 3, &e) == 0);
	ok(!holds_bytes(path, "Secret@") && !holds_bytes(path, "secret@") &&
			holds_bytes(path, "Stays@"),
		"nor in the file; neither is the address somebody had before");
	column_base_free(base);
}

static void
folding(struct arena *a)
{
	struct column_base *base = column_base_new(7, zone_utc());
	struct val props = val_map(a);
	for (int i = 0; i < 10; i++) {
		val_put(a, &props, "total", val_num(1.25 * (i + 1)));
		column_event_add(base, 1, text_of("purchase"), i * DAY_US, i, &props);
	}
	column_event_add(base, 2, text_of("purchase"), 3 * DAY_US, 0, &props);
	column_fold_before(base, 6 * DAY_US);
	val_put(a, &props, "total", val_num(100));
	column_event_add(base, 1, text_of("purchase"), 2 * DAY_US + 1, 77, &props);
	column_person_merge(base, 2, 1);
	const struct column_total *t = column_total(base, (size_t)column_row(base, 1), 0);
	size_t n;
	column_events(base, (size_t)column_row(base, 1), 0, &n);
	ok(n == 4 && t != NULL && t->count == 8,
		"six and two that came later are added up");
	const struct column_sum *s = column_sum(
		base, t, dict_find(base->names, text_of("total")));
	/* 1.25 + ... + 7.5, then 12.5 of the one merged in, then 100 */
	ok(s != NULL && s->n == 8 &&
			s->low == (int64_t)(26.25 + 12.5 + 100) * 1000000 + 750000,
		"with the sum of their numbers");
	ok(t->first_us == 0 && t->last_us == 5 * DAY_US, "the first and the last");
	struct err e;
	must(column_snapshot_write(base, path, 3, &e) == 0);
	struct column_base *copy = opened("totals are in the snapshot");
	t = column_total(copy, (size_t)column_row(copy, 1), 0);
	ok(t != NULL && t->count == 8 && column_folded_before_us(copy) == 6 * DAY_US,
		"as they were");
	column_base_free(copy);
	column_base_free(base);
}

static void
many_texts(struct arena *a)
{
	struct column_base *base = column_base_new(7, zone_utc());
	for (int i = 0; i < COLUMN_DISTINCT_MAX + 1000; i++) {
		struct arena_mark mark = arena_mark(a);
		struct val props = val_map(a);
		val_put(a, &props, "id", val_text(arena_printf(a, "ID-%d", i)));
		column_event_add(base, 1 + i, text_of("visit"), 5, i, &props);
		arena_rewind(a, mark);
	}
	ok(dict_find(base->texts, text_of("ID-65535")) != DICT_NONE &&
			dict_find(base->texts, text_of("ID-65536")) == DICT_NONE,
		"above 65536 different texts of a property hashes are kept");
	column_base_free(base);
}

int
main(void)
{
	struct arena *a = arena_new();
	snprintf(path, sizeof path, "/tmp/cxdp-snapshot-%d", (int)getpid());
	snapshot(a);
	from_little(a);
	forgetting(a);
	folding(a);
	many_texts(a);
	unlink(path);
	arena_free(a);
	return tap_done();
}
