/* What a company sells. Money is in hundredths of its currency, -1 there is none. */
#ifndef CATALOG_PRODUCT_H
#define CATALOG_PRODUCT_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct db;
struct err;

enum { PRODUCTS_BULK_MAX = 1000, PRODUCT_PARAMS_MAX = 100 };

struct product {
	struct text external_id, group_id, name, currency, url, picture, category, vendor;
	int64_t price, old_price;
	bool available;
	struct val params; /* a map of texts */
};

/* What is wrong with it, in words, or NULL; texts that are too long are cut on the way, addresses that are none left out. */
const char *product_check(struct arena *a, struct product *p);

/* Makes or changes n by external id (checked ones). feed_id 0: the API. */
int product_put(struct arena *a, struct db *db, int64_t company_id, int64_t feed_id,
	int64_t run_id, const struct product *list, size_t n, struct err *e);

/* Where goods, their prices and what is left of them come apart (1C): what is said of a product. */
enum product_part {
	PRODUCT_GOODS, /* group, name, picture, category, vendor */
	PRODUCT_OFFER, /* price, currency, whether it is available */
	PRODUCT_PRICE, /* price and currency; no price: nothing */
	PRODUCT_LEFT,  /* whether it is available */
	PRODUCT_PARTS
};

/* As product_put, but of one that is there only that part changes. */
int product_put_part(struct arena *a, struct db *db, int64_t company_id,
	enum product_part part, const struct product *list, size_t n, struct err *e);

/* "1 234,50", "12.5 BYN": hundredths and, where it stands there, the currency: 1 / 0. */
int product_money(struct text t, int64_t *out, struct text *currency);

/* Maps {id, external_id, group_id, name, price, old_price, currency, url, picture, category, vendor, available, params, feed_id, created_at_us,
 * updated_at_us, seen_at_us}: newest first before an id, with the text in the name or as the external id. */
int product_page(struct arena *a, struct db *db, int64_t company_id, struct text search,
	int64_t before_id, size_t limit, struct val *list, struct err *e);
int product_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e); /* 1 / 0 / -1 */
int product_count(struct arena *a, struct db *db, int64_t company_id, int64_t *all,
	int64_t *available, struct err *e);

#endif
