/* See token.h. */
#include "message/token.h"
#include "base/arena.h"
#include "base/sign.h"
#include "base/str.h"

#include <string.h>

enum { TOKEN_MAX = 80, MAC_CHARS = 22 };

static const char digits[] =
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static void
add_number(struct str *s, int64_t n)
{
	char text[12];
	size_t at = sizeof text;
	do {
		text[--at] = digits[n % 62];
		n /= 62;
	} while (n > 0);
	str_add(s, text + at, sizeof text - at);
}

/* Reads a number up to a dot; t goes behind the dot. Only the spelling add_number makes is read. */
static bool
take_number(struct text *t, int64_t *out)
{
	size_t i = 0;
	int64_t n = 0;
	for (; i < t->n && t->at[i] != '.'; i++) {
		const char *digit = memchr(digits, t->at[i], 62);
		if (digit == NULL || __builtin_mul_overflow(n, 62, &n) ||
			__builtin_add_overflow(n, digit - digits, &n))
			return false;
	}
	if (i == 0 || i == t->n || (i > 1 && t->at[0] == '0'))
		return false;
	*t = (struct text){t->at + i + 1, t->n - i - 1};
	*out = n;
	return true;
}

const char *
message_token_word(enum message_token_kind kind)
{
	static const char *const words[] = {"open", "click", "unsubscribe"};
	return words[kind];
}

const char *
message_token_make(
	struct arena *a, enum message_token_kind kind, const struct message_token *t)
{
	struct str s = str_new(a);
	add_number(&s, t->company_id);
	str_addc(&s, '.');
	size_t signed_from = s.n;
	add_number(&s, t->message_id);
	if (kind == MESSAGE_CLICK) {
		str_addc(&s, '.');
		add_number(&s, t->link_id);
	}
	struct text what = {s.at + signed_from, s.n - signed_from};
	const char *mac = sign_mac(a, t->company_id, message_token_word(kind), what);
	str_addc(&s, '.');
	str_addz(&s, mac);
	return s.at;
}

int
message_token_read(
	enum message_token_kind kind, struct text token, struct message_token *out)
{
	if (token.n > 4 && memcmp(token.at + token.n - 4, ".gif", 4) == 0)
		token.n -= 4;
	if (token.n > TOKEN_MAX)
		return 0;
	struct message_token t = {0};
	if (!take_number(&token, &t.company_id))
		return 0;
	const char *signed_from = token.at;
	if (!take_number(&token, &t.message_id) ||
		(kind == MESSAGE_CLICK && !take_number(&token, &t.link_id)) ||
		token.n != MAC_CHARS)
		return 0;
	struct text what = {signed_from, (size_t)(token.at - 1 - signed_from)};
	if (!sign_mac_is(t.company_id, message_token_word(kind), what, token))
		return 0;
	*out = t;
	return 1;
}

const char *
message_token_url(struct arena *a, const char *public_url, enum message_token_kind kind,
	const struct message_token *t)
{
	static const char *const places[] = {"/o/", "/c/", "/u/"};
	return arena_printf(a, "%s%s%s%s", public_url, places[kind],
		message_token_make(a, kind, t), kind == MESSAGE_OPEN ? ".gif" : "");
}
