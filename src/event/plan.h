/* The tracking plan of a source: which events it expects, with which properties. */
#ifndef EVENT_PLAN_H
#define EVENT_PLAN_H

#include "tenant/source_rules.h"

struct err;

/* What becomes of a track call by its plan; *why says what was not expected when it is not taken. A source without a plan takes
 * everything; what the tag sends by itself needs no line in the plan. */
enum plan_verdict plan_judge(const struct source_rules *r, struct text event,
	const struct val *properties, struct err *why);

#endif
