/* list.*: new lists from old ones, nothing changed in place; and the stock words of table. Only plain tables, raw access. */
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
	size_t wanted = lua_type(L, 2) == LUA_TSTRING ? lua_rawlen(L, 2) : 0;
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, 1, i);
		if (wanted > 0 && lua_type(L, -1) == LUA_TSTRING &&
			lua_rawlen(L, -1) == wanted)
			l_charge(L,
				wanted / 32); /* as long as this one: compared to the end */
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
l_joined(lua_State *L, lua_Integer from, lua_Integer to)
{
	struct text between = l_text_or(L, 2, "");
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	struct str out = str_new(a);
	for (lua_Integer i = from; i <= to; i++) {
		lua_rawgeti(L, 1, i);
		if (lua_type(L, -1) != LUA_TSTRING && lua_type(L, -1) != LUA_TNUMBER)
			return luaL_error(
				L, "join: item %d is a %s", (int)i, luaL_typename(L, -1));
		l_plain(L, -1);
		if (i > from)
			str_addt(&out, between);
		str_addt(&out, l_text(L, lua_gettop(L)));
		l_charge(L, 1 + between.n / 32);
		lua_pop(L, 2);
		l_room(L, out.n);
	}
	return l_give_text(L, mark, str_text(&out));
}

static int
l_join(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	return l_joined(L, 1, n);
}

/* Is the value at x less than the one at y by nature: numbers, or texts byte by byte. */
static bool
l_is_less(lua_State *L, int x, int y)
{
	int tx = lua_type(L, x), ty = lua_type(L, y);
	if (tx != ty || (tx != LUA_TNUMBER && tx != LUA_TSTRING))
		luaL_error(L, "a %s and a %s cannot be put in order", luaL_typename(L, x),
			luaL_typename(L, y));
	if (tx == LUA_TSTRING) {
		size_t nx = lua_rawlen(L, x), ny = lua_rawlen(L, y);
		l_charge(L, (nx < ny ? nx : ny) / 32);
	}
	return lua_compare(L, x, y, LUA_OPLT);
}

/* Is the value at x less than the one at y, by the function at 2 or by nature? */
static bool
l_less(lua_State *L, int x, int y)
{
	l_charge(L, 2);
	if (lua_isnoneornil(L, 2))
		return l_is_less(L, x, y);
	lua_pushvalue(L, 2);
	lua_pushvalue(L, x);
	lua_pushvalue(L, y);
	lua_call(L, 2, 1);
	bool less = lua_toboolean(L, -1);
	lua_pop(L, 1);
	return less;
}

/* What key(item) gives for item i, or the item itself: [-0, +1] */
static void
l_key_of(lua_State *L, lua_Integer i)
{
	l_charge(L, 3);
	if (lua_isnoneornil(L, 2)) {
		lua_rawgeti(L, 1, i);
		return;
	}
	lua_pushvalue(L, 2);
	lua_rawgeti(L, 1, i);
	lua_call(L, 1, 1);
}

static void
l_optional_function(lua_State *L)
{
	if (!lua_isnoneornil(L, 2))
		luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_settop(L, 2);
}

/* A value that a table takes as a key; hashing a long text costs its length. */
static void
l_check_key(lua_State *L, const char *word, lua_Integer i)
{
	if (lua_isnil(L, -1) || lua_rawequal(L, -1, -1) == 0)
		luaL_error(L, "%s: item %d has no key", word, (int)i);
	if (lua_type(L, -1) == LUA_TSTRING)
		l_charge(L, lua_rawlen(L, -1) / 16);
}

/* unique(list [, key]): the first of each */
static int
l_unique(lua_State *L)
{
	lua_Integer n = l_length(L, 1), kept = 0;
	l_optional_function(L);
	lua_newtable(L);
	lua_newtable(L); /* t f out seen */
	for (lua_Integer i = 1; i <= n; i++) {
		l_key_of(L, i);
		l_check_key(L, "unique", i); /* … key */
		lua_pushvalue(L, -1);
		if (lua_rawget(L, 4) == LUA_TNIL) {
			lua_pushvalue(L, -2);
			lua_pushboolean(L, 1);
			lua_rawset(L, 4);
			lua_rawgeti(L, 1, i);
			lua_rawseti(L, 3, ++kept);
		}
		lua_settop(L, 4);
	}
	lua_settop(L, 3);
	return 1;
}

/* group_by(list, key): key to list of items */
static int
l_group_by(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_settop(L, 2);
	lua_newtable(L); /* t f out */
	for (lua_Integer i = 1; i <= n; i++) {
		l_key_of(L, i);
		l_check_key(L, "group_by", i); /* t f out key */
		lua_pushvalue(L, -1);
		if (lua_rawget(L, 3) == LUA_TNIL) {
			lua_pop(L, 1);
			lua_newtable(L);
			lua_pushvalue(L, 4);
			lua_pushvalue(L, -2);
			lua_rawset(L, 3);
		} /* t f out key group */
		lua_rawgeti(L, 1, i);
		lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
		lua_settop(L, 3);
	}
	return 1;
}

/* min, max(list [, key]): the item whose key is least or greatest, the first of equals; nil of nothing */
static int
l_extreme(lua_State *L, bool most)
{
	lua_Integer n = l_length(L, 1), best = 1;
	l_optional_function(L);
	if (n == 0)
		return 0;
	lua_pushnil(L); /* keys are compared as they are */
	l_key_of(L, 1); /* t f nil best */
	for (lua_Integer i = 2; i <= n; i++) {
		l_key_of(L, i);
		if (most ? l_is_less(L, 4, 5) : l_is_less(L, 5, 4)) {
			lua_replace(L, 4);
			best = i;
		} else
			lua_pop(L, 1);
	}
	lua_rawgeti(L, 1, best);
	return 1;
}

static int
l_min(lua_State *L)
{
	return l_extreme(L, false);
}

static int
l_max(lua_State *L)
{
	return l_extreme(L, true);
}

/* find(list, f): the first item for which f gives something true, and its place */
static int
l_find(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_settop(L, 2);
	for (lua_Integer i = 1; i <= n; i++) {
		l_key_of(L, i);
		if (lua_toboolean(L, -1)) {
			lua_rawgeti(L, 1, i);
			lua_pushinteger(L, i);
			return 2;
		}
		lua_pop(L, 1);
	}
	lua_pushnil(L);
	return 1;
}

/* [-0, +1]  items from to to of the list at 1 as a new list */
static int
l_part(lua_State *L, lua_Integer from, lua_Integer to)
{
	lua_Integer n = (lua_Integer)lua_rawlen(L, 1), at = 0;
	from = from < 1 ? 1 : from;
	to = to > n ? n : to;
	l_charge(L, to >= from ? (size_t)(to - from + 1) : 0);
	lua_createtable(L, to >= from ? (int)(to - from + 1) : 0, 0);
	for (lua_Integer i = from; i <= to; i++) {
		lua_rawgeti(L, 1, i);
		lua_rawseti(L, -2, ++at);
	}
	return 1;
}

/* first, last(list [, n]): an item; with n a list of at most so many */
static int
l_first(lua_State *L)
{
	l_length(L, 1);
	if (!lua_isnoneornil(L, 2))
		return l_part(L, 1, luaL_checkinteger(L, 2));
	lua_rawgeti(L, 1, 1);
	return 1;
}

static int
l_last(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	if (!lua_isnoneornil(L, 2)) {
		lua_Integer k = luaL_checkinteger(L, 2);
		return l_part(L, k <= 0 ? n + 1 : k > n ? 1 : n - k + 1, n);
	}
	lua_rawgeti(L, 1, n);
	return 1;
}

/* slice(list, from [, to]): as text.sub counts */
static int
l_slice(lua_State *L)
{
	lua_Integer n = l_length(L, 1), from = luaL_checkinteger(L, 2),
		    to = luaL_optinteger(L, 3, -1);
	from = from < 0 ? (from < -n ? 1 : n + from + 1) : from;
	to = to < 0 ? (to < -n ? 0 : n + to + 1) : to;
	return l_part(L, from, to);
}

static int
l_reverse(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	l_charge(L, (size_t)n);
	lua_createtable(L, (int)n, 0);
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, 1, i);
		lua_rawseti(L, -2, n + 1 - i);
	}
	return 1;
}

static int
l_key_list(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	l_keys(L, 1);
	return 1;
}

/* values(map): in the order of its keys */
static int
l_values(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 1);
	lua_Integer n = l_keys(L, 1); /* t keys */
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, 2, i);
		lua_rawget(L, 1);
		lua_rawseti(L, 2, i);
	}
	return 1;
}

/* range(from, to [, step]) */
static int
l_range(lua_State *L)
{
	lua_Integer from = luaL_checkinteger(L, 1), to = luaL_checkinteger(L, 2),
		    step = luaL_optinteger(L, 3, 1);
	luaL_argcheck(L, step != 0, 3, "a step is not 0");
	bool none = step > 0 ? from > to : from < to;
	uint64_t way = step > 0 ? (uint64_t)to - (uint64_t)from
				: (uint64_t)from - (uint64_t)to;
	uint64_t unit = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
	uint64_t n = none ? 0 : way / unit;
	luaL_argcheck(L, n < 100000, 2, "more than 100000 numbers");
	n += !none;
	l_charge(L, (size_t)n);
	lua_createtable(L, (int)n, 0);
	for (uint64_t i = 0; i < n; i++) {
		lua_pushinteger(L, (lua_Integer)((uint64_t)from + i * (uint64_t)step));
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	return 1;
}

/* [-0, +1]  the list at 1 sorted as a new one: bottom-up merge sort between the tables at 3 and 4, stable; a lying comparison does
 * no harm, and what it does to the list at 1 is not seen. */
static lua_Integer
l_sorted(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	if (!lua_isnoneornil(L, 2))
		luaL_checktype(L, 2, LUA_TFUNCTION);
	l_charge(L, (size_t)n);
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
	return n;
}

static int
l_sort(lua_State *L)
{
	l_sorted(L);
	return 1;
}

/* table.sort: in place, as stock Lua's, but stable */
static int
l_sort_in_place(lua_State *L)
{
	lua_Integer n = l_sorted(L); /* t f sorted */
	for (lua_Integer i = 1; i <= n; i++) {
		lua_rawgeti(L, 3, i);
		lua_rawseti(L, 1, i);
	}
	return 0;
}

static int
l_concat(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	lua_Integer from = luaL_optinteger(L, 3, 1), to = luaL_optinteger(L, 4, n);
	luaL_argcheck(L, from >= 1, 3, "no such place");
	luaL_argcheck(L, to <= n, 4, "no such place");
	return l_joined(L, from, to);
}

static int
l_pack(lua_State *L)
{
	int n = lua_gettop(L);
	l_charge(L, (size_t)n);
	lua_createtable(L, n, 1);
	lua_insert(L, 1);
	for (int i = n; i >= 1; i--)
		lua_rawseti(L, 1, i);
	lua_pushinteger(L, n);
	lua_setfield(L, 1, "n");
	return 1;
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

/* unpack(list [, from [, to]]) */
static int
l_unpack(lua_State *L)
{
	lua_Integer n = l_length(L, 1);
	lua_Integer from = luaL_optinteger(L, 2, 1), to = luaL_optinteger(L, 3, n);
	if (from > to)
		return 0;
	luaL_argcheck(L, (uint64_t)to - (uint64_t)from < 200, 3, "more than 200 items");
	n = to - from + 1;
	luaL_checkstack(L, (int)n + 1, "too many");
	for (lua_Integer i = 0; i < n; i++)
		lua_rawgeti(L, 1, from + i);
	return (int)n;
}

/* [-0, +0]  the words of list and table into proxies of the library on top */
void
l_lib_list(lua_State *L)
{
	static const struct lib_word list[] = {
		{"contains", l_contains},
		{"filter", l_filter},
		{"find", l_find},
		{"first", l_first},
		{"group_by", l_group_by},
		{"join", l_join},
		{"keys", l_key_list},
		{"last", l_last},
		{"map", l_map},
		{"max", l_max},
		{"min", l_min},
		{"range", l_range},
		{"reverse", l_reverse},
		{"slice", l_slice},
		{"sort", l_sort},
		{"sum", l_sum},
		{"unique", l_unique},
		{"values", l_values},
	};
	static const struct lib_word table[] = {
		{"concat", l_concat},
		{"insert", l_insert},
		{"pack", l_pack},
		{"remove", l_remove},
		{"sort", l_sort_in_place},
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
