/* One HTTP client with a kept connection (libcurl). For our own doors: `cxdp demo`. What tenants name goes through wire/fetch.h. */
#ifndef WIRE_HTTP_H
#define WIRE_HTTP_H

#include "base/val.h"

struct arena;
struct err;
struct http;

struct http *http_new(void);
void http_free(struct http *h);

/* Posts JSON with one Authorization header (the whole value, or NULL). *status and *answer (at most 1 MB, on a).
 * -1 ERR_BUSY: nobody answered. */
int http_post_json(struct arena *a, struct http *h, const char *url,
	const char *authorization, struct text body, int *status, struct text *answer,
	struct err *e);

#endif
