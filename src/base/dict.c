/* Open addressing over numbers. The texts lie in blocks that never move; a text is known by its place: block and offset. */
#include "base/dict.h"
#include "base/err.h"
#include "base/room.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 64 * 1024, UNIT = 4, UNITS = BLOCK_BYTES / UNIT };
static const uint32_t forgotten = UINT32_MAX; /* as a place, and as a slot */

struct counts {
	uint64_t n, cap, slot_count, block_n, used; /* used: bytes of the last block */
};

struct dict {
	struct room room;
	struct counts c;
	char **blocks; /* a text longer than a block takes several that follow each other */
	size_t block_cap;
	uint32_t *places, *hashes; /* by number */
	uint32_t *slots;	   /* number + 1; 0 is free */
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
	return d;
}

/* A block that continues the one before is a part of it. */
static bool
is_head(const struct dict *d, size_t block)
{
	return block == 0 || d->blocks[block] != d->blocks[block - 1] + BLOCK_BYTES;
}

void
dict_free(struct dict *d)
{
	if (d == NULL)
		return;
	for (size_t i = d->c.block_n; i-- > 0;)
		if (is_head(d, i))
			room_free(&d->room, d->blocks[i]);
	free(d->blocks);
	room_free(&d->room, d->places);
	room_free(&d->room, d->hashes);
	room_free(&d->room, d->slots);
	free(d);
}

struct text
dict_text(const struct dict *d, int64_t number)
{
	must(number >= 0 && (uint64_t)number < d->c.n);
	uint32_t place = d->places[number], length;
	if (place == forgotten)
		return (struct text){"", 0};
	const char *at = d->blocks[place / UNITS] + (size_t)(place % UNITS) * UNIT;
	memcpy(&length, at, sizeof length);
	return (struct text){at + sizeof length, length};
}

static size_t
slot_of(const struct dict *d, struct text t, uint32_t hash)
{
	size_t mask = d->c.slot_count - 1;
	for (size_t i = hash & mask;; i = (i + 1) & mask) {
		uint32_t held = d->slots[i];
		if (held == 0 || (held != forgotten && d->hashes[held - 1] == hash &&
					 text_same(dict_text(d, held - 1), t)))
			return i;
	}
}

static void
grow(struct dict *d)
{
	d->c.slot_count = d->c.slot_count > 0 ? d->c.slot_count * 2 : 16;
	room_free(&d->room, d->slots);
	d->slots = calloc(d->c.slot_count, sizeof *d->slots);
	must(d->slots != NULL);
	d->c.cap = d->c.slot_count / 2;
	d->places = room_grow(&d->room, d->places, d->c.n, d->c.cap, sizeof *d->places);
	d->hashes = room_grow(&d->room, d->hashes, d->c.n, d->c.cap, sizeof *d->hashes);
	size_t mask = d->c.slot_count - 1;
	for (size_t i = 0; i < d->c.n; i++) {
		size_t slot = d->hashes[i] & mask;
		while (d->places[i] != forgotten && d->slots[slot] != 0)
			slot = (slot + 1) & mask;
		if (d->places[i] != forgotten)
			d->slots[slot] = (uint32_t)(i + 1);
	}
}

static void
blocks_add(struct dict *d, size_t more)
{
	char *at = malloc(more * BLOCK_BYTES);
	if (d->c.block_n + more > d->block_cap) {
		d->block_cap = (d->c.block_n + more) * 2;
		d->blocks = reallocarray(d->blocks, d->block_cap, sizeof *d->blocks);
	}
	must(at != NULL && d->blocks != NULL);
	/* what malloc gives has its own words before it, so two never touch */
	must(d->c.block_n == 0 || at != d->blocks[d->c.block_n - 1] + BLOCK_BYTES);
	must((d->c.block_n + more) * (uint64_t)UNITS < UINT32_MAX); /* 16 GB of texts */
	for (size_t i = 0; i < more; i++)
		d->blocks[d->c.block_n++] = at + i * BLOCK_BYTES;
	d->c.used = 0;
}

static uint32_t
keep(struct dict *d, struct text t)
{
	uint32_t length = (uint32_t)t.n;
	size_t need = (sizeof length + t.n + 1 + UNIT - 1) / UNIT * UNIT;
	if (d->c.block_n == 0 || d->c.used + need > BLOCK_BYTES)
		blocks_add(d, (need + BLOCK_BYTES - 1) / BLOCK_BYTES);
	size_t blocks = (need + BLOCK_BYTES - 1) / BLOCK_BYTES;
	size_t block = d->c.block_n - blocks;
	char *at = d->blocks[block] + d->c.used;
	uint32_t place = (uint32_t)(block * UNITS + d->c.used / UNIT);
	memcpy(at, &length, sizeof length);
	if (t.n > 0)
		memcpy(at + sizeof length, t.at, t.n);
	at[sizeof length + t.n] = '\0';
	d->c.used = blocks > 1 ? BLOCK_BYTES : d->c.used + need;
	return place;
}

int64_t
dict_put(struct dict *d, struct text t, bool *added)
{
	if (d->c.n == d->c.cap)
		grow(d);
	uint32_t hash = hash_of(t);
	size_t slot = slot_of(d, t, hash);
	if (added != NULL)
		*added = d->slots[slot] == 0;
	if (d->slots[slot] == 0) {
		must(d->c.n < UINT32_MAX - 2);
		d->places[d->c.n] = keep(d, t);
		d->hashes[d->c.n] = hash;
		d->slots[slot] = (uint32_t)++d->c.n;
	}
	return (int64_t)d->slots[slot] - 1;
}

int64_t
dict_find(const struct dict *d, struct text t)
{
	if (d->c.slot_count == 0)
		return DICT_NONE;
	return (int64_t)d->slots[slot_of(d, t, hash_of(t))] - 1;
}

/* Whether the last text at or below a number, but above low, begins at or before a place: numbers and places rise together. */
static bool
is_before(const struct dict *d, uint64_t number, uint64_t low, uint32_t place)
{
	while (number > low && d->places[number] == forgotten)
		number--;
	return number == low || d->places[number] <= place;
}

/* The last number from low on whose text begins at or before a place. Steps double, as what is looked for is mostly near. */
static uint64_t
number_at(const struct dict *d, uint64_t low, uint32_t place)
{
	uint64_t step = 1, high;
	while (low + step < d->c.n && is_before(d, low + step, low, place))
		step *= 2;
	high = low + step < d->c.n ? low + step : d->c.n;
	while (high - low > 1) {
		uint64_t middle = low + (high - low) / 2;
		if (is_before(d, middle, low, place))
			low = middle;
		else
			high = middle;
	}
	while (low > 0 && d->places[low] == forgotten)
		low--;
	return low;
}

/* How many bytes from the head of a block on belong together. */
static size_t
span_of(const struct dict *d, size_t block)
{
	size_t next = block + 1;
	while (next < d->c.block_n && !is_head(d, next))
		next++;
	return (next - block) * BLOCK_BYTES -
	       (next == d->c.block_n ? BLOCK_BYTES - d->c.used : 0);
}

struct dict_scan
dict_scan_begin(const struct dict *d, struct text needle)
{
	return (struct dict_scan){
		.dict = d, .needle = needle, .bytes = d->c.block_n > 0 ? span_of(d, 0) : 0};
}

int64_t
dict_scan_next(struct dict_scan *s)
{
	const struct dict *d = s->dict;
	while (s->block < d->c.block_n) {
		const char *base = d->blocks[s->block],
			   *hit = s->at < s->bytes ? memmem(base + s->at, s->bytes - s->at,
							     s->needle.at, s->needle.n)
						   : NULL;
		if (hit == NULL) {
			do
				s->block++;
			while (s->block < d->c.block_n && !is_head(d, s->block));
			s->at = 0;
			s->bytes = s->block < d->c.block_n ? span_of(d, s->block) : 0;
			continue;
		}
		size_t offset = (size_t)(hit - base);
		s->number = number_at(
			d, s->number, (uint32_t)(s->block * UNITS + offset / UNIT));
		struct text t = dict_text(d, (int64_t)s->number);
		if (hit >= t.at && hit + s->needle.n <= t.at + t.n) {
			s->at = (size_t)(t.at + t.n - base);
			return (int64_t)s->number;
		}
		s->at = offset + 1; /* it stood in a length, or between two */
	}
	return DICT_NONE;
}

void
dict_forget(struct dict *d, int64_t number)
{
	struct text t = dict_text(d, number);
	if (d->places[number] == forgotten)
		return;
	d->slots[slot_of(d, t, d->hashes[number])] = forgotten;
	d->places[number] = forgotten;
	d->hashes[number] = 0;
	memset((char *)t.at, 0, t.n);
}

size_t
dict_count(const struct dict *d)
{
	return d->c.n;
}

size_t
dict_size_bytes(const struct dict *d)
{
	return d->c.block_n * (size_t)BLOCK_BYTES +
	       d->c.cap * (sizeof *d->places + sizeof *d->hashes) +
	       d->c.slot_count * sizeof *d->slots + d->block_cap * sizeof *d->blocks;
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

int
dict_walk(struct dict *d, const struct room *room, dict_part *part, void *obj)
{
	void *counts = &d->c;
	int rc = part(obj, &counts, sizeof d->c, sizeof d->c);
	if (rc != 0)
		return rc;
	if (room != NULL) { /* the counts were read, into the mapping */
		memcpy(&d->c, counts, sizeof d->c);
		d->room = *room;
		d->block_cap = d->c.block_n;
		d->blocks = calloc(d->block_cap + 1, sizeof *d->blocks);
		must(d->blocks != NULL);
	}
	if ((rc = part(obj, (void **)&d->places, d->c.n * sizeof *d->places,
		     d->c.cap * sizeof *d->places)) != 0 ||
		(rc = part(obj, (void **)&d->hashes, d->c.n * sizeof *d->hashes,
			 d->c.cap * sizeof *d->hashes)) != 0 ||
		(rc = part(obj, (void **)&d->slots, d->c.slot_count * sizeof *d->slots,
			 d->c.slot_count * sizeof *d->slots)) != 0)
		return rc;
	for (size_t i = 0; rc == 0 && i < d->c.block_n; i++)
		rc = part(obj, (void **)&d->blocks[i], BLOCK_BYTES, BLOCK_BYTES);
	return rc;
}
