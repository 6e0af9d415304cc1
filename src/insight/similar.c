/* See similar.h. */
#include "insight/similar.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/time.h"
#include "column/read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 256, GATHERED_MAX = 4096, SHARED_MAX = 3, ROWS_A_LOOK = 1024 };

static const char *const props[] = {
	"product_id", "category", "brand", "path", "query", "sku"};
enum { PROPS = sizeof props / sizeof *props };

struct mark {
	uint32_t name, fold;
	size_t n, others; /* of this person; people who have it */
	double weight;
};

struct marks {
	struct mark list[SIMILAR_MARKS];
	size_t n;
	uint8_t slots[SLOTS]; /* by key: place + 1 */
	int64_t names[PROPS]; /* numbers of the properties that count */
};

static unsigned
slot_of(uint32_t name, uint32_t fold)
{
	uint64_t key = (uint64_t)name << 32 | fold;
	return (unsigned)(key * 0x9e3779b97f4a7c15u >> 56);
}

/* The place of a mark, or -1. */
static int
find(const struct marks *m, uint32_t name, uint32_t fold)
{
	for (unsigned i = slot_of(name, fold); m->slots[i] != 0; i = (i + 1) % SLOTS) {
		const struct mark *one = &m->list[m->slots[i] - 1];
		if (one->fold == fold && one->name == name)
			return m->slots[i] - 1;
	}
	return -1;
}

static bool
counts(const struct marks *m, uint32_t name)
{
	for (size_t i = 0; i < PROPS; i++)
		if (m->names[i] == (int64_t)name)
			return true;
	return false;
}

static int
by_number(const void *x, const void *y)
{
	const struct mark *p = x, *q = y;
	if (p->n != q->n)
		return p->n > q->n ? -1 : 1;
	return p->name != q->name ? (p->name > q->name) - (p->name < q->name)
				  : (p->fold > q->fold) - (p->fold < q->fold);
}

static int
by_key(const void *x, const void *y)
{
	const struct mark *p = x, *q = y;
	return p->name != q->name ? (p->name > q->name) - (p->name < q->name)
				  : (p->fold > q->fold) - (p->fold < q->fold);
}

static void
gather(struct arena *a, const struct column_base *base, size_t row, struct marks *m)
{
	const struct column_history *h = &base->histories[row];
	const struct column_event *run = column_run(&base->events, h);
	struct mark *all = arena_array(a, GATHERED_MAX, sizeof *all);
	size_t n = 0, kept = 0;
	for (uint32_t i = h->n; i-- > 0 && n < GATHERED_MAX;)
		for (unsigned k = 0; k < run[i].prop_n && n < GATHERED_MAX; k++) {
			const struct column_prop *p = &base->props[run[i].props + k];
			if (p->kind == PROP_TEXT && p->value != 0 && counts(m, p->name))
				all[n++] = (struct mark){.name = p->name,
					.fold = column_fold(base, p->value),
					.n = 1};
		}
	qsort(all, n, sizeof *all, by_key);
	for (size_t i = 0; i < n; i++)
		if (kept > 0 && by_key(&all[kept - 1], &all[i]) == 0)
			all[kept - 1].n++;
		else
			all[kept++] = all[i];
	qsort(all, kept, sizeof *all, by_number);
	m->n = kept < SIMILAR_MARKS ? kept : SIMILAR_MARKS;
	memcpy(m->list, all, m->n * sizeof *all);
	for (size_t i = 0; i < m->n; i++) {
		unsigned at = slot_of(m->list[i].name, m->list[i].fold);
		while (m->slots[at] != 0)
			at = (at + 1) % SLOTS;
		m->slots[at] = (uint8_t)(i + 1);
	}
}

/* Which of the marks a row has, a bit each. */
static uint64_t
marks_of(const struct column_base *base, size_t row, const struct marks *m)
{
	const struct column_history *h = &base->histories[row];
	const struct column_event *run = column_run(&base->events, h);
	uint64_t bits = 0;
	for (uint32_t i = 0; i < h->n; i++)
		for (unsigned k = 0; k < run[i].prop_n; k++) {
			const struct column_prop *p = &base->props[run[i].props + k];
			int at = p->kind == PROP_TEXT && p->value != 0
					 ? find(m, p->name, column_fold(base, p->value))
					 : -1;
			if (at >= 0)
				bits |= UINT64_C(1) << at;
		}
	return bits;
}

/* How much of what a row dealt with each mark was: shares by place of the mark. */
static void
shares_of(const struct column_base *base, size_t row, const struct marks *m,
	double shares[SIMILAR_MARKS])
{
	const struct column_history *h = &base->histories[row];
	const struct column_event *run = column_run(&base->events, h);
	double all = 0;
	for (size_t i = 0; i < m->n; i++)
		shares[i] = 0;
	for (uint32_t i = 0; i < h->n; i++)
		for (unsigned k = 0; k < run[i].prop_n; k++) {
			const struct column_prop *p = &base->props[run[i].props + k];
			if (p->kind != PROP_TEXT || p->value == 0 || !counts(m, p->name))
				continue;
			int at = find(m, p->name, column_fold(base, p->value));
			if (at >= 0)
				shares[at]++;
			all++;
		}
	for (size_t i = 0; i < m->n; i++)
		shares[i] /= all > 0 ? all : 1;
}

/* The weight of what two have in common, of the weight of what the first one has. */
static double
overlap(const struct marks *m, const double *mine, const double *theirs)
{
	double common = 0, whole = 0;
	for (size_t i = 0; i < m->n; i++) {
		whole += m->list[i].weight * mine[i];
		common += m->list[i].weight * (mine[i] < theirs[i] ? mine[i] : theirs[i]);
	}
	return whole > 0 ? common / whole : 0;
}

struct alike {
	size_t row;
	uint64_t bits;
	double weight;
};

static int
by_weight(const void *x, const void *y)
{
	const struct alike *p = x, *q = y;
	if (p->weight != q->weight)
		return p->weight > q->weight ? -1 : 1;
	return (p->row > q->row) - (p->row < q->row);
}

static int
heaviest_first(const void *x, const void *y)
{
	const struct mark *const *p = x, *const *q = y;
	return ((*p)->weight < (*q)->weight) - ((*p)->weight > (*q)->weight);
}

static struct val
told(struct arena *a, const struct column_base *base, const struct marks *m,
	const struct alike *one)
{
	struct val v = val_map(a), list = val_list(a);
	const struct mark *shared[SIMILAR_MARKS];
	size_t n = 0;
	for (size_t i = 0; i < m->n; i++)
		if (one->bits >> i & 1)
			shared[n++] = &m->list[i];
	qsort(shared, n, sizeof *shared, heaviest_first);
	for (size_t i = 0; i < n && i < SHARED_MAX; i++) {
		struct val s = val_map(a);
		val_put(a, &s, "prop", val_of(dict_text(base->names, shared[i]->name)));
		val_put(a, &s, "value", val_of(dict_text(base->folds, shared[i]->fold)));
		val_push(a, &list, s);
	}
	int percent = (int)lround(100 * one->weight);
	val_put(a, &v, "person", val_id(a, base->ids[one->row]));
	val_put(a, &v, "percent", val_int(percent < 1 ? 1 : percent));
	val_put(a, &v, "shared", list);
	val_put(a, &v, "shared_n", val_int((int64_t)n));
	return v;
}

/* Everybody known who has one of the marks, and how many have each. False: the deadline came first. */
static bool
walk(struct column_base *base, size_t self, struct marks *m, int64_t deadline_us,
	struct alike *found, size_t *n)
{
	*n = 0;
	for (size_t row = 0; row < base->n; row++) {
		if (row % ROWS_A_LOOK == 0 && time_monotonic_us() > deadline_us)
			return false;
		if (row == self || !column_is_live(base, row) ||
			!(base->flags[row] & COLUMN_KNOWN))
			continue;
		uint64_t bits = marks_of(base, row, m);
		if (bits == 0)
			continue;
		found[(*n)++] = (struct alike){.row = row, .bits = bits};
		for (uint64_t left = bits; left != 0; left &= left - 1)
			m->list[__builtin_ctzll(left)].others++;
	}
	return true;
}

/* The most alike first; how many were compared. */
static size_t
closest(const struct column_base *base, size_t self, struct marks *m, struct alike *found,
	size_t n)
{
	double mine[SIMILAR_MARKS], theirs[SIMILAR_MARKS];
	for (size_t i = 0; i < m->n; i++)
		m->list[i].weight =
			m->list[i].others > 0
				? log(1 + (double)base->n / (double)m->list[i].others)
				: 0;
	for (size_t i = 0; i < n; i++)
		for (uint64_t left = found[i].bits; left != 0; left &= left - 1)
			found[i].weight += m->list[__builtin_ctzll(left)].weight;
	qsort(found, n, sizeof *found, by_weight);
	n = n < SIMILAR_CLOSE_MAX ? n : SIMILAR_CLOSE_MAX;
	shares_of(base, self, m, mine);
	for (size_t i = 0; i < n; i++) {
		shares_of(base, found[i].row, m, theirs);
		found[i].weight = overlap(m, mine, theirs);
	}
	qsort(found, n, sizeof *found, by_weight);
	return n;
}

void
similar_people(struct arena *a, struct column_base *base, int64_t person_id, size_t limit,
	int64_t deadline_us, struct val *out)
{
	struct marks m = {.n = 0};
	struct val people = val_list(a);
	int64_t self = column_row(base, person_id);
	size_t n = 0;
	bool whole = true;
	for (size_t i = 0; i < PROPS; i++)
		m.names[i] = dict_find(base->names, text_of(props[i]));
	if (self >= 0)
		gather(a, base, (size_t)self, &m);
	struct alike *found = m.n > 0 ? calloc(base->n + 1, sizeof *found) : NULL;
	if (found != NULL)
		whole = walk(base, (size_t)self, &m, deadline_us, found, &n);
	if (n > 0)
		n = closest(base, (size_t)self, &m, found, n);
	for (size_t i = 0; i < n && i < limit; i++)
		val_push(a, &people, told(a, base, &m, &found[i]));
	free(found);
	*out = val_map(a);
	val_put(a, out, "marks", val_int((int64_t)m.n));
	val_put(a, out, "people", people);
	val_put(a, out, "partial", val_bool(!whole));
}
