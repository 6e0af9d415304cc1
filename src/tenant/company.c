/* See company.h. */
#include "tenant/company.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"

#include <string.h>

static bool
all_of(const char *z, size_t n, const char *allowed)
{
	return strlen(z) == n && strspn(z, allowed) == n;
}

static int
check(const struct company *c, struct err *e)
{
	static const char slug_chars[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t slug_n = strlen(c->slug);
	if (slug_n < 3 || slug_n > 60 || strspn(c->slug, slug_chars) != slug_n)
		return err_field(e, "slug",
			"a slug has 3 to 60 of a-z, 0-9 and -, not \"%s\"", c->slug);
	if (c->name[0] == '\0' || text_length(text_of(c->name)) > 100)
		return err_field(e, "name", "a name has 1 to 100 characters");
	if (!all_of(c->country, 2, upper))
		return err_field(e, "country",
			"a country is two capital letters (ISO 3166), not \"%s\"",
			c->country);
	if (!all_of(c->currency, 3, upper))
		return err_field(e, "currency",
			"a currency is three capital letters (ISO 4217), not \"%s\"",
			c->currency);
	if (zone_find(text_of(c->timezone)) == NULL)
		return err_field(
			e, "timezone", "no time zone is called \"%s\"", c->timezone);
	if (strcmp(c->language, "ru") != 0 && strcmp(c->language, "en") != 0)
		return err_field(
			e, "language", "a language is ru or en, not \"%s\"", c->language);
	return 0;
}

int
company_create(struct arena *a, struct db *db, struct company *c, struct err *e)
{
	(void)a;
	if (check(c, e) < 0)
		return -1;
	c->id = id_make();
	if (db_begin(db, e) < 0)
		return -1;
	if (db_exec(db, QUERY_COMPANY_INSERT,
		    DB_ARGS(val_int(c->id), val_text(c->slug), val_text(c->name),
			    val_text(c->country), val_text(c->currency),
			    val_text(c->timezone), val_text(c->language),
			    val_int(time_now_us())),
		    NULL, e) < 0 ||
		db_exec(db, QUERY_COMPANY_FEED_INSERT, DB_ARGS(val_int(c->id)), NULL, e) <
			0)
		goto undo;
	return db_commit(db, e);
undo:
	db_rollback(db);
	return -1;
}

static void
from_row(struct arena *a, const struct val *row, struct company *c)
{
	*c = (struct company){.id = row_int(row, 0),
		.slug = row_z(a, row, 1),
		.name = row_z(a, row, 2),
		.country = row_z(a, row, 3),
		.currency = row_z(a, row, 4),
		.timezone = row_z(a, row, 5),
		.language = row_z(a, row, 6)};
}

int
company_by_id(
	struct arena *a, struct db *db, int64_t id, struct company *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_COMPANY_BY_ID, DB_ARGS(val_int(id)), &row, e);
	if (found == 1)
		from_row(a, &row, out);
	return found;
}

int
company_by_slug(struct arena *a, struct db *db, struct text slug, struct company *out,
	struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_COMPANY_BY_SLUG, DB_ARGS(val_of(slug)), &row, e);
	if (found == 1)
		from_row(a, &row, out);
	return found;
}

int
company_all(struct arena *a, struct db *db, struct val *out, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_COMPANY_ALL, NULL, 0, &rows, e) < 0)
		return -1;
	*out = row_maps(a, &rows, 0,
		DB_KEYS("id", "slug", "name", "country", "currency", "timezone", "language",
			"created_at_us"));
	return 0;
}
