/* See call.h. TRACKING sections 4, 5, 7, 9 and 10. */
#include "event/call.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "profile/field.h"

#include <string.h>

static const int64_t ahead_us = 5 * MINUTE_US; /* clocks of phones drift */
static const int64_t oldest_us = INT64_C(946684800) * SECOND_US; /* 2000-01-01 */

static const char *const kinds[] = {
	"identify", "track", "page", "screen", "group", "alias"};
static const char *const channels[] = {
	"email", "sms", "push", "viber", "chatbot", "analytics"};

static int
depth_of(const struct val *v)
{
	int deepest = 0;
	if (v->kind != VAL_LIST && v->kind != VAL_MAP)
		return 0;
	for (size_t i = 0; i < val_len(v); i++) {
		int d = depth_of(
			v->kind == VAL_LIST ? &v->list->at[i] : &v->map->at[i].val);
		if (d > deepest)
			deepest = d;
	}
	return deepest + 1;
}

/* An identifier under any of two names. */
static const struct val *
either(const struct val *item, const char *camel, const char *snake)
{
	const struct val *v = val_get(item, camel);
	return !val_is_null(v) ? v : snake != NULL ? val_get(item, snake) : NULL;
}

/* SDKs send a text; people who write their calls by hand, also a number. */
static struct text
message_id(struct arena *a, const struct val *item)
{
	const struct val *v = val_get(item, "messageId");
	if (v != NULL && v->kind == VAL_INT)
		return text_of(arena_printf(a, "%lld", (long long)v->i));
	return val_as_text(v);
}

static int
add_ident(struct arena *a, struct who *who, enum ident_kind kind, const struct val *v,
	const char *country)
{
	struct ident id;
	if (val_is_null(v) || who->n == CROWD_IDENTS_MAX ||
		ident_read(a, kind, v, country, &id) != 1)
		return 0;
	who->idents[who->n++] = id;
	return 1;
}

static void
read_who(struct arena *a, const struct val *item, const struct envelope *env,
	struct who *who)
{
	struct text type = val_as_text(val_get(item, "type"));
	const struct val *traits = text_is(type, "identify") ? val_get(item, "traits")
							     : NULL;
	add_ident(a, who, IDENT_EXTERNAL,
		either(item, "userId", env->trusted ? "external_id" : NULL), env->country);
	add_ident(a, who, IDENT_EMAIL, val_get(traits, "email"), env->country);
	add_ident(a, who, IDENT_PHONE, val_get(traits, "phone"), env->country);
	if (env->trusted) {
		add_ident(a, who, IDENT_EMAIL, val_get(item, "email"), env->country);
		add_ident(a, who, IDENT_PHONE, val_get(item, "phone"), env->country);
	}
	add_ident(a, who, IDENT_ANONYMOUS,
		either(item, "anonymousId", env->trusted ? "anonymous_id" : NULL),
		env->country);
	who->values = traits != NULL;
}

static int
check_map(const struct val *item, const char *name, struct err *e)
{
	const struct val *v = val_get(item, name);
	if (val_is_null(v))
		return 0;
	if (v->kind != VAL_MAP)
		return err_field(e, name, "%s is an object", name);
	if (val_len(v) > CALL_PROPERTIES_MAX)
		return err_field(e, name, "%s has %zu entries, at most %d are kept", name,
			val_len(v), CALL_PROPERTIES_MAX);
	if (depth_of(v) > CALL_DEPTH_MAX)
		return err_field(e, name, "%s is nested deeper than %d levels", name,
			CALL_DEPTH_MAX);
	return 0;
}

static int
check_time(const struct val *item, const char *name, struct err *e)
{
	int64_t at;
	const struct val *v = val_get(item, name);
	if (val_is_null(v) || (v->kind == VAL_TEXT && time_parse(v->text, &at) == 1))
		return 0;
	return err_field(e, name, "%s is a time like 2026-11-21T14:32:07.123Z", name);
}

static int
check_ids(
	struct arena *a, const struct val *item, const struct envelope *env, struct err *e)
{
	struct who who = {0};
	struct ident id;
	struct text type = val_as_text(val_get(item, "type"));
	read_who(a, item, env, &who);
	if (who.n == 0)
		return err_field(e, "userId",
			"a call needs a userId or an anonymousId (a text or number that "
			"names one person)");
	if (text_is(type, "alias") &&
		ident_read(a, IDENT_ANONYMOUS, val_get(item, "previousId"), env->country,
			&id) != 1)
		return err_field(e, "previousId", "an alias needs a previousId");
	if (text_is(type, "group") &&
		ident_read(a, IDENT_EXTERNAL, val_get(item, "groupId"), env->country,
			&id) != 1)
		return err_field(e, "groupId", "a group call needs a groupId");
	return 0;
}

/* The context of a call: its own words over those of the batch. */
static struct val
context_of(struct arena *a, const struct val *item, const struct envelope *env)
{
	struct val context = val_map(a);
	const struct val *own = val_get(item, "context");
	for (size_t i = 0; env->context.kind == VAL_MAP && i < env->context.map->n; i++)
		val_put_key(a, &context, env->context.map->at[i].key,
			env->context.map->at[i].val);
	for (size_t i = 0; own != NULL && own->kind == VAL_MAP && i < own->map->n; i++)
		val_put_key(a, &context, own->map->at[i].key, own->map->at[i].val);
	return context;
}

int
event_call_check(
	struct arena *a, const struct val *item, const struct envelope *env, struct err *e)
{
	struct val consents, context;
	if (item->kind != VAL_MAP)
		return err_set(e, ERR_INPUT, "a call is an object");
	struct text type = val_as_text(val_get(item, "type"));
	bool known = false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		known = known || text_is(type, kinds[i]);
	if (!known)
		return err_field(e, "type",
			"type is identify, track, page, screen, group or alias, not "
			"\"%.*s\"",
			(int)(type.n < 40 ? type.n : 40), type.at);
	/* in a journal's record it stands two levels deeper than alone */
	if (depth_of(item) > JSON_DEPTH_MAX - 2)
		return err_set(e, ERR_INPUT, "the call is nested deeper than %d levels",
			JSON_DEPTH_MAX - 2);
	if (!json_fits(a, item, CALL_BYTES_MAX))
		return err_set(
			e, ERR_INPUT, "the call is larger than %d bytes", CALL_BYTES_MAX);
	const struct val *event = val_get(item, "event");
	if (text_is(type, "track") &&
		(event == NULL || event->kind != VAL_TEXT ||
			text_trim(event->text).n == 0 || event->text.n > EVENT_NAME_MAX))
		return err_field(e, "event",
			"track needs an event: its name, 1 to %d bytes", EVENT_NAME_MAX);
	const struct val *message = val_get(item, "messageId");
	struct text id = message_id(a, item);
	if (!val_is_null(message) && (id.n == 0 || id.n > CALL_MESSAGE_ID_MAX))
		return err_field(e, "messageId", "messageId is a text of 1 to %d bytes",
			CALL_MESSAGE_ID_MAX);
	if (check_map(item, "traits", e) < 0 || check_map(item, "properties", e) < 0 ||
		check_map(item, "context", e) < 0 || check_time(item, "timestamp", e) < 0 ||
		check_time(item, "originalTimestamp", e) < 0 ||
		check_time(item, "sentAt", e) < 0 || check_ids(a, item, env, e) < 0)
		return -1;
	context = context_of(a, item, env);
	return event_consents(a, val_get(&context, "consent"), &consents, e);
}

static int
push_consent(struct arena *a, struct val *out, struct text channel, bool granted,
	const struct val *proof, struct err *e)
{
	bool known = false;
	for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
		known = known || text_is(channel, channels[i]);
	if (!known)
		return err_field(e, "consent",
			"a channel is email, sms, push, viber, chatbot or analytics, not "
			"\"%.*s\"",
			(int)(channel.n < 40 ? channel.n : 40), channel.at);
	struct val one = val_map(a);
	val_put(a, &one, "channel", val_of(channel));
	val_put(a, &one, "granted", val_bool(granted));
	val_put(a, &one, "proof",
		proof->kind == VAL_TEXT ? *proof : val_of(json_text(a, proof)));
	val_push(a, out, one);
	return 0;
}

int
event_consents(struct arena *a, const struct val *in, struct val *out, struct err *e)
{
	*out = val_list(a);
	if (val_is_null(in))
		return 0;
	if (in->kind != VAL_LIST && in->kind != VAL_MAP)
		return err_field(e, "consent",
			"consent is a list of {channel, granted} or an object by channel");
	for (size_t i = 0; i < val_len(in); i++) {
		struct val empty = val_text("");
		const struct val *c = in->kind == VAL_LIST ? &in->list->at[i]
							   : &in->map->at[i].val;
		struct text channel = in->kind == VAL_LIST
					      ? val_as_text(val_get(c, "channel"))
					      : in->map->at[i].key;
		const struct val *granted = c->kind == VAL_BOOL ? c : val_get(c, "granted");
		const struct val *proof = c->kind == VAL_BOOL ? &empty : c;
		if (granted == NULL || granted->kind != VAL_BOOL)
			return err_field(
				e, "consent", "consent says granted: true or false");
		if (push_consent(a, out, channel, granted->b, proof, e) < 0)
			return -1;
	}
	return 0;
}

/* timestamp = receivedAt - (sentAt - originalTimestamp), clipped to what can be. */
static void
read_time(const struct val *item, const struct envelope *env, struct arrival *r)
{
	int64_t given = 0, sent = 0;
	const struct val *own = val_get(item, "originalTimestamp");
	const struct val *stamp = !val_is_null(own) ? own : val_get(item, "timestamp");
	const struct val *sent_at = val_get(item, "sentAt");
	r->received_at_us = env->received_at_us;
	r->at_us = env->received_at_us;
	if (stamp != NULL && stamp->kind == VAL_TEXT &&
		time_parse(stamp->text, &given) == 1) {
		struct text t = !val_is_null(sent_at) ? val_as_text(sent_at)
						      : val_as_text(&env->sent_at);
		r->time_key = given != 0 ? given : 1;
		r->at_us = time_parse(t, &sent) == 1 ? env->received_at_us - (sent - given)
						     : given;
	}
	if (r->at_us > env->received_at_us + ahead_us)
		r->at_us = env->received_at_us;
	if (r->at_us < oldest_us)
		r->at_us = oldest_us;
	r->quiet = env->quiet || r->at_us < env->received_at_us - env->late_us;
}

/* A map of the same pairs that can grow. */
static struct val
own_map(struct arena *a, const struct val *map)
{
	enum { ROOM = 20 }; /* for what is put beside */
	struct val out = val_map(a);
	if (map == NULL || map->kind != VAL_MAP)
		return out;
	out.map->n = map->map->n;
	out.map->cap = map->map->n + ROOM;
	out.map->at = arena_array(a, out.map->cap, sizeof *out.map->at);
	if (map->map->n > 0)
		memcpy(out.map->at, map->map->at, map->map->n * sizeof *out.map->at);
	return out;
}

/* What the context says of the page stands beside the properties of what was done there. */
static struct val
with_page(struct arena *a, const struct val *props, const struct val *context)
{
	static const char *const pages[] = {"url", "path", "referrer", "title"};
	struct val out = own_map(a, props);
	for (size_t i = 0; i < 4; i++) {
		const struct val *v = val_get(val_get(context, "page"), pages[i]);
		if (!val_is_null(v) && v->kind == VAL_TEXT && v->text.n <= FIELD_TEXT_MAX &&
			val_get(&out, pages[i]) == NULL)
			val_put(a, &out, pages[i], *v);
	}
	return out;
}

static void
read_identify(struct arena *a, const struct val *item, const struct envelope *env,
	struct arrival *r)
{
	struct val refused;
	const struct val *traits = val_get(item, "traits");
	r->fields = field_of_traits(a, traits, env->country, &refused);
	if (traits != NULL && traits->kind == VAL_MAP)
		r->props = *traits;
	r->who.values = true;
}

static struct val
map_of(struct arena *a, const struct val *item, const char *one, const char *two)
{
	struct val map = val_map(a);
	if (!val_is_null(val_get(item, one)))
		val_put(a, &map, one, *val_get(item, one));
	if (two != NULL && !val_is_null(val_get(item, two)))
		val_put(a, &map, two, *val_get(item, two));
	return map;
}

int
event_call_read(struct arena *a, const struct val *item, const struct envelope *env,
	struct arrival *out, struct err *e)
{
	*out = (struct arrival){.company_id = env->company_id,
		.source_id = env->source_id,
		.user_id = env->user_id,
		.is_signed = !env->trusted && val_as_bool(val_get(item, "signed"), false)};
	out->claimed = !env->trusted && !out->is_signed;
	if (event_call_check(a, item, env, e) < 0)
		return -1;
	struct text type = val_as_text(val_get(item, "type"));
	const struct val merged = context_of(a, item, env);
	const struct val *props = val_get(item, "properties"), *context = &merged;
	struct text message = message_id(a, item);
	out->dedup = sign_hash64(text_of(arena_printf(
		a, "%lld %.*s", (long long)env->source_id, (int)message.n, message.at)));
	read_who(a, item, env, &out->who);
	read_time(item, env, out);
	out->type = text_is(type, "track") ? text_trim(val_as_text(val_get(item, "event")))
					   : type;
	out->active = val_as_bool(val_get(context, "active"), true);
	out->props = val_map(a);
	out->fields = out->consents = out->hints = out->topics = val_null();
	if (text_is(type, "track"))
		out->props = own_map(a, props);
	else if (text_is(type, "page") || text_is(type, "screen")) {
		out->props = with_page(a, props, context);
		if (!val_is_null(val_get(item, "name")))
			val_put(a, &out->props, "name", *val_get(item, "name"));
		if (!val_is_null(val_get(item, "category")))
			val_put(a, &out->props, "category", *val_get(item, "category"));
	} else if (text_is(type, "identify"))
		read_identify(a, item, env, out);
	else if (text_is(type, "group"))
		out->props = map_of(a, item, "groupId", "traits");
	else {
		out->props = map_of(a, item, "previousId", NULL);
		if (ident_read(a, IDENT_ANONYMOUS, val_get(item, "previousId"),
			    env->country, &out->who.before) != 1)
			return err_field(e, "previousId", "an alias needs a previousId");
		out->active = false;
	}
	if (text_is(type, "track") || text_is(type, "page") || text_is(type, "screen") ||
		text_is(type, "identify"))
		enrich(a, &env->sighting, context, out);
	if (val_get(context, "consent") != NULL) {
		out->who.values = true;
		return event_consents(a, val_get(context, "consent"), &out->consents, e);
	}
	return 0;
}
