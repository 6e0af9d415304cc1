/* See product.h. */
#include "catalog/product.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "base/url.h"
#include "store/db.h"

#include <ctype.h>
#include <string.h>

enum { WIDTH = 20 };
#define MONEY_MAX INT64_C(100000000000000) /* a billion of anything, in hundredths */

static struct text
cut(struct text t, size_t n)
{
	return text_cut(text_trim(t), n);
}

static struct text
address(struct text t)
{
	t = text_trim(t);
	return t.n <= 2000 && url_is_web(t) ? t : (struct text){"", 0};
}

const char *
product_check(struct arena *a, struct product *p)
{
	p->external_id = text_trim(p->external_id);
	p->name = cut(p->name, 500);
	p->group_id = cut(p->group_id, 100);
	p->category = cut(p->category, 1000);
	p->vendor = cut(p->vendor, 200);
	p->currency = text_trim(p->currency);
	p->url = address(p->url);
	p->picture = address(p->picture);
	if (p->currency.n != 3)
		p->currency = (struct text){"", 0};
	if (p->external_id.n == 0 || p->external_id.n > 100)
		return "a product has an id of 1 to 100 bytes";
	if (p->name.n == 0)
		return arena_printf(a, "the product \"%.*s\" has no name",
			(int)p->external_id.n, p->external_id.at);
	if (p->price > MONEY_MAX || p->old_price > MONEY_MAX)
		return arena_printf(a, "the price of \"%.*s\" is too large",
			(int)p->external_id.n, p->external_id.at);
	return NULL;
}

static struct val
money_or_null(int64_t n)
{
	return n >= 0 ? val_int(n) : val_null();
}

static void
to_row(struct arena *a, int64_t company_id, int64_t feed_id, int64_t run_id,
	const struct product *p, struct val *row)
{
	int64_t now_us = time_now_us();
	struct text params = p->params.kind == VAL_MAP ? json_text(a, &p->params)
						       : text_of("{}");
	struct val content[] = {val_of(p->group_id), val_of(p->name),
		money_or_null(p->price), money_or_null(p->old_price), val_of(p->currency),
		val_of(p->url), val_of(p->picture), val_of(p->category), val_of(p->vendor)};
	struct val all = val_list(a);
	for (size_t i = 0; i < 9; i++)
		val_push(a, &all, content[i]);
	val_push(a, &all, val_of(params));
	row[0] = val_int(company_id);
	row[1] = val_int(id_make());
	row[2] = val_of(p->external_id);
	memcpy(row + 3, content, sizeof content);
	row[12] = val_int(p->available);
	row[13] = val_of(params);
	row[14] = val_int(sign_hash64(json_text(a, &all)));
	row[15] = val_int(feed_id);
	row[16] = val_int(run_id);
	row[17] = row[18] = row[19] = val_int(now_us);
}

static int
put_all(struct arena *a, struct db *db, enum query q, const int64_t whose[3],
	const struct product *list, size_t n, struct err *e)
{
	if (n == 0)
		return 0;
	struct val *rows = arena_array(a, n * WIDTH, sizeof *rows);
	for (size_t i = 0; i < n; i++)
		to_row(a, whose[0], whose[1], whose[2], &list[i], rows + i * WIDTH);
	return db_bulk(db, q, rows, n, WIDTH, NULL, e);
}

int
product_put(struct arena *a, struct db *db, int64_t company_id, int64_t feed_id,
	int64_t run_id, const struct product *list, size_t n, struct err *e)
{
	const int64_t whose[] = {company_id, feed_id, run_id};
	return put_all(a, db, QUERY_PRODUCT_PUT, whose, list, n, e);
}

int
product_put_part(struct arena *a, struct db *db, int64_t company_id, enum product_part part,
	const struct product *list, size_t n, struct err *e)
{
	static const enum query queries[] = {QUERY_PRODUCT_PUT_GOODS,
		QUERY_PRODUCT_PUT_OFFER, QUERY_PRODUCT_PUT_PRICE, QUERY_PRODUCT_PUT_LEFT};
	const int64_t whose[] = {company_id, 0, 0};
	return put_all(a, db, queries[part], whose, list, n, e);
}

int
product_money(struct text t, int64_t *out, struct text *currency)
{
	int64_t whole = 0;
	int places = -1;
	size_t i = 0, digits = 0;
	t = text_trim(t);
	for (; i < t.n; i++) {
		unsigned char c = (unsigned char)t.at[i];
		if (isdigit(c) && places < 2 && digits < 15) {
			whole = whole * 10 + (c - '0');
			places += places >= 0;
			digits++;
		} else if (isdigit(c) && places < 0) {
			return 0;
		} else if ((c == '.' || c == ',') && places < 0 && digits > 0) {
			places = 0;
		} else if (c == 0xC2 && i + 1 < t.n && (unsigned char)t.at[i + 1] == 0xA0) {
			i++; /* a no-break space between thousands */
		} else if (!isdigit(c) && c != ' ') {
			break;
		}
	}
	for (int missing = 2 - (places < 0 ? 0 : places); missing > 0; missing--)
		whole *= 10;
	struct text rest = text_trim((struct text){t.at + i, t.n - i});
	if (digits == 0 || (rest.n > 0 && rest.n != 3))
		return 0;
	for (size_t k = 0; k < rest.n; k++)
		if (!isupper((unsigned char)rest.at[k]))
			return 0;
	*out = whole;
	if (rest.n == 3)
		*currency = rest;
	return 1;
}

static void
complete(struct arena *a, const struct val *row, struct val *out)
{
	struct val params;
	struct err ignored;
	*out = row_map(a, row, 0,
		DB_KEYS("id", "external_id", "group_id", "name", "price", "old_price",
			"currency", "url", "picture", "category", "vendor", "available",
			"params", "feed_id", "created_at_us", "updated_at_us",
			"seen_at_us"));
	if (json_parse(a, row_text(row, 12), &params, &ignored) < 0)
		params = val_map(a);
	val_put(a, out, "external_id", *row_at(row, 1));
	val_put(a, out, "group_id", *row_at(row, 2));
	val_put(a, out, "available", val_bool(row_int(row, 11) != 0));
	val_put(a, out, "params", params);
}

/* "%text%" with what LIKE takes for its own escaped. */
static struct text
pattern_of(struct arena *a, struct text t)
{
	struct str s = str_new(a);
	t = text_lower(a, t);
	str_addc(&s, '%');
	for (size_t i = 0; i < t.n; i++) {
		if (strchr("%_\\", t.at[i]) != NULL && t.at[i] != '\0')
			str_addc(&s, '\\');
		str_addc(&s, t.at[i]);
	}
	str_addc(&s, '%');
	return str_text(&s);
}

int
product_page(struct arena *a, struct db *db, int64_t company_id, struct text search,
	int64_t before_id, size_t limit, struct val *list, struct err *e)
{
	struct val rows;
	search = text_cut(text_trim(search), 200);
	*list = val_list(a);
	if (db_rows(a, db, QUERY_PRODUCT_PAGE,
		    DB_ARGS(val_int(company_id), val_int(before_id), val_of(search),
			    val_of(pattern_of(a, search)), val_of(search),
			    val_int((int64_t)limit)),
		    &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		struct val one;
		complete(a, &rows.list->at[i], &one);
		val_push(a, list, one);
	}
	return 0;
}

int
product_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_PRODUCT_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found == 1)
		complete(a, &row, out);
	return found;
}

int
product_count(struct arena *a, struct db *db, int64_t company_id, int64_t *all,
	int64_t *available, struct err *e)
{
	struct val row;
	if (db_row(a, db, QUERY_PRODUCT_COUNT, DB_ARGS(val_int(company_id)), &row, e) < 0)
		return -1;
	*all = row_int(&row, 0);
	struct val sum = *row_at(&row, 1); /* a DECIMAL comes as text */
	*available = val_as_int(&sum, 0);
	return 0;
}
