/* A scenario's Lua text to plain data. The text is run once in a box of the use BOX_STEP; nothing of it runs later.
 *
 *   return scenario {
 *     on = event.cart_updated:where { total = at_least(50) },   or   on = segment_enter "name or id",
 *     stop = event.purchase, again = "7d",
 *     wait "1h", send "cart-reminder",
 *     wait_for(event.email_click, "2d") { yes = { … }, no = { … } },
 *     when(field.city:is "Минск") { yes = { … }, no = { … } },
 *     at { days = "mon-fri", from = "10:00", to = "19:00" },
 *     finish(),
 *   }
 *
 * The tree: {"on": EVENT, "stop": EVENT?, "again_us": n?, "steps": [STEP…]}
 *   EVENT {"event": built-in name, "where": [{"prop", "op", "value", "to"?}…]?} or {"segment": "name or id"}
 *     op: is is_not more less at_least at_most between (value..to) contains starts one_of (value a list) empty
 *   STEP  {"op": "wait", "for_us": n, "line": n} | {"op": "send", "template": "name or id", "line"}
 *       | {"op": "wait_for", "event": EVENT, "for_us": n, "yes": [STEP…], "no": [STEP…], "line"}
 *       | {"op": "when", "rule": rule text as a segment's without "return", "yes": […], "no": […], "line"}
 *       | {"op": "at", "days": [1 Monday … 7 Sunday], "from_s": n, "to_s": n (seconds of the day), "line"}
 *       | {"op": "end", "line"} */
#ifndef SCENARIO_COMPILE_H
#define SCENARIO_COMPILE_H

#include "base/val.h"

struct arena;
struct err;
struct settings;

enum { SCENARIO_STEPS_MAX = 500 };

/* 0, or -1: ERR_INPUT with e->line and a sentence with advice, ERR_LIMIT for a text over its limits. */
int scenario_compile(struct arena *a, const struct settings *s, struct text script,
	struct val *tree, struct err *e);

#endif
