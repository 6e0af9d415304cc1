/* list.*: new lists from old ones, nothing changed in place; and the few stock words of table. Only plain tables, raw access. */
#include "script/state.h"

#include <stdlib.h>
#include <string.h>

/* The length of a plain list; objects and proxies are userdata and so no lists. */
static lua_Integer
l_length(lua_State *L, int arg)
{
	if (lua_isnil(L, arg) && box_of(L)->owner != NULL) {
		lua_newtable(L);
		lua_replace(L, arg);
	}
	luaL_checktype(L, arg, LUA_TTABLE);
	lua_Integer n = (lua_Integer)lua_rawlen(L, arg);
	l_charge(L, 1 + (size_t)n / 4);
	return n;
}

static int
l_map(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_settop(L, 2);
	lua_newtable(L); /* t f out */
	for (lua_Integer i = 1; i <= n; i++) {
		lua_pushvalue(L, 2);
		lua_rawgeti(L, 1, i);
		lua_pushinteger(L, i);
		l_charge(L, 3);
		lua_call(L, 2, 1);
		lua_rawseti(L, 3, i);
	}
	return 1;
}

static int
l_filter(lua_State *L)
{
	lua_Integer n = l_length(L, 1), kept = 0;
	luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_settop(L, 2);
	lua_newtable(L); /* t f out */
	for (lua_Integer i = 1; i <= n; i++) {
		lua_pushvalue(L, 2);
		lua_rawgeti(L, 1, i);
		lua_pushvalue(L, -1);
		lua_insert(L, -3); /* t f out v f v */
		l_charge(L, 3);
		lua_call(L, 1, 1); /* t f out v yes */
		if (lua_toboolean(L, -1)) {
			lua_pop(L, 1);
			lua_rawseti(L, 3, ++kept);
		} else
			lua_pop(L, 2);
	}
	return 1;
}

static int
l_contains(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	luaL_checkany(L, 2);
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, 1, i);
		bool same = lua_rawequal(L, -1, 2);
		lua_pop(L, 1);
		if (same) {
			lua_pushboolean(L, 1);
			return 1;
		}
	}
	lua_pushboolean(L, 0);
	return 1;
}

static int
l_sum(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	lua_pushinteger(L, 0);
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, 1, i);
		if (lua_type(L, -1) != LUA_TNUMBER)
			return luaL_error(L, "sum: item %d is a %s, not a number", (int)i,
				luaL_typename(L, -1));
		lua_arith(L, LUA_OPADD);
	}
	return 1;
}

static int
l_join(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	struct text between = l_text_or(L, 2, "");
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	struct str out = str_new(a);
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, 1, i);
		if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER)
			return luaL_error(
				L, "join: item %d is a %s", (int)i, luaL_typename(L, -1));
		l_plain(L, -1);
		if (i > 1)
			str_addt(&out, between);
		str_addt(&out, l_text(L, lua_gettop(L)));
		l_charge(L, 1 + between.n / 32);
		lua_pop(L, 2);
		l_room(L, out.n);
	}
	l_push_text(L, str_text(&out));
	arena_rewind(a, mark);
	return 1;
}

/* Is the value at x less than the one at y, by the function at 2 or by nature? */
static bool
l_less(lua_State *L, int x, int y)
{
	l_charge(L, 2);
	if (lua_isnoneornil(L, 2)) {
		int tx = lua_type(L, x), ty = lua_type(L, y);
		if (tx != ty || (tx != LUA_TNUMBER && tx != LUA_TSTRING))
			luaL_error(L, "a %s and a %s cannot be put in order",
				luaL_typename(L, x), luaL_typename(L, y));
		return lua_compare(L, x, y, LUA_OPLT);
	}
	lua_pushvalue(L, 2);
	lua_pushvalue(L, x);
	lua_pushvalue(L, y);
	lua_call(L, 2, 1);
	bool less = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return less;
}

/* Bottom-up merge sort between the tables at 3 and 4: stable, and a lying comparison does no harm. */
static int
l_sort(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	lua_settop(L, 2);
	lua_createtable(L, (int)n, 0);
	lua_createtable(L, (int)n, 0); /* t f from to */
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, 1, i);
		lua_rawseti(L, 3, i);
	}
	for (lua_Integer width = 1; width < n; width *= 2) {
		for (lua_Integer low = 1; low <= n; low += 2 * width) {
			lua_Integer middle = low + width < n + 1 ? low + width : n + 1;
			lua_Integer high = low + 2 * width < n + 1 ? low + 2 * width
								   : n + 1;
			lua_Integer i = low, j = middle;
			for (lua_Integer k = low; k < high; k++) {
				lua_rawgeti(L, 3, i);
				lua_rawgeti(L, 3, j);
				bool right = i >= middle || (j < high && l_less(L, 6, 5));
				lua_rawseti(L, 4, right ? k : 0);
				if (right) {
					lua_pop(L, 1);
					j++;
					continue;
				}
				lua_pushnil(L);
				lua_rawseti(L, 4, 0);
				lua_rawseti(L, 4, k);
				i++;
			}
		}
		lua_insert(L, 3); /* what was filled is the source now */
	}
	lua_settop(L, 3);
	return 1;
}

static int
l_concat(lua_State *L)
{
	return l_join(L);
}

static int
l_insert(lua_State *L)
{
	luaL_argcheck(L, lua_type(L, 1) == LUA_TTABLE && !lua_getmetatable(L, 1), 1,
		"not a list");
	lua_Integer n = l_length(L, 1), at = n + 1;
	if (lua_gettop(L) > 2)
		at = luaL_checkinteger(L, 2);
	luaL_argcheck(L, lua_gettop(L) >= 2, 2, "nothing to insert");
	luaL_argcheck(L, at >= 1 && at <= n + 1, 2, "no such place");
	l_charge(L, (size_t)(n - at + 1));
	for (lua_Integer i = n; i >= at; i--) {
		lua_rawgeti(L, 1, i);
		lua_rawseti(L, 1, i + 1);
	}
	lua_settop(L, lua_gettop(L) > 2 ? 3 : 2);
	lua_rawseti(L, 1, at);
	return 0;
}

static int
l_remove(lua_State *L)
{
	luaL_argcheck(L, lua_type(L, 1) == LUA_TTABLE && !lua_getmetatable(L, 1), 1,
		"not a list");
	lua_Integer n = l_length(L, 1), at = luaL_optinteger(L, 2, n);
	if (n == 0)
		return 0;
	luaL_argcheck(L, at >= 1 && at <= n, 2, "no such place");
	l_charge(L, (size_t)(n - at + 1));
	lua_rawgeti(L, 1, at);
	for (lua_Integer i = at; i < n; i++) {
		lua_rawgeti(L, 1, i + 1);
		lua_rawseti(L, 1, i);
	}
	lua_pushnil(L);
	lua_rawseti(L, 1, n);
	return 1;
}

static int
l_unpack(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	luaL_argcheck(L, n <= 200, 1, "more than 200 items");
	luaL_checkstack(L, (int)n + 1, "too many");
	for (lua_Integer i = 1; i <= n; i++)
		lua_rawgeti(L, 1, i);
	return (int)n;
}

/* [-0, +0]  the words of list and table into proxies of the library on top */
void
l_lib_list(lua_State *L)
{
	static const struct lib_word list[] = {
		{"contains", l_contains},
		{"filter", l_filter},
		{"join", l_join},
		{"map", l_map},
		{"sort", l_sort},
		{"sum", l_sum},
	};
	static const struct lib_word table[] = {
		{"concat", l_concat},
		{"insert", l_insert},
		{"remove", l_remove},
		{"unpack", l_unpack},
	};
	lua_newtable(L);
	l_words(L, list, sizeof list / sizeof list[0]);
	l_proxy(L, "list");
	lua_setfield(L, -2, "list");
	lua_newtable(L);
	l_words(L, table, sizeof table / sizeof table[0]);
	l_proxy(L, "table");
	lua_setfield(L, -2, "table");
}
