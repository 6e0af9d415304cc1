/* From the store into the columns: all of a company at the start, some persons later. */
#ifndef ENGINE_LOAD_H
#define ENGINE_LOAD_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct hold;

/* Fields, persons, consents, and the events up to the lease's position. */
int load_columns(struct hold *h, struct err *e);

/* Some persons as they are now (at most DB_REPEAT_MAX): fields, consents, suppressions. */
int load_persons(
	struct arena *a, struct hold *h, const int64_t *ids, size_t n, struct err *e);

#endif
