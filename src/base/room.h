/* Arrays that grow, and that may begin in a privately mapped file: one that lies there is copied out when it must move. */
#ifndef BASE_ROOM_H
#define BASE_ROOM_H

#include <stddef.h>

struct room { /* the mapping; {NULL, NULL} where there is none */
	const char *from, *to;
};

/* Room for more things of a size where there were n; aborts out of memory. What is new is not cleared. */
void *room_grow(const struct room *r, void *old, size_t n, size_t more, size_t size);

/* Frees what does not lie in the mapping. */
void room_free(const struct room *r, void *at);

#endif
