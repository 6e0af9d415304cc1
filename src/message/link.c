/* See link.h. */
#include "message/link.h"
#include "base/arena.h"
#include "base/sign.h"
#include "store/db.h"

int64_t
link_id_of(struct text url)
{
	return sign_hash64(url) & INT64_MAX;
}

int
link_put(struct arena *a, struct db *db, int64_t company_id, const struct link *links,
	size_t n, struct err *e)
{
	struct val *rows = arena_array(a, n * 3, sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		rows[i * 3] = val_int(company_id);
		rows[i * 3 + 1] = val_int(links[i].id);
		rows[i * 3 + 2] = val_of(links[i].url);
	}
	return db_bulk(db, QUERY_LINK_PUT, rows, n, 3, NULL, e);
}

int
link_target(struct arena *a, struct db *db, int64_t company_id, int64_t link_id,
	const char **url, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_LINK_TARGET,
		DB_ARGS(val_int(company_id), val_int(link_id)), &row, e);
	if (found == 1)
		*url = row_z(a, &row, 0);
	return found;
}
