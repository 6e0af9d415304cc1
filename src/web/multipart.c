/* See multipart.h. */
#include "web/multipart.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <string.h>
#include <strings.h>

enum { BUFFER = 64 * 1024, BOUNDARY_MAX = 70 }; /* RFC 2046 */

struct window {
	struct arena *arena;
	const struct multipart *m;
	const char *delimiter; /* \r\n--boundary */
	size_t delimiter_n;
	char at[BUFFER];
	size_t n;
	bool ended;
};

static int
broken(struct err *e, const char *what)
{
	return err_set(e, ERR_INPUT, "the form is not multipart/form-data: %s", what);
}

/* More bytes behind those there; *more false at the end. */
static int
fill(struct window *w, bool *more, struct err *e)
{
	size_t got = 0;
	*more = false;
	if (w->n == sizeof w->at)
		return broken(e, "a part's headers are too long");
	if (!w->ended &&
		w->m->pull(w->m->obj, w->at + w->n, sizeof w->at - w->n, &got, e) < 0)
		return -1;
	w->ended = got == 0;
	w->n += got;
	*more = got > 0;
	return 0;
}

static void
drop(struct window *w, size_t n)
{
	memmove(w->at, w->at + n, w->n - n);
	w->n -= n;
}

/* Hands on what stands before the next delimiter, and passes that over. give: is it a part's? */
static int
take_body(struct window *w, bool give, struct err *e)
{
	for (;;) {
		const char *found = memmem(w->at, w->n, w->delimiter, w->delimiter_n);
		size_t n = found != NULL	    ? (size_t)(found - w->at)
			   : w->n >= w->delimiter_n ? w->n - w->delimiter_n + 1
						    : 0;
		bool more = true;
		if (give && n > 0 && w->m->bytes(w->m->obj, w->at, n, e) < 0)
			return -1;
		drop(w, n);
		if (found != NULL) {
			drop(w, w->delimiter_n);
			return 0;
		}
		if (fill(w, &more, e) < 0)
			return -1;
		if (!more)
			return broken(e, "it ends inside a part");
	}
}

/* The value of name="..." in a Content-Disposition, or NULL. */
static const char *
parameter(struct arena *a, struct text header, const char *name)
{
	size_t k = strlen(name);
	const char *end = header.at + header.n;
	for (const char *p = header.at; p < end; p++) {
		if (*p == '"') { /* not inside a value */
			for (p++; p < end && *p != '"'; p++)
				;
			continue;
		}
		if ((*p != ';' && *p != ' ') || (size_t)(end - p) < k + 3 ||
			strncasecmp(p + 1, name, k) != 0 || p[k + 1] != '=' ||
			p[k + 2] != '"')
			continue;
		const char *from = p + k + 3, *to = memchr(from, '"', (size_t)(end - from));
		return to != NULL ? arena_text(a, from, (size_t)(to - from)) : NULL;
	}
	return NULL;
}

/* What a browser calls a file: its last part, in signs that can be shown. */
static const char *
plain_name(struct arena *a, const char *z)
{
	const char *slash = strrchr(z, '/'), *back = strrchr(z, '\\');
	z = slash != NULL ? slash + 1 : z;
	z = back != NULL && back >= z ? back + 1 : z;
	if (!text_is_utf8(text_of(z)))
		return "file";
	char *out = arena_printf(a, "%s", z);
	for (char *p = out; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '_';
	return out;
}

static int
begin_part(struct window *w, struct text headers, struct err *e)
{
	struct multipart_part p = {0};
	for (const char *at = headers.at, *end = headers.at + headers.n; at < end;) {
		const char *stop = memmem(at, (size_t)(end - at), "\r\n", 2);
		size_t n = stop != NULL ? (size_t)(stop - at) : (size_t)(end - at);
		if (n > 20 && strncasecmp(at, "content-disposition:", 20) == 0) {
			struct text line = {at, n};
			p.name = parameter(w->arena, line, "name");
			p.filename = parameter(w->arena, line, "filename");
		}
		at += n + 2;
	}
	if (p.name == NULL || !text_is_utf8(text_of(p.name)))
		return broken(e, "a part has no name");
	if (p.filename != NULL)
		p.filename = plain_name(w->arena, p.filename);
	return w->m->part(w->m->obj, &p, e);
}

/* Behind a delimiter: the last one (*last), or a part's headers. */
static int
take_headers(struct window *w, bool *last, struct err *e)
{
	for (;;) {
		bool more;
		const char *end = memmem(w->at, w->n, "\r\n\r\n", 4);
		*last = w->n >= 2 && memcmp(w->at, "--", 2) == 0;
		if (*last)
			return 0;
		if (end != NULL) {
			struct text headers = {w->at, (size_t)(end - w->at)};
			if (begin_part(w, headers, e) < 0)
				return -1;
			drop(w, headers.n + 2); /* its \r\n may begin the next delimiter */
			return 0;
		}
		if (w->n > MULTIPART_HEADERS_MAX)
			return broken(e, "a part's headers are too long");
		if (fill(w, &more, e) < 0)
			return -1;
		if (!more)
			return broken(e, "it ends inside a part's headers");
	}
}

static const char *
boundary_of(struct arena *a, struct text type)
{
	const char *at = NULL;
	if (type.n < 20 || strncasecmp(type.at, "multipart/form-data", 19) != 0)
		return NULL;
	for (size_t i = 19; i + 9 < type.n && at == NULL; i++)
		if (strncasecmp(type.at + i, "boundary=", 9) == 0)
			at = type.at + i + 9;
	if (at == NULL)
		return NULL;
	const char *end = type.at + type.n, *stop = at;
	char until = at < end && *at == '"' ? '"' : ';';
	at += until == '"';
	for (stop = at; stop < end && *stop != until && (until == '"' || *stop != ' ');)
		stop++;
	size_t n = (size_t)(stop - at);
	return n > 0 && n <= BOUNDARY_MAX ? arena_text(a, at, n) : NULL;
}

int
multipart_read(struct arena *a, struct text type, const struct multipart *m, struct err *e)
{
	const char *boundary = boundary_of(a, type);
	if (boundary == NULL)
		return broken(e, "its Content-Type names no boundary");
	struct window *w = arena_alloc(a, sizeof *w);
	w->arena = a;
	w->m = m;
	w->delimiter = arena_printf(a, "\r\n--%s", boundary);
	w->delimiter_n = strlen(w->delimiter);
	memcpy(w->at, "\r\n", 2); /* the first delimiter begins the body */
	w->n = 2;
	bool last = false;
	if (take_body(w, false, e) < 0)
		return -1;
	for (int parts = 0;; parts++) {
		if (take_headers(w, &last, e) < 0)
			return -1;
		if (last)
			return 0;
		if (parts == MULTIPART_PARTS_MAX)
			return broken(e, "it has too many parts");
		/* the empty line's end: nothing of the part, and maybe of the delimiter */
		bool more = true;
		while (w->n < w->delimiter_n && more)
			if (fill(w, &more, e) < 0)
				return -1;
		if (w->n < w->delimiter_n ||
			memcmp(w->at, w->delimiter, w->delimiter_n) != 0)
			drop(w, 2);
		if (take_body(w, true, e) < 0)
			return -1;
	}
}
