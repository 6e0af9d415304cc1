/* People put into a static segment and taken out of it by hand. What is told is the entry or exit itself, an event of the feed: the
 * engine writes the membership when it comes by, so that it alone moves people, and a question asked for the position committed here
 * sees them. */
#ifndef SEGMENT_HAND_H
#define SEGMENT_HAND_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct db;
struct err;
struct event_types;
struct settings;

enum { HAND_SLICE = 1000 };

/* Also done in a slice's transaction, with those of it who were told: n > 0 ids of persons, at_us their entry or exit. */
typedef int hand_also(struct db *db, void *obj, const int64_t *ids, size_t n, int64_t at_us,
	struct err *e);

/* Who does it: by as members show it ("Anna", "API key CRM"), user_id 0 nobody of ours. quiet: no scenario begins. also may be NULL. */
struct hand {
	const char *by;
	int64_t user_id;
	bool quiet;
	hand_also *also;
	void *obj;
};

/* Waits, wait_ms at most, until memberships are stored as of what the company has committed: before whoever decides by stored
 * memberships. ERR_BUSY: the columns are away, or behind. 0 / -1 */
int segment_static_wait(struct arena *a, struct db *db, const struct settings *s,
	int64_t company_id, int wait_ms, struct err *e);

/* Puts persons in (or takes them out), HAND_SLICE a transaction; who is there already (or not there) is passed over, so that it may be
 * done again after a failure. Who is there is what is stored: segment_static_wait comes first, else what was told a moment ago is not
 * seen. Merged ids go for their roots; ids of nobody are passed over. *changed is how many were told.
 * ERR_CONFLICT: the segment (a map of segment_by_id) is not static; ERR_INPUT: it is archived. 0 / -1 */
int segment_static_put(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, const struct val *segment, const int64_t *person_ids, size_t n,
	bool in, const struct hand *by, int64_t *changed, struct err *e);

/* Since when each of n <= HAND_SLICE persons is in a segment, as it is stored; 0 who is not. 0 / -1 */
int segment_static_since(struct arena *a, struct db *db, int64_t company_id,
	int64_t segment_id, const int64_t *person_ids, size_t n, int64_t *since_us,
	struct err *e);

/* People named one by one: profile ids, e-mails, phones as people write them; external ids where nothing else is that. */
struct hand_list {
	int64_t *ids; /* roots, each once, n of them */
	size_t n;
	struct val missing; /* those of texts that name nobody */
};
int segment_people_of(struct arena *a, struct db *db, int64_t company_id,
	const char *country, const struct val *texts, struct hand_list *out, struct err *e);

/* A pasted list: what stands between line ends, commas, semicolons and tabs, quotes and spaces around it left out. At most
 * SEGMENT_FILL_MAX (option.h). */
struct val segment_people_split(struct arena *a, struct text pasted);

#endif
