/* See random-rule.h. */
#include "random-rule.h"
#include "base/arena.h"
#include "base/time.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

void
chance_seed(uint64_t seed)
{
	state = seed * 0x9E3779B97F4A7C15u + 1;
}

uint64_t
chance(uint64_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % n;
}

/* Texts and what they are when only looks count. */
static const char *const texts[][2] = {{"Минск", "минск"}, {"МИНСК", "минск"},
	{"Straße", "strasse"}, {"STRASSE", "strasse"}, {"Caf\xC3\xA9", "caf\xC3\xA9"},
	{"cafe\xCC\x81", "caf\xC3\xA9"}, {"Brest", "brest"}, {"brest-2", "brest-2"}};
enum { TEXTS = sizeof texts / sizeof texts[0] };
static const char *const zones[] = {
	"Europe/Minsk", "Pacific/Kiritimati", "America/New_York", "Asia/Kolkata", NULL};
static const char *const event_types[] = {"a", "b"};

struct person people[PEOPLE];
const struct zone *company_zone;
int64_t start_us;

enum word {
	IS,
	IS_NOT,
	MORE,
	LESS,
	LEAST,
	MOST,
	BETWEEN,
	EMPTY,
	STARTS,
	CONTAINS,
	ONE_OF,
	MATCHES,
	LAST,
	NEXT,
	ANNIVERSARY,
	BEFORE,
	AFTER
};
static const char *const words[] = {"is", "is_not", "more", "less", "at_least", "at_most",
	"between", "empty", "starts", "contains", "one_of", "matches", "within_last",
	"within_next", "anniversary", "before", "after"};

struct node {
	enum {
		AND,
		OR,
		NOT,
		CITY,
		AGE,
		TAG,
		VIP,
		BORN,
		SEEN,
		EVENT,
		THEN,
		CONSENT,
		REACH,
		GROUP,
		NEAR,
		WHERE,
		KNOWN
	} op;
	struct node *left, *right;
	enum word word;
	int64_t x, y; /* arguments: millionths, days, us, number of a text */
	int type, other;
	int64_t within_us, gap_us; /* 0 none */
	bool by_days;
	int64_t from, till; /* days, both within */
	bool by_total, by_city;
	int64_t least_total;
	int with_city;
	enum {
		EXISTS,
		COUNT,
		SUM,
		MIN,
		MAX,
		AVG,
		LATEST,
		FIRST,
		MOST_CITY,
		LAST_CITY,
		FIRST_CITY
	} what;
};

static int64_t
span(void)
{
	static const int64_t spans[] = {
		HOUR_US, DAY_US, 2 * DAY_US, 7 * DAY_US, 30 * DAY_US, 36 * HOUR_US};
	return spans[chance(6)];
}

static void
add_span(struct str *s, int64_t us)
{
	str_addf(s, "\"%lldh\"", (long long)(us / HOUR_US));
}

static void
add_number(struct str *s, int64_t millionths)
{
	str_addf(s, "%lld.%06lld", (long long)(millionths / 1000000),
		(long long)(millionths % 1000000));
}

static int64_t
money(void)
{
	return (int64_t)chance(5) * 100000 + (int64_t)chance(3) * 1000000;
}

static void
add_day(struct str *s, int64_t days)
{
	struct date d = date_of_days(days);
	str_addf(s, "\"%04d-%02d-%02d\"", d.year, d.month, d.day);
}

static void
add_comparison(struct str *s, struct node *n, int64_t x, int64_t y)
{
	static const enum word all[] = {IS, IS_NOT, MORE, LESS, LEAST, MOST, BETWEEN};
	n->word = all[chance(7)];
	n->x = x < y ? x : y;
	n->y = x < y ? y : x;
	str_addf(s, ":%s(", words[n->word]);
	add_number(s, n->x);
	if (n->word == BETWEEN) {
		str_addz(s, ", ");
		add_number(s, n->y);
	}
	str_addc(s, ')');
}

static void
add_text_test(struct str *s, struct node *n)
{
	static const enum word all[] = {
		IS, IS_NOT, STARTS, CONTAINS, ONE_OF, EMPTY, MATCHES};
	n->word = all[chance(7)];
	n->x = (int64_t)chance(TEXTS);
	n->y = (int64_t)chance(TEXTS);
	if (n->word == EMPTY)
		str_addz(s, ":empty()");
	else if (n->word == MATCHES)
		str_addz(s, n->x % 2 ? ":matches \"^[a-z]\"" : ":matches \"-\\\\d$\"");
	else if (n->word == ONE_OF)
		str_addf(s, ":one_of{\"%s\", \"%s\"}", texts[n->x][0], texts[n->y][0]);
	else if (n->word == STARTS)
		str_addz(s, n->x % 2 ? ":starts \"BR\"" : ":starts \"мин\"");
	else if (n->word == CONTAINS)
		str_addz(s, n->x % 2 ? ":contains \"RE\"" : ":contains \"SS\"");
	else
		str_addf(s, ":%s \"%s\"", words[n->word], texts[n->x][0]);
}

static void
add_date_test(struct str *s, struct node *n)
{
	static const enum word all[] = {
		LAST, NEXT, ANNIVERSARY, BEFORE, AFTER, BETWEEN, EMPTY};
	n->word = all[chance(7)];
	int64_t today = date_days(zone_date(company_zone, start_us, NULL));
	n->x = today - 10 + (int64_t)chance(20);
	n->y = n->x + (int64_t)chance(10);
	str_addf(s, ":%s(", words[n->word]);
	if (n->word == LAST || n->word == NEXT || n->word == ANNIVERSARY) {
		n->x = span();
		if (n->op == SEEN && n->word == ANNIVERSARY)
			n->x = DAY_US * (1 + (int64_t)chance(9));
		add_span(s, n->x);
	} else if (n->word != EMPTY) {
		add_day(s, n->x);
		if (n->word == BETWEEN) {
			str_addz(s, ", ");
			add_day(s, n->y);
		}
	}
	str_addc(s, ')');
}

static void
add_event(struct str *s, struct node *n)
{
	static const char *const tails[] = {"", ":count()", ":sum \"total\"",
		":min \"total\"", ":max \"total\"", ":avg \"total\"", ":last()", ":first()",
		":most \"city\"", ":last \"city\"", ":first \"city\""};
	n->type = (int)chance(2);
	n->what = (int)chance(11);
	str_addf(s, "event.%s", event_types[n->type]);
	if (chance(3) > 0) {
		n->within_us = span();
		str_addz(s, ":within ");
		add_span(s, n->within_us);
	}
	n->by_days = chance(5) == 0;
	if (n->by_days) {
		int64_t today = date_days(zone_date(company_zone, start_us, NULL));
		n->from = today - 20 + (int64_t)chance(20);
		n->till = n->from + (int64_t)chance(12);
		str_addz(s, ":between(");
		add_day(s, n->from);
		str_addz(s, ", ");
		add_day(s, n->till);
		str_addc(s, ')');
	}
	n->by_total = chance(3) == 0;
	n->by_city = chance(3) == 0;
	n->least_total = money();
	n->with_city = (int)chance(TEXTS);
	if (n->by_total || n->by_city) {
		str_addz(s, ":where{");
		if (n->by_total) {
			str_addz(s, "total = at_least(");
			add_number(s, n->least_total);
			str_addz(s, "), ");
		}
		if (n->by_city)
			str_addf(s, "city = \"%s\"", texts[n->with_city][0]);
		str_addz(s, "}");
	}
	str_addz(s, tails[n->what]);
	if (n->what == COUNT)
		add_comparison(
			s, n, (int64_t)chance(4) * 1000000, (int64_t)chance(4) * 1000000);
	else if (n->what == LATEST || n->what == FIRST) {
		n->word = chance(2) ? LAST : EMPTY;
		n->x = span();
		str_addf(s, ":%s(", words[n->word]);
		if (n->word == LAST)
			add_span(s, n->x);
		str_addc(s, ')');
	} else if (n->what >= MOST_CITY)
		add_text_test(s, n);
	else if (n->what != EXISTS)
		add_comparison(s, n, money(), money());
}

struct node *
random_rule(struct arena *a, struct str *s, int depth)
{
	struct node *n = arena_alloc(a, sizeof *n);
	if (depth > 0 && chance(10) < 7) {
		n->op = (int)chance(3);
		str_addz(s, n->op == NOT ? "~(" : "(");
		n->left = random_rule(a, s, depth - 1);
		if (n->op != NOT) {
			str_addz(s, n->op == AND ? " & " : " | ");
			n->right = random_rule(a, s, depth - 1);
		}
		str_addc(s, ')');
		return n;
	}
	n->op = CITY + (int)chance(KNOWN - CITY + 1);
	if (n->op > VIP && n->op < EVENT && chance(2))
		n->op = EVENT;
	switch (n->op) {
	case CITY:
		str_addz(s, "field.city");
		add_text_test(s, n);
		break;
	case AGE:
		str_addz(s, "field.age");
		add_comparison(s, n, money() * 10, money() * 10);
		break;
	case TAG:
		n->x = (int64_t)chance(TEXTS);
		str_addf(s, "field.tags:is \"%s\"", texts[n->x][0]);
		break;
	case VIP:
		n->x = (int64_t)chance(2);
		str_addf(s, "field.vip:is(%s)", n->x ? "true" : "false");
		break;
	case BORN:
	case SEEN:
		str_addz(s, n->op == BORN ? "field.birthday" : "field.seen");
		add_date_test(s, n);
		break;
	case EVENT:
		add_event(s, n);
		break;
	case THEN:
		n->type = (int)chance(2), n->other = (int)chance(2);
		n->within_us = chance(2) ? span() : 0;
		n->gap_us = chance(3) ? span() : 0;
		str_addf(s, "event.%s", event_types[n->type]);
		if (n->within_us > 0) {
			str_addz(s, ":within ");
			add_span(s, n->within_us);
		}
		str_addf(s, ":then_(event.%s", event_types[n->other]);
		if (n->gap_us > 0) {
			str_addz(s, ", ");
			add_span(s, n->gap_us);
		}
		str_addc(s, ')');
		break;
	case CONSENT:
		str_addz(s, "consent \"email\"");
		break;
	case REACH:
		str_addz(s, "reachable \"email\"");
		break;
	case GROUP:
		str_addz(s, "segment \"Group\"");
		break;
	case NEAR:
		n->x = (int64_t)chance(3);
		str_addf(s, "near(%d, 27.5, %d)", 50 + (int)n->x, 150);
		break;
	case WHERE:
		n->x = money() * 10;
		str_addz(s, "where [[age and age > ");
		add_number(s, n->x);
		str_addz(s, " and city ~= nil]]");
		break;
	default:
		str_addz(s, "known()");
	}
	return n;
}

/* The naive half ---------------------------------------------------------------------------------------------------- */

static bool
text_holds(const struct node *n, int text)
{
	if (n->word == EMPTY)
		return text < 0;
	if (n->word == IS_NOT)
		return text < 0 || strcmp(texts[text][1], texts[n->x][1]) != 0;
	if (text < 0)
		return false;
	const char *looks = texts[text][1];
	switch (n->word) {
	case IS:
		return strcmp(looks, texts[n->x][1]) == 0;
	case MATCHES:
		return n->x % 2 ? looks[0] >= 'a' && looks[0] <= 'z'
				: strcmp(looks, "brest-2") == 0;
	case ONE_OF:
		return strcmp(looks, texts[n->x][1]) == 0 ||
		       strcmp(looks, texts[n->y][1]) == 0;
	case STARTS:
		return strncmp(looks, n->x % 2 ? "br" : "мин", n->x % 2 ? 2 : 6) == 0;
	default:
		return strstr(looks, n->x % 2 ? "re" : "ss") != NULL;
	}
}

/* num / den against the arguments. */
static bool
number_holds(const struct node *n, bool is_there, int64_t num, int64_t den)
{
	int64_t x = n->x * den, y = n->y * den;
	switch (n->word) {
	case IS:
		return is_there && num == x;
	case IS_NOT:
		return !is_there || num != x;
	case MORE:
		return is_there && num > x;
	case LESS:
		return is_there && num < x;
	case LEAST:
		return is_there && num >= x;
	case MOST:
		return is_there && num <= x;
	default:
		return is_there && num >= x && num <= y;
	}
}

static int64_t
local_day(int64_t at_us, const struct zone *z)
{
	return date_days(zone_date(z, at_us, NULL));
}

static bool
is_anniversary(int64_t born, int64_t day)
{
	struct date b = date_of_days(born), d = date_of_days(day),
		    next = date_of_days(day + 1);
	if (b.month == d.month && b.day == d.day)
		return true;
	return b.month == 2 && b.day == 29 && d.month == 2 && d.day == 28 &&
	       next.month == 3;
}

static bool
date_holds(const struct node *n, const struct person *p, bool is_day, int64_t v,
	int64_t now_us)
{
	int64_t today = local_day(now_us, p->zone);
	if (v == INT64_MIN)
		return n->word == EMPTY;
	int64_t day = is_day ? v : local_day(v, p->zone);
	int64_t days = (n->x + DAY_US - 1) / DAY_US;
	switch (n->word) {
	case LAST:
		return is_day ? day <= today && day > today - days
			      : v <= now_us && v > now_us - n->x;
	case NEXT:
		return is_day ? day >= today && day < today + days
			      : v > now_us && v <= now_us + n->x;
	case ANNIVERSARY:
		for (int64_t d = today; d < today + days; d++)
			if (is_anniversary(day, d))
				return true;
		return false;
	case BEFORE:
		return day < n->x;
	case AFTER:
		return day > n->x;
	case BETWEEN:
		return day >= n->x && day <= n->y;
	default:
		return false;
	}
}

static bool
counts(const struct node *n, const struct person *p, const struct event *e, int type,
	int64_t now_us)
{
	if (e->type != type)
		return false;
	if (n->by_days && (local_day(e->at_us, p->zone) < n->from ||
				  local_day(e->at_us, p->zone) > n->till))
		return false;
	if (n->within_us > 0 && (e->at_us > now_us || e->at_us <= now_us - n->within_us))
		return false;
	if (n->op == THEN)
		return true;
	if (n->by_total && (e->total < 0 || e->total < n->least_total))
		return false;
	return !n->by_city ||
	       (e->city >= 0 && strcmp(texts[e->city][1], texts[n->with_city][1]) == 0);
}

static bool
is_later(const struct person *p, int i, int k)
{
	return p->events[i].at_us != p->events[k].at_us
		       ? p->events[i].at_us > p->events[k].at_us
		       : i > k;
}

/* The city of the first or last event, or the one met most often and last; -1 none. */
static int
city_of_events(const struct node *n, const struct person *p, int64_t now_us)
{
	int best = -1, most = 0;
	for (int i = 0; i < p->n; i++) {
		int same = 0, last = i;
		if (!counts(n, p, &p->events[i], n->type, now_us))
			continue;
		if (n->what != MOST_CITY) {
			if (best < 0 || is_later(p, i, best) == (n->what == LAST_CITY))
				best = i;
			continue;
		}
		for (int k = 0; k < p->n && p->events[i].city >= 0; k++) {
			if (!counts(n, p, &p->events[k], n->type, now_us) ||
				p->events[k].city < 0 ||
				strcmp(texts[p->events[k].city][1],
					texts[p->events[i].city][1]) != 0)
				continue;
			same++;
			last = is_later(p, k, last) ? k : last;
		}
		if (same > most || (same == most && same > 0 && is_later(p, last, best))) {
			most = same;
			best = last;
		}
	}
	return best < 0 ? -1 : p->events[best].city;
}

static bool
event_holds(const struct node *n, const struct person *p, int64_t now_us)
{
	int64_t count = 0, sum = 0, least = INT64_MAX, most = INT64_MIN, numbers = 0;
	int64_t first = INT64_MAX, last = INT64_MIN;
	for (int i = 0; i < p->n; i++) {
		const struct event *e = &p->events[i];
		if (!counts(n, p, e, n->type, now_us))
			continue;
		count++;
		first = e->at_us < first ? e->at_us : first;
		last = e->at_us > last ? e->at_us : last;
		if (e->total < 0)
			continue;
		numbers++;
		sum += e->total;
		least = e->total < least ? e->total : least;
		most = e->total > most ? e->total : most;
	}
	switch (n->what) {
	case EXISTS:
		return count > 0;
	case COUNT:
		return number_holds(n, true, count * 1000000, 1);
	case SUM:
		return number_holds(n, true, sum, 1);
	case MIN:
		return number_holds(n, numbers > 0, least, 1);
	case MAX:
		return number_holds(n, numbers > 0, most, 1);
	case AVG:
		return number_holds(n, numbers > 0, sum, numbers);
	case MOST_CITY:
	case LAST_CITY:
	case FIRST_CITY:
		return text_holds(n, city_of_events(n, p, now_us));
	default:
		return date_holds(n, p, false,
			count == 0	   ? INT64_MIN
			: n->what == FIRST ? first
					   : last,
			now_us);
	}
}

static bool
then_holds(const struct node *n, const struct person *p, int64_t now_us)
{
	for (int i = 0; i < p->n; i++)
		for (int k = 0; k < p->n; k++) {
			const struct event *x = &p->events[i], *y = &p->events[k];
			if (i != k && counts(n, p, x, n->type, now_us) &&
				y->type == n->other && y->at_us >= x->at_us &&
				(n->gap_us == 0 || y->at_us - x->at_us <= n->gap_us))
				return true;
		}
	return false;
}

bool
holds(const struct node *n, const struct person *p, int64_t now_us)
{
	switch (n->op) {
	case AND:
		return holds(n->left, p, now_us) && holds(n->right, p, now_us);
	case OR:
		return holds(n->left, p, now_us) || holds(n->right, p, now_us);
	case NOT:
		return !holds(n->left, p, now_us);
	case CITY:
		return text_holds(n, p->city);
	case AGE:
		return number_holds(n, p->age >= 0, p->age, 1);
	case TAG:
		return p->tag >= 0 && (strcmp(texts[p->tag][1], texts[n->x][1]) == 0 ||
					      strcmp(texts[0][1], texts[n->x][1]) == 0);
	case VIP:
		return p->vip == n->x;
	case BORN:
		return date_holds(n, p, true, p->born, now_us);
	case SEEN:
		return date_holds(n, p, false, p->seen_us, now_us);
	case EVENT:
		return event_holds(n, p, now_us);
	case THEN:
		return then_holds(n, p, now_us);
	case CONSENT:
		return p->consents;
	case REACH:
		return p->consents && !p->suppressed;
	case GROUP:
		return p->member;
	case NEAR:
		/* a degree along the meridian is 111.2 km, so 150 km are more than one and less than two */
		return p->lat < 100 && fabs(p->lat - (double)(50 + n->x)) < 1.3;
	case WHERE:
		return p->age > n->x && p->city >= 0;
	default:
		return p->id % 2 == 1;
	}
}

/* People ------------------------------------------------------------------------------------------------------------ */

void
random_person(struct person *p, int64_t id)
{
	*p = (struct person){.id = id,
		.city = (int)chance(TEXTS + 2) - 2,
		.tag = (int)chance(TEXTS + 2) - 2,
		.vip = (int)chance(3) - 1,
		.age = chance(4) ? money() * 10 : -1,
		.born = INT64_MIN,
		.seen_us = INT64_MIN};
	p->consents = chance(2);
	p->suppressed = chance(4) == 0;
	p->member = chance(3) == 0;
	p->lat = chance(4) ? 49 + (double)chance(5) : 200;
	p->lon = 27.5;
	int64_t today = date_days(zone_date(company_zone, start_us, NULL));
	if (chance(4)) {
		struct date d = date_of_days(today - 12 + (int64_t)chance(24));
		d.year -= (int)chance(40);
		if (chance(4) == 0)
			d = (struct date){1992, 2, 29};
		p->born = date_is(d) ? date_days(d) : today;
	}
	if (chance(4))
		p->seen_us = start_us + ((int64_t)chance(20 * 24) - 240) * HOUR_US +
			     (int64_t)chance(3) - 1;
	p->zone_name = zones[chance(5)];
	p->zone = p->zone_name != NULL ? zone_find(text_of(p->zone_name)) : company_zone;
	p->n = (int)chance(EVENTS + 1);
	for (int i = 0; i < p->n; i++)
		p->events[i] = (struct event){.type = (int)chance(2),
			.at_us = start_us - (int64_t)chance(40 * 24) * HOUR_US +
				 (int64_t)chance(3 * 24) * HOUR_US + (int64_t)chance(3) - 1,
			.total = chance(4) ? money() : -1,
			.city = (int)chance(TEXTS + 1) - 1};
}

void
put_person(struct arena *a, struct column_base *base, const struct person *p)
{
	struct val f = val_map(a), tags = val_list(a);
	if (p->city >= 0)
		val_put(a, &f, "city", val_text(texts[p->city][0]));
	else if (p->city == -2)
		val_put(a, &f, "city", val_text(""));
	if (p->tag >= 0) {
		val_push(a, &tags, val_text(texts[0][0]));
		val_push(a, &tags, val_text(texts[p->tag][0]));
	}
	val_put(a, &f, "tags", tags);
	if (p->vip >= 0)
		val_put(a, &f, "vip", val_bool(p->vip));
	if (p->age >= 0)
		val_put(a, &f, "age", val_num((double)p->age / 1e6));
	if (p->born != INT64_MIN) {
		struct date d = date_of_days(p->born);
		val_put(a, &f, "birthday",
			val_text(
				arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day)));
	}
	val_put(a, &f, "email",
		val_text(arena_printf(a, "p%lld@x.example", (long long)p->id)));
	if (p->lat < 100) {
		struct val home = val_map(a);
		val_put(a, &home, "lat", val_num(p->lat));
		val_put(a, &home, "lon", val_num(p->lon));
		val_put(a, &f, "home", home);
	}
	if (p->seen_us != INT64_MIN)
		val_put(a, &f, "seen", val_int(p->seen_us));
	if (p->zone_name != NULL)
		val_put(a, &f, "timezone", val_text(p->zone_name));
	/* events come in any order, some before the person and some of them to a person that is merged in later */
	int64_t other = p->id + 1000;
	bool merged = chance(3) == 0;
	if (chance(2))
		column_person_put(base, p->id, p->id % 2 == 1, &f, NULL);
	int from = p->n > 0 ? (int)chance((uint64_t)p->n) : 0;
	for (int k = 0; k < p->n; k++) {
		const struct event *e = &p->events[(from + k) % p->n];
		struct val props = val_map(a);
		if (e->total >= 0)
			val_put(a, &props, "total", val_num((double)e->total / 1e6));
		if (e->city >= 0)
			val_put(a, &props, "city", val_text(texts[e->city][0]));
		column_event_add(base, merged && chance(2) ? other : p->id,
			text_of(event_types[e->type]), e->at_us, (from + k) % p->n, &props);
	}
	if (merged)
		column_person_merge(base, other, p->id);
	column_person_put(base, p->id, p->id % 2 == 1, &f, NULL);
	column_consent_set(base, p->id, text_of("email"), p->consents);
	column_suppress(
		base, text_of("email"), val_as_text(val_get(&f, "email")), p->suppressed);
	column_member_set(base, 77, p->id, p->member);
}

int
segment_named(void *obj, struct text name, int64_t *id)
{
	(void)obj;
	*id = 77;
	return text_is(name, "Group");
}

const char *
field_type(void *obj, struct text name)
{
	static const char *const types[][2] = {{"city", "text"}, {"age", "number"},
		{"vip", "bool"}, {"birthday", "date"}, {"tags", "list"},
		{"seen", "datetime"}, {"email", "email"}, {"home", "geo"}};
	(void)obj;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (text_is(name, types[i][0]))
			return types[i][1];
	return NULL;
}

void
define_fields(struct column_base *base)
{
	static const char *const typed[][2] = {{"age", "number"}, {"vip", "bool"},
		{"birthday", "date"}, {"tags", "list"}, {"seen", "datetime"},
		{"home", "geo"}};
	for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++)
		column_field_define(base, text_of(typed[i][0]), text_of(typed[i][1]));
}

struct column_base *
random_base(struct arena *a)
{
	struct column_base *base = column_base_new(1, company_zone);
	define_fields(base);
	for (int i = 0; i < PEOPLE; i++) {
		random_person(&people[i], i + 1);
		put_person(a, base, &people[i]);
	}
	return base;
}
