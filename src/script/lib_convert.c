/* Text for elsewhere: title case, folding, Latin letters, padding, URLs, HTML, base64. */
#include "script/state.h"
#include "base/url.h"

#include <string.h>

/* Cyrillic by code point from U+0410, both cases; as addresses of pages and UTM marks are usually written. */
static const char *const latin[32] = {"a", "b", "v", "g", "d", "e", "zh", "z", "i", "y",
	"k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h", "ts", "ch", "sh",
	"shch", "", "y", "", "e", "yu", "ya"};

static const struct {
	uint32_t letter;
	const char *latin;
} others[] = {{0x401, "E"}, {0x451, "e"}, {0x404, "Ye"}, {0x454, "ye"}, {0x406, "I"},
	{0x456, "i"}, {0x407, "Yi"}, {0x457, "yi"}, {0x40E, "U"}, {0x45E, "u"},
	{0x490, "G"}, {0x491, "g"}, {0xDF, "ss"}, {0xC6, "Ae"}, {0xE6, "ae"}, {0xD8, "O"},
	{0xF8, "o"}, {0x110, "D"}, {0x111, "d"}, {0x141, "L"}, {0x142, "l"}};

static bool
add_latin(struct str *out, uint32_t c)
{
	if (c >= 0x410 && c <= 0x44F) {
		const char *word = latin[(c - 0x410) % 32];
		if (c < 0x430 && *word != '\0') {
			str_addc(out, (char)(*word - 'a' + 'A'));
			word++;
		}
		str_addz(out, word);
		return true;
	}
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (others[i].letter == c) {
			str_addz(out, others[i].latin);
			return true;
		}
	return false;
}

static struct text
l_utf8(lua_State *L, int arg)
{
	struct text t = l_text(L, arg);
	l_charge(L, t.n / 8);
	if (!text_is_utf8(t))
		luaL_argerror(L, arg, "not a UTF-8 text");
	return t;
}

static int
l_translit(lua_State *L)
{
	struct arena *a = box_of(L)->scratch;
	struct text t = l_utf8(L, 1);
	struct arena_mark mark = arena_mark(a);
	struct str out = str_new(a);
	l_charge(L, t.n);
	for (size_t i = 0; i < t.n;) {
		size_t n;
		uint32_t c = text_decode((struct text){t.at + i, t.n - i}, &n);
		if (c < 0x80 || !add_latin(&out, c))
			str_add(&out, t.at + i, n);
		i += n;
	}
	return l_give_text(L, mark, text_without_marks(a, str_text(&out)));
}

static int
l_title(lua_State *L)
{
	struct arena *a = box_of(L)->scratch;
	struct text t = l_utf8(L, 1);
	struct arena_mark mark = arena_mark(a);
	l_charge(L, t.n);
	return l_give_text(L, mark, text_title(a, t));
}

static int
l_fold(lua_State *L)
{
	struct arena *a = box_of(L)->scratch;
	struct text t = l_utf8(L, 1);
	struct arena_mark mark = arena_mark(a);
	l_charge(L, t.n);
	return l_give_text(L, mark, text_fold(a, t));
}

/* pad(s, n [, with]): to n letters, at the start or the end */
static int
l_pad(lua_State *L, bool at_start)
{
	struct text t = l_text(L, 1), with = l_text_or(L, 3, " ");
	lua_Integer n = luaL_checkinteger(L, 2);
	luaL_argcheck(L, n <= 10000, 2, "more than 10000 letters");
	luaL_argcheck(L, text_length(with) == 1, 3, "one letter is expected");
	lua_Integer more = n - (lua_Integer)text_length(t);
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	struct str out = str_new(a);
	l_charge(L, more > 0 ? (size_t)more / 8 : 0);
	if (!at_start)
		str_addt(&out, t);
	for (lua_Integer i = 0; i < more; i++)
		str_addt(&out, with);
	if (at_start)
		str_addt(&out, t);
	return l_give_text(L, mark, str_text(&out));
}

static int
l_pad_start(lua_State *L)
{
	return l_pad(L, true);
}

static int
l_pad_end(lua_State *L)
{
	return l_pad(L, false);
}

/* A text that one of str's writers makes of the first argument. */
static int
l_written(lua_State *L, void (*write)(struct str *s, struct text t), size_t longest)
{
	struct arena *a = box_of(L)->scratch;
	struct text t = l_text(L, 1);
	struct arena_mark mark = arena_mark(a);
	struct str out = str_new(a);
	l_charge(L, t.n / 4);
	l_room(L, t.n * longest / 2);
	write(&out, t);
	return l_give_text(L, mark, str_text(&out));
}

static int
l_url_encode(lua_State *L)
{
	return l_written(L, str_add_url, 3);
}

static int
l_html_escape(lua_State *L)
{
	return l_written(L, str_add_html, 6);
}

static int
l_base64_encode(lua_State *L)
{
	return l_written(L, str_add_base64, 2);
}

static int
l_url_decode(lua_State *L)
{
	struct arena *a = box_of(L)->scratch;
	struct text t = l_text(L, 1);
	struct arena_mark mark = arena_mark(a);
	l_charge(L, t.n / 4);
	return l_give_text(L, mark, url_decode(a, t));
}

/* nil when it is not base64 */
static int
l_base64_decode(lua_State *L)
{
	struct arena *a = box_of(L)->scratch;
	struct text t = l_text(L, 1), out;
	struct arena_mark mark = arena_mark(a);
	l_charge(L, t.n / 4);
	if (text_base64_decode(a, t, &out) == 1)
		return l_give_text(L, mark, out);
	arena_rewind(a, mark);
	lua_pushnil(L);
	return 1;
}

void
l_lib_convert(lua_State *L)
{
	static const struct lib_word words[] = {
		{"base64_decode", l_base64_decode},
		{"base64_encode", l_base64_encode},
		{"fold", l_fold},
		{"html_escape", l_html_escape},
		{"pad_end", l_pad_end},
		{"pad_start", l_pad_start},
		{"title", l_title},
		{"translit", l_translit},
		{"url_decode", l_url_decode},
		{"url_encode", l_url_encode},
	};
	l_words(L, words, sizeof words / sizeof words[0]);
}
