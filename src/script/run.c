/* Running texts in a box: once, often, as a test of an object; what the host gives; preludes of ours. */
#include "script/state.h"
#include "base/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX "local _ENV = ...; "

struct run {
	struct arena *a;
	struct box *box;
	struct text chunk;
	const char *name;
	const struct val *args;
	size_t n;
	struct val *result;
	struct box_ref ref;
	box_getter *get;
	void *obj;
	bool is_expression, answer;
	box_fn *fn;
};

/* [-0, +1, e]  the chunk as a function whose only argument is its environment */
static void
l_chunk(lua_State *L, const struct run *r)
{
	if (memmem(r->chunk.at, r->chunk.n, "_ENV", 4) != NULL)
		luaL_error(L, "the name _ENV is not for scripts");
	if (r->is_expression) {
		/* alone first: "1) x = (2" is no expression though it would fit between our parentheses */
		if (l_compile(L, r->chunk, r->name, "return ", "\n") < 0)
			lua_error(L);
		lua_pop(L, 1);
		if (l_compile(L, r->chunk, r->name, PREFIX "return (", "\n)") < 0)
			lua_error(L);
		return;
	}
	if (l_compile(L, r->chunk, r->name, PREFIX, NULL) < 0)
		lua_error(L);
}

static void
l_result(lua_State *L, struct run *r, int index)
{
	struct val v = l_pull(L, r->box->scratch, index);
	*r->result = val_copy(r->a, &v);
}

/* The prelude's begin and finish stand around a run; they are called with the words of their own. */
static int
l_run(lua_State *L)
{
	struct run *r = lua_touserdata(L, 1);
	struct box *box = r->box;
	lua_settop(L, 0);
	if (box->begin != LUA_NOREF) {
		lua_rawgeti(L, LUA_REGISTRYINDEX, box->begin);
		lua_call(L, 0, 0);
	}
	l_chunk(L, r);	  /* chunk */
	l_environment(L); /* chunk env */
	if (r->args != NULL) {
		l_push(L, r->args);
		lua_setfield(L, -2, "params");
	}
	lua_call(L, 1, box->finish != LUA_NOREF ? LUA_MULTRET : 1);
	if (box->finish != LUA_NOREF) {
		lua_rawgeti(L, LUA_REGISTRYINDEX, box->finish);
		lua_insert(L, 1);
		lua_call(L, lua_gettop(L) - 1, 1);
	}
	l_result(L, r, lua_gettop(L));
	return 0;
}

int
box_run(struct arena *a, struct box *box, struct text chunk, const char *name,
	const struct val *params, struct val *result, struct err *e)
{
	struct run r = {.a = a,
		.box = box,
		.chunk = chunk,
		.name = name,
		.args = params,
		.result = result};
	box->kept_n = 0;
	*result = val_null();
	box->followed = box->begin != LUA_NOREF;
	int rc = box_protect(box, l_run, &r, e);
	box->followed = false;
	return rc;
}

static int
l_load(lua_State *L)
{
	struct run *r = lua_touserdata(L, 1);
	l_chunk(L, r);
	r->ref.at = luaL_ref(L, LUA_REGISTRYINDEX);
	return 0;
}

int
box_load(struct box *box, struct text chunk, const char *name, struct box_ref *out,
	struct err *e)
{
	struct run r = {.box = box, .chunk = chunk, .name = name};
	int rc = box_protect(box, l_load, &r, e);
	*out = r.ref;
	out->is_text = true;
	return rc;
}

int
box_load_expression(struct box *box, struct text expression, const char *name,
	struct box_ref *out, struct err *e)
{
	struct run r = {
		.box = box, .chunk = expression, .name = name, .is_expression = true};
	int rc = box_protect(box, l_load, &r, e);
	*out = r.ref;
	out->is_text = true;
	return rc;
}

static int
l_call(lua_State *L)
{
	struct run *r = lua_touserdata(L, 1);
	lua_settop(L, 0);
	luaL_checkstack(L, (int)r->n + 8, "too many arguments");
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->ref.at);
	int given = 0;
	if (r->ref.is_text) {
		l_environment(L); /* f env */
		if (r->n > 0) {
			l_push(L, &r->args[0]);
			lua_setfield(L, -2, "params");
		}
		given = 1;
	} else {
		for (size_t i = 0; i < r->n; i++, given++)
			l_push(L, &r->args[i]);
	}
	lua_call(L, given, 1);
	l_result(L, r, lua_gettop(L));
	return 0;
}

int
box_call(struct arena *a, struct box *box, struct box_ref fn, const struct val *args,
	size_t n, struct val *result, struct err *e)
{
	struct run r = {
		.a = a, .box = box, .ref = fn, .args = args, .n = n, .result = result};
	*result = val_null();
	return box_protect(box, l_call, &r, e);
}

/* Once for each of a million people: no frame of ours between, no exact clock. */
int
box_test(struct box *box, struct box_ref fn, box_getter *get, void *obj, struct err *e)
{
	lua_State *L = box->L;
	int top = lua_gettop(L), yes = -1;
	if (box_begin(box, true, e) < 0)
		return -1;
	lua_rawgeti(L, LUA_REGISTRYINDEX, fn.at);      /* f */
	lua_rawgeti(L, LUA_REGISTRYINDEX, box->probe); /* f o */
	struct box_object *o = lua_touserdata(L, -1);
	*o = (struct box_object){.get = get, .obj = obj};
	if (lua_pcall(L, 1, 1, 0) == LUA_OK && box->dead == BOX_LIMIT_NONE)
		yes = lua_toboolean(L, -1);
	else
		box_failed(box, e);
	*o = (struct box_object){0};
	box_end(box, true);
	lua_settop(L, top);
	return yes;
}

static int
l_value(lua_State *L)
{
	struct run *r = lua_touserdata(L, 1);
	lua_settop(L, 0);
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->ref.at);	  /* f */
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->box->probe); /* f o */
	lua_call(L, 1, 1);
	l_result(L, r, lua_gettop(L));
	return 0;
}

int
box_value(struct arena *a, struct box *box, struct box_ref fn, box_getter *get, void *obj,
	struct val *result, struct err *e)
{
	struct run r = {.a = a, .box = box, .ref = fn, .result = result};
	*result = val_null();
	lua_rawgeti(box->L, LUA_REGISTRYINDEX, box->probe);
	struct box_object *o = lua_touserdata(box->L, -1);
	lua_pop(box->L, 1);
	*o = (struct box_object){.get = get, .obj = obj};
	int rc = box_protect(box, l_value, &r, e);
	*o = (struct box_object){0};
	return rc;
}

static int
l_give(lua_State *L)
{
	struct run *r = lua_touserdata(L, 1);
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->box->lib); /* lib */
	if (r->fn != NULL)
		l_given(L, r->box, r->fn, r->obj);
	else
		l_object(L, r->box, r->get, r->obj);
	lua_setfield(L, -2, r->name);
	return 0;
}

static void
give(struct run *r)
{
	struct err e;
	if (box_trusted(r->box, l_give, r, &e) < 0) {
		fprintf(stderr, "box_give %s: %s\n", r->name, e.text);
		abort();
	}
}

void
box_give(struct box *box, const char *name, box_fn *fn, void *obj)
{
	give(&(struct run){.box = box, .name = name, .fn = fn, .obj = obj});
}

void
box_give_object(struct box *box, const char *name, box_getter *get, void *obj)
{
	give(&(struct run){.box = box, .name = name, .get = get, .obj = obj});
}

/* [-0, +0, e]  takes field name of the table on top as a registry ref */
static int
l_keep_field(lua_State *L, const char *name)
{
	if (lua_getfield(L, -1, name) != LUA_TFUNCTION) {
		lua_pop(L, 1);
		return LUA_NOREF;
	}
	return luaL_ref(L, LUA_REGISTRYINDEX);
}

static int
l_prelude(lua_State *L)
{
	struct run *r = lua_touserdata(L, 1);
	lua_settop(L, 0);
	if (l_compile(L, r->chunk, r->name, PREFIX, NULL) < 0)
		return lua_error(L); /* f */
	lua_newtable(L);	     /* f env */
	lua_createtable(L, 0, 1);
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->box->lib);
	lua_setfield(L, -2, "__index");
	lua_setmetatable(L, -2);
	l_lib_trust(L); /* f env */
	if (r->box->prelude != 0) {
		lua_rawgeti(L, LUA_REGISTRYINDEX, r->box->prelude);
		lua_setfield(L, -2, "beneath");
	}
	lua_call(L, 1, 1); /* words */
	luaL_checktype(L, 1, LUA_TTABLE);
	lua_pushvalue(L, 1);
	r->box->prelude = luaL_ref(L, LUA_REGISTRYINDEX);
	r->box->begin = l_keep_field(L, "begin");
	r->box->finish = l_keep_field(L, "finish");
	lua_rawgeti(L, LUA_REGISTRYINDEX, r->box->lib); /* t lib */
	if (lua_getfield(L, 1, "missing") == LUA_TFUNCTION) {
		lua_createtable(L, 0, 2); /* t lib f meta */
		lua_insert(L, -2);
		lua_setfield(L, -2, "__index");
		lua_pushboolean(L, 0);
		lua_setfield(L, -2, "__metatable");
		lua_setmetatable(L, -2);
	} else
		lua_pop(L, 1);
	lua_getfield(L, 1, "words"); /* t lib words */
	luaL_checktype(L, 3, LUA_TTABLE);
	for (lua_pushnil(L); lua_next(L, 3) != 0;) { /* t lib words k v */
		lua_pushvalue(L, -2);
		lua_insert(L, -2); /* … k k v */
		lua_rawset(L, 2);  /* … k */
	}
	return 0;
}

int
box_prelude(struct box *box, const struct settings *s, const char *path, struct err *e)
{
	char file[4096];
	snprintf(file, sizeof file, "%s/%s", s->lua_dir, path);
	FILE *f = fopen(file, "re");
	if (f == NULL)
		return err_set(e, ERR_BUG, "cannot read %s: %m", file);
	struct arena_mark mark = arena_mark(box->scratch);
	size_t most = 256 * 1024;
	char *bytes = arena_alloc(box->scratch, most);
	size_t n = fread(bytes, 1, most, f);
	fclose(f);
	char name[64];
	snprintf(name, sizeof name, "@%.60s", path);
	struct run r = {.box = box, .chunk = {bytes, n}, .name = name};
	int rc = box_trusted(box, l_prelude, &r, e);
	arena_rewind(box->scratch, mark);
	if (rc < 0) {
		int line = e->line;
		err_wrap(e, path);
		e->line = line;
		e->code = ERR_BUG;
	}
	return rc;
}

bool
box_knows(struct box *box, struct text name)
{
	lua_State *L = box->L;
	lua_rawgeti(L, LUA_REGISTRYINDEX, box->lib);
	lua_pushlstring(L, name.at, name.n);
	bool known = lua_rawget(L, -2) != LUA_TNIL;
	lua_pop(L, 2);
	return known;
}
