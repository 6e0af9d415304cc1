/* See catalog.h. */
#include "ui/catalog.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "catalog/feed.h"
#include "catalog/product.h"
#include "ui/frame.h"
#include "ui/sentence.h"
#include "ui/show.h"
#include "web/page.h"

enum { ROWS = 50 };

static const char *const typed[] = {"name", "url", "every_h", NULL};

/* Hundredths as people read them, with the currency: "1 284,50 BYN". */
static void
put_price(struct web *w, struct val *product, const char *key)
{
	const struct val *n = val_get(product, key);
	struct val field = val_map(w->arena), money = val_map(w->arena);
	if (val_is_null(n))
		return;
	val_put(w->arena, &field, "type", val_text("money"));
	val_put(w->arena, &money, "amount", val_int(val_as_int(n, 0)));
	val_put(w->arena, &money, "currency", *val_get(product, "currency"));
	val_put(w->arena, product, arena_printf(w->arena, "%s_text", key),
		val_of(show_value(w, &field, &money)));
}

int
catalog_products(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list, before = val_of(web_query(w, "before"));
	struct text q = web_query(w, "q");
	int64_t all, available;
	if (product_page(w->arena, w->db, w->company.id, q, val_as_int(&before, INT64_MAX),
		    ROWS, &list, e) < 0 ||
		product_count(w->arena, w->db, w->company.id, &all, &available, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		put_price(w, &list.list->at[i], "price");
		put_price(w, &list.list->at[i], "old_price");
	}
	val_put(w->arena, &vars, "products", list);
	val_put(w->arena, &vars, "q", val_of(q));
	val_put(w->arena, &vars, "all", val_int(all));
	val_put(w->arena, &vars, "available", val_int(available));
	if (val_len(&list) == ROWS)
		val_put(w->arena, &vars, "before",
			*val_get(&list.list->at[ROWS - 1], "id"));
	return ui_page(w, 200, "products", &vars, e);
}

int
catalog_product(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), product, params = val_list(w->arena);
	int64_t id;
	if (ui_find(w, product_by_id, &id, &product, e) < 0)
		return -1;
	put_price(w, &product, "price");
	put_price(w, &product, "old_price");
	const struct val *stored = val_get(&product, "params");
	for (size_t i = 0; i < val_len(stored); i++) {
		struct val one = val_map(w->arena);
		val_put(w->arena, &one, "name", val_of(stored->map->at[i].key));
		val_put(w->arena, &one, "value", stored->map->at[i].val);
		val_push(w->arena, &params, one);
	}
	val_put(w->arena, &vars, "product", product);
	val_put(w->arena, &vars, "params", params);
	return ui_page(w, 200, "product", &vars, e);
}

int
catalog_feeds(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list;
	if (feed_all(w->arena, w->db, w->company.id, &list, e) < 0)
		return -1;
	val_put(w->arena, &vars, "feeds", list);
	return ui_page(w, 200, "feeds", &vars, e);
}

/* vars.hours: {value, name, on}. */
static void
put_hours(struct web *w, struct text chosen, struct val *vars)
{
	static const int hours[] = {0, 1, 3, 6, 12, 24};
	struct val list = val_list(w->arena);
	for (size_t i = 0; i < sizeof hours / sizeof *hours; i++) {
		struct val one = val_map(w->arena), args = val_map(w->arena);
		const char *value = arena_printf(w->arena, "%d", hours[i]);
		val_put(w->arena, &args, "n", val_int(hours[i]));
		val_put(w->arena, &one, "value", val_text(value));
		val_put(w->arena, &one, "name",
			val_of(hours[i] > 0 ? page_say(w, T_("feed.hours"), &args)
					    : page_say(w, T_("feed.by_hand"), NULL)));
		val_put(w->arena, &one, "on", val_bool(text_is(chosen, value)));
		val_push(w->arena, &list, one);
	}
	val_put(w->arena, vars, "hours", list);
}

int
catalog_feed_new(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	val_put(w->arena, &vars, "form", val_map(w->arena));
	put_hours(w, text_of("6"), &vars);
	return ui_page(w, 200, "feed-new", &vars, e);
}

int
catalog_feed_make(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), hours = val_of(web_form(w, "every_h"));
	int64_t id;
	int status;
	if (feed_add(w->arena, w->db, w->company.id, web_form(w, "name"),
		    web_form(w, "url"), val_as_int(&hours, -1), w->session->user.id, &id,
		    e) < 0) {
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		ui_typed(w, &vars, typed);
		put_hours(w, web_form(w, "every_h"), &vars);
		return ui_page(w, status, "feed-new", &vars, e);
	}
	if (ui_audit(w, "feed.create", id, text_z(w->arena, web_form(w, "name")), e) < 0)
		return -1;
	response_redirect(w, arena_printf(w->arena, "/feeds/%lld", (long long)id));
	return 0;
}

int
catalog_feed(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), feed;
	int64_t id;
	if (ui_find(w, feed_by_id, &id, &feed, e) < 0)
		return -1;
	sentence_say(w, &feed, "error");
	const struct val *problems = val_get(&feed, "problems");
	for (size_t i = 0; i < val_len(problems); i++)
		sentence_say(w, &problems->list->at[i], "problem");
	val_put(w->arena, &vars, "feed", feed);
	return ui_page(w, 200, "feed", &vars, e);
}

int
catalog_feed_run(struct web *w, struct err *e)
{
	struct val feed;
	int64_t id;
	bool force = web_form(w, "force").n > 0;
	if (ui_find(w, feed_by_id, &id, &feed, e) < 0 ||
		feed_run(w->arena, w->db, w->company.id, id, force, w->session->user.id,
			e) < 0 ||
		ui_audit(w, "feed.run", id, val_as_z(w->arena, val_get(&feed, "name")), e) <
			0)
		return -1;
	page_flash(w, T_("feed.begun"));
	response_redirect(w, arena_printf(w->arena, "/feeds/%lld", (long long)id));
	return 0;
}

int
catalog_feed_delete(struct web *w, struct err *e)
{
	struct val feed;
	int64_t id;
	if (ui_find(w, feed_by_id, &id, &feed, e) < 0 ||
		feed_delete(w->db, w->company.id, id, e) < 0 ||
		ui_audit(w, "feed.delete", id, val_as_z(w->arena, val_get(&feed, "name")),
			e) < 0)
		return -1;
	response_redirect(w, "/feeds");
	return 0;
}
