/* A crowd from the store and back: everything in bulk. */
#include "profile/crowd_parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/str.h"
#include "profile/field.h"
#include "profile/person.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

/* Runs a query over ids; handle gets each row. */
static int
for_ids(struct crowd *c, struct db *db, enum query q, const int64_t *ids, size_t n,
	int (*handle)(struct crowd *, const struct val *, struct err *), struct err *e)
{
	struct val rows;
	if (db_rows_of(c->arena, db, q, c->company_id, ids, n, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++)
		if (handle(c, &rows.list->at[i], e) < 0)
			return -1;
	return 0;
}

static int
load_idents(struct crowd *c, struct db *db, int64_t *node_ids, size_t *n, struct err *e)
{
	struct val *args = arena_array(c->arena, DB_REPEAT_MAX + 2, sizeof *args);
	for (int kind = IDENT_EXTERNAL; kind < IDENT_KINDS; kind++) {
		size_t at = 0;
		while (at < c->ident_n) {
			size_t slice = 0;
			struct val rows;
			for (; at < c->ident_n && slice < DB_REPEAT_MAX; at++)
				if ((int)c->held[at].ident.kind == kind)
					args[2 + slice++] = val_of(c->held[at].ident.value);
			if (slice == 0)
				break;
			args[0] = val_int(c->company_id);
			args[1] = val_int(kind);
			if (db_rows(c->arena, db, QUERY_IDENT_BY_VALUES, args, slice + 2,
				    &rows, e) < 0)
				return -1;
			for (size_t i = 0; i < rows.list->n; i++) {
				struct ident id = {(enum ident_kind)kind,
					row_text(&rows.list->at[i], 0)};
				int64_t node_id = row_int(&rows.list->at[i], 1);
				/* the handle comes with the node; until then the id stands here */
				crowd_held(c, &id)->node = -node_id;
				node_ids[(*n)++] = node_id;
			}
		}
	}
	return 0;
}

static int
take_node(struct crowd *c, const struct val *row, struct err *e)
{
	(void)e;
	int64_t at = crowd_add_node(c, row_int(row, 0), row_int(row, 1));
	struct node *n = &c->nodes[at]; /* the call may have moved the table */
	n->parent_id = row_int(row, 2);
	n->joined_at_us = row_int(row, 3);
	n->created_at_us = row_int(row, 4);
	return 0;
}

static int
take_there(struct crowd *c, const struct val *row, struct err *e)
{
	(void)e;
	c->nodes[dict_find_id(c->node_ids, row_int(row, 0))].person.is_there = true;
	return 0;
}

static int
take_ident_count(struct crowd *c, const struct val *row, struct err *e)
{
	(void)e;
	int64_t node = dict_find_id(c->node_ids, row_int(row, 0)), kind = row_int(row, 1);
	if (node != DICT_NONE && kind > 0 && kind < IDENT_KINDS)
		c->nodes[node].ident_n[kind] = (uint16_t)row_int(row, 2);
	return 0;
}

static int
take_person(struct crowd *c, const struct val *row, struct err *e)
{
	int64_t node = dict_find_id(c->node_ids, row_int(row, 0));
	must(node != DICT_NONE);
	struct person_row p;
	if (person_from_row(c->arena, row, &p, e) < 0)
		return -1;
	c->nodes[node].person = (struct person){.exists = true,
		.values_loaded = c->nodes[node].person.values_loaded,
		.known = p.known,
		.vouched = p.vouched,
		.fields = p.fields,
		.consents = p.consents,
		.source_id = p.source_id,
		.created_at_us = p.created_at_us,
		.updated_at_us = p.updated_at_us,
		.first_seen_at_us = p.first_seen_at_us,
		.last_seen_at_us = p.last_seen_at_us};
	return 0;
}

static int
take_value(struct crowd *c, const struct val *row, struct err *e)
{
	int64_t node = dict_find_id(c->node_ids, row_int(row, 0));
	struct value *v = arena_alloc(c->arena, sizeof *v);
	*v = (struct value){.before = c->nodes[node].values,
		.field = row_text(row, 1),
		.json = row_text(row, 2),
		.at_us = row_int(row, 3),
		.source_id = row_int(row, 4),
		.user_id = row_int(row, 5)};
	if (json_parse(c->arena, v->json, &v->v, e) < 0)
		return err_wrap(e, "a stored value");
	c->nodes[node].values = v;
	return 0;
}

static int
take_consent(struct crowd *c, const struct val *row, struct err *e)
{
	(void)e;
	int64_t node = dict_find_id(c->node_ids, row_int(row, 0));
	struct agreed *g = arena_alloc(c->arena, sizeof *g);
	*g = (struct agreed){.before = c->nodes[node].consents,
		.channel = row_text(row, 1),
		.granted = row_int(row, 2) != 0,
		.at_us = row_int(row, 3),
		.source_id = row_int(row, 4),
		.proof = row_text(row, 5)};
	c->nodes[node].consents = g;
	return 0;
}

/* Whose values are needed: where fields come, where something new is attached, where persons meet. */
static void
mark_values(struct crowd *c, const struct who *who)
{
	int64_t first = NOBODY;
	bool need = who->values || who->before.kind != IDENT_NONE || who->with_id != 0;
	for (size_t i = 0; i < who->n; i++) {
		int64_t node = crowd_held(c, &who->idents[i])->node;
		need = need || node == NOBODY ||
		       (first != NOBODY && c->nodes[node].root != c->nodes[first].root);
		if (node != NOBODY)
			first = node;
	}
	if (!need) {
		int64_t node = who->node_id != 0 ? dict_find_id(c->node_ids, who->node_id)
						 : DICT_NONE;
		if (node != DICT_NONE)
			crowd_root(c, node)->person.is_asked = true;
		return;
	}
	for (size_t i = 0; i < who->n; i++) {
		int64_t node = crowd_held(c, &who->idents[i])->node;
		if (node != NOBODY)
			crowd_root(c, node)->person.values_loaded = true;
	}
	if (who->before.kind != IDENT_NONE) {
		int64_t node = crowd_before(c, who);
		if (node != NOBODY)
			crowd_root(c, node)->person.values_loaded = true;
	}
	const int64_t ids[] = {who->node_id, who->with_id};
	for (size_t i = 0; i < 2; i++) {
		int64_t node = ids[i] != 0 ? dict_find_id(c->node_ids, ids[i]) : DICT_NONE;
		if (node != DICT_NONE)
			crowd_root(c, node)->person.values_loaded = true;
	}
}

/* The persons who may change; of the others it is enough to know who they are. */
static int
load_persons(struct crowd *c, struct db *db, struct err *e)
{
	int64_t *roots = arena_array(c->arena, c->node_n, sizeof *roots),
		*asked = arena_array(c->arena, c->node_n, sizeof *asked);
	size_t n = 0, asked_n = 0;
	for (size_t i = 0; i < c->node_n; i++) {
		struct node *node = &c->nodes[i];
		if (node->root != (int64_t)i)
			continue;
		node->person.is_far = !node->person.values_loaded;
		if (!node->person.is_far)
			roots[n++] = node->id;
		else if (node->person.is_asked)
			asked[asked_n++] = node->id;
	}
	return for_ids(c, db, QUERY_PERSON_LOCK, roots, n, take_person, e) < 0
		       ? -1
		       : for_ids(c, db, QUERY_PERSON_THERE, asked, asked_n, take_there, e);
}

/* Of all identifiers: whether somebody who had one was erased. */
static int
load_erased(struct crowd *c, struct db *db, struct err *e)
{
	struct val any;
	int found = db_row(
		c->arena, db, QUERY_ERASED_ANY, DB_ARGS(val_int(c->company_id)), &any, e);
	if (found < 1) /* mostly nobody was */
		return found;
	struct val *args = arena_array(c->arena, DB_REPEAT_MAX + 1, sizeof *args), rows;
	struct dict *hashes = dict_new();
	size_t *held = arena_array(c->arena, c->ident_n + 1, sizeof *held);
	arena_defer(c->arena, (void (*)(void *))dict_free, hashes);
	args[0] = val_int(c->company_id);
	for (size_t i = 0; i < c->ident_n; i++) {
		bool added = false;
		int64_t number = dict_put(hashes,
			text_of(crowd_tombstone(
				c->arena, c->company_id, &c->held[i].ident)),
			&added);
		if (added)
			held[number] = i;
	}
	for (size_t done = 0; done < dict_count(hashes); done += DB_REPEAT_MAX) {
		size_t n = 0;
		for (; n < DB_REPEAT_MAX && done + n < dict_count(hashes); n++)
			args[n + 1] = val_of(dict_text(hashes, (int64_t)(done + n)));
		if (db_rows(c->arena, db, QUERY_ERASED_OF, args, n + 1, &rows, e) < 0)
			return -1;
		for (size_t i = 0; i < rows.list->n; i++) {
			int64_t number = dict_find(hashes, row_text(&rows.list->at[i], 0));
			if (number != DICT_NONE)
				c->held[held[number]].erased_at_us = row_int(
					&rows.list->at[i], 1);
		}
	}
	return 0;
}

/* Values that name nobody are as if they had not come. */
static void
take_out_blocked(struct crowd *c, struct who *who)
{
	size_t n = 0;
	for (size_t i = 0; i < who->n; i++)
		if (c->unify.idents[who->idents[i].kind].is_on &&
			!unify_is_blocked(c->arena, &c->unify, &who->idents[i]))
			who->idents[n++] = who->idents[i];
	who->n = n;
}

static int
load_nodes(struct crowd *c, struct db *db, const int64_t *wanted, size_t n, struct err *e)
{
	if (for_ids(c, db, QUERY_NODE_LOCK, wanted, n, take_node, e) < 0)
		return -1;
	for (size_t i = 0; i < c->ident_n; i++)
		if (c->held[i].node != NOBODY) {
			c->held[i].node = dict_find_id(c->node_ids, -c->held[i].node);
			if (c->held[i].node == DICT_NONE)
				return err_set(
					e, ERR_CONFLICT, "an identifier's node went away");
		}
	int64_t *roots = arena_array(c->arena, c->node_n, sizeof *roots);
	size_t root_n = 0;
	for (size_t i = 0; i < c->node_n; i++)
		if (c->nodes[i].root == (int64_t)i)
			roots[root_n++] = c->nodes[i].id;
	return for_ids(c, db, QUERY_NODE_BY_ROOTS, roots, root_n, take_node, e);
}

int
crowd_load(struct crowd *c, struct db *db, struct who *whos, size_t n, struct err *e)
{
	if (unify_read(c->arena, db, c->company_id, &c->unify, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		take_out_blocked(c, &whos[i]);
		for (size_t k = 0; k < whos[i].n; k++)
			crowd_ident_number(c, &whos[i].idents[k]);
		if (whos[i].before.kind != IDENT_NONE)
			crowd_before(c, &whos[i]);
	}
	int64_t *wanted = arena_array(c->arena, c->ident_n + 2 * n, sizeof *wanted);
	size_t wanted_n = 0;
	if (load_idents(c, db, wanted, &wanted_n, e) < 0 || load_erased(c, db, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (whos[i].node_id != 0)
			wanted[wanted_n++] = whos[i].node_id;
		if (whos[i].with_id != 0)
			wanted[wanted_n++] = whos[i].with_id;
	}
	if (load_nodes(c, db, wanted, wanted_n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		mark_values(c, &whos[i]);
	if (load_persons(c, db, e) < 0)
		return -1;
	int64_t *full = arena_array(c->arena, c->node_n, sizeof *full);
	size_t full_n = 0;
	for (size_t i = 0; i < c->node_n; i++)
		if (crowd_root(c, (int64_t)i)->person.values_loaded)
			full[full_n++] = c->nodes[i].id;
	return for_ids(c, db, QUERY_VALUE_OF_NODES, full, full_n, take_value, e) < 0 ||
			       for_ids(c, db, QUERY_CONSENT_OF_NODES, full, full_n,
				       take_consent, e) < 0 ||
			       for_ids(c, db, QUERY_IDENT_COUNT_OF_NODES, full, full_n,
				       take_ident_count, e) < 0
		       ? -1
		       : 0;
}

struct rows { /* tuples on their way to db_bulk */
	struct arena *arena;
	struct val *at;
	size_t width, n, cap;
};

static struct val *
rows_add(struct rows *r)
{
	r->at = arena_room(r->arena, r->at, r->n, &r->cap, r->width * sizeof *r->at);
	return r->at + r->width * r->n++;
}

static int
save_nodes(struct crowd *c, struct db *db, struct err *e)
{
	struct rows nodes = {.arena = c->arena, .width = 6},
		    idents = {.arena = c->arena, .width = 6};
	for (size_t i = 0; i < c->node_n; i++) {
		const struct node *n = &c->nodes[i];
		if (!n->changed)
			continue;
		struct val row[] = {val_int(c->company_id), val_int(n->id),
			n->parent_id != 0 ? val_int(n->parent_id) : val_null(),
			val_int(c->nodes[n->root].id), val_int(n->created_at_us),
			n->parent_id != 0 ? val_int(n->joined_at_us) : val_null()};
		memcpy(rows_add(&nodes), row, sizeof row);
	}
	for (size_t i = 0; i < c->ident_n; i++) {
		const struct held *h = &c->held[i];
		if (!h->is_new || h->gone)
			continue;
		struct val row[] = {val_int(c->company_id), val_int(h->ident.kind),
			val_of(h->ident.value), val_int(c->nodes[h->node].id),
			val_int(h->source_id), val_int(h->at_us)};
		if (h->erased_at_us != 0 &&
			crowd_open_suppressions(c, db, &h->ident, e) < 0)
			return -1;
		memcpy(rows_add(&idents), row, sizeof row);
	}
	return db_bulk(db, QUERY_NODE_PUT, nodes.at, nodes.n, nodes.width, NULL, e) < 0 ||
			       db_bulk(db, QUERY_IDENT_INSERT, idents.at, idents.n,
				       idents.width, NULL, e) < 0
		       ? -1
		       : 0;
}

static int
save_told(struct crowd *c, struct db *db, struct err *e)
{
	struct rows values = {.arena = c->arena, .width = 7},
		    consents = {.arena = c->arena, .width = 7};
	for (size_t i = 0; i < c->node_n; i++) {
		const struct node *n = &c->nodes[i];
		for (const struct value *v = n->values; v != NULL; v = v->before) {
			struct val row[] = {val_int(c->company_id), val_int(n->id),
				val_of(v->field), val_of(v->json), val_int(v->at_us),
				val_int(v->source_id), val_int(v->user_id)};
			if (v->changed)
				memcpy(rows_add(&values), row, sizeof row);
		}
		for (const struct agreed *g = n->consents; g != NULL; g = g->before) {
			struct val row[] = {val_int(c->company_id), val_int(n->id),
				val_of(g->channel), val_int(g->granted), val_int(g->at_us),
				val_int(g->source_id), val_of(g->proof)};
			if (g->changed)
				memcpy(rows_add(&consents), row, sizeof row);
		}
	}
	return db_bulk(db, QUERY_VALUE_PUT, values.at, values.n, values.width, NULL, e) <
				       0 ||
			       db_bulk(db, QUERY_CONSENT_PUT, consents.at, consents.n,
				       consents.width, NULL, e) < 0
		       ? -1
		       : 0;
}

static int
by_id(const void *x, const void *y)
{
	const struct node *a = *(struct node *const *)x, *b = *(struct node *const *)y;
	return (a->id > b->id) - (a->id < b->id);
}

/* In the order of their ids, as all locks are taken. */
static int
save_seen(struct crowd *c, struct db *db, struct err *e)
{
	struct node **seen = arena_array(c->arena, c->node_n + 1, sizeof *seen);
	size_t n = 0;
	for (size_t i = 0; i < c->node_n; i++)
		if (c->nodes[i].person.is_far && c->nodes[i].person.changed)
			seen[n++] = &c->nodes[i];
	if (n == 0)
		return 0;
	qsort(seen, n, sizeof *seen, by_id);
	struct str list = str_new(c->arena);
	for (size_t i = 0; i < n; i++)
		json_add_row(&list,
			(int64_t[]){seen[i]->id, seen[i]->person.first_seen_at_us,
				seen[i]->person.last_seen_at_us},
			3);
	str_addc(&list, ']');
	return db_exec(db, QUERY_PERSON_SEEN,
		DB_ARGS(val_of(str_text(&list)), val_int(c->company_id)), NULL, e);
}

static int
save_persons(struct crowd *c, struct db *db, struct err *e)
{
	struct rows persons = {.arena = c->arena, .width = PERSON_COLUMNS + 1};
	struct val *gone = arena_array(c->arena, c->node_n + 1, sizeof *gone);
	size_t gone_n = 1;
	gone[0] = val_int(c->company_id);
	for (size_t i = 0; i < c->node_n; i++) {
		const struct person *p = &c->nodes[i].person;
		if (p->dropped)
			gone[gone_n++] = val_int(c->nodes[i].id);
		if (!p->exists || !p->changed)
			continue;
		struct person_row row = {.id = c->nodes[i].id,
			.known = p->known,
			.vouched = p->vouched,
			.fields = p->fields,
			.consents = p->values_loaded ? crowd_agree(c, (int64_t)i)
						     : p->consents,
			.source_id = p->source_id,
			.created_at_us = p->created_at_us,
			.updated_at_us = p->updated_at_us,
			.first_seen_at_us = p->first_seen_at_us,
			.last_seen_at_us = p->last_seen_at_us};
		person_to_row(c->arena, c->company_id, &row, rows_add(&persons));
	}
	for (size_t done = 1; done < gone_n;) {
		size_t slice = gone_n - done < DB_REPEAT_MAX ? gone_n - done
							     : DB_REPEAT_MAX;
		gone[done - 1] = val_int(c->company_id);
		if (db_exec(db, QUERY_PERSON_DELETE, gone + done - 1, slice + 1, NULL, e) <
			0)
			return -1;
		done += slice;
	}
	return db_bulk(db, QUERY_PERSON_PUT, persons.at, persons.n, persons.width, NULL, e);
}

/* What is taken back, or of somebody who is nobody any more. */
static int
save_gone(struct crowd *c, struct db *db, struct err *e)
{
	int64_t *removed = arena_array(c->arena, c->node_n + 1, sizeof *removed);
	size_t removed_n = 0;
	for (size_t i = 0; i < c->node_n; i++) {
		const struct node *n = &c->nodes[i];
		if (n->removed)
			removed[removed_n++] = n->id;
		for (const struct value *v = n->values; v != NULL; v = v->before)
			if (v->gone && db_exec(db, QUERY_VALUE_DELETE,
					       DB_ARGS(val_int(c->company_id),
						       val_int(n->id), val_of(v->field)),
					       NULL, e) < 0)
				return -1;
		for (const struct agreed *g = n->consents; g != NULL; g = g->before)
			if (g->gone && db_exec(db, QUERY_CONSENT_DELETE,
					       DB_ARGS(val_int(c->company_id),
						       val_int(n->id), val_of(g->channel)),
					       NULL, e) < 0)
				return -1;
	}
	for (size_t i = 0; i < c->ident_n; i++) {
		const struct held *h = &c->held[i];
		if (h->gone &&
			db_exec(db, QUERY_IDENT_DELETE,
				DB_ARGS(val_int(c->company_id), val_int(h->ident.kind),
					val_of(h->ident.value),
					val_int(c->nodes[h->node].id)),
				NULL, e) < 0)
			return -1;
	}
	static const enum query emptied[] = {QUERY_IDENT_DELETE_OF_NODES,
		QUERY_VALUE_DELETE_OF_NODES, QUERY_CONSENT_DELETE_OF_NODES,
		QUERY_INTEREST_DELETE_OF_NODES};
	for (size_t k = 0; k < sizeof emptied / sizeof *emptied; k++)
		if (db_exec_of(c->arena, db, emptied[k], c->company_id, removed, removed_n,
			    e) < 0)
			return -1;
	return 0;
}

static int
save_found(struct crowd *c, struct db *db, struct err *e)
{
	struct rows found = {.arena = c->arena, .width = 6};
	size_t n = 0;
	for (const struct found *f = c->found; f != NULL; f = f->before)
		n++;
	/* the first of one name counts: oldest first */
	const struct found **all = arena_array(c->arena, n + 1, sizeof *all);
	size_t k = n;
	for (const struct found *f = c->found; f != NULL; f = f->before)
		all[--k] = f;
	for (size_t i = 0; i < n; i++) {
		struct val row[] = {val_int(c->company_id), val_int(all[i]->batch_id),
			val_int(all[i]->node_id), val_text(all[i]->what),
			val_of(all[i]->name), val_of(all[i]->body)};
		memcpy(rows_add(&found), row, sizeof row);
	}
	return db_bulk(db, QUERY_BEFORE_PUT, found.at, found.n, found.width, NULL, e);
}

static int
save_merges(struct crowd *c, struct db *db, struct err *e)
{
	struct rows merges = {.arena = c->arena, .width = 8};
	for (const struct merge *m = c->merges; m != NULL; m = m->before) {
		struct val row[] = {val_int(c->company_id), val_int(m->id),
			val_int(m->joined.from_id), val_int(m->joined.into_id),
			val_int(m->at_us), val_text(m->joined.reason), val_int(m->user_id),
			val_of(json_text(c->arena, &m->persons))};
		memcpy(rows_add(&merges), row, sizeof row);
	}
	return db_bulk(db, QUERY_MERGE_INSERT, merges.at, merges.n, merges.width, NULL, e);
}

int
crowd_save(struct crowd *c, struct db *db, struct err *e)
{
	return save_nodes(c, db, e) < 0 || save_told(c, db, e) < 0 ||
			       save_gone(c, db, e) < 0 || save_persons(c, db, e) < 0 ||
			       save_seen(c, db, e) < 0 || save_found(c, db, e) < 0 ||
			       save_merges(c, db, e) < 0
		       ? -1
		       : 0;
}

const char *
crowd_tombstone(struct arena *a, int64_t company_id, const struct ident *id)
{
	return sign_mac(a, company_id, "erased",
		text_of(arena_printf(
			a, "%d %.*s", (int)id->kind, (int)id->value.n, id->value.at)));
}
