/* Texts to dense numbers 0, 1, 2, ... in the order they came: dictionaries of columns, grouping of batches. */
#ifndef BASE_DICT_H
#define BASE_DICT_H

#include "base/val.h"

#include <stdint.h>

struct dict;
struct room;

enum { DICT_NONE = -1 };

struct dict *dict_new(void);
void dict_free(struct dict *d);

/* The number of t, given now if it is new (then *added, if not NULL, is true). Keeps its own copy of the bytes. */
int64_t dict_put(struct dict *d, struct text t, bool *added);
int64_t dict_find(const struct dict *d, struct text t); /* DICT_NONE when it is not there */

/* The text of a number, with a NUL behind it; it stays where it is until dict_free. Empty for a forgotten one. */
struct text dict_text(const struct dict *d, int64_t number);
size_t dict_count(const struct dict *d);
size_t dict_size_bytes(const struct dict *d);

/* Goes through the texts that contain a needle (one byte or more), by number, reading them as they lie: faster than one by one. Nothing may
 * be put or forgotten meanwhile. */
struct dict_scan {
	const struct dict *dict;
	struct text needle;
	uint64_t number;	 /* looked at last */
	size_t block, at, bytes; /* where it goes on, in blocks that lie together */
};
struct dict_scan dict_scan_begin(const struct dict *d, struct text needle);
/* The next one's number, or DICT_NONE. */
int64_t dict_scan_next(struct dict_scan *s);

/* The bytes are overwritten and found no more; the number is not given again. */
void dict_forget(struct dict *d, int64_t number);

/* The same for 64-bit keys (ids). */
int64_t dict_put_id(struct dict *d, int64_t id, bool *added);
int64_t dict_find_id(const struct dict *d, int64_t id);
int64_t dict_id(const struct dict *d, int64_t number);

/* Goes over the arrays it consists of, in an order that is always the same: each is told by where its pointer stands,
 * how many bytes count and how many there is room for. Writing a snapshot (room NULL), part copies them away; reading one
 * into a new dictionary, it sets the pointers into the mapping that room describes. 0, or what part answered. */
typedef int dict_part(void *obj, void **at, size_t bytes, size_t room_bytes);
int dict_walk(struct dict *d, const struct room *room, dict_part *part, void *obj);

#endif
