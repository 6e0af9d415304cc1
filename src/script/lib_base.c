/* The base words of a box: assert error ipairs next pairs pcall select tonumber tostring type. Ours where the stock ones show
 * addresses, hang on sizes, swallow limits or depend on the hash seed (pairs goes in the order of keys). */
#include "script/state.h"

#include <lualib.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void
l_words(lua_State *L, const struct lib_word *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		lua_pushcfunction(L, words[i].fn);
		lua_setfield(L, -2, words[i].name);
	}
}

static int
l_error(lua_State *L)
{
	int level = (int)luaL_optinteger(L, 2, 1);
	lua_settop(L, 1);
	if (lua_type(L, 1) == LUA_TSTRING && level > 0 && level < 100) {
		luaL_where(L, level);
		lua_insert(L, 1);
		lua_concat(L, 2);
	}
	return lua_error(L);
}

/* Own pcall: a limit is raised again, so nothing outlives it. */
static int
l_pcall(lua_State *L)
{
	l_charge(L, 4);
	luaL_checkany(L, 1);
	lua_pushboolean(L, 1);
	lua_insert(L, 1); /* true f args */
	struct arena_mark mark = arena_mark(box_of(L)->scratch);
	int rc = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 0);
	arena_rewind(box_of(L)->scratch, mark); /* what failed left its memory there */
	if (box_of(L)->dead != BOX_LIMIT_NONE)
		return l_limit(L);
	if (rc == LUA_OK)
		return lua_gettop(L);
	lua_pushboolean(L, 0);
	lua_insert(L, -2);
	return 2;
}

static int
l_tostring(lua_State *L)
{
	luaL_checkany(L, 1);
	l_plain(L, 1);
	return 1;
}

static int
l_tonumber(lua_State *L)
{
	if (lua_isnoneornil(L, 2)) {
		luaL_checkany(L, 1);
		size_t n;
		const char *at = lua_type(L, 1) == LUA_TSTRING ? lua_tolstring(L, 1, &n)
							       : NULL;
		l_charge(L, at != NULL && n <= 200 ? n / 4 : 0);
		if (lua_type(L, 1) == LUA_TNUMBER)
			lua_pushvalue(L, 1);
		else if (at == NULL || n > 200 || lua_stringtonumber(L, at) != n + 1)
			lua_pushnil(L);
		return 1;
	}
	struct text t = l_text(L, 1);
	lua_Integer base = luaL_checkinteger(L, 2);
	luaL_argcheck(L, base >= 2 && base <= 36, 2, "a base is from 2 to 36");
	char digits[80], *end;
	if (t.n == 0 || t.n >= sizeof digits) {
		lua_pushnil(L);
		return 1;
	}
	memcpy(digits, t.at, t.n);
	digits[t.n] = '\0';
	errno = 0;
	long long n = strtoll(digits, &end, (int)base);
	if (*end != '\0' || end == digits || errno != 0 || strlen(digits) != t.n)
		lua_pushnil(L);
	else
		lua_pushinteger(L, n);
	return 1;
}

struct key { /* of a table, ordered: numbers, texts, false, true */
	int rank;
	bool is_whole;
	lua_Integer whole;
	lua_Number number;
	struct text text;
	int at;
};

static int
by_rank(const void *x, const void *y)
{
	const struct key *p = x, *q = y;
	if (p->rank != q->rank)
		return p->rank - q->rank;
	if (p->rank == 1) {
		size_t n = p->text.n < q->text.n ? p->text.n : q->text.n;
		int c = memcmp(p->text.at, q->text.at, n);
		return c != 0 ? c : (p->text.n > q->text.n) - (p->text.n < q->text.n);
	}
	if (p->is_whole && q->is_whole)
		return (p->whole > q->whole) - (p->whole < q->whole);
	if (p->number != q->number)
		return p->number > q->number ? 1 : -1;
	return p->is_whole - q->is_whole;
}

/* [-0, +0, e]  the key on top; an object has no order that is the same everywhere */
static struct key
l_key_read(lua_State *L, int at)
{
	struct key k = {.at = at};
	switch (lua_type(L, -1)) {
	case LUA_TNUMBER:
		k.is_whole = lua_isinteger(L, -1);
		k.whole = k.is_whole ? lua_tointeger(L, -1) : 0;
		k.number = lua_tonumber(L, -1);
		break;
	case LUA_TSTRING:
		k.rank = 1;
		k.text.at = lua_tolstring(L, -1, &k.text.n);
		l_charge(L, k.text.n / 16);
		break;
	case LUA_TBOOLEAN:
		k.rank = 2 + lua_toboolean(L, -1);
		k.is_whole = true;
		break;
	default:
		luaL_error(L,
			"keys are texts, numbers and booleans to be gone through, a %s has "
			"no order",
			luaL_typename(L, -1));
	}
	return k;
}

lua_Integer
l_keys(lua_State *L, int index)
{
	struct box *box = box_of(L);
	struct arena_mark mark = arena_mark(box->scratch);
	size_t n = 0, cap = 0;
	struct key *keys = NULL;
	luaL_checkstack(L, 5, "keys");
	lua_newtable(L);				 /* found */
	for (lua_pushnil(L); lua_next(L, index) != 0;) { /* found k v */
		lua_pop(L, 1);
		l_charge(L, 2);
		keys = arena_room(box->scratch, keys, n, &cap, sizeof *keys);
		keys[n] = l_key_read(L, (int)n + 1);
		lua_pushvalue(L, -1);
		lua_rawseti(L, -3, (lua_Integer)++n); /* found k */
	}
	if (n > 1)
		qsort(keys, n, sizeof *keys, by_rank);
	/* always a second list: what it costs must not hang on how the keys lay */
	lua_createtable(L, (int)n, 0); /* found list */
	for (size_t i = 0; i < n; i++) {
		lua_rawgeti(L, -2, keys[i].at);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
	lua_remove(L, -2);
	arena_rewind(box->scratch, mark);
	return (lua_Integer)n;
}

/* upvalues: table, keys, place */
static int
l_pairs_step(lua_State *L)
{
	for (;;) {
		lua_Integer i = lua_tointeger(L, lua_upvalueindex(3)) + 1;
		lua_pushinteger(L, i);
		lua_replace(L, lua_upvalueindex(3));
		if (lua_rawgeti(L, lua_upvalueindex(2), i) == LUA_TNIL)
			return 1;
		lua_pushvalue(L, -1);
		if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
			return 2;
		lua_settop(L, 0); /* taken away meanwhile */
		l_charge(L, 1);
	}
}

static int
l_pairs(lua_State *L)
{
	if (lua_type(L, 1) == LUA_TNIL && box_of(L)->owner != NULL)
		lua_newtable(L); /* templates: nothing to go through */
	else {
		luaL_checktype(L, 1, LUA_TTABLE);
		lua_pushvalue(L, 1);
	}
	l_keys(L, lua_gettop(L)); /* t keys */
	lua_pushinteger(L, 0);
	lua_pushcclosure(L, l_pairs_step, 3);
	return 1;
}

static int
l_next(lua_State *L)
{
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_settop(L, 2);
	lua_Integer n = l_keys(L, 1); /* t k keys */
	lua_Integer at = 0;
	for (lua_Integer i = 1; !lua_isnil(L, 2) && i <= n && at == 0; i++, lua_pop(L, 1)) {
		lua_rawgeti(L, 3, i);
		at = lua_rawequal(L, 2, -1) ? i : 0;
	}
	if (lua_rawgeti(L, 3, at + 1) == LUA_TNIL)
		return 1;
	lua_pushvalue(L, -1);
	lua_rawget(L, 1);
	return 2;
}

void
l_lib_base(lua_State *L)
{
	static const struct lib_word ours[] = {
		{"error", l_error},
		{"next", l_next},
		{"pairs", l_pairs},
		{"pcall", l_pcall},
		{"tonumber", l_tonumber},
		{"tostring", l_tostring},
	};
	static const char *const stock[] = {"assert", "ipairs", "select", "type"};
	luaL_requiref(L, "_G", luaopen_base, 0); /* lib base */
	for (size_t i = 0; i < sizeof stock / sizeof stock[0]; i++) {
		lua_getfield(L, -1, stock[i]);
		lua_setfield(L, -3, stock[i]);
	}
	lua_pop(L, 1);
	lua_pushnil(L);
	lua_setfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
	l_words(L, ours, sizeof ours / sizeof ours[0]);
}
