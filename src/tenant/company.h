/* Companies: the walls. Company 0 is the platform itself and has no row. */
#ifndef TENANT_COMPANY_H
#define TENANT_COMPANY_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum { PLATFORM = 0 };

struct company {
	int64_t id;
	const char *slug; /* of its personal access link, /l/SLUG */
	const char *name, *country, *currency, *timezone, *language;
};

/* Creates the company with its feed, its own source (what users and the API bring) and nothing else; c->id is made.
 * ERR_INPUT with the field when something is not as it should be, ERR_CONFLICT when the slug is taken. */
int company_create(struct arena *a, struct db *db, struct company *c, struct err *e);

/* 1 found, 0 none, -1 *e. */
int company_by_id(
	struct arena *a, struct db *db, int64_t id, struct company *out, struct err *e);
int company_by_slug(struct arena *a, struct db *db, struct text slug, struct company *out,
	struct err *e);

/* All companies, oldest first: a list of maps {id, slug, name, country, currency, timezone, language, created_at_us}. */
int company_all(struct arena *a, struct db *db, struct val *out, struct err *e);

#endif
