/* The box: one Lua state, its meters, and how a text gets in and a value out. SECURITY section 1 is the law here. */
#include "script/box.h"
#include "script/budget.h"
#include "script/state.h"
#include "base/regex.h"
#include "base/settings.h"
#include "base/time.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { COLLECTIONS_MAX = 8, HARD_ALLOCATION = 64 * 1024, HARD_FACTOR = 4 };
enum { CLOCK_TICKS = 8, SETTLE_RUNS = 32, SETTLE_GAS = 50000 };

static void l_hook(lua_State *L, lua_Debug *ar);

/* A prelude wants to know the script's line also behind a tail call, so its runs are followed line by line. */
static int
hook_mask(const struct box *box)
{
	return LUA_MASKCOUNT | (box->followed ? LUA_MASKLINE : 0);
}

static void
arm(struct box *box)
{
	if (!box->armed) {
		box->armed = true;
		lua_sethook(box->L, l_hook, hook_mask(box), 1);
	}
}

/* Counts, never raises: over a limit it arms the hook. Only a single huge request that would pass four times the limit is
 * refused (one concatenation can ask for 250 times what the script holds); the box is dead then.
 * Gas is the same for a text on every machine and in every run, so only objects cost gas: when tables, stacks and the table of
 * short strings grow depends on the state's hash seed and on earlier runs. That is "rest", bounded by the same number. */
static void *
counted(void *ud, void *p, size_t old_size, size_t size)
{
	struct box *box = ud;
	size_t old = p != NULL ? old_size : 0;
	if (size == 0) {
		free(p);
		box->memory -= (int64_t)old;
		return NULL;
	}
	int64_t more = (int64_t)size - (int64_t)old;
	/* 24 bytes before the letters (lobject.h), LUAI_MAXSHORTLEN 40, a NUL: it may lie there already */
	bool is_short = p == NULL && old_size == LUA_TSTRING && size <= 65;
	if (box->metered && more > 0 && !is_short) {
		if (more > HARD_ALLOCATION &&
			box->memory + more > HARD_FACTOR * box->memory_max) {
			box->dead = box->dead != BOX_LIMIT_NONE ? box->dead
								: BOX_LIMIT_MEMORY;
			arm(box);
			return NULL;
		}
		*(p == NULL && old_size != 0 ? &box->gas : &box->rest) += 1 + more / 32;
	}
	void *q = realloc(p, size);
	must(q != NULL);
	box->memory += more;
	if (box->memory > box->memory_peak)
		box->memory_peak = box->memory;
	if (box->metered && (box->memory > box->memory_max || box->gas > box->gas_max ||
				    box->rest > box->gas_max))
		arm(box);
	return q;
}

/* Past the wall clock a script gets half the time again in processor time: another process may have had ours. */
static bool
cpu_is_spent(struct box *box)
{
	struct timespec used;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
	int64_t us = used.tv_sec * SECOND_US + used.tv_nsec / 1000;
	if (box->cpu_from_us == 0)
		box->cpu_from_us = us;
	return us - box->cpu_from_us > box->wall_max_us / 2;
}

/* Looks at the meters; memory gets a few full collections before it counts as used. */
static void
look(struct box *box, bool clock)
{
	if (box->dead != BOX_LIMIT_NONE)
		return;
	if (box->memory > box->memory_max && box->collections < COLLECTIONS_MAX) {
		box->collections++;
		box->rest += box->memory / 256;
		lua_gc(box->L, LUA_GCCOLLECT);
	}
	if (box->gas > box->gas_max || box->rest > box->gas_max)
		box->dead = BOX_LIMIT_GAS;
	else if (box->memory > box->memory_max)
		box->dead = BOX_LIMIT_MEMORY;
	else if (clock && time_monotonic_us() - box->began_us > box->wall_max_us &&
		 cpu_is_spent(box))
		box->dead = BOX_LIMIT_WALL;
}

int
l_limit(lua_State *L)
{
	struct box *box = box_of(L);
	arm(box);
	lua_pushstring(L, box_limit_word(box->dead));
	return lua_error(L);
}

static void
l_hook(lua_State *L, lua_Debug *ar)
{
	struct box *box = box_of(L);
	if (ar->event == LUA_HOOKLINE) {
		lua_getinfo(L, "S", ar);
		if (ar->source[0] == '=')
			box->line = ar->currentline;
		return;
	}
	box->gas += box->armed ? 1 : BOX_HOOK_STEP;
	if (!box->metered)
		return;
	look(box, box->armed || ++box->ticks % CLOCK_TICKS == 0);
	if (box->dead != BOX_LIMIT_NONE)
		l_limit(L);
	if (box->armed) {
		box->armed = false;
		lua_sethook(L, l_hook, hook_mask(box), BOX_HOOK_STEP);
	}
}

void
l_charge(lua_State *L, size_t gas)
{
	struct box *box = box_of(L);
	if (!box->metered)
		return;
	box->gas += gas < INT32_MAX ? (int64_t)gas : INT32_MAX;
	if (box->dead != BOX_LIMIT_NONE || box->gas > box->gas_max || gas >= 256)
		look(box, true);
	if (box->dead != BOX_LIMIT_NONE)
		l_limit(L);
}

void
l_look(lua_State *L)
{
	struct box *box = box_of(L);
	if (!box->metered)
		return;
	look(box, true);
	if (box->dead != BOX_LIMIT_NONE)
		l_limit(L);
}

void
l_room(lua_State *L, size_t bytes)
{
	struct box *box = box_of(L);
	if (box->metered && bytes > (size_t)box->memory_max) {
		box->dead = BOX_LIMIT_MEMORY;
		l_limit(L);
	}
}

void
box_charge(struct box *box, size_t gas)
{
	l_charge(box->L, gas);
}

/* [-0, +1, m]  a fresh table for globals over the library */
void
l_environment(lua_State *L)
{
	lua_createtable(L, 0, 4);				/* env */
	lua_rawgeti(L, LUA_REGISTRYINDEX, box_of(L)->env_meta); /* env meta */
	lua_setmetatable(L, -2);				/* env */
}

struct feed { /* what lua_load reads: prefix, chunk in bits of 256 bytes, suffix */
	struct text rest;
	const char *prefix, *suffix;
};

static const char *
l_feed(lua_State *L, void *ud, size_t *n)
{
	struct feed *f = ud;
	const char *at;
	if (f->prefix != NULL) {
		at = f->prefix;
		*n = strlen(at);
		f->prefix = NULL;
		return at;
	}
	if (f->rest.n == 0) {
		at = f->suffix;
		f->suffix = NULL;
		*n = at != NULL ? strlen(at) : 0;
		return at;
	}
	*n = f->rest.n < 256 ? f->rest.n : 256;
	at = f->rest.at;
	f->rest = (struct text){at + *n, f->rest.n - *n};
	struct box *box = box_of(L);
	if (box->metered) {
		box->gas += 64;
		look(box, true);
		if (box->dead != BOX_LIMIT_NONE)
			l_limit(L);
	}
	return at;
}

int
l_compile(lua_State *L, struct text chunk, const char *name, const char *prefix,
	const char *suffix)
{
	struct box *box = box_of(L);
	size_t most = box->use == BOX_PAGE || !box->metered ? 1024 * 1024 : BOX_CHUNK_MAX;
	if (chunk.n > most) {
		lua_pushfstring(L, "a script of %d bytes, at most %d are taken",
			(int)chunk.n, (int)most);
		return -1;
	}
	if (!text_is_utf8(chunk)) {
		lua_pushliteral(L, "a script is UTF-8 text");
		return -1;
	}
	char as[64];
	snprintf(as, sizeof as, "%s%s", name[0] == '@' ? "" : "=", name);
	struct feed f = {.rest = chunk, .prefix = prefix, .suffix = suffix};
	int rc = lua_load(L, l_feed, &f, as, "t");
	if (box->dead != BOX_LIMIT_NONE)
		l_limit(L);
	return rc == LUA_OK ? 0 : -1;
}

/* Takes "name:12: " off a message, notes the name and gives the line. */
static int
line_of(struct box *box, const char **message)
{
	const char *p = *message;
	box->where[0] = '\0';
	size_t length = strcspn(p, "\n");
	for (size_t i = 0; i < length && i < 80; i++) {
		if (p[i] != ':')
			continue;
		size_t digits = strspn(p + i + 1, "0123456789");
		if (digits == 0 || digits > 7 || p[i + 1 + digits] != ':')
			continue;
		snprintf(box->where, sizeof box->where, "%.*s", (int)i, p);
		const char *rest = p + i + 2 + digits;
		*message = rest + (*rest == ' ');
		return atoi(p + i + 1);
	}
	return 0;
}

int
box_failed(struct box *box, struct err *e)
{
	lua_State *L = box->L;
	if (box->dead != BOX_LIMIT_NONE) {
		static const char *const said[] = {
			"", "used up its gas", "used too much memory", "took too long"};
		return err_set(e, ERR_LIMIT, "the script %s", said[box->dead]);
	}
	const char *message = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1)
							     : luaL_typename(L, -1);
	if (strcmp(message, "C stack overflow") == 0)
		message =
			"nested too deeply: functions called from functions, parentheses, "
			"blocks";
	int line = line_of(box, &message);
	err_set(e, ERR_INPUT, "%.*s%s",
		(int)text_cut(text_of(message), sizeof e->text - 100).n, message,
		l_hint(L, box->scratch, message));
	e->line = line;
	return -1;
}

static int
enter(struct box *box, lua_CFunction body, void *arg, struct err *e)
{
	lua_State *L = box->L;
	int top = lua_gettop(L);
	lua_pushcfunction(L, body);
	lua_pushlightuserdata(L, arg);
	int rc = lua_pcall(L, 1, 0, 0);
	if (rc != LUA_OK || box->dead != BOX_LIMIT_NONE)
		rc = box_failed(box, e);
	lua_settop(L, top);
	return rc;
}

int
box_trusted(struct box *box, lua_CFunction body, void *arg, struct err *e)
{
	return enter(box, body, arg, e);
}

/* Pays what runs have used, not after each small one, and asks whether there is some left. */
static int
settle(struct box *box, struct err *e)
{
	if (box->runs % SETTLE_RUNS != 0 && box->owed_gas < SETTLE_GAS)
		return 0;
	budget_spend(box->budget, box->owed_gas, box->owed_us);
	box->owed_gas = box->owed_us = 0;
	bool patient;
	budget_entered(&patient);
	return budget_check(box->budget, patient, e);
}

/* Cheap, and right to a tick of the kernel (4 ms): good enough to begin a run that is one of a million. */
static int64_t
coarse_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

int
box_begin(struct box *box, bool coarse, struct err *e)
{
	must(!box->metered);
	if (box->dead != BOX_LIMIT_NONE)
		return err_set(e, ERR_LIMIT, "this box is spent");
	if (box->budget != NULL && settle(box, e) < 0)
		return -1;
	box->gas = box->rest = 0;
	box->memory_peak = box->memory;
	box->collections = 0;
	box->runs++;
	box->random = box->seed;
	box->began_us = coarse ? coarse_us() : time_monotonic_us();
	box->cpu_from_us = 0;
	box->line = 0;
	box->armed = false;
	box->ticks = 0;
	box->mark = arena_mark(box->scratch);
	lua_sethook(box->L, l_hook, hook_mask(box), BOX_HOOK_STEP);
	box->metered = true;
	return 0;
}

void
box_end(struct box *box, bool coarse)
{
	box->metered = false;
	arena_rewind(box->scratch, box->mark);
	box->usage = (struct box_usage){.gas = box->gas,
		.us = (coarse ? coarse_us() : time_monotonic_us()) - box->began_us,
		.memory_bytes = (size_t)box->memory_peak,
		.limit = box->dead};
	box->owed_gas += box->gas;
	box->owed_us += box->usage.us;
}

int
box_protect(struct box *box, lua_CFunction body, void *arg, struct err *e)
{
	if (box_begin(box, false, e) < 0)
		return -1;
	int rc = enter(box, body, arg, e);
	box_end(box, false);
	lua_sethook(box->L, NULL, 0, 0);
	return rc;
}

static void
set_limits(struct box *box, const struct settings *s)
{
	int64_t gas[] = {200000, 1000000, 5000000, 100000000};
	int64_t kb[] = {2048, 4096, 8192, 65536};
	int64_t ms[] = {20, 100, 500, 5000};
	if (s != NULL) {
		gas[BOX_RULE] = s->rule_gas, gas[BOX_STEP] = s->step_gas,
		gas[BOX_ADAPTER] = s->adapter_gas;
		kb[BOX_RULE] = s->rule_memory_kb, kb[BOX_STEP] = s->step_memory_kb;
		kb[BOX_ADAPTER] = s->adapter_memory_kb;
		ms[BOX_RULE] = s->rule_wall_ms, ms[BOX_STEP] = s->step_wall_ms;
		ms[BOX_ADAPTER] = s->adapter_wall_ms;
	}
	box->gas_max = gas[box->use];
	box->memory_max = kb[box->use] * 1024;
	box->wall_max_us = ms[box->use] * 1000;
#if SANITIZED
	box->wall_max_us *= 10; /* a sanitized build is that much slower */
#endif
}

/* [-1, +0]  builds the library, environments, the sealed one, the probe */
static int
l_build(lua_State *L)
{
	struct box *box = box_of(L);
	lua_settop(L, 0);
	lua_newtable(L); /* lib */
	l_lib_base(L);
	l_lib_text(L);
	l_lib_list(L);
	l_lib_number(L);
	l_lib_date(L);
	l_lib_json(L);
	l_lib_hash(L);
	lua_pushvalue(L, 1);
	box->lib = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_createtable(L, 0, 2); /* lib meta */
	lua_pushvalue(L, 1);
	lua_setfield(L, 2, "__index");
	lua_pushboolean(L, 0);
	lua_setfield(L, 2, "__metatable");
	box->env_meta = luaL_ref(L, LUA_REGISTRYINDEX); /* lib */
	l_proxy(L, "environment");			/* sealed */
	box->sealed = luaL_ref(L, LUA_REGISTRYINDEX);
	l_object(L, box, NULL, NULL); /* probe */
	box->probe = luaL_ref(L, LUA_REGISTRYINDEX);
	lua_newtable(L);
	lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
	return 0;
}

struct box *
box_new(enum box_use use, const struct settings *s, int64_t now_us, uint64_t seed)
{
	struct box *box = calloc(1, sizeof *box);
	must(box != NULL);
	box->use = use;
	set_limits(box, s);
	box->arena = arena_new();
	box->scratch = arena_new();
	arena_alloc(box->scratch, 16); /* so that rewinding keeps a block */
	box->begin = box->finish = LUA_NOREF;
	bool patient;
	box->budget = use != BOX_PAGE ? budget_entered(&patient) : NULL;
	box->L = lua_newstate(counted, box);
	must(box->L != NULL);
	*(struct box **)lua_getextraspace(box->L) = box;
	lua_gc(box->L, LUA_GCINC, 150, 200, 0);
	struct err e;
	if (box_trusted(box, l_build, NULL, &e) < 0) {
		fprintf(stderr, "box: %s\n", e.text);
		abort();
	}
	box_set_now(box, now_us, seed);
	return box;
}

void
box_free(struct box *box)
{
	if (box == NULL)
		return;
	if (box->budget != NULL)
		budget_spend(box->budget, box->owed_gas, box->owed_us);
	lua_close(box->L);
	for (size_t i = 0; i < BOX_PATTERNS; i++)
		regex_free(box->patterns[i].regex), free((void *)box->patterns[i].text.at);
	arena_free(box->arena);
	arena_free(box->scratch);
	free(box);
}

void
box_set_now(struct box *box, int64_t now_us, uint64_t seed)
{
	box->now_us = now_us;
	box->seed = seed ^ 0x9E3779B97F4A7C15u;
}

bool
box_is_spent(const struct box *box)
{
	return box->dead != BOX_LIMIT_NONE || box->runs >= BOX_RUNS_MAX;
}

struct box_usage
box_usage(const struct box *box)
{
	return box->usage;
}

const char *
box_limit_word(enum box_limit limit)
{
	static const char *const words[] = {NULL, "gas", "memory", "wall"};
	return words[limit];
}

const struct box_ref *
box_kept(const struct box *box, size_t *n)
{
	*n = box->kept_n;
	return box->kept;
}
