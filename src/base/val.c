/* See val.h. Maps are searched in order: they are small (200 properties at most). */
#include "base/val.h"
#include "base/arena.h"
#include "base/err.h"

#include <stdlib.h>
#include <string.h>

struct val
val_null(void)
{
	return (struct val){.kind = VAL_NULL};
}

struct val
val_bool(bool b)
{
	return (struct val){.kind = VAL_BOOL, .b = b};
}

struct val
val_int(int64_t i)
{
	return (struct val){.kind = VAL_INT, .i = i};
}

struct val
val_num(double n)
{
	return (struct val){.kind = VAL_NUM, .n = n};
}

struct val
val_bytes(const char *at, size_t n)
{
	return (struct val){.kind = VAL_TEXT, .text = {at, n}};
}

struct val
val_text(const char *z)
{
	return z != NULL ? val_bytes(z, strlen(z)) : val_null();
}

struct val
val_of(struct text t)
{
	return val_bytes(t.at, t.n);
}

struct val
val_id(struct arena *a, int64_t id)
{
	return id != 0 ? val_text(arena_printf(a, "%lld", (long long)id)) : val_null();
}

struct val
val_list(struct arena *a)
{
	return (struct val){
		.kind = VAL_LIST, .list = arena_alloc(a, sizeof(struct val_list))};
}

struct val
val_map(struct arena *a)
{
	return (struct val){.kind = VAL_MAP, .map = arena_alloc(a, sizeof(struct val_map))};
}

void
val_push(struct arena *a, struct val *list, struct val v)
{
	must(list->kind == VAL_LIST);
	struct val_list *l = list->list;
	l->at = arena_room(a, l->at, l->n, &l->cap, sizeof *l->at);
	l->at[l->n++] = v;
}

void
val_put_key(struct arena *a, struct val *map, struct text key, struct val v)
{
	must(map->kind == VAL_MAP);
	struct val_map *m = map->map;
	for (size_t i = 0; i < m->n; i++)
		if (text_same(m->at[i].key, key)) {
			m->at[i].val = v;
			return;
		}
	m->at = arena_room(a, m->at, m->n, &m->cap, sizeof *m->at);
	m->at[m->n++] = (struct val_pair){.key = key, .val = v};
}

void
val_put(struct arena *a, struct val *map, const char *key, struct val v)
{
	val_put_key(a, map, text_of(key), v);
}

const struct val *
val_get_key(const struct val *v, struct text key)
{
	if (v == NULL || v->kind != VAL_MAP)
		return NULL;
	for (size_t i = 0; i < v->map->n; i++)
		if (text_same(v->map->at[i].key, key))
			return &v->map->at[i].val;
	return NULL;
}

const struct val *
val_get(const struct val *v, const char *key)
{
	return val_get_key(v, text_of(key));
}

const struct val *
val_path(const struct val *v, const char *path)
{
	while (v != NULL && *path != '\0') {
		size_t n = strcspn(path, ".");
		v = val_get_key(v, (struct text){path, n});
		path += n + (path[n] == '.');
	}
	return v;
}

bool
val_as_bool(const struct val *v, bool otherwise)
{
	return v != NULL && v->kind == VAL_BOOL ? v->b : otherwise;
}

static bool
digits(struct text t, int64_t *out)
{
	size_t i = t.n > 0 && t.at[0] == '-';
	if (t.n == i || t.n - i > 19)
		return false;
	int64_t sum = 0;
	for (; i < t.n; i++)
		if (t.at[i] < '0' || t.at[i] > '9' ||
			__builtin_mul_overflow(sum, 10, &sum) ||
			__builtin_add_overflow(sum, t.at[i] - '0', &sum))
			return false;
	*out = t.at[0] == '-' ? -sum : sum;
	return true;
}

int64_t
val_as_int(const struct val *v, int64_t otherwise)
{
	int64_t i;
	if (v == NULL)
		return otherwise;
	if (v->kind == VAL_INT)
		return v->i;
	if (v->kind == VAL_NUM && v->n >= -9e18 && v->n <= 9e18 &&
		v->n == (double)(int64_t)v->n)
		return (int64_t)v->n;
	if (v->kind == VAL_TEXT && digits(v->text, &i))
		return i;
	return otherwise;
}

double
val_as_num(const struct val *v, double otherwise)
{
	if (v != NULL && v->kind == VAL_NUM)
		return v->n;
	return v != NULL && v->kind == VAL_INT ? (double)v->i : otherwise;
}

struct text
val_as_text(const struct val *v)
{
	return v != NULL && v->kind == VAL_TEXT ? v->text : (struct text){"", 0};
}

const char *
val_as_z(struct arena *a, const struct val *v)
{
	return text_z(a, val_as_text(v));
}

size_t
val_len(const struct val *v)
{
	if (v == NULL)
		return 0;
	return v->kind == VAL_LIST ? v->list->n : v->kind == VAL_MAP ? v->map->n : 0;
}

bool
val_is_null(const struct val *v)
{
	return v == NULL || v->kind == VAL_NULL;
}

static bool
same_items(const struct val *x, const struct val *y)
{
	if (val_len(x) != val_len(y))
		return false;
	for (size_t i = 0; i < val_len(x); i++) {
		if (x->kind == VAL_LIST && !val_same(&x->list->at[i], &y->list->at[i]))
			return false;
		if (x->kind == VAL_MAP) {
			const struct val *other = val_get_key(y, x->map->at[i].key);
			if (other == NULL || !val_same(&x->map->at[i].val, other))
				return false;
		}
	}
	return true;
}

bool
val_same(const struct val *x, const struct val *y)
{
	if (val_is_null(x) || val_is_null(y))
		return val_is_null(x) && val_is_null(y);
	if ((x->kind == VAL_INT || x->kind == VAL_NUM) &&
		(y->kind == VAL_INT || y->kind == VAL_NUM))
		return x->kind == VAL_INT && y->kind == VAL_INT
			       ? x->i == y->i
			       : val_as_num(x, 0) == val_as_num(y, 0);
	if (x->kind != y->kind)
		return false;
	if (x->kind == VAL_BOOL)
		return x->b == y->b;
	if (x->kind == VAL_TEXT)
		return text_same(x->text, y->text);
	return same_items(x, y);
}

struct val
val_copy(struct arena *a, const struct val *v)
{
	if (v == NULL)
		return val_null();
	struct val copy = *v;
	if (v->kind == VAL_TEXT)
		copy = val_bytes(arena_text(a, v->text.at, v->text.n), v->text.n);
	if (v->kind == VAL_LIST) {
		copy = val_list(a);
		for (size_t i = 0; i < v->list->n; i++)
			val_push(a, &copy, val_copy(a, &v->list->at[i]));
	}
	if (v->kind == VAL_MAP) {
		copy = val_map(a);
		for (size_t i = 0; i < v->map->n; i++) {
			struct text k = v->map->at[i].key;
			val_put_key(a, &copy, (struct text){arena_text(a, k.at, k.n), k.n},
				val_copy(a, &v->map->at[i].val));
		}
	}
	return copy;
}

struct text
text_of(const char *z)
{
	return (struct text){z != NULL ? z : "", z != NULL ? strlen(z) : 0};
}

bool
text_same(struct text x, struct text y)
{
	return x.n == y.n && (x.n == 0 || memcmp(x.at, y.at, x.n) == 0);
}

bool
text_is(struct text t, const char *z)
{
	return text_same(t, text_of(z));
}

bool
text_starts(struct text t, const char *z)
{
	size_t n = strlen(z);
	return t.n >= n && memcmp(t.at, z, n) == 0;
}

const char *
text_z(struct arena *a, struct text t)
{
	return arena_text(a, t.at, t.n);
}
