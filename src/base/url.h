/* URLs, query strings, and the bytes behind a Content-Encoding. */
#ifndef BASE_URL_H
#define BASE_URL_H

#include "base/val.h"

struct arena;
struct err;

/* "a=1&b=x%20y" to a map of texts; + is a space; of repeated names the last counts, of names ending in [] all do (a list).
 * Ill-formed UTF-8 or more than 200 names: -1 ERR_INPUT. */
int url_query(struct arena *a, struct text query, struct val *out, struct err *e);

/* Percent decoding; a broken escape stays as it is. */
struct text url_decode(struct arena *a, struct text t);

/* An absolute http or https URL without user, control characters or backslash, at most 2048 bytes. */
bool url_is_web(struct text t);

/* Inflates gzip or zlib; at most limit bytes come out. 0 / -1 (ERR_INPUT broken, ERR_SIZE larger). */
int url_inflate(
	struct arena *a, struct text packed, size_t limit, struct text *out, struct err *e);

/* The same as zlib, quickly rather than small; on a. */
struct text url_deflate(struct arena *a, struct text plain);

#endif
