/* HTTP to what tenants name (webhooks, adapters, feeds, imports by URL), behind the guard (wire/guard.h). */
#ifndef WIRE_FETCH_H
#define WIRE_FETCH_H

#include "base/val.h"

struct arena;
struct err;
struct settings;

enum {
	FETCH_BODY_MAX = 1024 * 1024,
	FETCH_HEADERS_MAX = 64 * 1024,
	FETCH_REDIRECTS_MAX = 3
};

struct fetch_order {
	const char *method; /* GET POST PUT PATCH DELETE; NULL: GET */
	const char *
		url; /* https, or http where plain says so; no user, no control characters */
	const char *const *
		headers; /* "Name: value", NULL at the end, or NULL; no control characters, none that is the transfer's own (Host, ...) */
	struct text body;
	bool plain;    /* http is fine too */
	int redirects; /* how many are followed, at most FETCH_REDIRECTS_MAX; only of GET, each as guarded as the first; headers of the order
			       stay behind when the host or scheme changes */
	size_t body_max;    /* bytes after decompression; 0: FETCH_BODY_MAX */
	int64_t timeout_ms; /* 0: 15 s */
	const int *into;    /* a descriptor the body of a 200 is written to; NULL: memory */
};

struct fetch_answer {
	int status;
	struct text type, body,
		etag;  /* on the arena; etag "" without one, or one over 200 bytes */
	int64_t bytes; /* of the body */
};

struct fetch;

/* One client: keeps no cookie, no password, no connection between calls. 0 / -1 ERR_INPUT: settings.fetch_allow. */
int fetch_open(const struct settings *s, struct fetch **out, struct err *e);
void fetch_close(struct fetch *f); /* NULL is fine */

/* 0 an answer came (whatever its status), or -1: ERR_INPUT the URL or a header is not as it should be, ERR_DENIED it leads to where tenants do
 * not go, ERR_SIZE the answer is too large, ERR_BUSY nobody answered in time. */
int fetch(struct arena *a, struct fetch *f, const struct fetch_order *o,
	struct fetch_answer *out, struct err *e);

/* For tests of names that change: what a host resolves to ("HOST:PORT:ADDRESS"), instead of asking. */
void fetch_resolve(struct fetch *f, const char *host_port_address);

#endif
