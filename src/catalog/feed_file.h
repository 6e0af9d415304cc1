/* What stands in the file of a feed: YML (Yandex Market), Google Merchant (RSS 2.0 or Atom), or a table (CSV, XLSX) with usual names of columns.
 * Known by what it begins with. Read as it streams by. */
#ifndef CATALOG_FEED_FILE_H
#define CATALOG_FEED_FILE_H

#include "catalog/product.h"

struct arena;
struct err;

struct category {
	struct text id, parent_id, name;
};

/* Called in the order of the file; borrowed for the call. 0, or -1 *e and reading ends. product: with what is wrong, or NULL; line: the number of
 * the product, in a table of its line. */
struct feed_sink {
	int (*category)(void *obj, const struct category *c, struct err *e);
	int (*product)(void *obj, const struct product *p, int64_t line,
		const char *problem, struct err *e);
	void *obj;
};

/* *kind: "yml", "google" or "table". -1 ERR_INPUT it is none of these, or broken. */
int feed_file_read(
	const char *path, const struct feed_sink *to, const char **kind, struct err *e);

#endif
