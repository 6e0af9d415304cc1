/* What a person agreed to, by channel, each with its evidence. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "event/call.h"
#include "profile/person.h"

enum { TEXT_MAX = 500, URL_MAX = 300 };

static int
root_of(struct web *w, int64_t *id, int64_t *root, struct err *e)
{
	return web_id(w, "id", id, e) < 0 ? -1
					  : web_found(person_root(w->arena, w->db,
							      w->company.id, *id, root, e),
						    e);
}

/* {text, url, at} out of what was kept: words, what a page said, or what came to POST /profiles. */
static struct val
proof_of(struct arena *a, const struct val *kept)
{
	static const char *const keys[] = {"text", "url", "at"};
	struct val v, out = val_map(a);
	struct err ignored;
	struct text t = val_as_text(kept);
	if (t.n == 0)
		return val_null();
	if (json_parse(a, (struct text){arena_text(a, t.at, t.n), t.n}, &v, &ignored) < 0 ||
		v.kind != VAL_MAP) {
		v = val_map(a);
		val_put(a, &v, "text", val_of(t));
	}
	const struct val *inner = val_get(&v, "proof");
	for (size_t i = 0; i < 3; i++) {
		const struct val *one = val_get(&v, keys[i]);
		if (val_is_null(one) && inner != NULL)
			one = inner->kind == VAL_MAP		  ? val_get(inner, keys[i])
			      : i == 0 && inner->kind == VAL_TEXT ? inner
								  : NULL;
		val_put(a, &out, keys[i],
			one != NULL && one->kind == VAL_TEXT && one->text.n > 0
				? *one
				: val_null());
	}
	return out;
}

static int
answer(struct web *w, int64_t root, struct err *e)
{
	struct val card, out = val_map(w->arena);
	if (web_found(person_card(w->arena, w->db, w->company.id, root, &card, e), e) < 0)
		return -1;
	const struct val *all = val_get(&card, "consents");
	for (size_t i = 0; i < val_len(all); i++) {
		const struct val_pair *p = &all->map->at[i];
		const struct val *source = val_get(&p->val, "source_id");
		struct val one = val_map(w->arena);
		val_put(w->arena, &one, "granted", *val_get(&p->val, "granted"));
		val_put(w->arena, &one, "at",
			api_time(w->arena, val_as_int(val_get(&p->val, "at_us"), 0)));
		val_put(w->arena, &one, "proof",
			proof_of(w->arena, val_get(&p->val, "proof")));
		val_put(w->arena, &one, "source", source != NULL ? *source : val_null());
		val_put_key(w->arena, &out, p->key, one);
	}
	api_answer(w, 200, out);
	return 0;
}

int
api_consents_get(struct web *w, struct err *e)
{
	int64_t id, root;
	return root_of(w, &id, &root, e) < 0 ? -1 : answer(w, root, e);
}

/* One channel of the body as event_consents takes it, {granted, text, url, at}; *at_us 0 when it does not say. */
static int
read_one(struct web *w, struct text channel, const struct val *in, struct val *out,
	int64_t *at_us, struct err *e)
{
	struct arena *a = w->arena;
	const struct val *granted = val_get(in, "granted"), *proof = val_get(in, "proof");
	struct text said = val_as_text(val_is_null(proof) || proof->kind == VAL_TEXT
					       ? proof
					       : val_get(proof, "text")),
		    url = val_as_text(val_get(proof, "url")),
		    at = val_as_text(val_get(proof, "at"));
	const char *field = arena_printf(
		a, "%.*s", (int)(channel.n < 30 ? channel.n : 30), channel.at);
	*at_us = 0;
	if (in->kind != VAL_MAP || granted == NULL || granted->kind != VAL_BOOL)
		return err_field(e, field,
			"a consent is {\"granted\": true or false, \"proof\": {\"text\", "
			"\"url\", \"at\"}}");
	if (granted->b && text_trim(said).n == 0)
		return err_field(e, field,
			"a consent that is given needs proof.text: the words the person "
			"agreed to, or where the paper is");
	if (text_length(said) > TEXT_MAX || url.n > URL_MAX)
		return err_field(e, field,
			"proof.text has at most %d characters, proof.url %d", TEXT_MAX,
			URL_MAX);
	if (at.n > 0 && (time_parse(at, at_us) != 1 || *at_us > time_now_us()))
		return err_field(
			e, field, "proof.at is a time that was, like 2026-11-21T14:32:07Z");
	*out = val_map(a);
	val_put(a, out, "granted", *granted);
	val_put(a, out, "text", val_of(said));
	if (url.n > 0)
		val_put(a, out, "url", val_of(url));
	if (at.n > 0)
		val_put(a, out, "at", val_of(at));
	return 0;
}

int
api_consents_put(struct web *w, struct err *e)
{
	struct val body, by_channel = val_map(w->arena), one;
	int64_t id, root, now = time_now_us();
	if (root_of(w, &id, &root, e) < 0 || web_json(w, &body, e) < 0)
		return -1;
	size_t n = val_len(&body);
	if (body.kind != VAL_MAP || n == 0)
		return err_set(e, ERR_INPUT,
			"the body is an object of consents by channel: email, sms, push…");
	int64_t *at_us = arena_array(w->arena, n, sizeof *at_us);
	for (size_t i = 0; i < n; i++) {
		const struct val_pair *p = &body.map->at[i];
		if (read_one(w, p->key, &p->val, &one, &at_us[i], e) < 0)
			return -1;
		val_put_key(w->arena, &by_channel, p->key, one);
	}
	struct arrival r = {.company_id = w->company.id,
		.type = text_of("identify"),
		.props = val_map(w->arena),
		.at_us = now,
		.received_at_us = now,
		.dedup = id_make(),
		.who = {.node_id = id, .values = true}};
	struct applied done;
	if (event_consents(w->arena, &by_channel, &r.consents, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (at_us[i] != 0)
			val_put(w->arena, &r.consents.list->at[i], "at_us",
				val_int(at_us[i]));
	if (event_apply(w->arena, w->db, api_types(), &r, 1, &done, NULL, NULL, e) < 0)
		return -1;
	if (done.state == APPLIED_NOBODY || done.state == APPLIED_ERASED)
		return err_set(e, ERR_MISSING, "no such profile");
	return answer(w, done.person_id, e);
}
