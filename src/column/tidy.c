/* Putting in order what changes have left: runs, properties and lists without holes, row after row; texts nobody has any more
 * overwritten. Done before a snapshot is written, in the process that writes it, and where holes grew large. */
#include "base/arena.h"
#include "base/err.h"
#include "column/parts.h"

#include <stdlib.h>
#include <string.h>

struct packing { /* from the base's old arrays into new ones */
	struct column_base *base;
	struct column_prop *props;
	size_t prop_n;
	int64_t *wides;
	size_t wide_n;
	uint32_t *lists;
	size_t list_n;
	uint32_t *moved; /* by old place of a list: its new one */
};

static void *
array(size_t n, size_t size)
{
	void *at = calloc(n + 1, size);
	must(at != NULL);
	return at;
}

static uint32_t
pack_list(struct packing *k, uint32_t place)
{
	if (place == 0)
		return 0;
	if (k->moved[place] == 0) {
		uint32_t n;
		const uint32_t *codes = column_list(k->base, place, &n);
		k->moved[place] = (uint32_t)k->list_n;
		k->lists[k->list_n++] = n;
		memcpy(k->lists + k->list_n, codes, n * sizeof *codes);
		k->list_n += n;
	}
	return k->moved[place];
}

static void
pack_event(struct packing *k, struct column_event *event)
{
	const struct column_prop *from = k->base->props + event->props;
	uint32_t first = (uint32_t)k->prop_n;
	for (uint16_t i = 0; i < event->prop_n; i++) {
		struct column_prop p = from[i];
		if (p.kind == PROP_LIST)
			p.value = pack_list(k, p.value);
		else if (p.kind == PROP_DOUBLE || p.kind == PROP_HASH ||
			 p.kind == PROP_TIME) {
			k->wides[k->wide_n] = k->base->wides[p.value];
			p.value = (uint32_t)k->wide_n++;
		}
		k->props[k->prop_n++] = p;
	}
	event->props = first;
}

static void
pack_pool(
	struct packing *k, struct column_pool *pool, struct column_history *runs, size_t n)
{
	struct column_event *at = array(n, sizeof *at);
	size_t used = 0;
	for (size_t row = 0; row < k->base->n; row++) {
		struct column_history *h = &runs[row];
		if (h->n > 0)
			memcpy(at + used, pool->at + h->at, h->n * sizeof *at);
		for (uint32_t i = 0; i < h->n; i++)
			pack_event(k, &at[used + i]);
		h->at = h->n > 0 ? used & (((uint64_t)1 << 40) - 1) : 0;
		h->cap = h->n;
		used += h->n;
	}
	room_free(&k->base->room, pool->at);
	free(pool->free_runs);
	*pool = (struct column_pool){.at = at, .n = used, .cap = n + 1};
}

static size_t
count(const struct column_base *base, const struct column_history *runs)
{
	size_t n = 0;
	for (size_t row = 0; row < base->n; row++)
		n += runs[row].n;
	return n;
}

static void
pack(struct column_base *base)
{
	struct packing k = {.base = base,
		.props = array(base->prop_n, sizeof *k.props),
		.wides = array(base->wide_n, sizeof *k.wides),
		.lists = array(base->list_n, sizeof *k.lists),
		.moved = array(base->list_n, sizeof *k.moved),
		.list_n = 1};
	for (size_t i = 0; i < base->field_n; i++)
		for (size_t row = 0; base->fields[i].kind == COLUMN_LIST && row < base->n;
			row++) {
			uint32_t *cell = &((uint32_t *)base->fields[i].cells)[row];
			*cell = pack_list(&k, *cell);
		}
	pack_pool(&k, &base->events, base->histories, count(base, base->histories));
	pack_pool(&k, &base->changed, base->changes, count(base, base->changes));
	free(k.moved);
	room_free(&base->room, base->props);
	room_free(&base->room, base->wides);
	room_free(&base->room, base->lists);
	base->prop_cap = base->prop_n + 1;
	base->wide_cap = base->wide_n + 1;
	base->list_cap = base->list_n + 1;
	base->props = k.props, base->prop_n = k.prop_n;
	base->wides = k.wides, base->wide_n = k.wide_n;
	base->lists = k.lists, base->list_n = k.list_n;
}

static void
mark(uint8_t *used, uint32_t code)
{
	if (code > 0)
		used[code - 1] = 1;
}

static void
mark_lists(const struct column_base *base, uint8_t *used)
{
	for (size_t at = 1; at < base->list_n; at += base->lists[at] + 1)
		for (uint32_t i = 1; i <= base->lists[at]; i++)
			mark(used, base->lists[at + i]);
}

/* Overwrites the texts that stand nowhere (any more): erased people's, old addresses. Lists must be packed. */
static void
forget_texts(struct column_base *base)
{
	size_t n = dict_count(base->texts);
	uint8_t *used = array(n, 1), *folds = array(dict_count(base->folds), 1);
	for (size_t i = 0; i < base->field_n; i++)
		for (size_t row = 0; base->fields[i].kind == COLUMN_TEXT && row < base->n;
			row++)
			mark(used, ((const uint32_t *)base->fields[i].cells)[row]);
	mark_lists(base, used);
	for (size_t i = 0; i < base->prop_n; i++)
		if (base->props[i].kind == PROP_TEXT)
			mark(used, base->props[i].value);
	for (size_t i = 0; i < n; i++) {
		if (used[i])
			folds[base->fold_of[i]] = 1;
		else
			dict_forget(base->texts, (int64_t)i);
	}
	for (size_t i = 0; i < dict_count(base->folds); i++)
		if (!folds[i])
			dict_forget(base->folds, (int64_t)i);
	free(used);
	free(folds);
}

void
column_tidy(struct column_base *base)
{
	pack(base);
	forget_texts(base);
}

bool
column_is_untidy(const struct column_base *base)
{
	return base->events.lost > base->event_n / 2 + 100000;
}
