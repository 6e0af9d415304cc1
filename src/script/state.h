/* Inside of the box, for this folder only: the one place where lua.h is seen.
 * Functions named l_* may longjmp: they hold nothing but arena memory and run only inside a protected call. */
#ifndef SCRIPT_STATE_H
#define SCRIPT_STATE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "script/box.h"

#include <lauxlib.h>
#include <lua.h>

#include <setjmp.h>

enum {
	BOX_HOOK_STEP = 100, /* VM instructions between two looks at the meters */
	BOX_PATTERNS = 16    /* compiled patterns kept */
};

struct box_pattern {
	struct text text; /* on the heap */
	struct regex *regex;
	int64_t run; /* that paid for it last */
};

struct box_object { /* a full userdata: fields are read by the host, nothing is written */
	box_getter *get;
	void *obj;
};

struct box {
	lua_State *L;
	enum box_use use;
	int64_t gas_max, memory_max, wall_max_us;
	int64_t gas, rest, memory, memory_peak, began_us, cpu_from_us;
	enum box_limit dead;
	bool metered;	/* a script is running: allocations are counted against it */
	bool armed;	/* the hook fires at the next instruction */
	bool followed;	/* line by line, for a prelude */
	unsigned ticks; /* of the hook, this run */
	struct arena_mark mark; /* of the scratch, when the run began */
	int collections;
	int line; /* of the script, begun last; only with a prelude */
	int64_t runs;
	int64_t now_us;
	uint64_t seed, random;
	struct arena *arena; /* lives as long as the box: names given, refs */
	struct arena
		*scratch; /* one host function; rewound behind it and at the end of a run */
	int lib;	  /* registry: table of all global words */
	int env_meta;	  /* registry: metatable of environments */
	int sealed;	  /* registry: an environment nothing can be written to */
	int prelude;	  /* registry: what the last prelude gave, 0 none */
	int begin, finish; /* registry: of the prelude, or LUA_NOREF */
	int probe;	   /* registry: the object of box_test */
	struct box_ref *kept;
	size_t kept_n, kept_cap;
	struct box_usage usage;
	struct box_pattern patterns[BOX_PATTERNS];
	int64_t paying_run; /* the run that paid for paid patterns */
	size_t paid;
	struct budget *budget;	   /* of the company, or NULL */
	int64_t owed_gas, owed_us; /* used, not yet taken from it */
	char where[64];		   /* the text an error came from */
	void *owner;		   /* the template set, if one made this box */
};

static inline struct box *
box_of(lua_State *L)
{
	return *(struct box **)lua_getextraspace(L);
}

/* box.c */
void l_charge(lua_State *L, size_t gas); /* raises when the box is dead */
void l_look(lua_State *L); /* at the clock too; raises when a limit was passed */
void l_room(lua_State *L, size_t bytes); /* a text larger than all memory ends the run */
int l_limit(lua_State *L);		 /* raises */
void l_environment(lua_State *L);	 /* [-0, +1] a fresh environment */
/* [-0, +1 on success] compiles behind the given first line's prefix; pushes the message on failure */
int l_compile(lua_State *L, struct text chunk, const char *name, const char *prefix,
	const char *suffix);

/* The two ends of a run under the limits; coarse: the clock's tick is good enough. box_begin: 0, or -1 *e and no run. */
int box_begin(struct box *box, bool coarse, struct err *e);
void box_end(struct box *box, bool coarse);
/* Fills *e from the error object on top of the stack; never calls a metamethod. -1 */
int box_failed(struct box *box, struct err *e);

/* Runs body(L) with arg as light userdata under the limits; 0 / -1 *e. */
int box_protect(struct box *box, lua_CFunction body, void *arg, struct err *e);
/* The same for our own set-up: no limits. */
int box_trusted(struct box *box, lua_CFunction body, void *arg, struct err *e);

/* value.c */
void l_push(lua_State *L, const struct val *v);		     /* [-0, +1] */
struct val l_pull(lua_State *L, struct arena *a, int index); /* [-0, +0] */
struct text l_text(lua_State *L, int arg);		     /* an argument, a string */
struct text l_text_or(lua_State *L, int arg, const char *otherwise);
void l_push_text(lua_State *L, struct text t);
const char *l_plain(
	lua_State *L, int index); /* [-0, +1] what tostring says, no addresses */
void l_given(lua_State *L, struct box *box, box_fn *fn,
	void *obj); /* [-0, +1] a host function */
void l_object(lua_State *L, struct box *box, box_getter *get, void *obj); /* [-0, +1] */
/* [-1, +1] hides the table on top behind a read-only proxy */
void l_proxy(lua_State *L, const char *name);

/* hint.c: what to add to a message of Lua about a nil name, on a or "" */
const char *l_hint(lua_State *L, struct arena *a, const char *message);

/* lib_base.c: [-0, +1, m] a list of the keys of the table at index, in order; how many */
lua_Integer l_keys(lua_State *L, int index);

/* lib*.c: each adds its words to the table on top of the stack */
void l_lib_base(lua_State *L);
void l_lib_text(lua_State *L);
void l_lib_list(lua_State *L);
void l_lib_number(lua_State *L);
void l_lib_date(lua_State *L);
void l_lib_hash(lua_State *L);
void l_lib_json(lua_State *L);
/* and those that add to the table of text on top */
void l_lib_convert(lua_State *L);
void l_lib_format(lua_State *L);
void l_lib_regex(lua_State *L);
/* [-0, +1]  pushes a text of the scratch, charged, and gives the scratch back */
int l_give_text(lua_State *L, struct arena_mark mark, struct text t);
/* Bytes before the i-th letter (from 0), at most t.n. */
size_t text_bytes_before(struct text t, size_t i);
/* Puts functions into the table on top. */
struct lib_word {
	const char *name;
	lua_CFunction fn;
};
void l_words(lua_State *L, const struct lib_word *words, size_t n);

/* trust.c: the words of preludes, into the table on top */
void l_lib_trust(lua_State *L);

#endif
