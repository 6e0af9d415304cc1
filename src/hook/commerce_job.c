/* See commerce_job.h. */
#include "hook/commerce_job.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "catalog/product.h"
#include "event/call.h"
#include "event/upsert.h"
#include "hook/commerce.h"
#include "hook/hook.h"
#include "hook/talk.h"
#include "markup/pack.h"
#include "store/db.h"
#include "store/job.h"
#include "tenant/company.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 200, PRODUCTS_SHOWN = 100, PIECE = 64 * 1024, ORDER_WIDTH = 4 };

enum count { ORDERS, UNCHANGED, CLIENTS, PRODUCTS, OFFERS, PASSED, COUNTS };
static const char *const count_names[] = {
	"orders", "unchanged", "clients", "products", "offers", "passed"};

struct run {
	struct db *db;
	const struct settings *settings;
	struct job *job;
	int64_t lease_us;
	struct company company;
	struct hook hook;
	const struct zone *zone;
	struct event_types *types;
	struct commerce *reader;
	struct arena *batch;
	struct upsert *upsert; /* on batch, NULL: not read yet */
	struct arrival *arrivals;
	size_t n, cap;
	struct val orders; /* rows of hook_order */
	size_t orders_n;
	struct product *products;
	size_t products_n, products_cap;
	bool offers; /* what the products in hand are */
	int64_t counts[COUNTS], now_us;
};

/* --- the store --- */

static int
also(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	struct run *r = obj;
	(void)applied;
	if (r->orders_n > 0 && db_bulk(db, QUERY_HOOK_ORDER_PUT, r->orders.list->at,
				       r->orders_n, ORDER_WIDTH, NULL, e) < 0)
		return -1;
	if (product_put_part(r->batch, db, r->company.id, r->offers, r->products,
		    r->products_n, e) < 0)
		return -1;
	return job_progress(r->batch, db, r->job, r->lease_us, e);
}

static void
begin_batch(struct run *r)
{
	arena_reset(r->batch);
	r->upsert = NULL;
	r->arrivals = NULL;
	r->products = NULL;
	r->n = r->cap = r->orders_n = r->products_n = r->products_cap = 0;
	r->orders = val_list(r->batch);
}

static int
flush(struct run *r, struct err *e)
{
	struct applied *applied = arena_array(r->batch, r->n + 1, sizeof *applied);
	int rc = event_apply(
		r->batch, r->db, r->types, r->arrivals, r->n, applied, also, r, e);
	begin_batch(r);
	return rc;
}

static struct arrival *
add_arrival(struct run *r)
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

static void
put_text(struct run *r, struct val *map, const char *key, struct text t)
{
	if (t.n > 0)
		val_put(r->batch, map, key, val_of(t));
}

/* {external_id, email, phone, fields}: never a consent, as 1C knows of none. v is on batch. */
static struct val
person_of(struct run *r, const struct val *v)
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
			put_text(r, &out, "email", value);
		else if (has(type, "елефон") || has(type, "obile") || has(type, "hone"))
			put_text(r, &out, "phone", value);
	}
	put_text(r, &fields, "first_name", commerce_text(v, "Имя"));
	put_text(r, &fields, "last_name", commerce_text(v, "Фамилия"));
	put_text(r, &fields, "middle_name", commerce_text(v, "Отчество"));
	val_put(a, &out, "fields", fields);
	return out;
}

/* What cannot be an e-mail or a phone is left out. */
static int
read_person(struct run *r, struct val *person, struct arrival *out, struct err *e)
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
static int
take_person(struct run *r, const struct val *v, struct val *person, struct err *e)
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

static struct val
money(struct text t)
{
	int64_t cents;
	struct text ignored;
	return product_money(t, &cents, &ignored) ? val_num((double)cents / 100)
						  : val_null();
}

static struct text
currency_of(const struct run *r, struct text t)
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

static bool
is_yes(struct text t)
{
	return text_is(t, "true") || text_is(t, "Да") || text_is(t, "да") ||
	       text_is(t, "1");
}

/* The status in words, and whether the order is off. */
static struct text
status_of(const struct val *v, bool *cancelled)
{
	const struct val *one;
	struct text status = {"", 0};
	*cancelled = is_yes(commerce_text(v, "ПометкаУдаления"));
	for (size_t i = 0; (one = commerce_each(v, "ЗначенияРеквизитов",
				    "ЗначениеРеквизита", i)) != NULL;
		i++) {
		struct text name = commerce_text(one, "Наименование"),
			    value = commerce_text(one, "Значение");
		if (text_is(name, "Отменен") || text_is(name, "ПометкаУдаления") ||
			text_is(name, "Отменён"))
			*cancelled = *cancelled || is_yes(value);
		if (text_is(name, "Статус заказа") || text_is(name, "Статус"))
			status = value;
	}
	*cancelled = *cancelled || has(status, "Отмен") || has(status, "отмен");
	return status;
}

static struct val
goods_of(struct run *r, const struct val *v)
{
	struct arena *a = r->batch;
	struct val list = val_list(a);
	const struct val *g;
	for (size_t i = 0;
		i < PRODUCTS_SHOWN && (g = commerce_each(v, "Товары", "Товар", i)) != NULL;
		i++) {
		struct val one = val_map(a);
		struct text price = commerce_text(g, "ЦенаЗаЕдиницу");
		put_text(r, &one, "product_id", commerce_text(g, "Ид"));
		put_text(r, &one, "name", text_cut(commerce_text(g, "Наименование"), 100));
		val_put(a, &one, "price", money(price));
		val_put(a, &one, "quantity", money(commerce_text(g, "Количество")));
		val_push(a, &list, one);
	}
	return list;
}

/* When it was made; 0 it does not say. */
static int64_t
time_of(const struct run *r, const struct val *v)
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
compare(struct run *r, int64_t order, int64_t state, struct err *e)
{
	struct val row;
	for (size_t i = 0; i < r->orders_n; i++)
		if (r->orders.list->at[i * ORDER_WIDTH + 2].i == order)
			return r->orders.list->at[i * ORDER_WIDTH + 3].i == state ? 0 : 2;
	int found = db_row(r->batch, r->db, QUERY_HOOK_ORDER_STATE,
		DB_ARGS(val_int(r->company.id), val_int(r->hook.source_id), val_int(order)),
		&row, e);
	return found < 1 ? found < 0 ? -1 : 1 : row_int(&row, 0) == state ? 0 : 2;
}

static void
note_order(struct run *r, int64_t order, int64_t state)
{
	val_push(r->batch, &r->orders, val_int(r->company.id));
	val_push(r->batch, &r->orders, val_int(r->hook.source_id));
	val_push(r->batch, &r->orders, val_int(order));
	val_push(r->batch, &r->orders, val_int(state));
	r->orders_n++;
}

/* The event of an order as a call. */
static struct val
call_of(struct run *r, const struct val *v, struct val props, const struct val *person,
	const char *event, int64_t state)
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
static int
take_order(struct run *r, const struct val *v, struct err *e)
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
	put_text(r, &props, "order_id", id);
	put_text(r, &props, "order_number", number);
	val_put(a, &props, "total", money(commerce_text(v, "Сумма")));
	put_text(r, &props, "currency", currency_of(r, commerce_text(v, "Валюта")));
	put_text(r, &props, "status", text_cut(status, 100));
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
	int known = take_person(r, client, &person, e);
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

/* --- goods --- */

static struct product *
add_product(struct run *r)
{
	r->products = arena_room(r->batch, r->products, r->products_n, &r->products_cap,
		sizeof *r->products);
	r->products[r->products_n] = (struct product){.price = -1, .old_price = -1};
	return &r->products[r->products_n];
}

static void
take_product(struct run *r, const struct val *v)
{
	struct product *p = add_product(r);
	const struct val *group = commerce_each(v, "Группы", "Ид", 0);
	p->external_id = commerce_text(v, "Ид");
	p->name = commerce_text(v, "Наименование");
	p->picture = commerce_text(v, "Картинка");
	p->vendor = commerce_text(val_get(v, "Изготовитель"), "Наименование");
	p->available = !is_yes(commerce_text(v, "ПометкаУдаления"));
	p->params = val_map(r->batch);
	put_text(r, &p->params, "sku", commerce_text(v, "Артикул"));
	if (group != NULL) {
		struct text path = commerce_group(r->reader, val_as_text(group));
		p->category = (struct text){arena_text(r->batch, path.at, path.n), path.n};
	}
	bool good = product_check(r->batch, p) == NULL;
	r->products_n += good;
	r->counts[good ? PRODUCTS : PASSED]++;
}

static void
take_offer(struct run *r, const struct val *v)
{
	struct product *p = add_product(r);
	const struct val *price = commerce_each(v, "Цены", "Цена", 0);
	struct text count = commerce_text(v, "Количество");
	struct val left = money(count);
	p->external_id = commerce_text(v, "Ид");
	p->name = commerce_text(v, "Наименование");
	if (p->name.n == 0)
		p->name = p->external_id;
	if (!product_money(commerce_text(price, "ЦенаЗаЕдиницу"), &p->price, &p->currency))
		p->price = -1;
	p->currency = currency_of(r, commerce_text(price, "Валюта"));
	p->available = count.n == 0 || (left.kind == VAL_NUM && left.n > 0);
	p->params = val_map(r->batch);
	bool good = product_check(r->batch, p) == NULL;
	r->products_n += good;
	r->counts[good ? OFFERS : PASSED]++;
}

/* --- the file --- */

static int
see(void *obj, struct arena *record, enum commerce_kind kind, const struct val *in,
	struct err *e)
{
	struct run *r = obj;
	struct val person, v;
	int rc = 1;
	(void)record;
	bool offer = kind == COMMERCE_OFFER;
	if ((r->n + r->products_n >= BATCH ||
		    (r->products_n > 0 && kind >= COMMERCE_PRODUCT &&
			    r->offers != offer)) &&
		flush(r, e) < 0)
		return -1;
	v = val_copy(r->batch, in);
	if (kind >= COMMERCE_PRODUCT)
		r->offers = offer;
	switch (kind) {
	case COMMERCE_ORDER:
		rc = take_order(r, &v, e);
		break;
	case COMMERCE_CLIENT:
		rc = take_person(r, &v, &person, e);
		r->counts[CLIENTS] += rc == 1;
		break;
	case COMMERCE_PRODUCT:
		take_product(r, &v);
		break;
	case COMMERCE_OFFER:
		take_offer(r, &v);
		break;
	case COMMERCE_OTHER:
		break;
	}
	r->counts[PASSED] += rc == 0;
	return rc < 0 ? -1 : 0;
}

static int
read_plain(struct run *r, int fd, struct err *e)
{
	static char buffer[PIECE]; /* the jobs role has one thread */
	for (ssize_t got; (got = read(fd, buffer, sizeof buffer)) != 0;) {
		if (got < 0)
			return err_set(e, ERR_BUSY, "cannot read what was sent: %m");
		if (commerce_feed(r->reader, buffer, (size_t)got, e) < 0)
			return -1;
	}
	return commerce_end(r->reader, e);
}

/* The usual names in an archive. */
static int
read_pack(struct run *r, struct arena *a, const char *path, struct err *e)
{
	static const char *const names[] = {"import.xml", "offers.xml", "orders.xml"};
	static char buffer[PIECE];
	struct pack *p;
	int any = 0;
	if (pack_open(a, path, &p, e) < 0)
		return -1;
	for (size_t i = 0; i < 3; i++) {
		struct pack_part *part;
		int found = pack_part(p, names[i], &part, e);
		long got = 1;
		int rc = 0;
		if (found < 0)
			return -1;
		if (found == 0)
			continue;
		any = 1;
		commerce_free(r->reader);
		r->reader = commerce_new(see, r);
		while (rc == 0 && (got = pack_read(part, buffer, sizeof buffer, e)) > 0)
			rc = commerce_feed(r->reader, buffer, (size_t)got, e);
		pack_close(part);
		if (rc < 0 || got < 0 || commerce_end(r->reader, e) < 0)
			return -1;
	}
	return any ? 0
		   : err_set(e, ERR_INPUT,
			     "the archive has none of import.xml, offers.xml, orders.xml");
}

static int
read_all(struct run *r, struct arena *a, const char *path, struct err *e)
{
	char head[2] = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_MISSING, "what was sent is not there any more");
	bool packed = pread(fd, head, 2, 0) == 2 && memcmp(head, "PK", 2) == 0;
	r->reader = commerce_new(see, r);
	int rc = packed ? read_pack(r, a, path, e) : read_plain(r, fd, e);
	close(fd);
	return rc < 0 ? -1 : flush(r, e);
}

static const char *
report_of(struct arena *a, const struct run *r)
{
	struct val out = val_map(a);
	for (int i = 0; i < COUNTS; i++)
		val_put(a, &out, count_names[i], val_int(r->counts[i]));
	return text_z(a, json_text(a, &out));
}

static int
run_file(struct run *r, struct arena *a, int64_t file_id, struct err *e)
{
	const char *path = files_path(
		a, r->settings, r->company.id, file_id, TALK_FILE_KIND);
	r->types = event_types_new();
	r->batch = arena_new();
	begin_batch(r);
	int rc = read_all(r, a, path, e);
	commerce_free(r->reader);
	event_types_free(r->types);
	arena_free(r->batch);
	return rc;
}

int
commerce_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	int64_t source_id = val_as_int(val_get(&j->args, "source"), 0),
		file_id = val_as_int(val_get(&j->args, "file"), 0);
	struct text name = val_as_text(val_get(&j->args, "name"));
	struct run r = {.db = db,
		.settings = s,
		.job = j,
		.lease_us = lease_us,
		.now_us = time_now_us()};
	int found = company_by_id(a, db, j->company_id, &r.company, e);
	if (found == 1)
		found = hook_of_source(a, db, j->company_id, source_id, &r.hook, e);
	if (found < 1)
		return found < 0 ? -1 : job_end(a, db, j, "its source is gone", e);
	r.zone = zone_find(text_of(r.company.timezone));
	if (r.zone == NULL)
		r.zone = zone_utc();
	int rc = run_file(&r, a, file_id, e);
	if (rc < 0 && (e->code == ERR_BUSY || e->code == ERR_CONFLICT))
		return -1;
	struct err why = *e;
	const char *said = rc == 0 ? report_of(a, &r)
			   : why.line > 0
				   ? arena_printf(a, "line %d: %s", why.line, why.text)
				   : arena_printf(a, "%s", why.text);
	if (talk_end(db, j->company_id, source_id, name, file_id, rc == 0, said, e) < 0)
		return -1;
	files_drop(a, s, j->company_id, file_id, TALK_FILE_KIND);
	return job_end(a, db, j, rc == 0 ? NULL : said, e);
}
