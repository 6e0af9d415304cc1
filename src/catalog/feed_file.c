/* See feed_file.h. YML: yandex.ru/support/merchants, Google: support.google.com/merchants/answer/7052112, as their pages describe them. */
#include "catalog/feed_file.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/str.h"
#include "markup/table.h"
#include "markup/xml.h"

#include <stdio.h>
#include <string.h>

enum { PIECE = 32 * 1024, CATEGORIES_MAX = 20000, DEPTH_MAX = 10, CELL_BYTES = 4096 };

struct reading {
	struct arena *all, *one; /* of the file: categories; of the product in hand */
	const struct feed_sink *to;
	const char *kind;
	struct dict *categories; /* id -> number in list */
	struct category *list;
	size_t list_n, list_cap;
	size_t depth, item; /* of the element that is a product, 0: none is open */
	struct val fields,
		params; /* first texts of its children by name; "@id" and so on: its attributes */
	struct text param, category_id, parent_id;
	bool in_category;
	int64_t line;
};

/* --- a product out of named texts --- */

static struct text
first_of(const struct val *fields, const char *const *names)
{
	for (; *names != NULL; names++) {
		struct text t = text_trim(val_as_text(val_get(fields, *names)));
		if (t.n > 0)
			return t;
	}
	return (struct text){"", 0};
}

#define FIRST(f, ...) first_of(f, (const char *const[]){__VA_ARGS__, NULL})

static bool
is_there(struct arena *a, struct text t)
{
	static const char *const no[] = {"false", "0", "no", "out of stock", "out_of_stock",
		"discontinued", "нет", "нет в наличии", "недоступен", "-"};
	t = text_lower(a, t);
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (text_is(t, no[i]))
			return false;
	return true; /* nothing said: it is for sale */
}

/* "Одежда / Обувь": from the top; a circle ends. */
static struct text
path_of(struct reading *r, struct text id)
{
	struct text path = {"", 0};
	for (int depth = 0; id.n > 0 && depth < DEPTH_MAX; depth++) {
		int64_t known = dict_find(r->categories, id);
		if (known == DICT_NONE)
			break;
		const struct category *c = &r->list[known];
		path = text_of(arena_printf(r->one, "%.*s%s%.*s", (int)c->name.n,
			c->name.at, path.n > 0 ? " / " : "", (int)path.n, path.at));
		id = c->parent_id;
	}
	return path;
}

static struct text
name_of(struct reading *r)
{
	struct text name = FIRST(&r->fields, "name", "title");
	if (name.n > 0)
		return name;
	struct str s = str_new(r->one);
	static const char *const parts[] = {"typePrefix", "vendor", "model"};
	str_addz(&s, "");
	for (size_t i = 0; i < 3; i++) {
		struct text t = text_trim(val_as_text(val_get(&r->fields, parts[i])));
		if (t.n > 0 && s.n > 0)
			str_addc(&s, ' ');
		str_addt(&s, t);
	}
	return str_text(&s);
}

static int
give(struct reading *r, struct err *e)
{
	const struct val *f = &r->fields;
	struct product p = {.external_id = FIRST(f, "@id", "id"),
		.group_id = FIRST(f, "@group_id", "item_group_id", "group_id"),
		.name = name_of(r),
		.currency = FIRST(f, "currencyId", "currency"),
		.url = FIRST(f, "url", "link", "@link"),
		.picture = FIRST(f, "picture", "image_link"),
		.vendor = FIRST(f, "vendor", "brand"),
		.price = -1,
		.old_price = -1,
		.params = r->params,
		.available = is_there(
			r->one, FIRST(f, "@available", "available", "availability"))};
	struct text price = FIRST(f, "price"), old = FIRST(f, "oldprice", "old_price"),
		    sale = FIRST(f, "sale_price");
	struct text category = FIRST(f, "categoryId");
	const char *problem = NULL;
	p.category = category.n > 0 ? path_of(r, category)
				    : FIRST(f, "category", "product_type",
					      "google_product_category");
	if (sale.n > 0) {
		old = price;
		price = sale;
	}
	if (price.n > 0 && !product_money(price, &p.price, &p.currency))
		problem = arena_printf(r->one, "\"%.*s\" is no price",
			price.n < 40 ? (int)price.n : 40, price.at);
	if (old.n > 0)
		product_money(old, &p.old_price, &p.currency);
	const char *wrong = product_check(r->one, &p);
	return r->to->product(r->to->obj, &p, r->line, wrong != NULL ? wrong : problem, e);
}

static void
begin_product(struct reading *r, int64_t line)
{
	arena_reset(r->one);
	r->fields = val_map(r->one);
	r->params = val_map(r->one);
	r->line = line;
	r->param = (struct text){"", 0};
}

/* The first text under a name counts. */
static void
put(struct reading *r, const char *before, struct text name, struct text t)
{
	struct text key = text_of(
		arena_printf(r->one, "%s%.*s", before, (int)name.n, name.at));
	if (val_len(&r->fields) >= 200 || val_get_key(&r->fields, key) != NULL)
		return;
	t = text_cut(t, CELL_BYTES);
	val_put_key(
		r->one, &r->fields, key, val_of(text_of(arena_text(r->one, t.at, t.n))));
}

/* --- XML --- */

static struct text
attribute(const struct xml_attribute *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return list[i].value;
	return (struct text){"", 0};
}

static int
see_root(struct reading *r, const char *name, struct err *e)
{
	if (strcmp(name, "yml_catalog") == 0)
		r->kind = "yml";
	else if (strcmp(name, "rss") == 0 || strcmp(name, "feed") == 0)
		r->kind = "google";
	else
		return err_set(e, ERR_INPUT,
			"a feed begins with <yml_catalog> (YML), <rss> or <feed> (Google "
			"Merchant), this one with <%.40s>",
			name);
	return 0;
}

static bool
is_product(const struct reading *r, const char *name)
{
	return strcmp(r->kind, "yml") == 0
		       ? strcmp(name, "offer") == 0
		       : strcmp(name, "item") == 0 || strcmp(name, "entry") == 0;
}

static int
see_open(void *obj, const char *name, const struct xml_attribute *list, size_t n,
	struct err *e)
{
	struct reading *r = obj;
	if (r->depth++ == 0)
		return see_root(r, name, e);
	if (r->item == 0 && is_product(r, name)) {
		r->item = r->depth;
		begin_product(r, r->line + 1);
		for (size_t i = 0; i < n; i++)
			put(r, "@", text_of(list[i].name), list[i].value);
	} else if (r->item != 0 && strcmp(name, "param") == 0) {
		struct text t = text_cut(attribute(list, n, "name"), 100);
		r->param = text_of(arena_text(r->one, t.at, t.n));
	} else if (r->item != 0 && r->depth == r->item + 1 && strcmp(name, "link") == 0) {
		put(r, "@", text_of("link"), attribute(list, n, "href"));
	} else if (r->item == 0 && strcmp(name, "category") == 0 &&
		   strcmp(r->kind, "yml") == 0) {
		struct text id = text_cut(attribute(list, n, "id"), 100),
			    parent = text_cut(attribute(list, n, "parentId"), 100);
		r->category_id = text_of(arena_text(r->all, id.at, id.n));
		r->parent_id = text_of(arena_text(r->all, parent.at, parent.n));
		r->in_category = id.n > 0;
	}
	return 0;
}

static int
see_category(struct reading *r, struct text t, struct err *e)
{
	t = text_cut(text_trim(t), 200);
	struct category c = {
		r->category_id, r->parent_id, text_of(arena_text(r->all, t.at, t.n))};
	if (dict_find(r->categories, c.id) != DICT_NONE)
		return 0;
	if (r->list_n == CATEGORIES_MAX)
		return err_set(
			e, ERR_SIZE, "there are more than %d categories", CATEGORIES_MAX);
	r->list = arena_room(r->all, r->list, r->list_n, &r->list_cap, sizeof *r->list);
	dict_put(r->categories, c.id, NULL);
	r->list[r->list_n++] = c;
	return r->to->category != NULL ? r->to->category(r->to->obj, &c, e) : 0;
}

static int
see_text(void *obj, const char *before, struct text t, struct err *e)
{
	struct reading *r = obj;
	if (r->in_category && r->item == 0)
		return see_category(r, t, e);
	if (r->item == 0 || r->depth != r->item + 1)
		return 0;
	if (strcmp(before, "param") != 0) {
		put(r, "", text_of(before), t);
	} else if (r->param.n > 0 && val_len(&r->params) < PRODUCT_PARAMS_MAX) {
		t = text_cut(text_trim(t), 200);
		val_put_key(r->one, &r->params, r->param,
			val_of(text_of(arena_text(r->one, t.at, t.n))));
	}
	return 0;
}

static int
see_close(void *obj, const char *name, struct err *e)
{
	struct reading *r = obj;
	r->in_category = r->in_category && strcmp(name, "category") != 0;
	if (r->item != r->depth--)
		return 0;
	r->item = 0;
	return give(r, e);
}

/* YML of old names a DTD that says nothing: that line, and only that, is passed over; any other DOCTYPE is refused as everywhere. */
static void
blank_doctype(char *at, size_t n)
{
	static const char open[] = "<!DOCTYPE yml_catalog SYSTEM \"shops.dtd\">";
	char *found = memmem(at, n < 1024 ? n : 1024, open, sizeof open - 1);
	if (found != NULL)
		memset(found, ' ', sizeof open - 1);
}

static int
read_xml(struct reading *r, const char *path, struct err *e)
{
	static const struct xml_limits limits = {
		.bytes = (size_t)1 << 30, .elements = 200 * 1000 * 1000};
	const struct xml_events on = {see_open, see_text, see_close, r, false};
	char piece[PIECE];
	FILE *f = fopen(path, "rbe");
	if (f == NULL)
		return err_set(e, ERR_MISSING, "the file is not there");
	struct xml *x = xml_new(&limits, &on);
	int rc = 0;
	size_t n;
	for (bool begun = false; rc == 0 && (n = fread(piece, 1, sizeof piece, f)) > 0;
		begun = true) {
		if (!begun)
			blank_doctype(piece, n);
		rc = xml_feed(x, piece, n, e);
	}
	if (rc == 0)
		rc = xml_end(x, e);
	xml_free(x);
	fclose(f);
	return rc;
}

/* --- tables --- */

static const struct {
	const char *field, *names; /* lower case, between bars */
} columns[] = {
	{"id", "|id|external_id|sku|offer_id|product_id|артикул|код|код товара|"},
	{"name", "|name|title|название|наименование|товар|имя|"},
	{"price", "|price|цена|"},
	{"old_price", "|old_price|oldprice|old price|старая цена|цена до скидки|"},
	{"sale_price", "|sale_price|sale price|цена со скидкой|"},
	{"currency", "|currency|currencyid|валюта|"},
	{"url", "|url|link|ссылка|адрес|"},
	{"picture",
		"|picture|image|image_link|image link|photo|картинка|фото|изображение|"},
	{"category", "|category|product_type|google_product_category|категория|раздел|"},
	{"vendor", "|vendor|brand|бренд|производитель|марка|"},
	{"available", "|available|availability|наличие|в наличии|"},
	{"group_id", "|group_id|item_group_id|группа|"},
};

static const char *
field_of(struct arena *a, struct text column)
{
	struct text t = text_lower(a, text_trim(column));
	const char *between = arena_printf(a, "|%.*s|", (int)t.n, t.at);
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		if (strstr(columns[i].names, between) != NULL)
			return columns[i].field;
	return NULL;
}

static int
read_table(
	struct reading *r, const char *path, const struct table_shape *shape, struct err *e)
{
	const struct feed_sink *to = r->to;
	struct table *t;
	struct table_row row;
	r->kind = "table";
	if (table_open(r->all, path, shape, &t, e) < 0)
		return -1;
	const struct val *names = table_columns(t);
	size_t n = val_len(names);
	const char **fields = arena_array(r->all, n + 1, sizeof *fields);
	bool has_id = false;
	for (size_t i = 0; i < n; i++) {
		fields[i] = field_of(r->all, val_as_text(&names->list->at[i]));
		has_id |= fields[i] != NULL && strcmp(fields[i], "id") == 0;
	}
	if (!has_id)
		return err_set(e, ERR_INPUT,
			"a table of products has a column \"id\" (or \"sku\", "
			"\"артикул\")");
	struct arena *turn = arena_new();
	int rc;
	while ((rc = table_next(t, turn, &row, e)) == 1) {
		begin_product(r, row.line);
		for (size_t i = 0; i < n && row.problem == NULL; i++)
			if (fields[i] != NULL && row.cells.list->at[i].kind == VAL_TEXT)
				put(r, "", text_of(fields[i]), row.cells.list->at[i].text);
		const struct product none = {.price = -1, .old_price = -1};
		if ((row.problem != NULL
				    ? to->product(to->obj, &none, row.line, row.problem, e)
				    : give(r, e)) < 0) {
			rc = -1;
			break;
		}
		arena_reset(turn);
	}
	arena_free(turn);
	return rc;
}

int
feed_file_read(
	const char *path, const struct feed_sink *to, const char **kind, struct err *e)
{
	struct reading r = {.all = arena_new(), .one = arena_new(), .to = to, .kind = ""};
	struct table_shape shape;
	r.categories = dict_new();
	int rc = table_guess(r.all, path, &shape, e);
	if (rc == 0)
		rc = shape.kind == TABLE_XML ? read_xml(&r, path, e)
					     : read_table(&r, path, &shape, e);
	*kind = r.kind;
	dict_free(r.categories);
	arena_free(r.one);
	arena_free(r.all);
	return rc;
}
