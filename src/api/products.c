/* Products and feeds. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "catalog/feed.h"
#include "catalog/product.h"

#include <string.h>

/* Hundredths as the API writes money: "12.50". */
static struct val
money(struct arena *a, const struct val *v)
{
	if (val_is_null(v))
		return val_null();
	int64_t n = val_as_int(v, 0);
	return val_text(arena_printf(a, "%lld.%02d", (long long)(n / 100), (int)(n % 100)));
}

static struct val
shape(struct arena *a, const struct val *stored)
{
	struct val out = api_card(a, stored);
	val_put(a, &out, "price", money(a, val_get(stored, "price")));
	val_put(a, &out, "old_price", money(a, val_get(stored, "old_price")));
	return out;
}

int
api_products_list(struct web *w, struct err *e)
{
	struct val list, out = val_list(w->arena);
	size_t limit;
	int64_t cursor;
	if (api_limit(w, &limit, e) < 0 || api_cursor(w, INT64_MAX, &cursor, e) < 0 ||
		product_page(w->arena, w->db, w->company.id, web_query(w, "q"), cursor,
			limit, &list, e) < 0)
		return -1;
	size_t n = val_len(&list);
	for (size_t i = 0; i < n; i++)
		val_push(w->arena, &out, shape(w->arena, &list.list->at[i]));
	api_answer_list(
		w, out, n == limit ? *val_get(&list.list->at[n - 1], "id") : val_null());
	return 0;
}

int
api_product_get(struct web *w, struct err *e)
{
	struct val product;
	int64_t id;
	if (web_id(w, "id", &id, e) < 0 ||
		web_found(product_by_id(w->arena, w->db, w->company.id, id, &product, e),
			e) < 0)
		return -1;
	api_answer(w, 200, shape(w->arena, &product));
	return 0;
}

/* A price as text or number: 0, or -1 it is neither. */
static int
read_money(struct arena *a, const struct val *v, int64_t *out, struct text *currency)
{
	*out = -1;
	if (val_is_null(v))
		return 0;
	if (v->kind == VAL_MAP) { /* as the API writes money: minor units */
		*out = val_as_int(val_get(v, "amount"), -1);
		if (val_get(v, "currency") != NULL)
			*currency = val_as_text(val_get(v, "currency"));
		return *out >= 0 ? 0 : -1;
	}
	struct text t = v->kind == VAL_TEXT ? v->text : json_text(a, v);
	return product_money(t, out, currency) ? 0 : -1;
}

/* What is wrong with one, or NULL. */
static const char *
read_product(struct arena *a, const struct val *v, struct product *out)
{
	const struct val *params = val_get(v, "params");
	if (v->kind != VAL_MAP)
		return "a product is an object";
	*out = (struct product){.external_id = val_as_text(val_get(v, "external_id")),
		.group_id = val_as_text(val_get(v, "group_id")),
		.name = val_as_text(val_get(v, "name")),
		.currency = val_as_text(val_get(v, "currency")),
		.url = val_as_text(val_get(v, "url")),
		.picture = val_as_text(val_get(v, "picture")),
		.category = val_as_text(val_get(v, "category")),
		.vendor = val_as_text(val_get(v, "vendor")),
		.available = val_as_bool(val_get(v, "available"), true),
		.params = params != NULL ? *params : val_map(a)};
	if (out->params.kind != VAL_MAP || val_len(&out->params) > PRODUCT_PARAMS_MAX ||
		json_text(a, &out->params).n > 32 * 1024)
		return "params is an object of at most 100 values";
	if (read_money(a, val_get(v, "price"), &out->price, &out->currency) < 0 ||
		read_money(a, val_get(v, "old_price"), &out->old_price, &out->currency) < 0)
		return "a price is a number, a text as \"12.50\", or {amount: minor units, "
		       "currency}";
	return product_check(a, out);
}

static int
bulk(struct web *w, struct err *e)
{
	struct arena *a = w->arena;
	struct val body, out = val_map(a), refused = val_list(a);
	if (web_json(w, &body, e) < 0)
		return -1;
	const struct val *list = val_get(&body, "products");
	size_t n = val_len(list), good = 0;
	if (list == NULL || list->kind != VAL_LIST || n == 0 || n > PRODUCTS_BULK_MAX)
		return err_field(
			e, "products", "products is a list of 1 to %d", PRODUCTS_BULK_MAX);
	struct product *products = arena_array(a, n, sizeof *products);
	for (size_t i = 0; i < n; i++) {
		const char *problem = read_product(a, &list->list->at[i], &products[good]);
		good += problem == NULL;
		if (problem == NULL)
			continue;
		struct val one = val_map(a);
		val_put(a, &one, "index", val_int((int64_t)i));
		val_put(a, &one, "message", val_text(problem));
		val_push(a, &refused, one);
	}
	if (product_put(a, w->db, w->company.id, 0, 0, products, good, e) < 0)
		return -1;
	val_put(a, &out, "put", val_int((int64_t)good));
	val_put(a, &out, "refused", refused);
	api_answer(w, 200, out);
	return 0;
}

int
api_products_bulk(struct web *w, struct err *e)
{
	return api_once(w, bulk, e);
}

int
api_feeds_list(struct web *w, struct err *e)
{
	struct val list;
	if (feed_all(w->arena, w->db, w->company.id, &list, e) < 0)
		return -1;
	api_answer_cards(w, &list);
	return 0;
}
