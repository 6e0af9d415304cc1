/* See base.h. Arrays by row for each field; texts as codes of one dictionary, each with its folded form. */
#include "column/base.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/str.h"
#include "column/parts.h"

#include <stdlib.h>
#include <string.h>

enum {
	NAMES_MAX = 1 << 20
}; /* of fields and properties: above that only the store keeps them */

size_t
column_more(size_t cap, size_t want)
{
	size_t more = cap + cap / 2 + 16;
	return more > want ? more : want;
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
	struct dict **dicts[] = {&base->texts, &base->folds, &base->merged, &base->types,
		&base->names, &base->type_props, &base->distinct, &base->channels,
		&base->suppressed, &base->zone_names};
	for (size_t i = 0; i < sizeof dicts / sizeof dicts[0]; i++)
		*dicts[i] = dict_new();
	base->folded_before_us = INT64_MIN;
	base->lists = COLUMN_ROOM(base, base->lists, 0, base->list_cap, 64);
	base->lists[base->list_n++] = 0; /* place 0 is no list */
	return base;
}

void
column_base_free(struct column_base *base)
{
	if (base == NULL)
		return;
	const struct room *r = &base->room;
	struct dict *dicts[] = {base->texts, base->folds, base->merged, base->types,
		base->names, base->type_props, base->distinct, base->channels,
		base->suppressed, base->zone_names};
	for (size_t i = 0; i < sizeof dicts / sizeof dicts[0]; i++)
		dict_free(dicts[i]);
	for (size_t i = 0; i < base->field_n; i++) {
		room_free(r, base->fields[i].cells);
		room_free(r, base->fields[i].changed_us);
	}
	for (size_t i = 0; i < base->member_n; i++)
		room_free(r, base->members[i].words);
	for (size_t i = 0; i < base->type_cap; i++)
		room_free(r, base->type_list[i].rows);
	void *arrays[] = {base->fold_of, base->ids, base->flags, base->consents,
		base->zones, base->histories, base->changes, base->totals, base->unused,
		base->row_slots, base->merged_into, base->events.at, base->changed.at,
		base->props, base->lists, base->wides, base->distinct_n, base->total_list,
		base->sums, base->is_suppressed};
	for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
		room_free(r, arrays[i]);
	free(base->events.free_runs);
	free(base->changed.free_runs);
	free(base->fields);
	free(base->type_list);
	column_last_free(base);
	free(base->members);
	free(base->zone_list);
	arena_free(base->scratch);
	if (r->from != NULL)
		column_room_close(r);
	free(base);
}

uint64_t
column_hash(struct text fold)
{
	return (uint64_t)sign_hash64(fold);
}

uint32_t
column_code(struct column_base *base, struct text t)
{
	bool added;
	if (t.n == 0)
		return 0;
	int64_t number = dict_put(base->texts, t, &added);
	if (added) {
		base->fold_of = COLUMN_ROOM(base, base->fold_of, (size_t)number,
			base->fold_cap, (size_t)number + 1);
		struct arena_mark mark = arena_mark(base->scratch);
		base->fold_of[number] = (uint32_t)dict_put(
			base->folds, text_fold(base->scratch, t), NULL);
		arena_rewind(base->scratch, mark);
	}
	return (uint32_t)number + 1;
}

uint32_t
column_code_of(struct column_base *base, const struct val *v)
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

uint32_t
column_name(struct column_base *base, struct text name)
{
	if (dict_count(base->names) >= NAMES_MAX) {
		int64_t found = dict_find(base->names, name);
		return found != DICT_NONE ? (uint32_t)found : NAMES_MAX;
	}
	return (uint32_t)dict_put(base->names, name, NULL);
}

uint16_t
column_zone_put(struct column_base *base, struct text name)
{
	const struct zone *zone = zone_find(name);
	bool added;
	if (zone == NULL)
		return 0;
	int64_t number = dict_put(base->zone_names, name, &added);
	if (number >= UINT16_MAX)
		return 0;
	if (added) {
		base->zone_list = COLUMN_ROOM(base, base->zone_list, (size_t)number,
			base->zone_cap, (size_t)number + 1);
		base->zone_list[number] = zone;
	}
	return (uint16_t)(number + 1);
}

uint32_t
column_list_put(struct column_base *base, const uint32_t *codes, uint32_t n)
{
	if (n == 0 || base->list_n + n + 1 >= UINT32_MAX)
		return 0;
	base->lists = COLUMN_ROOM(
		base, base->lists, base->list_n, base->list_cap, base->list_n + n + 1);
	uint32_t place = (uint32_t)base->list_n;
	base->lists[place] = n;
	memcpy(base->lists + place + 1, codes, n * sizeof *codes);
	base->list_n += n + 1;
	return place;
}

uint32_t
column_wide_put(struct column_base *base, int64_t wide)
{
	must(base->wide_n < UINT32_MAX); /* fewer than properties, which are counted */
	base->wides = COLUMN_ROOM(
		base, base->wides, base->wide_n, base->wide_cap, base->wide_n + 1);
	base->wides[base->wide_n] = wide;
	return (uint32_t)base->wide_n++;
}

size_t
column_cell_size(enum column_kind kind)
{
	static const size_t sizes[] = {
		[COLUMN_TEXT] = sizeof(uint32_t),
		[COLUMN_NUMBER] = sizeof(double),
		[COLUMN_DATE] = sizeof(int32_t),
		[COLUMN_TIME] = sizeof(int64_t),
		[COLUMN_BOOL] = sizeof(int8_t),
		[COLUMN_LIST] = sizeof(uint32_t),
		[COLUMN_GEO] = sizeof(struct column_point),
	};
	return sizes[kind];
}

void
column_cell_clear(const struct column_field *f, size_t row)
{
	switch (f->kind) {
	case COLUMN_TEXT:
	case COLUMN_LIST:
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
	case COLUMN_GEO:
		((struct column_point *)f->cells)[row] = (struct column_point){NAN, NAN};
		break;
	}
}

void
column_row_clear(struct column_base *base, size_t row)
{
	for (size_t i = 0; i < base->field_n; i++) {
		column_cell_clear(&base->fields[i], row);
		if (base->fields[i].changed_us != NULL)
			base->fields[i].changed_us[row] = INT64_MIN;
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
	int64_t number = dict_find(base->names, name);
	for (size_t i = 0; number != DICT_NONE && i < base->field_n; i++)
		if (base->fields[i].name == number)
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
		base->fields = COLUMN_ROOM(base, base->fields, base->field_n,
			base->field_cap, base->field_n + 1);
		f = &base->fields[base->field_n++];
		*f = (struct column_field){
			.name = (uint32_t)dict_put(base->names, name, NULL),
			.kind = kind,
			.put = base->puts - 1};
	}
	if (f->cells == NULL || !fits) {
		room_free(&base->room, f->cells);
		f->kind = kind;
		f->cells = calloc(base->cap + 1, column_cell_size(kind));
		must(f->cells != NULL);
		for (size_t row = 0; row < base->n; row++)
			column_cell_clear(f, row);
	}
	snprintf(f->type, sizeof f->type, "%.*s", (int)type.n, type.at);
	return fits;
}

/* The same list as before stays where it is. */
static uint32_t
put_list(struct column_base *base, const struct val *v, uint32_t old)
{
	size_t n = v->kind == VAL_LIST ? v->list->n : 1;
	const struct val *items = v->kind == VAL_LIST ? v->list->at : v;
	struct arena_mark mark = arena_mark(base->scratch);
	uint32_t *codes = arena_array(base->scratch, n + 1, sizeof *codes), kept = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t code = column_code_of(base, &items[i]);
		if (code != 0)
			codes[kept++] = code;
	}
	uint32_t was_n;
	const uint32_t *was = column_list(base, old, &was_n);
	uint32_t place = kept > 0 && kept == was_n &&
					 memcmp(was, codes, kept * sizeof *codes) == 0
				 ? old
				 : column_list_put(base, codes, kept);
	arena_rewind(base->scratch, mark);
	return place;
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
	uint32_t old = f->kind == COLUMN_LIST ? ((uint32_t *)f->cells)[row] : 0;
	f->put = base->puts;
	column_cell_clear(f, row);
	if (val_is_null(v))
		return;
	switch (f->kind) {
	case COLUMN_TEXT:
		((uint32_t *)f->cells)[row] = column_code_of(base, v);
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
		((uint32_t *)f->cells)[row] = put_list(base, v, old);
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

void
column_old_put(struct column_base *base, struct column_prop *p,
	const struct column_field *f, const struct val *old)
{
	union {
		uint32_t code;
		double number;
		int32_t days;
		int64_t us;
		int8_t flag;
		struct column_point point;
	} cell = {.us = 0};
	struct column_field one = *f;
	one.cells = &cell;
	put_cell(base, &one, 0, old);
	p->kind = PROP_NONE;
	switch (f->kind) {
	case COLUMN_TEXT:
	case COLUMN_LIST:
		p->kind = cell.code == 0	   ? PROP_NONE
			  : f->kind == COLUMN_LIST ? PROP_LIST
						   : PROP_TEXT;
		p->value = cell.code;
		break;
	case COLUMN_NUMBER:
		if (!isnan(cell.number))
			column_number_put(base, p, cell.number);
		break;
	case COLUMN_DATE:
		p->kind = cell.days != INT32_MIN ? PROP_DAY : PROP_NONE;
		p->value = (uint32_t)cell.days;
		break;
	case COLUMN_TIME:
		p->kind = cell.us != INT64_MIN ? PROP_TIME : PROP_NONE;
		p->value = column_wide_put(base, cell.us);
		break;
	case COLUMN_BOOL:
		p->kind = cell.flag >= 0 ? PROP_BOOL : PROP_NONE;
		p->value = cell.flag > 0;
		break;
	case COLUMN_GEO:
		break; /* where somebody was is not asked */
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
			f->changed_us = calloc(base->cap + 1, sizeof *f->changed_us);
			must(f->changed_us != NULL);
			for (size_t k = 0; k < base->n; k++)
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
			base->zones[row] = column_zone_put(base, val_as_text(&p->val));
	}
}

void
column_person_put(struct column_base *base, int64_t person_id, bool is_known,
	const struct val *fields, const struct val *changed)
{
	size_t row = column_row_of(base, person_id);
	base->flags[row] = (uint8_t)(COLUMN_LIVE | (is_known ? COLUMN_KNOWN : 0));
	base->zones[row] = 0;
	base->puts++;
	put_fields(base, row, fields);
	for (size_t i = 0; i < base->field_n; i++)
		if (base->fields[i].put != base->puts)
			column_cell_clear(&base->fields[i], row);
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
