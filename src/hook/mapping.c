/* See mapping.h. */
#include "hook/mapping.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "event/call.h"
#include "hook/body.h"
#include "script/box.h"

#include <string.h>

enum { BODY_AS_TEXT_MAX = 1900 * 1024 }; /* escaped, within a record of the journal */

/* --- requests --- */

struct val
mapping_request(struct arena *a, struct text type, const struct val *query,
	const struct val *headers, struct text bytes)
{
	struct val out = val_map(a), body = val_of(bytes);
	val_put(a, &out, "type", val_of(type));
	val_put(a, &out, "query", *query);
	val_put(a, &out, "headers", *headers);
	if (text_is_utf8(bytes) && json_text(a, &body).n <= BODY_AS_TEXT_MAX) {
		val_put(a, &out, "body", body);
		return out;
	}
	struct str s = str_new(a);
	str_add_base64(&s, bytes);
	val_put(a, &out, "base64", val_of(str_text(&s)));
	return out;
}

int
mapping_bytes(struct arena *a, const struct val *request, struct text *out, struct err *e)
{
	const struct val *body = val_get(request, "body"),
			 *packed = val_get(request, "base64");
	*out = val_as_text(body);
	if (body != NULL && body->kind == VAL_TEXT)
		return 0;
	if (packed != NULL && packed->kind == VAL_TEXT &&
		text_base64_decode(a, packed->text, out) == 1)
		return 0;
	return err_set(e, ERR_INPUT, "this is no request that was kept: it has no body");
}

/* --- running --- */

struct mapper {
	struct arena *arena;
	const struct settings *settings;
	struct text chunk;
	struct box *box;
	struct box_ref ref;
};

static struct text
chunk_of(struct arena *a, struct text script)
{
	return text_of(arena_printf(a,
		"local body, headers, query, now = params.body, params.headers, "
		"params.query, params.now %.*s\n",
		(int)script.n, script.at));
}

static void
close_mapper(void *obj)
{
	struct mapper *m = obj;
	box_free(m->box);
}

static int
fill(struct mapper *m, int64_t now_us, struct err *e)
{
	if (m->box != NULL && !box_is_spent(m->box)) {
		box_set_now(m->box, now_us, 1);
		return 0;
	}
	box_free(m->box);
	m->box = box_new(BOX_ADAPTER, m->settings, now_us, 1);
	if (box_load(m->box, m->chunk, "mapping", &m->ref, e) == 0)
		return 0;
	int line = e->line;
	struct err why = *e;
	if (e->code != ERR_BUSY)
		err_field(e, "script", "%s", why.text);
	e->line = line;
	return -1;
}

int
mapper_new(struct arena *a, const struct settings *s, struct text script,
	struct mapper **out, struct err *e)
{
	if (script.n > BOX_CHUNK_MAX - 200)
		return err_field(
			e, "script", "a mapping has at most %d bytes", BOX_CHUNK_MAX - 200);
	struct mapper *m = arena_alloc(a, sizeof *m);
	*m = (struct mapper){.arena = a, .settings = s, .chunk = chunk_of(a, script)};
	arena_defer(a, close_mapper, m);
	*out = m;
	return fill(m, time_now_us(), e);
}

int
mapping_check(const struct settings *s, struct text script, struct err *e)
{
	struct arena *a = arena_new();
	struct mapper *m;
	int rc = text_trim(script).n == 0
			 ? err_field(e, "script", "a mapping is a text in Lua, not nothing")
			 : mapper_new(a, s, script, &m, e);
	arena_free(a);
	return rc;
}

/* --- what it gave --- */

/* "identities" as a map by kind, or as a list of {kind, value}. */
static int
spread_identities(struct arena *a, const struct val *from, struct val *call, struct err *e)
{
	static const char *const kinds[] = {
		"external_id", "email", "phone", "anonymous_id", "userId", "anonymousId"};
	static const size_t kinds_n = sizeof kinds / sizeof *kinds;
	for (size_t i = 0; i < val_len(from); i++) {
		bool list = from->kind == VAL_LIST;
		const struct val *one = list ? &from->list->at[i] : &from->map->at[i].val;
		struct text kind = list ? val_as_text(val_get(one, "kind"))
					: from->map->at[i].key;
		const struct val *value = list ? val_get(one, "value") : one;
		bool known = false;
		for (size_t k = 0; k < kinds_n; k++)
			known = known || text_is(kind, kinds[k]);
		if (!known)
			return err_field(e, "identities",
				"identities names external_id, email, phone or "
				"anonymous_id, not "
				"\"%.*s\"",
				(int)(kind.n < 40 ? kind.n : 40), kind.at);
		if (!val_is_null(value) && val_is_null(val_get_key(call, kind)))
			val_put_key(a, call, kind, *value);
	}
	return 0;
}

/* One call with the words SDKs use. Traits beside an event go into a call of their own before it. */
static int
shape(struct arena *a, const struct val *in, const char *now, struct val *call,
	struct val *traits, struct err *e)
{
	static const char *const known[] = {"type", "event", "email", "phone",
		"anonymousId", "messageId", "properties", "groupId", "previousId", "name",
		"category"};
	*call = val_map(a);
	*traits = val_null();
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!val_is_null(val_get(in, known[i])))
			val_put(a, call, known[i], *val_get(in, known[i]));
	const struct val *user = val_get(in, "userId"), *at = val_get(in, "timestamp");
	if (val_is_null(user))
		user = val_get(in, "externalId");
	if (!val_is_null(user))
		val_put(a, call, "userId", *user);
	if (val_get(in, "identities") != NULL &&
		spread_identities(a, val_get(in, "identities"), call, e) < 0)
		return -1;
	if (val_get(call, "type") == NULL && val_get(call, "event") != NULL)
		val_put(a, call, "type", val_text("track"));
	/* of now is what no time is: a resend has another now */
	if (!val_is_null(at) && !text_is(val_as_text(at), now))
		val_put(a, call, "timestamp", *at);
	if (!val_is_null(val_get(in, "consent"))) {
		struct val context = val_map(a);
		val_put(a, &context, "consent", *val_get(in, "consent"));
		val_put(a, call, "context", context);
	}
	bool is_track = text_is(val_as_text(val_get(call, "type")), "track");
	if (is_track && !val_is_null(val_get(in, "traits")))
		*traits = *val_get(in, "traits");
	else if (!val_is_null(val_get(in, "traits")))
		val_put(a, call, "traits", *val_get(in, "traits"));
	return 0;
}

static int
push(struct arena *a, struct val *calls, struct val call, const char *id,
	const struct envelope *env, size_t number, struct err *e)
{
	if (val_is_null(val_get(&call, "messageId")))
		val_put(a, &call, "messageId", val_text(id));
	if (event_call_check(a, &call, env, e) < 0) {
		struct err why = *e;
		return err_field(e, "mapping", "event %zu: %.400s", number, why.text);
	}
	val_push(a, calls, call);
	return 0;
}

static int
take_one(struct arena *a, struct val *calls, const struct val *in, const char *base,
	const char *now, const struct envelope *env, size_t number, struct err *e)
{
	struct val call, traits, before;
	if (in->kind != VAL_MAP)
		return err_field(e, "mapping", "event %zu is no table with names", number);
	if (shape(a, in, now, &call, &traits, e) < 0) {
		struct err why = *e;
		return err_field(e, "mapping", "event %zu: %.400s", number, why.text);
	}
	if (!val_is_null(&traits)) {
		static const char *const who[] = {"userId", "external_id", "email", "phone",
			"anonymousId", "anonymous_id", "timestamp"};
		before = val_map(a);
		val_put(a, &before, "type", val_text("identify"));
		val_put(a, &before, "traits", traits);
		for (size_t i = 0; i < sizeof who / sizeof *who; i++)
			if (!val_is_null(val_get(&call, who[i])))
				val_put(a, &before, who[i], *val_get(&call, who[i]));
		if (push(a, calls, before, arena_printf(a, "%s-%zu-who", base, number), env,
			    number, e) < 0)
			return -1;
	}
	return push(
		a, calls, call, arena_printf(a, "%s-%zu", base, number), env, number, e);
}

/* Nothing, one, or a list. */
static int
take_all(struct arena *a, const struct val *value, const char *base, const char *now,
	const struct envelope *env, struct val *calls, struct err *e)
{
	*calls = val_list(a);
	if (val_is_null(value) || (value->kind == VAL_BOOL && !value->b))
		return 0;
	if (value->kind != VAL_LIST && value->kind != VAL_MAP)
		return err_field(e, "mapping",
			"a mapping returns an event, a list of events, or nothing");
	if (val_len(value) == 0)
		return 0;
	if (value->kind == VAL_MAP)
		return take_one(a, calls, value, base, now, env, 1, e);
	if (val_len(value) > MAPPING_CALLS_MAX)
		return err_field(e, "mapping",
			"%zu events of one request, at most %d are taken", val_len(value),
			MAPPING_CALLS_MAX);
	for (size_t i = 0; i < val_len(value); i++)
		if (take_one(a, calls, &value->list->at[i], base, now, env, i + 1, e) < 0)
			return -1;
	return 0;
}

static struct val
map_or_empty(struct arena *a, const struct val *v)
{
	return v != NULL && v->kind == VAL_MAP ? *v : val_map(a);
}

int
mapper_run(struct arena *a, struct mapper *m, const struct val *request,
	const struct envelope *env, struct val *calls, int64_t *gas, struct err *e)
{
	struct text bytes;
	struct val body, value, args = val_map(a),
				query = map_or_empty(a, val_get(request, "query"));
	const char *now = time_text(a, env->received_at_us);
	if (gas != NULL)
		*gas = 0;
	if (mapping_bytes(a, request, &bytes, e) < 0 ||
		hook_body_read(a, val_as_text(val_get(request, "type")), bytes, &body, e) <
			0 ||
		fill(m, env->received_at_us, e) < 0)
		return -1;
	val_put(a, &args, "body", body);
	val_put(a, &args, "query", query);
	val_put(a, &args, "headers", map_or_empty(a, val_get(request, "headers")));
	val_put(a, &args, "now", val_text(now));
	int rc = box_call(a, m->box, m->ref, &args, 1, &value, e);
	if (gas != NULL)
		*gas = box_usage(m->box).gas;
	if (rc < 0)
		return -1;
	const char *base = arena_printf(a, "hook-%.32s",
		sign_hash(
			a, text_of(arena_printf(a, "%s %.*s", sign_hash(a, bytes),
				   (int)json_text(a, &query).n, json_text(a, &query).at))));
	return take_all(a, &value, base, now, env, calls, e);
}

/* --- to begin with --- */

static const char order[] =
	"-- an order of a shop: {\"id\": 17, \"status\": \"paid\", \"customer\": {...}, "
	"\"items\": [...]}\n"
	"local names = { paid = \"Order Completed\", cancelled = \"Order Cancelled\" }\n"
	"local products = {}\n"
	"for i, item in ipairs(body.items or {}) do\n"
	"  products[i] = { product_id = item.sku, name = item.name, price = item.price, "
	"quantity = item.count }\n"
	"end\n"
	"local who = body.customer or {}\n"
	"return {\n"
	"  event = names[body.status] or \"Order Updated\",\n"
	"  externalId = who.id, email = who.email, phone = who.phone,\n"
	"  messageId = \"order-\" .. body.id .. \"-\" .. (body.status or \"new\"),\n"
	"  properties = { order_id = body.id, total = body.total, currency = "
	"body.currency, products = products },\n"
	"}\n";
static const char lead[] =
	"-- a form of a site: name=...&email=...&phone=...&agree=on\n"
	"if not body.email and not body.phone then return nil end\n"
	"local event = {\n"
	"  event = \"Lead Created\", email = body.email, phone = body.phone,\n"
	"  properties = { form = body.form },\n"
	"  traits = { first_name = body.name },\n"
	"}\n"
	"if body.agree == \"on\" then\n"
	"  event.consent = { email = { granted = true, text = \"the words beside the "
	"tick\", at = now } }\n"
	"end\n"
	"return event\n";
static const char call[] =
	"-- a call of a telephone exchange: {\"call_id\": \"...\", \"from\": \"+375...\", "
	"\"duration\": 42, \"result\": \"answered\"}\n"
	"if body.direction == \"internal\" then return nil end\n"
	"return {\n"
	"  event = body.result == \"answered\" and \"Call Answered\" or \"Call Missed\",\n"
	"  phone = body.from,\n"
	"  messageId = \"call-\" .. body.call_id,\n"
	"  properties = { duration = body.duration, line = body.to },\n"
	"}\n";
static const char payment[] =
	"-- a payment: {\"payment_id\": 5, \"order_id\": 17, \"amount\": 4200, "
	"\"currency\": \"BYN\", \"email\": \"...\"}\n"
	"if body.status ~= \"succeeded\" then return nil end\n"
	"return {\n"
	"  event = \"Payment Received\", email = body.email,\n"
	"  messageId = \"payment-\" .. body.payment_id,\n"
	"  properties = { order_id = body.order_id, total = body.amount / 100, currency = "
	"body.currency },\n"
	"}\n";

const char *
mapping_starter(size_t i, const char **script)
{
	static const char *const names[] = {"order", "lead", "call", "payment"};
	static const char *const scripts[] = {order, lead, call, payment};
	if (i >= sizeof names / sizeof *names)
		return NULL;
	*script = scripts[i];
	return names[i];
}
