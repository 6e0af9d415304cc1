/* See room.h. */
#include "base/room.h"
#include "base/err.h"

#include <stdlib.h>
#include <string.h>

static int
is_mapped(const struct room *r, const void *at)
{
	return at != NULL && (const char *)at >= r->from && (const char *)at < r->to;
}

void *
room_grow(const struct room *r, void *old, size_t n, size_t more, size_t size)
{
	void *at = reallocarray(is_mapped(r, old) ? NULL : old, more, size);
	must(at != NULL);
	if (is_mapped(r, old) && n > 0)
		memcpy(at, old, n * size);
	return at;
}

void
room_free(const struct room *r, void *at)
{
	if (!is_mapped(r, at))
		free(at);
}
