/* See enrich.h. */
#include "event/enrich.h"
#include "base/agent.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/geo.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "base/url.h"
#include "event/apply.h"
#include "event/referrer.h"
#include "profile/interest.h"

#include <string.h>

/* Hints stand before all that somebody said, the better ones behind the worse: instants of before time began. */
static const int64_t device_us = -(INT64_C(1) << 60), geo_us = -(INT64_C(1) << 61);

enum { MARK_MAX = 500 };

void
enricher_open(const struct settings *s, struct enricher *out)
{
	struct err e;
	*out = (struct enricher){.language = s->geo_language};
	if (s->geo_file[0] != '\0' && geo_open(s->geo_file, &out->geo, &e) < 0)
		log_line(LOG_WARN, "events get no places: %s", e.text);
	if (s->agent_file[0] != '\0' && agent_open(s->agent_file, &out->agents, &e) < 0)
		log_line(LOG_WARN, "events get no browsers: %s", e.text);
}

void
enricher_close(struct enricher *g)
{
	geo_close(g->geo);
	agent_close(g->agents);
	*g = (struct enricher){NULL, NULL, ""};
}

static void
add(struct arena *a, struct arrival *r, const char *name, struct val v)
{
	if (!val_is_null(&v) && (v.kind != VAL_TEXT || v.text.n > 0) &&
		val_get(&r->props, name) == NULL)
		val_put(a, &r->props, name, v);
}

/* A field that counts where nothing better is known. */
static void
hint(struct arena *a, struct arrival *r, const char *field, struct val v, int64_t at_us)
{
	if (r->hints.kind != VAL_MAP)
		r->hints = val_map(a);
	struct val pair = val_list(a);
	val_push(a, &pair, v);
	val_push(a, &pair, val_int(at_us));
	val_put(a, &r->hints, field, pair);
	r->who.values = true;
}

static void
hint_text(
	struct arena *a, struct arrival *r, const char *field, struct text t, int64_t at_us)
{
	if (t.n > 0)
		hint(a, r, field, val_of(t), at_us);
}

/* The first touch counts by its earliest time, the last by its latest; a visit that came from nowhere is a last touch only where there
 * is no other. What a touch does not say is empty then, not left from another one. */
static void
touch(struct arena *a, struct arrival *r, const char *what, struct text t, bool is_direct)
{
	struct val v = t.n > 0 ? val_of(text_cut(t, MARK_MAX)) : val_null();
	hint(a, r, arena_printf(a, "first_touch_%s", what), v, -r->at_us);
	hint(a, r, arena_printf(a, "last_touch_%s", what), v,
		is_direct ? device_us + r->at_us : r->at_us);
}

static void
add_agent(struct arena *a, const struct sighting *s, const struct val *context,
	struct arrival *r, bool props)
{
	struct text header = val_as_text(val_get(context, "userAgent"));
	if (header.n == 0)
		header = s->agent;
	if (header.n == 0)
		return;
	struct agent g = agent_find(s->enricher->agents, header);
	r->bot = g.bot;
	if (g.bot) { /* kept, but nobody was there, and nothing begins with it */
		r->active = false;
		r->quiet = true;
	}
	if (!props)
		return;
	add(a, r, "browser", val_of(g.browser));
	add(a, r, "os", val_of(g.os));
	add(a, r, "device", val_text(g.device));
	if (g.bot)
		add(a, r, "bot", val_bool(true));
}

static void
add_place(struct arena *a, const struct sighting *s, const struct val *context,
	struct arrival *r, bool props, bool person)
{
	struct place p;
	struct text ip = s->ip.n > 0 ? s->ip : val_as_text(val_get(context, "ip"));
	if (geo_find(s->enricher->geo, ip, s->enricher->language, &p) != 1)
		return;
	if (props) {
		add(a, r, "country", val_of(p.country));
		add(a, r, "region", val_of(p.region));
		add(a, r, "city", val_of(p.city));
	}
	if (!person || r->bot)
		return;
	hint_text(a, r, "country", p.country, geo_us + r->at_us);
	hint_text(a, r, "region", p.region, geo_us + r->at_us);
	hint_text(a, r, "city", p.city, geo_us + r->at_us);
	hint_text(a, r, "timezone", p.timezone, geo_us + r->at_us);
}

/* The device's language, zone and screen: hints of the person, and beside what a visit begins with. */
static void
add_device(struct arena *a, const struct val *context, struct arrival *r, bool props)
{
	enum { PIXELS_MAX = 100000 };
	struct text language = text_cut(val_as_text(val_get(context, "locale")), 2);
	struct text zone = val_as_text(val_get(context, "timezone"));
	int64_t width = val_as_int(val_get(val_get(context, "screen"), "width"), 0);
	int64_t height = val_as_int(val_get(val_get(context, "screen"), "height"), 0);
	if (zone.n > 0 && zone_find(zone) == NULL)
		zone = text_of("");
	hint_text(a, r, "language", language, device_us + r->at_us);
	hint_text(a, r, "timezone", zone, device_us + r->at_us);
	if (!props)
		return;
	add(a, r, "language", val_of(language));
	add(a, r, "timezone", val_of(zone));
	if (width > 0 && height > 0 && width < PIXELS_MAX && height < PIXELS_MAX)
		add(a, r, "screen",
			val_text(arena_printf(
				a, "%lldx%lld", (long long)width, (long long)height)));
}

/* The tag's {id, number, start}, or RudderStack's sessionId and sessionStart. 1 it begins here. */
static bool
add_session(struct arena *a, const struct val *context, struct arrival *r)
{
	const struct val *mine = val_get(context, "session");
	const struct val *id = val_get(mine, "id"), *number = val_get(mine, "number");
	const struct val *start = val_get(mine, "start");
	if (id == NULL) {
		id = val_get(context, "sessionId");
		start = val_get(context, "sessionStart");
	}
	if (id != NULL && id->kind == VAL_INT)
		add(a, r, "session_id",
			val_text(arena_printf(a, "%lld", (long long)id->i)));
	else if (id != NULL && id->kind == VAL_TEXT)
		add(a, r, "session_id", val_of(text_cut(id->text, 64)));
	if (number != NULL && number->kind == VAL_INT)
		add(a, r, "session_number", *number);
	if (!val_as_bool(start, false))
		return false;
	add(a, r, "session_start", val_bool(true));
	return true;
}

/* Marks of the campaign, where from. 1 there is something worth remembering: marks, or a page of somebody else's. */
static bool
add_origin(
	struct arena *a, const struct val *context, struct arrival *r, const char **class)
{
	static const struct {
		const char *from, *to;
	} marks[] = {{"source", "utm_source"}, {"medium", "utm_medium"},
		{"name", "utm_campaign"}, {"term", "utm_term"}, {"content", "utm_content"}};
	const struct val *page = val_get(context, "page"),
			 *utm = val_get(context, "campaign");
	bool any = false;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct text t = val_as_text(val_get(utm, marks[i].from));
		if (t.n == 0 || t.n > MARK_MAX)
			continue;
		add(a, r, marks[i].to, val_of(t));
		any = true;
	}
	*class = NULL;
	if (page == NULL)
		return any;
	*class = referrer_class(val_as_text(val_get(page, "url")),
		val_as_text(val_get(page, "referrer")),
		val_as_text(val_get(utm, "medium")));
	add(a, r, "referrer_class", val_text(*class));
	return any || (strcmp(*class, "own") != 0 && strcmp(*class, "direct") != 0);
}

static void
add_topic(struct arena *a, struct arrival *r, struct text topic, double weight)
{
	topic = text_cut(text_trim(topic), INTEREST_TOPIC_MAX);
	if (topic.n < 2 || !text_is_utf8(topic))
		return;
	if (r->topics.kind != VAL_LIST)
		r->topics = val_list(a);
	struct val pair = val_list(a);
	val_push(a, &pair, val_of(text_lower(a, topic)));
	val_push(a, &pair, val_num(weight));
	val_push(a, &r->topics, pair);
}

/* A look at a page tells little, one at a product more, a purchase most. */
static void
add_topics(struct arena *a, const struct val *context, struct arrival *r)
{
	static const struct {
		const char *event;
		double weight;
	} goods[] = {{"product_view", 2}, {"cart_add", 3}, {"purchase", 5}};
	struct text name = event_type_name(r->type);
	if (text_is(name, "page_view")) {
		struct text url = val_as_text(val_get(&r->props, "url"));
		if (url.n == 0)
			url = val_as_text(val_get(val_get(context, "page"), "url"));
		add_topic(a, r, url_decode(a, referrer_section(url)), 1);
		return;
	}
	for (size_t i = 0; i < sizeof goods / sizeof *goods; i++) {
		if (!text_is(name, goods[i].event))
			continue;
		add_topic(
			a, r, val_as_text(val_get(&r->props, "category")), goods[i].weight);
		const struct val *list = val_get(&r->props, "products");
		for (size_t k = 0; list != NULL && list->kind == VAL_LIST &&
				   k < val_len(list) && k < 20;
			k++)
			add_topic(a, r,
				val_as_text(val_get(&list->list->at[k], "category")),
				goods[i].weight);
	}
}

void
enrich(struct arena *a, const struct sighting *s, const struct val *context,
	struct arrival *r)
{
	const char *class = NULL;
	bool identify = text_is(r->type, "identify");
	if (s == NULL || s->enricher == NULL)
		return;
	add_agent(a, s, context, r, !identify);
	bool start = !identify && add_session(a, context, r);
	bool from_elsewhere = !identify && add_origin(a, context, r, &class);
	if (s->internal && !identify)
		add(a, r, "internal", val_bool(true));
	/* the person is looked up for it: so only where a visit begins */
	bool person = (start || identify) && !r->bot;
	add_place(a, s, context, r, !identify, person);
	if (r->bot)
		return;
	if (person)
		add_device(a, context, r, start);
	/* pages of a visit that has begun say again where it came from */
	if (start || (from_elsewhere && val_get(&r->props, "session_id") == NULL)) {
		const struct val *utm = val_get(context, "campaign");
		touch(a, r, "source", val_as_text(val_get(utm, "source")), !from_elsewhere);
		touch(a, r, "medium", val_as_text(val_get(utm, "medium")), !from_elsewhere);
		touch(a, r, "campaign", val_as_text(val_get(utm, "name")), !from_elsewhere);
		touch(a, r, "class", text_of(class), !from_elsewhere);
	}
	if (!identify)
		add_topics(a, context, r);
}
