/* Why a row of a file is refused, or warned of, as a marketer reads it. */
#ifndef WEB_REASON_H
#define WEB_REASON_H

#include "exchange/cell.h"
#include "web/words.h"

/* why, about a column ("" of none) and its value. */
struct text reason_say(struct arena *a, const struct words *w, enum why why,
	const char *column, struct text value);

#endif
