/* What was done taken back: a merge, a batch, a person altogether. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "profile/crowd_parts.h"
#include "store/db.h"

#include <string.h>

static bool
has_strong(const struct crowd *c, int64_t root)
{
	for (size_t k = 0; k < c->unify.order_n; k++)
		if (ident_is_strong(c->unify.order[k]) &&
			crowd_ident_count(c, root, c->unify.order[k]) > 0)
			return true;
	return false;
}

static int64_t
made_at(const struct crowd *c, int64_t root)
{
	int64_t at_us = INT64_MAX;
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next)
		if (c->nodes[i].created_at_us < at_us)
			at_us = c->nodes[i].created_at_us;
	return at_us;
}

void
crowd_split(struct crowd *c, int64_t node, const struct val *before)
{
	const struct val *from = val_get(before, "from"), *into = val_get(before, "into");
	int64_t root = c->nodes[node].root;
	struct person *stays = &c->nodes[root].person;
	must(root != node);
	c->nodes[node].parent_id = c->nodes[node].joined_at_us = 0;
	c->nodes[node].changed = true;
	crowd_regroup(c, root);
	c->nodes[node].person = (struct person){.exists = true,
		.changed = true,
		.values_loaded = true,
		.known = has_strong(c, node),
		.fields = val_map(c->arena),
		.consents = val_map(c->arena),
		.source_id = val_as_int(val_get(from, "source_id"), stays->source_id),
		.created_at_us = made_at(c, node),
		.updated_at_us = stays->updated_at_us};
	struct person *goes = &c->nodes[node].person;
	bool was_vouched = val_as_int(val_get(from, "known"), 0) == 2;
	bool other_was = val_as_int(val_get(into, "known"), 0) == 2;
	goes->vouched = goes->known && was_vouched;
	stays->changed = true;
	stays->known = has_strong(c, root);
	stays->vouched = stays->vouched && stays->known && (other_was || !was_vouched);
	stays->created_at_us = made_at(c, root);
}

static void
restore_value(struct crowd *c, struct node *n, struct text field, const struct val *body)
{
	const struct val *old = val_get(body, "old");
	struct value *v = n->values;
	while (v != NULL && !text_same(v->field, field))
		v = v->before;
	if (v == NULL || v->at_us != val_as_int(val_get(body, "at"), 0))
		return; /* changed since */
	if (val_is_null(old)) {
		v->gone = true;
		v->changed = false;
		return;
	}
	v->v = val_get(old, "value") != NULL ? *val_get(old, "value") : val_null();
	v->json = json_text(c->arena, &v->v);
	v->at_us = val_as_int(val_get(old, "at"), 0);
	v->source_id = val_as_int(val_get(old, "source"), 0);
	v->user_id = val_as_int(val_get(old, "user"), 0);
	v->changed = true;
}

static void
restore_consent(struct node *n, struct text channel, const struct val *body)
{
	const struct val *old = val_get(body, "old");
	struct agreed *g = n->consents;
	while (g != NULL && !text_same(g->channel, channel))
		g = g->before;
	if (g == NULL || g->at_us != val_as_int(val_get(body, "at"), 0))
		return;
	if (val_is_null(old)) {
		g->gone = true;
		g->changed = false;
		return;
	}
	g->granted = val_as_bool(val_get(old, "granted"), false);
	g->proof = val_as_text(val_get(old, "proof"));
	g->at_us = val_as_int(val_get(old, "at"), 0);
	g->source_id = val_as_int(val_get(old, "source"), 0);
	g->changed = true;
}

static void
restore_ident(struct crowd *c, int64_t node, struct text name)
{
	struct ident id = {(enum ident_kind)name.at[0], {name.at + 1, name.n - 1}};
	struct held *h = crowd_held(c, &id);
	h->node = node;
	h->gone = true;
	struct node *n = &c->nodes[node];
	if (id.kind < IDENT_KINDS && n->ident_n[id.kind] > 0)
		n->ident_n[id.kind]--;
}

void
crowd_restore(struct crowd *c, int64_t node, struct text what, struct text name,
	const struct val *body)
{
	struct node *n = &c->nodes[node];
	struct person *p = &crowd_root(c, node)->person;
	if (text_is(what, "value"))
		restore_value(c, n, name, body);
	else if (text_is(what, "consent"))
		restore_consent(n, name, body);
	else if (text_is(what, "ident") && name.n > 1) {
		restore_ident(c, node, name);
		p->known = has_strong(c, n->root);
		p->vouched = p->vouched && p->known;
	}
	p->changed = true;
}

void
crowd_remove(struct crowd *c, int64_t node)
{
	int64_t root = c->nodes[node].root;
	struct person *p = &c->nodes[root].person;
	p->exists = false;
	p->dropped = true;
	p->fields = val_map(c->arena);
	for (int64_t i = root; i != NOBODY; i = c->nodes[i].next) {
		c->nodes[i].removed = true;
		c->nodes[i].values = NULL;
		c->nodes[i].consents = NULL;
	}
}

bool
crowd_has_others(const struct crowd *c, int64_t node, int64_t at_us)
{
	const struct node *n = &c->nodes[node];
	if (n->root != node || n->next != NOBODY)
		return true; /* it was joined with another */
	for (const struct value *v = n->values; v != NULL; v = v->before)
		if (v->at_us != at_us && !v->gone)
			return true;
	for (const struct agreed *g = n->consents; g != NULL; g = g->before)
		if (g->at_us > at_us &&
			!g->gone) /* an older one came with it, with its own time */
			return true;
	return false;
}

/* Addresses stand in suppressions by channel. */
static const struct {
	enum ident_kind kind;
	const char *channel;
} suppressed[] = {{IDENT_EMAIL, "email"}, {IDENT_PHONE, "sms"}, {IDENT_PHONE, "viber"}};

static const char *
sealed(struct crowd *c, const struct ident *id)
{
	return arena_printf(c->arena, "#%s", crowd_tombstone(c->arena, c->company_id, id));
}

static int
seal_suppressions(struct crowd *c, struct db *db, const struct ident *id, struct err *e)
{
	for (size_t i = 0; i < sizeof suppressed / sizeof *suppressed; i++) {
		struct val company = val_int(c->company_id),
			   channel = val_text(suppressed[i].channel);
		if (suppressed[i].kind != id->kind)
			continue;
		if (db_exec(db, QUERY_SUPPRESSION_FORGET,
			    DB_ARGS(company, channel, val_of(id->value)), NULL, e) < 0 ||
			db_exec(db, QUERY_SUPPRESSION_SEAL,
				DB_ARGS(val_text(sealed(c, id)), company, channel,
					val_of(id->value)),
				NULL, e) < 0)
			return -1;
	}
	return 0;
}

int
crowd_open_suppressions(
	struct crowd *c, struct db *db, const struct ident *id, struct err *e)
{
	for (size_t i = 0; i < sizeof suppressed / sizeof *suppressed; i++)
		if (suppressed[i].kind == id->kind &&
			db_exec(db, QUERY_SUPPRESSION_SEAL,
				DB_ARGS(val_of(id->value), val_int(c->company_id),
					val_text(suppressed[i].channel),
					val_text(sealed(c, id))),
				NULL, e) < 0)
			return -1;
	return 0;
}

int
crowd_bury(struct crowd *c, struct db *db, int64_t node, int64_t at_us, struct err *e)
{
	size_t n;
	const int64_t *ids = crowd_nodes(c, node, &n);
	struct val rows;
	if (db_rows_of(c->arena, db, QUERY_IDENT_OF_NODES, c->company_id, ids, n, &rows,
		    e) < 0)
		return -1;
	struct val *stones = arena_array(c->arena, rows.list->n * 3 + 1, sizeof *stones);
	for (size_t i = 0; i < rows.list->n; i++) {
		struct ident id = {(enum ident_kind)row_int(&rows.list->at[i], 0),
			row_text(&rows.list->at[i], 1)};
		stones[i * 3] = val_int(c->company_id);
		stones[i * 3 + 1] = val_text(crowd_tombstone(c->arena, c->company_id, &id));
		stones[i * 3 + 2] = val_int(at_us);
		if (seal_suppressions(c, db, &id, e) < 0)
			return -1;
	}
	if (db_bulk(db, QUERY_ERASED_PUT, stones, rows.list->n, 3, NULL, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (db_exec(db, QUERY_BEFORE_FORGET,
			    DB_ARGS(val_int(c->company_id), val_int(ids[i])), NULL, e) < 0)
			return -1;
	return 0;
}
