/* Random rules and random people, and what the rules mean by a naive interpreter written apart from the evaluator. */
#ifndef RANDOM_RULE_H
#define RANDOM_RULE_H

#include "base/str.h"
#include "column/base.h"
#include "segment/rule.h"

enum { PEOPLE = 24, EVENTS = 9 };

struct event {
	int type;
	int64_t at_us, total; /* millionths; -1 none */
	int city;	      /* -1 none */
};

struct person {
	int64_t id;
	int city, tag, vip;		   /* -1 missing */
	int64_t age;			   /* millionths, -1 missing */
	int64_t born;			   /* days, INT64_MIN missing */
	int64_t seen_us;		   /* INT64_MIN missing */
	bool consents, suppressed, member; /* to e-mail; its address; of segment 77 */
	double lat, lon;		   /* lat 200: missing */
	const struct zone *zone;
	const char *zone_name;
	struct event events[EVENTS];
	int n;
};

extern struct person people[PEOPLE];
extern const struct zone *company_zone;
extern int64_t start_us; /* around which their events and dates lie */

void chance_seed(uint64_t seed);
uint64_t chance(uint64_t n);

/* Adds a rule's text to s. */
struct node *random_rule(struct arena *a, struct str *s, int depth);
bool holds(const struct node *n, const struct person *p, int64_t now_us);

void random_person(struct person *p, int64_t id);
/* In some order, some of it by way of another person who is merged in. */
void put_person(struct arena *a, struct column_base *base, const struct person *p);
void define_fields(struct column_base *base);
struct column_base *random_base(struct arena *a); /* of people */
const char *field_type(void *obj, struct text name);
int segment_named(void *obj, struct text name, int64_t *id);

#endif
