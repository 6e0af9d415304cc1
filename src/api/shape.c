/* A profile as the API shows it. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "profile/interest.h"
#include "profile/person.h"
#include "segment/store.h"

static struct val
segments_of(struct arena *a, const struct val *in)
{
	struct val list = val_list(a);
	for (size_t i = 0; i < val_len(in); i++) {
		struct val one = val_map(a);
		val_put(a, &one, "id", *val_get(&in->list->at[i], "id"));
		val_put(a, &one, "name", *val_get(&in->list->at[i], "name"));
		val_put(a, &one, "since",
			api_time(a, val_as_int(val_get(&in->list->at[i], "since_us"), 0)));
		val_push(a, &list, one);
	}
	return list;
}

/* What was kept as evidence: words, or the consent as it came. */
static struct val
proof_of(struct arena *a, const struct val *kept)
{
	struct err ignored;
	struct val v;
	struct text t = val_as_text(kept);
	if (kept == NULL)
		return val_null();
	if (json_parse(a, (struct text){arena_text(a, t.at, t.n), t.n}, &v, &ignored) < 0 ||
		v.kind != VAL_MAP)
		return *kept;
	const struct val *words = val_get(&v, "proof");
	return val_is_null(words) ? v : *words;
}

/* {channel: {granted, at, proof}} */
static struct val
consents_of(struct arena *a, const struct val *stored)
{
	struct val out = val_map(a);
	for (size_t i = 0; i < val_len(stored); i++) {
		const struct val_pair *p = &stored->map->at[i];
		struct val one = val_map(a);
		val_put(a, &one, "granted", *val_get(&p->val, "granted"));
		val_put(a, &one, "at",
			api_time(a, val_as_int(val_get(&p->val, "at_us"), 0)));
		val_put(a, &one, "proof", proof_of(a, val_get(&p->val, "proof")));
		val_put_key(a, &out, p->key, one);
	}
	return out;
}

enum { INTERESTS_SHOWN = 20 };

static struct val
profile_shape(struct arena *a, const struct val *card, const struct val *segments)
{
	static const char *const kept[] = {"id", "external_id", "email", "phone", "fields"};
	static const char *const times[][2] = {{"created_at", "created_at_us"},
		{"updated_at", "updated_at_us"}, {"first_seen_at", "first_seen_at_us"},
		{"last_seen_at", "last_seen_at_us"}};
	struct val out = val_map(a);
	for (size_t i = 0; i < 5; i++)
		val_put(a, &out, kept[i], *val_get(card, kept[i]));
	val_put(a, &out, "segments", segments_of(a, segments));
	val_put(a, &out, "identities", *val_get(card, "identities"));
	val_put(a, &out, "consent", consents_of(a, val_get(card, "consents")));
	for (size_t i = 0; i < 4; i++)
		val_put(a, &out, times[i][0],
			api_time(a, val_as_int(val_get(card, times[i][1]), 0)));
	if (val_get(card, "interests") != NULL)
		val_put(a, &out, "interests", *val_get(card, "interests"));
	val_put(a, &out, "merged", *val_get(card, "merged"));
	return out;
}

int
api_profiles(struct web *w, const struct val *ids, struct val *list, struct err *e)
{
	size_t n = val_len(ids);
	int64_t *roots = arena_array(w->arena, n, sizeof *roots);
	struct val cards, segments;
	for (size_t i = 0; i < n; i++)
		roots[i] = val_as_int(&ids->list->at[i], 0);
	if (person_cards(w->arena, w->db, w->company.id, roots, n, &cards, e) < 0 ||
		segment_of_persons(w->arena, w->db, w->company.id, roots, n, &segments, e) <
			0)
		return -1;
	*list = val_list(w->arena);
	if (n == 1 && cards.list->at[0].kind ==
			      VAL_MAP) { /* of many the field "interests" tells */
		struct val interests;
		if (interest_of(w->arena, w->db, w->company.id, roots[0], INTERESTS_SHOWN,
			    &interests, e) < 0)
			return -1;
		val_put(w->arena, &cards.list->at[0], "interests", interests);
	}
	for (size_t i = 0; i < n; i++)
		if (cards.list->at[i].kind == VAL_MAP)
			val_push(w->arena, list,
				profile_shape(w->arena, &cards.list->at[i],
					&segments.list->at[i]));
	return 0;
}
