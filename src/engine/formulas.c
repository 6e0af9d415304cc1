/* See formulas.h. */
#include "engine/formulas.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/id.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "column/base.h"
#include "column/read.h"
#include "engine/hold.h"
#include "engine/names.h"
#include "event/apply.h"
#include "profile/field.h"
#include "profile/field_options.h"
#include "script/box.h"
#include "segment/rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FORMULAS_MAX = 100, WRITE_MAX = 500, LIMITS_MAX = 20 };
static const int64_t look_us = SECOND_US, slice_us = 20 * 1000;

struct formula {
	const char *name, *type;
	struct text source;
	struct val reads; /* names of the fields it reads */
	struct box_ref fn;
	size_t swept; /* rows that were gone through; STOPPED: it is not calculated */
	int limits;   /* how often it used up what one calculation may take */
	bool stopped; /* for that */
};
#define STOPPED SIZE_MAX

struct formulas {
	struct hold *hold;
	struct arena *arena; /* of the formulas as they are */
	struct box *box;
	struct formula list[FORMULAS_MAX];
	size_t n;
	int64_t looked_at_us;
	struct dict *touched; /* persons */
};

struct formulas *
formulas_new(struct hold *h)
{
	struct formulas *f = calloc(1, sizeof *f);
	must(f != NULL);
	f->hold = h;
	f->arena = arena_new();
	f->touched = dict_new();
	return f;
}

void
formulas_free(struct formulas *f)
{
	if (f == NULL)
		return;
	box_free(f->box);
	arena_free(f->arena);
	dict_free(f->touched);
	free(f);
}

void
formulas_touch(struct formulas *f, int64_t person_id)
{
	if (f->n > 0)
		dict_put_id(f->touched, person_id, NULL);
}

void
formulas_touch_field(struct formulas *f, int64_t person_id, struct text field)
{
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < val_len(&f->list[i].reads); k++)
			if (text_same(val_as_text(&f->list[i].reads.list->at[k]), field)) {
				dict_put_id(f->touched, person_id, NULL);
				return;
			}
}

/* Whether the formulas of the store are those in hand. */
static bool
is_same(const struct formulas *f, const struct val *fields)
{
	size_t n = 0;
	for (size_t i = 0; i < val_len(fields); i++) {
		const struct val *one = &fields->list->at[i];
		if (!field_is_computed(one))
			continue;
		if (n == f->n ||
			!text_same(val_as_text(val_get(one, "name")),
				text_of(f->list[n].name)) ||
			!text_is(val_as_text(val_get(one, "type")), f->list[n].type) ||
			!text_same(val_as_text(field_option(one, "formula")),
				f->list[n].source) ||
			val_is_null(field_option(one, "stopped")) == f->list[n].stopped)
			return false;
		n++;
	}
	return n == f->n;
}

/* What it reads is asked of the compiler of rules, for which it is a where(). A formula that does not compile any more (a field is
 * gone) is passed over. */
static int
add(struct formulas *f, const struct rule_names *names, const struct val *field,
	struct err *e)
{
	struct hold *h = f->hold;
	struct formula *one = &f->list[f->n];
	struct rule *rule;
	struct err why;
	*one = (struct formula){.name = val_as_z(f->arena, val_get(field, "name")),
		.type = val_as_z(f->arena, val_get(field, "type")),
		.source = val_as_text(field_option(field, "formula")),
		.stopped = !val_is_null(field_option(field, "stopped"))};
	f->n++;
	if (one->stopped) {
		one->reads = val_list(f->arena);
		one->swept = STOPPED;
		return 0;
	}
	const char *where = arena_printf(
		f->arena, "return where [==[%.*s]==]", (int)one->source.n, one->source.at);
	if (rule_compile(text_of(where), h->settings, names, &rule, &why) < 0) {
		log_line(LOG_WARN, "company %lld: field %s is not calculated: %s",
			(long long)h->company.id, one->name, why.text);
		one->reads = val_list(f->arena);
		one->swept = STOPPED;
		return 0;
	}
	one->reads = val_copy(f->arena, val_get(rule_uses(rule), "fields"));
	rule_free(rule);
	return box_load_expression(f->box, one->source, one->name, &one->fn, e);
}

static int
look(struct arena *turn, struct formulas *f, struct err *e)
{
	struct hold *h = f->hold;
	struct val fields;
	struct rule_names names;
	int64_t now_us = time_monotonic_us();
	if (f->looked_at_us != 0 && now_us - f->looked_at_us < look_us)
		return 0;
	f->looked_at_us = now_us;
	if (field_options_all(turn, h->db, h->company.id, &fields, e) < 0)
		return -1;
	if (is_same(f, &fields))
		return 0;
	f->n = 0;
	box_free(f->box);
	arena_reset(f->arena);
	f->box = box_new(BOX_RULE, h->settings, h->company.id, 1);
	struct val kept = val_copy(f->arena, &fields);
	if (names_read(turn, h->db, h->company.id, 0, &names, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&kept) && f->n < FORMULAS_MAX; i++)
		if (field_is_computed(&kept.list->at[i]) &&
			add(f, &names, &kept.list->at[i], e) < 0)
			return -1;
	return 0;
}

struct reading {
	const struct column_base *base;
	const struct formula *formula;
	size_t row;
};

/* A field nobody has yet is missing, even if a word of the library has its name. */
static int
read_field(struct arena *a, void *obj, struct text key, struct val *out)
{
	const struct reading *r = obj;
	const struct column_field *f = column_field_find(r->base, key);
	if (f != NULL) {
		*out = column_cell(a, r->base, f, r->row);
		return 1;
	}
	for (size_t i = 0; i < val_len(&r->formula->reads); i++)
		if (text_same(val_as_text(&r->formula->reads.list->at[i]), key))
			return 1;
	return 0;
}

/* A formula that uses up its limits again and again is not asked any more; the page of fields says so until it is saved anew. */
static void
stop(struct arena *a, struct formulas *f, struct formula *one, const struct err *why)
{
	const struct hold *h = f->hold;
	struct val fields;
	struct err e;
	log_line(LOG_WARN, "company %lld: field %s is not calculated any more: %s",
		(long long)h->company.id, one->name, why->text);
	one->swept = STOPPED;
	one->stopped = true;
	if (field_options_all(a, h->db, h->company.id, &fields, &e) < 0)
		return;
	for (size_t i = 0; i < val_len(&fields); i++) {
		const struct val *field = &fields.list->at[i];
		struct val options = val_copy(a, val_get(field, "options"));
		if (!text_is(val_as_text(val_get(field, "name")), one->name))
			continue;
		val_put(a, &options, "stopped", val_text(why->text));
		field_options_set(a, h->db, h->company.id, one->name, &options, &e);
	}
}

/* What a limit ended is of no more use: a new box with the same formulas. */
static int
renew(struct formulas *f, struct err *e)
{
	const struct hold *h = f->hold;
	box_free(f->box);
	f->box = box_new(BOX_RULE, h->settings, h->company.id, 1);
	for (size_t i = 0; i < f->n; i++) {
		struct formula *one = &f->list[i];
		if (one->swept != STOPPED && box_load_expression(f->box, one->source,
						     one->name, &one->fn, e) < 0)
			return -1;
	}
	return 0;
}

/* The value for a row, of the field's type; null where the formula fails or gives something else. 1; 0 nothing can be said now: the
 * company's scripts have used up their share, or the formula was stopped. */
static int
calculate(struct arena *a, struct formulas *f, struct formula *one, size_t row,
	struct val *out)
{
	struct reading r = {f->hold->base, one, row};
	struct val value;
	struct err e;
	*out = val_null();
	if (box_is_spent(f->box) && renew(f, &e) < 0)
		return 0;
	if (box_value(a, f->box, one->fn, read_field, &r, &value, &e) < 0) {
		if (e.code == ERR_LIMIT && ++one->limits == LIMITS_MAX)
			stop(a, f, one, &e);
		return e.code != ERR_BUSY && one->swept != STOPPED;
	}
	if ((value.kind == VAL_NUM && isnan(val_as_num(&value, 0))) ||
		(value.kind == VAL_TEXT && text_trim(value.text).n == 0))
		return 1;
	if (field_check(a, one->name, one->type, &value, out, &e) < 0)
		*out = val_null();
	return 1;
}

struct news {
	struct arrival list[WRITE_MAX];
	size_t n;
};

/* Adds an arrival where the row has another value than the formula gives. False: it cannot be said now. */
static bool
compare(struct arena *a, struct formulas *f, struct formula *one, size_t row,
	struct news *news)
{
	const struct column_base *base = f->hold->base;
	struct val now, held = column_value(a, base, row, text_of(one->name));
	if (calculate(a, f, one, row, &now) < 1)
		return one->swept == STOPPED;
	bool same = val_is_null(&now) ? val_is_null(&held) : val_same(&now, &held);
	if (!same && (now.kind == VAL_NUM || now.kind == VAL_INT) &&
		(held.kind == VAL_NUM || held.kind == VAL_INT))
		same = val_as_num(&now, 0) == val_as_num(&held, 0);
	if (same)
		return true;
	struct val fields = val_map(a);
	int64_t now_us = time_now_us();
	val_put_key(a, &fields, text_of(one->name), now);
	news->list[news->n++] = (struct arrival){.company_id = f->hold->company.id,
		.who = {.node_id = base->ids[row], .values = true, .trusted = true},
		.type = text_of("profile_updated"),
		.fields = fields,
		.at_us = now_us,
		.received_at_us = now_us,
		.dedup = id_make(),
		.computed = true,
		.silent = true};
	return true;
}

/* Whoever was touched, at most as many as fit into news. */
static void
take_touched(struct arena *a, struct formulas *f, struct news *news)
{
	struct dict *left = dict_new();
	for (size_t i = 0; i < dict_count(f->touched); i++) {
		int64_t person = dict_id(f->touched, (int64_t)i),
			row = column_row(f->hold->base, person);
		bool done = news->n + f->n <= WRITE_MAX;
		for (size_t k = 0; done && row >= 0 && k < f->n; k++)
			done = f->list[k].swept == STOPPED ||
			       compare(a, f, &f->list[k], (size_t)row, news);
		if (!done)
			dict_put_id(left, person, NULL);
	}
	dict_free(f->touched);
	f->touched = left;
}

/* A slice of those who were not gone through since the formula is there. True: there are more. */
static bool
sweep(struct arena *a, struct formulas *f, struct news *news)
{
	int64_t until_us = time_monotonic_us() + slice_us;
	size_t rows = column_rows(f->hold->base);
	for (size_t i = 0; i < f->n; i++) {
		struct formula *one = &f->list[i];
		while (one->swept < rows) {
			if (news->n == WRITE_MAX ||
				(one->swept % 16 == 0 && time_monotonic_us() > until_us))
				return true;
			if (column_person(f->hold->base, one->swept) != 0 &&
				!compare(a, f, one, one->swept, news))
				return true;
			one->swept += one->swept != STOPPED;
		}
	}
	return false;
}

int
formulas_turn(struct arena *turn, struct formulas *f, bool *more, struct err *e)
{
	*more = false;
	if (look(turn, f, e) < 0)
		return -1;
	if (f->n == 0)
		return 0;
	struct news *news = arena_alloc(turn, sizeof *news);
	struct applied *applied = arena_array(turn, WRITE_MAX, sizeof *applied);
	news->n = 0;
	take_touched(turn, f, news);
	bool left = sweep(turn, f, news) || dict_count(f->touched) > 0;
	*more = left && news->n > 0; /* where the share is used up, the next tick goes on */
	return news->n > 0 ? event_apply(turn, f->hold->db, f->hold->types, news->list,
				     news->n, applied, NULL, NULL, e)
			   : 0;
}
