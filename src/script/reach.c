/* Everything a script can get at, for the golden list: words, what hides behind proxies, metatables. */
#include "script/state.h"

#include <stdlib.h>
#include <string.h>

struct reach {
	struct arena *a;
	struct val names; /* list of texts */
};

static void l_walk(lua_State *L, struct reach *r, const char *path, int depth);

/* [-0, +0]  the fields of the table on top */
static void
l_walk_table(lua_State *L, struct reach *r, const char *path, int depth)
{
	for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
		lua_pushvalue(L, -2);
		l_plain(L, -1);
		const char *name = arena_printf(r->a, "%s%s%s", path,
			*path != '\0' ? "." : "", lua_tostring(L, -1));
		lua_pop(L, 2);
		l_walk(L, r, name, depth + 1);
	}
}

static void
l_walk(lua_State *L, struct reach *r, const char *path, int depth)
{
	luaL_checkstack(L, 10, "walk");
	const char *kind = luaL_typename(L, -1);
	if (*path != '\0')
		val_push(
			r->a, &r->names, val_text(arena_printf(r->a, "%s %s", path, kind)));
	if (depth > 6)
		return;
	if (lua_type(L, -1) == LUA_TTABLE)
		l_walk_table(L, r, path, depth);
	if (lua_type(L, -1) != LUA_TFUNCTION && lua_type(L, -1) != LUA_TSTRING &&
		luaL_getmetafield(L, -1, "__index") != LUA_TNIL) {
		if (lua_type(L, -1) == LUA_TTABLE)
			l_walk_table(L, r, path, depth);
		lua_pop(L, 1);
	}
	for (int i = 1;
		lua_type(L, -1) == LUA_TFUNCTION && lua_getupvalue(L, -1, i) != NULL; i++) {
		if (lua_type(L, -1) == LUA_TTABLE || lua_type(L, -1) == LUA_TFUNCTION)
			val_push(r->a, &r->names,
				val_text(arena_printf(r->a, "%s upvalue %s", path,
					luaL_typename(L, -1))));
		lua_pop(L, 1);
	}
}

static int
l_reach(lua_State *L)
{
	struct reach *r = lua_touserdata(L, 1);
	lua_rawgeti(L, LUA_REGISTRYINDEX, box_of(L)->lib);
	l_walk(L, r, "", 0);
	lua_pushliteral(L, "");
	if (luaL_getmetafield(L, -1, "__index") == LUA_TTABLE)
		l_walk_table(L, r, "\"\"", 1);
	return 0;
}

static int
by_text(const void *x, const void *y)
{
	return strcmp(((const struct val *)x)->text.at, ((const struct val *)y)->text.at);
}

struct text
box_reach(struct arena *a, struct box *box)
{
	struct reach r = {.a = a, .names = val_list(a)};
	struct err e;
	struct str out = str_new(a);
	if (box_trusted(box, l_reach, &r, &e) < 0)
		return text_of(arena_printf(a, "failed: %s", e.text));
	qsort(r.names.list->at, r.names.list->n, sizeof(struct val), by_text);
	for (size_t i = 0; i < r.names.list->n; i++) {
		str_addt(&out, r.names.list->at[i].text);
		str_addc(&out, '\n');
	}
	return str_text(&out);
}
