/* Instants are microseconds since 1970 UTC (int64_t, *_us); zones are IANA names. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/val.h"

struct arena;
struct err;

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US	  (60 * MINUTE_US)
#define DAY_US	  (24 * HOUR_US)

int64_t time_now_us(void);	 /* wall clock */
int64_t time_monotonic_us(void); /* for measuring */

/* RFC 3339 and what SDKs send for it: date, optional time and fraction, Z or offset (none means UTC), 'T' or space.
 * 1 read, 0 not a time. Years 1 to 9999. */
int time_parse(struct text t, int64_t *at_us);

/* "2026-11-21T14:32:07.123Z", always 24 characters. */
const char *time_text(struct arena *a, int64_t at_us);

/* "15m" "1h" "90d" "2w": 1 read, 0 not a duration (whole, positive, at most 36500d). */
int time_duration(struct text t, int64_t *span_us);

struct zone;

/* A zone by its IANA name, cached for the process, never freed; NULL when there is none of that name. */
const struct zone *zone_find(struct text name);
const struct zone *zone_utc(void);

/* Seconds east of UTC at that instant. */
int32_t zone_offset_s(const struct zone *z, int64_t at_us);

/* The instant of the local midnight that begins the local day at_us lies in, plus days of the calendar. */
int64_t zone_day_us(const struct zone *z, int64_t at_us, int days);

struct date {		      /* of the proleptic Gregorian calendar */
	int year, month, day; /* 1..12, 1..31 */
};

struct date date_of_days(int64_t days_since_1970);
int64_t date_days(struct date d);
bool date_is(struct date d);
/* "1991-12-14" (a time behind it is passed over), "14.12.1991": 1 read, 0 not a date. */
int date_parse(struct text t, struct date *out);
/* The local date and, where wanted, second of the day. */
struct date zone_date(const struct zone *z, int64_t at_us, int *second_of_day);
/* The instant of a local time; one that a change of the clock skips is the one so much after the change. */
int64_t zone_time_us(const struct zone *z, struct date d, int second_of_day);
/* The instant a local date begins. */
int64_t zone_date_us(const struct zone *z, struct date d);

#endif
