/* See cell.h. */
#include "markup/cell.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	UNIX_DAY_1900 =
		25569, /* serial of 1970-01-01, counted from 1900 with its 29 February */
	UNIX_DAY_1904 = 24107,	/* the same from 1904 */
	LEAP_BUG_DAY = 60,	/* the 29 February 1900 that never was */
	DAY_LAST = 2958465,	/* 9999-12-31 */
	PLAIN_EXPONENT_MAX = 20 /* beyond, a number keeps its exponent */
};

enum cell_format
cell_format_built_in(int64_t id)
{
	static const struct {
		int from, to;
		enum cell_format format;
	} ranges[] = {{14, 17, CELL_DAY}, {18, 21, CELL_TIME}, {22, 22, CELL_INSTANT},
		{27, 31, CELL_DAY}, {32, 35, CELL_TIME}, {36, 36, CELL_DAY},
		{45, 47, CELL_TIME}, {50, 58, CELL_DAY}};
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
		if (id >= ranges[i].from && id <= ranges[i].to)
			return ranges[i].format;
	return CELL_PLAIN;
}

/* Passes over what is quoted, escaped or in brackets; "[h]" and the like are time. at is behind it then. */
static bool
is_aside(struct text code, size_t *at, bool *time)
{
	char c = code.at[*at], end = c == '"' ? '"' : c == '[' ? ']' : '\0';
	if (c == '\\' || c == '_' || c == '*') {
		*at += 2;
		return true;
	}
	if (end == '\0')
		return false;
	size_t from = ++*at;
	while (*at < code.n && code.at[*at] != end)
		++*at;
	struct text in = {code.at + from, *at - from};
	++*at;
	bool elapsed = c == '[' && in.n > 0;
	for (size_t i = 0; i < in.n; i++)
		elapsed &= in.at[i] != '\0' && strchr("hHmMsS", in.at[i]) != NULL;
	*time |= elapsed;
	return true;
}

enum cell_format
cell_format_of(struct text code)
{
	bool day = false, time = false, m = false;
	for (size_t i = 0; i < code.n && code.at[i] != ';';) {
		if (is_aside(code, &i, &time))
			continue;
		if (code.n - i >= 7 && strncasecmp(code.at + i, "General", 7) == 0)
			return CELL_PLAIN;
		int c = tolower((unsigned char)code.at[i++]);
		day |= c == 'd' || c == 'y';
		time |= c == 'h' || c == 's';
		m |= c == 'm';
	}
	day |= m && !time;
	return day && time ? CELL_INSTANT : day ? CELL_DAY : time ? CELL_TIME : CELL_PLAIN;
}

static bool
read_number(struct text t, double *out)
{
	char z[64], *end;
	if (t.n == 0 || t.n >= sizeof z)
		return false;
	for (size_t i = 0; i < t.n; i++)
		if (strchr("0123456789+-.eE", t.at[i]) == NULL || t.at[i] == '\0')
			return false;
	memcpy(z, t.at, t.n);
	z[t.n] = '\0';
	*out = strtod(z, &end);
	return *end == '\0' && isfinite(*out);
}

static struct text
decimal(struct arena *a, double d)
{
	char z[64];
	int digits = 14;
	if (d == 0)
		return text_of("0");
	do
		snprintf(z, sizeof z, "%.*e", digits, d);
	while (strtod(z, NULL) != d && ++digits < 17);
	char *mark = strchr(z, 'e');
	int exponent = atoi(mark + 1);
	if (exponent > PLAIN_EXPONENT_MAX || exponent < -PLAIN_EXPONENT_MAX)
		return text_of(arena_printf(a, "%.*g", digits + 1, d));
	int places = digits - exponent;
	char *out = arena_printf(a, "%.*f", places > 0 ? places : 0, d);
	size_t n = strlen(out);
	if (places > 0) {
		while (out[n - 1] == '0')
			n--;
		n -= out[n - 1] == '.';
	}
	return (struct text){out, n};
}

struct text
cell_number(struct arena *a, struct text t)
{
	double d;
	return read_number(text_trim(t), &d) ? decimal(a, d) : t;
}

static struct text
clock_text(struct arena *a, int64_t seconds)
{
	return text_of(arena_printf(a, "%02lld:%02d:%02d", (long long)(seconds / 3600),
		(int)(seconds / 60 % 60), (int)(seconds % 60)));
}

struct text
cell_date(struct arena *a, struct text t, enum cell_format format, bool since_1904)
{
	double d;
	if (!read_number(text_trim(t), &d))
		return t;
	int64_t seconds = d >= 0 && d <= DAY_LAST + 1.0 ? llround(d * 86400) : -1;
	int64_t serial = seconds / 86400;
	if (seconds < 0 || serial > DAY_LAST || (serial == LEAP_BUG_DAY && !since_1904))
		return decimal(a, d);
	if (format == CELL_TIME && serial == 0)
		return clock_text(a, seconds);
	if (serial == 0 && !since_1904)
		return decimal(a, d);
	int64_t days = since_1904 ? serial - UNIX_DAY_1904
				  : serial - UNIX_DAY_1900 + (serial < LEAP_BUG_DAY);
	struct date date = date_of_days(days);
	if (date.year > 9999)
		return decimal(a, d);
	const char *day = arena_printf(
		a, "%04d-%02d-%02d", date.year, date.month, date.day);
	if (format == CELL_DAY)
		return text_of(day);
	return text_of(arena_printf(a, "%sT%s", day, clock_text(a, seconds % 86400).at));
}

/* "_xHHHH_" at t: the character, 0 when it is none. */
static uint32_t
escaped(struct text t)
{
	uint32_t c = 0;
	if (t.n < 7 || t.at[0] != '_' || t.at[1] != 'x' || t.at[6] != '_')
		return 0;
	for (size_t i = 2; i < 6; i++) {
		if (!isxdigit((unsigned char)t.at[i]))
			return 0;
		int digit = tolower((unsigned char)t.at[i]);
		c = c * 16 + (uint32_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
	}
	return c >= 0xD800 && c <= 0xDFFF ? 0 : c;
}

struct text
cell_text(struct arena *a, struct text t)
{
	if (memmem(t.at, t.n, "_x", 2) == NULL)
		return t;
	struct str s = str_new(a);
	str_addz(&s, "");
	while (t.n > 0) {
		char utf8[4];
		uint32_t c = escaped(t);
		size_t k = c != 0 ? 7 : 1;
		if (c != 0)
			str_add(&s, utf8, text_encode(c, utf8));
		else
			str_addc(&s, t.at[0]);
		t = (struct text){t.at + k, t.n - k};
	}
	return str_text(&s);
}
