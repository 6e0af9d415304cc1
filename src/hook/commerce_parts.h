/* What the files of the job that reads 1C's files share; nobody else includes this. */
#ifndef HOOK_COMMERCE_PARTS_H
#define HOOK_COMMERCE_PARTS_H

#include "base/val.h"
#include "catalog/product.h"
#include "hook/hook.h"
#include "tenant/company.h"

struct arrival;
struct commerce;
struct db;
struct err;
struct event_types;
struct job;
struct settings;
struct upsert;
struct zone;

enum commerce_count { ORDERS, UNCHANGED, CLIENTS, PRODUCTS, OFFERS, PASSED, COUNTS };

struct commerce_run {
	struct db *db;
	const struct settings *settings;
	struct job *job;
	int64_t lease_us;
	struct company company;
	struct hook hook;
	const struct zone *zone;
	struct event_types *types;
	struct commerce *reader;
	struct arena *batch;   /* all that is in hand, till it is written */
	struct upsert *upsert; /* on batch, NULL: not read yet */
	struct arrival *arrivals;
	size_t n, cap;
	struct val orders; /* rows of hook_order, COMMERCE_ORDER_WIDTH wide */
	size_t orders_n;
	struct {
		struct product *list;
		size_t n, cap;
	} products[PRODUCT_PARTS];
	size_t products_n; /* of all parts */
	int64_t counts[COUNTS], now_us;
};

enum { COMMERCE_ORDER_WIDTH = 4 };

/* A record of the file into what is in hand; v is on batch. 1 taken or known already, 0 it names nobody: passed over, -1 *e. *person: what upsert_read
 * was asked. */
int commerce_take_order(struct commerce_run *r, const struct val *v, struct err *e);
int commerce_take_person(
	struct commerce_run *r, const struct val *v, struct val *person, struct err *e);

/* As well, of goods; they count by themselves what they take and pass over. */
void commerce_take_product(struct commerce_run *r, const struct val *v);
void commerce_take_offer(struct commerce_run *r, const struct val *v);

/* A text that is not empty into a map on batch. */
void commerce_put(struct commerce_run *r, struct val *map, const char *key, struct text t);
/* A number of at most two places, null when it is none. */
struct val commerce_money(struct text t);
/* "RUB" of "643" or "руб"; the company's currency when it says nothing. */
struct text commerce_currency(const struct commerce_run *r, struct text t);
bool commerce_yes(struct text t);

#endif
