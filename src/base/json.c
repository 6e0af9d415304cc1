/* jansson reads (it refuses what it should), we write. */
#include "base/json.h"
#include "base/arena.h"
#include "base/err.h"

#include <jansson.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct val
from_jansson(struct arena *a, json_t *j)
{
	switch (json_typeof(j)) {
	case JSON_OBJECT: {
		struct val map = val_map(a);
		const char *key;
		json_t *item;
		json_object_foreach(j, key, item)
			/* keys are unique already: append without a search */
			val_put_key(a, &map,
				(struct text){arena_text(a, key, strlen(key)), strlen(key)},
				from_jansson(a, item));
		return map;
	}
	case JSON_ARRAY: {
		struct val list = val_list(a);
		size_t i;
		json_t *item;
		json_array_foreach(j, i, item) val_push(a, &list, from_jansson(a, item));
		return list;
	}
	case JSON_STRING: {
		size_t n = json_string_length(j);
		return val_bytes(arena_text(a, json_string_value(j), n), n);
	}
	case JSON_INTEGER:
		return val_int(json_integer_value(j));
	case JSON_REAL:
		return val_num(json_real_value(j));
	case JSON_TRUE:
		return val_bool(true);
	case JSON_FALSE:
		return val_bool(false);
	case JSON_NULL:
		break;
	}
	return val_null();
}

/* Depth before parsing: brackets outside of strings. */
static bool
too_deep(struct text t)
{
	int depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < t.n; i++) {
		char c = t.at[i];
		if (quoted) {
			if (c == '\\')
				i++;
			else if (c == '"')
				quoted = false;
		} else if (c == '"')
			quoted = true;
		else if ((c == '{' || c == '[') && ++depth > JSON_DEPTH_MAX)
			return true;
		else if (c == '}' || c == ']')
			depth--;
	}
	return false;
}

static void
close_json(void *obj)
{
	json_decref(obj);
}

int
json_parse(struct arena *a, struct text t, struct val *out, struct err *e)
{
	if (too_deep(t))
		return err_set(e, ERR_INPUT, "JSON is nested deeper than %d levels",
			JSON_DEPTH_MAX);
	if (t.n == 0)
		return err_set(e, ERR_INPUT, "JSON is expected, and there is nothing");
	json_error_t bad;
	json_t *j = json_loadb(t.at, t.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &bad);
	if (j == NULL)
		return err_set(e, ERR_INPUT, "not valid JSON: %s, line %d, column %d",
			bad.text, bad.line, bad.column);
	arena_defer(a, close_json, j);
	*out = from_jansson(a, j);
	return 0;
}

static void
add_text(struct str *s, struct text t)
{
	str_addc(s, '"');
	size_t from = 0;
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.at[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		str_add(s, t.at + from, i - from);
		from = i + 1;
		if (c == '"' || c == '\\')
			str_add(s, (char[]){'\\', (char)c}, 2);
		else if (c == '\n')
			str_addz(s, "\\n");
		else if (c == '\t')
			str_addz(s, "\\t");
		else if (c == '\r')
			str_addz(s, "\\r");
		else
			str_addf(s, "\\u%04x", c);
	}
	str_add(s, t.at + from, t.n - from);
	str_addc(s, '"');
}

static void
add_num(struct str *s, double n)
{
	if (!isfinite(n)) {
		str_addz(s, "null");
		return;
	}
	char text[32];
	snprintf(text, sizeof text, "%.15g", n);
	if (strtod(text, NULL) != n)
		snprintf(text, sizeof text, "%.17g", n);
	str_addz(s, text);
}

void
json_add(struct str *s, const struct val *v)
{
	switch (v->kind) {
	case VAL_NULL:
		str_addz(s, "null");
		break;
	case VAL_BOOL:
		str_addz(s, v->b ? "true" : "false");
		break;
	case VAL_INT:
		str_addi(s, v->i);
		break;
	case VAL_NUM:
		add_num(s, v->n);
		break;
	case VAL_TEXT:
		add_text(s, v->text);
		break;
	case VAL_LIST:
		str_addc(s, '[');
		for (size_t i = 0; i < v->list->n; i++) {
			if (i > 0)
				str_addc(s, ',');
			json_add(s, &v->list->at[i]);
		}
		str_addc(s, ']');
		break;
	case VAL_MAP:
		str_addc(s, '{');
		for (size_t i = 0; i < v->map->n; i++) {
			if (i > 0)
				str_addc(s, ',');
			add_text(s, v->map->at[i].key);
			str_addc(s, ':');
			json_add(s, &v->map->at[i].val);
		}
		str_addc(s, '}');
		break;
	}
}

struct text
json_text(struct arena *a, const struct val *v)
{
	struct str s = str_new(a);
	json_add(&s, v);
	return str_text(&s);
}

void
json_add_row(struct str *list, const int64_t *at, size_t n)
{
	str_addc(list, list->n == 0 ? '[' : ',');
	for (size_t i = 0; i < n; i++) {
		str_addc(list, i == 0 ? '[' : ',');
		str_addi(list, at[i]);
	}
	str_addc(list, ']');
}

/* Bytes it takes at most: every character of a text may be escaped. */
static size_t
bytes_at_most(const struct val *v)
{
	enum { ESCAPED = 6, NUMBER = 24 };
	size_t sum = 2;
	switch (v->kind) {
	case VAL_TEXT:
		return sum + ESCAPED * v->text.n;
	case VAL_LIST:
		for (size_t i = 0; i < v->list->n; i++)
			sum += 1 + bytes_at_most(&v->list->at[i]);
		return sum;
	case VAL_MAP:
		for (size_t i = 0; i < v->map->n; i++)
			sum += 4 + ESCAPED * v->map->at[i].key.n +
			       bytes_at_most(&v->map->at[i].val);
		return sum;
	default:
		return NUMBER;
	}
}

bool
json_fits(struct arena *a, const struct val *v, size_t most)
{
	return bytes_at_most(v) <= most || json_text(a, v).n <= most;
}

struct text
json_html(struct arena *a, const struct val *v)
{
	struct text t = json_text(a, v);
	struct str s = str_new(a);
	for (size_t i = 0; i < t.n; i++)
		if (t.at[i] == '<' || t.at[i] == '>' || t.at[i] == '&')
			str_addf(&s, "\\u%04x", t.at[i]);
		else
			str_addc(&s, t.at[i]);
	return str_text(&s);
}
