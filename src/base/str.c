/* See str.h. */
#include "base/str.h"
#include "base/arena.h"
#include "base/err.h"

#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct str
str_new(struct arena *a)
{
	return (struct str){.arena = a};
}

static void
reserve(struct str *s, size_t more)
{
	if (s->n + more + 1 <= s->cap)
		return;
	size_t cap = s->cap > 0 ? s->cap * 2 : 256;
	if (cap < s->n + more + 1)
		cap = s->n + more + 1;
	char *at = arena_alloc(s->arena, cap);
	if (s->n > 0)
		memcpy(at, s->at, s->n);
	s->at = at;
	s->cap = cap;
}

void
str_add(struct str *s, const char *p, size_t n)
{
	reserve(s, n);
	if (n > 0)
		memcpy(s->at + s->n, p, n);
	s->n += n;
	s->at[s->n] = '\0';
}

void
str_addz(struct str *s, const char *z)
{
	str_add(s, z, strlen(z));
}

void
str_addt(struct str *s, struct text t)
{
	str_add(s, t.at, t.n);
}

void
str_addc(struct str *s, char c)
{
	str_add(s, &c, 1);
}

void
str_addi(struct str *s, int64_t n)
{
	char digits[20]; /* of -2^63, with its sign */
	size_t at = sizeof digits;
	uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;
	do
		digits[--at] = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (n < 0)
		digits[--at] = '-';
	str_add(s, digits + at, sizeof digits - at);
}

void
str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	must(n >= 0);
	reserve(s, (size_t)n);
	vsnprintf(s->at + s->n, (size_t)n + 1, fmt, again);
	va_end(again);
	s->n += (size_t)n;
}

struct text
str_text(const struct str *s)
{
	return (struct text){s->at != NULL ? s->at : "", s->n};
}

void
str_add_html(struct str *s, struct text t)
{
	size_t from = 0;
	for (size_t i = 0; i < t.n; i++) {
		const char *as = NULL;
		switch (t.at[i]) {
		case '&':
			as = "&amp;";
			break;
		case '<':
			as = "&lt;";
			break;
		case '>':
			as = "&gt;";
			break;
		case '"':
			as = "&#34;";
			break;
		case '\'':
			as = "&#39;";
			break;
		default:
			continue;
		}
		str_add(s, t.at + from, i - from);
		str_addz(s, as);
		from = i + 1;
	}
	str_add(s, t.at + from, t.n - from);
}

void
str_add_url(struct str *s, struct text t)
{
	static const char hex[] = "0123456789ABCDEF";
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.at[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || (c != 0 && strchr("-._~", c) != NULL))
			str_addc(s, (char)c);
		else
			str_add(s, (char[]){'%', hex[c >> 4], hex[c & 15]}, 3);
	}
}

bool
text_is_utf8(struct text t)
{
	return memchr(t.at, 0, t.n) == NULL && u8_check((const uint8_t *)t.at, t.n) == NULL;
}

size_t
text_length(struct text t)
{
	size_t n = 0;
	for (size_t i = 0; i < t.n; i++)
		n += ((unsigned char)t.at[i] & 0xC0) != 0x80;
	return n;
}

static bool
is_lower_ascii(struct text t)
{
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)t.at[i] >= 0x80 || (t.at[i] >= 'A' && t.at[i] <= 'Z'))
			return false;
	return true;
}

struct text
text_fold(struct arena *a, struct text t)
{
	if (is_lower_ascii(t))
		return t;
	size_t n = 0;
	uint8_t *folded = u8_casefold(
		(const uint8_t *)t.at, t.n, NULL, UNINORM_NFC, NULL, &n);
	if (folded == NULL) /* ill-formed: compared as it came */
		return t;
	struct text out = {arena_text(a, (const char *)folded, n), n};
	free(folded);
	return out;
}

static size_t
space_at(struct text t, size_t i)
{
	unsigned char c = (unsigned char)t.at[i];
	if (c == ' ' || (c >= '\t' && c <= '\r'))
		return 1;
	return c == 0xC2 && i + 1 < t.n && (unsigned char)t.at[i + 1] == 0xA0 ? 2 : 0;
}

typedef uint8_t *case_map(const uint8_t *s, size_t n, const char *language, uninorm_t nf,
	uint8_t *buffer, size_t *length);

static struct text
mapped(struct arena *a, struct text t, case_map *map)
{
	size_t n = t.n * 3 + 16; /* the longest expansion of one code point */
	uint8_t *buffer = arena_alloc(a, n);
	uint8_t *made = map((const uint8_t *)t.at, t.n, NULL, NULL, buffer, &n);
	if (made == NULL)
		return t;
	struct text out = {(const char *)made, n};
	if (made != buffer) {
		out.at = arena_text(a, (const char *)made, n);
		free(made);
	}
	return out;
}

/* ASCII and the Cyrillic of U+0400 to U+045F, where case is a place in a row; false when there is anything else. */
static bool
mapped_fast(struct arena *a, struct text t, bool upper, struct text *out)
{
	char *to = arena_alloc(a, t.n + 1);
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.at[i];
		if (c < 0x80) {
			bool other = upper ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z';
			to[i] = (char)(other ? c ^ 0x20 : c);
			continue;
		}
		if ((c != 0xD0 && c != 0xD1) || i + 1 == t.n ||
			((unsigned char)t.at[i + 1] & 0xC0) != 0x80)
			return false;
		unsigned letter = (c & 0x1Fu) << 6 | ((unsigned char)t.at[i + 1] & 0x3F);
		if (letter > 0x45F)
			return false;
		if (upper && letter >= 0x430)
			letter -= letter >= 0x450 ? 0x50 : 0x20;
		else if (!upper && letter < 0x430)
			letter += letter < 0x410 ? 0x50 : 0x20;
		to[i++] = (char)(0xC0 | letter >> 6);
		to[i] = (char)(0x80 | (letter & 0x3F));
	}
	*out = (struct text){to, t.n};
	return true;
}

struct text
text_upper(struct arena *a, struct text t)
{
	struct text out;
	if (mapped_fast(a, t, true, &out))
		return out;
	return mapped(a, t, u8_toupper);
}

struct text
text_lower(struct arena *a, struct text t)
{
	struct text out;
	if (mapped_fast(a, t, false, &out))
		return out;
	return mapped(a, t, u8_tolower);
}

struct text
text_title(struct arena *a, struct text t)
{
	return mapped(a, t, u8_totitle);
}

struct text
text_without_marks(struct arena *a, struct text t)
{
	size_t n = 0, to = 0;
	uint8_t *apart = u8_normalize(UNINORM_NFD, (const uint8_t *)t.at, t.n, NULL, &n);
	if (apart == NULL)
		return t;
	char *out = arena_alloc(a, n + 1);
	for (size_t i = 0; i < n;) {
		size_t length;
		uint32_t c = text_decode(
			(struct text){(const char *)apart + i, n - i}, &length);
		if (c < 0x300 || c > 0x36F) { /* the block of combining marks */
			memcpy(out + to, apart + i, length);
			to += length;
		}
		i += length;
	}
	free(apart);
	return (struct text){out, to};
}

uint32_t
text_decode(struct text t, size_t *n)
{
	ucs4_t c;
	int length = u8_mbtouc(&c, (const uint8_t *)t.at, t.n);
	*n = length > 0 ? (size_t)length : 1;
	return c;
}

size_t
text_encode(uint32_t c, char out[4])
{
	int n = u8_uctomb((uint8_t *)out, c, 4);
	must(n > 0);
	return (size_t)n;
}

struct text
text_trim(struct text t)
{
	size_t skip;
	while (t.n > 0 && (skip = space_at(t, 0)) > 0)
		t = (struct text){t.at + skip, t.n - skip};
	for (;;) {
		if (t.n > 0 && space_at(t, t.n - 1) == 1)
			t.n--;
		else if (t.n > 1 && space_at(t, t.n - 2) == 2)
			t.n -= 2;
		else
			return t;
	}
}

struct text
text_cut(struct text t, size_t n)
{
	if (t.n <= n)
		return t;
	while (n > 0 && ((unsigned char)t.at[n] & 0xC0) == 0x80)
		n--;
	return (struct text){t.at, n};
}

/* Levenshtein distance in bytes; names longer than 64 are cut. */
static unsigned
distance(struct text x, struct text y)
{
	enum { MAX = 64 };
	unsigned row[MAX + 1];
	x.n = x.n < MAX ? x.n : MAX;
	y.n = y.n < MAX ? y.n : MAX;
	for (size_t j = 0; j <= y.n; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= x.n; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= y.n; j++) {
			unsigned best = diagonal + (x.at[i - 1] != y.at[j - 1]);
			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[y.n];
}

const char *
text_nearest(struct text t, const char *const *names, size_t n)
{
	const char *best = NULL;
	unsigned least = (unsigned)t.n / 2 + 1;
	for (size_t i = 0; i < n; i++) {
		unsigned d = distance(t, text_of(names[i]));
		if (d < least) {
			least = d;
			best = names[i];
		}
	}
	return best;
}

const char *
text_hex(struct arena *a, const void *bytes, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	const unsigned char *p = bytes;
	char *hex = arena_alloc(a, 2 * n + 1);
	for (size_t i = 0; i < n; i++) {
		hex[2 * i] = digit[p[i] >> 4];
		hex[2 * i + 1] = digit[p[i] & 15];
	}
	return hex;
}

void
str_add_base64(struct str *s, struct text t)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *p = (const unsigned char *)t.at;
	for (size_t i = 0; i < t.n; i += 3) {
		size_t left = t.n - i < 3 ? t.n - i : 3;
		unsigned v = (unsigned)p[i] << 16 |
			     (left > 1 ? (unsigned)p[i + 1] << 8 : 0) |
			     (left > 2 ? (unsigned)p[i + 2] : 0);
		char four[4] = {digit[v >> 18], digit[v >> 12 & 63],
			left > 1 ? digit[v >> 6 & 63] : '=',
			left > 2 ? digit[v & 63] : '='};
		str_add(s, four, 4);
	}
}

static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

int
text_base64_decode(struct arena *a, struct text t, struct text *out)
{
	while (t.n > 0 && t.at[t.n - 1] == '=')
		t.n--;
	if (t.n % 4 == 1)
		return 0;
	char *to = arena_alloc(a, t.n / 4 * 3 + 4);
	size_t n = 0;
	uint32_t bits = 0;
	for (size_t i = 0; i < t.n; i++) {
		int d = base64_digit(t.at[i]);
		if (d < 0)
			return 0;
		bits = bits << 6 | (uint32_t)d;
		if (i % 4 == 3) {
			to[n++] = (char)(bits >> 16);
			to[n++] = (char)(bits >> 8);
			to[n++] = (char)bits;
			bits = 0;
		}
	}
	if (t.n % 4 == 2)
		to[n++] = (char)(bits >> 4);
	if (t.n % 4 == 3) {
		to[n++] = (char)(bits >> 10);
		to[n++] = (char)(bits >> 2);
	}
	*out = (struct text){to, n};
	return 1;
}
