/* See format.h. */
#include "script/format.h"
#include "base/arena.h"
#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const months_ru[] = {"января", "февраля", "марта", "апреля", "мая",
	"июня", "июля", "августа", "сентября", "октября", "ноября", "декабря"};
static const char *const short_ru[] = {
	"янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"};
static const char *const days_ru[] = {
	"понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье"};
static const char *const months_en[] = {"January", "February", "March", "April", "May",
	"June", "July", "August", "September", "October", "November", "December"};
static const char *const days_en[] = {
	"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

static bool
is_ru(const char *language)
{
	return language != NULL && strncmp(language, "ru", 2) == 0;
}

static const char *
named(struct text pattern, bool ru)
{
	if (text_is(pattern, "short"))
		return ru ? "dd.MM.yyyy" : "MMM d, yyyy";
	if (text_is(pattern, "long"))
		return ru ? "d MMMM yyyy 'г.'" : "MMMM d, yyyy";
	if (text_is(pattern, "time"))
		return "HH:mm";
	if (text_is(pattern, "datetime"))
		return ru ? "dd.MM.yyyy HH:mm" : "MMM d, yyyy HH:mm";
	return NULL;
}

struct moment {
	struct date date;
	int second;
	int weekday;
	bool ru;
};

/* One run of the same letter; false when it means nothing. */
static bool
field(struct str *s, const struct moment *m, char letter, size_t n)
{
	const char *wide = n > 1 ? "%02d" : "%d";
	int number = -1;
	if (letter == 'y' && n == 4) {
		str_addf(s, "%04d", m->date.year);
		return true;
	}
	if (letter == 'M' && n >= 3) {
		const char *const *full = m->ru ? months_ru : months_en;
		const char *name = full[m->date.month - 1];
		if (n == 3 && m->ru)
			str_addz(s, short_ru[m->date.month - 1]);
		else
			str_add(s, name, n == 3 ? 3 : strlen(name));
		return true;
	}
	if (letter == 'E') {
		str_addz(s, (m->ru ? days_ru : days_en)[m->weekday]);
		return true;
	}
	switch (letter) {
	case 'y':
		number = m->date.year % 100;
		break;
	case 'M':
		number = m->date.month;
		break;
	case 'd':
		number = m->date.day;
		break;
	case 'H':
		number = m->second / 3600;
		break;
	case 'm':
		number = m->second / 60 % 60;
		break;
	case 's':
		number = m->second % 60;
		break;
	}
	if (number < 0)
		return false;
	if (wide[1] == '0')
		str_addf(s, "%02d", number);
	else
		str_addf(s, "%d", number);
	return true;
}

void
format_time(struct str *s, int64_t at_us, struct text pattern, const struct zone *z,
	const char *language)
{
	struct moment m = {.ru = is_ru(language)};
	const char *known = named(pattern, m.ru);
	if (known != NULL)
		pattern = text_of(known);
	m.date = zone_date(z != NULL ? z : zone_utc(), at_us, &m.second);
	m.weekday = (int)(((date_days(m.date) + 3) % 7 + 7) % 7);
	for (size_t i = 0; i < pattern.n;) {
		size_t n = 1;
		char c = pattern.at[i];
		if (c == '\'') {
			const char *end = memchr(
				pattern.at + i + 1, '\'', pattern.n - i - 1);
			size_t to = end != NULL ? (size_t)(end - pattern.at) : pattern.n;
			str_add(s, pattern.at + i + 1, to - i - 1);
			i = to + (end != NULL);
			continue;
		}
		while (i + n < pattern.n && pattern.at[i + n] == c)
			n++;
		if (!field(s, &m, c, n))
			str_add(s, pattern.at + i, n);
		i += n;
	}
}

int
format_plural(int64_t n, const char *language)
{
	n = n < 0 ? -n : n;
	if (!is_ru(language))
		return n == 1 ? 0 : 2;
	if (n % 10 == 1 && n % 100 != 11)
		return 0;
	return n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2;
}

void
format_ago(struct str *s, int64_t at_us, int64_t now_us, const struct zone *z,
	const char *language)
{
	static const struct {
		int64_t span_us;
		const char *ru[3], *en[2];
	} units[] = {
		{DAY_US, {"день", "дня", "дней"}, {"day", "days"}},
		{HOUR_US, {"час", "часа", "часов"}, {"hour", "hours"}},
		{MINUTE_US, {"минуту", "минуты", "минут"}, {"minute", "minutes"}},
	};
	bool ru = is_ru(language);
	int64_t ago_us = now_us - at_us;
	if (ago_us < -MINUTE_US || ago_us >= 7 * DAY_US) {
		format_time(s, at_us, text_of("short"), z, language);
		return;
	}
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		int64_t n = ago_us / units[i].span_us;
		if (n < 1)
			continue;
		const char *unit = ru ? units[i].ru[format_plural(n, "ru")]
				      : units[i].en[n != 1];
		str_addf(s, ru ? "%lld %s назад" : "%lld %s ago", (long long)n, unit);
		return;
	}
	str_addz(s, ru ? "только что" : "just now");
}

static void
grouped(struct str *s, const char *digits, bool ru)
{
	size_t n = strlen(digits);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			str_addz(s, ru ? "\xC2\xA0" : ",");
		str_addc(s, digits[i]);
	}
}

void
format_number(struct str *s, double n, int digits, const char *language)
{
	char text[400];
	bool ru = is_ru(language);
	if (!isfinite(n)) {
		str_addz(s, "–");
		return;
	}
	snprintf(text, sizeof text, "%.*f", digits < 0 ? 6 : digits > 12 ? 12 : digits, n);
	char *dot = strchr(text, '.');
	if (dot != NULL && digits < 0) {
		char *end = text + strlen(text);
		while (end[-1] == '0')
			*--end = '\0';
		if (end[-1] == '.')
			end[-1] = '\0', dot = NULL;
	}
	if (dot != NULL)
		*dot = '\0';
	const char *whole = text;
	if (*whole == '-') {
		if (strspn(whole + 1, "0") != strlen(whole + 1) ||
			(dot != NULL && strspn(dot + 1, "0") != strlen(dot + 1)))
			str_addz(s, ru ? "\xE2\x88\x92" : "-");
		whole++;
	}
	grouped(s, whole, ru);
	if (dot != NULL) {
		str_addc(s, ru ? ',' : '.');
		str_addz(s, dot + 1);
	}
}

void
format_money(struct str *s, int64_t minor, const char *currency, const char *language)
{
	bool ru = is_ru(language);
	char whole[32];
	uint64_t amount = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
	if (minor < 0)
		str_addz(s, ru ? "\xE2\x88\x92" : "-");
	snprintf(whole, sizeof whole, "%llu", (unsigned long long)(amount / 100));
	grouped(s, whole, ru);
	if (amount % 100 != 0)
		str_addf(s, ru ? ",%02d" : ".%02d", (int)(amount % 100));
	if (currency != NULL && *currency != '\0')
		str_addf(s, "\xC2\xA0%s", currency);
}
