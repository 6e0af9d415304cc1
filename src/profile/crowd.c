/* See crowd.h: who is who. Values and consents are in crowd_value.c, reading and writing in crowd_store.c. */
#include "profile/crowd.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "profile/crowd_parts.h"

#include <string.h>

struct crowd *
crowd_new(struct arena *a, int64_t company_id)
{
	struct crowd *c = arena_alloc(a, sizeof *c);
	c->arena = a;
	c->company_id = company_id;
	c->idents = dict_new();
	arena_defer(a, (void (*)(void *))dict_free, c->idents);
	c->node_ids = dict_new();
	arena_defer(a, (void (*)(void *))dict_free, c->node_ids);
	return c;
}

/* The chain that begins at from goes behind the chain of a root. */
static void
put_under(struct crowd *c, int64_t from, int64_t root)
{
	c->nodes[c->nodes[root].last].next = from;
	c->nodes[root].last = c->nodes[from].last;
	for (int64_t i = from; i != NOBODY; i = c->nodes[i].next)
		c->nodes[i].root = root;
}

void
crowd_regroup(struct crowd *c, int64_t root)
{
	size_t n = 0;
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next)
		n++;
	int64_t *all = arena_array(c->arena, n, sizeof *all), k = 0;
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next)
		all[k++] = i;
	for (size_t i = 0; i < n; i++) {
		struct node *node = &c->nodes[all[i]];
		node->next = NOBODY;
		node->last = all[i];
	}
	for (size_t i = 0; i < n; i++) {
		int64_t top = all[i];
		for (size_t hops = 0; c->nodes[top].parent_id != 0 && hops < n; hops++)
			top = dict_find_id(c->node_ids, c->nodes[top].parent_id);
		c->nodes[all[i]].changed = c->nodes[all[i]].changed ||
					   c->nodes[all[i]].root != top;
		c->nodes[all[i]].root = top;
		if (top != all[i])
			put_under(c, all[i], top);
	}
}

int64_t
crowd_add_node(struct crowd *c, int64_t id, int64_t root_id)
{
	bool added;
	int64_t at = dict_put_id(c->node_ids, id, &added);
	if (!added)
		return at;
	c->nodes = arena_room(
		c->arena, c->nodes, c->node_n, &c->node_cap, sizeof *c->nodes);
	c->nodes[c->node_n++] = (struct node){
		.id = id, .root = at, .next = NOBODY, .last = at};
	if (root_id != id)
		put_under(c, at, crowd_add_node(c, root_id, root_id));
	return at;
}

struct node *
crowd_root(const struct crowd *c, int64_t node)
{
	return &c->nodes[c->nodes[node].root];
}

static struct text
ident_key(struct crowd *c, const struct ident *id)
{
	char *key = arena_alloc(c->arena, id->value.n + 1);
	key[0] = (char)id->kind;
	memcpy(key + 1, id->value.at, id->value.n);
	return (struct text){key, id->value.n + 1};
}

int64_t
crowd_ident_number(struct crowd *c, const struct ident *id)
{
	bool added;
	int64_t number = dict_put(c->idents, ident_key(c, id), &added);
	if (!added)
		return number;
	c->held = arena_room(c->arena, c->held, c->ident_n, &c->ident_cap, sizeof *c->held);
	c->held[c->ident_n++] = (struct held){.ident = *id, .node = NOBODY};
	return number;
}

struct held *
crowd_held(struct crowd *c, const struct ident *id)
{
	int64_t number = crowd_ident_number(c, id); /* first: it may move the table */
	return &c->held[number];
}

int64_t
crowd_before(struct crowd *c, const struct who *who)
{
	struct ident external = {IDENT_EXTERNAL, who->before.value};
	int64_t holder = crowd_held(c, &who->before)->node;
	return holder != NOBODY ? holder : crowd_held(c, &external)->node;
}

void
crowd_under(struct crowd *c, const struct who *who, int64_t user_id)
{
	c->trusted = who->trusted;
	c->joins = who->joins;
	c->batch_id = who->batch_id;
	c->user_id = user_id;
}

int64_t
crowd_ident_count(const struct crowd *c, int64_t root, enum ident_kind kind)
{
	int64_t n = 0;
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next)
		n += c->nodes[i].ident_n[kind];
	return n;
}

/* The person has another identifier of a unique kind than the one that comes along: they are two. */
static bool
is_another(struct crowd *c, const struct who *who, int64_t node)
{
	int64_t root = c->nodes[node].root;
	for (size_t i = 0; i < who->n; i++) {
		enum ident_kind kind = who->idents[i].kind;
		if (!c->unify.idents[kind].is_unique)
			continue;
		int64_t holder = crowd_held(c, &who->idents[i])->node;
		bool theirs = holder != NOBODY && c->nodes[holder].root == root;
		if (!theirs && crowd_ident_count(c, root, kind) > 0)
			return true;
	}
	return false;
}

/* The order of trust decides whose the arrival is. */
static int64_t
first_holder(struct crowd *c, const struct who *who)
{
	for (size_t k = 0; k < c->unify.order_n; k++)
		for (size_t i = 0; i < who->n; i++) {
			if (who->idents[i].kind != c->unify.order[k])
				continue;
			int64_t node = crowd_held(c, &who->idents[i])->node;
			if (node != NOBODY && !is_another(c, who, node))
				return node;
		}
	return NOBODY;
}

static int64_t
make_node(struct crowd *c, int64_t at_us, int64_t source_id)
{
	int64_t id = id_make();
	int64_t node = crowd_add_node(c, id, id);
	c->nodes[node].is_new = c->nodes[node].changed = true;
	c->nodes[node].created_at_us = at_us;
	c->nodes[node].person = (struct person){.exists = true,
		.changed = true,
		.values_loaded = true,
		.fields = val_map(c->arena),
		.consents = val_map(c->arena),
		.source_id = source_id,
		.created_at_us = at_us,
		.updated_at_us = at_us};
	struct val when = val_map(c->arena);
	val_put(c->arena, &when, "at", val_int(at_us));
	crowd_keep(c, node, "made", text_of(""), &when);
	return node;
}

/* Of a person before a merge: what cannot be composed anew from nodes and events. */
static struct val
snapshot(struct crowd *c, const struct person *p)
{
	struct val v = val_map(c->arena);
	val_put(c->arena, &v, "known", val_int(p->known + p->vouched));
	val_put(c->arena, &v, "source_id", val_id(c->arena, p->source_id));
	val_put(c->arena, &v, "created_at_us", val_int(p->created_at_us));
	return v;
}

static void
note_merge(struct crowd *c, struct joined j, int64_t at_us, const struct person *from,
	const struct person *into)
{
	struct merge *m = arena_alloc(c->arena, sizeof *m);
	*m = (struct merge){.joined = j,
		.id = j.merge_id,
		.at_us = at_us,
		.user_id = c->user_id,
		.persons = val_map(c->arena),
		.before = c->merges};
	val_put(c->arena, &m->persons, "from", snapshot(c, from));
	val_put(c->arena, &m->persons, "into", snapshot(c, into));
	c->merges = m;
}

/* The root under from joins the one under into; all nodes of the group point at the new root. */
static void
join(struct crowd *c, int64_t from, int64_t into, int64_t at_us, const char *reason,
	struct joined *joined, size_t *n)
{
	int64_t lost = c->nodes[from].root, kept = c->nodes[into].root;
	struct person *left = &c->nodes[lost].person, *stays = &c->nodes[kept].person;
	struct joined j = {.from_id = c->nodes[lost].id,
		.into_id = c->nodes[kept].id,
		.merge_id = id_make(),
		.reason = reason};
	note_merge(c, j, at_us, left, stays);
	c->nodes[lost].parent_id = c->nodes[kept].id;
	c->nodes[lost].joined_at_us = at_us;
	for (int64_t i = lost; i != NOBODY; i = c->nodes[i].next)
		c->nodes[i].changed = true;
	put_under(c, lost, kept);
	left->exists = false;
	left->dropped = !c->nodes[lost].is_new;
	stays->changed = true;
	stays->known = stays->known || left->known;
	stays->vouched = stays->vouched || left->vouched;
	if (left->created_at_us < stays->created_at_us)
		stays->created_at_us = left->created_at_us;
	if (left->first_seen_at_us != 0 &&
		(stays->first_seen_at_us == 0 ||
			left->first_seen_at_us < stays->first_seen_at_us))
		stays->first_seen_at_us = left->first_seen_at_us;
	if (left->last_seen_at_us > stays->last_seen_at_us)
		stays->last_seen_at_us = left->last_seen_at_us;
	joined[(*n)++] = j;
}

/* Somebody says that they are one. What a device said before, unsigned, was not said by whom the company vouches for: it stays behind. */
static void
join_told(struct crowd *c, int64_t from, int64_t into, int64_t at_us, const char *reason,
	struct joined *joined, size_t *n)
{
	if (!c->trusted && crowd_root(c, into)->person.vouched)
		for (int64_t i = c->nodes[from].root; i != NOBODY; i = c->nodes[i].next)
			for (struct agreed *g = c->nodes[i].consents; g != NULL;
				g = g->before)
				g->gone = true;
	join(c, from, into, at_us, reason, joined, n);
}

/* A value nobody has yet: the person gets it, as far as there is room for more of its kind and the one who says so may. */
static void
attach(struct crowd *c, int64_t node, const struct ident *id, int64_t at_us,
	int64_t source_id)
{
	int64_t root = c->nodes[node].root;
	struct person *p = &c->nodes[root].person;
	bool is_strong = ident_is_strong(id->kind);
	if (is_strong && p->vouched && !c->trusted)
		return;
	if (crowd_ident_count(c, root, id->kind) >= c->unify.idents[id->kind].most)
		return;
	struct held *h = crowd_held(c, id);
	h->node = node;
	h->is_new = true;
	h->at_us = at_us;
	h->source_id = source_id;
	c->nodes[node].ident_n[id->kind]++;
	struct val when = val_map(c->arena);
	val_put(c->arena, &when, "at", val_int(at_us));
	char *name = arena_alloc(c->arena, id->value.n + 1);
	name[0] = (char)id->kind;
	memcpy(name + 1, id->value.at, id->value.n);
	crowd_keep(c, node, "ident", (struct text){name, id->value.n + 1}, &when);
	if (!is_strong)
		return;
	if (!p->known || (c->trusted && !p->vouched))
		p->changed = true;
	p->known = true;
	p->vouched = p->vouched || c->trusted;
	struct val v = val_of(id->value);
	if (id->kind <= IDENT_PHONE)
		crowd_set_value(c, node, text_of(ident_name(id->kind)), &v, at_us,
			source_id, c->user_id);
}

/* Two persons with different identifiers of a unique kind are two. */
static bool
are_two(const struct crowd *c, int64_t x, int64_t y)
{
	for (size_t k = 0; k < c->unify.order_n; k++) {
		enum ident_kind kind = c->unify.order[k];
		if (c->unify.idents[kind].is_unique && crowd_ident_count(c, x, kind) > 0 &&
			crowd_ident_count(c, y, kind) > 0)
			return true;
	}
	return false;
}

static void
join_if_may(struct crowd *c, int64_t node, int64_t other, const struct ident *id,
	int64_t at_us, struct joined *joined, size_t *n)
{
	struct node *mine = crowd_root(c, node), *theirs = crowd_root(c, other);
	if (mine == theirs || *n >= CROWD_IDENTS_MAX)
		return;
	const char *reason = unify_ident_name(&c->unify, id->kind);
	if (!theirs->person.known)
		join_told(c, other, node, at_us, reason, joined, n);
	else if (!mine->person.known)
		join_told(c, node, other, at_us, reason, joined, n);
	else if (c->joins && c->unify.idents[id->kind].joins &&
		 !are_two(c, c->nodes[node].root, c->nodes[other].root))
		join_told(c, other, node, at_us, reason, joined, n);
	/* else two known persons: a shared device or a borrowed address is no proof */
}

/* When somebody with one of these was erased; 0 never. */
static int64_t
erased_at(struct crowd *c, const struct who *who)
{
	int64_t at_us = 0;
	for (size_t i = 0; i < who->n; i++) {
		const struct held *h = crowd_held(c, &who->idents[i]);
		if (h->node == NOBODY && h->erased_at_us > at_us)
			at_us = h->erased_at_us;
	}
	return at_us;
}

/* Whoever has these now is somebody else: all that is said to be theirs was erased later than this. */
static bool
is_of_erased(struct crowd *c, const struct who *who, int64_t at_us)
{
	for (size_t i = 0; i < who->n; i++) {
		const struct held *h = crowd_held(c, &who->idents[i]);
		if (h->erased_at_us == 0 || h->erased_at_us < at_us)
			return false;
	}
	return who->n > 0 && who->node_id == 0;
}

static int64_t
find(struct crowd *c, const struct who *who)
{
	if (who->node_id == 0)
		return first_holder(c, who);
	int64_t node = dict_find_id(c->node_ids, who->node_id);
	if (node == DICT_NONE)
		return NOBODY;
	const struct person *p = &crowd_root(c, node)->person;
	return p->exists || p->is_there ? node : NOBODY;
}

/* Whether an alias joins these: a server's does; a signed one takes over nobody known, an unsigned one nobody who is vouched for, and
 * brings nobody known under them. */
static bool
may_alias(const struct crowd *c, const struct person *from, const struct person *into)
{
	if (c->joins || !from->known)
		return true;
	return !c->trusted && !from->vouched && !into->vouched;
}

/* An alias, or a merge that was asked for. */
static void
join_named(struct crowd *c, const struct who *who, int64_t node, int64_t at_us,
	int64_t source_id, struct joined *joined, size_t *joined_n)
{
	if (who->before.kind != IDENT_NONE) {
		int64_t holder = crowd_before(c, who);
		if (holder == NOBODY)
			attach(c, node, &who->before, at_us, source_id);
		else if (crowd_root(c, holder) != crowd_root(c, node) &&
			 may_alias(c, &crowd_root(c, holder)->person,
				 &crowd_root(c, node)->person))
			join_told(c, holder, node, at_us, "alias", joined, joined_n);
	}
	int64_t with = who->with_id != 0 ? dict_find_id(c->node_ids, who->with_id)
					 : DICT_NONE;
	if (with != DICT_NONE && crowd_root(c, with) != crowd_root(c, node) &&
		crowd_root(c, with)->person.exists)
		join(c, with, node, at_us, who->with_reason, joined, joined_n);
}

int
crowd_resolve(struct crowd *c, const struct who *who, int64_t at_us, int64_t source_id,
	int64_t *node, struct joined *joined, size_t *joined_n)
{
	int made = CROWD_FOUND;
	*joined_n = 0;
	*node = find(c, who);
	if (*node == NOBODY && (who->node_id != 0 || who->n == 0))
		return CROWD_NOBODY;
	int64_t gone_us = erased_at(c, who);
	if (gone_us != 0 && (at_us <= gone_us || who->batch_id != 0))
		return CROWD_ERASED;
	if (who->batch_id == 0 && is_of_erased(c, who, at_us))
		return CROWD_ERASED;
	if (*node == NOBODY) {
		*node = make_node(c, at_us, source_id);
		made = CROWD_MADE;
	}
	for (size_t i = 0; i < who->n; i++) {
		int64_t holder = crowd_held(c, &who->idents[i])->node;
		if (holder == NOBODY)
			attach(c, *node, &who->idents[i], at_us, source_id);
		else
			join_if_may(
				c, *node, holder, &who->idents[i], at_us, joined, joined_n);
	}
	join_named(c, who, *node, at_us, source_id, joined, joined_n);
	struct person *p = &crowd_root(c, *node)->person;
	if (who->trusted && who->values && p->known && !p->vouched)
		p->vouched = p->changed = true;
	return made;
}

bool
crowd_may_set(struct crowd *c, int64_t node, struct text field, const struct val *v)
{
	struct ident id = {IDENT_NONE, {"", 0}};
	for (int kind = IDENT_EXTERNAL; kind <= IDENT_PHONE; kind++)
		if (text_is(field, ident_name((enum ident_kind)kind)))
			id.kind = (enum ident_kind)kind;
	const struct person *p = &crowd_root(c, node)->person;
	if (id.kind == IDENT_NONE || c->joins || (!p->vouched && v->kind == VAL_NULL))
		return true;
	id.value = val_as_text(v);
	int64_t number = id.value.n > 0 ? dict_find(c->idents, ident_key(c, &id))
					: DICT_NONE;
	return number != DICT_NONE && c->held[number].node != NOBODY &&
	       c->nodes[c->held[number].node].root == c->nodes[node].root;
}

void
crowd_keep(struct crowd *c, int64_t node, const char *what, struct text name,
	const struct val *body)
{
	if (c->batch_id == 0)
		return;
	struct found *f = arena_alloc(c->arena, sizeof *f);
	*f = (struct found){.before = c->found,
		.batch_id = c->batch_id,
		.node_id = c->nodes[node].id,
		.what = what,
		.name = name,
		.body = json_text(c->arena, body)};
	c->found = f;
}

int64_t
crowd_node_id(const struct crowd *c, int64_t node)
{
	return c->nodes[node].id;
}

int64_t
crowd_person_id(const struct crowd *c, int64_t node)
{
	return crowd_root(c, node)->id;
}

bool
crowd_is_known(const struct crowd *c, int64_t node)
{
	return crowd_root(c, node)->person.known;
}

const int64_t *
crowd_nodes(struct crowd *c, int64_t node, size_t *n)
{
	int64_t root = c->nodes[node].root;
	*n = 0;
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next)
		(*n)++;
	int64_t *ids = arena_array(c->arena, *n, sizeof *ids), *at = ids;
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next)
		*at++ = c->nodes[i].id;
	return ids;
}

void
crowd_seen(struct crowd *c, int64_t node, int64_t at_us)
{
	struct person *p = &crowd_root(c, node)->person;
	if (p->first_seen_at_us == 0 || at_us < p->first_seen_at_us) {
		p->first_seen_at_us = at_us;
		p->changed = true;
	}
	if (at_us > p->last_seen_at_us) {
		p->last_seen_at_us = at_us;
		p->changed = true;
	}
}

void
crowd_seen_is(struct crowd *c, int64_t node, int64_t first_us, int64_t last_us)
{
	struct person *p = &crowd_root(c, node)->person;
	p->first_seen_at_us = first_us;
	p->last_seen_at_us = last_us;
	p->changed = true;
}

int64_t
crowd_parent_id(const struct crowd *c, int64_t node)
{
	return c->nodes[node].parent_id;
}
