/* What only our own preludes see: metatables, where in the script we are, functions kept for later. */
#include "script/state.h"

#include <stdlib.h>
#include <string.h>

/* The innermost frame that runs the stranger's text: its line. A tail call has no frame left: the line begun last. */
static int
script_line(lua_State *L, lua_Debug *ar)
{
	for (int level = 0; lua_getstack(L, level, ar); level++) {
		lua_getinfo(L, "Sl", ar);
		if (ar->source[0] == '=' && ar->currentline > 0)
			return ar->currentline;
	}
	return box_of(L)->line;
}

static int
l_line(lua_State *L)
{
	lua_Debug ar;
	lua_pushinteger(L, script_line(L, &ar));
	return 1;
}

/* fail(text [, line]): an error that points into the script */
static int
l_fail(lua_State *L)
{
	lua_Debug ar;
	int line = (int)luaL_optinteger(L, 2, 0);
	if (line == 0)
		line = script_line(L, &ar);
	lua_pushfstring(L, "script:%d: %s", line, luaL_checkstring(L, 1));
	return lua_error(L);
}

static int
l_setmetatable(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	luaL_checktype(L, 2, LUA_TTABLE);
	lua_settop(L, 2);
	lua_setmetatable(L, 1);
	return 1;
}

/* span(f): first line, last line, first parameter of a script's function; nil for one of ours */
static int
l_span(lua_State *L)
{
	lua_Debug ar;
	luaL_checktype(L, 1, LUA_TFUNCTION);
	lua_pushvalue(L, 1);
	lua_getinfo(L, ">S", &ar);
	if (ar.source[0] != '=' || ar.linedefined < 0)
		return 0;
	lua_pushinteger(L, ar.linedefined);
	lua_pushinteger(L, ar.lastlinedefined);
	lua_pushvalue(L, 1);
	const char *name = lua_getlocal(L, NULL, 1); /* leaves the function */
	lua_pop(L, 1);
	lua_pushstring(L, name);
	return 3;
}

/* seal(f): what it shares with the rest of the script must be constants; its globals become the library, locked.
 * nil, or the name of an upvalue that is no constant */
static int
l_seal(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TFUNCTION);
	lua_settop(L, 1);
	const char *name;
	for (int i = 1; (name = lua_getupvalue(L, 1, i)) != NULL; i++, lua_settop(L, 1)) {
		if (strcmp(name, "_ENV") == 0)
			continue;
		int type = lua_type(L, -1);
		if (type != LUA_TNIL && type != LUA_TBOOLEAN && type != LUA_TNUMBER &&
			type != LUA_TSTRING) {
			lua_pushstring(L, name);
			return 1;
		}
	}
	/* fresh cells, so that neither another function nor a later run can write through a shared one */
	for (int i = 1; (name = lua_getupvalue(L, 1, i)) != NULL; i++, lua_settop(L, 1)) {
		bool is_env = strcmp(name, "_ENV") == 0;
		luaL_loadstring(L, "local x; return function () return x end");
		lua_call(L, 0, 1); /* f v g */
		lua_upvaluejoin(L, 1, i, 3, 1);
		if (is_env)
			lua_rawgeti(L, LUA_REGISTRYINDEX, box_of(L)->sealed);
		else
			lua_pushvalue(L, 2);
		lua_setupvalue(L, 1, i);
	}
	return 0;
}

/* keep(f): its number among the kept ones of this run, from 0 */
static int
l_keep(lua_State *L)
{
	struct box *box = box_of(L);
	luaL_checktype(L, 1, LUA_TFUNCTION);
	if (box->kept_n >= 256)
		return luaL_error(L, "more than 256 functions");
	if (box->kept_n == box->kept_cap) {
		size_t cap = box->kept_cap > 0 ? box->kept_cap * 2 : 8;
		struct box_ref *more = arena_array(box->arena, cap, sizeof *more);
		if (box->kept_n > 0)
			memcpy(more, box->kept, box->kept_n * sizeof *more);
		box->kept = more;
		box->kept_cap = cap;
	}
	lua_pushvalue(L, 1);
	box->kept[box->kept_n] = (struct box_ref){.at = luaL_ref(L, LUA_REGISTRYINDEX)};
	lua_pushinteger(L, (lua_Integer)box->kept_n++);
	return 1;
}

enum { NEAREST_MAX = 100 };

static int
by_name(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* check(text): nil when it is one expression, else what is wrong */
static int
l_check(lua_State *L)
{
	struct text t = l_text(L, 1);
	if (memmem(t.at, t.n, "_ENV", 4) != NULL) {
		lua_pushliteral(L, "the name _ENV is not for scripts");
		return 1;
	}
	if (l_compile(L, t, "expression", "return ", "\n") < 0) {
		const char *message = lua_tostring(L, -1);
		const char *p = strchr(message, ' ');
		lua_pushstring(L, p != NULL ? p + 1 : message);
		return 1;
	}
	return 0;
}

/* nearest(name, table): its key that is spelled most like name, or nil */
static int
l_nearest(lua_State *L)
{
	const char *names[NEAREST_MAX];
	size_t n = 0;
	struct text name = l_text(L, 1);
	luaL_checktype(L, 2, LUA_TTABLE);
	for (lua_pushnil(L); lua_next(L, 2) != 0; lua_pop(L, 1))
		if (lua_type(L, -2) == LUA_TSTRING && n < NEAREST_MAX)
			names[n++] = lua_tostring(L, -2);
	l_charge(L, 20 * n);
	qsort(names, n, sizeof names[0], by_name); /* of two equally near the first */
	lua_pushstring(L, text_nearest(name, names, n));
	return 1;
}

static int
l_rawequal(lua_State *L)
{
	lua_pushboolean(L, lua_rawequal(L, 1, 2));
	return 1;
}

void
l_lib_trust(lua_State *L)
{
	static const struct lib_word words[] = {
		{"check", l_check},
		{"fail", l_fail},
		{"keep", l_keep},
		{"line", l_line},
		{"nearest", l_nearest},
		{"rawequal", l_rawequal},
		{"seal", l_seal},
		{"setmetatable", l_setmetatable},
		{"span", l_span},
	};
	l_words(L, words, sizeof words / sizeof words[0]);
}
