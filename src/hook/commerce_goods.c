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

static struct product *
add_product(struct commerce_run *r)
{
	r->products = arena_room(r->batch, r->products, r->products_n, &r->products_cap,
		sizeof *r->products);
	r->products[r->products_n] = (struct product){.price = -1, .old_price = -1};
	return &r->products[r->products_n];
}

void
commerce_take_product(struct commerce_run *r, const struct val *v)
{
	struct product *p = add_product(r);
	const struct val *group = commerce_each(v, "Группы", "Ид", 0);
	p->external_id = commerce_text(v, "Ид");
	p->name = commerce_text(v, "Наименование");
	p->picture = commerce_text(v, "Картинка");
	p->vendor = commerce_text(val_get(v, "Изготовитель"), "Наименование");
	p->available = !commerce_yes(commerce_text(v, "ПометкаУдаления"));
	p->params = val_map(r->batch);
	commerce_put(r, &p->params, "sku", commerce_text(v, "Артикул"));
	if (group != NULL) {
		struct text path = commerce_group(r->reader, val_as_text(group));
		p->category = (struct text){arena_text(r->batch, path.at, path.n), path.n};
	}
	bool good = product_check(r->batch, p) == NULL;
	r->products_n += good;
	r->counts[good ? PRODUCTS : PASSED]++;
}

void
commerce_take_offer(struct commerce_run *r, const struct val *v)
{
	struct product *p = add_product(r);
	const struct val *price = commerce_each(v, "Цены", "Цена", 0);
	struct text count = commerce_text(v, "Количество");
	struct val left = commerce_money(count);
	p->external_id = commerce_text(v, "Ид");
	p->name = commerce_text(v, "Наименование");
	if (p->name.n == 0)
		p->name = p->external_id;
	if (!product_money(commerce_text(price, "ЦенаЗаЕдиницу"), &p->price, &p->currency))
		p->price = -1;
	p->currency = commerce_currency(r, commerce_text(price, "Валюта"));
	p->available = count.n == 0 || (left.kind == VAL_NUM && left.n > 0);
	p->params = val_map(r->batch);
	bool good = product_check(r->batch, p) == NULL;
	r->products_n += good;
	r->counts[good ? OFFERS : PASSED]++;
}
