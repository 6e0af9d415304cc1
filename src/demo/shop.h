/* What the files of the demo share: the shop, and how it speaks to its own doors. */
#ifndef DEMO_SHOP_H
#define DEMO_SHOP_H

#include "base/val.h"
#include "demo/demo.h"

struct http;

struct shop {
	const struct demo_order *order;
	struct arena *arena; /* of one batch */
	struct http *http;
	struct val batch;
	int64_t now_us, from_us, to_us; /* calls outside from..to are left out */
	int64_t sent, messages;
	int64_t visit; /* of the person now told of: 1 is the first; 0: not on the site */
};

/* Posts once more while it is told to wait. *status may be 409 (it is there already) or 422 (*answer says why); any other refusal is -1.
 * authorization NULL for /v1. */
int shop_post(struct shop *s, const char *path, const char *authorization, struct text body,
	int *status, struct text *answer, struct err *e);

/* What the API is asked to furnish the house with: fields before the people come, the rest after them. */
int house_fields(struct shop *s, struct err *e);
int house_rest(struct shop *s, struct err *e);

extern const char demo_archived[]; /* the segment that goes to the archive */

/* What the shop's people made at their desks: folders of the list of clients, notes, an archived segment. Nothing where the order names
 * no company, or they are there already. */
int desk_fill(struct shop *s, struct err *e);

#endif
