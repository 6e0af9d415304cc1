/* See url.h. */
#include "base/url.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <zlib.h>

#include <string.h>

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static struct text
decode(struct arena *a, struct text t, bool plus)
{
	char *to = arena_alloc(a, t.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < t.n; i++) {
		if (t.at[i] == '%' && i + 2 < t.n && hex_digit(t.at[i + 1]) >= 0 &&
			hex_digit(t.at[i + 2]) >= 0) {
			to[n++] = (char)(hex_digit(t.at[i + 1]) << 4 |
					 hex_digit(t.at[i + 2]));
			i += 2;
		} else
			to[n++] = plus && t.at[i] == '+' ? ' ' : t.at[i];
	}
	return (struct text){to, n};
}

struct text
url_decode(struct arena *a, struct text t)
{
	return decode(a, t, false);
}

static int
put_pair(struct arena *a, struct text part, struct val *out, struct err *e)
{
	const char *equals = memchr(part.at, '=', part.n);
	size_t name_n = equals != NULL ? (size_t)(equals - part.at) : part.n;
	struct text name = decode(a, (struct text){part.at, name_n}, true);
	struct text value =
		equals != NULL
			? decode(a, (struct text){equals + 1, part.n - name_n - 1}, true)
			: (struct text){"", 0};
	if (!text_is_utf8(name) || !text_is_utf8(value))
		return err_set(e, ERR_INPUT, "a form field is not valid UTF-8");
	if (val_len(out) >= 200)
		return err_set(e, ERR_INPUT, "more than 200 form fields");
	if (name.n > 2 && memcmp(name.at + name.n - 2, "[]", 2) == 0) {
		name.n -= 2;
		const struct val *held = val_get_key(out, name);
		struct val list = held != NULL && held->kind == VAL_LIST ? *held
									 : val_list(a);
		if (val_len(&list) >= 10000)
			return err_set(
				e, ERR_INPUT, "more than 10000 values in one form field");
		val_push(a, &list, val_of(value));
		val_put_key(a, out, name, list);
		return 0;
	}
	val_put_key(a, out, name, val_of(value));
	return 0;
}

int
url_query(struct arena *a, struct text query, struct val *out, struct err *e)
{
	*out = val_map(a);
	while (query.n > 0) {
		const char *and = memchr(query.at, '&', query.n);
		size_t n = and != NULL ? (size_t)(and-query.at) : query.n;
		if (n > 0 && put_pair(a, (struct text){query.at, n}, out, e) < 0)
			return -1;
		n += and != NULL;
		query = (struct text){query.at + n, query.n - n};
	}
	return 0;
}

bool
url_is_web(struct text t)
{
	size_t scheme = text_starts(t, "https://") ? 8 : text_starts(t, "http://") ? 7 : 0;
	if (scheme == 0 || t.n == scheme || t.n > 2048)
		return false;
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)t.at[i] <= 0x20 || t.at[i] == 0x7f ||
			strchr("\\\"<>`", t.at[i]) != NULL)
			return false;
	size_t host = scheme;
	while (host < t.n && strchr("/?#", t.at[host]) == NULL)
		if (t.at[host++] == '@')
			return false;
	return host > scheme;
}

int
url_inflate(
	struct arena *a, struct text packed, size_t limit, struct text *out, struct err *e)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)packed.at, .avail_in = (uInt)packed.n};
	if (inflateInit2(&z, 15 + 32) != Z_OK) /* gzip or zlib, found by itself */
		return err_set(e, ERR_BUSY, "zlib does not start");
	struct str s = str_new(a);
	unsigned char chunk[16 * 1024];
	int rc = Z_OK;
	while (rc == Z_OK && s.n <= limit) {
		z.next_out = chunk;
		z.avail_out = sizeof chunk;
		rc = inflate(&z, Z_NO_FLUSH);
		str_add(&s, (const char *)chunk, sizeof chunk - z.avail_out);
		if (rc == Z_BUF_ERROR || (rc == Z_OK && z.avail_in == 0 && z.avail_out > 0))
			break;
	}
	inflateEnd(&z);
	if (s.n > limit)
		return err_set(
			e, ERR_SIZE, "the body inflates to more than %zu bytes", limit);
	if (rc != Z_STREAM_END)
		return err_set(e, ERR_INPUT, "the body is not whole gzip or deflate");
	*out = str_text(&s);
	return 0;
}

struct text
url_deflate(struct arena *a, struct text plain)
{
	uLongf n = compressBound((uLong)plain.n);
	char *out = arena_alloc(a, n);
	must(compress2((Bytef *)out, &n, (const Bytef *)plain.at, (uLong)plain.n,
		     Z_BEST_SPEED) == Z_OK);
	return (struct text){out, n};
}
