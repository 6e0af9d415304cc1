/* Values and consents of a crowd: what counts for a person is composed from what its nodes were told. */
#include "profile/crowd_parts.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

#include <string.h>

/* Newer wins; at the same instant the larger text, so that the order of arrival does not matter. */
static bool
beats(int64_t at_us, struct text json, const struct value *old)
{
	if (at_us != old->at_us)
		return at_us > old->at_us;
	size_t n = json.n < old->json.n ? json.n : old->json.n;
	int order = memcmp(json.at, old->json.at, n);
	return order != 0 ? order > 0 : json.n > old->json.n;
}

void
crowd_set_value(struct crowd *c, int64_t node, struct text field, const struct val *v,
	int64_t at_us, int64_t source_id, int64_t user_id)
{
	struct text json = json_text(c->arena, v);
	struct value *old = c->nodes[node].values;
	while (old != NULL && !text_same(old->field, field))
		old = old->before;
	if (old != NULL && !beats(at_us, json, old))
		return;
	if (old == NULL) {
		old = arena_alloc(c->arena, sizeof *old);
		old->before = c->nodes[node].values;
		c->nodes[node].values = old;
	}
	*old = (struct value){.before = old->before,
		.field = field,
		.v = *v,
		.json = json,
		.at_us = at_us,
		.source_id = source_id,
		.user_id = user_id,
		.changed = true};
}

/* The winning value of each field over all nodes of the root. */
static struct val
composed(struct crowd *c, int64_t root)
{
	struct val best = val_map(c->arena); /* field to a pointer's index in winners */
	struct val fields = val_map(c->arena);
	const struct value **winners = NULL;
	size_t n = 0, cap = 0;
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next) {
		for (const struct value *v = c->nodes[i].values; v != NULL; v = v->before) {
			const struct val *held = val_get_key(&best, v->field);
			if (held != NULL) {
				if (beats(v->at_us, v->json, winners[held->i]))
					winners[held->i] = v;
				continue;
			}
			winners = arena_room(c->arena, winners, n, &cap, sizeof *winners);
			winners[n] = v;
			val_put_key(c->arena, &best, v->field, val_int((int64_t)n++));
		}
	}
	for (size_t i = 0; i < n; i++)
		if (winners[i]->v.kind != VAL_NULL)
			val_put_key(c->arena, &fields, winners[i]->field, winners[i]->v);
	return fields;
}

static void
push_change(struct crowd *c, struct val *changes, struct text field, const struct val *old,
	const struct val *new)
{
	struct val change = val_map(c->arena);
	val_put(c->arena, &change, "field", val_of(field));
	val_put(c->arena, &change, "old", old != NULL ? *old : val_null());
	val_put(c->arena, &change, "new", new != NULL ? *new : val_null());
	val_push(c->arena, changes, change);
}

struct val
crowd_compose(struct crowd *c, int64_t node, int64_t at_us)
{
	struct val changes = val_list(c->arena);
	struct person *p = &crowd_root(c, node)->person;
	if (!p->values_loaded)
		return changes;
	struct val old = p->fields, new = composed(c, c->nodes[node].root);
	for (size_t i = 0; i < val_len(&new); i++) {
		const struct val_pair *f = &new.map->at[i];
		const struct val *before = val_get_key(&old, f->key);
		if (!val_same(before, &f->val))
			push_change(c, &changes, f->key, before, &f->val);
	}
	for (size_t i = 0; i < val_len(&old); i++)
		if (val_get_key(&new, old.map->at[i].key) == NULL)
			push_change(
				c, &changes, old.map->at[i].key, &old.map->at[i].val, NULL);
	if (val_len(&changes) > 0) {
		p->fields = new;
		p->changed = true;
		if (at_us > p->updated_at_us)
			p->updated_at_us = at_us;
	}
	return changes;
}

/* -1 never asked, 0 no, 1 yes: the most restrictive of the nodes. */
static int
consent_of(const struct crowd *c, int64_t root, struct text channel)
{
	int said = -1;
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next) {
		for (const struct agreed *g = c->nodes[i].consents; g != NULL;
			g = g->before)
			if (text_same(g->channel, channel) && said != 0)
				said = g->granted;
	}
	return said;
}

bool
crowd_set_consent(struct crowd *c, int64_t node, struct text channel, bool granted,
	int64_t at_us, int64_t source_id, struct text proof)
{
	int64_t root = c->nodes[node].root;
	int before = consent_of(c, root, channel);
	struct agreed *old = c->nodes[node].consents;
	while (old != NULL && !text_same(old->channel, channel))
		old = old->before;
	if (old != NULL && (at_us < old->at_us || (at_us == old->at_us && !old->granted)))
		return false;
	if (old == NULL) {
		old = arena_alloc(c->arena, sizeof *old);
		old->before = c->nodes[node].consents;
		c->nodes[node].consents = old;
	}
	*old = (struct agreed){.before = old->before,
		.channel = channel,
		.proof = text_cut(proof, 1000),
		.granted = granted,
		.changed = true,
		.at_us = at_us,
		.source_id = source_id};
	return consent_of(c, root, channel) != before;
}
