/* See mime.h. */
#include "message/mime.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"

#include <string.h>

enum { LINE_MAX_CHARS = 76, WORD_BYTES = 45 };

/* Controls, and the separators Unicode has for lines, are spaces in a header. */
static struct text
one_line(struct arena *a, struct text t)
{
	char *out = arena_text(a, t.at, t.n);
	for (size_t i = 0; i < t.n; i++)
		if ((unsigned char)out[i] < ' ' || out[i] == 0x7f)
			out[i] = ' ';
	return text_trim((struct text){out, t.n});
}

static bool
is_plain(struct text t, size_t most)
{
	if (t.n > most)
		return false;
	for (size_t i = 0; i < t.n; i++)
		if (t.at[i] < ' ' || t.at[i] > '~')
			return false;
	return t.n == 0 || memmem(t.at, t.n, "=?", 2) == NULL;
}

/* Encoded words of whole characters, one a line. */
static void
add_words(struct str *s, struct text t)
{
	for (bool first = true; t.n > 0; first = false) {
		struct text piece = text_cut(t, WORD_BYTES);
		if (piece.n == 0)
			piece.n = t.n < WORD_BYTES ? t.n : WORD_BYTES;
		str_addz(s, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
		str_add_base64(s, piece);
		str_addz(s, "?=");
		t = (struct text){t.at + piece.n, t.n - piece.n};
	}
}

void
mime_add_text(struct str *s, const char *name, struct text value)
{
	value = one_line(s->arena, value);
	str_addf(s, "%s: ", name);
	if (is_plain(value, 60))
		str_addt(s, value);
	else
		add_words(s, value);
	str_addz(s, "\r\n");
}

void
mime_add_header(struct str *s, const char *name, struct text value)
{
	for (size_t i = 0; i < value.n; i++)
		must(value.at[i] >= ' ' && value.at[i] <= '~');
	str_addf(s, "%s: ", name);
	str_addt(s, value);
	str_addz(s, "\r\n");
}

void
mime_add_mailbox(struct str *s, const char *name, struct text words, struct text address)
{
	words = one_line(s->arena, words);
	str_addf(s, "%s: ", name);
	if (words.n > 0 && is_plain(words, 50)) {
		str_addc(s, '"');
		for (size_t i = 0; i < words.n; i++) {
			if (words.at[i] == '"' || words.at[i] == '\\')
				str_addc(s, '\\');
			str_addc(s, words.at[i]);
		}
		str_addz(s, "\" ");
	} else if (words.n > 0) {
		add_words(s, words);
		str_addz(s, "\r\n ");
	}
	for (size_t i = 0; i < address.n; i++)
		must(address.at[i] > ' ' && address.at[i] <= '~');
	str_addc(s, '<');
	str_addt(s, address);
	str_addz(s, ">\r\n");
}

void
mime_add_date(struct str *s, int64_t at_us)
{
	static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	int second;
	struct date d = zone_date(zone_utc(), at_us, &second);
	str_addf(s, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
		days[(at_us / DAY_US) % 7], d.day, months[d.month - 1], d.year,
		second / 3600, second / 60 % 60, second % 60);
}

/* Quoted-printable of text: line ends become CRLF, a line's last blank and a leading dot or "From " are quoted. */
static void
add_quoted(struct str *s, struct text t)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t column = 0;
	for (size_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.at[i];
		bool at_end = i + 1 == t.n || t.at[i + 1] == '\n' || t.at[i + 1] == '\r';
		if (c == '\r' && i + 1 < t.n && t.at[i + 1] == '\n')
			continue;
		if (c == '\n' || c == '\r') {
			str_addz(s, "\r\n");
			column = 0;
			continue;
		}
		bool quote = c < ' ' || c > '~' || c == '=' || (c == ' ' && at_end);
		if (column + (quote ? 3 : 1) > LINE_MAX_CHARS - 1) {
			str_addz(s, "=\r\n");
			column = 0;
		}
		quote = quote || (column == 0 && (c == '.' || c == 'F'));
		if (quote) {
			char three[3] = {'=', hex[c >> 4], hex[c & 15]};
			str_add(s, three, 3);
		} else
			str_addc(s, (char)c);
		column += quote ? 3 : 1;
	}
	str_addz(s, "\r\n");
}

static void
add_base64_lines(struct str *s, struct text t)
{
	for (size_t i = 0; i < t.n; i += 57) {
		str_add_base64(s, (struct text){t.at + i, t.n - i < 57 ? t.n - i : 57});
		str_addz(s, "\r\n");
	}
}

void
mime_add_part(struct str *s, const char *type, struct text body)
{
	size_t foreign = 0;
	for (size_t i = 0; i < body.n; i++)
		foreign += (unsigned char)body.at[i] > '~' || body.at[i] == '=';
	bool quoted = foreign * 6 < body.n;
	str_addf(s,
		"Content-Type: %s; charset=UTF-8\r\nContent-Transfer-Encoding: %s\r\n\r\n",
		type, quoted ? "quoted-printable" : "base64");
	if (quoted)
		add_quoted(s, body);
	else
		add_base64_lines(s, body);
}
