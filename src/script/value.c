/* Values across the border: struct val to Lua and back, host functions, read-only objects and proxies. */
#include "script/state.h"

#include <math.h>
#include <string.h>

void
l_push_text(lua_State *L, struct text t)
{
	lua_pushlstring(L, t.at != NULL ? t.at : "", t.n);
}

/* [-0, +1, m]  nulls become nil: missing keys, holes of lists */
void
l_push(lua_State *L, const struct val *v)
{
	luaL_checkstack(L, 4, "too deep");
	switch (v != NULL ? v->kind : VAL_NULL) {
	case VAL_NULL:
		lua_pushnil(L);
		return;
	case VAL_BOOL:
		lua_pushboolean(L, v->b);
		return;
	case VAL_INT:
		lua_pushinteger(L, v->i);
		return;
	case VAL_NUM:
		lua_pushnumber(L, v->n);
		return;
	case VAL_TEXT:
		l_push_text(L, v->text);
		return;
	case VAL_LIST:
		lua_createtable(L, (int)v->list->n, 0); /* t */
		for (size_t i = 0; i < v->list->n; i++) {
			l_push(L, &v->list->at[i]);		/* t v */
			lua_rawseti(L, -2, (lua_Integer)i + 1); /* t */
		}
		return;
	case VAL_MAP:
		lua_createtable(L, 0, (int)v->map->n); /* t */
		for (size_t i = 0; i < v->map->n; i++) {
			l_push_text(L, v->map->at[i].key); /* t k */
			l_push(L, &v->map->at[i].val);	   /* t k v */
			lua_rawset(L, -3);		   /* t */
		}
		return;
	}
}

struct pull {
	struct arena *a;
	size_t nodes, most;
};

static struct val l_pull_deep(lua_State *L, struct pull *p, int index, int depth);

static struct text
l_key(lua_State *L, struct arena *a, int index)
{
	size_t n;
	if (lua_type(L, index) == LUA_TSTRING) {
		const char *at = lua_tolstring(L, index, &n);
		struct text t = {arena_text(a, at, n), n};
		if (!text_is_utf8(t))
			luaL_error(L, "a key of a value is no UTF-8 text");
		return t;
	}
	if (lua_isinteger(L, index))
		return text_of(arena_printf(a, "%lld", (long long)lua_tointeger(L, index)));
	luaL_error(L, "a key of a value is text or a whole number, not a %s",
		luaL_typename(L, index));
	return (struct text){"", 0};
}

/* Keys come sorted: the same value is the same text, whatever the state's hash seed. */
static int
by_key(const void *x, const void *y)
{
	const struct val_pair *p = x, *q = y;
	size_t n = p->key.n < q->key.n ? p->key.n : q->key.n;
	int c = memcmp(p->key.at, q->key.at, n);
	return c != 0 ? c : (p->key.n > q->key.n) - (p->key.n < q->key.n);
}

static struct val
l_pull_table(lua_State *L, struct pull *p, int index, int depth)
{
	luaL_checkstack(L, 6, "too deep");
	if (depth >= BOX_DEPTH_MAX)
		luaL_error(L, "a value deeper than %d", BOX_DEPTH_MAX);
	lua_Integer count = 0, whole = (lua_Integer)lua_rawlen(L, index);
	for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1))
		if (++count > (lua_Integer)p->most)
			luaL_error(L, "a value of more than %d parts", (int)p->most);
	if (count > 0 && count == whole) {
		struct val list = val_list(p->a);
		for (lua_Integer i = 1; i <= whole; i++) {
			lua_rawgeti(L, index, i); /* v */
			val_push(p->a, &list, l_pull_deep(L, p, lua_gettop(L), depth + 1));
			lua_pop(L, 1);
		}
		return list;
	}
	struct val map = val_map(p->a);
	map.map->at = arena_array(p->a, (size_t)count + 1, sizeof *map.map->at);
	map.map->cap = (size_t)count + 1;
	for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) { /* k v */
		int top = lua_gettop(L);
		map.map->at[map.map->n].key = l_key(L, p->a, top - 1);
		map.map->at[map.map->n++].val = l_pull_deep(L, p, top, depth + 1);
	}
	if (map.map->n > 1)
		qsort(map.map->at, map.map->n, sizeof *map.map->at, by_key);
	return map;
}

static struct val
l_pull_deep(lua_State *L, struct pull *p, int index, int depth)
{
	size_t n;
	const char *at;
	if (++p->nodes > p->most)
		luaL_error(L, "a value of more than %d parts", (int)p->most);
	l_charge(L, 1);
	switch (lua_type(L, index)) {
	case LUA_TNIL:
		return val_null();
	case LUA_TBOOLEAN:
		return val_bool(lua_toboolean(L, index));
	case LUA_TNUMBER:
		if (lua_isinteger(L, index))
			return val_int(lua_tointeger(L, index));
		return val_num(lua_tonumber(L, index));
	case LUA_TSTRING:
		at = lua_tolstring(L, index, &n);
		l_charge(L, n / 32);
		if (!text_is_utf8((struct text){at, n}))
			luaL_error(L, "a text of a value is not UTF-8");
		return val_bytes(arena_text(p->a, at, n), n);
	case LUA_TTABLE:
		return l_pull_table(L, p, index, depth);
	default:
		luaL_error(L, "a %s is no value", luaL_typename(L, index));
		return val_null();
	}
}

/* [-0, +0, e]  deep copy onto a; raw reads only */
struct val
l_pull(lua_State *L, struct arena *a, int index)
{
	struct pull p = {.a = a,
		.most = box_of(L)->use == BOX_PAGE || !box_of(L)->metered ? 1000000
									  : BOX_NODES_MAX};
	return l_pull_deep(L, &p, lua_absindex(L, index), 0);
}

struct text
l_text(lua_State *L, int arg)
{
	if (lua_type(L, arg) == LUA_TNUMBER) {
		l_plain(L, arg);
		lua_replace(L, arg);
	}
	if (lua_type(L, arg) != LUA_TSTRING)
		luaL_typeerror(L, arg, "text");
	struct text t;
	t.at = lua_tolstring(L, arg, &t.n);
	l_charge(L, 1 + t.n / 32);
	return t;
}

struct text
l_text_or(lua_State *L, int arg, const char *otherwise)
{
	return lua_isnoneornil(L, arg) ? text_of(otherwise) : l_text(L, arg);
}

/* [-0, +1, m] */
const char *
l_plain(lua_State *L, int index)
{
	char number[64];
	switch (lua_type(L, index)) {
	case LUA_TSTRING:
		lua_pushvalue(L, index);
		break;
	case LUA_TNUMBER:
		if (lua_isinteger(L, index))
			snprintf(number, sizeof number, "%lld",
				(long long)lua_tointeger(L, index));
		else {
			double d = lua_tonumber(L, index);
			if (isnan(d))
				snprintf(number, sizeof number, "nan");
			else if (d == floor(d) && fabs(d) < 1e15)
				snprintf(number, sizeof number, "%.1f", d);
			else
				snprintf(number, sizeof number, "%.14g", d);
		}
		lua_pushstring(L, number);
		break;
	case LUA_TBOOLEAN:
		lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
		break;
	case LUA_TNIL:
		lua_pushliteral(L, "nil");
		break;
	default:
		lua_pushstring(L, luaL_typename(L, index));
	}
	return lua_tostring(L, -1);
}

struct given {
	box_fn *fn;
	void *obj;
};

/* Any host function: arguments to vals, the call, the result back. */
static int
l_call_given(lua_State *L)
{
	struct box *box = box_of(L);
	const struct given *g = lua_touserdata(L, lua_upvalueindex(1));
	struct arena_mark mark = arena_mark(box->scratch);
	l_charge(L, 8);
	int n = lua_gettop(L);
	if (n > 32)
		return luaL_error(L, "%d arguments, at most 32 are taken", n);
	struct val args[32], result = val_null();
	for (int i = 0; i < n; i++)
		args[i] = l_pull(L, box->scratch, i + 1);
	struct err e = {.code = ERR_NONE};
	if (g->fn(box, box->scratch, g->obj, args, (size_t)n, &result, &e) < 0)
		return luaL_error(L, "%s", e.text);
	l_push(L, &result);
	arena_rewind(box->scratch, mark);
	return 1;
}

void
l_given(lua_State *L, struct box *box, box_fn *fn, void *obj)
{
	struct given *g = arena_alloc(box->arena, sizeof *g);
	*g = (struct given){.fn = fn, .obj = obj};
	lua_pushlightuserdata(L, g);
	lua_pushcclosure(L, l_call_given, 1);
}

static int
l_locked(lua_State *L)
{
	return luaL_error(L, "this cannot be changed by a script");
}

static int
l_object_read(lua_State *L)
{
	struct box *box = box_of(L);
	const struct box_object *o = lua_touserdata(L, 1);
	size_t n;
	if (o == NULL || lua_type(L, 2) != LUA_TSTRING)
		return 0;
	const char *at = lua_tolstring(L, 2, &n);
	l_charge(L, 2);
	if (o->get != NULL) {
		struct arena_mark mark = arena_mark(box->scratch);
		struct val v = val_null();
		int rc = o->get(box->scratch, o->obj, (struct text){at, n}, &v);
		if (rc < 0)
			return luaL_error(L, "the field \"%s\" cannot be read", at);
		if (rc > 0) {
			if (v.kind == VAL_INT) { /* nothing was made for it */
				lua_pushinteger(L, v.i);
				return 1;
			}
			if (v.kind == VAL_TEXT)
				l_push_text(L, v.text);
			else
				l_push(L, &v);
			arena_rewind(box->scratch, mark);
			return 1;
		}
		arena_rewind(box->scratch, mark);
	}
	lua_rawgeti(L, LUA_REGISTRYINDEX, box->lib);
	lua_pushvalue(L, 2);
	lua_rawget(L, -2);
	return 1;
}

void
l_object(lua_State *L, struct box *box, box_getter *get, void *obj)
{
	(void)box;
	struct box_object *o = lua_newuserdatauv(L, sizeof *o, 0); /* o */
	*o = (struct box_object){.get = get, .obj = obj};
	if (luaL_newmetatable(L, "object")) { /* o meta */
		lua_pushcfunction(L, l_object_read);
		lua_setfield(L, -2, "__index");
		lua_pushcfunction(L, l_locked);
		lua_setfield(L, -2, "__newindex");
		lua_pushboolean(L, 0);
		lua_setfield(L, -2, "__metatable");
	}
	lua_setmetatable(L, -2); /* o */
}

void
l_proxy(lua_State *L, const char *name)
{
	lua_newuserdatauv(L, 1, 0); /* t p */
	lua_createtable(L, 0, 4);   /* t p meta */
	lua_pushvalue(L, -3);
	lua_setfield(L, -2, "__index");
	lua_pushcfunction(L, l_locked);
	lua_setfield(L, -2, "__newindex");
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	lua_pushstring(L, name);
	lua_setfield(L, -2, "__name");
	lua_setmetatable(L, -2); /* t p */
	lua_remove(L, -2);	 /* p */
}
