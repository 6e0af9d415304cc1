/* See row.h. */
#include "exchange/row.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "event/call.h"
#include "markup/table.h"
#include "profile/field_options.h"
#include "script/box.h"
#include "tenant/company.h"

#include <string.h>

struct row_reader {
	const struct settings *settings;
	const struct company *company;
	const struct mapping *m;
	const struct val *columns;
	const struct zone *zone;
	int year;
	bool has_transforms;
	struct box *box;
	struct box_ref *refs; /* by the mapping's columns */
};

static void
close_reader(void *obj)
{
	struct row_reader *r = obj;
	box_free(r->box);
}

/* A box serves so many runs; then the texts are loaded into a new one. */
static int
fill_box(struct arena *a, struct row_reader *r, struct err *e)
{
	if (!r->has_transforms || (r->box != NULL && !box_is_spent(r->box)))
		return 0;
	box_free(r->box);
	r->box = box_new(BOX_ADAPTER, r->settings, time_now_us(), 1);
	for (size_t i = 0; i < r->m->n; i++) {
		const struct mapping_column *c = &r->m->columns[i];
		if (c->transform.n == 0)
			continue;
		struct text chunk = text_of(arena_printf(a,
			"local value, row = params.value, params.row return %.*s\n",
			(int)c->transform.n, c->transform.at));
		if (box_load(r->box, chunk, c->column, &r->refs[i], e) < 0) {
			struct err why = *e;
			return err_field(e, "transform", "column \"%.100s\": %.300s",
				c->column, why.text);
		}
	}
	return 0;
}

int
row_reader_new(struct arena *a, const struct settings *s, const struct company *company,
	const struct mapping *m, const struct val *columns, struct row_reader **out,
	struct err *e)
{
	struct row_reader *r = arena_alloc(a, sizeof *r);
	const struct zone *zone = zone_find(text_of(company->timezone));
	*r = (struct row_reader){.settings = s,
		.company = company,
		.m = m,
		.columns = columns,
		.zone = zone != NULL ? zone : zone_utc(),
		.refs = arena_array(a, m->n + 1, sizeof *r->refs)};
	r->year = zone_date(r->zone, time_now_us(), NULL).year;
	for (size_t i = 0; i < m->n; i++)
		r->has_transforms = r->has_transforms || m->columns[i].transform.n > 0;
	arena_defer(a, close_reader, r);
	*out = r;
	return fill_box(a, r, e);
}

/* A row under way: what is known only after all its columns. */
struct reading {
	struct arena *arena;
	struct row_reader *r;
	struct row *out;
	struct val script_row; /* column to cell, for transforms */
	struct val granted;    /* channel to yes or no */
	const char *granted_column;
	struct text proof;
	int64_t proof_at_us;
};

/* 0: the row goes on without the value; else it is refused. */
static bool
spoil(struct reading *g, enum why why, const char *column, struct text value)
{
	bool first = g->out->why == WHY_NONE && g->out->warning == WHY_NONE;
	if (first || !g->r->m->lenient) {
		g->out->column = column;
		g->out->value = text_cut(value, 200);
	}
	if (g->r->m->lenient) {
		g->out->warning = first ? why : g->out->warning;
		return false;
	}
	g->out->why = why;
	return true;
}

static int
transform(
	struct reading *g, size_t i, const struct val *cell, struct val *out, struct err *e)
{
	struct arena *a = g->arena;
	struct row_reader *r = g->r;
	struct val args = val_map(a);
	struct text t = text_trim(val_as_text(cell));
	val_put(a, &args, "value", t.n > 0 ? val_of(t) : val_null());
	val_put(a, &args, "row", g->script_row);
	if (fill_box(a, r, e) < 0)
		return -1;
	if (box_call(a, r->box, r->refs[i], &args, 1, out, e) == 0)
		return 0;
	if (e->code == ERR_BUSY)
		return -1;
	*out = val_null();
	spoil(g, WHY_TRANSFORM, r->m->columns[i].column,
		text_of(arena_printf(a, "%s", e->text)));
	return 0;
}

static void
add_ident(struct reading *g, const struct mapping_column *c, struct text t)
{
	struct ident id;
	struct val v = val_of(t);
	struct row *o = g->out;
	if (ident_read(g->arena, c->kind, &v, g->r->company->country, &id) != 1) {
		spoil(g, WHY_IDENT, c->column, t);
		return;
	}
	bool is_key = strcmp(c->to, g->r->m->key) == 0;
	must(o->n < MAPPING_IDENTS_MAX);
	o->idents[o->n++] = is_key ? o->idents[0] : id;
	if (is_key)
		o->idents[0] = id;
	if (c->target == TO_IDENT)
		val_put(g->arena, &o->fields, c->to, val_of(id.value));
}

static void
take_field(struct reading *g, const struct mapping_column *c, const struct cell_how *how,
	const struct val *v)
{
	struct val value = *v;
	struct text t = val_as_text(v);
	bool listed = v->kind == VAL_LIST &&
		      (strcmp(c->type, "list") == 0 || strcmp(c->type, "multichoice") == 0);
	enum why why = listed ? WHY_NONE : cell_read(g->arena, how, t, &value);
	if (why != WHY_NONE) {
		spoil(g, why, c->column, t);
		return;
	}
	struct err ignored;
	if (c->target == TO_FIELD &&
		field_options_check(g->arena, &c->field, &value, &ignored) < 0) {
		spoil(g, WHY_LIMIT, c->column, t);
		return;
	}
	if (value.kind != VAL_NULL && c->target == TO_IDENT)
		add_ident(g, c, val_as_text(&value));
	else if (value.kind != VAL_NULL || (g->r->m->empty && c->target == TO_FIELD))
		val_put(g->arena, &g->out->fields, c->to, value);
}

static void
take_other(struct reading *g, const struct mapping_column *c, const struct cell_how *how,
	struct text t)
{
	struct val v = val_of(t);
	int yes;
	enum why why = WHY_NONE;
	switch (c->target) {
	case TO_OTHER_IDENT:
		add_ident(g, c, t);
		return;
	case TO_ID:
		g->out->profile_id = val_as_int(&v, 0);
		why = g->out->profile_id > 0 ? WHY_NONE : WHY_ID;
		break;
	case TO_CONSENT:
		yes = cell_yes(g->arena, t);
		why = yes < 0 ? WHY_BOOL : WHY_NONE;
		g->granted_column = c->column;
		if (yes >= 0)
			val_put(g->arena, &g->granted, c->to + 8, val_bool(yes == 1));
		break;
	case TO_PROOF:
		g->proof = text_cut(t, 900);
		return;
	case TO_PROOF_TIME:
		why = cell_time(g->arena, how, t, &g->proof_at_us);
		break;
	case TO_FIELD:
	case TO_IDENT:
		return;
	}
	if (why != WHY_NONE)
		spoil(g, why, c->column, t);
}

/* Exports put a ' before what a table would take for a formula (export_row.c): it is not part of the value. */
static struct val
without_guard(const struct val *cell)
{
	struct text t = val_as_text(cell);
	if (t.n < 2 || t.at[0] != '\'' || memchr("=+-@\t\r", t.at[1], 6) == NULL)
		return *cell;
	return val_bytes(t.at + 1, t.n - 1);
}

static int
take_column(struct reading *g, size_t i, const struct table_row *in, struct err *e)
{
	const struct mapping_column *c = &g->r->m->columns[i];
	const struct val *cell = c->at >= 0 ? &in->cells.list->at[c->at] : NULL;
	struct val v = c->at < 0 ? val_of(c->constant) : without_guard(cell);
	struct cell_how how = {.type = c->type,
		.name = c->to,
		.month_first = c->month_first,
		.country = g->r->company->country,
		.currency = g->r->company->currency,
		.zone = g->r->zone,
		.year = g->r->year};
	if (c->transform.n > 0 && transform(g, i, &v, &v, e) < 0)
		return -1;
	if (v.kind != VAL_TEXT && v.kind != VAL_NULL && v.kind != VAL_LIST)
		v = val_of(json_text(g->arena, &v));
	if (c->target == TO_FIELD || c->target == TO_IDENT)
		take_field(g, c, &how, &v);
	else if (text_trim(val_as_text(&v)).n > 0)
		take_other(g, c, &how, text_trim(val_as_text(&v)));
	return 0;
}

/* A grant stands on the text that was agreed to and the time; a withdrawal on nothing. */
static int
take_consents(struct reading *g, struct err *e)
{
	struct arena *a = g->arena;
	struct val said = val_map(a);
	bool proved = g->proof.n > 0 && g->proof_at_us != 0;
	for (size_t i = 0; i < val_len(&g->granted); i++) {
		const struct val_pair *p = &g->granted.map->at[i];
		struct val one = val_map(a);
		if (p->val.b && !proved) {
			if (g->out->warning == WHY_NONE) {
				g->out->warning = WHY_PROOF;
				g->out->column = g->granted_column;
				g->out->value = p->key;
			}
			continue;
		}
		val_put(a, &one, "granted", p->val);
		if (g->proof.n > 0)
			val_put(a, &one, "text", val_of(g->proof));
		if (g->proof_at_us != 0)
			val_put(a, &one, "at", val_text(time_text(a, g->proof_at_us)));
		val_put_key(a, &said, p->key, one);
	}
	if (event_consents(a, &said, &g->out->consents, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&g->out->consents) && g->proof_at_us != 0; i++)
		val_put(a, &g->out->consents.list->at[i], "at_us", val_int(g->proof_at_us));
	return 0;
}

static void
hash(struct reading *g)
{
	struct arena *a = g->arena;
	struct row *o = g->out;
	struct str s = str_new(a);
	for (size_t i = 0; i < o->n; i++) {
		size_t from = s.n;
		str_addf(&s, "%d", (int)o->idents[i].kind);
		str_addt(&s, o->idents[i].value);
		o->ident_hashes[i] = sign_hash64((struct text){s.at + from, s.n - from});
	}
	o->key_hash = o->profile_id != 0 ? o->profile_id : o->ident_hashes[0];
	json_add(&s, &o->fields);
	json_add(&s, &o->consents);
	o->value_hash = sign_hash64(str_text(&s));
}

static struct val
script_row(struct arena *a, const struct row_reader *r, const struct table_row *in)
{
	struct val map = val_map(a);
	for (size_t i = 0; i < val_len(r->columns); i++)
		if (in->cells.list->at[i].kind != VAL_NULL)
			val_put_key(a, &map, val_as_text(&r->columns->list->at[i]),
				in->cells.list->at[i]);
	return map;
}

int
row_read(struct arena *a, struct row_reader *r, const struct table_row *in, struct row *out,
	struct err *e)
{
	struct reading g = {.arena = a, .r = r, .out = out, .granted = val_map(a)};
	*out = (struct row){.column = "", .fields = val_map(a), .consents = val_list(a)};
	if (in->problem != NULL) {
		out->why = WHY_ROW;
		out->value = text_of(in->problem);
		return 0;
	}
	if (r->has_transforms)
		g.script_row = script_row(a, r, in);
	for (size_t i = 0; i < r->m->n && out->why == WHY_NONE; i++)
		if (take_column(&g, i, in, e) < 0)
			return -1;
	if (out->why == WHY_NONE && out->n == 0 && out->profile_id == 0)
		out->why = out->warning != WHY_NONE ? out->warning : WHY_NOBODY;
	if (out->why != WHY_NONE)
		return 0;
	if (take_consents(&g, e) < 0)
		return -1;
	hash(&g);
	return 0;
}
