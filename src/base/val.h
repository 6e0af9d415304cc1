/* Any value: JSON, Lua, template variable, a row of the store. Borrowed memory, an arena's. */
#ifndef BASE_VAL_H
#define BASE_VAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum val_kind { VAL_NULL, VAL_BOOL, VAL_INT, VAL_NUM, VAL_TEXT, VAL_LIST, VAL_MAP };

struct text { /* bytes with a length, UTF-8 unless said otherwise; NUL behind them not promised */
	const char *at;
	size_t n;
};

struct val {
	enum val_kind kind;
	union {
		bool b;
		int64_t i;
		double n;
		struct text text;
		struct val_list *list;
		struct val_map *map;
	};
};

struct val_list {
	struct val *at;
	size_t n, cap;
};

struct val_pair {
	struct text key;
	struct val val;
};

struct val_map { /* in the order of insertion; keys are unique */
	struct val_pair *at;
	size_t n, cap;
};

/* Makers. Texts are borrowed, not copied. */
struct val val_null(void);
struct val val_bool(bool b);
struct val val_int(int64_t i);
struct val val_num(double n);
struct val val_text(const char *z); /* NUL-terminated; NULL makes null */
struct val val_bytes(const char *at, size_t n);
struct val val_of(struct text t);
struct val val_id(struct arena *a, int64_t id); /* an id as text, 0 as null */
struct val val_list(struct arena *a);
struct val val_map(struct arena *a);

/* Appends; v must be a list. */
void val_push(struct arena *a, struct val *list, struct val v);
/* Sets or replaces; v must be a map; key is borrowed. */
void val_put(struct arena *a, struct val *map, const char *key, struct val v);
void val_put_key(struct arena *a, struct val *map, struct text key, struct val v);

/* The value under key, or NULL when v is no map or has none. */
const struct val *val_get(const struct val *v, const char *key);
const struct val *val_get_key(const struct val *v, struct text key);
/* By a path of keys "a.b.c". */
const struct val *val_path(const struct val *v, const char *path);

/* Forgiving readers for what was checked before: the default when v is NULL or of another kind.
 * val_as_int reads whole numbers and texts of digits (ids come as text). */
bool val_as_bool(const struct val *v, bool otherwise);
int64_t val_as_int(const struct val *v, int64_t otherwise);
double val_as_num(const struct val *v, double otherwise);
struct text val_as_text(const struct val *v); /* empty when no text */
const char *val_as_z(
	struct arena *a, const struct val *v); /* NUL-terminated, "" when no text */

size_t val_len(const struct val *v); /* of a list or map, else 0 */
bool val_is_null(const struct val *v);
bool val_same(const struct val *x,
	const struct val *y); /* 1 and 1.0 are the same; maps in any order */

/* A deep copy into a. */
struct val val_copy(struct arena *a, const struct val *v);

/* Texts. */
struct text text_of(const char *z); /* NULL makes an empty one */
bool text_is(struct text t, const char *z);
bool text_same(struct text x, struct text y);
bool text_starts(struct text t, const char *z);
const char *text_z(struct arena *a, struct text t);

#endif
