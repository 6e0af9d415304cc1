/* From the store into the columns: all of a company at the start, in slices; some persons later. */
#ifndef ENGINE_LOAD_H
#define ENGINE_LOAD_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct feed_row;
struct hold;
struct load;
struct val;

/* Loading a company from the store: fields, persons, consents, and the events up to the lease's position. */
struct load *load_new(void);
void load_free(struct load *l);

/* Goes on until the deadline (monotonic): 1 everything is there, 0 there is more, -1 *e. ERR_LIMIT: the company is larger than
 * what this engine may take (columns_memory_mb). */
int load_more(struct load *l, struct hold *h, int64_t deadline_us, struct err *e);

/* How far it is. */
struct load_progress {
	int64_t persons, seq, of; /* read so far; the feed's number, of how many */
};
struct load_progress load_progress(const struct load *l, const struct hold *h);

/* Some persons as they are now (at most DB_REPEAT_MAX): fields, consents, suppressions. */
int load_persons(
	struct arena *a, struct hold *h, const int64_t *ids, size_t n, struct err *e);

/* What a profile_updated event says of fields: what they were before, and when they changed. */
void load_changes(struct arena *a, struct hold *h, const struct feed_row *row,
	int64_t person_id, const struct val *props);

#endif
