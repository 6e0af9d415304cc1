/* See base.h. Arrays by row for each field; texts as codes of one dictionary, each with its folded form. */
#include "column/base.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "column/read.h"

#include <stdlib.h>
#include <string.h>

static void *
regrown(void *old, size_t count, size_t size)
{
	void *p = reallocarray(old, count, size);
	must(p != NULL);
	return p;
}

struct column_base *
column_base_new(int64_t company_id, const struct zone *zone)
{
	struct column_base *base = calloc(1, sizeof *base);
	must(base != NULL);
	base->company_id = company_id;
	base->zone = zone != NULL ? zone : zone_utc();
	base->scratch = arena_new();
	arena_alloc(base->scratch, 16); /* so that rewinding keeps a block */
	base->texts = dict_new();
	base->folds = dict_new();
	base->persons = dict_new();
	base->types = dict_new();
	base->names = dict_new();
	base->type_props = dict_new();
	base->channels = dict_new();
	base->suppressed = dict_new();
	return base;
}

static void
lists_free(struct column_base *base, struct column_field *f)
{
	struct column_list *lists = f->cells;
	for (size_t i = 0; f->kind == COLUMN_LIST && i < base->n; i++)
		free(lists[i].at);
}

void
column_base_free(struct column_base *base)
{
	if (base == NULL)
		return;
	struct dict *dicts[] = {base->texts, base->folds, base->persons, base->types,
		base->names, base->type_props, base->channels, base->suppressed};
	for (size_t i = 0; i < sizeof dicts / sizeof dicts[0]; i++)
		dict_free(dicts[i]);
	for (size_t i = 0; i < base->field_n; i++) {
		lists_free(base, &base->fields[i]);
		free((void *)base->fields[i].name.at);
		free(base->fields[i].cells);
		free(base->fields[i].changed_us);
	}
	for (size_t i = 0; i < base->n; i++)
		free(base->histories[i].at);
	for (size_t i = 0; i < base->member_n; i++)
		free(base->members[i].words);
	void *arrays[] = {base->fold_of, base->ids, base->flags, base->consents,
		base->zones, base->histories, base->unused, base->row_of, base->fields,
		base->type_counts, base->props, base->lists, base->is_suppressed,
		base->members};
	for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
		free(arrays[i]);
	arena_free(base->scratch);
	free(base);
}

uint32_t
column_code(struct column_base *base, struct text t)
{
	bool added;
	if (t.n == 0)
		return 0;
	int64_t number = dict_put(base->texts, t, &added);
	if (added) {
		if ((size_t)number >= base->fold_cap) {
			base->fold_cap = base->fold_cap > 0 ? base->fold_cap * 2 : 1024;
			base->fold_of = regrown(
				base->fold_of, base->fold_cap, sizeof *base->fold_of);
		}
		struct arena_mark mark = arena_mark(base->scratch);
		base->fold_of[number] = (uint32_t)dict_put(
			base->folds, text_fold(base->scratch, t), NULL);
		arena_rewind(base->scratch, mark);
	}
	return (uint32_t)number + 1;
}

static size_t
cell_size(enum column_kind kind)
{
	static const size_t sizes[] = {
		[COLUMN_TEXT] = sizeof(uint32_t),
		[COLUMN_NUMBER] = sizeof(double),
		[COLUMN_DATE] = sizeof(int32_t),
		[COLUMN_TIME] = sizeof(int64_t),
		[COLUMN_BOOL] = sizeof(int8_t),
		[COLUMN_LIST] = sizeof(struct column_list),
		[COLUMN_GEO] = sizeof(struct column_point),
	};
	return sizes[kind];
}

static void
clear_cell(struct column_field *f, size_t row)
{
	switch (f->kind) {
	case COLUMN_TEXT:
		((uint32_t *)f->cells)[row] = 0;
		break;
	case COLUMN_NUMBER:
		((double *)f->cells)[row] = NAN;
		break;
	case COLUMN_DATE:
		((int32_t *)f->cells)[row] = INT32_MIN;
		break;
	case COLUMN_TIME:
		((int64_t *)f->cells)[row] = INT64_MIN;
		break;
	case COLUMN_BOOL:
		((int8_t *)f->cells)[row] = -1;
		break;
	case COLUMN_LIST:
		free(((struct column_list *)f->cells)[row].at);
		((struct column_list *)f->cells)[row] = (struct column_list){0};
		break;
	case COLUMN_GEO:
		((struct column_point *)f->cells)[row] = (struct column_point){NAN, NAN};
		break;
	}
}

/* Rows from to base->cap of a field are there and missing. */
static void
field_grow(struct column_base *base, struct column_field *f, size_t from)
{
	if (base->cap == 0)
		return;
	f->cells = regrown(f->cells, base->cap, cell_size(f->kind));
	memset((char *)f->cells + from * cell_size(f->kind), 0,
		(base->cap - from) * cell_size(f->kind));
	for (size_t row = from; row < base->cap; row++)
		clear_cell(f, row);
	if (f->changed_us != NULL) {
		f->changed_us = regrown(f->changed_us, base->cap, sizeof *f->changed_us);
		for (size_t row = from; row < base->cap; row++)
			f->changed_us[row] = INT64_MIN;
	}
}

static enum column_kind
kind_of(struct text type)
{
	static const struct {
		const char *type;
		enum column_kind kind;
	} kinds[] = {{"number", COLUMN_NUMBER}, {"money", COLUMN_NUMBER},
		{"date", COLUMN_DATE}, {"datetime", COLUMN_TIME}, {"bool", COLUMN_BOOL},
		{"list", COLUMN_LIST}, {"multichoice", COLUMN_LIST}, {"geo", COLUMN_GEO}};
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (text_is(type, kinds[i].type))
			return kinds[i].kind;
	return COLUMN_TEXT;
}

struct column_field *
column_field_find(const struct column_base *base, struct text name)
{
	for (size_t i = 0; i < base->field_n; i++)
		if (text_same(base->fields[i].name, name))
			return &base->fields[i];
	return NULL;
}

bool
column_field_define(struct column_base *base, struct text name, struct text type)
{
	enum column_kind kind = kind_of(type);
	struct column_field *f = column_field_find(base, name);
	bool fits = f == NULL || f->kind == kind;
	if (f == NULL) {
		if (base->field_n == base->field_cap) {
			base->field_cap = base->field_cap > 0 ? base->field_cap * 2 : 32;
			base->fields = regrown(
				base->fields, base->field_cap, sizeof *base->fields);
		}
		f = &base->fields[base->field_n++];
		char *copy = malloc(name.n + 1);
		must(copy != NULL);
		memcpy(copy, name.at, name.n);
		*f = (struct column_field){.name = {copy, name.n}, .kind = kind};
		field_grow(base, f, 0);
	} else if (!fits) {
		lists_free(base, f);
		free(f->cells);
		f->cells = NULL;
		f->kind = kind;
		field_grow(base, f, 0);
	}
	snprintf(f->type, sizeof f->type, "%.*s", (int)type.n, type.at);
	return fits;
}

static void
rows_grow(struct column_base *base)
{
	size_t from = base->cap;
	base->cap = base->cap > 0 ? base->cap * 2 : 256;
	base->ids = regrown(base->ids, base->cap, sizeof *base->ids);
	base->flags = regrown(base->flags, base->cap, sizeof *base->flags);
	base->consents = regrown(base->consents, base->cap, sizeof *base->consents);
	base->zones = regrown(base->zones, base->cap, sizeof *base->zones);
	base->histories = regrown(base->histories, base->cap, sizeof *base->histories);
	for (size_t i = 0; i < base->field_n; i++)
		field_grow(base, &base->fields[i], from);
}

int64_t
column_row(const struct column_base *base, int64_t person_id)
{
	int64_t number = dict_find_id(base->persons, person_id);
	return number == DICT_NONE ? -1 : base->row_of[number];
}

static void
row_link(struct column_base *base, int64_t person_id, int64_t row)
{
	int64_t number = dict_put_id(base->persons, person_id, NULL);
	if ((size_t)number >= base->row_cap) {
		base->row_cap = base->row_cap > 0 ? base->row_cap * 2 : 256;
		base->row_of = regrown(base->row_of, base->row_cap, sizeof *base->row_of);
	}
	base->row_of[number] = row;
}

size_t
column_row_of(struct column_base *base, int64_t person_id)
{
	int64_t found = column_row(base, person_id);
	if (found >= 0)
		return (size_t)found;
	size_t row;
	if (base->unused_n > 0)
		row = base->unused[--base->unused_n];
	else {
		if (base->n == base->cap)
			rows_grow(base);
		row = base->n++;
	}
	base->ids[row] = person_id;
	base->flags[row] = COLUMN_LIVE;
	base->consents[row] = 0;
	base->zones[row] = NULL;
	base->histories[row] = (struct column_history){0};
	row_link(base, person_id, (int64_t)row);
	return row;
}

static uint32_t
code_of_val(struct column_base *base, const struct val *v)
{
	if (v->kind == VAL_TEXT)
		return column_code(base, v->text);
	if (v->kind == VAL_NULL)
		return 0;
	struct arena_mark mark = arena_mark(base->scratch);
	uint32_t code = column_code(base, json_text(base->scratch, v));
	arena_rewind(base->scratch, mark);
	return code;
}

static void
put_list(struct column_base *base, struct column_list *cell, const struct val *v)
{
	size_t n = v->kind == VAL_LIST ? v->list->n : 1;
	const struct val *items = v->kind == VAL_LIST ? v->list->at : v;
	if (n == 0)
		return;
	cell->at = regrown(NULL, n, sizeof *cell->at);
	for (size_t i = 0; i < n; i++) {
		uint32_t code = code_of_val(base, &items[i]);
		if (code != 0)
			cell->at[cell->n++] = code;
	}
}

static double
number_of(const struct val *v)
{
	const struct val *amount = val_get(v, "amount"); /* money: minor units */
	if (amount != NULL)
		return val_as_num(amount, NAN) / 100;
	return val_as_num(v, NAN);
}

static void
put_cell(struct column_base *base, struct column_field *f, size_t row, const struct val *v)
{
	struct date day;
	int64_t at_us;
	clear_cell(f, row);
	if (val_is_null(v))
		return;
	switch (f->kind) {
	case COLUMN_TEXT:
		((uint32_t *)f->cells)[row] = code_of_val(base, v);
		break;
	case COLUMN_NUMBER:
		((double *)f->cells)[row] = number_of(v);
		break;
	case COLUMN_DATE:
		if (date_parse(val_as_text(v), &day) == 1)
			((int32_t *)f->cells)[row] = (int32_t)date_days(day);
		break;
	case COLUMN_TIME:
		if (v->kind == VAL_INT)
			((int64_t *)f->cells)[row] = v->i;
		else if (time_parse(val_as_text(v), &at_us) == 1)
			((int64_t *)f->cells)[row] = at_us;
		break;
	case COLUMN_BOOL:
		if (v->kind == VAL_BOOL)
			((int8_t *)f->cells)[row] = v->b;
		break;
	case COLUMN_LIST:
		put_list(base, &((struct column_list *)f->cells)[row], v);
		break;
	case COLUMN_GEO: {
		double lat = val_as_num(val_get(v, "lat"), NAN),
		       lon = val_as_num(val_get(v, "lon"), NAN);
		if (!isnan(lat) && !isnan(lon))
			((struct column_point *)f->cells)[row] = (struct column_point){
				lat, lon};
		break;
	}
	}
}

static const char *
guess(const struct val *v)
{
	switch (v->kind) {
	case VAL_INT:
	case VAL_NUM:
		return "number";
	case VAL_BOOL:
		return "bool";
	case VAL_LIST:
		return "list";
	case VAL_MAP:
		return val_get(v, "amount") != NULL ? "money"
		       : val_get(v, "lat") != NULL  ? "geo"
						    : "text";
	default:
		return "text";
	}
}

static void
put_changed(struct column_base *base, size_t row, const struct val *changed)
{
	for (size_t i = 0; changed != NULL && i < val_len(changed); i++) {
		const struct val_pair *p = &changed->map->at[i];
		struct column_field *f = column_field_find(base, p->key);
		if (f == NULL || p->val.kind != VAL_INT)
			continue;
		if (f->changed_us == NULL) {
			f->changed_us = regrown(NULL, base->cap, sizeof *f->changed_us);
			for (size_t k = 0; k < base->cap; k++)
				f->changed_us[k] = INT64_MIN;
		}
		f->changed_us[row] = p->val.i;
	}
}

static void
put_fields(struct column_base *base, size_t row, const struct val *fields)
{
	for (size_t i = 0; i < val_len(fields); i++) {
		const struct val_pair *p = &fields->map->at[i];
		struct column_field *f = column_field_find(base, p->key);
		if (f == NULL) {
			if (p->val.kind == VAL_NULL)
				continue;
			column_field_define(base, p->key, text_of(guess(&p->val)));
			f = column_field_find(base, p->key);
		}
		put_cell(base, f, row, &p->val);
		if (text_is(p->key, "timezone"))
			base->zones[row] = zone_find(val_as_text(&p->val));
	}
}

void
column_person_put(struct column_base *base, int64_t person_id, bool is_known,
	const struct val *fields, const struct val *changed)
{
	size_t row = column_row_of(base, person_id);
	base->flags[row] = (uint8_t)(COLUMN_LIVE | (is_known ? COLUMN_KNOWN : 0));
	base->zones[row] = NULL;
	for (size_t i = 0; i < base->field_n; i++)
		clear_cell(&base->fields[i], row);
	put_fields(base, row, fields);
	put_changed(base, row, changed);
}

void
column_person_patch(struct column_base *base, int64_t person_id, const struct val *fields,
	const struct val *changed)
{
	int64_t row = column_row(base, person_id);
	if (row < 0)
		return;
	put_fields(base, (size_t)row, fields);
	put_changed(base, (size_t)row, changed);
}

static void
row_clear(struct column_base *base, size_t row)
{
	for (size_t i = 0; i < base->field_n; i++) {
		clear_cell(&base->fields[i], row);
		if (base->fields[i].changed_us != NULL)
			base->fields[i].changed_us[row] = INT64_MIN;
	}
	for (size_t i = 0; i < base->member_n; i++)
		column_member_set(base, base->members[i].segment_id, base->ids[row], false);
	struct column_history *h = &base->histories[row];
	for (uint32_t i = 0; i < h->n; i++)
		base->type_counts[h->at[i].type]--;
	base->event_n -= h->n;
	free(h->at);
	*h = (struct column_history){0};
	base->ids[row] = 0;
	base->flags[row] = 0;
	base->consents[row] = 0;
	base->zones[row] = NULL;
	if (base->unused_n == base->unused_cap) {
		base->unused_cap = base->unused_cap > 0 ? base->unused_cap * 2 : 64;
		base->unused = regrown(
			base->unused, base->unused_cap, sizeof *base->unused);
	}
	base->unused[base->unused_n++] = row;
}

/* Every id that leads to row leads to other (-1: nowhere). Ids merged into a row are few; the walk is over all ids, as a merge or a
 * drop is rare beside events. */
static void
rows_relink(struct column_base *base, int64_t row, int64_t other)
{
	for (size_t i = 0; i < dict_count(base->persons); i++)
		if (base->row_of[i] == row)
			base->row_of[i] = other;
}

void
column_person_drop(struct column_base *base, int64_t person_id)
{
	int64_t row = column_row(base, person_id);
	if (row < 0)
		return;
	row_clear(base, (size_t)row);
	rows_relink(base, row, -1);
}

void
column_person_merge(struct column_base *base, int64_t from_id, int64_t into_id)
{
	int64_t from = column_row(base, from_id);
	size_t into = column_row_of(base, into_id);
	if (from < 0) {
		row_link(base, from_id, (int64_t)into);
		return;
	}
	if ((size_t)from == into)
		return;
	column_history_join(base, (size_t)from, into);
	base->flags[into] |= base->flags[from] & COLUMN_KNOWN;
	row_clear(base, (size_t)from);
	rows_relink(base, from, (int64_t)into);
}

int64_t
column_person(const struct column_base *base, size_t row)
{
	return row < base->n ? base->ids[row] : 0;
}

bool
column_row_is_known(const struct column_base *base, size_t row)
{
	return row < base->n && (base->flags[row] & COLUMN_KNOWN) != 0;
}

size_t
column_rows(const struct column_base *base)
{
	return base->n;
}
