/* What becomes of rows: whom they name, whether that is somebody new, whether they say anything new. */
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "exchange/import_parts.h"
#include "profile/person.h"

#include <stdlib.h>
#include <string.h>

struct seen {
	struct dict *keys;
	int64_t *values; /* by number of the key */
	size_t cap;
};

struct seen *
seen_new(void)
{
	struct seen *s = calloc(1, sizeof *s);
	must(s != NULL);
	s->keys = dict_new();
	return s;
}

void
seen_free(struct seen *s)
{
	if (s == NULL)
		return;
	dict_free(s->keys);
	free(s->values);
	free(s);
}

/* Notes a row: 0 the key is new, 1 the same was said of it before, 2 something else was. */
static int
seen_note(struct seen *s, const struct row *row)
{
	bool added;
	size_t at = (size_t)dict_put_id(s->keys, row->key_hash, &added);
	if (at >= s->cap) {
		s->cap = s->cap > 0 ? s->cap * 2 : 4096;
		s->values = realloc(s->values, s->cap * sizeof *s->values);
		must(s->values != NULL);
	}
	int told = added ? 0 : s->values[at] == row->value_hash ? 1 : 2;
	s->values[at] = row->value_hash;
	return told;
}

static bool
seen_has(const struct seen *s, int64_t key_hash)
{
	return dict_find_id(s->keys, key_hash) != DICT_NONE;
}

/* A key that a row brings along: who comes by it is not new. */
static void
seen_add(struct seen *s, int64_t key_hash)
{
	struct row along = {.key_hash = key_hash};
	if (!seen_has(s, key_hash))
		seen_note(s, &along);
}

void
seen_replay(struct seen *s, const struct mapping *m, const struct row *row)
{
	if (row->why != WHY_NONE || m->mode == MODE_UPDATE)
		return;
	seen_note(s, row);
	for (size_t k = 0; k < row->n; k++)
		seen_add(s, row->ident_hashes[k]);
}

struct lookup {
	struct arena *arena;
	struct dict *names; /* kind and value */
	int64_t *roots;	    /* by number; 0 nobody */
	int64_t *claims;    /* key hash of the row of this batch that gets it, 0 none */
	size_t n, cap;
	struct dict *people; /* roots of cards */
	struct val *cards;
};

static int64_t
number_of(struct lookup *l, const struct ident *id)
{
	char key[IDENT_VALUE_MAX + 1];
	key[0] = (char)id->kind;
	memcpy(key + 1, id->value.at, id->value.n);
	bool added;
	int64_t at = dict_put(l->names, (struct text){key, id->value.n + 1}, &added);
	if (added && l->n == l->cap) {
		size_t cap = l->cap;
		l->roots = arena_room(l->arena, l->roots, l->n, &cap, sizeof *l->roots);
		l->claims = arena_room(
			l->arena, l->claims, l->n, &l->cap, sizeof *l->claims);
	}
	if (added)
		l->roots[l->n] = l->claims[l->n] = 0, l->n++;
	return at;
}

/* All identifiers of the rows: whose they are now. */
static int
look_up(struct lookup *l, struct db *db, int64_t company_id, const struct decided *rows,
	size_t n, struct err *e)
{
	for (int kind = IDENT_EXTERNAL; kind < IDENT_KINDS; kind++) {
		struct text *values = arena_array(l->arena, n, sizeof *values);
		struct val found;
		size_t count = 0;
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < rows[i].row.n; k++)
				if ((int)rows[i].row.idents[k].kind == kind) {
					number_of(l, &rows[i].row.idents[k]);
					values[count++] = rows[i].row.idents[k].value;
				}
		if (count == 0)
			continue;
		if (person_by_idents(
			    l->arena, db, company_id, kind, values, count, &found, e) < 0)
			return -1;
		for (size_t i = 0; i < val_len(&found); i++) {
			const struct val *row = &found.list->at[i];
			struct ident id = {
				(enum ident_kind)kind, val_as_text(&row->list->at[0])};
			int64_t at = number_of(l, &id);
			l->roots[at] = val_as_int(&row->list->at[1], 0);
		}
	}
	return 0;
}

static int
find_ids(struct lookup *l, struct db *db, int64_t company_id, struct decided *rows,
	size_t n, struct err *e)
{
	int64_t *ids = arena_array(l->arena, n + 1, sizeof *ids);
	struct dict *roots = dict_new();
	struct val found;
	size_t count = 0;
	arena_defer(l->arena, (void (*)(void *))dict_free, roots);
	for (size_t i = 0; i < n; i++)
		if (rows[i].row.profile_id != 0)
			ids[count++] = rows[i].row.profile_id;
	if (count == 0)
		return 0;
	if (person_roots(l->arena, db, company_id, ids, count, &found, e) < 0)
		return -1;
	int64_t *root = arena_array(l->arena, val_len(&found) + 1, sizeof *root);
	for (size_t i = 0; i < val_len(&found); i++)
		root[dict_put_id(roots, val_as_int(&found.list->at[i].list->at[0], 0),
			NULL)] = val_as_int(&found.list->at[i].list->at[1], 0);
	for (size_t i = 0; i < n; i++) {
		int64_t at = dict_find_id(roots, rows[i].row.profile_id);
		if (rows[i].row.profile_id == 0)
			continue;
		if (at != DICT_NONE)
			rows[i].root_id = root[at];
		else if (rows[i].row.why == WHY_NONE)
			rows[i].row.why = WHY_ID;
	}
	return 0;
}

/* The cards of who is there already: to see whether a row says anything new. */
static int
load_cards(struct lookup *l, struct db *db, int64_t company_id, const struct decided *rows,
	size_t n, struct err *e)
{
	int64_t *ids = arena_array(l->arena, n + 1, sizeof *ids);
	size_t count = 0;
	struct val cards;
	for (size_t i = 0; i < n; i++) {
		bool added = false;
		if (rows[i].root_id != 0)
			dict_put_id(l->people, rows[i].root_id, &added);
		if (added)
			ids[count++] = rows[i].root_id;
	}
	if (person_cards(l->arena, db, company_id, ids, count, &cards, e) < 0)
		return -1;
	l->cards = cards.list->at;
	return 0;
}

static const struct val *
card_of(const struct lookup *l, int64_t root_id)
{
	int64_t at = root_id != 0 ? dict_find_id(l->people, root_id) : DICT_NONE;
	return at != DICT_NONE && l->cards[at].kind == VAL_MAP ? &l->cards[at] : NULL;
}

/* Nobody who was erased comes back by a file. */
static int
pass_erased(struct lookup *l, struct db *db, int64_t company_id, struct decided *rows,
	size_t n, struct err *e)
{
	struct ident *ids = arena_array(l->arena, n * MAPPING_IDENTS_MAX + 1, sizeof *ids);
	struct row **of = arena_array(l->arena, n * 8 + 1, sizeof *of);
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < rows[i].row.n; k++)
			if (l->roots[number_of(l, &rows[i].row.idents[k])] == 0) {
				of[count] = &rows[i].row;
				ids[count++] = rows[i].row.idents[k];
			}
	bool *erased = arena_array(l->arena, count + 1, sizeof *erased);
	if (person_erased(l->arena, db, company_id, ids, count, erased, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (erased[i] && of[i]->why == WHY_NONE) {
			of[i]->why = WHY_ERASED;
			of[i]->column = "";
		}
	return 0;
}

/* A kind's name, as the mapping has it. */
static const char *
name_of(const struct mapping *m, enum ident_kind kind)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->columns[i].kind == kind)
			return m->columns[i].to;
	return ident_name(kind);
}

/* An identifier that is another's, in the store or by a row before, stays there: two known people are not joined by a file. */
static void
take_out(struct lookup *l, const struct mapping *m, struct decided *d)
{
	struct row *r = &d->row;
	size_t kept = 0;
	for (size_t i = 0; i < r->n; i++) {
		int64_t at = number_of(l, &r->idents[i]);
		bool device = r->idents[i].kind == IDENT_ANONYMOUS;
		bool is_key = i == 0 && r->profile_id == 0;
		bool others = (l->roots[at] != 0 && l->roots[at] != d->root_id) ||
			      (l->claims[at] != 0 && l->claims[at] != r->key_hash);
		if (others && !is_key && !device) {
			if (r->warning == WHY_NONE) {
				r->warning = WHY_TAKEN;
				r->column = name_of(m, r->idents[i].kind);
				r->value = r->idents[i].value;
			}
			continue;
		}
		l->claims[at] = r->key_hash;
		r->ident_hashes[kept] = r->ident_hashes[i];
		r->idents[kept++] = r->idents[i];
	}
	r->n = kept;
}

static bool
has_ident(const struct val *card, const struct mapping *m, const struct ident *id)
{
	const struct val *list = val_get(card, "identities");
	for (size_t i = 0; i < val_len(list); i++)
		if (text_is(val_as_text(val_get(&list->list->at[i], "kind")),
			    name_of(m, id->kind)) &&
			text_same(val_as_text(val_get(&list->list->at[i], "value")),
				id->value))
			return true;
	return false;
}

static bool
says_nothing(const struct row *r, const struct mapping *m, const struct val *card)
{
	const struct val *fields = val_get(card, "fields"),
			 *agreed = val_get(card, "consents");
	for (size_t i = 0; i < val_len(&r->fields); i++) {
		const struct val *held = val_get_key(fields, r->fields.map->at[i].key),
				 *v = &r->fields.map->at[i].val;
		if (held == NULL ? v->kind != VAL_NULL : !val_same(held, v))
			return false;
	}
	for (size_t i = 0; i < r->n; i++)
		if (!has_ident(card, m, &r->idents[i]))
			return false;
	for (size_t i = 0; i < val_len(&r->consents); i++) {
		const struct val *c = &r->consents.list->at[i];
		const struct val *held = val_get_key(
			agreed, val_as_text(val_get(c, "channel")));
		if (held == NULL || val_as_bool(val_get(held, "granted"), false) !=
					    val_as_bool(val_get(c, "granted"), false))
			return false;
	}
	return true;
}

/* Lists grow by what is new in the row. */
static void
put_together(struct arena *a, struct row *r, const struct val *fields)
{
	for (size_t i = 0; i < val_len(&r->fields); i++) {
		struct val *v = &r->fields.map->at[i].val;
		const struct val *held = val_get_key(fields, r->fields.map->at[i].key);
		if (v->kind != VAL_LIST || held == NULL || held->kind != VAL_LIST)
			continue;
		struct val all = val_copy(a, held);
		for (size_t k = 0; k < val_len(v); k++) {
			bool there = false;
			for (size_t j = 0; j < val_len(&all); j++)
				there = there ||
					val_same(&all.list->at[j], &v->list->at[k]);
			if (!there)
				val_push(a, &all, v->list->at[k]);
		}
		*v = all;
	}
}

/* The row of this batch that spoke last of the same key. */
static const struct decided *
before(const struct decided *rows, size_t i)
{
	for (size_t k = i; k-- > 0;)
		if (rows[k].act >= ACT_INSERT &&
			rows[k].row.key_hash == rows[i].row.key_hash)
			return &rows[k];
	return NULL;
}

static void
decide_one(struct lookup *l, const struct mapping *m, struct seen *seen,
	struct decided *rows, size_t i)
{
	struct decided *d = &rows[i];
	const struct val *card = card_of(l, d->root_id);
	bool there = d->root_id != 0 || seen_has(seen, d->row.key_hash);
	d->act = ACT_SKIP;
	if ((m->mode == MODE_INSERT && there) || (m->mode == MODE_UPDATE && !there))
		return;
	int told = seen_note(seen, &d->row);
	take_out(l, m, d);
	for (size_t k = 0; k < d->row.n; k++)
		seen_add(seen, d->row.ident_hashes[k]);
	const struct decided *b = told > 0 && m->append ? before(rows, i) : NULL;
	if (m->append && b != NULL)
		put_together(l->arena, &d->row, &b->row.fields);
	else if (m->append && card != NULL)
		put_together(l->arena, &d->row, val_get(card, "fields"));
	if (told == 1 || (told == 0 && card != NULL && says_nothing(&d->row, m, card)))
		return;
	d->act = there ? ACT_UPDATE : ACT_INSERT;
	if (there)
		return;
	struct val kept = val_map(l->arena); /* nothing is there to be cleared */
	for (size_t k = 0; k < val_len(&d->row.fields); k++)
		if (d->row.fields.map->at[k].val.kind != VAL_NULL)
			val_put_key(l->arena, &kept, d->row.fields.map->at[k].key,
				d->row.fields.map->at[k].val);
	d->row.fields = kept;
}

int
decide(struct arena *a, struct db *db, int64_t company_id, const struct mapping *m,
	struct seen *seen, struct decided *rows, size_t n, struct err *e)
{
	struct lookup l = {.arena = a, .names = dict_new(), .people = dict_new()};
	must(n <= DECIDE_MAX);
	arena_defer(a, (void (*)(void *))dict_free, l.names);
	arena_defer(a, (void (*)(void *))dict_free, l.people);
	for (size_t i = 0; i < n; i++)
		if (rows[i].row.why != WHY_NONE)
			rows[i].row.n = 0;
	if (look_up(&l, db, company_id, rows, n, e) < 0 ||
		find_ids(&l, db, company_id, rows, n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (rows[i].row.why == WHY_NONE && rows[i].row.profile_id == 0)
			rows[i].root_id = l.roots[number_of(&l, &rows[i].row.idents[0])];
	if (pass_erased(&l, db, company_id, rows, n, e) < 0 ||
		load_cards(&l, db, company_id, rows, n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (rows[i].row.why == WHY_NONE)
			decide_one(&l, m, seen, rows, i);
	return 0;
}
