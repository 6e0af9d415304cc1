/* math.* and number.*: what cannot hang. random is seeded by the host and absent from rules. */
#include "script/state.h"

#include <float.h>
#include <math.h>

static int
l_push_whole(lua_State *L, double d)
{
	lua_Integer i;
	if (lua_numbertointeger(d, &i))
		lua_pushinteger(L, i);
	else
		lua_pushnumber(L, d);
	return 1;
}

static int
l_floor_of(lua_State *L)
{
	if (lua_isinteger(L, 1)) {
		lua_settop(L, 1);
		return 1;
	}
	return l_push_whole(L, floor(luaL_checknumber(L, 1)));
}

static int
l_ceil_of(lua_State *L)
{
	if (lua_isinteger(L, 1)) {
		lua_settop(L, 1);
		return 1;
	}
	return l_push_whole(L, ceil(luaL_checknumber(L, 1)));
}

static int
l_abs(lua_State *L)
{
	if (lua_isinteger(L, 1) && lua_tointeger(L, 1) != LUA_MININTEGER)
		lua_pushinteger(L, lua_tointeger(L, 1) < 0 ? -lua_tointeger(L, 1)
							   : lua_tointeger(L, 1));
	else
		lua_pushnumber(L, fabs(luaL_checknumber(L, 1)));
	return 1;
}

static int
l_extreme(lua_State *L, int op)
{
	int best = 1, n = lua_gettop(L);
	luaL_checknumber(L, 1);
	for (int i = 2; i <= n; i++) {
		luaL_checknumber(L, i);
		if (op < 0 ? lua_compare(L, i, best, LUA_OPLT)
			   : lua_compare(L, best, i, LUA_OPLT))
			best = i;
	}
	lua_pushvalue(L, best);
	return 1;
}

static int
l_min(lua_State *L)
{
	return l_extreme(L, -1);
}

static int
l_max(lua_State *L)
{
	return l_extreme(L, 1);
}

static int
l_sqrt(lua_State *L)
{
	lua_pushnumber(L, sqrt(luaL_checknumber(L, 1)));
	return 1;
}

static int
l_log(lua_State *L)
{
	double x = luaL_checknumber(L, 1);
	lua_pushnumber(
		L, lua_isnoneornil(L, 2) ? log(x) : log(x) / log(luaL_checknumber(L, 2)));
	return 1;
}

static int
l_tointeger(lua_State *L)
{
	int is;
	lua_Integer i = lua_tointegerx(L, 1, &is);
	if (is && lua_type(L, 1) == LUA_TNUMBER)
		lua_pushinteger(L, i);
	else
		lua_pushnil(L);
	return 1;
}

/* round(x [, digits]): half away from zero */
static int
l_round(lua_State *L)
{
	double x = luaL_checknumber(L, 1);
	lua_Integer digits = luaL_optinteger(L, 2, 0);
	luaL_argcheck(L, digits >= 0 && digits <= 15, 2, "digits are from 0 to 15");
	if (digits == 0)
		return lua_isinteger(L, 1) ? (lua_settop(L, 1), 1)
					   : l_push_whole(L, round(x));
	double unit = pow(10, (double)digits);
	double scaled = x * unit;
	/* 1.005 is a hair below; what a person typed is within one part in 2^52 of the half */
	lua_pushnumber(
		L, round(scaled + copysign(fabs(scaled) * DBL_EPSILON, scaled)) / unit);
	return 1;
}

/* SplitMix64 (Steele, Lea, Flood 2014) */
static uint64_t
next_random(struct box *box)
{
	uint64_t z = box->random += 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

static int
l_random(lua_State *L)
{
	uint64_t r = next_random(box_of(L));
	if (lua_gettop(L) == 0) {
		lua_pushnumber(L, (double)(r >> 11) * 0x1p-53);
		return 1;
	}
	lua_Integer low = lua_gettop(L) > 1 ? luaL_checkinteger(L, 1) : 1;
	lua_Integer high = luaL_checkinteger(L, lua_gettop(L) > 1 ? 2 : 1);
	luaL_argcheck(L, low <= high, lua_gettop(L) > 1 ? 2 : 1, "nothing between");
	uint64_t span = (uint64_t)high - (uint64_t)low + 1;
	lua_pushinteger(
		L, span == 0 ? (lua_Integer)r : (lua_Integer)((uint64_t)low + r % span));
	return 1;
}

void
l_lib_number(lua_State *L)
{
	static const struct lib_word math[] = {
		{"abs", l_abs},
		{"ceil", l_ceil_of},
		{"floor", l_floor_of},
		{"log", l_log},
		{"max", l_max},
		{"min", l_min},
		{"round", l_round},
		{"sqrt", l_sqrt},
		{"tointeger", l_tointeger},
	};
	lua_newtable(L);
	l_words(L, math, sizeof math / sizeof math[0]);
	if (box_of(L)->use != BOX_RULE) {
		lua_pushcfunction(L, l_random);
		lua_setfield(L, -2, "random");
	}
	lua_pushnumber(L, HUGE_VAL);
	lua_setfield(L, -2, "huge");
	lua_pushnumber(L, 3.141592653589793);
	lua_setfield(L, -2, "pi");
	lua_pushinteger(L, LUA_MAXINTEGER);
	lua_setfield(L, -2, "maxinteger");
	lua_pushinteger(L, LUA_MININTEGER);
	lua_setfield(L, -2, "mininteger");
	l_proxy(L, "math");
	lua_setfield(L, -2, "math");
}
