/* See receive.h. TRACKING sections 1 to 8. What is refused is journaled too, so that its sender sees it in the interface. */
#include "collect/receive.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/sign.h"
#include "base/time.h"
#include "base/url.h"
#include "collect/admit.h"
#include "collect/keys.h"
#include "event/call.h"
#include "journal/journal.h"
#include "web/limit.h"
#include "web/serve.h"

#include <stdatomic.h>
#include <string.h>

enum { REFUSED_PER_SECOND = 50, PAYLOAD_SHOWN = 2000 };

struct receipt { /* one request on its way into the journal */
	struct write_key key;
	struct text name; /* of the key */
	struct source_rules rules;
	struct visit visit;
	struct envelope env;
	struct val items, refused;
	struct err first; /* why the first refused one was */
	struct val token; /* of the batch: signs a userId; or null */
	int64_t excluded; /* calls of an address that does not count */
};

static struct text
basic_key(struct web *w)
{
	struct text t = request_header(&w->request, "authorization"), user;
	if (t.n < 7 || (!text_starts(t, "Basic ") && !text_starts(t, "basic ")))
		return (struct text){"", 0};
	if (text_base64_decode(w->arena, (struct text){t.at + 6, t.n - 6}, &user) != 1)
		return (struct text){"", 0};
	const char *colon = memchr(user.at, ':', user.n);
	if (colon != NULL)
		user.n = (size_t)(colon - user.at);
	return text_is_utf8(user) ? user : (struct text){"", 0};
}

/* Jitsu's "key:secret"; only the key is a thing of ours. */
static struct text
header_key(struct web *w)
{
	struct text t = request_header(&w->request, "x-write-key");
	const char *colon = t.n > 0 ? memchr(t.at, ':', t.n) : NULL;
	if (colon != NULL)
		t.n = (size_t)(colon - t.at);
	return text_is_utf8(t) ? t : (struct text){"", 0};
}

/* Header, body, query: in this order. */
static int
find_key(struct web *w, const struct val *body, struct receipt *r, struct err *e)
{
	const struct collect *door = w->door->shared;
	struct text key = basic_key(w);
	if (key.n == 0) /* before the body: Jitsu's has the key with its end crossed out */
		key = header_key(w);
	if (key.n == 0)
		key = val_as_text(val_get(body, "writeKey"));
	if (key.n == 0)
		key = web_query(w, "writeKey");
	if (key.n == 0)
		return err_set(e, ERR_AUTH,
			"no write key: send it as the user of Authorization: Basic, or as "
			"writeKey");
	int found = keys_find(door->keys, w->arena, w->db, key, &r->key, e);
	if (found < 0)
		return -1;
	if (found == 0)
		return err_set(e, ERR_AUTH, "this write key belongs to no active source");
	r->name = key;
	r->env = (struct envelope){.company_id = r->key.company_id,
		.source_id = r->key.source_id,
		.country = r->key.country,
		.received_at_us = time_now_us()};
	r->items = val_list(w->arena);
	r->refused = val_list(w->arena);
	source_rules_read(w->arena, r->key.company_id, r->key.source_id, r->key.kind,
		r->key.rules, r->key.secret, &r->rules);
	return 0;
}

/* Nothing of what is over the limit is kept: its sender sends it again. */
static int
may_send(struct web *w, const struct receipt *r, size_t n, struct err *e)
{
	const struct collect *door = w->door->shared;
	return limit_take(w, door->limit, r->name, (int64_t)n, e);
}

static void
refuse(struct web *w, struct receipt *r, const struct err *why, struct text payload)
{
	static _Atomic int64_t second, count;
	int64_t now = time_now_us() / SECOND_US;
	if (atomic_load(&second) != now) {
		atomic_store(&second, now);
		atomic_store(&count, 0);
	}
	if (val_len(&r->refused) == 0)
		r->first = *why;
	if (atomic_fetch_add(&count, 1) >= REFUSED_PER_SECOND)
		return; /* a flood of rubbish is not worth keeping */
	struct val one = val_map(w->arena);
	val_put(w->arena, &one, "code",
		val_text(arena_printf(w->arena, "%s",
			why->field[0] != '\0' ? why->field : err_word(why->code))));
	val_put(w->arena, &one, "reason",
		val_text(arena_printf(w->arena, "%s", why->text)));
	val_put(w->arena, &one, "payload",
		val_of(text_is_utf8(payload) ? text_cut(payload, PAYLOAD_SHOWN)
					     : text_of("(not UTF-8)")));
	val_push(w->arena, &r->refused, one);
}

/* Checks an item and takes it; without a messageId it gets one, so that a replay of the journal is no second event. */
static void
take(struct web *w, struct receipt *r, struct val *item)
{
	struct err why;
	if (r->visit.excluded && !r->rules.exclude_flags) {
		r->excluded++;
		return;
	}
	if (admit_call(w->arena, &r->rules, &r->token, item, &why) < 0 ||
		event_call_check(w->arena, item, &r->env, &why) < 0) {
		refuse(w, r, &why, json_text(w->arena, item));
		return;
	}
	if (val_is_null(val_get(item, "messageId")))
		val_put(w->arena, item, "messageId",
			val_text(arena_printf(
				w->arena, "cxdp-%s", sign_token(w->arena, 22))));
	val_push(w->arena, &r->items, *item);
}

static int
write_journal(struct web *w, const struct receipt *r, struct err *e)
{
	const struct collect *door = w->door->shared;
	struct arena *a = w->arena;
	struct val record = val_map(a);
	if (val_len(&r->items) == 0 && val_len(&r->refused) == 0 && r->excluded == 0)
		return 0;
	val_put(a, &record, "company", val_int(r->env.company_id));
	val_put(a, &record, "source", val_int(r->env.source_id));
	val_put(a, &record, "country", val_text(r->env.country));
	val_put(a, &record, "received", val_int(r->env.received_at_us));
	val_put(a, &record, "sent", r->env.sent_at);
	val_put(a, &record, "context", r->env.context);
	if (r->visit.ip.n > 0)
		val_put(a, &record, "ip", val_of(r->visit.ip));
	if (r->visit.agent.n > 0)
		val_put(a, &record, "agent", val_of(r->visit.agent));
	if (r->visit.excluded)
		val_put(a, &record, "internal", val_bool(true));
	if (r->excluded > 0)
		val_put(a, &record, "excluded", val_int(r->excluded));
	val_put(a, &record, "items", r->items);
	val_put(a, &record, "refused", r->refused);
	struct text bytes = json_text(a, &record);
	if (bytes.n > JOURNAL_RECORD_MAX)
		return err_set(
			e, ERR_SIZE, "the body is larger than %d bytes", CALL_BODY_MAX);
	return journal_append(door->journal, bytes, e);
}

static void
allow_origin(struct web *w)
{
	response_header(w, "Access-Control-Allow-Origin", "*");
	response_header(w, "Access-Control-Expose-Headers", "Retry-After, RateLimit");
}

static void
answer_yes(struct web *w)
{
	allow_origin(w);
	response_header(w, "Cache-Control", "no-store");
	response_bytes(w, 200, "application/json", text_of("{\"success\":true}"));
}

/* A request of which nothing is taken is shown to its source too. */
static int
refuse_all(struct web *w, struct receipt *r, const struct err *why, struct text payload)
{
	struct err e;
	refuse(w, r, why, text_cut(payload, PAYLOAD_SHOWN));
	if (write_journal(w, r, &e) < 0)
		log_line(LOG_WARN, "%s", e.text);
	return -1;
}

/* The body as JSON; a broken one is shown to the source it came from, where its key can be known. */
static int
read_body(struct web *w, struct val *body, struct err *e)
{
	struct text bytes;
	struct receipt r = {0};
	struct err ignored;
	if (web_body(w, CALL_BODY_MAX, &bytes, e) < 0)
		bytes = text_of("(not read)");
	else if (bytes.n == 0)
		err_set(e, ERR_INPUT, "the body is empty, JSON is expected");
	else if (json_parse(w->arena, bytes, body, e) == 0) {
		if (body->kind == VAL_MAP)
			return 0;
		err_set(e, ERR_INPUT, "the body is JSON, but not an object");
	}
	struct val nothing = val_map(w->arena);
	return find_key(w, &nothing, &r, &ignored) < 0 ? -1 : refuse_all(w, &r, e, bytes);
}

/* Whether its rules let this request in at all. */
static int
admit(struct web *w, struct receipt *r, bool pixel, const struct val *body, struct err *e)
{
	if (admit_request(w, &r->rules, pixel, &r->visit, e) == 0)
		return 0;
	return refuse_all(w, r, e, json_text(w->arena, body));
}

static int
finish(struct web *w, struct receipt *r, struct err *e)
{
	if (write_journal(w, r, e) < 0)
		return -1;
	if (val_len(&r->items) == 0 && r->excluded == 0) {
		*e = r->first;
		return -1;
	}
	answer_yes(w);
	return 0;
}

static const char *
call_type(struct text name)
{
	static const char *const calls[][2] = {{"identify", "i"}, {"track", "t"},
		{"page", "p"}, {"screen", "s"}, {"group", "g"}, {"alias", "a"},
		{"merge", "merge"}};
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (text_is(name, calls[i][0]) || text_is(name, calls[i][1]))
			return i == 6 ? "alias" : calls[i][0];
	return NULL;
}

int
receive_call(struct web *w, struct err *e)
{
	struct val body;
	struct receipt r = {0};
	const char *type = call_type(val_as_text(val_get(&w->params, "call")));
	if (type == NULL)
		return err_set(e, ERR_MISSING,
			"no call of that name: identify, track, page, screen, group, "
			"alias, batch");
	if (read_body(w, &body, e) < 0 || find_key(w, &body, &r, e) < 0 ||
		may_send(w, &r, 1, e) < 0 || admit(w, &r, false, &body, e) < 0)
		return -1;
	val_put(w->arena, &body, "type", val_text(type));
	val_put(w->arena, &body, "writeKey", val_null());
	take(w, &r, &body);
	return finish(w, &r, e);
}

static int
check_batch(const struct val *batch, struct err *e)
{
	if (batch == NULL || batch->kind != VAL_LIST || val_len(batch) == 0)
		return err_field(
			e, "batch", "batch is a list of calls, and not an empty one");
	if (val_len(batch) > CALL_BATCH_MAX)
		return err_field(e, "batch", "%zu calls in one batch, at most %d are taken",
			val_len(batch), CALL_BATCH_MAX);
	return 0;
}

int
receive_batch(struct web *w, struct err *e)
{
	struct val body;
	struct receipt r = {0};
	if (read_body(w, &body, e) < 0 || find_key(w, &body, &r, e) < 0)
		return -1;
	const struct val *batch = val_get(&body, "batch");
	if (check_batch(batch, e) < 0)
		return refuse_all(w, &r, e, json_text(w->arena, &body));
	if (may_send(w, &r, val_len(batch), e) < 0 || admit(w, &r, false, &body, e) < 0)
		return -1;
	if (!val_is_null(val_get(&body, "sentAt")))
		r.env.sent_at = *val_get(&body, "sentAt");
	const struct val *context = val_get(&body, "context");
	const struct val *token = val_get(&body, "identityToken");
	if (val_is_null(token))
		token = val_get(context, "identityToken");
	if (!val_is_null(token))
		r.token = *token;
	if (context != NULL && context->kind == VAL_MAP)
		r.env.context = admit_context(w->arena, &r.rules, context);
	for (size_t i = 0; i < val_len(batch); i++)
		take(w, &r, &batch->list->at[i]);
	return finish(w, &r, e);
}

void
receive_gif(struct web *w)
{
	static const char gif[] = "GIF89a\1\0\1\0\200\0\0\0\0\0\0\0\0!\371\4\1\0\0\0\0,"
				  "\0\0\0\0\1\0\1\0\0\2\2D\1\0;";
	allow_origin(w);
	response_header(w, "Cache-Control", "no-store, no-cache, must-revalidate");
	response_bytes(w, 200, "image/gif", (struct text){gif, sizeof gif - 1});
}

/* "properties.subject=x" of a query becomes {properties: {subject: "x"}}. */
static struct val
unflatten(struct arena *a, const struct val *query)
{
	struct val out = val_map(a);
	for (size_t i = 0; i < val_len(query); i++) {
		struct text key = query->map->at[i].key;
		const char *dot = memchr(key.at, '.', key.n);
		if (dot == NULL) {
			val_put_key(a, &out, key, query->map->at[i].val);
			continue;
		}
		struct text head = {key.at, (size_t)(dot - key.at)};
		struct text tail = {dot + 1, key.n - head.n - 1};
		const struct val *held = val_get_key(&out, head);
		struct val inner = held != NULL && held->kind == VAL_MAP ? *held
									 : val_map(a);
		val_put_key(a, &inner, tail, query->map->at[i].val);
		val_put_key(a, &out, head, inner);
	}
	return out;
}

static int
read_pixel(struct web *w, struct val *body, struct err *e)
{
	struct text packed = web_query(w, "data"), bytes;
	if (packed.n == 0) {
		*body = unflatten(w->arena, &w->request.query);
		return 0;
	}
	if (text_base64_decode(w->arena, packed, &bytes) != 1)
		return err_set(e, ERR_INPUT, "data is not base64url");
	if (json_parse(w->arena, bytes, body, e) < 0)
		return -1;
	return body->kind == VAL_MAP ? 0
				     : err_set(e, ERR_INPUT, "data is not a JSON object");
}

int
receive_pixel(struct web *w, struct err *e)
{
	struct val body;
	struct receipt r = {0};
	struct text call = val_as_text(val_get(&w->params, "call"));
	receive_gif(w); /* whatever comes of it */
	if (read_pixel(w, &body, e) < 0 || find_key(w, &body, &r, e) < 0 ||
		may_send(w, &r, 1, e) < 0 || admit(w, &r, true, &body, e) < 0) {
		log_line(LOG_DEBUG, "pixel: %s", e->text);
		return 0;
	}
	const char *type = call.n > 0			     ? call_type(call)
			   : val_get(&body, "event") != NULL ? "track"
							     : "page";
	if (type == NULL)
		return 0;
	val_put(w->arena, &body, "type", val_text(type));
	val_put(w->arena, &body, "writeKey", val_null());
	take(w, &r, &body);
	if (write_journal(w, &r, e) < 0)
		log_line(LOG_WARN, "pixel: %s", e->text);
	return 0;
}

int
receive_options(struct web *w, struct err *e)
{
	(void)e;
	allow_origin(w);
	response_header(w, "Access-Control-Allow-Methods", "POST, GET");
	response_header(w, "Access-Control-Allow-Headers",
		"authorization, content-type, x-retry-count, *");
	response_header(w, "Access-Control-Max-Age", "900");
	response_empty(w, 204);
	return 0;
}

/* What the tag asks before it does anything. */
static struct val
tag_settings(struct arena *a, const struct source_rules *r, struct text bindings)
{
	struct val out = val_map(a), bound;
	struct err ignored;
	val_put(a, &out, "consent", val_text(r->consent));
	val_put(a, &out, "respect_dnt", val_bool(r->respect_dnt));
	val_put(a, &out, "events", r->events);
	val_put(a, &out, "mask", r->mask);
	val_put(a, &out, "mask_values", val_bool(r->mask_values));
	if (bindings.n > 0 && json_parse(a, bindings, &bound, &ignored) == 0)
		val_put(a, &out, "bindings", bound);
	return out;
}

int
receive_settings(struct web *w, struct err *e)
{
	const struct collect *door = w->door->shared;
	struct write_key key;
	struct source_rules rules;
	struct text name = val_as_text(val_get(&w->params, "key"));
	int found = keys_find(door->keys, w->arena, w->db, name, &key, e);
	if (found < 0)
		return -1;
	if (found == 0)
		return err_set(
			e, ERR_MISSING, "this write key belongs to no active source");
	struct val segment = val_map(w->arena), integrations = val_map(w->arena),
		   out = val_map(w->arena);
	const char *url = w->settings->public_url;
	const char *host = strstr(url, "://") != NULL ? strstr(url, "://") + 3 : url;
	val_put(w->arena, &segment, "apiKey", val_of(name));
	val_put(w->arena, &segment, "apiHost",
		val_text(arena_printf(w->arena, "%s/v1", host)));
	val_put(w->arena, &integrations, "Segment.io", segment);
	val_put(w->arena, &out, "integrations", integrations);
	source_rules_read(w->arena, key.company_id, key.source_id, key.kind, key.rules,
		key.secret, &rules);
	val_put(w->arena, &out, "cxdp", tag_settings(w->arena, &rules, key.bindings));
	allow_origin(w);
	response_header(w, "Cache-Control", "public, max-age=60");
	response_json(w, 200, &out);
	return 0;
}

int
receive_source_config(struct web *w, struct err *e)
{
	struct receipt r = {0};
	struct val nothing = val_map(w->arena), source = val_map(w->arena),
		   out = val_map(w->arena);
	if (find_key(w, &nothing, &r, e) < 0)
		return -1;
	val_put(w->arena, &source, "id", val_id(w->arena, r.key.source_id));
	val_put(w->arena, &source, "name", val_text("cxdp"));
	val_put(w->arena, &source, "writeKey", val_of(r.name));
	val_put(w->arena, &source, "workspaceId", val_id(w->arena, r.key.company_id));
	val_put(w->arena, &source, "enabled", val_bool(true));
	val_put(w->arena, &source, "config", val_map(w->arena));
	val_put(w->arena, &source, "connections", val_list(w->arena));
	val_put(w->arena, &source, "destinations", val_list(w->arena));
	val_put(w->arena, &source, "dataplanes", val_map(w->arena));
	val_put(w->arena, &out, "source", source);
	allow_origin(w);
	response_header(w, "Cache-Control", "public, max-age=60");
	response_json(w, 200, &out);
	return 0;
}
