/* Open addressing over numbers; the texts lie in an arena, so they never move. */
#include "base/dict.h"
#include "base/arena.h"
#include "base/err.h"

#include <stdlib.h>
#include <string.h>

struct dict {
	struct arena *arena;
	struct text *texts;
	uint32_t *hashes;
	size_t n, cap;
	uint32_t *slots; /* number + 1; 0 is free */
	size_t slot_count;
};

static uint32_t
hash_of(struct text t)
{
	uint64_t h = 0x9E3779B97F4A7C15u ^ t.n;
	size_t i = 0;
	for (; i + 8 <= t.n; i += 8) {
		uint64_t word;
		memcpy(&word, t.at + i, 8);
		h = (h ^ word) * 0xD6E8FEB86659FD93u;
		h ^= h >> 32;
	}
	for (; i < t.n; i++)
		h = (h ^ (unsigned char)t.at[i]) * 0x100000001B3u;
	h ^= h >> 29;
	h *= 0xBF58476D1CE4E5B9u;
	return (uint32_t)(h >> 32);
}

struct dict *
dict_new(void)
{
	struct dict *d = calloc(1, sizeof *d);
	must(d != NULL);
	d->arena = arena_new();
	return d;
}

void
dict_free(struct dict *d)
{
	if (d == NULL)
		return;
	arena_free(d->arena);
	free(d->texts);
	free(d->hashes);
	free(d->slots);
	free(d);
}

static size_t
slot_of(const struct dict *d, struct text t, uint32_t hash)
{
	size_t mask = d->slot_count - 1;
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		uint32_t held = d->slots[i];
		if (held == 0 ||
			(d->hashes[held - 1] == hash && text_same(d->texts[held - 1], t)))
			return i;
	}
}

static void
grow(struct dict *d)
{
	d->slot_count = d->slot_count > 0 ? d->slot_count * 2 : 16;
	free(d->slots);
	d->slots = calloc(d->slot_count, sizeof *d->slots);
	d->cap = d->slot_count / 2;
	d->texts = realloc(d->texts, d->cap * sizeof *d->texts);
	d->hashes = realloc(d->hashes, d->cap * sizeof *d->hashes);
	must(d->slots != NULL && d->texts != NULL && d->hashes != NULL);
	for (size_t i = 0; i < d->n; i++)
		d->slots[slot_of(d, d->texts[i], d->hashes[i])] = (uint32_t)(i + 1);
}

int64_t
dict_put(struct dict *d, struct text t, bool *added)
{
	if (d->n == d->cap)
		grow(d);
	uint32_t hash = hash_of(t);
	size_t slot = slot_of(d, t, hash);
	if (added != NULL)
		*added = d->slots[slot] == 0;
	if (d->slots[slot] == 0) {
		must(d->n < UINT32_MAX - 1);
		d->texts[d->n] = (struct text){arena_text(d->arena, t.at, t.n), t.n};
		d->hashes[d->n] = hash;
		d->slots[slot] = (uint32_t)++d->n;
	}
	return (int64_t)d->slots[slot] - 1;
}

int64_t
dict_find(const struct dict *d, struct text t)
{
	if (d->slot_count == 0)
		return DICT_NONE;
	return (int64_t)d->slots[slot_of(d, t, hash_of(t))] - 1;
}

struct text
dict_text(const struct dict *d, int64_t number)
{
	must(number >= 0 && (size_t)number < d->n);
	return d->texts[number];
}

size_t
dict_count(const struct dict *d)
{
	return d->n;
}

size_t
dict_size_bytes(const struct dict *d)
{
	return arena_size_bytes(d->arena) +
	       d->cap * (sizeof *d->texts + sizeof *d->hashes) +
	       d->slot_count * sizeof *d->slots;
}

int64_t
dict_put_id(struct dict *d, int64_t id, bool *added)
{
	return dict_put(d, (struct text){(const char *)&id, sizeof id}, added);
}

int64_t
dict_find_id(const struct dict *d, int64_t id)
{
	return dict_find(d, (struct text){(const char *)&id, sizeof id});
}

int64_t
dict_id(const struct dict *d, int64_t number)
{
	int64_t id;
	memcpy(&id, dict_text(d, number).at, sizeof id);
	return id;
}
