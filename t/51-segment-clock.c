/* Every word that has time in it, on a clock that walks two months: who belongs is kept by the untils alone and is at each stop what a
 * count from nothing says, and what the word means by a few lines written apart where they are given. The clock stands still at the
 * instants at which something turns, and a microsecond to both sides of them, where people live on both sides of a change of clocks. */
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "column/base.h"
#include "column/bits.h"
#include "segment/eval.h"
#include "segment/rule.h"
#include "tap.h"

#include <stdlib.h>

enum {
	EVENTS = 8,
	ROUNDS = 3,
	WALK_DAYS = 60,
	ZONES = 7,
	SHAPES = 5,
	HUMANS = ZONES * SHAPES
};

static const char *const zone_names[ZONES] = {"Europe/Warsaw", "America/New_York",
	"Asia/Kolkata", "Pacific/Kiritimati", "America/Havana", "Australia/Lord_Howe",
	"Europe/Minsk"};

struct happened {
	int64_t at_us, due_us;
	int type, total, city;
};

struct human {
	const struct zone *zone;
	int64_t born, seen_us, changed_us; /* days; INT64_MIN none */
	struct happened events[EVENTS];
	int n;
};

static struct human humans[HUMANS];
static const char *const cities[] = {"Минск", "Брест"};
static const struct zone *company_zone;
static int64_t start_us;

/* --- what the words mean --- */

struct told { /* events of one type in a window */
	int64_t n, sum, least, most, first_us, last_us;
	int first_city, last_city, of_city[2];
};

static struct told
told(const struct human *p, int type, int64_t within_us, int64_t now_us)
{
	struct told t = {.least = INT64_MAX,
		.most = INT64_MIN,
		.first_us = INT64_MAX,
		.last_us = INT64_MIN,
		.first_city = -1,
		.last_city = -1};
	for (int i = 0; i < p->n; i++) {
		const struct happened *x = &p->events[i];
		if (x->type != type ||
			(within_us > 0 &&
				(x->at_us > now_us || x->at_us <= now_us - within_us)))
			continue;
		t.n++;
		t.sum += x->total;
		t.least = x->total < t.least ? x->total : t.least;
		t.most = x->total > t.most ? x->total : t.most;
		t.of_city[x->city]++;
		if (x->at_us < t.first_us) {
			t.first_us = x->at_us;
			t.first_city = x->city;
		}
		if (x->at_us > t.last_us) {
			t.last_us = x->at_us;
			t.last_city = x->city;
		}
	}
	return t;
}

static int64_t
day_of(const struct human *p, int64_t at_us)
{
	return date_days(zone_date(p->zone, at_us, NULL));
}

static bool
lately(int64_t at_us, int64_t span_us, int64_t now_us)
{
	return at_us <= now_us && at_us > now_us - span_us;
}

static bool
soon(int64_t at_us, int64_t span_us, int64_t now_us)
{
	return at_us > now_us && at_us <= now_us + span_us;
}

static bool
is_anniversary(int64_t of, int64_t day)
{
	struct date b = date_of_days(of), d = date_of_days(day),
		    next = date_of_days(day + 1);
	return (b.month == d.month && b.day == d.day) ||
	       (b.month == 2 && b.day == 29 && d.month == 2 && d.day == 28 &&
		       next.month == 3);
}

static bool
celebrates(int64_t of, int64_t days, int64_t today)
{
	for (int64_t d = today; d < today + days; d++)
		if (is_anniversary(of, d))
			return true;
	return false;
}

static bool
followed(const struct human *p, int64_t within_us, int64_t gap_us, int64_t now_us)
{
	for (int i = 0; i < p->n; i++)
		for (int k = 0; k < p->n; k++) {
			const struct happened *x = &p->events[i], *y = &p->events[k];
			if (i != k && x->type == 0 && y->type == 1 &&
				y->at_us >= x->at_us &&
				lately(x->at_us, within_us, now_us) &&
				(gap_us == 0 || y->at_us - x->at_us <= gap_us))
				return true;
		}
	return false;
}

enum meaning {
	UNKNOWN, /* only held against the count */
	EXISTS,
	COUNT2,
	COUNT0,
	SUM,
	AVG,
	MIN,
	MAX,
	MOST,
	FIRST_CITY,
	LAST_CITY,
	LAST_LATELY,
	FIRST_LATELY,
	LAST_SOON,
	LAST_ANNIVERSARY,
	INNER_LAST,
	FIRST_BEFORE,
	LAST_AFTER,
	FIRST_BETWEEN,
	THEN,
	THEN_GAP,
	BORN_LATELY,
	BORN_SOON,
	BORN_ONE,
	BORN_SEVEN,
	SEEN_LATELY,
	SEEN_SOON,
	SEEN_ONE,
	CHANGED
};

#define D DAY_US

static bool
means(enum meaning m, const struct human *p, int64_t now_us)
{
	struct told all = told(p, 0, 0, now_us), t = told(p, 0, 7 * D, now_us);
	int64_t today = day_of(p, now_us),
		zero = date_days(zone_date(company_zone, start_us, NULL));
	bool born = p->born != INT64_MIN, seen = p->seen_us != INT64_MIN;
	switch (m) {
	case EXISTS:
		return t.n > 0;
	case COUNT2:
		return t.n >= 2;
	case COUNT0:
		return t.n == 0;
	case SUM:
		return t.sum > 50;
	case AVG:
		return t.n > 0 && t.sum < 30 * t.n;
	case MIN:
		return t.n > 0 && t.least > 20;
	case MAX:
		return t.n > 0 && t.most >= 40;
	case MOST: /* of as many, who came last */
		return t.n > 0 &&
		       (t.of_city[0] > t.of_city[1] ||
			       (t.of_city[0] == t.of_city[1] && t.last_city == 0));
	case FIRST_CITY:
		return t.first_city == 0;
	case LAST_CITY:
		return t.last_city == 1;
	case LAST_LATELY:
		return all.n > 0 && lately(all.last_us, 5 * D, now_us);
	case FIRST_LATELY:
		return all.n > 0 && lately(all.first_us, 36 * HOUR_US, now_us);
	case LAST_SOON:
		return all.n > 0 && soon(all.last_us, 2 * D, now_us);
	case LAST_ANNIVERSARY:
		return all.n > 0 && celebrates(day_of(p, all.last_us), 3, today);
	case INNER_LAST:
		return t.n > 0 && lately(t.last_us, 2 * D, now_us);
	case FIRST_BEFORE:
		return t.n > 0 && day_of(p, t.first_us) < zero - 2;
	case LAST_AFTER:
		return t.n > 0 && day_of(p, t.last_us) > zero - 2;
	case FIRST_BETWEEN:
		return t.n > 0 && day_of(p, t.first_us) >= zero - 6 &&
		       day_of(p, t.first_us) <= zero - 1;
	case THEN:
		return followed(p, 7 * D, 0, now_us);
	case THEN_GAP:
		return followed(p, 7 * D, 2 * D, now_us);
	case BORN_LATELY:
		return born && p->born <= today && p->born > today - 3;
	case BORN_SOON:
		return born && p->born >= today && p->born < today + 3;
	case BORN_ONE:
		return born && celebrates(p->born, 1, today);
	case BORN_SEVEN:
		return born && celebrates(p->born, 7, today);
	case SEEN_LATELY:
		return seen && lately(p->seen_us, 2 * D, now_us);
	case SEEN_SOON:
		return seen && soon(p->seen_us, 2 * D, now_us);
	case SEEN_ONE:
		return seen && celebrates(day_of(p, p->seen_us), 1, today);
	case CHANGED:
		return lately(p->changed_us, 3 * D, now_us);
	default:
		return false;
	}
}

/* --- the table --- */

/* $N is a day: so many after the start. stays: time alone changes nobody's answer. */
struct line {
	const char *rule;
	enum meaning means;
	bool stays;
};
static const struct line table[] = {
	{"event.a:within \"7d\"", EXISTS, false},
	{"event.a:between($-6, $-1)", UNKNOWN, true},
	{"event.a:between($-6, $20):within \"7d\"", UNKNOWN, false},
	{"event.a:within \"7d\":count():at_least(2)", COUNT2, false},
	{"event.a:within \"7d\":count():is(0)", COUNT0, false},
	{"event.a:within \"7d\":sum(\"total\"):more(50)", SUM, false},
	{"event.a:within \"7d\":avg(\"total\"):less(30)", AVG, false},
	{"event.a:within \"7d\":min(\"total\"):more(20)", MIN, false},
	{"event.a:within \"7d\":max(\"total\"):at_least(40)", MAX, false},
	{"event.a:within \"7d\":most(\"city\"):is \"Минск\"", MOST, false},
	{"event.a:within \"7d\":first(\"city\"):is \"Минск\"", FIRST_CITY, false},
	{"event.a:within \"7d\":last(\"city\"):is \"Брест\"", LAST_CITY, false},
	{"event.a:last():within_last \"5d\"", LAST_LATELY, false},
	{"event.a:first():within_last \"36h\"", FIRST_LATELY, false},
	{"event.a:last():within_next \"2d\"", LAST_SOON, false},
	{"event.a:last():anniversary \"3d\"", LAST_ANNIVERSARY, false},
	{"event.a:first():before $-2", UNKNOWN, true},
	{"event.a:last():after $-2", UNKNOWN, true},
	{"event.a:last():between($-6, $-1)", UNKNOWN, true},
	{"event.a:within \"7d\":last():within_last \"2d\"", INNER_LAST, false},
	{"event.a:within \"7d\":first():before $-2", FIRST_BEFORE, false},
	{"event.a:within \"7d\":last():after $-2", LAST_AFTER, false},
	{"event.a:within \"7d\":first():between($-6, $-1)", FIRST_BETWEEN, false},
	{"event.a:within \"7d\":last():anniversary \"2d\"", UNKNOWN, false},
	{"event.a:within \"7d\":then_(event.b)", THEN, false},
	{"event.a:within \"7d\":then_(event.b, \"2d\")", THEN_GAP, false},
	{"event.a:then_(event.b:within \"5d\", \"3d\")", UNKNOWN, false},
	{"event.a:within \"9d\":then_(event.b:within \"9d\"):then_(event.a, \"9d\")",
		UNKNOWN, false},
	{"event.a:where { due = before($3) }:within \"7d\"", UNKNOWN, false},
	{"event.a:where { due = after($3) }:within \"7d\":count():at_least(1)", UNKNOWN,
		false},
	{"event.a:where { due = within_last \"3d\" }", UNKNOWN, false},
	{"event.a:where { due = within_next \"3d\" }", UNKNOWN, false},
	{"event.a:where { due = within_next \"3d\" }:within \"7d\":count():less(1)",
		UNKNOWN, false},
	{"event.a:where { due = within_last \"3d\" }:sum(\"total\"):more(20)", UNKNOWN,
		false},
	{"event.a:where { due = within_last \"4d\" }:last():within_last \"9d\"", UNKNOWN,
		false},
	{"event.a:where { due = within_last \"4d\" }:then_(event.b, \"5d\")", UNKNOWN,
		false},
	{"event.a:last(\"due\"):within_last \"3d\"", UNKNOWN, false},
	{"event.a:within \"7d\":first(\"due\"):within_next \"3d\"", UNKNOWN, false},
	{"field.birthday:before $2", UNKNOWN, true},
	{"field.birthday:after $2", UNKNOWN, true},
	{"field.birthday:between($0, $9)", UNKNOWN, true},
	{"field.birthday:within_last \"3d\"", BORN_LATELY, false},
	{"field.birthday:within_next \"3d\"", BORN_SOON, false},
	{"field.birthday:anniversary \"1d\"", BORN_ONE, false},
	{"field.birthday:anniversary \"7d\"", BORN_SEVEN, false},
	{"field.seen:before $2", UNKNOWN, true},
	{"field.seen:after $2", UNKNOWN, true},
	{"field.seen:between($0, $9)", UNKNOWN, true},
	{"field.seen:within_last \"2d\"", SEEN_LATELY, false},
	{"field.seen:within_next \"2d\"", SEEN_SOON, false},
	{"field.seen:anniversary \"1d\"", SEEN_ONE, false},
	{"field.city:changed \"3d\"", CHANGED, false},
};
enum { LINES = sizeof table / sizeof *table };
#ifdef TAP_SANITIZED
enum { RULES = LINES };
#else
enum { RULES = 4 * LINES };
#endif

/* Rule i of all: the line itself, its negation, and joined with two others by and, by or. */
static void
write_line(struct str *s, const struct line *line)
{
	for (const char *at = line->rule; *at != '\0';) {
		if (*at != '$') {
			str_addc(s, *at++);
			continue;
		}
		char *end;
		struct date d = date_of_days(
			date_days(zone_date(company_zone, start_us, NULL)) +
			strtol(at + 1, &end, 10));
		str_addf(s, "\"%04d-%02d-%02d\"", d.year, d.month, d.day);
		at = end;
	}
}

static void
write_rule(struct str *s, int i)
{
	int line = i % LINES, kind = i / LINES;
	str_addz(s, kind == 1 ? "return ~(" : "return (");
	write_line(s, &table[line]);
	if (kind >= 2) {
		str_addz(s, kind == 2 ? " & ~" : " | ");
		write_line(s, &table[(line + 7) % LINES]);
		str_addz(s, kind == 2 ? " | " : " & ");
		write_line(s, &table[(line + 19) % LINES]);
	}
	str_addc(s, ')');
}

/* --- people --- */

static void
make_human(struct human *p, int zone, int shape)
{
	int64_t today = date_days(zone_date(company_zone, start_us, NULL));
	const int64_t born[SHAPES] = {date_days((struct date){1992, 2, 29}),
		date_days((struct date){1980, 12, 31}),
		date_days((struct date){2001, 1, 1}), today + 17 + zone, INT64_MIN};
	*p = (struct human){.zone = zone_find(text_of(zone_names[zone])),
		.born = born[shape],
		.seen_us = shape == 4 ? INT64_MIN
				      : start_us + (shape * 11 + zone * 2) * DAY_US +
						(shape * 5 + zone) * HOUR_US + shape};
	p->changed_us = start_us + (zone - 3) * DAY_US + shape * HOUR_US;
	if (p->zone == NULL)
		p->zone = company_zone;
	p->n = shape == 0 ? 2 : EVENTS - shape;
	for (int k = 0; k < p->n; k++) {
		struct happened *x = &p->events[k];
		/* about midnight of the person, some days apart, some still to come */
		x->at_us = zone_day_us(p->zone, start_us,
				   (k * 5 + zone * 3 + shape) % 17 - 11) +
			   (k % 3 - 1) + (k % 2) * (shape * 7 + k) * HOUR_US;
		x->due_us = x->at_us + (k * 3 + shape) * DAY_US + HOUR_US;
		x->type = (k + shape) % 2;
		x->total = (k * 17 + zone * 7 + shape * 11) % 60;
		x->city = (k / 2 + zone) % 2;
	}
}

static void
put_human(struct arena *a, struct column_base *base, int i)
{
	static const char *const types[] = {"a", "b"};
	const struct human *p = &humans[i];
	struct val f = val_map(a), changed = val_map(a);
	val_put(a, &f, "city", val_text(cities[i % 2]));
	val_put(a, &changed, "city", val_int(p->changed_us));
	val_put(a, &f, "timezone", val_text(zone_names[i / SHAPES]));
	if (p->born != INT64_MIN) {
		struct date d = date_of_days(p->born);
		val_put(a, &f, "birthday",
			val_text(
				arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day)));
	}
	if (p->seen_us != INT64_MIN)
		val_put(a, &f, "seen", val_int(p->seen_us));
	column_person_put(base, i + 1, true, &f, &changed);
	for (int k = 0; k < p->n; k++) {
		const struct happened *x = &p->events[k];
		struct val props = val_map(a);
		val_put(a, &props, "total", val_int(x->total));
		val_put(a, &props, "city", val_text(cities[x->city]));
		val_put(a, &props, "due", val_text(time_text(a, x->due_us)));
		column_event_add(
			base, i + 1, text_of(types[x->type]), x->at_us, k + 1, &props);
	}
}

static struct column_base *
make_base(struct arena *a)
{
	static const char *const typed[][2] = {{"birthday", "date"}, {"seen", "datetime"}};
	struct column_base *base = column_base_new(1, company_zone);
	for (size_t i = 0; i < 2; i++)
		column_field_define(base, text_of(typed[i][0]), text_of(typed[i][1]));
	for (int i = 0; i < HUMANS; i++) {
		make_human(&humans[i], i / SHAPES, i % SHAPES);
		put_human(a, base, i);
	}
	return base;
}

static const char *
field_type(void *obj, struct text name)
{
	(void)obj;
	return text_is(name, "birthday") ? "date"
	       : text_is(name, "seen")	 ? "datetime"
	       : text_is(name, "city")	 ? "text"
					 : NULL;
}

/* --- the clock --- */

static int
by_time(const void *x, const void *y)
{
	int64_t i = *(const int64_t *)x, k = *(const int64_t *)y;
	return (i > k) - (i < k);
}

struct stops {
	int64_t *at_us;
	size_t n, cap;
};

static void
add_stop(struct stops *s, int64_t at_us)
{
	if (at_us <= start_us || at_us > start_us + WALK_DAYS * DAY_US)
		return;
	for (int k = -1; k <= 1; k++) {
		if (s->n == s->cap)
			s->at_us = realloc(
				s->at_us, (s->cap = s->cap * 2 + 64) * sizeof *s->at_us);
		s->at_us[s->n++] = at_us + k;
	}
}

/* Where something turns: ends of windows, midnights of every zone, and each twelve hours. */
static struct stops
find_stops(void)
{
	static const int64_t spans[] = {
		0, 36 * HOUR_US, 2 * D, 3 * D, 4 * D, 5 * D, 7 * D, 8 * D, 9 * D};
	struct stops s = {0};
	for (int i = 0; i < HUMANS; i++) {
		const struct human *p = &humans[i];
		for (size_t k = 0; k < sizeof spans / sizeof *spans; k++) {
			for (int e = 0; e < p->n; e++) {
				add_stop(&s, p->events[e].at_us + spans[k]);
				if (k == 0 || (spans[k] >= 3 * D && spans[k] <= 4 * D)) {
					add_stop(&s, p->events[e].due_us + spans[k]);
					add_stop(&s, p->events[e].due_us - spans[k]);
				}
			}
			if (p->seen_us != INT64_MIN && spans[k] <= 2 * D) {
				add_stop(&s, p->seen_us + spans[k]);
				add_stop(&s, p->seen_us - spans[k]);
			}
		}
		add_stop(&s, p->changed_us + 3 * D);
	}
	for (int day = 0; day <= WALK_DAYS; day++) {
		for (int z = 0; z < ZONES; z++)
			add_stop(&s, zone_day_us(humans[z * SHAPES].zone, start_us, day));
		add_stop(&s, start_us + day * D + 12 * HOUR_US);
	}
	qsort(s.at_us, s.n, sizeof *s.at_us, by_time);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		if (n == 0 || s.at_us[i] != s.at_us[n - 1])
			s.at_us[n++] = s.at_us[i];
	s.n = n;
	return s;
}

struct tally {
	long looks, compared, stale, wrong, late, turns;
};

static void
said(long *count, const char *what, const char *rule, int i, int64_t at_us, struct arena *a)
{
	if ((*count)++ == 0)
		printf("# %s: person %d (%s) at %s: %s\n", what, i + 1,
			zone_names[i / SHAPES], time_text(a, at_us), rule);
}

static void
walk(struct arena *a, struct segment_eval *v, struct column_base *base, const char *text,
	enum meaning m, const struct stops *s, struct tally *t)
{
	bool in[HUMANS] = {0};
	int64_t until_us[HUMANS] = {0};
	struct err e;
	for (size_t k = 0; k < s->n; k++) {
		struct arena_mark mark = arena_mark(a);
		int64_t now_us = s->at_us[k];
		struct bits all;
		must(segment_eval_all(a, v, now_us, 0, &all, NULL, &e) == 0);
		for (int i = 0; i < HUMANS; i++) {
			size_t row = (size_t)column_row(base, i + 1);
			struct segment_answer one;
			if (until_us[i] <= now_us) {
				must(segment_eval_one(NULL, v, row, now_us, &one, &e) == 0);
				t->turns += k > 0 && one.is_member != in[i];
				t->looks++;
				in[i] = one.is_member;
				until_us[i] = one.until_us;
				if (until_us[i] <= now_us)
					said(&t->late, "until is past", text, i, now_us, a);
			}
			t->compared++;
			if (in[i] != bits_has(&all, row))
				said(&t->stale, "kept by until is not as counted", text, i,
					now_us, a);
			if (m != UNKNOWN && in[i] != means(m, &humans[i], now_us))
				said(&t->wrong,
					in[i] ? "in, but should not be" : "should be in",
					text, i, now_us, a);
		}
		arena_rewind(a, mark);
	}
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
		.step_wall_ms = 500};
	/* 29 February that is not, and both changes of clocks in spring; a leap year; both in autumn */
	static const char *const starts[ROUNDS] = {
		"2026-02-20T09:30:00Z", "2024-02-20T22:00:00Z", "2025-10-20T12:00:00Z"};
	const struct rule_names names = {.field_type = field_type};
	struct arena *a = arena_new();
	company_zone = zone_find(text_of("Europe/Warsaw"));
	long turned[LINES] = {0};
	for (int round = 0; round < ROUNDS; round++) {
		struct tally t = {0};
		must(time_parse(text_of(starts[round]), &start_us) == 1);
		struct column_base *base = make_base(a);
		struct stops s = find_stops();
		int bad = 0;
		for (int i = 0; i < RULES; i++) {
			struct arena_mark mark = arena_mark(a);
			struct str text = str_new(a);
			struct rule *r;
			struct err e = {0};
			write_rule(&text, i);
			if (rule_compile(str_text(&text), &settings, &names, &r, &e) < 0) {
				printf("# %s: %s\n", text.at, e.text);
				bad++;
				continue;
			}
			struct segment_eval *v = segment_eval_new(r, base, &settings);
			long before = t.turns;
			walk(a, v, base, text.at, i < LINES ? table[i].means : UNKNOWN, &s,
				&t);
			if (i < LINES)
				turned[i] += t.turns - before;
			segment_eval_free(v);
			rule_free(r);
			arena_rewind(a, mark);
		}
		ok(bad == 0, "%.10s: %d rules", starts[round], RULES);
		ok(t.late == 0 && t.stale == 0,
			"untils alone keep %d people true at %zu instants (%ld "
			"comparisons, "
			"%ld turns)",
			HUMANS, s.n, t.compared, t.turns);
		ok(t.wrong == 0, "and it is what the words mean");
		ok(t.looks < t.compared / 4, "with few looks (%ld)", t.looks);
		free(s.at_us);
		column_base_free(base);
		arena_reset(a);
	}
	int still = 0;
	for (int i = 0; i < LINES; i++)
		if ((turned[i] == 0) != table[i].stays) {
			still++;
			printf("# %ld turns: %s\n", turned[i], table[i].rule);
		}
	ok(still == 0, "time turned every rule that it can turn, and no other");
	arena_free(a);
	return tap_done();
}
