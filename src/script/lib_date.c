/* date.* (instants are seconds since 1970 UTC) and json.*. The clock is what the host gave, and no rule sees it. */
#include "script/state.h"
#include "base/json.h"
#include "base/time.h"
#include "script/format.h"

#include <math.h>

enum { JSON_TEXT_MAX = 256 * 1024 };

static int
l_now(lua_State *L)
{
	lua_pushinteger(L, box_of(L)->now_us / SECOND_US);
	return 1;
}

/* An argument that is an instant: seconds, or a text of a time. */
static int64_t
l_instant(lua_State *L, int arg)
{
	int64_t at_us;
	if (lua_type(L, arg) == LUA_TSTRING) {
		if (time_parse(l_text(L, arg), &at_us) == 1)
			return at_us;
		return luaL_argerror(L, arg, "not a time");
	}
	double s = luaL_checknumber(L, arg);
	luaL_argcheck(L, fabs(s) < 2.5e11, arg, "not a time");
	return (int64_t)(s * 1e6);
}

static const struct zone *
l_zone(lua_State *L, int arg)
{
	if (lua_isnoneornil(L, arg))
		return zone_utc();
	const struct zone *z = zone_find(l_text(L, arg));
	if (z == NULL)
		luaL_argerror(L, arg, "no such time zone");
	return z;
}

static int
l_push_seconds(lua_State *L, int64_t at_us)
{
	if (at_us % SECOND_US == 0)
		lua_pushinteger(L, at_us / SECOND_US);
	else
		lua_pushnumber(L, (double)at_us / 1e6);
	return 1;
}

static int
l_parse(lua_State *L)
{
	int64_t at_us;
	struct date d;
	struct text t = l_text(L, 1);
	if (time_parse(t, &at_us) == 1)
		return l_push_seconds(L, at_us);
	if (date_parse(t, &d) == 1)
		return l_push_seconds(L, date_days(d) * DAY_US);
	lua_pushnil(L);
	return 1;
}

/* format(t [, "dd.MM.yyyy" [, zone [, language]]]) */
static int
l_format(lua_State *L)
{
	int64_t at_us = l_instant(L, 1);
	struct text pattern = l_text_or(L, 2, "yyyy-MM-dd HH:mm:ss");
	const struct zone *z = l_zone(L, 3);
	struct text language = l_text_or(L, 4, "en");
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	struct str out = str_new(a);
	l_charge(L, 10 + pattern.n);
	luaL_argcheck(L, pattern.n <= 256, 2, "a pattern of more than 256 bytes");
	format_time(&out, at_us, pattern, z, text_z(a, language));
	l_push_text(L, str_text(&out));
	arena_rewind(a, mark);
	return 1;
}

/* days(a, b [, zone]): calendar days from a to b */
static int
l_days(lua_State *L)
{
	const struct zone *z = l_zone(L, 3);
	int64_t from = date_days(zone_date(z, l_instant(L, 1), NULL));
	lua_pushinteger(L, date_days(zone_date(z, l_instant(L, 2), NULL)) - from);
	return 1;
}

/* add(t, "1d") */
static int
l_add(lua_State *L)
{
	int64_t span_us;
	if (time_duration(l_text(L, 2), &span_us) == 0)
		return luaL_argerror(
			L, 2, "not a duration such as \"15m\", \"1h\", \"90d\"");
	return l_push_seconds(L, l_instant(L, 1) + span_us);
}

static int
l_weekday(lua_State *L)
{
	int64_t days = date_days(zone_date(l_zone(L, 2), l_instant(L, 1), NULL));
	lua_pushinteger(L,
		((days + 3) % 7 + 7) % 7 + 1); /* 1970-01-01 was a Thursday; Monday is 1 */
	return 1;
}

static int
l_encode(lua_State *L)
{
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	luaL_checkany(L, 1);
	struct val v = l_pull(L, a, 1);
	struct text t = json_text(a, &v);
	l_charge(L, t.n / 8);
	l_push_text(L, t);
	arena_rewind(a, mark);
	return 1;
}

static int
l_decode(lua_State *L)
{
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	struct text t = l_text(L, 1);
	luaL_argcheck(L, t.n <= JSON_TEXT_MAX, 1, "more than 262144 bytes");
	l_charge(L, t.n);
	struct err e;
	struct val v;
	if (json_parse(a, t, &v, &e) < 0)
		return luaL_error(L, "%s", e.text);
	l_push(L, &v);
	arena_rewind(a, mark);
	return 1;
}

void
l_lib_date(lua_State *L)
{
	static const struct lib_word date[] = {
		{"add", l_add},
		{"days", l_days},
		{"format", l_format},
		{"parse", l_parse},
		{"weekday", l_weekday},
	};
	static const struct lib_word json[] = {{"decode", l_decode}, {"encode", l_encode}};
	lua_newtable(L);
	l_words(L, date, sizeof date / sizeof date[0]);
	if (box_of(L)->use != BOX_RULE) {
		lua_pushcfunction(L, l_now);
		lua_setfield(L, -2, "now");
	}
	l_proxy(L, "date");
	lua_setfield(L, -2, "date");
	lua_newtable(L);
	l_words(L, json, sizeof json / sizeof json[0]);
	l_proxy(L, "json");
	lua_setfield(L, -2, "json");
}
