/* Segment rules: a text in the words of API.md becomes a tree. The text is run once in a box; what would silently mean something
 * else is refused with its line and advice. A compiled rule never changes and may be used by several evaluators. */
#ifndef SEGMENT_RULE_H
#define SEGMENT_RULE_H

#include "base/val.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct err;
struct settings;
struct rule;

/* What the compiler asks about a company. Any function may be NULL: then no such name exists. */
struct rule_names {
	void *obj;
	/* The type of a field ("text", "date", ...), NULL when there is none. */
	const char *(*field_type)(void *obj, struct text name);
	/* All field names, for "did you mean": n of them on a. */
	const char *const *(*field_all)(struct arena *a, void *obj, size_t *n);
	bool (*event_known)(void *obj, struct text type); /* unknown ones are a warning */
	/* By name or id: 1 *id, 0 none. */
	int (*segment_find)(void *obj, struct text name, int64_t *id);
	bool (*segment_archived)(void *obj, int64_t id); /* such ones are a warning */
	int (*campaign_find)(void *obj, struct text name, int64_t *id);
	int (*scenario_find)(void *obj, struct text name, int64_t *id);
	/* Does the rule of segment from use segment to, itself or through others? */
	bool (*segment_uses)(void *obj, int64_t from, int64_t to);
	int64_t self_segment; /* the segment this rule is of, 0 for a filter: cycles are refused */
};

/* 0 *out, to be freed with rule_free; or -1: ERR_INPUT (ERR_LIMIT for a text over its limits) with e->line and a sentence with advice. */
int rule_compile(struct text source, const struct settings *s,
	const struct rule_names *names, struct rule **out, struct err *e);
void rule_free(struct rule *r);

/* What is odd but no error: list of {line, text}. */
const struct val *rule_warnings(const struct rule *r);

/* What an answer depends on. */
enum rule_depends {
	RULE_ON_TIME = 1,      /* answers have an until */
	RULE_ON_CONSENT = 2,   /* reachable(), consent() */
	RULE_ON_KNOWN = 4,     /* known() */
	RULE_ON_ALL_FIELDS = 8 /* a where() that goes through the profile */
};
unsigned rule_depends(const struct rule *r);
/* Whether a part of it is tried on one profile after the other: a where(). */
bool rule_goes_by_row(const struct rule *r);
bool rule_on_field(const struct rule *r, struct text name);
bool rule_on_event(const struct rule *r, struct text type); /* the built-in name */
bool rule_on_segment(const struct rule *r, int64_t segment_id);
/* {fields: [...], events: [...], segments: ["id"], campaigns: ["id"], scenarios: ["id"]} */
const struct val *rule_uses(const struct rule *r);

/* The line of an "or" whose right side would not even be built ("known() or field.x:is(1)"), 0 when there is none. Functions
 * without words of rules (those of where) may use it. */
int rule_or_line(struct text source);

#endif
