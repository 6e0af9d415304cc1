/* Where an address is: a MaxMind file (libmaxminddb), of the nested layout of GeoIP2 and GeoLite2 or of a flat one. */
#ifndef BASE_GEO_H
#define BASE_GEO_H

#include "base/val.h"

struct err;
struct geo;

struct place {		     /* borrowed from the file, empty what it does not say */
	struct text country; /* ISO 3166-1, two letters */
	struct text region, city, timezone;
};

/* Maps the file. -1 ERR_INPUT with its name. */
int geo_open(const char *path, struct geo **out, struct err *e);
void geo_close(struct geo *g); /* NULL is fine */

/* 1 found, 0 not (also for what is no address). language of the names, "en" where there is none in it. Safe for several threads. */
int geo_find(const struct geo *g, struct text ip, const char *language, struct place *out);

#endif
