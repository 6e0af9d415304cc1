/* multipart/form-data (RFC 7578), piece by piece: forms with a file larger than memory. */
#ifndef WEB_MULTIPART_H
#define WEB_MULTIPART_H

#include "base/val.h"

struct arena;
struct err;

enum { MULTIPART_PARTS_MAX = 100, MULTIPART_HEADERS_MAX = 8 * 1024 };

struct multipart_part {
	const char *name;
	const char *
		filename; /* NULL: a field; else the last part of what the browser calls it */
};

struct multipart {
	/* The next bytes, at most n: *got 0 at the end. */
	int (*pull)(void *obj, char *at, size_t n, size_t *got, struct err *e);
	/* A part begins; the bytes that follow are its. */
	int (*part)(void *obj, const struct multipart_part *p, struct err *e);
	int (*bytes)(void *obj, const char *at, size_t n, struct err *e);
	void *obj;
};

/* type: the Content-Type with its boundary. 0, or -1: what pull, part or bytes said, ERR_INPUT: it is not such a body. */
int multipart_read(
	struct arena *a, struct text type, const struct multipart *m, struct err *e);

#endif
