/* text.*: by code points, charging by size; "string" and the methods of strings are the same table. No Lua patterns: match is
 * PCRE2 with limits. Results are at most 1 MB. */
#include "script/state.h"

#include <string.h>

int
l_give_text(lua_State *L, struct arena_mark mark, struct text t)
{
	l_room(L, t.n);
	l_charge(L, t.n / 32);
	l_push_text(L, t);
	arena_rewind(box_of(L)->scratch, mark);
	return 1;
}

static int
l_len(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)text_length(l_text(L, 1)));
	return 1;
}

static int
l_mapped(lua_State *L, struct text (*map)(struct arena *a, struct text t))
{
	struct arena *a = box_of(L)->scratch;
	struct text t = l_text(L, 1);
	l_charge(L, t.n);
	if (!text_is_utf8(t))
		return luaL_error(L, "not a UTF-8 text");
	struct arena_mark mark = arena_mark(a);
	return l_give_text(L, mark, map(a, t));
}

static int
l_upper(lua_State *L)
{
	return l_mapped(L, text_upper);
}

static int
l_lower(lua_State *L)
{
	return l_mapped(L, text_lower);
}

size_t
text_bytes_before(struct text t, size_t i)
{
	size_t at = 0;
	for (; at < t.n && i > 0; i--)
		for (at++; at < t.n && ((unsigned char)t.at[at] & 0xC0) == 0x80;)
			at++;
	return at;
}

static int
l_sub(lua_State *L)
{
	struct text t = l_text(L, 1);
	lua_Integer n = (lua_Integer)text_length(t);
	lua_Integer from = luaL_optinteger(L, 2, 1), to = luaL_optinteger(L, 3, -1);
	from = from < 0 ? (from < -n ? 1 : n + from + 1) : (from == 0 ? 1 : from);
	to = to < 0 ? (to < -n ? 0 : n + to + 1) : (to > n ? n : to);
	if (from > to || from > n) {
		lua_pushliteral(L, "");
		return 1;
	}
	size_t start = text_bytes_before(t, (size_t)from - 1),
	       end = text_bytes_before(t, (size_t)to);
	lua_pushlstring(L, t.at + start, end - start);
	return 1;
}

static const char *
search(struct text t, struct text part)
{
	return part.n == 0 ? t.at : memmem(t.at, t.n, part.at, part.n);
}

static int
l_contains(lua_State *L)
{
	struct text t = l_text(L, 1), part = l_text(L, 2);
	l_charge(L, t.n / 8);
	lua_pushboolean(L, search(t, part) != NULL);
	return 1;
}

/* find(s, part [, from]): where it begins and ends, in letters; nil when it is not there. No patterns. */
static int
l_find(lua_State *L)
{
	struct text t = l_text(L, 1), part = l_text(L, 2);
	lua_Integer from = luaL_optinteger(L, 3, 1), n = (lua_Integer)text_length(t);
	from = from < 0 ? (from < -n ? 1 : n + from + 1) : (from == 0 ? 1 : from);
	l_charge(L, t.n / 8);
	if (from > n + 1) {
		lua_pushnil(L);
		return 1;
	}
	size_t skip = text_bytes_before(t, (size_t)from - 1);
	const char *at = search((struct text){t.at + skip, t.n - skip}, part);
	if (at == NULL) {
		lua_pushnil(L);
		return 1;
	}
	lua_Integer begin = (lua_Integer)text_length(
		(struct text){t.at, (size_t)(at - t.at)});
	lua_pushinteger(L, begin + 1);
	lua_pushinteger(L, begin + (lua_Integer)text_length(part));
	return 2;
}

static int
l_starts(lua_State *L)
{
	struct text t = l_text(L, 1), part = l_text(L, 2);
	lua_pushboolean(L, t.n >= part.n && memcmp(t.at, part.at, part.n) == 0);
	return 1;
}

static int
l_ends(lua_State *L)
{
	struct text t = l_text(L, 1), part = l_text(L, 2);
	lua_pushboolean(
		L, t.n >= part.n && memcmp(t.at + t.n - part.n, part.at, part.n) == 0);
	return 1;
}

static int
l_trim(lua_State *L)
{
	l_push_text(L, text_trim(l_text(L, 1)));
	return 1;
}

static int
l_split(lua_State *L)
{
	struct text t = l_text(L, 1), by = l_text_or(L, 2, ",");
	luaL_argcheck(L, by.n > 0, 2, "nothing to split by");
	l_charge(L, t.n / 8);
	lua_newtable(L);
	for (lua_Integer i = 1;; i++) {
		const char *at = memmem(t.at, t.n, by.at, by.n);
		lua_pushlstring(L, t.at, at != NULL ? (size_t)(at - t.at) : t.n);
		lua_rawseti(L, -2, i);
		l_charge(L, 2);
		if (at == NULL)
			return 1;
		size_t gone = (size_t)(at - t.at) + by.n;
		t = (struct text){t.at + gone, t.n - gone};
	}
}

static int
l_replace(lua_State *L)
{
	struct text t = l_text(L, 1), what = l_text(L, 2), with = l_text(L, 3);
	luaL_argcheck(L, what.n > 0, 2, "nothing to replace");
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	struct str out = str_new(a);
	l_charge(L, t.n / 8);
	for (;;) {
		l_room(L, out.n);
		const char *at = memmem(t.at, t.n, what.at, what.n);
		size_t before = at != NULL ? (size_t)(at - t.at) : t.n;
		str_add(&out, t.at, before);
		if (at == NULL)
			return l_give_text(L, mark, str_text(&out));
		str_addt(&out, with);
		l_charge(L, 1 + with.n / 32);
		t = (struct text){t.at + before + what.n, t.n - before - what.n};
	}
}

static int
l_rep(lua_State *L)
{
	struct text t = l_text(L, 1), between = l_text_or(L, 3, "");
	lua_Integer n = luaL_checkinteger(L, 2);
	size_t whole, unit = t.n + between.n;
	if (n <= 0 || unit == 0) {
		lua_pushliteral(L, "");
		return 1;
	}
	if (__builtin_mul_overflow((size_t)n, unit, &whole))
		whole = SIZE_MAX;
	l_room(L, whole);
	l_charge(L, whole / 32);
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	char *made = arena_alloc(a, whole);
	memcpy(made, t.at, t.n);
	memcpy(made + t.n, between.at, between.n);
	for (size_t done = unit; done < whole; done *= 2)
		memcpy(made + done, made, done < whole - done ? done : whole - done);
	return l_give_text(L, mark, (struct text){made, whole - between.n});
}

/* byte(s [, i [, j]]): the code points of letters i to j; of ASCII what stock Lua gives */
static int
l_byte(lua_State *L)
{
	struct text t = l_text(L, 1);
	lua_Integer n = (lua_Integer)text_length(t);
	lua_Integer from = luaL_optinteger(L, 2, 1);
	lua_Integer to = luaL_optinteger(L, 3, from);
	from = from < 0 ? (from < -n ? 1 : n + from + 1) : (from == 0 ? 1 : from);
	to = to < 0 ? (to < -n ? 0 : n + to + 1) : (to > n ? n : to);
	if (from > to)
		return 0;
	luaL_argcheck(L, to - from < 200, 3, "more than 200 letters");
	luaL_checkstack(L, (int)(to - from) + 1, "letters");
	size_t at = text_bytes_before(t, (size_t)from - 1), n_bytes;
	int given = 0;
	for (lua_Integer i = from; i <= to && at < t.n; i++, given++) {
		lua_pushinteger(
			L, text_decode((struct text){t.at + at, t.n - at}, &n_bytes));
		at += n_bytes;
	}
	return given;
}

static int
l_char(lua_State *L)
{
	char made[4 * 250];
	size_t n = 0;
	int count = lua_gettop(L);
	luaL_argcheck(L, count <= 250, 251, "more than 250 letters");
	for (int i = 1; i <= count; i++) {
		lua_Integer c = luaL_checkinteger(L, i);
		luaL_argcheck(L, c >= 0 && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF), i,
			"no letter has this code point");
		n += text_encode((uint32_t)c, made + n);
	}
	lua_pushlstring(L, made, n);
	return 1;
}

static int
l_reverse(lua_State *L)
{
	struct text t = l_text(L, 1);
	l_charge(L, t.n / 8);
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	char *made = arena_alloc(a, t.n + 1);
	for (size_t at = 0; at < t.n;) {
		size_t n = text_bytes_before((struct text){t.at + at, t.n - at}, 1);
		memcpy(made + t.n - at - n, t.at + at, n);
		at += n;
	}
	return l_give_text(L, mark, (struct text){made, t.n});
}

void
l_lib_text(lua_State *L)
{
	static const struct lib_word words[] = {
		{"byte", l_byte},
		{"char", l_char},
		{"contains", l_contains},
		{"ends", l_ends},
		{"find", l_find},
		{"len", l_len},
		{"lower", l_lower},
		{"rep", l_rep},
		{"replace", l_replace},
		{"reverse", l_reverse},
		{"split", l_split},
		{"starts", l_starts},
		{"sub", l_sub},
		{"trim", l_trim},
		{"upper", l_upper},
	};
	lua_newtable(L); /* lib text */
	l_words(L, words, sizeof words / sizeof words[0]);
	l_lib_convert(L);
	l_lib_format(L);
	l_lib_regex(L);
	lua_pushliteral(L, "");
	lua_createtable(L, 0, 2);
	lua_pushvalue(L, -3);
	lua_setfield(L, -2, "__index");
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
	lua_pop(L, 1);
	l_proxy(L, "text"); /* lib proxy */
	lua_pushvalue(L, -1);
	lua_setfield(L, -3, "string");
	lua_setfield(L, -2, "text");
}
