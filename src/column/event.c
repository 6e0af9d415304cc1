/* Events by person, each person's in order of type and time, whatever the order they came in. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "column/read.h"

#include <stdlib.h>
#include <string.h>

enum { PROPS_MAX = 64, PROP_DEPTH_MAX = 3, LIST_MAX = 100 };

static void *
regrown(void *old, size_t count, size_t size)
{
	void *p = reallocarray(old, count, size);
	must(p != NULL);
	return p;
}

/* Place of the first event not before (type, at, order). */
static uint32_t
place(const struct column_history *h, uint32_t type, int64_t at_us, int64_t order)
{
	uint32_t low = 0, high = h->n;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct column_event *e = &h->at[middle];
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
insert(struct column_history *h, const struct column_event *event)
{
	uint32_t at = place(h, event->type, event->at_us, event->order);
	if (at < h->n && h->at[at].type == event->type && h->at[at].at_us == event->at_us &&
		h->at[at].order == event->order)
		return false;
	if (h->n == h->cap) {
		h->cap = h->cap > 0 ? h->cap * 2 : 4;
		h->at = regrown(h->at, h->cap, sizeof *h->at);
	}
	memmove(h->at + at + 1, h->at + at, (h->n - at) * sizeof *h->at);
	h->at[at] = *event;
	h->n++;
	return true;
}

static struct column_prop *
prop_new(struct column_base *base, struct column_event *event, const char *prefix,
	struct text key)
{
	if (event->prop_n >= PROPS_MAX)
		return NULL;
	struct arena_mark mark = arena_mark(base->scratch);
	const char *name = arena_printf(
		base->scratch, "%s%.*s", prefix, (int)key.n, key.at);
	int64_t number = dict_put(base->names, text_of(name), NULL);
	arena_rewind(base->scratch, mark);
	if (base->prop_n == base->prop_cap) {
		base->prop_cap = base->prop_cap > 0 ? base->prop_cap * 2 : 1024;
		base->props = regrown(base->props, base->prop_cap, sizeof *base->props);
	}
	must(base->prop_n < UINT32_MAX);
	struct column_prop *p = &base->props[base->prop_n++];
	event->prop_n++;
	*p = (struct column_prop){.name = (uint32_t)number};
	dict_put_id(base->type_props, (int64_t)event->type << 32 | number, NULL);
	return p;
}

static void
list_push(struct column_base *base, uint32_t v)
{
	if (base->list_n == base->list_cap) {
		base->list_cap = base->list_cap > 0 ? base->list_cap * 2 : 256;
		base->lists = regrown(base->lists, base->list_cap, sizeof *base->lists);
	}
	must(base->list_n < UINT32_MAX);
	base->lists[base->list_n++] = v;
}

static uint32_t
code_of(struct column_base *base, const struct val *v)
{
	if (v->kind == VAL_TEXT)
		return column_code(base, v->text);
	struct arena_mark mark = arena_mark(base->scratch);
	uint32_t code = column_code(base, json_text(base->scratch, v));
	arena_rewind(base->scratch, mark);
	return code;
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
	struct column_prop *p = NULL;
	size_t n = list->list->n < LIST_MAX ? list->list->n : LIST_MAX;
	for (size_t i = 0; i < n; i++) {
		const struct val *item = &list->list->at[i];
		if (inner.n > 0)
			item = val_get_key(item, inner);
		if (item == NULL || !is_scalar(item))
			continue;
		uint32_t code = code_of(base, item);
		if (code == 0)
			continue;
		if (p == NULL) {
			struct arena_mark mark = arena_mark(base->scratch);
			const char *path = arena_printf(base->scratch, "%s%.*s%s", prefix,
				(int)key.n, key.at, inner.n > 0 ? "." : "");
			p = prop_new(base, event, inner.n > 0 ? path : prefix,
				inner.n > 0 ? inner : key);
			arena_rewind(base->scratch, mark);
			if (p == NULL)
				return;
			p->kind = COLUMN_LIST;
			p->code = (uint32_t)base->list_n;
			list_push(base, 0);
		}
		list_push(base, code);
		base->lists[p->code]++;
	}
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
		uint32_t code = v->kind == VAL_TEXT ? column_code(base, v->text) : 0;
		struct column_prop *p = prop_new(base, event, prefix, key);
		if (p == NULL)
			return;
		p->kind = v->kind == VAL_TEXT	? COLUMN_TEXT
			  : v->kind == VAL_BOOL ? COLUMN_BOOL
						: COLUMN_NUMBER;
		if (p->kind == COLUMN_TEXT)
			p->code = code;
		else if (p->kind == COLUMN_BOOL)
			p->flag = v->b;
		else
			p->number = val_as_num(v, 0);
	}
}

static void
type_count(struct column_base *base, uint16_t type)
{
	if (type >= base->type_cap) {
		size_t from = base->type_cap;
		base->type_cap = base->type_cap > 0 ? base->type_cap * 2 : 64;
		if (base->type_cap <= type)
			base->type_cap = (size_t)type + 1;
		base->type_counts = regrown(
			base->type_counts, base->type_cap, sizeof *base->type_counts);
		memset(base->type_counts + from, 0,
			(base->type_cap - from) * sizeof *base->type_counts);
	}
	base->type_counts[type]++;
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
		.order = order,
		.type = (uint16_t)number,
		.props = (uint32_t)base->prop_n};
	uint32_t at = place(h, event.type, at_us, order);
	if (at < h->n && h->at[at].type == event.type && h->at[at].at_us == at_us &&
		h->at[at].order == order)
		return false;
	if (props != NULL && props->kind == VAL_MAP)
		put_props(base, &event, "", props, 0);
	insert(h, &event);
	type_count(base, event.type);
	base->event_n++;
	return true;
}

void
column_history_join(struct column_base *base, size_t from, size_t into)
{
	struct column_history *h = &base->histories[from];
	for (uint32_t i = 0; i < h->n; i++)
		if (insert(&base->histories[into], &h->at[i])) {
			type_count(base, h->at[i].type);
			base->event_n++;
		}
}

const struct column_event *
column_events(const struct column_base *base, size_t row, int64_t type, size_t *n)
{
	const struct column_history *h = &base->histories[row];
	*n = 0;
	if (type < 0 || h->n == 0)
		return NULL;
	uint32_t from = place(h, (uint32_t)type, INT64_MIN, INT64_MIN);
	uint32_t to = place(h, (uint32_t)type + 1, INT64_MIN, INT64_MIN);
	*n = to - from;
	return h->at + from;
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
