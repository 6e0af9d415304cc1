/* See commerce_parts.h: goods and offers are products. */
#include "base/arena.h"
#include "base/str.h"
#include "catalog/product.h"
#include "hook/commerce.h"
#include "hook/commerce_parts.h"

#include <string.h>

void
commerce_put(struct commerce_run *r, struct val *map, const char *key, struct text t)
{
	if (t.n > 0)
		val_put(r->batch, map, key, val_of(t));
}

struct val
commerce_money(struct text t)
{
	int64_t cents;
	struct text ignored;
	return product_money(t, &cents, &ignored) ? val_num((double)cents / 100)
						  : val_null();
}

struct text
commerce_currency(const struct commerce_run *r, struct text t)
{
	static const char *const codes[][2] = {{"643", "RUB"}, {"933", "BYN"},
		{"840", "USD"}, {"978", "EUR"}, {"398", "KZT"}, {"руб", "RUB"},
		{"RUR", "RUB"}};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (text_is(t, codes[i][0]))
			return text_of(codes[i][1]);
	bool is_code = t.n == 3;
	for (size_t i = 0; i < t.n; i++)
		is_code = is_code && t.at[i] >= 'A' && t.at[i] <= 'Z';
	return is_code ? t : text_of(r->company.currency);
}

bool
commerce_yes(struct text t)
{
	return text_is(t, "true") || text_is(t, "Да") || text_is(t, "да") ||
	       text_is(t, "1");
}

/* A product into what is in hand of a part, when it is one; texts are on batch. */
static bool
add(struct commerce_run *r, enum product_part part, struct product *p)
{
	if (p->name.n == 0)
		p->name = p->external_id;
	if (product_check(r->batch, p) != NULL)
		return false;
	r->products[part].list = arena_room(r->batch, r->products[part].list,
		r->products[part].n, &r->products[part].cap, sizeof *p);
	r->products[part].list[r->products[part].n++] = *p;
	r->products_n++;
	return true;
}

void
commerce_take_product(struct commerce_run *r, const struct val *v)
{
	const struct val *group = commerce_each(v, "Группы", "Ид", 0);
	struct product p = {.external_id = commerce_text(v, "Ид"),
		.name = commerce_text(v, "Наименование"),
		.picture = commerce_text(v, "Картинка"),
		.vendor = commerce_text(val_get(v, "Изготовитель"), "Наименование"),
		.price = -1,
		.old_price = -1,
		.available = !commerce_yes(commerce_text(v, "ПометкаУдаления")) &&
			     !text_is(commerce_text(v, "@Статус"), "Удален"),
		.params = val_map(r->batch)};
	commerce_put(r, &p.params, "sku", commerce_text(v, "Артикул"));
	if (group != NULL) {
		struct text path = commerce_group(r->reader, val_as_text(group));
		p.category = (struct text){arena_text(r->batch, path.at, path.n), path.n};
	}
	bool good = p.name.n > 0 && add(r, PRODUCT_GOODS, &p);
	if (good && !p.available)
		add(r, PRODUCT_LEFT, &p);
	r->counts[good ? PRODUCTS : PASSED]++;
}

static bool
is_some(struct text count)
{
	struct val n = commerce_money(count);
	return n.kind == VAL_NUM && n.n > 0;
}

/* Whether it is for sale, by a count or by those of stores (CommerceML 2.07 on): 1 / 0 / -1 it does not say. */
static int
left_of(const struct val *v)
{
	struct text count = commerce_text(v, "Количество");
	const struct val *rest, *store;
	int left = count.n > 0 ? is_some(count) : -1;
	for (size_t i = 0; (rest = commerce_each(v, "Остатки", "Остаток", i)) != NULL;
		i++) {
		left = left == 1 || is_some(commerce_text(rest, "Количество"));
		for (size_t k = 0; (store = commerce_each(rest, NULL, "Склад", k)) != NULL;
			k++)
			left = left == 1 || is_some(commerce_text(store, "Количество"));
	}
	return left;
}

void
commerce_take_offer(struct commerce_run *r, const struct val *v)
{
	const struct val *price = commerce_each(v, "Цены", "Цена", 0);
	int left = left_of(v);
	struct product p = {.external_id = commerce_text(v, "Ид"),
		.name = commerce_text(v, "Наименование"),
		.price = -1,
		.old_price = -1,
		.available = left != 0,
		.params = val_map(r->batch)};
	if (!product_money(commerce_text(price, "ЦенаЗаЕдиницу"), &p.price, &p.currency))
		p.price = -1;
	p.currency = commerce_currency(r, commerce_text(price, "Валюта"));
	bool good = add(r,
		left < 0      ? PRODUCT_PRICE
		: p.price < 0 ? PRODUCT_LEFT
			      : PRODUCT_OFFER,
		&p);
	r->counts[good ? OFFERS : PASSED]++;
}
