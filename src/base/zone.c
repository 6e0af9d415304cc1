/* Time zones from the system's TZif files (RFC 8536), read once each. glibc's own TZ is process-wide, so it is no use here. */
#include "base/time.h"
#include "base/err.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ZONES_MAX = 700, FILE_MAX = 64 * 1024 };

struct zone {
	char name[48];
	size_t n;	   /* transitions */
	int64_t *at_s;	   /* n, ascending */
	int32_t *offset_s; /* n + 1: offset_s[0] before the first */
	struct zone *next;
};

static struct zone utc = {.name = "UTC", .offset_s = (int32_t[]){0}};
static struct zone *zones;
static size_t zone_count;
static pthread_mutex_t zones_lock = PTHREAD_MUTEX_INITIALIZER;

static int64_t
big_endian(const unsigned char *p, int bytes)
{
	uint64_t v = p[0] & 0x80 ? UINT64_MAX : 0;
	for (int i = 0; i < bytes; i++)
		v = v << 8 | p[i];
	return (int64_t)v;
}

struct header {
	int64_t isut, isstd, leap, time, type, chars;
};

static bool
read_header(const unsigned char *p, size_t n, struct header *h)
{
	if (n < 44 || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
		return false;
	*h = (struct header){big_endian(p + 20, 4), big_endian(p + 24, 4),
		big_endian(p + 28, 4), big_endian(p + 32, 4), big_endian(p + 36, 4),
		big_endian(p + 40, 4)};
	return h->time >= 0 && h->time < 4000 && h->type > 0 && h->type < 256 &&
	       h->chars >= 0 && h->chars < 4000 && h->leap >= 0 && h->leap < 100 &&
	       h->isut >= 0 && h->isut < 256 && h->isstd >= 0 && h->isstd < 256;
}

static struct zone *
parse(const unsigned char *p, size_t n)
{
	struct header h;
	if (!read_header(p, n, &h))
		return NULL;
	size_t first = 44 + (size_t)(h.time * 5 + h.type * 6 + h.chars + h.leap * 8 +
				     h.isstd + h.isut);
	if (n < first || !read_header(p + first, n - first, &h))
		return NULL;
	const unsigned char *times = p + first + 44;
	const unsigned char *kinds = times + h.time * 8;
	const unsigned char *types = kinds + h.time;
	if (types + h.type * 6 > p + n)
		return NULL;
	struct zone *z = calloc(1, sizeof *z);
	must(z != NULL);
	z->n = (size_t)h.time;
	z->at_s = calloc(z->n + 1, sizeof *z->at_s);
	z->offset_s = calloc(z->n + 1, sizeof *z->offset_s);
	must(z->at_s != NULL && z->offset_s != NULL);
	z->offset_s[0] = (int32_t)big_endian(types, 4);
	for (size_t i = 0; i < z->n; i++) {
		z->at_s[i] = big_endian(times + i * 8, 8);
		size_t kind = kinds[i] < h.type ? kinds[i] : 0;
		z->offset_s[i + 1] = (int32_t)big_endian(types + kind * 6, 4);
	}
	return z;
}

/* Names begin with a capital letter: not the second copies under posix/ and right/, which would fill the list that all companies
 * use, and no doubled slash, which would make endless names of one zone. */
static bool
is_name(struct text t)
{
	if (t.n == 0 || t.n >= sizeof utc.name || t.at[0] < 'A' || t.at[0] > 'Z' ||
		t.at[t.n - 1] == '/' || memmem(t.at, t.n, "//", 2) != NULL)
		return false;
	for (size_t i = 0; i < t.n; i++) {
		char c = t.at[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') || strchr("_+-/", c) != NULL) ||
			c == '\0')
			return false;
	}
	return true;
}

static struct zone *
load(struct text name)
{
	char path[128];
	snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", (int)name.n, name.at);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	unsigned char *bytes = malloc(FILE_MAX);
	must(bytes != NULL);
	ssize_t n = read(fd, bytes, FILE_MAX);
	close(fd);
	struct zone *z = n > 0 ? parse(bytes, (size_t)n) : NULL;
	free(bytes);
	if (z != NULL)
		memcpy(z->name, name.at, name.n);
	return z;
}

const struct zone *
zone_find(struct text name)
{
	if (!is_name(name))
		return NULL;
	if (text_is(name, "UTC"))
		return &utc;
	pthread_mutex_lock(&zones_lock);
	struct zone *z = zones;
	while (z != NULL && !text_is(name, z->name))
		z = z->next;
	if (z == NULL && zone_count < ZONES_MAX && (z = load(name)) != NULL) {
		z->next = zones;
		zones = z;
		zone_count++;
	}
	pthread_mutex_unlock(&zones_lock);
	return z;
}

const struct zone *
zone_utc(void)
{
	return &utc;
}

static int64_t
floor_div(int64_t x, int64_t y)
{
	return x / y - (x % y < 0);
}

int32_t
zone_offset_s(const struct zone *z, int64_t at_us)
{
	int64_t at_s = floor_div(at_us, SECOND_US);
	size_t low = 0, high = z->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (z->at_s[middle] <= at_s)
			low = middle + 1;
		else
			high = middle;
	}
	return z->offset_s[low];
}

struct date
zone_date(const struct zone *z, int64_t at_us, int *second_of_day)
{
	int64_t local_s = floor_div(at_us, SECOND_US) + zone_offset_s(z, at_us);
	int64_t days = floor_div(local_s, 86400);
	if (second_of_day != NULL)
		*second_of_day = (int)(local_s - days * 86400);
	return date_of_days(days);
}

int64_t
zone_time_us(const struct zone *z, struct date d, int second_of_day)
{
	int64_t local_us = date_days(d) * DAY_US + second_of_day * SECOND_US;
	int64_t at_us = local_us - zone_offset_s(z, local_us) * SECOND_US;
	/* once more with the offset that holds there; a midnight that a change skips begins after it */
	int64_t again_us = local_us - zone_offset_s(z, at_us) * SECOND_US;
	return zone_offset_s(z, again_us) == zone_offset_s(z, at_us)
		       ? again_us
		       : (again_us > at_us ? again_us : at_us);
}

int64_t
zone_date_us(const struct zone *z, struct date d)
{
	return zone_time_us(z, d, 0);
}

int64_t
zone_day_us(const struct zone *z, int64_t at_us, int days)
{
	return zone_date_us(z, date_of_days(date_days(zone_date(z, at_us, NULL)) + days));
}
