/* text.format: what a person writes of stock Lua's; widths up to 99, counted in letters. */
#include "script/state.h"

#include <stdio.h>
#include <string.h>

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
		strchr("dioufFgGeExXsc%", *p) == NULL)
		luaL_error(L, "\"%s%c\" is no format", spec, p < end ? *p : ' ');
	char kind = *p++;
	if (kind == '%') {
		str_addc(out, '%');
		return p;
	}
	int i = ++*arg;
	luaL_checkany(L, i);
	if (kind == 's' || kind == 'c') {
		if (kind == 'c') {
			char letter[4];
			lua_Integer c = luaL_checkinteger(L, i);
			luaL_argcheck(L,
				c >= 0 && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF), i,
				"no letter has this code point");
			lua_pushlstring(L, letter, text_encode((uint32_t)c, letter));
		} else
			l_plain(L, i);
		struct text t = l_text(L, -1);
		size_t length = text_length(t);
		if (strchr(spec, '.') != NULL && precision < length)
			t.n = text_bytes_before(t, precision), length = precision;
		bool left = strchr(spec, '-') != NULL;
		for (size_t pad = length; !left && pad < width; pad++)
			str_addc(out, ' ');
		str_addt(out, t);
		for (size_t pad = length; left && pad < width; pad++)
			str_addc(out, ' ');
		lua_pop(L, 1);
		return p;
	}
	if (strchr("diouxX", kind) != NULL) {
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
l_lib_format(lua_State *L)
{
	lua_pushcfunction(L, l_format);
	lua_setfield(L, -2, "format");
}
