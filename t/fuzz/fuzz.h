/* What the fuzz programs share. One program a parser: LLVMFuzzerTestOneInput(bytes, n) returns 0 and must not crash, hang or leak. */
#ifndef T_FUZZ_H
#define T_FUZZ_H

#include "base/arena.h"
#include "base/err.h"
#include "base/val.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Takes the first byte as a choice among most; the rest is the text. */
static inline int
fuzz_choice(struct text *t, int most)
{
	int choice = t->n > 0 ? (unsigned char)t->at[0] % most : 0;
	if (t->n > 0)
		*t = (struct text){t->at + 1, t->n - 1};
	return choice;
}

/* Takes the first line off, without its end. */
static inline struct text
fuzz_line(struct text *t)
{
	const char *end = t->n > 0 ? memchr(t->at, '\n', t->n) : NULL;
	struct text line = {t->at, end != NULL ? (size_t)(end - t->at) : t->n};
	size_t used = line.n + (end != NULL);
	*t = (struct text){t->at + used, t->n - used};
	return line;
}

/* A file in memory: its path on a, its descriptor in *fd for close(). */
static inline const char *
fuzz_file(struct arena *a, struct text t, int *fd)
{
	*fd = memfd_create("fuzz", MFD_CLOEXEC);
	must(*fd >= 0 && write(*fd, t.at, t.n) == (ssize_t)t.n);
	return arena_printf(a, "/proc/self/fd/%d", *fd);
}

#endif
