/* What Lua says about a name that is nil, with the nearest name that is known. */
#include "script/state.h"

#include <string.h>

enum { NAMES_MAX = 400 };

struct names {
	const char *at[NAMES_MAX];
	size_t n;
};

/* [-0, +0]  the text keys of the table on top */
static void
l_collect(lua_State *L, struct names *names)
{
	for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1))
		if (lua_type(L, -2) == LUA_TSTRING && names->n < NAMES_MAX)
			names->at[names->n++] = lua_tostring(L, -2);
}

/* [-0, +0]  the words behind each proxy of the library on top */
static void
l_collect_below(lua_State *L, struct names *names)
{
	for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
		if (lua_type(L, -1) != LUA_TUSERDATA ||
			luaL_getmetafield(L, -1, "__index") == LUA_TNIL)
			continue;
		if (lua_type(L, -1) == LUA_TTABLE)
			l_collect(L, names);
		lua_pop(L, 1);
	}
}

/* [-0, +0]  the methods of texts */
static void
l_collect_methods(lua_State *L, struct names *names)
{
	lua_pushliteral(L, "");
	if (luaL_getmetafield(L, -1, "__index") == LUA_TTABLE) {
		l_collect(L, names);
		lua_pop(L, 1);
	}
	lua_pop(L, 1);
}

/* Patterns of stock Lua are missed most. */
static const char *
known_instead(struct text name)
{
	static const char *const instead[][2] = {
		{"gsub", "text.replace for a text, text.replace_all for a regular "
			 "expression"},
		{"gmatch", "text.match_all with a regular expression"},
		{"print", "give the value back with return"},
		{"setmetatable", "scripts have no metatables"},
		{"getmetatable", "scripts have no metatables"},
		{"require", "a script reaches nothing outside itself"},
		{"os", "date.now() and date.format() know of time"},
		{"io", "a script reaches nothing outside itself"},
		{"load", "a script makes no scripts"},
		{"random", "a rule has no chance, it answers the same each time; "
			   "share(percent, \"salt\") takes a part of the people"},
		{"now", "a rule has no clock; dates take within_last and the like"}};
	for (size_t i = 0; i < sizeof instead / sizeof instead[0]; i++)
		if (text_is(name, instead[i][0]))
			return instead[i][1];
	return NULL;
}

static bool
is_near(struct text name, const char *near)
{
	return near != NULL && !text_is(name, near);
}

/* message ends in "(global 'x')", "(field 'x')" or "(method 'x')" and speaks of nil: " - did you mean …" on a, else "" */
const char *
l_hint(lua_State *L, struct arena *a, const char *message)
{
	static const char *const kinds[] = {"(global '", "(field '", "(method '"};
	if (strstr(message, "a nil value") == NULL)
		return "";
	for (int i = 0; i < 3; i++) {
		const char *at = strstr(message, kinds[i]);
		const char *end = at != NULL ? strchr(at + strlen(kinds[i]), '\'') : NULL;
		if (end == NULL)
			continue;
		at += strlen(kinds[i]);
		struct text name = {at, (size_t)(end - at)};
		const char *instead = known_instead(name);
		if (instead != NULL)
			return arena_printf(a, "; %s", instead);
		struct names names = {.n = 0};
		lua_rawgeti(L, LUA_REGISTRYINDEX, box_of(L)->lib);
		if (i == 0)
			l_collect(L, &names);
		else if (i == 1)
			l_collect_below(L, &names);
		else
			l_collect_methods(L, &names);
		lua_pop(L, 1);
		const char *near = text_nearest(name, names.at, names.n);
		return is_near(name, near) ? arena_printf(a, ", did you mean %s?", near)
					   : "";
	}
	return "";
}
