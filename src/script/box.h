/* A script in a box: the text of a stranger run with an allow-list, four limits and nothing shared (docs: SECURITY).
 * A box is one Lua state for one thread and one company. All goes in and out as struct val. */
#ifndef SCRIPT_BOX_H
#define SCRIPT_BOX_H

#include "base/val.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct err;
struct settings;
struct box;

enum box_use {
	BOX_RULE,    /* segment rule, template variable, one profile: settings rule_* */
	BOX_STEP,    /* scenario step, a letter: settings step_* */
	BOX_ADAPTER, /* channel adapter, import transform: settings adapter_* */
	BOX_PAGE     /* our own pages: 100 M gas, 64 MB, 5 s */
};

enum box_limit { BOX_LIMIT_NONE, BOX_LIMIT_GAS, BOX_LIMIT_MEMORY, BOX_LIMIT_WALL };

enum {
	BOX_CHUNK_MAX = 64 * 1024, /* bytes of one text */
	BOX_DEPTH_MAX = 16,	   /* of a value coming out */
	BOX_NODES_MAX = 10000,	   /* of a value coming out; BOX_PAGE may take in more */
	BOX_RUNS_MAX = 10000	   /* after these box_is_spent says true */
};

struct box_usage { /* of the last run or call */
	int64_t gas, us;
	size_t memory_bytes;  /* the most the state held */
	enum box_limit limit; /* the limit that ended it; the box is then dead for good */
};

struct box_ref { /* a function kept in its box until box_free; made here only */
	int at;
	bool is_text; /* loaded text, not a function */
};

/* A function of the host, called by name from scripts. args and *result are on a, which is rewound when the script
 * goes on. 0, or -1 *e: the script gets the sentence as an error. It may call box_charge, never box_run or box_call. */
typedef int box_fn(struct box *box, struct arena *a, void *obj, const struct val *args,
	size_t n, struct val *result, struct err *e);

/* Reads a field of a read-only object: 1 *out (may be null), 0 it has no such field. */
typedef int box_getter(struct arena *a, void *obj, struct text key, struct val *out);

/* A new box; it belongs to the company the thread works for (budget.h) and refuses runs with ERR_BUSY when that has used up its share;
 * pages of ours belong to nobody. s gives the limits and may be NULL (defaults of SECURITY 1.2). now_us and seed are all a script knows of
 * time and chance: same input, same answer. */
struct box *box_new(
	enum box_use use, const struct settings *s, int64_t now_us, uint64_t seed);
void box_free(struct box *box);

/* For the next runs. */
void box_set_now(struct box *box, int64_t now_us, uint64_t seed);

/* True when the box must be thrown away: a limit was hit, or it served BOX_RUNS_MAX runs. */
bool box_is_spent(const struct box *box);

/* What scripts of this box see besides the library. Names are global words; obj must outlive the box. */
void box_give(struct box *box, const char *name, box_fn *fn, void *obj);
void box_give_object(struct box *box, const char *name, box_getter *get, void *obj);

/* Loads a file of ours (lua_dir/path) with more rights (setmetatable, line(), keep()...). It returns a table {words = {…},
 * begin = fn, finish = fn}: words become global for scripts, begin() runs before each box_run, finish(value) makes what
 * box_run answers, missing(_, name) speaks when a name is unknown. A second one
 * stands on the first, which it sees as "beneath". Call before any script. 0 / -1 *e. */
int box_prelude(struct box *box, const struct settings *s, const char *path, struct err *e);

/* Runs a text once in a fresh environment; params becomes the global "params" (may be NULL). *result is on a.
 * 0, or -1: ERR_INPUT with e->line for an error of the script, ERR_LIMIT when a limit ended it. */
int box_run(struct arena *a, struct box *box, struct text chunk, const char *name,
	const struct val *params, struct val *result, struct err *e);

/* Compiles a text without running it, to be called often; each call has a fresh environment. 0 / -1 as box_run. */
int box_load(struct box *box, struct text chunk, const char *name, struct box_ref *out,
	struct err *e);
/* The same for one expression whose names are the fields of the object given to box_test. */
int box_load_expression(struct box *box, struct text expression, const char *name,
	struct box_ref *out, struct err *e);

/* Calls a kept function (loaded text: args are what ... gives; a function kept by a prelude: its arguments). */
int box_call(struct arena *a, struct box *box, struct box_ref fn, const struct val *args,
	size_t n, struct val *result, struct err *e);

/* Calls fn(object) and answers whether it gave something true: 1, 0, -1 *e (error or limit). */
int box_test(struct box *box, struct box_ref fn, box_getter *get, void *obj, struct err *e);

/* What fn(object) gives, on a. 0 / -1 as box_call. */
int box_value(struct arena *a, struct box *box, struct box_ref fn, box_getter *get,
	void *obj, struct val *result, struct err *e);

/* For host functions: takes gas, checks the clock; the run ends when it is used up. May not return. */
void box_charge(struct box *box, size_t gas);

/* The functions a prelude kept with keep(fn) during the last box_run, in that order; *n how many. */
const struct box_ref *box_kept(const struct box *box, size_t *n);

/* Is this a word of the library or one given? */
bool box_knows(struct box *box, struct text name);

struct box_usage box_usage(const struct box *box);
const char *box_limit_word(
	enum box_limit limit); /* "gas", "memory", "wall", NULL for none */

/* Every name a script can reach, one a line, sorted: compared with a golden list by the tests. */
struct text box_reach(struct arena *a, struct box *box);

#endif
