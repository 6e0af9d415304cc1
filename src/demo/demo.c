/* See demo.h: a shop of coffee and tea, the year of its visitors. */
#include "demo/demo.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "demo/people.h"
#include "demo/shop.h"
#include "wire/http.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BATCH = 400, TRIES = 60, DAYS = 365, PASSES = 24, GUESTS = 24 };

static const struct product {
	const char *id, *name, *category;
	int price; /* kopecks */
} products[] = {{"eth-yir-250", "Эфиопия Иргачеффе 250 г", "Светлая обжарка", 2890},
	{"col-hui-250", "Колумбия Уила 250 г", "Средняя обжарка", 2490},
	{"bra-san-1000", "Бразилия Сантос 1 кг", "Тёмная обжарка", 6990},
	{"ken-aa-250", "Кения АА 250 г", "Светлая обжарка", 3190},
	{"mix-esp-1000", "Эспрессо-смесь «Немига» 1 кг", "Тёмная обжарка", 6290},
	{"gua-ant-250", "Гватемала Антигуа 250 г", "Средняя обжарка", 2690},
	{"dahong-100", "Да Хун Пао 100 г", "Улуны", 3490},
	{"tgy-100", "Те Гуань Инь 100 г", "Улуны", 2990},
	{"puer-357", "Шу пуэр, блин 357 г", "Пуэры", 5490},
	{"ivan-80", "Иван-чай ферментированный 80 г", "Травы", 1290},
	{"sencha-100", "Сенча 100 г", "Зелёный чай", 1990},
	{"v60-02", "Воронка V60", "Посуда", 3890},
	{"filter-100", "Фильтры для V60, 100 шт.", "Посуда", 1190},
	{"gaiwan", "Гайвань 120 мл", "Посуда", 2590}};
enum { PRODUCTS = sizeof products / sizeof *products };

int
shop_post(struct shop *s, const char *path, const char *authorization, struct text body,
	int *status, struct text *answer, struct err *e)
{
	const char *url = arena_printf(s->arena, "%s%s", s->order->url, path);
	for (int try = 0;; try++) {
		if (http_post_json(s->arena, s->http, url, authorization, body, status,
			    answer, e) < 0)
			return -1;
		if ((*status != 503 && *status != 429) || try == TRIES)
			break;
		usleep(500000); /* it says it is busy: wait like any SDK */
	}
	if (*status >= 400 && *status != 409 && *status != 422)
		return err_set(e, ERR_BUG, "%s answered %d: %.200s", path, *status,
			text_z(s->arena, *answer));
	return 0;
}

static int
flush(struct shop *s, struct err *e)
{
	struct val body = val_map(s->arena);
	struct text answer;
	int status;
	if (val_len(&s->batch) == 0)
		return 0;
	val_put(s->arena, &body, "writeKey", val_text(s->order->write_key));
	val_put(s->arena, &body, "sentAt", val_text(time_text(s->arena, time_now_us())));
	val_put(s->arena, &body, "batch", s->batch);
	if (shop_post(s, "/v1/batch", NULL, json_text(s->arena, &body), &status, &answer,
		    e) < 0)
		return -1;
	s->sent += (int64_t)val_len(&s->batch);
	arena_reset(s->arena);
	s->batch = val_list(s->arena);
	return 0;
}

/* {session, userAgent, campaign} as the tag tells them; start: the visit begins with it. */
static struct val
context_of(struct shop *s, const struct demo_person *p, bool start)
{
	static const char *const agents[] = {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) "
					     "AppleWebKit/537.36 (KHTML, like Gecko) "
					     "Chrome/126.0.0.0 Safari/537.36",
		"Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like "
		"Gecko) "
		"Chrome/125.0.0.0 Mobile Safari/537.36",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) "
		"AppleWebKit/605.1.15 "
		"(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"};
	static const char *const marks[][3] = {{"search.example", "cpc", "осень-чай"},
		{"social.example", "social", "новый-урожай"},
		{"news", "email", "дайджест"}};
	struct arena *a = s->arena;
	struct val v = val_map(a), session = val_map(a);
	val_put(a, &session, "id",
		val_text(arena_printf(
			a, "%lld-%lld", (long long)p->number, (long long)s->visit)));
	val_put(a, &session, "number", val_int(s->visit));
	if (start)
		val_put(a, &session, "start", val_bool(true));
	val_put(a, &v, "session", session);
	val_put(a, &v, "userAgent", val_text(agents[p->number % 3]));
	const char *const *mark = marks[(p->number + s->visit) % 3];
	if ((p->number + s->visit) % 4 == 0) {
		struct val campaign = val_map(a);
		val_put(a, &campaign, "source", val_text(mark[0]));
		val_put(a, &campaign, "medium", val_text(mark[1]));
		val_put(a, &campaign, "name", val_text(mark[2]));
		val_put(a, &v, "campaign", campaign);
	}
	return v;
}

static struct val
call(struct shop *s, const struct demo_person *p, const char *type, int64_t at_us)
{
	struct arena *a = s->arena;
	struct val v = val_map(a);
	if (s->visit > 0)
		val_put(a, &v, "context", context_of(s, p, false));
	val_put(a, &v, "type", val_text(type));
	val_put(a, &v, "anonymousId", val_text(arena_printf(a, "%s", p->device)));
	val_put(a, &v, "messageId",
		val_text(arena_printf(a, "demo-%lld-%lld-%lld", (long long)s->order->seed,
			(long long)p->number, (long long)s->messages++)));
	val_put(a, &v, "timestamp", val_text(time_text(a, at_us)));
	return v;
}

/* Into the batch, if its time has come. */
static void
say(struct shop *s, struct val v, int64_t at_us)
{
	if (at_us >= s->from_us && at_us < s->to_us)
		val_push(s->arena, &s->batch, v);
}

static void
track(struct shop *s, const struct demo_person *p, const char *event, struct val props,
	int64_t at_us)
{
	struct val v = call(s, p, "track", at_us);
	val_put(s->arena, &v, "event", val_text(event));
	val_put(s->arena, &v, "properties", props);
	say(s, v, at_us);
}

static void
page(struct shop *s, const struct demo_person *p, const char *path, const char *title,
	int64_t at_us, bool first, struct chance *c)
{
	static const char *const referrers[] = {"https://search.example/",
		"https://social.example/", "https://news.example/"};
	struct arena *a = s->arena;
	struct val v = call(s, p, "page", at_us), props = val_map(a);
	if (first)
		val_put(a, &v, "context", context_of(s, p, true));
	val_put(a, &props, "url",
		val_text(arena_printf(a, "https://zernochay.example%s", path)));
	val_put(a, &props, "path", val_text(arena_printf(a, "%s", path)));
	val_put(a, &props, "title", val_text(arena_printf(a, "%s", title)));
	if (first && chance_percent(c, 50))
		val_put(a, &props, "referrer", val_text(referrers[chance_below(c, 3)]));
	val_put(a, &v, "properties", props);
	say(s, v, at_us);
}

static struct val
product_props(struct arena *a, const struct product *p)
{
	struct val v = val_map(a);
	val_put(a, &v, "product_id", val_text(p->id));
	val_put(a, &v, "name", val_text(p->name));
	val_put(a, &v, "category", val_text(p->category));
	val_put(a, &v, "price", val_num(p->price / 100.0));
	return v;
}

static void
buy(struct shop *s, const struct demo_person *p, const struct product *what, int64_t at_us,
	struct chance *c)
{
	struct arena *a = s->arena;
	int64_t pieces = 1 + chance_below(c, 3);
	struct val order = val_map(a), lines = val_list(a), line = product_props(a, what);
	val_put(a, &line, "quantity", val_int(pieces));
	val_push(a, &lines, line);
	double total = (double)(what->price * pieces) / 100;
	val_put(a, &order, "order_id",
		val_text(arena_printf(
			a, "Z-%lld-%lld", (long long)p->number, (long long)s->messages)));
	val_put(a, &order, "total", val_num(total));
	val_put(a, &order, "revenue", val_num(total));
	val_put(a, &order, "currency", val_text("BYN"));
	val_put(a, &order, "products", lines);
	track(s, p, "Order Completed", order, at_us);
}

static void
visit(struct shop *s, const struct demo_person *p, int64_t at_us, struct chance *c)
{
	const struct product *what =
		&products[(p->number * 7 + chance_below(c, 5)) % PRODUCTS];
	s->visit++;
	page(s, p, "/", "Зерно и чай", at_us, true, c);
	at_us += (20 + chance_below(c, 90)) * SECOND_US;
	page(s, p, arena_printf(s->arena, "/p/%s", what->id), what->name, at_us, false, c);
	track(s, p, "Product Viewed", product_props(s->arena, what), at_us + SECOND_US);
	if (!chance_percent(c, 25 + 10 * p->zeal))
		return;
	at_us += (30 + chance_below(c, 200)) * SECOND_US;
	track(s, p, "Product Added", product_props(s->arena, what), at_us);
	if (!chance_percent(c, 50))
		return;
	at_us += (40 + chance_below(c, 300)) * SECOND_US;
	track(s, p, "Checkout Started", product_props(s->arena, what), at_us);
	if (chance_percent(c, 70))
		buy(s, p, what, at_us + (60 + chance_below(c, 400)) * SECOND_US, c);
}

static void
put_text(struct arena *a, struct val *map, const char *key, const char *z)
{
	if (z != NULL)
		val_put(a, map, key, val_text(arena_printf(a, "%s", z)));
}

static void
sign_up(struct shop *s, const struct demo_person *p, int64_t at_us, struct chance *c)
{
	struct arena *a = s->arena;
	struct val v = call(s, p, "identify", at_us), traits = val_map(a),
		   context = context_of(s, p, false);
	static const char *const ways[] = {
		"воронка", "турка", "френч-пресс", "кофемашина", NULL};
	put_text(a, &v, "userId", p->external_id);
	put_text(a, &traits, "email", p->email);
	put_text(a, &traits, "phone", p->phone);
	put_text(a, &traits, "firstName", p->first_name);
	put_text(a, &traits, "lastName", p->last_name);
	put_text(a, &traits, "middle_name", p->middle_name);
	put_text(a, &traits, "gender", p->gender);
	put_text(a, &traits, "birthday", p->birthday);
	put_text(a, &traits, "city", p->city);
	put_text(a, &traits, "language", p->language);
	put_text(a, &traits, "favourite", products[p->number * 7 % PRODUCTS].category);
	put_text(a, &traits, "brewing", ways[chance_below(c, 5)]);
	val_put(a, &traits, "bonus", val_int(chance_below(c, 40) * 10 * (p->zeal + 1)));
	val_put(a, &v, "traits", traits);
	if (p->agrees) {
		static const char *const channels[] = {"email", "analytics"};
		struct val list = val_list(a);
		for (size_t i = 0; i < 2; i++) {
			struct val one = val_map(a);
			val_put(a, &one, "channel", val_text(channels[i]));
			val_put(a, &one, "granted", val_bool(true));
			val_put(a, &one, "text",
				val_text(
					"Согласен получать письма магазина «Зерно и чай» и "
					"на учёт открытий и переходов"));
			val_put(a, &one, "url",
				val_text("https://zernochay.example/signup"));
			val_push(a, &list, one);
		}
		val_put(a, &context, "consent", list);
	}
	val_put(a, &v, "context", context);
	say(s, v, at_us);
	struct val form = val_map(a);
	val_put(a, &form, "form", val_text("signup"));
	track(s, p, "Form Submitted", form, at_us + SECOND_US);
	track(s, p, "Signed Up", val_map(a), at_us + 2 * SECOND_US);
}

/* A moment of shopping hours on the day, 8 to 22 in Minsk. */
static int64_t
moment(struct chance *c, int64_t day_us)
{
	return day_us + (5 + chance_below(c, 14)) * HOUR_US +
	       chance_below(c, 3600) * SECOND_US;
}

static int
live(struct shop *s, int64_t number, bool known, struct err *e)
{
	static const int visits[] = {1, 5, 14, 36}; /* in a whole year */
	struct arena *own = arena_new();
	struct demo_person p = demo_person_make(own, (uint64_t)s->order->seed, number);
	struct chance c = {
		(uint64_t)s->order->seed ^ (uint64_t)number * 0x2545F4914F6CDD1Du};
	/* the last day is one whose shopping hours are over */
	int64_t last = (s->now_us - 20 * HOUR_US - 30 * MINUTE_US) / DAY_US;
	int64_t begin_us = (last + 1 - DAYS) * DAY_US;
	/* a shop that grows: twice as many come at the end of the year as at its beginning */
	int64_t x = chance_below(&c, DAYS), y = chance_below(&c, DAYS * 2);
	int64_t born = y < DAYS ? x : (x > y - DAYS ? x : y - DAYS);
	int64_t first_us = moment(&c, begin_us + born * DAY_US);
	int64_t rc = 0,
		n = 1 + chance_below(&c, visits[p.zeal]) * (DAYS - born + 20) / DAYS;
	s->messages = s->visit = 0;
	for (int64_t i = 0; i < n && rc == 0; i++) {
		int64_t at_us =
			i == 0 ? first_us
			       : moment(&c, first_us / DAY_US * DAY_US +
						    chance_below(&c, DAYS - born) * DAY_US);
		if (i > 0 && at_us < first_us)
			continue;
		visit(s, &p, at_us, &c);
		if (i == 0 && known)
			sign_up(s, &p, at_us + 15 * MINUTE_US, &c);
		if (val_len(&s->batch) >= BATCH)
			rc = flush(s, e);
	}
	arena_free(own);
	return rc < 0 ? -1 : 0;
}

/* Whether the number-th visitor never says who they are: every eighth. */
static bool
stranger(int64_t number)
{
	return number % 8 == 0;
}

/* The year, a piece after another, so that events come in about the order they happened; every piece asks everybody anew. */
static int
year(struct shop *s, struct err *e)
{
	int64_t end_us = s->now_us - HOUR_US, piece_us = DAYS * DAY_US / PASSES;
	int64_t visitors = s->order->people + s->order->people / 7;
	for (int pass = 0; pass < PASSES; pass++) {
		s->from_us = end_us - (PASSES - pass) * piece_us;
		s->to_us = s->from_us + piece_us;
		if (pass == 0)
			s->from_us -= 2 * DAY_US;
		for (int64_t i = 1; i <= visitors; i++)
			if (live(s, i, !stranger(i), e) < 0)
				return -1;
		if (flush(s, e) < 0)
			return -1;
		fprintf(stderr, "\rdemo: %d of %d fortnights, %lld events", pass + 1,
			PASSES, (long long)s->sent);
	}
	fputc('\n', stderr);
	return 0;
}

/* Some who are in the shop right now: scenarios hear only what is new. Their time is the half hour that runs. */
static int
guests(struct shop *s, struct err *e)
{
	int64_t half_us = s->now_us / (30 * MINUTE_US) * (30 * MINUTE_US);
	s->from_us = 0;
	s->to_us = INT64_MAX;
	for (int64_t i = 0; i < GUESTS; i++) {
		int64_t number = s->order->people * 2 + 1 + i;
		struct demo_person p = demo_person_make(
			s->arena, (uint64_t)s->order->seed, number);
		struct chance c = {(uint64_t)(half_us + number)};
		int64_t at_us = half_us - (5 + chance_below(&c, 20)) * MINUTE_US;
		s->messages = s->visit = 0;
		if (i % 2 == 0)
			sign_up(s, &p, at_us - MINUTE_US, &c);
		visit(s, &p, at_us, &c);
	}
	return flush(s, e);
}

int
demo_run(struct arena *a, const struct demo_order *o, struct err *e)
{
	(void)a;
	struct shop s = {.order = o,
		.arena = arena_new(),
		.http = http_new(),
		.now_us = time_now_us()};
	s.batch = val_list(s.arena);
	int rc = house_fields(&s, e);
	if (rc == 0)
		rc = year(&s, e);
	if (rc == 0)
		rc = house_rest(&s, e);
	s.batch = val_list(s.arena);
	if (rc == 0)
		rc = guests(&s, e);
	if (rc == 0)
		rc = desk_fill(&s, e);
	fprintf(stderr, "demo: %lld events\n", (long long)s.sent);
	http_free(s.http);
	arena_free(s.arena);
	return rc;
}
