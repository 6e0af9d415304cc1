/* Texts to dense numbers 0, 1, 2, ... in the order they came: dictionaries of columns, grouping of batches. */
#ifndef BASE_DICT_H
#define BASE_DICT_H

#include "base/val.h"

struct dict;

enum { DICT_NONE = -1 };

struct dict *dict_new(void);
void dict_free(struct dict *d);

/* The number of t, given now if it is new (then *added, if not NULL, is true). Keeps its own copy of the bytes. */
int64_t dict_put(struct dict *d, struct text t, bool *added);
int64_t dict_find(const struct dict *d, struct text t); /* DICT_NONE when it is not there */

/* The text of a number; valid until dict_free. */
struct text dict_text(const struct dict *d, int64_t number);
size_t dict_count(const struct dict *d);
size_t dict_size_bytes(const struct dict *d);

/* The same for 64-bit keys (ids). */
int64_t dict_put_id(struct dict *d, int64_t id, bool *added);
int64_t dict_find_id(const struct dict *d, int64_t id);
int64_t dict_id(const struct dict *d, int64_t number);

#endif
