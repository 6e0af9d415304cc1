/* math.* and number.*: what cannot hang. random is seeded by the host and absent from rules. */
#include "script/state.h"
#include "script/format.h"

#include <lualib.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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

static double
l_clamped(lua_State *L, int arg)
{
	double x = luaL_checknumber(L, arg);
	luaL_argcheck(L, !isnan(x), arg, "not a number (0/0)");
	return x;
}

/* clamp(x, least, most) */
static int
l_clamp(lua_State *L)
{
	double x = l_clamped(L, 1), least = l_clamped(L, 2), most = l_clamped(L, 3);
	luaL_argcheck(L, least <= most, 3, "the most is below the least");
	lua_pushvalue(L, x < least ? 2 : x > most ? 3 : 1);
	return 1;
}

/* Bytes of a space or an apostrophe between digits at p: ASCII, no-break, narrow no-break, thin. */
static size_t
gap_at(const char *p, const char *end)
{
	static const char *const wide[] = {
		"\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "\xE2\x80\x99"};
	if (*p == ' ' || *p == '\'')
		return 1;
	for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
		if ((size_t)(end - p) >= strlen(wide[i]) &&
			memcmp(p, wide[i], strlen(wide[i])) == 0)
			return strlen(wide[i]);
	return 0;
}

/* The mark before the fraction: the last of "." and "," when both are there; a single one by what the language means with it. */
static char
fraction_mark(struct text t, bool comma)
{
	const char *point = memrchr(t.at, '.', t.n), *last = memrchr(t.at, ',', t.n);
	if (point != NULL && last != NULL)
		return point > last ? '.' : ',';
	const char *only = point != NULL ? point : last;
	if (only == NULL)
		return '\0';
	char mark = *only;
	if (memchr(t.at, mark, (size_t)(only - t.at)) != NULL)
		return '\0'; /* several: between thousands */
	size_t behind = (size_t)(t.at + t.n - only - 1);
	return behind != 3 || mark == (comma ? ',' : '.') ? mark : '\0';
}

/* parse("1 234,56" [, language]): nil when it is no number */
static int
l_parse(lua_State *L)
{
	struct text t = text_trim(l_text(L, 1)), language = l_text_or(L, 2, "en");
	char plain[64];
	size_t n = 0;
	lua_pushnil(L);
	if (t.n == 0 || t.n > 60)
		return 1;
	char mark = fraction_mark(t, text_starts(language, "ru"));
	const char *p = t.at, *end = t.at + t.n;
	if ((size_t)(end - p) > 3 && memcmp(p, "\xE2\x88\x92", 3) == 0)
		plain[n++] = '-', p += 3; /* the minus sign */
	else if (*p == '-' || *p == '+')
		plain[n++] = *p++;
	size_t from = n;
	bool behind = false;
	while (p < end) {
		size_t gap = behind ? 0 : gap_at(p, end);
		if (*p >= '0' && *p <= '9')
			plain[n++] = *p;
		else if (*p == mark && !behind)
			plain[n++] = '.', behind = true;
		else if (gap == 0 && (behind || (*p != '.' && *p != ',')))
			return 1;
		p += gap > 0 ? gap : 1;
	}
	plain[n] = '\0';
	if (strpbrk(plain + from, "0123456789") == NULL)
		return 1;
	if (!behind && n < 19)
		lua_pushinteger(L, strtoll(plain, NULL, 10));
	else
		lua_pushnumber(L, strtod(plain, NULL));
	return 1;
}

/* format(x [, digits [, language]]): "1 234,5"; without digits as many as there are, up to six */
static int
l_format(lua_State *L)
{
	double x = luaL_checknumber(L, 1);
	lua_Integer digits = luaL_optinteger(L, 2, -1);
	struct text language = text_cut(l_text_or(L, 3, "en"), 8);
	luaL_argcheck(L, digits >= -1 && digits <= 12, 2, "digits are from 0 to 12");
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	struct str out = str_new(a);
	l_charge(L, 20);
	format_number(&out, x, (int)digits, text_z(a, language));
	return l_give_text(L, mark, str_text(&out));
}

/* money(minor units [, currency [, language]]) */
static int
l_money(lua_State *L)
{
	lua_Integer minor = luaL_checkinteger(L, 1);
	struct text currency = text_cut(l_text_or(L, 2, ""), 8),
		    language = text_cut(l_text_or(L, 3, "en"), 8);
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	struct str out = str_new(a);
	l_charge(L, 20);
	format_money(&out, minor, text_z(a, currency), text_z(a, language));
	return l_give_text(L, mark, str_text(&out));
}

/* plural(n, language, one, few, many), for English plural(n, "en", one, many) */
static int
l_plural(lua_State *L)
{
	lua_Integer n = luaL_checkinteger(L, 1);
	struct text language = text_cut(l_text(L, 2), 8);
	struct arena *a = box_of(L)->scratch;
	int top = lua_gettop(L);
	luaL_argcheck(
		L, top == 4 || top == 5, 3, "expected plural(n, language, one, few, many)");
	int form = format_plural(n == LUA_MININTEGER ? 0 : n, text_z(a, language));
	lua_pushvalue(L, form == 0 ? 3 : form == 1 ? 4 : top);
	return 1;
}

/* [-0, +0]  those of stock Lua that take their time by the instruction: into the table on top */
static void
l_stock_math(lua_State *L)
{
	static const char *const names[] = {"acos", "asin", "atan", "cos", "deg", "exp",
		"fmod", "modf", "rad", "sin", "tan", "type", "ult"};
	luaopen_math(L); /* out stock */
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		lua_getfield(L, -1, names[i]);
		lua_setfield(L, -3, names[i]);
	}
	lua_pop(L, 1);
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
	static const struct lib_word number[] = {
		{"clamp", l_clamp},
		{"format", l_format},
		{"money", l_money},
		{"parse", l_parse},
		{"plural", l_plural},
	};
	lua_newtable(L);
	l_words(L, math, sizeof math / sizeof math[0]);
	l_stock_math(L);
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
	lua_newtable(L);
	l_words(L, number, sizeof number / sizeof number[0]);
	l_proxy(L, "number");
	lua_setfield(L, -2, "number");
}
