/* See cell.h. */
#include "exchange/cell.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "base/url.h"
#include "profile/field.h"
#include "profile/ident.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 200 };

struct parts {
	int n[3];
	size_t digits[3];
	struct text rest;
};

/* Three whole numbers with one of . / - between, and what stands behind them. */
static bool
read_parts(struct text t, struct parts *out)
{
	const char *p = t.at, *end = t.at + t.n;
	char between = 0;
	for (int i = 0; i < 3; i++) {
		out->n[i] = 0;
		out->digits[i] = 0;
		for (; p < end && isdigit((unsigned char)*p); p++) {
			if (++out->digits[i] > 4)
				return false;
			out->n[i] = out->n[i] * 10 + (*p - '0');
		}
		if (out->digits[i] == 0)
			return false;
		if (i == 2)
			break;
		if (p == end || strchr("./-", *p) == NULL || *p == '\0' ||
			(i == 1 && *p != between))
			return false;
		between = *p++;
	}
	if (p < end && *p != ' ' && *p != 'T' && *p != ',')
		return false;
	out->rest = (struct text){p, (size_t)(end - p)};
	return true;
}

int
cell_date_order(struct text t)
{
	struct parts p;
	if (!read_parts(text_trim(t), &p) || p.digits[0] == 4)
		return 0;
	return (p.n[0] <= 31 && p.n[1] <= 12 ? 1 : 0) |
	       (p.n[1] <= 31 && p.n[0] <= 12 ? 2 : 0);
}

static enum why
read_date(const struct cell_how *how, struct text t, struct date *d, struct text *rest)
{
	struct parts p;
	if (!read_parts(t, &p))
		return WHY_DATE;
	*rest = p.rest;
	bool year_first = p.digits[0] == 4;
	int year = year_first ? p.n[0] : p.n[2];
	size_t digits = year_first ? p.digits[0] : p.digits[2];
	if (digits != 4 && digits != 2)
		return WHY_DATE;
	if (digits == 2)
		year += year <= how->year % 100 ? 2000 : 1900;
	*d = (struct date){.year = year,
		.month = year_first || !how->month_first ? p.n[1] : p.n[0],
		.day = year_first	  ? p.n[2]
		       : how->month_first ? p.n[1]
					  : p.n[0]};
	if (d->month > 12 && !year_first && !how->month_first)
		return WHY_NO_DAY;
	return date_is(*d) && year >= 1800 ? WHY_NONE : WHY_NO_DAY;
}

/* "10:00", "9:05:01", with AM or PM; nothing is midnight. */
static bool
read_clock(struct text t, int *second)
{
	int n[3] = {0, 0, 0}, i = 0;
	t = text_trim(t);
	if (t.n > 0 && (*t.at == 'T' || *t.at == ','))
		t = text_trim((struct text){t.at + 1, t.n - 1});
	const char *p = t.at, *end = t.at + t.n;
	*second = 0;
	if (p == end)
		return true;
	for (; i < 3 && p < end && isdigit((unsigned char)*p); i++) {
		for (int k = 0; p < end && isdigit((unsigned char)*p) && k < 2; k++)
			n[i] = n[i] * 10 + (*p++ - '0');
		if (p < end && *p == ':')
			p++;
	}
	if (p < end && *p == '.')
		for (p++; p < end && isdigit((unsigned char)*p);)
			p++;
	struct text half = text_trim((struct text){p, (size_t)(end - p)});
	bool pm = half.n == 2 && (half.at[0] | 0x20) == 'p';
	if (half.n > 0 && !(half.n == 2 && (half.at[1] | 0x20) == 'm'))
		return false;
	if (half.n > 0)
		n[0] = n[0] % 12 + (pm ? 12 : 0);
	*second = n[0] * 3600 + n[1] * 60 + n[2];
	return i >= 2 && n[0] < 24 && n[1] < 60 && n[2] < 61;
}

enum why
cell_time(struct arena *a, const struct cell_how *how, struct text t, int64_t *at_us)
{
	struct date d;
	struct text rest;
	int second;
	t = text_trim(t);
	bool zoned = t.n > 10 &&
		     (t.at[t.n - 1] == 'Z' ||
			     (t.n > 19 && memchr("+-", t.at[t.n - 6], 2) != NULL &&
				     t.at[t.n - 3] == ':'));
	(void)a;
	if (zoned && time_parse(t, at_us) == 1)
		return WHY_NONE;
	enum why why = read_date(how, t, &d, &rest);
	if (why != WHY_NONE)
		return why;
	if (!read_clock(rest, &second))
		return WHY_DATE;
	*at_us = zone_time_us(how->zone, d, second);
	return WHY_NONE;
}

/* Spaces of thousands, the signs of money and percent; a comma is the point unless a point stands behind it or several commas do. */
static bool
read_number(struct text t, double *out)
{
	static const char *const signs[] = {"%", "\u20bd", "\u20ac", "$", "\u00a3",
		"\u20b4", "\u20b8", "Br", "BYN", "RUB", "USD", "EUR", "руб.", "руб", "р.",
		"р"};
	char z[64];
	size_t n = 0, commas = 0, points = 0;
	const char *comma = NULL, *point = NULL;
	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
		size_t k = strlen(signs[i]);
		t = text_trim(t);
		if (t.n > k && memcmp(t.at + t.n - k, signs[i], k) == 0)
			t.n -= k;
		else if (t.n > k && memcmp(t.at, signs[i], k) == 0)
			t = (struct text){t.at + k, t.n - k};
	}
	t = text_trim(t);
	for (size_t i = 0; i < t.n; i++) {
		commas += t.at[i] == ',';
		points += t.at[i] == '.';
		comma = t.at[i] == ',' ? t.at + i : comma;
		point = t.at[i] == '.' ? t.at + i : point;
	}
	bool comma_is_point = comma != NULL && commas == 1 &&
			      (point == NULL || point < comma);
	for (const char *p = t.at, *end = t.at + t.n; p < end && n < sizeof z - 1; p++) {
		if (*p == ' ' || *p == '\'' || (*p == ',' && !comma_is_point) ||
			(*p == '.' && (comma_is_point || points > 1)))
			continue;
		if (end - p > 1 && memcmp(p, "\xc2\xa0", 2) == 0) {
			p++;
			continue;
		}
		if (end - p > 2 && memcmp(p, "\xe2\x80\xaf", 3) == 0) {
			p += 2;
			continue;
		}
		if (strchr("0123456789.,+-eE", *p) == NULL || *p == '\0')
			return false;
		z[n++] = *p == ',' ? '.' : *p;
	}
	z[n] = '\0';
	char *end;
	*out = strtod(z, &end);
	return n > 0 && *end == '\0' && isfinite(*out);
}

static bool
is_one_of(struct text t, const char *const *words)
{
	for (; *words != NULL; words++)
		if (text_is(t, *words))
			return true;
	return false;
}

int
cell_yes(struct arena *a, struct text t)
{
	static const char *const yes[] = {"да", "yes", "y", "true", "1", "+", "истина",
		"вкл", "on", "есть", "согласен", "согласна", "д", "ja", "tak", "x", "v",
		"подписан", "подписана", NULL};
	static const char *const no[] = {"нет", "no", "n", "false", "0", "-", "ложь",
		"выкл", "off", "н", "nein", "nie", "не согласен", "не согласна", "отписан",
		"отписана", "отказ", NULL};
	struct text word = text_fold(a, text_trim(t));
	return is_one_of(word, yes) ? 1 : is_one_of(word, no) ? 0 : -1;
}

static struct text
gender(struct arena *a, struct text t)
{
	static const char *const male[] = {"м", "муж", "муж.", "мужской", "мужчина", "m",
		"male", "man", "мужск.", "м.", NULL};
	static const char *const female[] = {"ж", "жен", "жен.", "женский", "женщина", "f",
		"female", "woman", "w", "женск.", "ж.", NULL};
	struct text word = text_fold(a, t);
	return is_one_of(word, male)	 ? text_of("male")
	       : is_one_of(word, female) ? text_of("female")
					 : t;
}

/* 7,9E+10: as many digits as it has are all there is. Where these are the whole number, it is taken. */
static enum why
read_exponent(struct arena *a, struct text t, struct text *out)
{
	struct str digits = str_new(a);
	size_t i = 0, behind = 0;
	bool point = false;
	for (; i < t.n && (isdigit((unsigned char)t.at[i]) ||
				  (!point && i > 0 && strchr(".,", t.at[i]) != NULL));
		i++) {
		if (!isdigit((unsigned char)t.at[i])) {
			point = true;
			continue;
		}
		str_addc(&digits, t.at[i]);
		behind += point;
	}
	if (i == 0 || i + 1 >= t.n || (t.at[i] | 0x20) != 'e')
		return WHY_NONE; /* no exponent */
	char *end;
	const char *z = text_z(a, (struct text){t.at + i + 1, t.n - i - 1});
	long power = strtol(z, &end, 10);
	if (*end != '\0')
		return WHY_NONE;
	if (power < 0 || (size_t)power > behind)
		return WHY_PHONE_EXCEL;
	size_t n = digits.n - (behind - (size_t)power);
	for (size_t k = n; k < digits.n; k++)
		if (digits.at[k] != '0')
			return WHY_PHONE;
	*out = (struct text){digits.at, n};
	return WHY_NONE;
}

static enum why
read_phone(struct arena *a, const struct cell_how *how, struct text t, struct val *out)
{
	struct ident id;
	enum why why = read_exponent(a, t, &t);
	struct val v = val_of(t);
	if (why != WHY_NONE)
		return why;
	if (ident_read(a, IDENT_PHONE, &v, how->country, &id) != 1)
		return WHY_PHONE;
	*out = val_of(id.value);
	return WHY_NONE;
}

static enum why
read_email(struct arena *a, struct text t, struct val *out)
{
	struct ident id;
	struct val v = val_of(t);
	if (ident_read(a, IDENT_EMAIL, &v, "", &id) != 1)
		return WHY_EMAIL;
	*out = val_of(id.value);
	return WHY_NONE;
}

/* Members between ; or | or lines, or where none of these is, between commas. */
static struct val
read_list(struct arena *a, struct text t)
{
	struct val list = val_list(a);
	const char *signs = ",";
	for (size_t i = 0; i < t.n; i++)
		if (strchr(";|\n", t.at[i]) != NULL)
			signs = ";|\n";
	for (size_t from = 0, i = 0; i <= t.n && val_len(&list) < LIST_MAX; i++) {
		if (i < t.n && strchr(signs, t.at[i]) == NULL)
			continue;
		struct text one = text_trim((struct text){t.at + from, i - from});
		if (one.n > 0)
			val_push(a, &list, val_of(one));
		from = i + 1;
	}
	return list;
}

static enum why
read_geo(struct arena *a, struct text t, struct val *out)
{
	char *end;
	const char *z = text_z(a, t);
	double lat = strtod(z, &end);
	if (end == z || (*end != ',' && *end != ';' && *end != ' '))
		return WHY_GEO;
	z = end + 1;
	double lon = strtod(z, &end);
	if (end == z || *end != '\0' || !(fabs(lat) <= 90) || !(fabs(lon) <= 180))
		return WHY_GEO;
	*out = val_map(a);
	val_put(a, out, "lat", val_num(lat));
	val_put(a, out, "lon", val_num(lon));
	return WHY_NONE;
}

static enum why
read_numeric(struct arena *a, const struct cell_how *how, struct text t, struct val *out)
{
	double n;
	if (!read_number(t, &n))
		return WHY_NUMBER;
	bool whole = n == floor(n) && fabs(n) < 9e15;
	*out = whole ? val_int((int64_t)n) : val_num(n);
	if (strcmp(how->type, "number") == 0)
		return WHY_NONE;
	if (!(fabs(n) < 9e13))
		return WHY_NUMBER;
	*out = val_map(a);
	val_put(a, out, "amount", val_int(llround(n * 100)));
	val_put(a, out, "currency", val_text(how->currency));
	return WHY_NONE;
}

static enum why
read_moment(struct arena *a, const struct cell_how *how, struct text t, struct val *out)
{
	struct date d;
	struct text rest;
	int64_t at_us;
	bool day = strcmp(how->type, "date") == 0;
	enum why why = day ? read_date(how, t, &d, &rest) : cell_time(a, how, t, &at_us);
	if (why != WHY_NONE)
		return why;
	*out = val_text(day ? arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day)
			    : time_text(a, at_us));
	return WHY_NONE;
}

enum why
cell_read(struct arena *a, const struct cell_how *how, struct text t, struct val *out)
{
	const char *type = how->type;
	t = text_trim(t);
	*out = val_null();
	if (t.n == 0)
		return WHY_NONE;
	if (strcmp(type, "email") == 0)
		return read_email(a, t, out);
	if (strcmp(type, "phone") == 0)
		return read_phone(a, how, t, out);
	if (strcmp(type, "number") == 0 || strcmp(type, "money") == 0)
		return read_numeric(a, how, t, out);
	if (strcmp(type, "date") == 0 || strcmp(type, "datetime") == 0)
		return read_moment(a, how, t, out);
	if (strcmp(type, "bool") == 0) {
		int yes = cell_yes(a, t);
		*out = val_bool(yes == 1);
		return yes >= 0 ? WHY_NONE : WHY_BOOL;
	}
	if (strcmp(type, "list") == 0 || strcmp(type, "multichoice") == 0) {
		*out = read_list(a, t);
		return WHY_NONE;
	}
	if (strcmp(type, "geo") == 0)
		return read_geo(a, t, out);
	if (t.n > FIELD_TEXT_MAX)
		return WHY_LONG;
	if (strcmp(type, "url") == 0 && !url_is_web(t))
		return WHY_URL;
	*out = val_of(strcmp(how->name, "gender") == 0 ? gender(a, t) : t);
	return WHY_NONE;
}
