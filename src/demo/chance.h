/* Repeatable chance (splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014). */
#ifndef DEMO_CHANCE_H
#define DEMO_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

struct chance {
	uint64_t state;
};

static inline uint64_t
chance_next(struct chance *c)
{
	uint64_t z = c->state += 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* 0 .. n - 1 */
static inline int64_t
chance_below(struct chance *c, int64_t n)
{
	return n > 0 ? (int64_t)(chance_next(c) % (uint64_t)n) : 0;
}

static inline bool
chance_percent(struct chance *c, int percent)
{
	return chance_below(c, 100) < percent;
}

#endif
