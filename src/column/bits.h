/* A set of rows. */
#ifndef COLUMN_BITS_H
#define COLUMN_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct bits {
	uint64_t *at;
	size_t n; /* rows it has room for */
};

struct bits bits_new(struct arena *a, size_t n); /* empty */
struct bits bits_copy(struct arena *a, const struct bits *b);

static inline bool
bits_has(const struct bits *b, size_t row)
{
	return row < b->n && (b->at[row / 64] >> (row % 64) & 1);
}

static inline void
bits_set(struct bits *b, size_t row)
{
	b->at[row / 64] |= UINT64_C(1) << (row % 64);
}

static inline void
bits_clear(struct bits *b, size_t row)
{
	b->at[row / 64] &= ~(UINT64_C(1) << (row % 64));
}

size_t bits_count(const struct bits *b);

/* x becomes x and y, x or y, x without y; both of the same n. */
void bits_and(struct bits *x, const struct bits *y);
void bits_or(struct bits *x, const struct bits *y);
void bits_without(struct bits *x, const struct bits *y);

/* The next member at or behind row, or n when there is none. */
size_t bits_next(const struct bits *b, size_t row);

#endif
