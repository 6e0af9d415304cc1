/* Files at an address: fetched once into an import, or again and again with a saved mapping. */
#ifndef EXCHANGE_IMPORT_FEED_H
#define EXCHANGE_IMPORT_FEED_H

#include "base/val.h"

struct arena;
struct company;
struct db;
struct err;
struct import;

enum { IMPORT_EVERY_H_MAX = 24 * 7 };

/* An import in state "fetching"; its job fetches the file, then it is "new" as one that was uploaded, or "failed". ERR_INPUT field "url". */
int import_fetch(struct arena *a, struct db *db, int64_t company_id, const char *url,
	int64_t user_id, int64_t *id, struct err *e);

struct import_feed_order {
	const char *url;
	int64_t every_h;       /* 0: once a day */
	int64_t minute_of_day; /* of the company's zone, where every_h is 0 */
	int64_t user_id;
};

/* From now on the file at the address is imported as im was. ERR_INPUT field "url" or "every_h"; ERR_CONFLICT im has no mapping. */
int import_feed_add(struct arena *a, struct db *db, const struct company *company,
	const struct import *im, const struct import_feed_order *o, int64_t *id,
	struct err *e);

/* List of maps {id, name, url, state, every_h, minute_of_day, next_at_us, last_at_us, said}. */
int import_feed_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e);

/* Rests, or goes on at once. 1 / 0 no such feed / -1; *url is its address. */
int import_feed_set_state(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	bool on, const char **url, struct err *e);

#endif
