/* See page.h. A page is the least limit + 1 rows behind the cursor, kept in a heap: no sorting of the whole base. */
#include "column/page.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "column/read.h"

#include <stdlib.h>
#include <string.h>

enum { LIMIT_MAX = 1000 };

struct key { /* what a row is ordered by */
	bool missing;
	double number;
	int64_t whole;
	struct text text;
	int64_t id;
	size_t row;
};

struct sorting {
	struct column_base *base;
	const struct column_field *field; /* NULL: by id */
	bool descending;
};

static struct key
key_of(const struct sorting *s, size_t row)
{
	struct key k = {.id = s->base->ids[row], .row = row};
	const struct column_field *f = s->field;
	if (f == NULL)
		return k;
	switch (f->kind) {
	case COLUMN_TEXT: {
		uint32_t code = ((const uint32_t *)f->cells)[row];
		k.missing = code == 0;
		if (code > 0)
			k.text = dict_text(s->base->folds, column_fold(s->base, code));
		break;
	}
	case COLUMN_NUMBER:
		k.number = ((const double *)f->cells)[row];
		k.missing = isnan(k.number);
		break;
	case COLUMN_DATE:
		k.whole = ((const int32_t *)f->cells)[row];
		k.missing = k.whole == INT32_MIN;
		break;
	case COLUMN_TIME:
		k.whole = ((const int64_t *)f->cells)[row];
		k.missing = k.whole == INT64_MIN;
		break;
	case COLUMN_BOOL:
		k.whole = ((const int8_t *)f->cells)[row];
		k.missing = k.whole < 0;
		break;
	case COLUMN_LIST:
		if (((const uint32_t *)f->cells)[row] != 0)
			k.whole = s->base->lists[((const uint32_t *)f->cells)[row]];
		k.missing = k.whole == 0;
		break;
	case COLUMN_GEO:
		k.missing = true;
		break;
	}
	return k;
}

static int
text_order(struct text x, struct text y)
{
	size_t n = x.n < y.n ? x.n : y.n;
	int c = n > 0 ? memcmp(x.at, y.at, n) : 0;
	return c != 0 ? c : (x.n > y.n) - (x.n < y.n);
}

/* Negative when x comes before y. */
static int
order(const struct sorting *s, const struct key *x, const struct key *y)
{
	int c = 0;
	if (x->missing != y->missing)
		return x->missing ? 1 : -1;
	if (s->field != NULL && !x->missing) {
		if (s->field->kind == COLUMN_TEXT)
			c = text_order(x->text, y->text);
		else if (s->field->kind == COLUMN_NUMBER)
			c = (x->number > y->number) - (x->number < y->number);
		else
			c = (x->whole > y->whole) - (x->whole < y->whole);
	}
	if (c == 0)
		c = (x->id > y->id) - (x->id < y->id);
	else if (s->descending)
		return -c;
	return s->descending ? -c : c;
}

static const char *
cursor_of(struct arena *a, const struct sorting *s, const struct key *k)
{
	const char *id = arena_printf(a, "%lld", (long long)k->id);
	if (s->field == NULL || k->missing)
		return arena_printf(a, "%s-", id);
	if (s->field->kind == COLUMN_TEXT)
		return arena_printf(a, "%s=%s", id, text_hex(a, k->text.at, k->text.n));
	if (s->field->kind == COLUMN_NUMBER)
		return arena_printf(a, "%s=%.17g", id, k->number);
	return arena_printf(a, "%s=%lld", id, (long long)k->whole);
}

static bool
hex_read(struct arena *a, const char *p, struct text *out)
{
	size_t n = strlen(p);
	char *bytes = arena_alloc(a, n / 2 + 1);
	for (size_t i = 0; i + 1 < n; i += 2) {
		unsigned byte;
		if (sscanf(p + i, "%2x", &byte) != 1)
			return false;
		bytes[i / 2] = (char)byte;
	}
	*out = (struct text){bytes, n / 2};
	return n % 2 == 0;
}

static bool
cursor_read(struct arena *a, const struct sorting *s, struct text cursor, struct key *k)
{
	const char *z = text_z(a, cursor);
	size_t n = strcspn(z, "=-");
	*k = (struct key){.missing = s->field != NULL};
	if (z[n] == '\0' || id_parse((struct text){z, n}, &k->id) == 0)
		return false;
	if (z[n] == '-')
		return z[n + 1] == '\0';
	if (s->field == NULL)
		return false;
	k->missing = false;
	const char *p = z + n + 1;
	char *end = NULL;
	if (s->field->kind == COLUMN_TEXT)
		return hex_read(a, p, &k->text);
	if (s->field->kind == COLUMN_NUMBER)
		k->number = strtod(p, &end);
	else
		k->whole = strtoll(p, &end, 10);
	return end != p && *end == '\0';
}

/* A heap with the last of the kept keys on top. */
static void
sift_down(const struct sorting *s, struct key *heap, size_t n)
{
	for (size_t i = 0;;) {
		size_t last = i, left = 2 * i + 1, right = left + 1;
		if (left < n && order(s, &heap[left], &heap[last]) > 0)
			last = left;
		if (right < n && order(s, &heap[right], &heap[last]) > 0)
			last = right;
		if (last == i)
			return;
		struct key k = heap[i];
		heap[i] = heap[last];
		heap[last] = k;
		i = last;
	}
}

static void
push_up(const struct sorting *s, struct key *heap, size_t i)
{
	while (i > 0 && order(s, &heap[i], &heap[(i - 1) / 2]) > 0) {
		struct key k = heap[i];
		heap[i] = heap[(i - 1) / 2];
		heap[(i - 1) / 2] = k;
		i = (i - 1) / 2;
	}
}

static size_t
least(const struct sorting *s, const struct column_page *p, const struct key *after,
	struct key *heap, size_t most)
{
	size_t n = 0;
	struct column_base *base = s->base;
	for (size_t row = 0; row < base->n; row++) {
		if (!(base->flags[row] & COLUMN_LIVE) ||
			(p->known && !(base->flags[row] & COLUMN_KNOWN)))
			continue;
		if (p->among != NULL && !bits_has(p->among, row))
			continue;
		struct key k = key_of(s, row);
		if (after != NULL && order(s, &k, after) <= 0)
			continue;
		if (n < most) {
			heap[n] = k;
			push_up(s, heap, n++);
		} else if (order(s, &k, &heap[0]) < 0) {
			heap[0] = k;
			sift_down(s, heap, n);
		}
	}
	base->rows_evaluated += (int64_t)base->n;
	/* take the last away again and again: what stays at the end is in order */
	for (size_t left = n; left > 1; left--) {
		struct key k = heap[0];
		heap[0] = heap[left - 1];
		heap[left - 1] = k;
		sift_down(s, heap, left - 1);
	}
	return n;
}

static int
sorting_of(struct column_base *base, const struct column_order *order, struct sorting *s,
	struct err *e)
{
	*s = (struct sorting){.base = base, .descending = order->descending};
	if (order->field == NULL) {
		s->descending = true;
		return 0;
	}
	s->field = column_field_find(base, text_of(order->field));
	return s->field != NULL || base->field_n == 0
		       ? 0
		       : err_field(e, "sort", "there is no field \"%s\" to sort by",
				 order->field);
}

struct text
column_page_cursor(struct arena *a, struct column_base *base,
	const struct column_order *order, int64_t id)
{
	struct sorting s;
	struct err ignored;
	int64_t row = column_row(base, id);
	if (row < 0 || sorting_of(base, order, &s, &ignored) < 0)
		return text_of("");
	struct key k = key_of(&s, (size_t)row);
	return text_of(cursor_of(a, &s, &k));
}

int
column_page(struct arena *a, struct column_base *base, const struct column_page *p,
	int64_t **ids, size_t *n, struct text *next, struct err *e)
{
	struct sorting s;
	*ids = NULL;
	*n = 0;
	*next = (struct text){"", 0};
	if (sorting_of(base, &p->order, &s, e) < 0)
		return -1;
	struct key after;
	if (p->after.n > 0 && !cursor_read(a, &s, p->after, &after))
		return err_field(e, "cursor", "this cursor is not one of this list");
	size_t limit = p->limit > LIMIT_MAX ? LIMIT_MAX : p->limit;
	struct key *heap = arena_array(a, limit + 1, sizeof *heap);
	size_t found = least(&s, p, p->after.n > 0 ? &after : NULL, heap, limit + 1);
	if (found > limit) {
		found = limit;
		if (limit > 0)
			*next = text_of(cursor_of(a, &s, &heap[limit - 1]));
	}
	*ids = arena_array(a, found + 1, sizeof **ids);
	for (size_t i = 0; i < found; i++)
		(*ids)[i] = heap[i].id;
	*n = found;
	return 0;
}

struct bits
column_all(struct arena *a, struct column_base *base, bool known)
{
	return bits_of_flags(a, base->flags, base->n, known ? COLUMN_KNOWN : COLUMN_LIVE);
}

/* SplitMix64's finisher: a row's place in a shuffle. */
static uint64_t
mixed(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

size_t
column_sample(struct column_base *base, const struct bits *among, uint64_t seed, size_t n,
	int64_t *ids)
{
	size_t found = 0;
	struct {
		uint64_t place;
		int64_t id;
	} kept[256];
	n = n > 256 ? 256 : n;
	for (size_t row = bits_next(among, 0); row < among->n;
		row = bits_next(among, row + 1)) {
		uint64_t place = mixed(
			(uint64_t)base->ids[row] ^ mixed(seed + 0x9E3779B97F4A7C15u));
		size_t i = found;
		if (found < n)
			found++;
		else if (n == 0 || place >= kept[n - 1].place)
			continue;
		else
			i = n - 1;
		for (; i > 0 && kept[i - 1].place > place; i--)
			kept[i] = kept[i - 1];
		kept[i].place = place;
		kept[i].id = base->ids[row];
	}
	for (size_t i = 0; i < found; i++)
		ids[i] = kept[i].id;
	return found;
}
