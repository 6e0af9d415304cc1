/* Blocks in a chain, bump allocation, deferred closers. */
#include "base/arena.h"
#include "base/err.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define POISONING 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONING 1
#endif
#endif
#ifdef POISONING
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

enum { BLOCK_FIRST = 8 * 1024, BLOCK_MAX = 1024 * 1024, ALIGN = 16 };

struct block {
	struct block *before;
	size_t size, used;
	_Alignas(ALIGN) unsigned char at[];
};

struct defer {
	struct defer *before;
	void (*close)(void *);
	void *obj;
};

struct arena {
	struct block *top;
	struct defer *defers;
	size_t held;
};

static void
block_push(struct arena *a, size_t need)
{
	size_t size = a->top != NULL ? a->top->size * 2 : BLOCK_FIRST;
	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	if (size < need)
		size = need;
	struct block *b = malloc(sizeof *b + size);
	must(b != NULL);
	b->before = a->top;
	b->size = size;
	b->used = 0;
	POISON(b->at, size);
	a->top = b;
	a->held += size;
}

static void
block_pop(struct arena *a)
{
	struct block *b = a->top;
	a->top = b->before;
	a->held -= b->size;
	UNPOISON(b->at, b->size);
	free(b);
}

static void
defers_run(struct arena *a, const struct defer *until)
{
	while (a->defers != until) {
		struct defer *d = a->defers;
		a->defers = d->before;
		d->close(d->obj);
	}
}

struct arena *
arena_new(void)
{
	struct arena *a = calloc(1, sizeof *a);
	must(a != NULL);
	return a;
}

void
arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	defers_run(a, NULL);
	while (a->top != NULL)
		block_pop(a);
	free(a);
}

void
arena_reset(struct arena *a)
{
	defers_run(a, NULL);
	/* the newest block is the largest: keep it, so a worker's arena stops asking the system */
	while (a->top != NULL && a->top->before != NULL) {
		struct block *keep = a->top;
		struct block *old = keep->before;
		keep->before = old->before;
		a->held -= old->size;
		UNPOISON(old->at, old->size);
		free(old);
	}
	if (a->top != NULL) {
		if (a->top->size > BLOCK_MAX)
			block_pop(a);
		else {
			POISON(a->top->at, a->top->size);
			a->top->used = 0;
		}
	}
}

void *
arena_alloc(struct arena *a, size_t n)
{
	must(n < (SIZE_MAX >> 2));
	size_t need = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (need == 0)
		need = ALIGN;
	if (a->top == NULL || a->top->size - a->top->used < need)
		block_push(a, need);
	void *p = a->top->at + a->top->used;
	a->top->used += need;
	UNPOISON(p, n);
	return memset(p, 0, n);
}

void *
arena_array(struct arena *a, size_t count, size_t size)
{
	size_t n;
	must(!__builtin_mul_overflow(count, size, &n));
	return arena_alloc(a, n);
}

void *
arena_room(struct arena *a, void *at, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return at;
	*cap = *cap > 0 ? *cap * 2 : 8;
	void *bigger = arena_array(a, *cap, size);
	if (n > 0)
		memcpy(bigger, at, n * size);
	return bigger;
}

void *
arena_dup(struct arena *a, const void *p, size_t n)
{
	void *copy = arena_alloc(a, n);
	if (n > 0)
		memcpy(copy, p, n);
	return copy;
}

char *
arena_text(struct arena *a, const char *p, size_t n)
{
	char *copy = arena_alloc(a, n + 1);
	if (n > 0)
		memcpy(copy, p, n);
	return copy;
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	must(n >= 0);
	char *text = arena_alloc(a, (size_t)n + 1);
	vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}

void
arena_defer(struct arena *a, void (*close)(void *), void *obj)
{
	struct defer *d = arena_alloc(a, sizeof *d);
	*d = (struct defer){.before = a->defers, .close = close, .obj = obj};
	a->defers = d;
}

struct arena_mark
arena_mark(const struct arena *a)
{
	return (struct arena_mark){.block = a->top,
		.used = a->top != NULL ? a->top->used : 0,
		.defers = a->defers};
}

void
arena_rewind(struct arena *a, struct arena_mark m)
{
	defers_run(a, m.defers);
	while (a->top != m.block)
		block_pop(a);
	if (a->top != NULL) {
		POISON(a->top->at + m.used, a->top->size - m.used);
		a->top->used = m.used;
	}
}

size_t
arena_size_bytes(const struct arena *a)
{
	return a->held;
}
