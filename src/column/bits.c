/* See bits.h. */
#include "column/bits.h"
#include "base/arena.h"

#include <string.h>

static size_t
words(size_t n)
{
	return (n + 63) / 64;
}

struct bits
bits_new(struct arena *a, size_t n)
{
	return (struct bits){.at = arena_array(a, words(n) + 1, sizeof(uint64_t)), .n = n};
}

struct bits
bits_copy(struct arena *a, const struct bits *b)
{
	struct bits copy = bits_new(a, b->n);
	if (b->n > 0)
		memcpy(copy.at, b->at, words(b->n) * sizeof(uint64_t));
	return copy;
}

size_t
bits_count(const struct bits *b)
{
	size_t count = 0;
	for (size_t i = 0; i < words(b->n); i++)
		count += (size_t)__builtin_popcountll(b->at[i]);
	return count;
}

void
bits_and(struct bits *x, const struct bits *y)
{
	for (size_t i = 0; i < words(x->n); i++)
		x->at[i] &= y->at[i];
}

void
bits_or(struct bits *x, const struct bits *y)
{
	for (size_t i = 0; i < words(x->n); i++)
		x->at[i] |= y->at[i];
}

void
bits_without(struct bits *x, const struct bits *y)
{
	for (size_t i = 0; i < words(x->n); i++)
		x->at[i] &= ~y->at[i];
}

struct bits
bits_of_flags(struct arena *a, const uint8_t *flags, size_t n, uint8_t wanted)
{
	struct bits b = bits_new(a, n);
	size_t row = 0;
	for (; row + 64 <= n; row += 64) {
		uint8_t is[64];
		for (size_t i = 0; i < 64; i++)
			is[i] = (flags[row + i] & wanted) != 0;
		b.at[row / 64] = bits_gather(is);
	}
	for (; row < n; row++)
		if (flags[row] & wanted)
			bits_set(&b, row);
	return b;
}

size_t
bits_next(const struct bits *b, size_t row)
{
	if (row >= b->n)
		return b->n;
	size_t i = row / 64;
	uint64_t word = b->at[i] >> (row % 64) << (row % 64);
	while (word == 0) {
		if (++i >= words(b->n))
			return b->n;
		word = b->at[i];
	}
	size_t found = i * 64 + (size_t)__builtin_ctzll(word);
	return found < b->n ? found : b->n;
}
