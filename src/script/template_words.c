/* What compiled templates call: writers that escape for where they stand, and the functions of expressions. */
#include "script/template_parts.h"
#include "script/format.h"
#include "base/json.h"
#include "base/time.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct render *
render_of(lua_State *L)
{
	return ((struct template_set *)box_of(L)->owner)->render;
}

static const char *
language_of(lua_State *L)
{
	const struct template_view *v = render_of(L)->view;
	return v != NULL && v->language != NULL ? v->language : "en";
}

static const struct zone *
zone_of(lua_State *L)
{
	const struct template_view *v = render_of(L)->view;
	return v != NULL && v->zone != NULL ? v->zone : zone_utc();
}

/* Room for n more bytes of output, paid. */
static struct str *
l_out(lua_State *L, size_t n)
{
	struct render *r = render_of(L);
	l_charge(L, 1 + n / 32);
	if (r->out->n + n > r->most)
		luaL_error(L, "more than %d bytes came out", (int)r->most);
	return r->out;
}

/* The argument as it is printed: nil is nothing, tables are a mistake. */
static struct text
l_printed(lua_State *L)
{
	if (lua_isnoneornil(L, 1))
		return (struct text){"", 0};
	int type = lua_type(L, 1);
	if (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TBOOLEAN)
		luaL_error(L, "a %s cannot be printed", luaL_typename(L, 1));
	struct text t;
	if (type == LUA_TNUMBER && !lua_isinteger(L, 1)) {
		double d = lua_tonumber(L, 1);
		if (d == floor(d) && fabs(d) < 1e15) { /* 5.0 is 5 to a reader */
			lua_pushinteger(L, (lua_Integer)d);
			lua_replace(L, 1);
		}
	}
	l_plain(L, 1);
	t.at = lua_tolstring(L, -1, &t.n);
	return t;
}

static int
l_write(lua_State *L)
{
	struct render *r = render_of(L);
	lua_Integer i = lua_tointeger(L, 1);
	if (i < 1 || (size_t)i > r->current->fragment_n)
		return luaL_error(L, "no such piece");
	struct text t = r->current->fragments[i - 1];
	str_addt(l_out(L, t.n), t);
	return 0;
}

static int
l_html(lua_State *L)
{
	struct text t = l_printed(L);
	str_add_html(l_out(L, t.n * 2), t);
	return 0;
}

/* A whole address: only schemes that run nothing; anything else becomes "#". */
static int
l_address(lua_State *L)
{
	static const char *const schemes[] = {"http:", "https:", "mailto:", "tel:", "sms:"};
	struct text t = text_trim(l_printed(L));
	size_t n = strcspn(text_z(box_of(L)->scratch, t), ":/?#");
	bool good = n == t.n || t.at[n] != ':';
	for (size_t i = 0; !good && i < sizeof schemes / sizeof schemes[0]; i++)
		good = t.n > n && n + 1 == strlen(schemes[i]) &&
		       strncasecmp(t.at, schemes[i], n + 1) == 0;
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)t.at[i] < 0x20 || t.at[i] == 0x7F)
			good = false; /* "java\tscript:" */
	if (!good)
		t = text_of("#");
	str_add_html(l_out(L, t.n * 2), t);
	return 0;
}

static int
l_url_part(lua_State *L)
{
	struct text t = l_printed(L);
	str_add_url(l_out(L, t.n * 3), t);
	return 0;
}

/* A value inside style="": words, numbers, colours; no functions, no other declaration. */
static int
l_style(lua_State *L)
{
	struct text t = l_printed(L);
	for (size_t i = 0; i < t.n; i++)
		if (!isalnum((unsigned char)t.at[i]) && strchr("#.,% -+", t.at[i]) == NULL)
			return 0;
	str_addt(l_out(L, t.n), t);
	return 0;
}

static int
l_json_write(lua_State *L)
{
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	lua_settop(L, 1);
	struct val v = l_pull(L, a, 1);
	struct text t = json_html(a, &v);
	str_addt(l_out(L, t.n), t);
	arena_rewind(a, mark);
	return 0;
}

static int
l_raw(lua_State *L)
{
	struct text t = l_printed(L);
	str_addt(l_out(L, t.n), t);
	return 0;
}

/* _i(env, name [, with]): a part, over the environment of where it stands */
static int
l_include(lua_State *L)
{
	struct render *r = render_of(L);
	lua_settop(L, 3);
	if (++r->depth > 16)
		return luaL_error(L, "parts included deeper than 16");
	struct template *t = l_template_find(L, luaL_checkstring(L, 2));
	lua_newtable(L); /* env name with new */
	lua_createtable(L, 0, 2);
	lua_pushvalue(L, 1);
	lua_setfield(L, -2, "__index");
	lua_pushboolean(L, 0);
	lua_setfield(L, -2, "__metatable");
	lua_setmetatable(L, -2);
	if (!lua_isnil(L, 3)) {
		luaL_checktype(L, 3, LUA_TTABLE);
		for (lua_pushnil(L); lua_next(L, 3) != 0;) { /* … new k v */
			lua_pushvalue(L, -2);
			lua_insert(L, -2);
			lua_rawset(L, 4);
		}
	}
	struct template *outer = r->current;
	l_template_run(L, t);
	r->current = outer;
	r->depth--;
	return 0;
}

static int
l_each_step(lua_State *L)
{
	lua_Integer i = lua_tointeger(L, 2) + 1;
	lua_pushinteger(L, i);
	return lua_rawgeti(L, 1, i) == LUA_TNIL ? 1 : 2;
}

static int
l_each(lua_State *L)
{
	lua_settop(L, 1);
	if (lua_isnil(L, 1))
		lua_newtable(L);
	luaL_checktype(L, -1, LUA_TTABLE);
	lua_pushcfunction(L, l_each_step);
	lua_pushvalue(L, -2);
	lua_pushinteger(L, 0);
	return 3;
}

/* [-0, +10]  in the order of TEMPLATE_WRITERS */
void
l_template_writers(lua_State *L)
{
	luaL_checkstack(L, 12, "writers");
	lua_pushcfunction(L, l_write);
	lua_pushcfunction(L, l_html);
	lua_pushcfunction(L, l_address);
	lua_pushcfunction(L, l_url_part);
	lua_pushcfunction(L, l_style);
	lua_pushcfunction(L, l_json_write);
	lua_pushcfunction(L, l_raw);
	lua_pushcfunction(L, l_include);
	lua_pushcfunction(L, l_each);
	lua_rawgeti(L, LUA_REGISTRYINDEX, box_of(L)->lib);
	lua_getfield(L, -1, "pairs");
	lua_remove(L, -2);
}

static bool
is_missing(lua_State *L, int arg)
{
	return lua_isnoneornil(L, arg) ||
	       (lua_type(L, arg) == LUA_TSTRING && lua_rawlen(L, arg) == 0);
}

static int
l_default(lua_State *L)
{
	lua_settop(L, 2);
	lua_pushvalue(L, is_missing(L, 1) ? 2 : 1);
	return 1;
}

/* Makes text on the scratch and pushes it. */
static int
l_made(lua_State *L, struct arena_mark mark, struct str *s)
{
	l_charge(L, 20 + s->n / 32);
	l_push_text(L, str_text(s));
	arena_rewind(box_of(L)->scratch, mark);
	return 1;
}

static int
l_date(lua_State *L)
{
	struct box *box = box_of(L);
	struct arena_mark mark = arena_mark(box->scratch);
	struct str s = str_new(box->scratch);
	const struct zone *z = zone_of(L);
	int64_t at_us;
	struct date d;
	if (is_missing(L, 1))
		return 0;
	if (lua_type(L, 1) == LUA_TNUMBER)
		at_us = (int64_t)(lua_tonumber(L, 1) * 1e6);
	else {
		struct text t = l_text(L, 1);
		if (t.n <= 10 &&
			date_parse(t, &d) == 1) { /* a day is the same everywhere */
			at_us = date_days(d) * DAY_US;
			z = zone_utc();
		} else if (time_parse(t, &at_us) == 0) {
			lua_settop(L, 1);
			return 1;
		}
	}
	struct text pattern = l_text_or(L, 2, "short");
	luaL_argcheck(L, pattern.n <= 256, 2, "a pattern of more than 256 bytes");
	if (text_is(pattern, "ago"))
		format_ago(&s, at_us, box->now_us, z, language_of(L));
	else
		format_time(&s, at_us, pattern, z, language_of(L));
	return l_made(L, mark, &s);
}

static int
l_number(lua_State *L)
{
	struct arena_mark mark = arena_mark(box_of(L)->scratch);
	struct str s = str_new(box_of(L)->scratch);
	if (is_missing(L, 1))
		return 0;
	format_number(
		&s, luaL_checknumber(L, 1), (int)luaL_optinteger(L, 2, -1), language_of(L));
	return l_made(L, mark, &s);
}

static int
l_money(lua_State *L)
{
	struct box *box = box_of(L);
	struct arena_mark mark = arena_mark(box->scratch);
	struct str s = str_new(box->scratch);
	if (is_missing(L, 1))
		return 0;
	const struct template_view *v = render_of(L)->view;
	struct text currency = l_text_or(
		L, 2, v != NULL && v->currency != NULL ? v->currency : "");
	format_money(&s, (int64_t)llround(luaL_checknumber(L, 1)),
		text_z(box->scratch, currency), language_of(L));
	return l_made(L, mark, &s);
}

/* plural(n, one, few, many) or plural(n, one, many) */
static int
l_plural(lua_State *L)
{
	lua_Integer n = (lua_Integer)luaL_optnumber(L, 1, 0);
	int form = format_plural(n, language_of(L));
	int top = lua_gettop(L);
	luaL_argcheck(L, top >= 3, 3, "expected plural(n, one, few, many)");
	lua_pushvalue(L, form == 0 ? 2 : form == 1 ? 3 : top);
	return 1;
}

static int
l_case(lua_State *L, const char *method)
{
	if (is_missing(L, 1))
		return 0;
	lua_settop(L, 1);
	lua_pushliteral(L, "");
	luaL_getmetafield(L, -1, "__index");
	lua_getfield(L, -1, method);
	lua_pushvalue(L, 1);
	lua_call(L, 1, 1);
	return 1;
}

static int
l_upper(lua_State *L)
{
	return l_case(L, "upper");
}

static int
l_lower(lua_State *L)
{
	return l_case(L, "lower");
}

static int
l_truncate(lua_State *L)
{
	if (is_missing(L, 1))
		return 0;
	struct text t = l_text(L, 1);
	lua_Integer most = luaL_optinteger(L, 2, 80);
	luaL_argcheck(L, most > 0, 2, "expected a length");
	if ((lua_Integer)text_length(t) <= most) {
		lua_settop(L, 1);
		return 1;
	}
	size_t n = 0;
	for (lua_Integer i = 1; i < most; i++)
		for (n++; n < t.n && ((unsigned char)t.at[n] & 0xC0) == 0x80;)
			n++;
	lua_pushlstring(L, t.at, n);
	lua_pushliteral(L, "\xE2\x80\xA6");
	lua_concat(L, 2);
	return 1;
}

static int
l_json(lua_State *L)
{
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	lua_settop(L, 1);
	struct val v = l_pull(L, a, 1);
	struct str s = str_new(a);
	json_add(&s, &v);
	return l_made(L, mark, &s);
}

static int
l_url(lua_State *L)
{
	struct arena_mark mark = arena_mark(box_of(L)->scratch);
	if (is_missing(L, 1))
		return 0;
	struct str s = str_new(box_of(L)->scratch);
	str_add_url(&s, l_text(L, 1));
	return l_made(L, mark, &s);
}

static int
l_join(lua_State *L)
{
	lua_settop(L, 2);
	if (lua_isnil(L, 1))
		return 0;
	if (lua_isnil(L, 2)) {
		lua_pushliteral(L, ", ");
		lua_replace(L, 2);
	}
	lua_rawgeti(L, LUA_REGISTRYINDEX, box_of(L)->lib);
	lua_getfield(L, -1, "list");
	lua_getfield(L, -1, "join");
	lua_pushvalue(L, 1);
	lua_pushvalue(L, 2);
	lua_call(L, 2, 1);
	return 1;
}

void
l_template_words(lua_State *L)
{
	static const struct lib_word words[] = {
		{"date", l_date},
		{"default", l_default},
		{"join", l_join},
		{"json", l_json},
		{"lower", l_lower},
		{"money", l_money},
		{"number", l_number},
		{"plural", l_plural},
		{"truncate", l_truncate},
		{"upper", l_upper},
		{"url", l_url},
	};
	l_words(L, words, sizeof words / sizeof words[0]);
}
