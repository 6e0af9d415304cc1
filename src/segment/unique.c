/* See unique.h. Rows of a group are a list through next and prev; a hash table leads from a value to its group. */
#include "segment/unique.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/str.h"
#include "column/base.h"
#include "segment/cell.h"

#include <stdlib.h>
#include <string.h>

#define NOWHERE 0u	   /* the rule does not mean the row */
#define ALONE	UINT32_MAX /* it does, and there is no value to share */
#define NO_ROW	UINT32_MAX

struct place { /* of a row */
	uint32_t group, next, prev;
	int64_t order_us;
};

struct group {
	uint32_t head, best;
	bool lost, waits; /* the best is gone: look at all of them; it stands in dirty */
	int64_t chosen;	  /* the person who stays, as of the last settling */
};

struct unique {
	struct column_base *base;
	char field[80];
	bool last;
	struct dict *values; /* a group's number: of its value */
	struct place *places;
	size_t place_n;
	struct group *groups; /* [0] is nobody's */
	size_t group_n, group_cap;
	uint32_t *dirty;
	size_t dirty_n, dirty_cap;
	struct dict *touched; /* persons */
};

struct unique *
unique_new(struct column_base *base, struct text field, struct text keep)
{
	struct unique *u = calloc(1, sizeof *u);
	must(u != NULL);
	u->base = base;
	field = text_cut(field, sizeof u->field - 1);
	memcpy(u->field, field.at, field.n);
	u->last = text_is(keep, "last_updated");
	u->values = dict_new();
	u->touched = dict_new();
	u->group_n = 1;
	u->group_cap = 64;
	u->groups = calloc(u->group_cap, sizeof *u->groups);
	must(u->groups != NULL);
	return u;
}

void
unique_free(struct unique *u)
{
	if (u == NULL)
		return;
	dict_free(u->values);
	dict_free(u->touched);
	free(u->places);
	free(u->groups);
	free(u->dirty);
	free(u);
}

/* What the value of a row is in bytes: its kind and itself, texts by the number of their folded form. 0: it has none. */
static size_t
value_of(const struct unique *u, size_t row, char out[24])
{
	const struct column_field *f = column_field_find(u->base, text_of(u->field));
	struct cell c = cell_of_field(u->base, f, row);
	const void *at;
	uint32_t fold;
	size_t n;
	switch (c.kind) {
	case CELL_TEXT:
		fold = column_fold(u->base, c.code);
		at = &fold;
		n = sizeof fold;
		break;
	case CELL_NUMBER:
		at = &c.num;
		n = sizeof c.num;
		break;
	case CELL_DAY:
		at = &c.days;
		n = sizeof c.days;
		break;
	case CELL_TIME:
		at = &c.us;
		n = sizeof c.us;
		break;
	case CELL_BOOL:
		at = &c.flag;
		n = sizeof c.flag;
		break;
	default:
		return 0;
	}
	out[0] = (char)('a' + (int)c.kind);
	memcpy(out + 1, at, n);
	return n + 1;
}

static int64_t
order_of(const struct unique *u, size_t row)
{
	const struct column_field *f = column_field_find(
		u->base, text_of(u->last ? "updated_at" : "created_at"));
	struct cell c = cell_of_field(u->base, f, row);
	int64_t us = c.kind == CELL_TIME ? c.us : u->last ? INT64_MIN : INT64_MAX;
	return u->last ? -(us + 1) : us; /* the least stays */
}

static bool
better(const struct unique *u, uint32_t x, uint32_t y)
{
	if (u->places[x].order_us != u->places[y].order_us)
		return u->places[x].order_us < u->places[y].order_us;
	return column_person(u->base, x) < column_person(u->base, y);
}

static void
wake(struct unique *u, uint32_t group)
{
	struct group *g = &u->groups[group];
	if (g->waits)
		return;
	if (u->dirty_n == u->dirty_cap) {
		u->dirty_cap = u->dirty_cap > 0 ? u->dirty_cap * 2 : 64;
		u->dirty = reallocarray(u->dirty, u->dirty_cap, sizeof *u->dirty);
		must(u->dirty != NULL);
	}
	g->waits = true;
	u->dirty[u->dirty_n++] = group;
}

static uint32_t
group_of(struct unique *u, const char *value, size_t n)
{
	bool added = false;
	uint32_t group = (uint32_t)dict_put(u->values, (struct text){value, n}, &added) + 1;
	if (!added)
		return group;
	if (u->group_n == u->group_cap) {
		u->group_cap *= 2;
		u->groups = reallocarray(u->groups, u->group_cap, sizeof *u->groups);
		must(u->groups != NULL);
	}
	must(group == u->group_n);
	u->groups[u->group_n++] = (struct group){.head = NO_ROW, .best = NO_ROW};
	return group;
}

static void
leave(struct unique *u, uint32_t row)
{
	struct place *p = &u->places[row];
	if (p->group != NOWHERE && p->group != ALONE) {
		struct group *g = &u->groups[p->group];
		if (p->prev != NO_ROW)
			u->places[p->prev].next = p->next;
		else
			g->head = p->next;
		if (p->next != NO_ROW)
			u->places[p->next].prev = p->prev;
		if (g->best == row) {
			g->best = NO_ROW;
			g->lost = true;
			wake(u, p->group);
		}
	}
	p->group = NOWHERE;
}

static void
join(struct unique *u, uint32_t row, uint32_t group, int64_t order_us)
{
	struct place *p = &u->places[row];
	struct group *g = &u->groups[group];
	*p = (struct place){
		.group = group, .next = g->head, .prev = NO_ROW, .order_us = order_us};
	if (g->head != NO_ROW)
		u->places[g->head].prev = row;
	g->head = row;
	if (g->lost)
		return; /* all of them are looked at anyway */
	if (g->best == NO_ROW || better(u, row, g->best)) {
		g->best = row;
		wake(u, group);
	}
}

static void
make_room(struct unique *u, size_t row)
{
	if (row < u->place_n)
		return;
	size_t n = row + row / 4 + 64;
	u->places = reallocarray(u->places, n, sizeof *u->places);
	must(u->places != NULL);
	memset(u->places + u->place_n, 0, (n - u->place_n) * sizeof *u->places);
	u->place_n = n;
}

static void
place(struct unique *u, size_t row, bool in)
{
	char value[24];
	make_room(u, row);
	struct place *p = &u->places[row];
	size_t n = in ? value_of(u, row, value) : 0;
	uint32_t group = !in ? NOWHERE : n == 0 ? ALONE : group_of(u, value, n);
	int64_t order_us = in ? order_of(u, row) : 0;
	if (p->group == group &&
		(group == NOWHERE || group == ALONE || p->order_us == order_us))
		return;
	leave(u, (uint32_t)row);
	if (group == NOWHERE || group == ALONE)
		p->group = group;
	else
		join(u, (uint32_t)row, group, order_us);
}

void
unique_put(struct unique *u, size_t row, bool in)
{
	place(u, row, in);
	unique_touch(u, column_person(u->base, row));
}

void
unique_drop(struct unique *u, int64_t person_id)
{
	int64_t row = column_row(u->base, person_id);
	if (row >= 0 && (size_t)row < u->place_n &&
		column_person(u->base, (size_t)row) == person_id)
		leave(u, (uint32_t)row);
}

void
unique_touch(struct unique *u, int64_t person_id)
{
	dict_put_id(u->touched, person_id, NULL);
}

bool
unique_is_settled(const struct unique *u)
{
	return u->dirty_n == 0 && dict_count(u->touched) == 0;
}

static void
choose(struct unique *u, struct group *g)
{
	if (g->lost) {
		g->best = NO_ROW;
		for (uint32_t row = g->head; row != NO_ROW; row = u->places[row].next)
			if (g->best == NO_ROW || better(u, row, g->best))
				g->best = row;
		g->lost = false;
	}
	int64_t chosen = g->best != NO_ROW ? column_person(u->base, g->best) : 0;
	if (chosen != g->chosen) {
		if (g->chosen != 0)
			unique_touch(u, g->chosen);
		if (chosen != 0)
			unique_touch(u, chosen);
		g->chosen = chosen;
	}
	g->waits = false;
}

size_t
unique_settle(struct arena *a, struct unique *u, int64_t **persons)
{
	for (size_t i = 0; i < u->dirty_n; i++)
		choose(u, &u->groups[u->dirty[i]]);
	u->dirty_n = 0;
	size_t n = dict_count(u->touched);
	*persons = arena_array(a, n + 1, sizeof **persons);
	for (size_t i = 0; i < n; i++)
		(*persons)[i] = dict_id(u->touched, (int64_t)i);
	if (n > 0) {
		dict_free(u->touched);
		u->touched = dict_new();
	}
	return n;
}

static uint32_t
group_at(const struct unique *u, int64_t person_id)
{
	int64_t row = column_row(u->base, person_id);
	return row >= 0 && (size_t)row < u->place_n ? u->places[row].group : NOWHERE;
}

bool
unique_stays(const struct unique *u, int64_t person_id)
{
	uint32_t group = group_at(u, person_id);
	return group == ALONE || (group != NOWHERE && u->groups[group].chosen == person_id);
}

int64_t
unique_instead(const struct unique *u, int64_t person_id)
{
	uint32_t group = group_at(u, person_id);
	return group == NOWHERE ? 0 : group == ALONE ? person_id : u->groups[group].chosen;
}

void
unique_fill(struct arena *a, struct unique *u, struct bits *in)
{
	int64_t *persons;
	struct bits out = bits_copy(a, in);
	BITS_EACH(in, row)
	{
		if (column_person(u->base, row) != 0)
			place(u, row, true);
	}
	unique_settle(a, u, &persons);
	BITS_EACH(in, at)
	{
		if (!unique_stays(u, column_person(u->base, at)))
			bits_clear(&out, at);
	}
	*in = out;
}
