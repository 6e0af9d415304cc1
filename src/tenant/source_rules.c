/* See source_rules.h. */
#include "tenant/source_rules.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"
#include "tenant/key.h"

#include <string.h>

enum { SECRET_CHARS = 43, LIST_MAX = 100, WORD_MAX = 200 };
static const char purpose[] = "identity";

const char *const source_masks[] = {"token", "access_token", "email", "e-mail", "mail",
	"phone", "tel", "password", "passwd", "pwd", "pass", "secret", "code", "auth",
	"api_key", "apikey", "session", "sid", "otp", "card", "signature", "sig"};
const size_t source_masks_n = sizeof source_masks / sizeof *source_masks;

const struct source_tag_event source_tag_events[] = {{"page", true}, {"session", true},
	{"click", true}, {"outbound", true}, {"download", true}, {"scroll", true},
	{"form", true}, {"form_abandon", false}, {"video", true}, {"search", true},
	{"ecommerce", true}, {"not_found", true}, {"rage_click", true}, {"time", true},
	{"copy", true}};
const size_t source_tag_events_n = sizeof source_tag_events / sizeof *source_tag_events;

static const char *const consents[] = {"full", "anonymous", "none"};
static const char *const ips[] = {"full", "truncated", "none"};
static const char *const verdicts[] = {"take", "quarantine", "refuse"};
static const char *const types[] = {"text", "number", "bool", "list", "map", "any"};

/* --- reading --- */

static int
word_of(const struct val *v, const char *const *words, size_t n, int otherwise)
{
	for (size_t i = 0; i < n; i++)
		if (text_is(val_as_text(v), words[i]))
			return (int)i;
	return otherwise;
}

static struct val
list_or(struct arena *a, const struct val *v, const char *const *otherwise, size_t n)
{
	if (v != NULL && v->kind == VAL_LIST)
		return *v;
	struct val list = val_list(a);
	for (size_t i = 0; i < n; i++)
		val_push(a, &list, val_text(otherwise[i]));
	return list;
}

static struct val
map_or_empty(struct arena *a, const struct val *v)
{
	return v != NULL && v->kind == VAL_MAP ? *v : val_map(a);
}

static struct val
events_of(struct arena *a, const struct val *v)
{
	struct val events = val_map(a);
	for (size_t i = 0; i < source_tag_events_n; i++) {
		const struct source_tag_event *t = &source_tag_events[i];
		val_put(a, &events, t->name,
			val_bool(val_as_bool(val_get(v, t->name), t->on)));
	}
	return events;
}

static void
read_map(struct arena *a, const struct val *m, struct source_rules *r)
{
	r->consent = consents[word_of(val_get(m, "consent"), consents, 3, 0)];
	r->respect_dnt = val_as_bool(val_get(m, "respect_dnt"), false);
	r->ip = (enum source_ip)word_of(val_get(m, "ip"), ips, 3, IP_TRUNCATED);
	r->mask = list_or(a, val_get(m, "mask"), source_masks, source_masks_n);
	r->mask_values = val_as_bool(val_get(m, "mask_values"), true);
	r->origins = list_or(a, val_get(m, "origins"), NULL, 0);
	r->exclude = val_as_z(a, val_get(m, "exclude"));
	r->exclude_flags = val_as_bool(val_get(m, "exclude_flags"), false);
	r->guarded = list_or(a, val_get(m, "protected"), NULL, 0);
	r->signed_only = text_is(val_as_text(val_get(m, "identity")), "signed");
	r->events = events_of(a, val_get(m, "events"));
	r->plan = map_or_empty(a, val_get(m, "plan"));
	r->on_event = (enum plan_verdict)word_of(val_get(m, "on_event"), verdicts, 3, 0);
	r->on_property = (enum plan_verdict)word_of(
		val_get(m, "on_property"), verdicts, 3, 0);
	r->on_type = (enum plan_verdict)word_of(val_get(m, "on_type"), verdicts, 3, 0);
}

static struct text
secret_context(struct arena *a, int64_t source_id)
{
	return text_of(arena_printf(a, "source %lld", (long long)source_id));
}

void
source_rules_read(struct arena *a, int64_t company_id, int64_t source_id, const char *kind,
	struct text rules, struct text secret, struct source_rules *out)
{
	struct val m = val_null();
	struct err ignored;
	*out = (struct source_rules){.kind = kind};
	if (rules.n > 0 && json_parse(a, rules, &m, &ignored) < 0)
		m = val_null();
	read_map(a, &m, out);
	if (secret.n == 0 || sign_open(a, company_id, purpose, secret_context(a, source_id),
				     secret, &out->secret) != 1)
		out->secret = (struct text){"", 0};
}

static int
find_row(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *row, struct err *e)
{
	return db_row(a, db, QUERY_SOURCE_RULES,
		DB_ARGS(val_int(company_id), val_int(source_id)), row, e);
}

int
source_rules_find(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct source_rules *out, struct err *e)
{
	struct val row;
	int found = find_row(a, db, company_id, source_id, &row, e);
	if (found == 1)
		source_rules_read(a, company_id, source_id, row_z(a, &row, 0),
			row_text(&row, 1), row_text(&row, 2), out);
	return found;
}

struct val
source_rules_map(struct arena *a, const struct source_rules *r)
{
	struct val m = val_map(a);
	val_put(a, &m, "consent", val_text(r->consent));
	val_put(a, &m, "respect_dnt", val_bool(r->respect_dnt));
	val_put(a, &m, "ip", val_text(ips[r->ip]));
	val_put(a, &m, "mask", r->mask);
	val_put(a, &m, "mask_values", val_bool(r->mask_values));
	val_put(a, &m, "origins", r->origins);
	val_put(a, &m, "exclude", val_text(r->exclude));
	val_put(a, &m, "exclude_flags", val_bool(r->exclude_flags));
	val_put(a, &m, "protected", r->guarded);
	val_put(a, &m, "identity", val_text(r->signed_only ? "signed" : "open"));
	val_put(a, &m, "events", r->events);
	val_put(a, &m, "plan", r->plan);
	val_put(a, &m, "on_event", val_text(verdicts[r->on_event]));
	val_put(a, &m, "on_property", val_text(verdicts[r->on_property]));
	val_put(a, &m, "on_type", val_text(verdicts[r->on_type]));
	return m;
}

/* --- checking --- */

static int
check_word(const struct val *change, const char *name, const char *const *words, size_t n,
	const char *expected, struct err *e)
{
	const struct val *v = val_get(change, name);
	if (v == NULL || word_of(v, words, n, -1) >= 0)
		return 0;
	struct text t = val_as_text(v);
	return err_field(e, name, "%s is %s, not \"%.*s\"", name, expected,
		(int)(t.n < 40 ? t.n : 40), t.at);
}

static int
check_list(const struct val *change, const char *name, struct err *e)
{
	const struct val *v = val_get(change, name);
	if (v == NULL)
		return 0;
	if (v->kind != VAL_LIST || val_len(v) > LIST_MAX)
		return err_field(
			e, name, "%s is a list of at most %d texts", name, LIST_MAX);
	for (size_t i = 0; i < val_len(v); i++) {
		struct text t = val_as_text(&v->list->at[i]);
		if (t.n == 0 || t.n > WORD_MAX)
			return err_field(
				e, name, "%s has texts of 1 to %d bytes", name, WORD_MAX);
	}
	return 0;
}

static int
check_origins(const struct val *change, struct err *e)
{
	const struct val *v = val_get(change, "origins");
	for (size_t i = 0; i < val_len(v); i++) {
		struct text t = val_as_text(&v->list->at[i]);
		size_t skip = text_starts(t, "https://")  ? 8
			      : text_starts(t, "http://") ? 7
							  : 0;
		struct text host = {t.at + skip, t.n - skip};
		if (skip == 0 || host.n == 0 || memchr(host.at, '/', host.n) != NULL ||
			memchr(host.at, ' ', host.n) != NULL)
			return err_field(e, "origins",
				"an origin is like https://shop.example, without a path, "
				"not \"%.*s\"",
				(int)(t.n < 60 ? t.n : 60), t.at);
	}
	return 0;
}

static int
check_planned(struct text event, const struct val *properties, struct err *e)
{
	if (event.n == 0 || event.n > 100 || properties->kind != VAL_MAP ||
		val_len(properties) > PLAN_PROPERTIES_MAX)
		return err_field(e, "plan",
			"an event of the plan has a name of 1 to 100 bytes and at most %d "
			"properties",
			PLAN_PROPERTIES_MAX);
	for (size_t i = 0; i < val_len(properties); i++) {
		struct val_pair *p = &properties->map->at[i];
		struct text type = val_as_text(&p->val);
		if (type.n > 0 && type.at[type.n - 1] == '!')
			type.n--;
		struct val bare = val_of(type);
		if (word_of(&bare, types, sizeof types / sizeof *types, -1) < 0)
			return err_field(e, "plan",
				"\"%.*s\": a property is text, number, bool, list, map or "
				"any (with ! it must come), not \"%.*s\"",
				(int)(p->key.n < 60 ? p->key.n : 60), p->key.at,
				(int)(type.n < 40 ? type.n : 40), type.at);
	}
	return 0;
}

static int
check_plan(const struct val *change, struct err *e)
{
	const struct val *plan = val_get(change, "plan");
	if (plan == NULL)
		return 0;
	if (plan->kind != VAL_MAP || val_len(plan) > PLAN_EVENTS_MAX)
		return err_field(
			e, "plan", "a plan has at most %d events", PLAN_EVENTS_MAX);
	for (size_t i = 0; i < val_len(plan); i++)
		if (check_planned(plan->map->at[i].key, &plan->map->at[i].val, e) < 0)
			return -1;
	return 0;
}

static int
check(struct arena *a, struct val *change, struct err *e)
{
	const char *networks;
	static const char *const lists[] = {"mask", "origins", "protected"};
	static const char *const unknown[] = {"on_event", "on_property", "on_type"};
	static const char *const ways[] = {"open", "signed"};
	for (size_t i = 0; i < 3; i++)
		if (check_list(change, lists[i], e) < 0 ||
			check_word(change, unknown[i], verdicts, 3,
				"take, quarantine or refuse", e) < 0)
			return -1;
	if (check_word(change, "consent", consents, 3, "full, anonymous or none", e) < 0 ||
		check_word(change, "ip", ips, 3, "full, truncated or none", e) < 0 ||
		check_word(change, "identity", ways, 2, "open or signed", e) < 0 ||
		check_origins(change, e) < 0 || check_plan(change, e) < 0)
		return -1;
	if (val_get(change, "exclude") == NULL)
		return 0;
	if (networks_read(a, val_as_text(val_get(change, "exclude")), &networks, e) < 0) {
		snprintf(e->field, sizeof e->field, "exclude");
		return -1;
	}
	val_put(a, change, "exclude", val_text(networks));
	return 0;
}

int
source_rules_put(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	const struct val *change, const char *secret, struct err *e)
{
	struct val row, new = val_copy(a, change), all;
	struct source_rules r;
	if (check(a, &new, e) < 0)
		return -1;
	int found = find_row(a, db, company_id, source_id, &row, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such source");
	source_rules_read(
		a, company_id, source_id, "", row_text(&row, 1), row_text(&row, 2), &r);
	all = source_rules_map(a, &r);
	for (size_t i = 0; i < val_len(&new); i++)
		val_put_key(a, &all, new.map->at[i].key, new.map->at[i].val);
	read_map(a, &all, &r); /* only what it knows */
	all = source_rules_map(a, &r);
	struct text json = json_text(a, &all), sealed = row_text(&row, 2);
	if (json.n > SOURCE_RULES_MAX)
		return err_set(e, ERR_INPUT,
			"the rules have %zu bytes, at most %d are kept", json.n,
			SOURCE_RULES_MAX);
	if (secret != NULL && strcmp(secret, "make") == 0)
		sealed = text_of(
			sign_seal(a, company_id, purpose, secret_context(a, source_id),
				text_of(sign_token(a, SECRET_CHARS))));
	else if (secret != NULL)
		sealed = (struct text){"", 0};
	if (r.signed_only && sealed.n == 0)
		return err_field(
			e, "identity", "signed identities want a secret: make one first");
	return db_exec(db, QUERY_SOURCE_RULES_PUT,
		DB_ARGS(val_int(company_id), val_int(source_id), val_of(json),
			val_of(sealed), val_int(time_now_us())),
		NULL, e);
}

/* --- using --- */

/* A star for the first labels of the host: any host below the rest. */
static bool
origin_is(struct text origin, struct text allowed)
{
	const char *star = memmem(allowed.at, allowed.n, "://*.", 5);
	if (star == NULL)
		return text_same(origin, allowed);
	size_t scheme = (size_t)(star - allowed.at) + 3;
	struct text tail = {star + 4, allowed.n - scheme - 1};
	return origin.n > scheme + tail.n && memcmp(origin.at, allowed.at, scheme) == 0 &&
	       memcmp(origin.at + origin.n - tail.n, tail.at, tail.n) == 0;
}

bool
source_allows(const struct source_rules *r, struct text origin)
{
	for (size_t i = 0; i < val_len(&r->origins); i++)
		if (origin_is(origin, val_as_text(&r->origins.list->at[i])))
			return true;
	return val_len(&r->origins) == 0;
}
