/* See crowd.h: who is who. Values and consents are in crowd_value.c, reading and writing in crowd_store.c. */
#include "profile/crowd.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
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

/* The order of trust decides whose the arrival is; a strong identifier before a device. */
static int64_t
first_holder(struct crowd *c, const struct who *who)
{
	for (int kind = IDENT_EXTERNAL; kind < IDENT_KINDS; kind++)
		for (size_t i = 0; i < who->n; i++) {
			if ((int)who->idents[i].kind != kind)
				continue;
			int64_t node = crowd_held(c, &who->idents[i])->node;
			if (node != NOBODY)
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
		.source_id = source_id,
		.created_at_us = at_us,
		.updated_at_us = at_us};
	return node;
}

/* The root under from joins the one under into; all nodes of the group point at the new root. */
static void
join(struct crowd *c, int64_t from, int64_t into, const char *reason, struct joined *joined,
	size_t *n)
{
	int64_t lost = c->nodes[from].root, kept = c->nodes[into].root;
	struct person *left = &c->nodes[lost].person, *stays = &c->nodes[kept].person;
	c->nodes[lost].parent_id = c->nodes[kept].id;
	for (int64_t i = lost; i != NOBODY; i = c->nodes[i].next)
		c->nodes[i].changed = true;
	put_under(c, lost, kept);
	left->exists = false;
	left->dropped = !c->nodes[lost].is_new;
	stays->changed = true;
	stays->known = stays->known || left->known;
	if (left->created_at_us < stays->created_at_us)
		stays->created_at_us = left->created_at_us;
	if (left->first_seen_at_us != 0 &&
		(stays->first_seen_at_us == 0 ||
			left->first_seen_at_us < stays->first_seen_at_us))
		stays->first_seen_at_us = left->first_seen_at_us;
	if (left->last_seen_at_us > stays->last_seen_at_us)
		stays->last_seen_at_us = left->last_seen_at_us;
	struct joined j = {.from_id = c->nodes[lost].id,
		.into_id = c->nodes[kept].id,
		.reason = reason};
	joined[(*n)++] = j;
	struct merge *m = arena_alloc(c->arena, sizeof *m);
	*m = (struct merge){.joined = j, .id = id_make(), .before = c->merges};
	c->merges = m;
}

static void
attach(struct crowd *c, int64_t node, const struct ident *id, int64_t at_us,
	int64_t source_id)
{
	struct held *h = crowd_held(c, id);
	h->node = node;
	h->is_new = true;
	h->at_us = at_us;
	h->source_id = source_id;
	struct person *p = &crowd_root(c, node)->person;
	if (!ident_is_strong(id->kind))
		return;
	if (!p->known)
		p->changed = true;
	p->known = true;
	struct val v = val_of(id->value);
	crowd_set_value(c, node, text_of(ident_name(id->kind)), &v, at_us, source_id, 0);
}

static void
join_if_may(struct crowd *c, int64_t node, int64_t other, const struct ident *id,
	struct joined *joined, size_t *n)
{
	struct node *mine = crowd_root(c, node), *theirs = crowd_root(c, other);
	if (mine == theirs || *n >= CROWD_IDENTS_MAX)
		return;
	const char *reason = arena_printf(c->arena, "%s", ident_name(id->kind));
	if (!theirs->person.known)
		join(c, other, node, reason, joined, n);
	else if (!mine->person.known)
		join(c, node, other, reason, joined, n);
	/* two known persons: a shared device or a borrowed address is no proof */
}

int
crowd_resolve(struct crowd *c, const struct who *who, int64_t at_us, int64_t source_id,
	int64_t *node, struct joined *joined, size_t *joined_n)
{
	int made = 1;
	*joined_n = 0;
	*node = who->node_id != 0 ? dict_find_id(c->node_ids, who->node_id)
				  : first_holder(c, who);
	if (who->node_id != 0 && *node == DICT_NONE)
		return 0;
	if (*node == NOBODY) {
		*node = make_node(c, at_us, source_id);
		made = 2;
	}
	for (size_t i = 0; i < who->n; i++) {
		int64_t holder = crowd_held(c, &who->idents[i])->node;
		if (holder == NOBODY)
			attach(c, *node, &who->idents[i], at_us, source_id);
		else
			join_if_may(c, *node, holder, &who->idents[i], joined, joined_n);
	}
	if (who->before.kind != IDENT_NONE) {
		int64_t holder = crowd_before(c, who);
		if (holder == NOBODY)
			attach(c, *node, &who->before, at_us, source_id);
		else if (crowd_root(c, holder) != crowd_root(c, *node))
			join(c, holder, *node, "alias", joined, joined_n);
	}
	return made;
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
