/* A published scenario as it runs: steps in one array, in the order of reading, each knowing where to go on. */
#ifndef SCENARIO_PROGRAM_H
#define SCENARIO_PROGRAM_H

#include "base/val.h"

struct arena;
struct err;
struct zone;

enum { STEP_OVER = -1 };

enum step_op { STEP_WAIT, STEP_SEND, STEP_WAIT_FOR, STEP_WHEN, STEP_AT, STEP_END };

struct matcher {
	struct text type;	 /* built-in name; empty matches nothing */
	int64_t segment_id;	 /* of segment_entered, else 0 */
	const struct val *where; /* list of conditions, or NULL */
};

struct step {
	enum step_op op;
	int next, yes, no; /* STEP_OVER: the run ends */
	int64_t for_us, template_id;
	struct matcher event;
	struct text rule; /* whole, as a segment's */
	unsigned days;	  /* bit 1 Monday .. bit 7 Sunday */
	int from_s, to_s;
};

struct program {
	struct arena *arena;
	struct matcher on, stop;
	bool again;
	int64_t again_us;
	struct step *steps;
	int n;
	bool has_at;
};

/* Reads the tree of compile.h with names resolved: sends have "template_id", segments "segment_id". Borrowed from tree. -1 ERR_INPUT. */
int program_read(
	struct arena *a, const struct val *tree, struct program *out, struct err *e);

/* Whether an event is what a matcher means. */
bool matcher_holds(const struct matcher *m, struct text type, const struct val *props);

/* The first instant from at_us on that lies in an "at" step's window in that zone. */
int64_t step_window_us(const struct step *s, const struct zone *zone, int64_t at_us);

#endif
