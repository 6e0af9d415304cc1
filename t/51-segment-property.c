/* Random rules over random people: all at once = one by one = a naive interpreter written apart from the evaluator, also after people
 * changed and after a restart; and time alone changes no answer before its until. SEED=n repeats a run, RULES=n makes it longer. */
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "column/base.h"
#include "column/bits.h"
#include "column/snapshot.h"
#include "segment/eval.h"
#include "segment/rule.h"
#include "random-rule.h"
#include "tap.h"

#include <stdlib.h>
#include <unistd.h>

enum { RULES = 2000, HOPS = 6 };

/* Instants at which something might change, the clock's tick around each, and others. */
static int64_t
instant_between(const struct person *p, int64_t from_us, int64_t to_us)
{
	static const int64_t spans[] = {
		0, HOUR_US, DAY_US, 2 * DAY_US, 7 * DAY_US, 30 * DAY_US, 36 * HOUR_US};
	int64_t at;
	if (p->n > 0 && chance(2))
		at = p->events[chance((uint64_t)p->n)].at_us + spans[chance(7)] +
		     (int64_t)chance(3) - 1;
	else if (chance(2))
		at = zone_day_us(p->zone, from_us, (int)chance(12)) + (int64_t)chance(3) -
		     1;
	else
		at = from_us + (int64_t)chance((uint64_t)(40 * DAY_US));
	return at > from_us && at < to_us ? at : 0;
}

static const char *
walk(struct arena *a, struct segment_eval *v, const struct node *n, const struct person *p,
	size_t row)
{
	int64_t now_us = start_us;
	struct err e;
	for (int hop = 0; hop < HOPS; hop++) {
		struct segment_answer one;
		must(segment_eval_one(NULL, v, row, now_us, &one, &e) == 0);
		if (one.is_member != holds(n, p, now_us))
			return arena_printf(a, "person %d at %s: %s", (int)p->id,
				time_text(a, now_us),
				one.is_member ? "yes, but no" : "no, but yes");
		if (one.until_us <= now_us)
			return arena_printf(a, "person %d: until is past", (int)p->id);
		for (int i = 0; i < 24; i++) {
			int64_t at = instant_between(p, now_us, one.until_us);
			if (at > 0 && holds(n, p, at) != one.is_member)
				return arena_printf(a,
					"person %d: asked at %s, until %s, but it changed "
					"before %s",
					(int)p->id, time_text(a, now_us),
					one.until_us == SEGMENT_NEVER
						? "never"
						: time_text(a, one.until_us),
					time_text(a, at));
		}
		if (one.until_us == SEGMENT_NEVER || one.until_us > start_us + 400 * DAY_US)
			break;
		now_us = one.until_us;
	}
	return NULL;
}

static const char *
check(struct arena *a, struct column_base *base, struct segment_eval *v,
	const struct node *n)
{
	struct err e;
	struct bits all, timed;
	int64_t *until_us = arena_array(a, column_rows(base), sizeof *until_us);
	must(segment_eval_all(a, v, start_us, 0, &all, NULL, &e) == 0);
	must(segment_eval_all(a, v, start_us, 0, &timed, until_us, &e) == 0);
	for (int i = 0; i < PEOPLE; i++) {
		size_t row = (size_t)column_row(base, people[i].id);
		bool want = holds(n, &people[i], start_us);
		if (bits_has(&all, row) != want || bits_has(&timed, row) != want)
			return arena_printf(a, "person %d: %s of all", i + 1,
				want ? "missing" : "too much");
		const char *why = walk(a, v, n, &people[i], row);
		if (why != NULL)
			return why;
	}
	size_t members = 0;
	for (int i = 0; i < PEOPLE; i++)
		members += holds(n, &people[i], start_us);
	return bits_count(&all) == members ? NULL : "a stranger is in it";
}

/* The same base after a restart from its file. */
static struct column_base *
restarted(struct column_base *base)
{
	char path[64];
	struct err e;
	int64_t fence;
	struct column_base *again;
	snprintf(path, sizeof path, "/tmp/cxdp-property-%d", (int)getpid());
	must(column_snapshot_write(base, path, 1, &e) == 0);
	must(column_snapshot_open(path, 1, company_zone, &again, &fence, &e) == 1);
	unlink(path);
	return again;
}

/* Some people become other people, field by field and event by event, in the base that is there. */
static void
live_on(struct arena *a, struct column_base *base)
{
	for (int i = 0; i < PEOPLE; i++) {
		if (chance(3))
			continue;
		int64_t id = people[i].id;
		column_person_drop(base, id);
		column_person_drop(base, id + 1000);
		random_person(&people[i], id);
		put_person(a, base, &people[i]);
	}
}

/* A base too large for one look at every row: parts are tried on some rows first, whole columns are scanned. All at once must be what
 * one by one is. */
static void
large(struct arena *a, const struct settings *settings, const struct rule_names *names)
{
	enum { ROWS = 40000, LARGE_RULES = 60 };
	struct column_base *base = column_base_new(1, company_zone);
	struct err e;
	int bad = 0;
	must(time_parse(text_of("2026-03-05T12:00:00Z"), &start_us) == 1);
	define_fields(base);
	for (int i = 0; i < ROWS; i++) {
		struct arena_mark mark = arena_mark(a);
		struct person p;
		random_person(&p, i + 1);
		if (chance(20))
			p.zone_name = NULL; /* most live where the company is */
		put_person(a, base, &p);
		arena_rewind(a, mark);
	}
	struct bits all;
	for (int i = 0; i < LARGE_RULES; i++) {
		struct arena_mark mark = arena_mark(a);
		struct str source = str_new(a);
		str_addz(&source, "return ");
		random_rule(a, &source, 3);
		struct rule *r;
		must(rule_compile(str_text(&source), settings, names, &r, &e) == 0);
		struct segment_eval *v = segment_eval_new(r, base, settings);
		must(segment_eval_all(a, v, start_us, 0, &all, NULL, &e) == 0);
		size_t wrong = 0;
		for (size_t row = 0; row < column_rows(base); row++) {
			struct segment_answer answer;
			must(segment_eval_one(NULL, v, row, start_us, &answer, &e) == 0);
			wrong += answer.is_member != bits_has(&all, row);
		}
		if (wrong > 0 && bad++ < 3)
			printf("# %zu rows differ: %s\n", wrong, source.at);
		segment_eval_free(v);
		rule_free(r);
		arena_rewind(a, mark);
	}
	ok(bad == 0, "%d rules over %d people at once are what they are one by one",
		LARGE_RULES, ROWS);
	column_base_free(base);
}

/* Months on a clock that walks: who belongs follows the untils alone and is at each stop what a recount says. */
static void
months(struct arena *a, const struct settings *settings, const struct rule_names *names)
{
	int wrong = 0, rules = 0, looks = 0;
	for (int i = 0; i < 40; i++) {
		struct err e;
		must(time_parse(text_of(i % 2 ? "2024-01-20T10:00:00Z"
					      : "2026-09-20T10:00:00Z"),
			     &start_us) == 1);
		struct column_base *base = random_base(a);
		struct str source = str_new(a);
		str_addz(&source, "return ");
		struct node *n = random_rule(a, &source, 3);
		struct rule *r;
		must(rule_compile(str_text(&source), settings, names, &r, &e) == 0);
		struct segment_eval *v = segment_eval_new(r, base, settings);
		bool in[PEOPLE];
		int64_t until[PEOPLE] = {0}, now_us = start_us;
		for (int stop = 0; stop < 120; stop++, now_us += 17 * HOUR_US + 1) {
			for (int k = 0; k < PEOPLE; k++) {
				struct segment_answer one;
				if (until[k] > now_us)
					continue;
				must(segment_eval_one(NULL, v,
					     (size_t)column_row(base, people[k].id), now_us,
					     &one, &e) == 0);
				in[k] = one.is_member;
				until[k] = one.until_us;
				looks++;
			}
			for (int k = 0; k < PEOPLE; k++)
				wrong += in[k] != holds(n, &people[k], now_us);
		}
		rules++;
		segment_eval_free(v);
		rule_free(r);
		column_base_free(base);
		arena_reset(a);
	}
	ok(wrong == 0, "%d rules over three months: untils alone keep them true", rules);
	ok(looks < rules * 120 * PEOPLE / 3, "and spare most looks (%d of %d)", looks,
		rules * 120 * PEOPLE);
}

/* The compiler saw that it can hold for nobody. */
static bool
says_nobody(const struct rule *r)
{
	const struct val *said = rule_warnings(r);
	size_t n = val_len(said);
	return n > 0 && text_is(val_as_text(val_get(&said->list->at[n - 1], "text")),
				"this rule means nobody, whatever comes");
}

int
main(void)
{
	struct settings settings = {.lua_dir = SOURCE_DIR "/lua",
		.rule_gas = 2000000,
		.rule_memory_kb = 4096,
		.rule_wall_ms = 1000,
		.step_gas = 1000000,
		.step_memory_kb = 4096,
		.step_wall_ms = 500,
		.adapter_gas = 5000000,
		.adapter_memory_kb = 8192,
		.adapter_wall_ms = 500};
	struct rule_names names = {.field_type = field_type, .segment_find = segment_named};
	static const char *const starts[] = {"2026-03-05T12:00:00Z", "2024-02-28T21:30:00Z",
		"2025-02-27T23:59:59Z", "2026-10-31T18:00:00Z", "2025-12-30T10:00:00Z"};
	const char *seed = getenv("SEED");
	uint64_t seeded = seed != NULL ? strtoull(seed, NULL, 10) : 20261121;
	chance_seed(seeded);
	struct arena *a = arena_new();
	company_zone = zone_find(text_of("Europe/Warsaw"));
	int bad = 0, members = 0, nobody = 0;
	int rules = getenv("RULES") != NULL ? atoi(getenv("RULES")) : RULES;
	for (int i = 0; i < rules && bad < 5; i++) {
		must(time_parse(text_of(starts[i % 5]), &start_us) == 1);
		struct column_base *base = random_base(a);
		struct str source = str_new(a);
		str_addz(&source, "return ");
		struct node *n = random_rule(a, &source, 3);
		struct rule *r;
		struct err e;
		if (rule_compile(str_text(&source), &settings, &names, &r, &e) < 0) {
			printf("# does not compile: %s\n#   %s\n", source.at, e.text);
			bad++;
		} else {
			struct segment_eval *v = segment_eval_new(r, base, &settings);
			const char *why = check(a, base, v, n);
			/* the same rule, compiled once, while people change and after a restart */
			if (why == NULL && i % 3 == 1) {
				live_on(a, base);
				why = check(a, base, v, n);
			}
			if (why == NULL && i % 3 == 2) {
				segment_eval_free(v);
				struct column_base *again = restarted(base);
				column_base_free(base);
				base = again;
				v = segment_eval_new(r, base, &settings);
				if (i % 2)
					live_on(a, base);
				why = check(a, base, v, n);
			}
			if (why == NULL && says_nobody(r)) {
				nobody++;
				for (int k = 0; k < PEOPLE; k++)
					if (holds(n, &people[k], start_us))
						why = "said to mean nobody, but does";
			}
			if (why != NULL) {
				printf("# rule %d: %s\n#   %s\n", i, source.at, why);
				bad++;
			}
			for (int k = 0; k < PEOPLE; k++)
				members += holds(n, &people[k], start_us);
			segment_eval_free(v);
			rule_free(r);
		}
		column_base_free(base);
		arena_reset(a);
	}
	ok(bad == 0,
		"%d rules over %d people mean the same to all three, and hold until they "
		"say (seed %llu)",
		rules, PEOPLE, (unsigned long long)seeded);
	ok(nobody > 0, "%d of them are seen to mean nobody, and mean nobody", nobody);
	ok(members > rules * PEOPLE / 10 && members < rules * PEOPLE * 9 / 10,
		"and they tell people apart (%d of %d)", members, rules * PEOPLE);
	large(a, &settings, &names);
	arena_reset(a);
	months(a, &settings, &names);
	arena_free(a);
	return tap_done();
}
