/* json.*: values as texts and back; objects come with sorted keys. */
#include "script/state.h"
#include "base/json.h"

enum { JSON_TEXT_MAX = 256 * 1024 };

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
l_lib_json(lua_State *L)
{
	static const struct lib_word words[] = {{"decode", l_decode}, {"encode", l_encode}};
	lua_newtable(L);
	l_words(L, words, sizeof words / sizeof words[0]);
	l_proxy(L, "json");
	lua_setfield(L, -2, "json");
}
