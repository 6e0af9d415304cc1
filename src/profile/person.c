/* See person.h. */
#include "profile/person.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/json.h"
#include "profile/crowd.h"
#include "profile/field.h"
#include "profile/ident.h"
#include "profile/unify.h"
#include "store/db.h"

#include <string.h>

int
person_from_row(
	struct arena *a, const struct val *row, struct person_row *out, struct err *e)
{
	size_t at = 2 + FIELD_DEFAULTS;
	struct val custom;
	*out = (struct person_row){.id = row_int(row, 0),
		.known = row_int(row, 1) != 0,
		.vouched = row_int(row, 1) == 2,
		.fields = val_map(a)};
	for (size_t i = 0; i < FIELD_DEFAULTS; i++)
		if (!val_is_null(row_at(row, 2 + i)))
			val_put(a, &out->fields, field_defaults[i].name,
				*row_at(row, 2 + i));
	if (json_parse(a, row_text(row, at), &custom, e) < 0)
		return err_wrap(e, "stored custom fields");
	for (size_t i = 0; i < val_len(&custom); i++)
		val_put_key(a, &out->fields, custom.map->at[i].key, custom.map->at[i].val);
	out->source_id = row_int(row, at + 1);
	out->created_at_us = row_int(row, at + 2);
	out->updated_at_us = row_int(row, at + 3);
	out->first_seen_at_us = row_int(row, at + 4);
	out->last_seen_at_us = row_int(row, at + 5);
	if (val_is_null(row_at(row, at + 6)))
		out->consents = val_map(a);
	else if (json_parse(a, row_text(row, at + 6), &out->consents, e) < 0)
		return err_wrap(e, "stored consents");
	return 0;
}

static bool
is_default(struct text name)
{
	for (size_t i = 0; i < FIELD_DEFAULTS; i++)
		if (text_is(name, field_defaults[i].name))
			return true;
	return false;
}

static struct val
time_or_null(int64_t at_us)
{
	return at_us != 0 ? val_int(at_us) : val_null();
}

void
person_to_row(
	struct arena *a, int64_t company_id, const struct person_row *p, struct val *row)
{
	struct val custom = val_map(a);
	size_t at = 0;
	for (size_t i = 0; i < val_len(&p->fields); i++)
		if (!is_default(p->fields.map->at[i].key))
			val_put_key(a, &custom, p->fields.map->at[i].key,
				p->fields.map->at[i].val);
	row[at++] = val_int(company_id);
	row[at++] = val_int(p->id);
	row[at++] = val_int(p->known + p->vouched);
	for (size_t i = 0; i < FIELD_DEFAULTS; i++) {
		const struct val *v = val_get(&p->fields, field_defaults[i].name);
		row[at++] = v != NULL && v->kind == VAL_TEXT ? *v : val_null();
	}
	row[at++] = val_of(json_text(a, &custom));
	row[at++] = val_int(p->source_id);
	row[at++] = val_int(p->created_at_us);
	row[at++] = val_int(p->updated_at_us);
	row[at++] = time_or_null(p->first_seen_at_us);
	row[at++] = time_or_null(p->last_seen_at_us);
	row[at++] = val_of(
		p->consents.kind == VAL_MAP ? json_text(a, &p->consents) : text_of("{}"));
	must(at == PERSON_COLUMNS + 1);
}

int
person_by_ids(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, struct person_row *out, size_t *found, struct err *e)
{
	struct val rows;
	*found = 0;
	if (db_rows_of(a, db, QUERY_PERSON_BY_IDS, company_id, ids, n, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++)
		if (person_from_row(a, &rows.list->at[i], &out[(*found)++], e) < 0)
			return -1;
	return 0;
}

int
person_after(struct arena *a, struct db *db, int64_t company_id, int64_t after_id,
	size_t limit, struct person_row **out, size_t *n, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_PERSON_AFTER,
		    DB_ARGS(val_int(company_id), val_int(after_id),
			    val_int((int64_t)limit)),
		    &rows, e) < 0)
		return -1;
	*n = rows.list->n;
	*out = arena_array(a, *n, sizeof **out);
	for (size_t i = 0; i < *n; i++)
		if (person_from_row(a, &rows.list->at[i], &(*out)[i], e) < 0)
			return -1;
	return 0;
}

int
person_root(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	int64_t *root_id, struct err *e)
{
	struct val row;
	int found = db_row(
		a, db, QUERY_NODE_ROOT, DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found == 1)
		*root_id = row_int(&row, 0);
	return found;
}

int
person_by_ident(struct arena *a, struct db *db, int64_t company_id, const char *country,
	int kind, struct text value, int64_t *root_id, struct err *e)
{
	struct ident id;
	struct val row, typed = val_of(value);
	if (ident_read(a, (enum ident_kind)kind, &typed, country, &id) != 1)
		return 0;
	int found = db_row(a, db, QUERY_IDENT_BY_VALUES,
		DB_ARGS(val_int(company_id), val_int(kind), val_of(id.value)), &row, e);
	return found == 1 ? person_root(a, db, company_id, row_int(&row, 1), root_id, e)
			  : found;
}

int
person_by_idents(struct arena *a, struct db *db, int64_t company_id, int kind,
	const struct text *values, size_t n, struct val *rows, struct err *e)
{
	struct val *args = arena_array(a, DB_REPEAT_MAX + 2, sizeof *args);
	*rows = val_list(a);
	args[0] = val_int(company_id);
	args[1] = val_int(kind);
	for (size_t at = 0; at < n;) {
		struct val found;
		size_t slice = 0;
		for (; at < n && slice < DB_REPEAT_MAX; at++)
			args[2 + slice++] = val_of(values[at]);
		if (db_rows(a, db, QUERY_IDENT_ROOTS, args, slice + 2, &found, e) < 0)
			return -1;
		for (size_t i = 0; i < found.list->n; i++)
			val_push(a, rows, found.list->at[i]);
	}
	return 0;
}

int
person_erased(struct arena *a, struct db *db, int64_t company_id, const struct ident *ids,
	size_t n, bool *erased, struct err *e)
{
	struct val *args = arena_array(a, DB_REPEAT_MAX + 1, sizeof *args);
	struct dict *hashes = dict_new();
	int64_t *of = arena_array(a, n + 1, sizeof *of);
	arena_defer(a, (void (*)(void *))dict_free, hashes);
	args[0] = val_int(company_id);
	for (size_t at = 0; at < n;) {
		struct val found;
		size_t from = at, slice = 0;
		for (; at < n && slice < DB_REPEAT_MAX; at++) {
			const char *hash = crowd_tombstone(a, company_id, &ids[at]);
			of[at] = dict_put(hashes, text_of(hash), NULL);
			args[1 + slice++] = val_text(hash);
		}
		if (db_rows(a, db, QUERY_ERASED_OF, args, slice + 1, &found, e) < 0)
			return -1;
		for (size_t i = 0; i < found.list->n; i++) {
			int64_t number = dict_find(hashes, row_text(&found.list->at[i], 0));
			for (size_t k = from; k < at; k++)
				erased[k] = erased[k] || of[k] == number;
		}
	}
	return 0;
}

int
person_roots(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, struct val *rows, struct err *e)
{
	return db_rows_of(a, db, QUERY_NODE_ROOTS, company_id, ids, n, rows, e);
}

int
person_nodes(struct arena *a, struct db *db, int64_t company_id, int64_t root_id,
	int64_t **ids, size_t *n, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_NODE_BY_ROOTS,
		    DB_ARGS(val_int(company_id), val_int(root_id)), &rows, e) < 0)
		return -1;
	*n = rows.list->n;
	*ids = arena_array(a, *n, sizeof **ids);
	for (size_t i = 0; i < *n; i++)
		(*ids)[i] = row_int(&rows.list->at[i], 0);
	return 0;
}

/* Arguments of a query over the nodes of a person: company, then the ids (as many as one statement takes). */
static const struct val *
node_args(struct arena *a, int64_t company_id, const int64_t *ids, size_t *n)
{
	if (*n > DB_REPEAT_MAX)
		*n = DB_REPEAT_MAX;
	struct val *args = arena_array(a, *n + 1, sizeof *args);
	args[0] = val_int(company_id);
	for (size_t i = 0; i < *n; i++)
		args[i + 1] = val_int(ids[i]);
	(*n)++;
	return args;
}

/* What is known of several persons, on its way into their cards. */
struct cards {
	struct arena *arena;
	struct db *db;
	int64_t company_id;
	struct dict *nodes; /* id to number */
	int64_t *roots;	    /* by number */
	struct val *cards;  /* by place in ids; null where nobody is */
	const int64_t *ids;
	size_t n;
	struct unify unify; /* names of identifiers */
};

static struct val *
card_of(struct cards *c, int64_t root_id)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->ids[i] == root_id)
			return &c->cards[i];
	return NULL;
}

static struct val *
card_of_node(struct cards *c, int64_t node_id)
{
	int64_t at = dict_find_id(c->nodes, node_id);
	struct val *card = at != DICT_NONE ? card_of(c, c->roots[at]) : NULL;
	return card != NULL && card->kind == VAL_MAP ? card : NULL;
}

static void
put_ident(struct cards *c, const struct val *row)
{
	struct val *card = card_of_node(c, row_int(row, 2)), one = val_map(c->arena);
	int64_t kind = row_int(row, 0);
	if (card == NULL)
		return;
	val_put(c->arena, &one, "kind", val_text(unify_ident_name(&c->unify, kind)));
	val_put(c->arena, &one, "value", *row_at(row, 1));
	struct val list = *val_get(card, "identities");
	val_push(c->arena, &list, one);
}

/* What counts stands in the person's row; the newest statement that says so is its proof. */
static void
put_consent(struct cards *c, const struct val *row)
{
	struct val *card = card_of_node(c, row_int(row, 0)), one = val_map(c->arena);
	if (card == NULL)
		return;
	struct val all = *val_get(card, "consents");
	const struct val *held = val_get_key(&all, row_text(row, 1));
	bool granted = row_int(row, 2) != 0;
	if (held == NULL || val_as_bool(val_get(held, "granted"), false) != granted ||
		val_as_int(val_get(held, "at_us"), 0) > row_int(row, 3))
		return;
	val_put(c->arena, &one, "granted", val_bool(granted));
	val_put(c->arena, &one, "at_us", *row_at(row, 3));
	val_put(c->arena, &one, "source_id", val_id(c->arena, row_int(row, 4)));
	val_put(c->arena, &one, "proof", *row_at(row, 5));
	val_put_key(c->arena, &all, row_text(row, 1), one);
}

static struct val
agreed(struct arena *a, const struct val *consents)
{
	struct val out = val_map(a);
	for (size_t i = 0; i < val_len(consents); i++) {
		struct val one = val_map(a);
		val_put(a, &one, "granted", consents->map->at[i].val);
		val_put_key(a, &out, consents->map->at[i].key, one);
	}
	return out;
}

static void
put_person(struct cards *c, const struct person_row *p)
{
	struct arena *a = c->arena;
	struct val *card = card_of(c, p->id);
	if (card == NULL)
		return;
	*card = val_map(a);
	val_put(a, card, "id", val_id(a, p->id));
	val_put(a, card, "known", val_bool(p->known));
	for (size_t i = 0; i < 3; i++) {
		const struct val *v = val_get(&p->fields, field_defaults[i].name);
		val_put(a, card, field_defaults[i].name, v != NULL ? *v : val_null());
	}
	val_put(a, card, "fields", p->fields);
	val_put(a, card, "identities", val_list(a));
	val_put(a, card, "vouched", val_bool(p->vouched));
	val_put(a, card, "consents", agreed(a, &p->consents));
	val_put(a, card, "merged", val_list(a));
	val_put(a, card, "source_id", val_id(a, p->source_id));
	val_put(a, card, "created_at_us", val_int(p->created_at_us));
	val_put(a, card, "updated_at_us", val_int(p->updated_at_us));
	val_put(a, card, "first_seen_at_us", time_or_null(p->first_seen_at_us));
	val_put(a, card, "last_seen_at_us", time_or_null(p->last_seen_at_us));
}

/* All nodes of the persons; those that are not the root are what was merged into it. */
static int
read_nodes(struct cards *c, int64_t **node_ids, size_t *n, struct err *e)
{
	struct val rows;
	size_t roots = c->n;
	const struct val *args = node_args(c->arena, c->company_id, c->ids, &roots);
	if (db_rows(c->arena, c->db, QUERY_NODE_BY_ROOTS, args, roots, &rows, e) < 0)
		return -1;
	*n = rows.list->n;
	*node_ids = arena_array(c->arena, *n, sizeof **node_ids);
	c->roots = arena_array(c->arena, *n, sizeof *c->roots);
	for (size_t i = 0; i < *n; i++) {
		int64_t node_id = row_int(&rows.list->at[i], 0),
			root_id = row_int(&rows.list->at[i], 1);
		(*node_ids)[i] = node_id;
		c->roots[dict_put_id(c->nodes, node_id, NULL)] = root_id;
		struct val *card = card_of(c, root_id);
		if (node_id == root_id || card == NULL || card->kind != VAL_MAP)
			continue;
		struct val merged = *val_get(card, "merged");
		val_push(c->arena, &merged, val_id(c->arena, node_id));
	}
	return 0;
}

static int
read_told(struct cards *c, const int64_t *node_ids, size_t n, struct err *e)
{
	for (size_t done = 0; done < n;) {
		size_t slice = n - done < DB_REPEAT_MAX ? n - done : DB_REPEAT_MAX,
		       count = slice;
		struct val idents, agreed;
		const struct val *args = node_args(
			c->arena, c->company_id, node_ids + done, &count);
		if (db_rows(c->arena, c->db, QUERY_IDENT_OF_NODES, args, count, &idents,
			    e) < 0 ||
			db_rows(c->arena, c->db, QUERY_CONSENT_OF_NODES, args, count,
				&agreed, e) < 0)
			return -1;
		for (size_t i = 0; i < idents.list->n; i++)
			put_ident(c, &idents.list->at[i]);
		for (size_t i = 0; i < agreed.list->n; i++)
			put_consent(c, &agreed.list->at[i]);
		done += slice;
	}
	return 0;
}

int
person_cards(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, struct val *list, struct err *e)
{
	struct cards c = {.arena = a,
		.db = db,
		.company_id = company_id,
		.ids = ids,
		.n = n,
		.nodes = dict_new()};
	struct person_row *persons = arena_array(a, n, sizeof *persons);
	int64_t *node_ids;
	size_t found, node_n;
	must(n <= PERSON_CARDS_MAX);
	*list = val_list(a);
	arena_defer(a, (void (*)(void *))dict_free, c.nodes);
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		val_push(a, list, val_null());
	c.cards = list->list->at;
	if (person_by_ids(a, db, company_id, ids, n, persons, &found, e) < 0 ||
		unify_read(a, db, company_id, &c.unify, e) < 0)
		return -1;
	for (size_t i = 0; i < found; i++)
		put_person(&c, &persons[i]);
	return read_nodes(&c, &node_ids, &node_n, e) < 0
		       ? -1
		       : read_told(&c, node_ids, node_n, e);
}

int
person_card(struct arena *a, struct db *db, int64_t company_id, int64_t id, struct val *out,
	struct err *e)
{
	int64_t root_id;
	struct val list;
	int known = person_root(a, db, company_id, id, &root_id, e);
	if (known < 1)
		return known;
	if (person_cards(a, db, company_id, &root_id, 1, &list, e) < 0)
		return -1;
	*out = list.list->at[0];
	return out->kind == VAL_MAP;
}

int
person_suppress(struct db *db, int64_t company_id, const char *channel, struct text address,
	const char *reason, int64_t at_us, int64_t message_id, struct err *e)
{
	struct val row[] = {val_int(company_id), val_text(channel), val_of(address),
		val_text(reason), val_int(at_us), val_int(message_id)};
	return db_bulk(db, QUERY_SUPPRESSION_PUT, row, 1, 6, NULL, e);
}

int
person_suppressed_all(struct arena *a, struct db *db, int64_t company_id,
	struct val *suppressed, struct err *e)
{
	return db_rows(
		a, db, QUERY_SUPPRESSION_ALL, DB_ARGS(val_int(company_id)), suppressed, e);
}

int
person_joined(struct arena *a, struct db *db, int64_t company_id, int64_t after_id,
	size_t limit, struct val *rows, struct err *e)
{
	return db_rows(a, db, QUERY_NODE_JOINED,
		DB_ARGS(val_int(company_id), val_int(after_id), val_int((int64_t)limit)),
		rows, e);
}

int
person_suppressed(struct arena *a, struct db *db, int64_t company_id, const char *channel,
	const struct text *addresses, size_t n, struct val *rows, struct err *e)
{
	must(n <= DB_REPEAT_MAX);
	struct val *args = arena_array(a, n + 2, sizeof *args);
	args[0] = val_int(company_id);
	args[1] = val_text(channel);
	for (size_t i = 0; i < n; i++)
		args[i + 2] = val_of(addresses[i]);
	*rows = val_list(a);
	return n > 0 ? db_rows(a, db, QUERY_SUPPRESSION_OF, args, n + 2, rows, e) : 0;
}
