/* text.*: by code points, charging by size; "string" and the methods of strings are the same table. No Lua patterns: match is
 * PCRE2 with limits. Results are at most 1 MB. */
#include "script/state.h"
#include "base/regex.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { REGEX_KEPT = 16 };

/* [-0, +1]  pushes and gives the scratch back */
static int
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

/* Bytes before the i-th code point (from 0), at most t.n. */
static size_t
bytes_of(struct text t, size_t i)
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
	size_t start = bytes_of(t, (size_t)from - 1), end = bytes_of(t, (size_t)to);
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

static int
l_find(lua_State *L)
{
	struct text t = l_text(L, 1), part = l_text(L, 2);
	l_charge(L, t.n / 8);
	const char *at = search(t, part);
	if (at == NULL)
		lua_pushnil(L);
	else
		lua_pushinteger(L,
			(lua_Integer)text_length((struct text){t.at, (size_t)(at - t.at)}) +
				1);
	return 1;
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
	struct text t = l_text(L, 1);
	lua_Integer n = luaL_checkinteger(L, 2);
	size_t whole;
	if (n <= 0 || t.n == 0) {
		lua_pushliteral(L, "");
		return 1;
	}
	if (__builtin_mul_overflow((size_t)n, t.n, &whole))
		whole = SIZE_MAX;
	l_room(L, whole);
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	char *made = arena_alloc(a, whole);
	memcpy(made, t.at, t.n);
	for (size_t done = t.n; done < whole; done *= 2)
		memcpy(made + done, made, done < whole - done ? done : whole - done);
	return l_give_text(L, mark, (struct text){made, whole});
}

/* A compiled pattern, kept by the box. */
static struct regex *
l_regex(lua_State *L, struct text pattern)
{
	struct box *box = box_of(L);
	for (size_t i = 0; i < box->regex_n; i++)
		if (text_same(box->patterns[i], pattern))
			return box->regexes[i];
	l_charge(L, 200 + pattern.n * 8);
	if (box->regexes == NULL) {
		box->regexes = arena_array(box->arena, REGEX_KEPT, sizeof(struct regex *));
		box->patterns = arena_array(box->arena, REGEX_KEPT, sizeof(struct text));
	}
	struct err e;
	struct regex *r;
	if (regex_new(pattern, false, &r, &e) < 0)
		luaL_error(L, "%s", e.text);
	if (box->regex_n == REGEX_KEPT) { /* the oldest goes */
		regex_free(box->regexes[0]);
		free((void *)box->patterns[0].at);
		memmove(box->regexes, box->regexes + 1,
			(REGEX_KEPT - 1) * sizeof box->regexes[0]);
		memmove(box->patterns, box->patterns + 1,
			(REGEX_KEPT - 1) * sizeof box->patterns[0]);
		box->regex_n--;
	}
	char *kept = malloc(pattern.n + 1);
	must(kept != NULL);
	memcpy(kept, pattern.at, pattern.n);
	box->patterns[box->regex_n] = (struct text){kept, pattern.n};
	box->regexes[box->regex_n++] = r;
	return r;
}

static int
l_regex_try(lua_State *L, struct text groups[REGEX_GROUPS_MAX], size_t *n)
{
	struct text t = l_text(L, 1), pattern = l_text(L, 2);
	struct regex *r = l_regex(L, pattern);
	struct err e;
	l_charge(L, 40 + t.n / 8);
	int rc = regex_match(r, t, groups, n, &e);
	l_charge(L, rc < 0 ? 20000 : 256); /* 256: the clock is looked at */
	return rc < 0 ? luaL_error(L, "%s", e.text) : rc;
}

/* match(s, pattern): its groups, or the whole match where it has none; nil when it does not match */
static int
l_match(lua_State *L)
{
	struct text groups[REGEX_GROUPS_MAX];
	size_t n = 0;
	if (l_regex_try(L, groups, &n) == 0) {
		lua_pushnil(L);
		return 1;
	}
	luaL_checkstack(L, REGEX_GROUPS_MAX, "groups");
	for (size_t i = n > 1; i < n; i++)
		l_push_text(L, groups[i]);
	return (int)(n > 1 ? n - 1 : n);
}

static int
l_matches(lua_State *L)
{
	struct text groups[REGEX_GROUPS_MAX];
	size_t n;
	lua_pushboolean(L, l_regex_try(L, groups, &n));
	return 1;
}

/* One "%…" of format at f; adds to out. */
static const char *
l_format_one(lua_State *L, struct str *out, const char *f, const char *end, int *arg)
{
	char spec[16] = "%", made[512];
	size_t n = 1;
	const char *p = f + 1;
	while (p < end && n < 8 && strchr("-+ 0#123456789.", *p) != NULL && *p != '\0')
		spec[n++] = *p++;
	unsigned width = 0, precision = 0;
	sscanf(spec + 1 + strspn(spec + 1, "-+ 0#"), "%3u.%3u", &width, &precision);
	if (p == end || n >= 8 || width > 99 || precision > 99 ||
		strchr("diufgexXsc%", *p) == NULL)
		luaL_error(L, "\"%s%c\" is no format", spec, p < end ? *p : ' ');
	char kind = *p++;
	if (kind == '%') {
		str_addc(out, '%');
		return p;
	}
	int i = ++*arg;
	luaL_checkany(L, i);
	if (kind == 's' || kind == 'c') {
		l_plain(L, i);
		struct text t = l_text(L, -1);
		size_t length = text_length(t);
		if (strchr(spec, '.') != NULL && precision < length)
			t.n = bytes_of(t, precision), length = precision;
		bool left = strchr(spec, '-') != NULL;
		for (size_t pad = length; !left && pad < width; pad++)
			str_addc(out, ' ');
		str_addt(out, t);
		for (size_t pad = length; left && pad < width; pad++)
			str_addc(out, ' ');
		lua_pop(L, 1);
		return p;
	}
	if (strchr("diuxX", kind) != NULL) {
		spec[n++] = 'l', spec[n++] = 'l';
		spec[n++] = kind;
		spec[n] = '\0';
		lua_Integer whole = luaL_checkinteger(L, i);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(made, sizeof made, spec, (long long)whole);
	} else {
		spec[n++] = kind;
		spec[n] = '\0';
		snprintf(made, sizeof made, spec, luaL_checknumber(L, i));
#pragma GCC diagnostic pop
	}
	str_addz(out, made);
	return p;
}

static int
l_format(lua_State *L)
{
	struct text f = l_text(L, 1);
	struct arena_mark mark = arena_mark(box_of(L)->scratch);
	struct str out = str_new(box_of(L)->scratch);
	const char *p = f.at, *end = f.at + f.n;
	int arg = 1;
	while (p < end) {
		l_room(L, out.n);
		const char *next = memchr(p, '%', (size_t)(end - p));
		if (next == NULL)
			next = end;
		str_add(&out, p, (size_t)(next - p));
		l_charge(L, 4);
		p = next == end ? end : l_format_one(L, &out, next, end, &arg);
	}
	return l_give_text(L, mark, str_text(&out));
}

void
l_lib_text(lua_State *L)
{
	static const struct lib_word words[] = {
		{"contains", l_contains},
		{"ends", l_ends},
		{"find", l_find},
		{"format", l_format},
		{"len", l_len},
		{"lower", l_lower},
		{"match", l_match},
		{"matches", l_matches},
		{"rep", l_rep},
		{"replace", l_replace},
		{"split", l_split},
		{"starts", l_starts},
		{"sub", l_sub},
		{"trim", l_trim},
		{"upper", l_upper},
	};
	lua_newtable(L); /* lib text */
	l_words(L, words, sizeof words / sizeof words[0]);
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
