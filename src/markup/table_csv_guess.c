/* See table_parts.h: what a file without any mark is: its encoding, delimiter, quote, whether its first row names the columns. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "markup/csv.h"
#include "markup/table_parts.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

enum { SAMPLE = 64 * 1024, ROWS = 100 };

struct sample {
	unsigned char head[SAMPLE],
		high[SAMPLE]; /* the beginning; where the first byte over 127 is */
	size_t head_n, high_n;
};

static int
read_sample(const char *path, struct sample *s, struct err *e)
{
	FILE *f = fopen(path, "rbe");
	if (f == NULL)
		return err_set(
			e, ERR_MISSING, "the file is not there: %s", strerror(errno));
	s->head_n = fread(s->head, 1, sizeof s->head, f);
	size_t n = s->head_n;
	memcpy(s->high, s->head, n);
	while (n > 0) {
		size_t i = 0;
		while (i < n && s->high[i] < 0x80)
			i++;
		s->high_n = n;
		if (i < n)
			break;
		n = fread(s->high, 1, sizeof s->high, f);
	}
	fclose(f);
	return 0;
}

/* Sequences that are UTF-8 and bytes that are not; one cut off at the end is neither. */
static bool
is_utf8(const unsigned char *p, size_t n)
{
	size_t good = 0, bad = 0;
	for (size_t i = 0; i < n;) {
		size_t len = p[i] < 0x80 ? 1 : p[i] >= 0xf0 ? 4 : p[i] >= 0xe0 ? 3 : 2;
		if (i + len > n)
			break;
		if (text_is_utf8((struct text){(const char *)p + i, len}) || p[i] == 0) {
			good += len > 1;
			i += len;
		} else {
			bad++;
			i++;
		}
	}
	return bad * 20 <= good;
}

/* How much a text looks like Russian: its small letters, the frequent ones twice; capitals inside words and signs that are no letters
 * speak against it. */
static int64_t
russian(struct text t)
{
	static const char frequent[] = "оеаинтсрвлкмдпу";
	int64_t score = 0;
	bool after_small = false;
	while (t.n > 0) {
		size_t n;
		uint32_t c = text_decode(t, &n);
		bool small = (c >= 0x430 && c <= 0x44f) || c == 0x451,
		     capital = (c >= 0x410 && c <= 0x42f) || c == 0x401;
		if (small)
			score += memmem(frequent, sizeof frequent - 1, t.at, n) != NULL ? 3
											: 1;
		else if (capital)
			score += after_small ? -3 : 1;
		else if (c >= 0x80)
			score -= c == 0xa0 || c == 0xab || c == 0xbb || c == 0x2116 ? 0 : 4;
		after_small = small;
		t = (struct text){t.at + n, t.n - n};
	}
	return score;
}

static struct text
decoded(struct arena *a, const char *encoding, const unsigned char *p, size_t n)
{
	struct str out = str_new(a);
	iconv_t how = iconv_open("UTF-8", encoding);
	must(how != (iconv_t)-1);
	char *in = arena_dup(a, p, n), part[4096];
	while (n > 0) {
		char *to = part;
		size_t room = sizeof part;
		size_t rc = iconv(how, &in, &n, &to, &room);
		str_add(&out, part, sizeof part - room);
		if (rc == (size_t)-1 && errno != E2BIG) {
			str_addz(&out, "\xef\xbf\xbd");
			in++;
			n--;
		}
	}
	iconv_close(how);
	return str_text(&out);
}

static const char *
guess_wide(const struct sample *s)
{
	size_t even = 0, odd = 0, n = s->head_n < 4096 ? s->head_n : 4096;
	if (s->head_n >= 2 && s->head[0] == 0xff && s->head[1] == 0xfe)
		return "UTF-16LE";
	if (s->head_n >= 2 && s->head[0] == 0xfe && s->head[1] == 0xff)
		return "UTF-16BE";
	for (size_t i = 0; i < n; i++) /* of the block U+0000 or Cyrillic, U+0400 */
		if (s->head[i] == 0 || s->head[i] == 4)
			(*(i % 2 == 0 ? &even : &odd))++;
	if (odd * 10 > n * 4 && even * 20 < n)
		return "UTF-16LE";
	if (even * 10 > n * 4 && odd * 20 < n)
		return "UTF-16BE";
	return NULL;
}

static const char *
guess_encoding(struct arena *a, const struct sample *s)
{
	static const char *const narrow[] = {"CP1251", "KOI8-R", "CP866"};
	const char *best = guess_wide(s);
	if (best != NULL)
		return best;
	if (memcmp(s->head, "\xef\xbb\xbf", 3) == 0 || is_utf8(s->high, s->high_n))
		return "UTF-8";
	int64_t most = INT64_MIN;
	for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++) {
		int64_t score = russian(decoded(a, narrow[i], s->high, s->high_n));
		if (score > most) {
			most = score;
			best = narrow[i];
		}
	}
	return best;
}

/* The rows of a text by these signs: how many cells most rows have (*cells), how many of them have so many, in thousandths. */
static int64_t
evenness(struct arena *a, const struct csv_signs *signs, struct text t, bool whole,
	size_t *cells)
{
	size_t counts[ROWS], n = 0, best = 0;
	struct csv_row row;
	while (n < ROWS && t.n > 0 && csv_split(a, signs, t, whole, &row) == CSV_ROW) {
		t = (struct text){t.at + row.used, t.n - row.used};
		if (!row.is_empty)
			counts[n++] = val_len(&row.cells);
	}
	*cells = 0;
	for (size_t i = 0; i < n; i++) {
		size_t same = 0;
		for (size_t k = 0; k < n; k++)
			same += counts[k] == counts[i];
		if (same > best || (same == best && counts[i] > *cells)) {
			best = same;
			*cells = counts[i];
		}
	}
	return n > 0 ? (int64_t)(best * 1000 / n) : 0;
}

static void
guess_signs(struct arena *a, struct text t, bool whole, struct table_shape *out)
{
	static const char delimiters[] = ";,\t|", quotes[] = "\"'";
	int64_t most = 0;
	out->delimiter = ',';
	out->quote = '"';
	if (t.n > 5 && (text_starts(t, "sep=") || text_starts(t, "SEP=")) &&
		csv_may_part(t.at[4])) {
		out->delimiter = t.at[4];
		return;
	}
	for (size_t d = 0; d < 4; d++)
		for (size_t q = 0; q < 2; q++) {
			size_t cells;
			const struct csv_signs signs = {delimiters[d], quotes[q]};
			int64_t score = evenness(a, &signs, t, whole, &cells);
			/* more cells decide between equally even ones; ' must be better than " */
			score = cells > 1 ? score * 1000 + (int64_t)cells * 10 - (int64_t)q
					  : 0;
			if (score > most) {
				most = score;
				out->delimiter = signs.delimiter;
				out->quote = signs.quote;
			}
		}
}

/* An address, a number, a date: no column is called so. */
static bool
is_value(struct text t)
{
	size_t digits = 0;
	t = text_trim(t);
	for (size_t i = 0; i < t.n; i++)
		digits += isdigit((unsigned char)t.at[i]) != 0;
	return memchr(t.at, '@', t.n) != NULL || (t.n > 0 && digits * 2 > t.n);
}

static bool
guess_header(struct arena *a, const struct table_shape *shape, struct text t, bool whole)
{
	const struct csv_signs signs = {shape->delimiter, shape->quote};
	struct csv_row row;
	while (t.n > 0 && csv_split(a, &signs, t, whole, &row) == CSV_ROW) {
		t = (struct text){t.at + row.used, t.n - row.used};
		if (row.is_empty)
			continue;
		for (size_t i = 0; i < val_len(&row.cells); i++)
			if (is_value(val_as_text(&row.cells.list->at[i])))
				return false;
		return true;
	}
	return true;
}

int
table_csv_guess(struct arena *a, const char *path, struct table_shape *out, struct err *e)
{
	struct sample *s = arena_alloc(a, sizeof *s);
	if (read_sample(path, s, e) < 0)
		return -1;
	out->encoding = guess_encoding(a, s);
	bool whole = s->head_n < SAMPLE;
	struct text t = decoded(a, out->encoding, s->head, s->head_n);
	if (text_starts(t, "\xef\xbb\xbf"))
		t = (struct text){t.at + 3, t.n - 3};
	size_t nothing = 0;
	for (size_t i = 0; i < t.n; i++)
		nothing += (unsigned char)t.at[i] < 0x20 &&
			   strchr("\t\r\n", t.at[i]) == NULL;
	if (nothing * 20 > t.n)
		return err_set(e, ERR_INPUT,
			"an XLSX, CSV or XML file is expected, this one is no text");
	guess_signs(a, t, whole, out);
	out->has_header = guess_header(a, out, t, whole);
	return 0;
}
