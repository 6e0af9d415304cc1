/* Clock, RFC 3339, dates; zones are in zone.c. Days from civil: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
#include "base/time.h"
#include "base/arena.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t
clock_us(clockid_t which)
{
	struct timespec now;
	clock_gettime(which, &now);
	return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

int64_t
time_now_us(void)
{
	return clock_us(CLOCK_REALTIME);
}

int64_t
time_monotonic_us(void)
{
	return clock_us(CLOCK_MONOTONIC);
}

int64_t
date_days(struct date d)
{
	int64_t y = d.year - (d.month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

struct date
date_of_days(int64_t z)
{
	z += 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	int month = (int)(mp < 10 ? mp + 3 : mp - 9);
	return (struct date){.year = (int)(yoe + era * 400 + (month <= 2)),
		.month = month,
		.day = (int)(doy - (153 * mp + 2) / 5 + 1)};
}

bool
date_is(struct date d)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (d.year < 1 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1)
		return false;
	bool leap = d.year % 4 == 0 && (d.year % 100 != 0 || d.year % 400 == 0);
	return d.day <= days[d.month - 1] + (d.month == 2 && leap);
}

/* Reads exactly n digits. */
static bool
digits(struct text *t, int n, int *out)
{
	if (t->n < (size_t)n)
		return false;
	*out = 0;
	for (int i = 0; i < n; i++) {
		if (t->at[i] < '0' || t->at[i] > '9')
			return false;
		*out = *out * 10 + (t->at[i] - '0');
	}
	*t = (struct text){t->at + n, t->n - (size_t)n};
	return true;
}

static bool
take(struct text *t, const char *any)
{
	if (t->n == 0 || strchr(any, t->at[0]) == NULL || t->at[0] == '\0')
		return false;
	*t = (struct text){t->at + 1, t->n - 1};
	return true;
}

static bool
iso_date(struct text *t, struct date *d)
{
	return digits(t, 4, &d->year) && take(t, "-") && digits(t, 2, &d->month) &&
	       take(t, "-") && digits(t, 2, &d->day) && date_is(*d);
}

int
date_parse(struct text t, struct date *out)
{
	struct text rest = t;
	if (iso_date(&rest, out))
		return rest.n == 0 || rest.at[0] == 'T' || rest.at[0] == ' ';
	rest = t;
	return digits(&rest, 2, &out->day) && take(&rest, ".") &&
	       digits(&rest, 2, &out->month) && take(&rest, ".") &&
	       digits(&rest, 4, &out->year) && date_is(*out) && rest.n == 0;
}

static bool
fraction(struct text *t, int64_t *us)
{
	int64_t unit = 100000;
	if (!take(t, ".,"))
		return true;
	if (t->n == 0 || t->at[0] < '0' || t->at[0] > '9')
		return false;
	while (t->n > 0 && t->at[0] >= '0' && t->at[0] <= '9') {
		*us += (t->at[0] - '0') * unit;
		unit /= 10;
		*t = (struct text){t->at + 1, t->n - 1};
	}
	return true;
}

static bool
offset(struct text *t, int64_t *us)
{
	int hour, minute = 0;
	if (t->n == 0 || take(t, "Zz"))
		return true;
	int sign = t->at[0] == '-' ? -1 : 1;
	if (!take(t, "+-") || !digits(t, 2, &hour))
		return false;
	if (t->n > 0) {
		take(t, ":");
		if (!digits(t, 2, &minute))
			return false;
	}
	*us -= sign * (hour * HOUR_US + minute * MINUTE_US);
	return hour <= 18 && minute <= 59;
}

int
time_parse(struct text t, int64_t *at_us)
{
	struct date d;
	int hour, minute, second = 0;
	if (!iso_date(&t, &d))
		return 0;
	int64_t us = date_days(d) * DAY_US;
	if (t.n > 0) {
		if (!take(&t, "Tt ") || !digits(&t, 2, &hour) || !take(&t, ":") ||
			!digits(&t, 2, &minute))
			return 0;
		if (take(&t, ":") && !digits(&t, 2, &second))
			return 0;
		if (hour > 23 || minute > 59 || second > 60)
			return 0;
		us += hour * HOUR_US + minute * MINUTE_US + second * SECOND_US;
		if (!fraction(&t, &us) || !offset(&t, &us))
			return 0;
	}
	if (t.n > 0)
		return 0;
	*at_us = us;
	return 1;
}

const char *
time_text(struct arena *a, int64_t at_us)
{
	int64_t days = at_us / DAY_US - (at_us % DAY_US < 0);
	int64_t rest = at_us - days * DAY_US;
	struct date d = date_of_days(days);
	int s = (int)(rest / SECOND_US);
	return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", d.year, d.month,
		d.day, s / 3600, s / 60 % 60, s % 60, (int)(rest % SECOND_US / 1000));
}

int
time_duration(struct text t, int64_t *span_us)
{
	if (t.n < 2 || t.n > 8)
		return 0;
	int64_t unit;
	switch (t.at[t.n - 1]) {
	case 's':
		unit = SECOND_US;
		break;
	case 'm':
		unit = MINUTE_US;
		break;
	case 'h':
		unit = HOUR_US;
		break;
	case 'd':
		unit = DAY_US;
		break;
	case 'w':
		unit = 7 * DAY_US;
		break;
	default:
		return 0;
	}
	int n;
	t.n--;
	if (!digits(&t, (int)t.n, &n) || n == 0 || n > 36500 * DAY_US / unit)
		return 0;
	*span_us = n * unit;
	return 1;
}
