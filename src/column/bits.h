/* A set of rows. */
#ifndef COLUMN_BITS_H
#define COLUMN_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

/* 64 bytes of 0 and 1 become 64 bits: eight at a time by a multiplication that gathers their lowest bits on top. */
static inline uint64_t
bits_gather(const uint8_t *is)
{
	uint64_t word = 0, eight;
	for (int i = 0; i < 8; i++) {
		memcpy(&eight, is + 8 * i, 8);
		word |= (eight * 0x0102040810204080u >> 56) << 8 * i;
	}
	return word;
}

size_t bits_count(const struct bits *b);

/* x becomes x and y, x or y, x without y; both of the same n. */
void bits_and(struct bits *x, const struct bits *y);
void bits_or(struct bits *x, const struct bits *y);
void bits_without(struct bits *x, const struct bits *y);

/* For each member, in order: BITS_EACH (&b, row) { ... } */
#define BITS_EACH(b, row)                                                                  \
	for (size_t row##_word = 0; row##_word * 64 < (b)->n; row##_word++)                \
		for (uint64_t row##_left = (b)->at[row##_word], row = 0;                   \
			row##_left != 0 &&                                                 \
			(row = row##_word * 64 + (size_t)__builtin_ctzll(row##_left),      \
			row < (b)->n);                                                     \
			row##_left &= row##_left - 1)

/* The members are the rows whose flag has one of the wanted bits. */
struct bits bits_of_flags(struct arena *a, const uint8_t *flags, size_t n, uint8_t wanted);

/* The next member at or behind row, or n when there is none. */
size_t bits_next(const struct bits *b, size_t row);

#endif
