/* What people write in cells, to values of fields: dates, numbers, phones, yes and no in the spellings met in files. */
#ifndef EXCHANGE_CELL_H
#define EXCHANGE_CELL_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct zone;

/* Why a value, or a row, is not taken; in words: web/reason.h. */
enum why {
	WHY_NONE,
	WHY_ROW,    /* the reader's problem, which is in value */
	WHY_NOBODY, /* no identifier in the row */
	WHY_ID,	    /* no profile has this id */
	WHY_ERASED, /* the person had themselves erased */
	WHY_EMAIL,
	WHY_PHONE,
	WHY_PHONE_EXCEL, /* 7,9E+10: the digits are gone */
	WHY_IDENT,	 /* "0", "null" and so on name nobody */
	WHY_DATE,
	WHY_NO_DAY, /* 31.02.1987 */
	WHY_NUMBER,
	WHY_BOOL,
	WHY_URL,
	WHY_GEO,
	WHY_LONG,
	WHY_LIMIT,     /* outside of what the field's options allow */
	WHY_TRANSFORM, /* what the script said is in value */
	/* the row is taken, but */
	WHY_PROOF, /* a consent without text or time was not made */
	WHY_TAKEN, /* the identifier is another profile's and stays there */
	WHYS
};

/* The rest of a column's description that a value needs. */
struct cell_how {
	const char *type; /* of the field */
	const char *name; /* of the field: gender has words of its own */
	bool month_first; /* 01/31/2024 */
	const char *country, *currency;
	const struct zone *zone;
	int year; /* this one: where two digits of a year turn */
};

/* An empty cell is null. *out is on a. */
enum why cell_read(
	struct arena *a, const struct cell_how *how, struct text t, struct val *out);

/* An instant: "31.01.2024", "2024-01-31 10:00", RFC 3339; in the zone where none is said. */
enum why cell_time(
	struct arena *a, const struct cell_how *how, struct text t, int64_t *at_us);

/* yes / no words: 1 / 0 / -1 neither. */
int cell_yes(struct arena *a, struct text t);

/* What a text would be as a date by its parts: 0 none, 1 day first, 2 month first, 3 both. */
int cell_date_order(struct text t);

#endif
