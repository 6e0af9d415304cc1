/* JSON text to values and back. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/str.h"
#include "base/val.h"

struct arena;
struct err;

enum { JSON_DEPTH_MAX = 32 }; /* everywhere */

/* Strict: UTF-8, no NUL, no duplicate keys, nothing behind the value, whole numbers within 64 bits, depth 32.
 * 0, or -1 with ERR_INPUT: what and where (line, column). */
int json_parse(struct arena *a, struct text t, struct val *out, struct err *e);

/* Compact; numbers that are no numbers (NaN, infinity) become null. json_html also escapes < > & so that the
 * text may stand inside a <script type="application/json">. */
void json_add(struct str *s, const struct val *v);
struct text json_text(struct arena *a, const struct val *v);
/* One more [1,2,3] of a list of such rows, as queries with JSON_TABLE take it; the "]" of the list is the caller's. */
void json_add_row(struct str *list, const int64_t *at, size_t n);
/* Whether json_text of it has at most so many bytes; written only where it is near. */
bool json_fits(struct arena *a, const struct val *v, size_t most);
struct text json_html(struct arena *a, const struct val *v);

#endif
