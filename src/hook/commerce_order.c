/* See commerce_parts.h: counterparties are profiles, orders are events. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "event/call.h"
#include "event/upsert.h"
#include "hook/commerce.h"
#include "hook/commerce_parts.h"
#include "store/db.h"

#include <stdio.h>
#include <string.h>

enum { PRODUCTS_SHOWN = 100 };

static struct arrival *
add_arrival(struct commerce_run *r)
{
	r->arrivals = arena_room(r->batch, r->arrivals, r->n, &r->cap, sizeof *r->arrivals);
	r->arrivals[r->n] = (struct arrival){0};
	return &r->arrivals[r->n];
}

/* --- people --- */

static bool
has(struct text t, const char *z)
{
	return memmem(t.at, t.n, z, strlen(z)) != NULL;
}

/* {external_id, email, phone, fields}: never a consent, as 1C knows of none. v is on batch. */
static struct val
person_of(struct commerce_run *r, const struct val *v)
{
	struct arena *a = r->batch;
	struct val out = val_map(a), fields = val_map(a);
	struct text id = commerce_text(v, "Ид");
	const struct val *c;
	if (id.n > 0)
		val_put(a, &out, "external_id",
			val_text(arena_printf(
				a, "%s%.*s", r->hook.prefix, (int)id.n, id.at)));
	for (size_t i = 0; (c = commerce_each(v, "Контакты", "Контакт", i)) != NULL; i++) {
		struct text type = commerce_text(c, "Тип"),
			    value = commerce_text(c, "Значение");
		if (value.n == 0)
			value = commerce_text(c, "Представление");
		if (memchr(value.at, '@', value.n) != NULL)
			commerce_put(r, &out, "email", value);
		else if (has(type, "елефон") || has(type, "obile") || has(type, "hone"))
			commerce_put(r, &out, "phone", value);
	}
	commerce_put(r, &fields, "first_name", commerce_text(v, "Имя"));
	commerce_put(r, &fields, "last_name", commerce_text(v, "Фамилия"));
	commerce_put(r, &fields, "middle_name", commerce_text(v, "Отчество"));
	val_put(a, &out, "fields", fields);
	return out;
}

/* What cannot be an e-mail or a phone is left out. */
static int
read_person(struct commerce_run *r, struct val *person, struct arrival *out, struct err *e)
{
	static const char *const doubtful[] = {"email", "phone"};
	for (size_t i = 0;; i++) {
		out->who = (struct who){0};
		if (upsert_read(r->batch, r->upsert, person, out, e) == 0)
			return 1;
		if (i == 2)
			return 0;
		for (size_t k = 0; k < 2; k++)
			if (strcmp(e->field, doubtful[k]) == 0)
				val_put(r->batch, person, doubtful[k], val_null());
	}
}

/* 1 there is an arrival of it, 0 it names nobody, -1. */
int
commerce_take_person(
	struct commerce_run *r, const struct val *v, struct val *person, struct err *e)
{
	struct err why;
	if (r->upsert == NULL &&
		upsert_new(r->batch, r->db, &r->company, &r->upsert, e) < 0)
		return -1;
	*person = person_of(r, v);
	struct arrival *out = add_arrival(r);
	*out = (struct arrival){.company_id = r->company.id,
		.source_id = r->hook.source_id,
		.type = text_of("identify"),
		.props = val_map(r->batch),
		.at_us = r->now_us,
		.received_at_us = r->now_us,
		.time_key = r->now_us,
		.quiet = true,
		.silent = true};
	out->hints = out->topics = out->consents = val_null();
	int known = read_person(r, person, out, &why);
	out->dedup = sign_hash64(json_text(r->batch, person));
	r->n += known == 1;
	return known;
}

/* --- orders --- */

/* The status in words, and whether the order is off. */
static struct text
status_of(const struct val *v, bool *cancelled)
{
	const struct val *one;
	struct text status = {"", 0};
	*cancelled = commerce_yes(commerce_text(v, "ПометкаУдаления"));
	for (size_t i = 0; (one = commerce_each(v, "ЗначенияРеквизитов",
				    "ЗначениеРеквизита", i)) != NULL;
		i++) {
		struct text name = commerce_text(one, "Наименование"),
			    value = commerce_text(one, "Значение");
		if (text_is(name, "Отменен") || text_is(name, "ПометкаУдаления") ||
			text_is(name, "Отменён"))
			*cancelled = *cancelled || commerce_yes(value);
		if (text_is(name, "Статус заказа") || text_is(name, "Статус"))
			status = value;
	}
	*cancelled = *cancelled || has(status, "Отмен") || has(status, "отмен");
	return status;
}

static struct val
goods_of(struct commerce_run *r, const struct val *v)
{
	struct arena *a = r->batch;
	struct val list = val_list(a);
	const struct val *g;
	for (size_t i = 0;
		i < PRODUCTS_SHOWN && (g = commerce_each(v, "Товары", "Товар", i)) != NULL;
		i++) {
		struct val one = val_map(a);
		struct text price = commerce_text(g, "ЦенаЗаЕдиницу");
		commerce_put(r, &one, "product_id", commerce_text(g, "Ид"));
		commerce_put(
			r, &one, "name", text_cut(commerce_text(g, "Наименование"), 100));
		val_put(a, &one, "price", commerce_money(price));
		val_put(a, &one, "quantity",
			commerce_money(commerce_text(g, "Количество")));
		val_push(a, &list, one);
	}
	return list;
}

/* When it was made; 0 it does not say. */
static int64_t
time_of(const struct commerce_run *r, const struct val *v)
{
	struct date d;
	int h = 0, m = 0, s = 0;
	char clock[16];
	struct text t = commerce_text(v, "Время");
	if (date_parse(commerce_text(v, "Дата"), &d) != 1)
		return 0;
	snprintf(clock, sizeof clock, "%.*s", (int)(t.n < 12 ? t.n : 12), t.at);
	if (sscanf(clock, "%2d:%2d:%2d", &h, &m, &s) < 2 || h < 0 || h > 23 || m < 0 ||
		m > 59 || s < 0 || s > 59)
		h = m = s = 0;
	return zone_time_us(r->zone, d, h * 3600 + m * 60 + s);
}

/* 1 new, 2 changed, 0 as it was, -1. */
static int
compare(struct commerce_run *r, int64_t order, int64_t state, struct err *e)
{
	struct val row;
	for (size_t i = 0; i < r->orders_n; i++)
		if (r->orders.list->at[i * COMMERCE_ORDER_WIDTH + 2].i == order)
			return r->orders.list->at[i * COMMERCE_ORDER_WIDTH + 3].i == state
				       ? 0
				       : 2;
	int found = db_row(r->batch, r->db, QUERY_HOOK_ORDER_STATE,
		DB_ARGS(val_int(r->company.id), val_int(r->hook.source_id), val_int(order)),
		&row, e);
	return found < 1 ? found < 0 ? -1 : 1 : row_int(&row, 0) == state ? 0 : 2;
}

static void
note_order(struct commerce_run *r, int64_t order, int64_t state)
{
	val_push(r->batch, &r->orders, val_int(r->company.id));
	val_push(r->batch, &r->orders, val_int(r->hook.source_id));
	val_push(r->batch, &r->orders, val_int(order));
	val_push(r->batch, &r->orders, val_int(state));
	r->orders_n++;
}

/* The event of an order as a call. */
static struct val
call_of(struct commerce_run *r, const struct val *v, struct val props,
	const struct val *person, const char *event, int64_t state)
{
	struct arena *a = r->batch;
	struct val call = val_map(a);
	struct text id = commerce_text(v, "Ид");
	int64_t at_us = time_of(r, v);
	bool first = strcmp(event, "Order Completed") == 0;
	val_put(a, &call, "type", val_text("track"));
	val_put(a, &call, "event", val_text(event));
	val_put(a, &call, "properties", props);
	if (val_get(person, "external_id") != NULL)
		val_put(a, &call, "userId", *val_get(person, "external_id"));
	if (val_get(person, "email") != NULL)
		val_put(a, &call, "email", *val_get(person, "email"));
	if (val_get(person, "phone") != NULL)
		val_put(a, &call, "phone", *val_get(person, "phone"));
	val_put(a, &call, "messageId",
		val_text(arena_printf(a, "1c-%016llx-%016llx",
			(unsigned long long)sign_hash64(id), (unsigned long long)state)));
	if (first &&
		at_us != 0) /* a change is told when it comes, the order when it was made */
		val_put(a, &call, "timestamp", val_text(time_text(a, at_us)));
	return call;
}

/* 1 taken or known already, 0 passed over, -1. v is on batch. */
int
commerce_take_order(struct commerce_run *r, const struct val *v, struct err *e)
{
	struct arena *a = r->batch;
	struct text id = commerce_text(v, "Ид"), number = commerce_text(v, "Номер");
	struct val props = val_map(a), person;
	struct envelope env = {.company_id = r->company.id,
		.source_id = r->hook.source_id,
		.country = r->company.country,
		.received_at_us = r->now_us,
		.late_us = r->settings->event_late_s * SECOND_US,
		.trusted = true};
	const struct val *client = commerce_each(v, "Контрагенты", "Контрагент", 0);
	bool off;
	struct err why;
	if (!text_is(commerce_text(v, "ХозОперация"), "Заказ товара") || id.n == 0 ||
		client == NULL)
		return 0;
	struct text status = status_of(v, &off);
	commerce_put(r, &props, "order_id", id);
	commerce_put(r, &props, "order_number", number);
	val_put(a, &props, "total", commerce_money(commerce_text(v, "Сумма")));
	commerce_put(
		r, &props, "currency", commerce_currency(r, commerce_text(v, "Валюта")));
	commerce_put(r, &props, "status", text_cut(status, 100));
	val_put(a, &props, "products", goods_of(r, v));
	struct text all = json_text(a, &props), version = commerce_text(v, "НомерВерсии");
	int64_t order = sign_hash64(id),
		state = sign_hash64(text_of(arena_printf(a, "%.*s %d %.*s", (int)version.n,
			version.at, off, (int)all.n, all.at)));
	int how = compare(r, order, state, e);
	if (how < 0)
		return -1;
	r->counts[UNCHANGED] += how == 0;
	if (how == 0)
		return 1;
	int known = commerce_take_person(r, client, &person, e);
	if (known < 1)
		return known;
	struct val call = call_of(r, v, props, &person,
		off	   ? "Order Cancelled"
		: how == 1 ? "Order Completed"
			   : "Order Updated",
		state);
	struct arrival *out = add_arrival(r);
	if (event_call_read(a, &call, &env, out, &why) < 0)
		return 0;
	r->n++;
	note_order(r, order, state);
	r->counts[ORDERS]++;
	return 1;
}
