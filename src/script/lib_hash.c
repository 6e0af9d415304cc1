/* hash.*: text in, lower-case hex out. */
#include "script/state.h"
#include "base/sign.h"

enum {
	HASH_COST = 40
}; /* and a byte a half: BLAKE2b and SHA-2 take 1 to 3 ns a byte, a step of gas about 5 */

/* [-0, +1]  */
static int
l_hashed(lua_State *L, const char *(*hash)(struct arena *a, struct text t))
{
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	struct text t = l_text(L, 1);
	l_charge(L, HASH_COST + t.n / 2);
	return l_give_text(L, mark, text_of(hash(a, t)));
}

static int
l_sha256(lua_State *L)
{
	return l_hashed(L, sign_sha256);
}

static int
l_sha512(lua_State *L)
{
	return l_hashed(L, sign_sha512);
}

static int
l_blake2b(lua_State *L)
{
	return l_hashed(L, sign_hash);
}

/* hmac_sha256(text, key) */
static int
l_hmac_sha256(lua_State *L)
{
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	struct text t = l_text(L, 1), key = l_text(L, 2);
	l_charge(L, 2 * HASH_COST + (t.n + key.n) / 2);
	return l_give_text(L, mark, text_of(sign_hmac_sha256(a, t, key)));
}

static int
l_crc32(lua_State *L)
{
	struct arena *a = box_of(L)->scratch;
	struct arena_mark mark = arena_mark(a);
	struct text t = l_text(L, 1);
	l_charge(L, t.n / 8);
	return l_give_text(
		L, mark, text_of(arena_printf(a, "%08x", sign_crc(0, t.at, t.n))));
}

void
l_lib_hash(lua_State *L)
{
	static const struct lib_word words[] = {
		{"blake2b", l_blake2b},
		{"crc32", l_crc32},
		{"hmac_sha256", l_hmac_sha256},
		{"sha256", l_sha256},
		{"sha512", l_sha512},
	};
	lua_newtable(L);
	l_words(L, words, sizeof words / sizeof words[0]);
	l_proxy(L, "hash");
	lua_setfield(L, -2, "hash");
}
