/* One invented person. */
#ifndef DEMO_PEOPLE_H
#define DEMO_PEOPLE_H

#include "demo/chance.h"

struct arena;

struct demo_person {
	int64_t number;
	const char *first_name, *last_name, *middle_name, *gender; /* "female" | "male" */
	const char *email, *phone, *city, *birthday, *language;
	const char *external_id; /* NULL: no number in the till's system */
	const char *device;	 /* anonymous id */
	bool agrees;		 /* to letters */
	int zeal;		 /* 0 came once .. 3 lives here */
};

/* The number-th person of a seed, always the same. */
struct demo_person demo_person_make(struct arena *a, uint64_t seed, int64_t number);

/* First names {Russian, Belarusian}; surnames {a man's, a woman's, both in Belarusian}. */
extern const char *const demo_women[][2], *const demo_men[][2], *const demo_surnames[][4];
extern const int demo_women_n, demo_men_n, demo_surnames_n;

#endif
