/* Values and consents of a crowd: what counts for a person is composed from what its nodes were told. */
#include "profile/crowd_parts.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

static int
compare(struct text x, struct text y)
{
	int order = memcmp(x.at, y.at, x.n < y.n ? x.n : y.n);
	return order != 0 ? order : (x.n > y.n) - (x.n < y.n);
}

/* Newer wins; at the same instant the larger text, so that the order of arrival does not matter. */
static bool
beats(int64_t at_us, struct text json, const struct value *old)
{
	return at_us != old->at_us ? at_us > old->at_us : compare(json, old->json) > 0;
}

static void
keep_value(struct crowd *c, int64_t node, struct text field, int64_t at_us,
	const struct value *old)
{
	struct arena *a = c->arena;
	if (c->batch_id == 0 || (old != NULL && old->at_us == at_us))
		return; /* what is of this instant is of this batch */
	struct val body = val_map(a), before = val_map(a);
	if (old != NULL) {
		val_put(a, &before, "value", old->v);
		val_put(a, &before, "at", val_int(old->at_us));
		val_put(a, &before, "source", val_id(a, old->source_id));
		val_put(a, &before, "user", val_id(a, old->user_id));
	}
	val_put(a, &body, "at", val_int(at_us));
	val_put(a, &body, "old", old != NULL ? before : val_null());
	crowd_keep(c, node, "value", field, &body);
}

void
crowd_set_value(struct crowd *c, int64_t node, struct text field, const struct val *v,
	int64_t at_us, int64_t source_id, int64_t user_id)
{
	struct text json = json_text(c->arena, v);
	struct value *old = c->nodes[node].values;
	while (old != NULL && !text_same(old->field, field))
		old = old->before;
	/* rows of one batch come in their order, once: the last one counts */
	bool again = old != NULL && c->batch_id != 0 && old->at_us == at_us;
	if (old != NULL && !old->gone && !again && !beats(at_us, json, old))
		return;
	keep_value(c, node, field, at_us, old);
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

/* How trusted a source is: its place in the list, behind all that are in it otherwise. */
static size_t
place_of(const struct val *sources, int64_t source_id)
{
	for (size_t i = 0; i < val_len(sources); i++)
		if (val_as_int(&sources->list->at[i], 0) == source_id)
			return i;
	return val_len(sources);
}

/* Whether a value counts rather than the one held so far, by the field's rule. Whatever the order they are looked at. */
static bool
counts_more(enum survive rule, const struct val *sources, const struct value *v,
	const struct value *held)
{
	bool is_newer = beats(v->at_us, v->json, held);
	if (rule == SURVIVE_OLDEST)
		return v->at_us != held->at_us ? v->at_us < held->at_us : is_newer;
	if (rule == SURVIVE_LONGEST && v->json.n != held->json.n)
		return v->json.n > held->json.n;
	if (rule == SURVIVE_SOURCE) {
		size_t mine = place_of(sources, v->source_id),
		       theirs = place_of(sources, held->source_id);
		if (mine != theirs)
			return mine < theirs;
	}
	return is_newer;
}

static int
by_text(const void *x, const void *y)
{
	return compare(((const struct val *)x)->text, ((const struct val *)y)->text);
}

/* All values of a field at the nodes of a root as one list, each item once, in the order of their texts. */
static struct val
united(struct crowd *c, int64_t root, struct text field)
{
	struct val items = val_list(c->arena), out = val_list(c->arena);
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next)
		for (const struct value *v = c->nodes[i].values; v != NULL; v = v->before) {
			if (v->gone || !text_same(v->field, field) || v->v.kind == VAL_NULL)
				continue;
			size_t n = v->v.kind == VAL_LIST ? val_len(&v->v) : 1;
			for (size_t k = 0; k < n; k++) {
				const struct val *item =
					v->v.kind == VAL_LIST ? &v->v.list->at[k] : &v->v;
				val_push(c->arena, &items,
					item->kind == VAL_TEXT
						? *item
						: val_of(json_text(c->arena, item)));
			}
		}
	qsort(items.list->at, items.list->n, sizeof(struct val), by_text);
	for (size_t i = 0; i < val_len(&items); i++)
		if (i == 0 ||
			!text_same(items.list->at[i].text, items.list->at[i - 1].text))
			val_push(c->arena, &out, items.list->at[i]);
	return out;
}

/* The value of each field that counts, over all nodes of the root. */
static struct val
composed(struct crowd *c, int64_t root)
{
	struct val best = val_map(c->arena); /* field to a pointer's index in winners */
	struct val fields = val_map(c->arena);
	const struct value **winners = NULL;
	size_t n = 0, cap = 0;
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next) {
		for (const struct value *v = c->nodes[i].values; v != NULL; v = v->before) {
			const struct val *held = val_get_key(&best, v->field), *sources;
			if (v->gone)
				continue;
			if (held != NULL) {
				enum survive rule = unify_field(
					&c->unify, v->field, &sources);
				if (counts_more(rule, sources, v, winners[held->i]))
					winners[held->i] = v;
				continue;
			}
			winners = arena_room(c->arena, winners, n, &cap, sizeof *winners);
			winners[n] = v;
			val_put_key(c->arena, &best, v->field, val_int((int64_t)n++));
		}
	}
	for (size_t i = 0; i < n; i++) {
		const struct val *sources;
		struct text field = winners[i]->field;
		if (winners[i]->v.kind == VAL_NULL)
			continue;
		val_put_key(c->arena, &fields, field,
			unify_field(&c->unify, field, &sources) == SURVIVE_UNION
				? united(c, root, field)
				: winners[i]->v);
	}
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

/* One step in the history of what persons agreed to: something said at a node, or a node's branch joining another. */
struct step {
	int64_t at_us;
	int64_t node, into; /* handles; into NOBODY: a statement */
	const struct agreed *said;
};

static int
by_time(const void *x, const void *y)
{
	const struct step *a = x, *b = y;
	if (a->at_us != b->at_us)
		return (a->at_us > b->at_us) - (a->at_us < b->at_us);
	if ((a->into == NOBODY) != (b->into == NOBODY))
		return a->into == NOBODY
			       ? 1
			       : -1; /* who joins and says it at once says it as the joined one */
	if (a->node != b->node)
		return (a->node > b->node) - (a->node < b->node);
	return a->said != NULL && b->said != NULL
		       ? (int)b->said->granted - (int)a->said->granted
		       : 0;
}

/* What counts on a channel: each statement replaces the one before of the same person; where two persons become one, the stricter of
 * the two stays until something newer is said. -1 never asked, 0 no, 1 yes. */
static int
consent_of(const struct crowd *c, int64_t root, struct text channel)
{
	size_t n = 0, said_n = 0, steps = 0;
	const struct agreed *only = NULL;
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next, n++)
		for (const struct agreed *g = c->nodes[i].consents; g != NULL;
			g = g->before)
			if (!g->gone && text_same(g->channel, channel)) {
				only = g;
				said_n++;
			}
	if (said_n < 2)
		return only != NULL ? only->granted : -1;
	struct step *step = arena_array(c->arena, n + said_n, sizeof *step);
	int64_t *tops = arena_array(c->arena, c->node_n, sizeof *tops);
	int *state = arena_array(c->arena, c->node_n, sizeof *state);
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next) {
		tops[i] = i;
		state[i] = -1;
		if (c->nodes[i].parent_id != 0)
			step[steps++] = (struct step){c->nodes[i].joined_at_us, i,
				dict_find_id(c->node_ids, c->nodes[i].parent_id), NULL};
		for (const struct agreed *g = c->nodes[i].consents; g != NULL;
			g = g->before)
			if (!g->gone && text_same(g->channel, channel))
				step[steps++] = (struct step){g->at_us, i, NOBODY, g};
	}
	qsort(step, steps, sizeof *step, by_time);
	for (size_t k = 0; k < steps; k++) {
		int64_t at = step[k].node, into = step[k].into;
		while (tops[at] != at)
			at = tops[at];
		if (into == NOBODY) {
			state[at] = step[k].said->granted;
			continue;
		}
		while (tops[into] != into)
			into = tops[into];
		if (into == at)
			continue;
		tops[at] = into;
		if (state[at] == 0 || state[into] < 0)
			state[into] = state[at];
	}
	return state[root];
}

struct val
crowd_agree(struct crowd *c, int64_t root)
{
	struct val out = val_map(c->arena);
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next)
		for (const struct agreed *g = c->nodes[i].consents; g != NULL;
			g = g->before)
			if (!g->gone && val_get_key(&out, g->channel) == NULL)
				val_put_key(c->arena, &out, g->channel,
					val_bool(consent_of(c, root, g->channel) == 1));
	return out;
}

static void
keep_consent(struct crowd *c, int64_t node, struct text channel, int64_t at_us,
	const struct agreed *old)
{
	struct arena *a = c->arena;
	if (c->batch_id == 0)
		return;
	struct val body = val_map(a), before = val_map(a);
	if (old != NULL) {
		val_put(a, &before, "granted", val_bool(old->granted));
		val_put(a, &before, "proof", val_of(old->proof));
		val_put(a, &before, "at", val_int(old->at_us));
		val_put(a, &before, "source", val_id(a, old->source_id));
	}
	val_put(a, &body, "at", val_int(at_us));
	val_put(a, &body, "old", old != NULL ? before : val_null());
	crowd_keep(c, node, "consent", channel, &body);
}

/* Who only says so himself changes nothing for a person the company vouches for; elsewhere he may say no, and yes where nothing was said. */
static bool
may_say(const struct crowd *c, int64_t root, int before, bool granted, struct text proof)
{
	if (c->batch_id != 0 && granted && text_trim(proof).n == 0)
		return false;
	if (c->trusted)
		return true;
	return !c->nodes[root].person.vouched && (!granted || before < 0);
}

bool
crowd_set_consent(struct crowd *c, int64_t node, struct text channel, bool granted,
	int64_t at_us, int64_t source_id, struct text proof)
{
	int64_t root = c->nodes[node].root;
	int before = consent_of(c, root, channel);
	struct agreed *old = c->nodes[node].consents;
	if (!may_say(c, root, before, granted, proof))
		return false;
	while (old != NULL && !text_same(old->channel, channel))
		old = old->before;
	if (old != NULL && !old->gone &&
		(at_us < old->at_us || (at_us == old->at_us && !old->granted)))
		return false;
	keep_consent(c, node, channel, at_us, old);
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
	c->nodes[root].person.changed = true;
	return consent_of(c, root, channel) != before;
}
