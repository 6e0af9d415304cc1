/* How alike two persons are by what is known of them, whatever the alphabet, case and small slips. */
#ifndef INSIGHT_ALIKE_H
#define INSIGHT_ALIKE_H

#include "base/val.h"

#include <stdint.h>

struct arena;

/* A name as it sounds: Cyrillic and Latin spellings of one name come to the same small Latin letters ("Юлия", "Yuliya", "Julia": "iulia"),
 * letters that are written this way and that (й, и, і, ы; doubled ones) to one. Everything but letters is left out. On a. */
struct text alike_sound(struct arena *a, struct text name);

/* Restricted Damerau-Levenshtein distance of two short ASCII texts, most + 1 when it is more than most. source: Damerau 1964 */
size_t alike_distance(struct text x, struct text y, size_t most);

/* The address without what providers do not look at: dots (of those that ignore them) and what stands behind a +. */
struct text alike_address(struct arena *a, struct text email);

enum { ALIKE_KEYS_MAX = 6, ALIKE_LEAST = 50 };

/* Hashes under which a person is found beside those it may be the same as: how many. fields: composed, by name; country: the company's. */
size_t alike_keys(struct arena *a, const struct val *fields, const char *country,
	int64_t keys[ALIKE_KEYS_MAX]);

/* 0 to 100: what speaks for two persons being one, less what speaks against it. *reasons: list of {field, how: "same" | "near" | "differs"}. */
int alike_score(struct arena *a, const struct val *x, const struct val *y,
	const char *country, struct val *reasons);

#endif
