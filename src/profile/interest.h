/* What somebody looks at: sections of a site and categories of goods, each with a weight that halves in 30 days. Kept with nodes, so it
 * survives merges and their undoing; sums in one time base, so that it does not matter in which order events come. */
#ifndef PROFILE_INTEREST_H
#define PROFILE_INTEREST_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum { INTEREST_TOPIC_MAX = 100, INTERESTS_TOP = 5 };

struct interest {
	int64_t company_id, node_id;
	struct text topic;
	double weight; /* 1 a look; what it is worth is told by at_us */
	int64_t at_us;
};

/* Adds looks; call inside the transaction of their events. */
int interest_add(
	struct arena *a, struct db *db, struct interest *looks, size_t n, struct err *e);

/* A person's topics, heaviest first: list of maps {topic, share}, share of all of them, 0 to 1; at most limit. */
int interest_of(struct arena *a, struct db *db, int64_t company_id, int64_t person_id,
	size_t limit, struct val *out, struct err *e);

/* Of people whose looks have changed, those whose top is not what their field "interests" says: list of maps {person_id, interests}. */
int interest_news(struct arena *a, struct db *db, int64_t company_id, const int64_t *people,
	size_t n, struct val *out, struct err *e);

#endif
