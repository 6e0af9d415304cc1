/* See admit.h. */
#include "collect/admit.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/url.h"
#include "collect/mask.h"
#include "event/plan.h"
#include "profile/field.h"
#include "tenant/key.h"
#include "web/web.h"

#include <arpa/inet.h>
#include <string.h>

enum { AGENT_MAX = 500 };

/* The network a visitor is in: the last byte of four is dropped, of an IPv6 address all but the first 48 bits. */
static struct text
shortened(struct arena *a, const char *ip)
{
	unsigned char at[16];
	char out[INET6_ADDRSTRLEN];
	if (inet_pton(AF_INET, ip, at) == 1) {
		at[3] = 0;
		return text_of(
			arena_printf(a, "%s", inet_ntop(AF_INET, at, out, sizeof out)));
	}
	if (inet_pton(AF_INET6, ip, at) != 1)
		return (struct text){"", 0};
	memset(at + 6, 0, 10);
	return text_of(arena_printf(a, "%s", inet_ntop(AF_INET6, at, out, sizeof out)));
}

static bool
is_excluded(struct arena *a, const struct source_rules *r, const char *ip)
{
	char *rest;
	if (r->exclude[0] == '\0')
		return false;
	for (char *one = strtok_r(arena_printf(a, "%s", r->exclude), " ", &rest);
		one != NULL; one = strtok_r(NULL, " ", &rest))
		if (network_has(one, ip))
			return true;
	return false;
}

/* A browser says from which page it sends, a server does not: then the connection is not the visitor's. Apps say no origin either. */
static bool
is_of_visitor(const struct source_rules *r, struct text origin, bool pixel)
{
	if (strcmp(r->kind, "system") == 0)
		return false;
	return pixel || origin.n > 0 || strcmp(r->kind, "app") == 0;
}

int
admit_request(struct web *w, const struct source_rules *r, bool pixel, struct visit *out,
	struct err *e)
{
	const char *ip = w->request.ip != NULL ? w->request.ip : "";
	struct text origin = request_header(&w->request, "origin");
	*out = (struct visit){.excluded = is_excluded(w->arena, r, ip)};
	if (origin.n > 0 && !source_allows(r, origin)) {
		err_field(e, "origin", "this source takes nothing from %.*s",
			(int)(origin.n < 200 ? origin.n : 200), origin.at);
		e->code = ERR_DENIED;
		return -1;
	}
	if (!is_of_visitor(r, origin, pixel))
		return 0;
	struct text agent = request_header(&w->request, "user-agent");
	if (text_is_utf8(agent))
		out->agent = text_cut(agent, AGENT_MAX);
	if (r->ip == IP_TRUNCATED)
		out->ip = shortened(w->arena, ip);
	else if (r->ip == IP_FULL)
		out->ip = text_of(ip);
	return 0;
}

/* --- who --- */

static bool
is_signed(struct arena *a, const struct source_rules *r, const struct val *item,
	const struct val *of_batch, struct text user)
{
	const struct val *token = val_get(item, "identityToken");
	if (val_is_null(token))
		token = val_get(val_get(item, "context"), "identityToken");
	if (val_is_null(token))
		token = of_batch;
	struct text given = val_as_text(token);
	if (r->secret.n == 0 || given.n != 64 || user.n == 0)
		return false;
	return sign_same(text_of(sign_hmac_sha256(a, user, r->secret)), given);
}

static struct text
user_of(struct arena *a, const struct val *item)
{
	const struct val *v = val_get(item, "userId");
	if (v != NULL && v->kind == VAL_INT)
		return text_of(arena_printf(a, "%lld", (long long)v->i));
	return val_as_text(v);
}

static struct val
without(struct arena *a, const struct val *map, const char *const *names, size_t n)
{
	struct val out = val_map(a);
	for (size_t i = 0; i < val_len(map); i++) {
		const struct val_pair *p = &map->map->at[i];
		bool drop = false;
		for (size_t k = 0; k < n; k++)
			drop = drop || text_is(p->key, names[k]);
		if (!drop)
			val_put_key(a, &out, p->key, p->val);
	}
	return out;
}

/* Traits by the names of their fields: what may not be set is left out, whatever an SDK calls it. */
static struct val
open_traits(struct arena *a, const struct val *traits, const struct val *guarded)
{
	struct val out = val_map(a), refused;
	for (size_t i = 0; i < val_len(traits); i++) {
		const struct val_pair *p = &traits->map->at[i];
		struct val one = val_map(a);
		bool drop = false;
		val_put_key(a, &one, p->key, p->val);
		struct val fields = field_of_traits(a, &one, "", &refused);
		for (size_t k = 0; k < val_len(guarded); k++) {
			struct text name = val_as_text(&guarded->list->at[k]);
			drop = drop || text_same(p->key, name) ||
			       val_get_key(&fields, name) != NULL ||
			       field_is_called(p->key, name);
		}
		if (!drop)
			val_put_key(a, &out, p->key, p->val);
	}
	return out;
}

/* A stranger could say it: nobody is named, nothing is agreed to. */
static void
make_nameless(struct arena *a, struct val *item)
{
	static const char *const traits[] = {
		"email", "phone", "id", "userId", "external_id", "externalId"};
	static const char *const consent[] = {"consent"};
	const struct val *t = val_get(item, "traits"), *c = val_get(item, "context");
	val_put(a, item, "userId", val_null());
	if (t != NULL && t->kind == VAL_MAP) {
		struct val names = val_list(a);
		for (size_t i = 0; i < 2; i++)
			val_push(a, &names, val_text(traits[i]));
		val_push(a, &names, val_text("external_id"));
		struct val left = without(a, t, traits, sizeof traits / sizeof *traits);
		val_put(a, item, "traits", open_traits(a, &left, &names));
	}
	if (c != NULL && c->kind == VAL_MAP)
		val_put(a, item, "context", without(a, c, consent, 1));
}

/* It has done its work, and is not for the history. */
static void
drop_token(struct arena *a, struct val *item)
{
	static const char *const token[] = {"identityToken"};
	const struct val *context = val_get(item, "context");
	if (val_get(item, "identityToken") != NULL)
		val_put(a, item, "identityToken", val_null());
	if (val_get(context, "identityToken") != NULL)
		val_put(a, item, "context", without(a, context, token, 1));
}

int
admit_call(struct arena *a, const struct source_rules *r, const struct val *of_batch,
	struct val *item, struct err *e)
{
	if (item->kind != VAL_MAP)
		return 0; /* refused by whoever reads it */
	struct text user = user_of(a, item), type = val_as_text(val_get(item, "type"));
	bool is_true = is_signed(a, r, item, of_batch, user);
	const struct val *said = val_get(val_get(item, "context"), "traits");
	/* RudderStack's browser SDK says there what it knows of who identifies */
	if (text_is(type, "identify") && val_len(val_get(item, "traits")) == 0 &&
		said != NULL && said->kind == VAL_MAP)
		val_put(a, item, "traits", *said);
	drop_token(a, item);
	if (is_true || val_get(item, "signed") != NULL) /* nobody says so but we */
		val_put(a, item, "signed", val_bool(is_true));
	if (r->signed_only && !is_true) {
		if (text_is(type, "alias"))
			return err_field(e, "identityToken",
				"an alias wants the identityToken of its userId here");
		make_nameless(a, item);
	}
	const struct val *traits = val_get(item, "traits");
	if (val_len(&r->guarded) > 0 && traits != NULL && traits->kind == VAL_MAP)
		val_put(a, item, "traits", open_traits(a, traits, &r->guarded));
	mask_call(a, r, item);
	if (text_is(type, "track") &&
		plan_judge(r, text_trim(val_as_text(val_get(item, "event"))),
			val_get(item, "properties"), e) == PLAN_REFUSE)
		return -1;
	return 0;
}

struct val
admit_context(struct arena *a, const struct source_rules *r, const struct val *context)
{
	static const char *const nameless[] = {"consent", "identityToken"};
	static const char *const token[] = {"identityToken"};
	struct val left = r->signed_only ? without(a, context, nameless, 2)
					 : without(a, context, token, 1);
	mask_context(a, r, &left);
	return left;
}
