/* Memory by lifetime: process, company, request or job, loop turn. Nothing is freed one by one. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>
#include <stdbool.h>

struct arena;

struct arena_mark {
	void *block;
	size_t used;
	void *defers;
};

/* An empty arena; free it with arena_free (NULL is fine). Not for use by two threads at once. */
struct arena *arena_new(void);
void arena_free(struct arena *a);

/* Runs the deferred functions, last first, and forgets all memory; the arena stays usable. */
void arena_reset(struct arena *a);

/* n bytes, zeroed, aligned to 16, never NULL (out of memory aborts: limit sizes from outside first). */
void *arena_alloc(struct arena *a, size_t n);

/* count * size bytes, zeroed; an overflowing product aborts. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* Room for one more behind n of cap: at itself, or a copy twice as large. Begins with NULL, 0, 0. */
void *arena_room(struct arena *a, void *at, size_t n, size_t *cap, size_t size);

/* Copies n bytes. arena_text adds a NUL behind them. */
void *arena_dup(struct arena *a, const void *p, size_t n);
char *arena_text(struct arena *a, const char *p, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Calls close(obj) at reset, free or rewind past this point, last first. */
void arena_defer(struct arena *a, void (*close)(void *), void *obj);

/* What was allocated after the mark is forgotten at the rewind (one loop turn). */
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark m);

/* Bytes held from the system. */
size_t arena_size_bytes(const struct arena *a);

#endif
