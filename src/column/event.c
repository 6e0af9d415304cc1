/* Events by person, each person's in order of type and time, whatever the order they came in. A person's are one run of a pool;
 * a run that is full moves to a longer one, and the short one serves somebody else. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "column/parts.h"

#include <stdlib.h>
#include <string.h>

enum { PROPS_MAX = 64, PROP_DEPTH_MAX = 3, LIST_MAX = 100, CLASSES = 64, SHORT_RUN = 24 };
static const size_t props_max = UINT32_MAX - PROPS_MAX;

/* Places in a run of a class: 2, 3, 4, 6, 8, 12, 16, 24, ... */
static uint32_t
class_size(unsigned class)
{
	return (class % 2 == 0 ? 2u : 3u) << class / 2;
}

static unsigned
class_of(uint32_t n)
{
	unsigned class = 0;
	while (class_size(class) < n)
		class ++;
	return class;
}

static uint64_t
run_take(struct column_base *base, struct column_pool *pool, unsigned class)
{
	uint64_t held = pool->free_runs != NULL ? pool->free_runs[class] : 0;
	if (held != 0) {
		pool->free_runs[class] = (uint64_t)pool->at[held - 1].at_us;
		pool->lost -= class_size(class);
		return held - 1;
	}
	size_t at = pool->n, size = class_size(class);
	pool->at = COLUMN_ROOM(base, pool->at, pool->n, pool->cap, pool->n + size);
	pool->n += size;
	return at;
}

/* A run whose size is no class's (a packed one) serves the class below. */
static void
run_give(struct column_pool *pool, uint64_t at, uint32_t cap)
{
	pool->lost += cap;
	if (cap < class_size(0))
		return;
	unsigned class = class_of(cap);
	if (class_size(class) > cap)
		class --;
	if (pool->free_runs == NULL) {
		pool->free_runs = calloc(CLASSES, sizeof *pool->free_runs);
		must(pool->free_runs != NULL);
	}
	pool->lost -= cap - class_size(class);
	pool->at[at].at_us = (int64_t)pool->free_runs[class];
	pool->free_runs[class] = at + 1;
}

void
column_run_free(
	struct column_base *base, struct column_pool *pool, struct column_history *h)
{
	(void)base;
	if (h->cap > 0)
		run_give(pool, h->at, h->cap);
	*h = (struct column_history){0};
}

/* Place of the first event not before (type, at, order). */
static uint32_t
place(const struct column_event *run, uint32_t n, uint32_t type, int64_t at_us,
	uint32_t order)
{
	uint32_t low = 0, high = n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct column_event *e = &run[middle];
		bool before = e->type != type	  ? e->type < type
			      : e->at_us != at_us ? e->at_us < at_us
						  : e->order < order;
		if (before)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
is_there(const struct column_event *run, uint32_t n, uint32_t at,
	const struct column_event *event)
{
	return at < n && run[at].type == event->type && run[at].at_us == event->at_us &&
	       run[at].order == event->order;
}

bool
column_run_insert(struct column_base *base, struct column_pool *pool,
	struct column_history *h, const struct column_event *event)
{
	struct column_event *run = h->cap > 0 ? pool->at + h->at : NULL;
	uint32_t at = place(run, h->n, event->type, event->at_us, event->order);
	if (is_there(run, h->n, at, event))
		return false;
	if (h->n == h->cap) {
		unsigned class = class_of(h->n + 1);
		uint64_t longer = run_take(base, pool, class);
		memcpy(pool->at + longer, pool->at + h->at, h->n * sizeof *run);
		if (h->cap > 0)
			run_give(pool, h->at, h->cap);
		h->at = longer & (((uint64_t)1 << 40) - 1);
		h->cap = class_size(class);
		run = pool->at + h->at;
	}
	memmove(run + at + 1, run + at, (h->n - at) * sizeof *run);
	run[at] = *event;
	h->n++;
	return true;
}

struct column_prop *
column_prop_new(struct column_base *base, struct column_event *event, int64_t name)
{
	if (event->prop_n >= PROPS_MAX || base->prop_n >= props_max)
		return NULL;
	base->props = COLUMN_ROOM(
		base, base->props, base->prop_n, base->prop_cap, base->prop_n + 1);
	struct column_prop *p = &base->props[base->prop_n++];
	event->prop_n++;
	*p = (struct column_prop){.name = (uint32_t)name & 0xFFFFFF};
	return p;
}

static struct column_prop *
prop_new(struct column_base *base, struct column_event *event, const char *prefix,
	struct text key)
{
	struct arena_mark mark = arena_mark(base->scratch);
	const char *path = arena_printf(
		base->scratch, "%s%.*s", prefix, (int)key.n, key.at);
	uint32_t name = column_name(base, text_of(path));
	arena_rewind(base->scratch, mark);
	if (dict_count(base->names) <= name)
		return NULL; /* more names than anybody can ask for: kept in the store only */
	struct column_prop *p = column_prop_new(base, event, name);
	if (p != NULL)
		dict_put_id(base->type_props, (int64_t)event->type << 32 | name, NULL);
	return p;
}

void
column_number_put(struct column_base *base, struct column_prop *p, double d)
{
	double cents = d * 100;
	if (d == rint(d) && fabs(d) <= INT32_MAX) {
		p->kind = PROP_INT;
		p->value = (uint32_t)(int32_t)d;
	} else if (fabs(cents) <= INT32_MAX &&
		   (__int128)(int64_t)rint(cents) * 10000 == column_millionths(d)) {
		p->kind = PROP_CENTS;
		p->value = (uint32_t)(int32_t)rint(cents);
	} else {
		int64_t wide;
		memcpy(&wide, &d, sizeof wide);
		p->kind = PROP_DOUBLE;
		p->value = column_wide_put(base, wide);
	}
}

/* A text of a property that has had too many different ones is kept as a hash: is() finds it, contains() does not. */
static void
put_text(struct column_base *base, struct column_prop *p, struct text t)
{
	struct arena_mark mark = arena_mark(base->scratch);
	struct text fold = text_fold(base->scratch, t);
	int64_t number = dict_find(base->folds, fold);
	size_t n = dict_count(base->names);
	if (p->name >= base->distinct_cap) {
		size_t had = base->distinct_cap;
		base->distinct_n = COLUMN_ROOM(
			base, base->distinct_n, had, base->distinct_cap, n);
		memset(base->distinct_n + had, 0,
			(base->distinct_cap - had) * sizeof *base->distinct_n);
	}
	uint32_t *distinct = &base->distinct_n[p->name];
	bool was_seen = number != DICT_NONE &&
			dict_find_id(base->distinct,
				(int64_t)((uint64_t)p->name << 32 | (uint64_t)number)) !=
				DICT_NONE;
	if (was_seen || *distinct < COLUMN_DISTINCT_MAX) {
		p->kind = PROP_TEXT;
		p->value = column_code(base, t);
		if (!was_seen) {
			uint64_t fold_n = column_fold(base, p->value);
			dict_put_id(base->distinct,
				(int64_t)((uint64_t)p->name << 32 | fold_n), NULL);
			++*distinct;
		}
	} else {
		uint64_t hash = column_hash(fold);
		int64_t wide;
		memcpy(&wide, &hash, sizeof wide);
		p->kind = PROP_HASH;
		p->value = column_wide_put(base, wide);
	}
	arena_rewind(base->scratch, mark);
}

static bool
is_scalar(const struct val *v)
{
	return v->kind == VAL_TEXT || v->kind == VAL_INT || v->kind == VAL_NUM ||
	       v->kind == VAL_BOOL;
}

/* Items of a list as texts; of a list of maps one list a key: "products.sku". */
static void
put_list(struct column_base *base, struct column_event *event, const char *prefix,
	struct text key, const struct val *list, struct text inner)
{
	uint32_t codes[LIST_MAX], kept = 0;
	size_t n = list->list->n < LIST_MAX ? list->list->n : LIST_MAX;
	for (size_t i = 0; i < n; i++) {
		const struct val *item = &list->list->at[i];
		if (inner.n > 0)
			item = val_get_key(item, inner);
		if (item == NULL || !is_scalar(item))
			continue;
		uint32_t code = column_code_of(base, item);
		if (code != 0)
			codes[kept++] = code;
	}
	if (kept == 0)
		return;
	struct arena_mark mark = arena_mark(base->scratch);
	const char *path = arena_printf(base->scratch, "%s%.*s%s", prefix, (int)key.n,
		key.at, inner.n > 0 ? "." : "");
	struct column_prop *p = prop_new(
		base, event, inner.n > 0 ? path : prefix, inner.n > 0 ? inner : key);
	arena_rewind(base->scratch, mark);
	if (p == NULL)
		return;
	p->kind = PROP_LIST;
	p->value = column_list_put(base, codes, kept);
}

static void
put_props(struct column_base *base, struct column_event *event, const char *prefix,
	const struct val *props, int depth)
{
	for (size_t i = 0; i < val_len(props); i++) {
		struct text key = props->map->at[i].key;
		const struct val *v = &props->map->at[i].val;
		if (v->kind == VAL_MAP && depth < PROP_DEPTH_MAX) {
			char below[256];
			snprintf(
				below, sizeof below, "%s%.*s.", prefix, (int)key.n, key.at);
			put_props(base, event, below, v, depth + 1);
			continue;
		}
		if (v->kind == VAL_LIST) {
			put_list(base, event, prefix, key, v, (struct text){"", 0});
			const struct val *first = v->list->n > 0 ? &v->list->at[0] : NULL;
			for (size_t k = 0; first != NULL && first->kind == VAL_MAP &&
					   k < val_len(first);
				k++)
				put_list(
					base, event, prefix, key, v, first->map->at[k].key);
			continue;
		}
		if (!is_scalar(v) || (v->kind == VAL_TEXT && v->text.n == 0))
			continue;
		struct column_prop *p = prop_new(base, event, prefix, key);
		if (p == NULL)
			return;
		if (v->kind == VAL_TEXT)
			put_text(base, p, v->text);
		else if (v->kind == VAL_BOOL) {
			p->kind = PROP_BOOL;
			p->value = v->b;
		} else
			column_number_put(base, p, val_as_num(v, 0));
	}
}

/* Rows of a type: a bit each. */
void
column_type_seen(struct column_base *base, uint32_t type, size_t row, int64_t at_us)
{
	column_last_raise(base, type, row, at_us);
	if (type >= base->type_cap) {
		size_t from = base->type_cap;
		base->type_list = COLUMN_ROOM(
			base, base->type_list, from, base->type_cap, (size_t)type + 1);
		memset(base->type_list + from, 0,
			(base->type_cap - from) * sizeof *base->type_list);
	}
	struct column_type *t = &base->type_list[type];
	if (row / 64 >= t->word_n) {
		size_t had = t->word_n, n = base->cap / 64 + 1;
		t->rows = room_grow(&base->room, t->rows, had, n, sizeof *t->rows);
		memset(t->rows + had, 0, (n - had) * sizeof *t->rows);
		t->word_n = n;
	}
	t->rows[row / 64] |= UINT64_C(1) << row % 64;
}

bool
column_event_add(struct column_base *base, int64_t person_id, struct text type,
	int64_t at_us, int64_t order, const struct val *props)
{
	int64_t number = dict_put(base->types, type, NULL);
	if (number > UINT16_MAX)
		return false; /* more kinds of events than anybody names: kept in the store only */
	size_t row = column_row_of(base, person_id);
	struct column_history *h = &base->histories[row];
	struct column_event event = {.at_us = at_us,
		.order = (uint32_t)order,
		.type = (uint16_t)number,
		.props = (uint32_t)base->prop_n};
	const struct column_event *run = column_run(&base->events, h);
	if (is_there(run, h->n, place(run, h->n, event.type, at_us, event.order), &event))
		return false;
	if (props != NULL && props->kind == VAL_MAP)
		put_props(base, &event, "", props, 0);
	if (at_us < base->folded_before_us) {
		column_total_add(base, row, &event);
		return true;
	}
	column_run_insert(base, &base->events, h, &event);
	column_type_seen(base, event.type, row, at_us);
	base->type_list[event.type].count++;
	base->event_n++;
	return true;
}

static void
type_unseen(struct column_base *base, uint32_t type, size_t row)
{
	base->type_list[type].rows[row / 64] &= ~(UINT64_C(1) << row % 64);
	column_last_clear(base, type, row);
}

void
column_history_free(struct column_base *base, size_t row)
{
	struct column_history *h = &base->histories[row];
	const struct column_event *run = column_run(&base->events, h);
	for (uint32_t i = 0; i < h->n; i++) {
		base->type_list[run[i].type].count--;
		type_unseen(base, run[i].type, row);
	}
	for (uint32_t at = base->totals[row]; at != 0; at = base->total_list[at - 1].next)
		type_unseen(base, base->total_list[at - 1].type, row);
	base->event_n -= h->n;
	column_run_free(base, &base->events, h);
	column_run_free(base, &base->changed, &base->changes[row]);
}

void
column_history_join(struct column_base *base, size_t from, size_t into)
{
	for (uint32_t i = 0; i < base->histories[from].n; i++) {
		struct column_event event = column_run(
			&base->events, &base->histories[from])[i];
		if (column_run_insert(
			    base, &base->events, &base->histories[into], &event)) {
			column_type_seen(base, event.type, into, event.at_us);
			base->type_list[event.type].count++;
			base->event_n++;
		}
	}
	for (uint32_t i = 0; i < base->changes[from].n; i++) {
		struct column_event event = column_run(
			&base->changed, &base->changes[from])[i];
		column_run_insert(base, &base->changed, &base->changes[into], &event);
	}
}

static const struct column_event *
of_type(const struct column_pool *pool, const struct column_history *h, int64_t type,
	size_t *n)
{
	*n = 0;
	if (type < 0 || h->n == 0)
		return NULL;
	const struct column_event *run = column_run(pool, h);
	uint32_t from = 0, to;
	if (h->n <= SHORT_RUN) { /* quicker than halving it */
		while (from < h->n && run[from].type < type)
			from++;
		for (to = from; to < h->n && run[to].type == type;)
			to++;
	} else {
		from = place(run, h->n, (uint32_t)type, INT64_MIN, 0);
		to = place(run, h->n, (uint32_t)type + 1, INT64_MIN, 0);
	}
	*n = to - from;
	return run + from;
}

const struct column_event *
column_events(const struct column_base *base, size_t row, int64_t type, size_t *n)
{
	return of_type(&base->events, &base->histories[row], type, n);
}

const struct column_event *
column_changes(const struct column_base *base, size_t row, size_t field, size_t *n)
{
	return of_type(&base->changed, &base->changes[row], (int64_t)field, n);
}

const struct column_prop *
column_prop(const struct column_base *base, const struct column_event *event, int64_t name)
{
	const struct column_prop *p = base->props + event->props;
	for (uint16_t i = 0; i < event->prop_n; i++)
		if (p[i].name == name)
			return &p[i];
	return NULL;
}

/* What one field was before it changed: its value, and since when it was that. */
void
column_change_add(struct column_base *base, int64_t person_id, struct text field,
	int64_t at_us, int64_t order, const struct val *old)
{
	struct column_field *f = column_field_find(base, field);
	int64_t row = column_row(base, person_id);
	if (f == NULL || row < 0 || val_is_null(old))
		return;
	int64_t since = f->changed_us != NULL ? f->changed_us[row] : INT64_MIN;
	struct column_event event = {.at_us = at_us,
		.order = (uint32_t)order,
		.type = (uint16_t)(f - base->fields),
		.props = (uint32_t)base->prop_n};
	struct column_history *h = &base->changes[row];
	const struct column_event *run = column_run(&base->changed, h);
	if (f - base->fields > UINT16_MAX ||
		is_there(run, h->n, place(run, h->n, event.type, at_us, event.order),
			&event))
		return;
	struct column_prop *p = column_prop_new(base, &event, 0);
	if (p == NULL)
		return;
	column_old_put(base, p, f, old);
	if ((p = column_prop_new(base, &event, 1)) != NULL) {
		p->kind = PROP_TIME;
		p->value = column_wide_put(base, since);
	}
	column_run_insert(base, &base->changed, h, &event);
}
