/* See page.h. A word is looked for in the dictionary of distinct texts once, as it lies in memory, and the rows are asked for the numbers
 * found; the words behind the first are tried on the rows that are left. */
#include "base/arena.h"
#include "base/id.h"
#include "base/str.h"
#include "column/page.h"
#include "column/read.h"
#include "profile/ident.h"

#include <string.h>

enum { WORDS_MAX = 8, FEW = 20000, PHONE_DIGITS_MIN = 4 };

static const char *const fields[] = {
	"first_name", "last_name", "middle_name", "email", "phone", "external_id"};
enum { FIELDS = sizeof fields / sizeof *fields };

static const char io[] = "\u0451", ie[] = "\u0435"; /* both of two bytes */

static bool
is_yeish(const char *at)
{
	return memcmp(at, io, 2) == 0 || memcmp(at, ie, 2) == 0;
}

/* The same bytes, or both one of those two letters. */
static bool
is_alike(const char *at, struct text word)
{
	for (size_t i = 0; i < word.n; i++)
		if (at[i] != word.at[i]) {
			if (i + 1 >= word.n || !is_yeish(word.at + i) || !is_yeish(at + i))
				return false;
			i++;
		}
	return true;
}

/* The longest piece of a word without those two letters; nothing when it is made of them. */
static struct text
anchor_of(struct text word)
{
	struct text best = {word.at, 0};
	for (size_t i = 0, from = 0; i <= word.n; i++) {
		bool ends = i == word.n || (i + 1 < word.n && is_yeish(word.at + i));
		if (!ends)
			continue;
		if (i - from > best.n)
			best = (struct text){word.at + from, i - from};
		from = i + 2;
		i++;
	}
	return best;
}

static bool
contains(struct text t, struct text word, bool first)
{
	if (t.n < word.n)
		return false;
	for (size_t i = 0; i <= (first ? 0 : t.n - word.n); i++)
		if ((t.at[i] == word.at[0] || (word.n > 1 && is_yeish(word.at))) &&
			is_alike(t.at + i, word))
			return true;
	return false;
}

/* Numbers of the folded texts that contain the word; false: none. */
static bool
texts_with(const struct column_base *base, struct text word, bool first, struct bits *out)
{
	const char letters[2][3] = {{io[0], io[1]}, {ie[0], ie[1]}};
	struct text anchor = anchor_of(word);
	bool any = false;
	for (int pass = 0; pass < (anchor.n > 0 ? 1 : 2); pass++) {
		struct text needle = anchor.n > 0 ? anchor
						  : (struct text){letters[pass], 2};
		bool whole = needle.n == word.n && !first;
		struct dict_scan scan = dict_scan_begin(base->folds, needle);
		for (int64_t at; (at = dict_scan_next(&scan)) != DICT_NONE;)
			if (whole || contains(dict_text(base->folds, at), word, first)) {
				bits_set(out, (size_t)at);
				any = true;
			}
	}
	return any;
}

static void
rows_with(const struct column_base *base, const struct bits *texts, const char *name,
	struct bits *out)
{
	const struct column_field *f = column_field_find(base, text_of(name));
	if (f == NULL || f->kind != COLUMN_TEXT)
		return;
	const uint32_t *codes = f->cells;
	for (size_t row = 0; row < base->n; row++)
		if (codes[row] != 0 && bits_has(texts, column_fold(base, codes[row])))
			bits_set(out, row);
}

static bool
row_has(const struct column_base *base, size_t row, const char *name, struct text word,
	bool first)
{
	const struct column_field *f = column_field_find(base, text_of(name));
	if (f == NULL || f->kind != COLUMN_TEXT)
		return false;
	uint32_t code = ((const uint32_t *)f->cells)[row];
	return code != 0 &&
	       contains(dict_text(base->folds, column_fold(base, code)), word, first);
}

/* Those of among (NULL: anybody) with the word in one of n fields are added to out. */
static void
find(struct arena *a, const struct column_base *base, const struct bits *among,
	struct text word, bool first, const char *const *names, size_t n, struct bits *out)
{
	if (among != NULL && bits_count(among) < FEW) {
		BITS_EACH(among, row)
		{
			for (size_t i = 0; i < n && !bits_has(out, row); i++)
				if (row_has(base, row, names[i], word, first))
					bits_set(out, row);
		}
		return;
	}
	struct bits texts = bits_new(a, dict_count(base->folds) + 1);
	if (texts_with(base, word, first, &texts))
		for (size_t i = 0; i < n; i++)
			rows_with(base, &texts, names[i], out);
}

/* false: it is no part of a phone. */
static bool
find_phone(struct arena *a, const struct column_base *base, const struct bits *among,
	struct text t, const char *country, struct bits *out)
{
	static const char *const phone[] = {"phone"};
	struct ident_part parts[IDENT_PHONE_PARTS];
	size_t n = ident_phone_parts(a, t, country, parts);
	if (n == 0 || parts[0].digits.n < PHONE_DIGITS_MIN)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct text digits = parts[i].digits;
		if (parts[i].first)
			digits = text_of(
				arena_printf(a, "+%.*s", (int)digits.n, digits.at));
		find(a, base, among, digits, parts[i].first, phone, 1, out);
	}
	return true;
}

/* The words of a query, the longest first: it leaves the fewest. */
static size_t
words_of(struct text query, struct text words[WORDS_MAX])
{
	size_t n = 0;
	struct text rest = text_trim(query);
	while (rest.n > 0 && n < WORDS_MAX) {
		size_t k = 0, at = n;
		while (k < rest.n && rest.at[k] != ' ')
			k++;
		for (; at > 0 && words[at - 1].n < k; at--)
			words[at] = words[at - 1];
		words[at] = (struct text){rest.at, k};
		n++;
		rest = text_trim((struct text){rest.at + k, rest.n - k});
	}
	return n;
}

/* Those with a word of the query. */
static void
find_word(struct arena *a, struct column_base *base, const struct bits *among,
	struct text word, const char *country, struct bits *out)
{
	int64_t id, row;
	find(a, base, among, word, false, fields, FIELDS, out);
	find_phone(a, base, among, word, country, out);
	if (id_parse(word, &id) == 1 && (row = column_row(base, id)) >= 0)
		bits_set(out, (size_t)row);
}

struct bits
column_search(
	struct arena *a, struct column_base *base, struct text query, const char *country)
{
	struct bits found = column_all(a, base, false);
	struct text folded = text_trim(text_fold(a, query)), words[WORDS_MAX];
	struct bits phones = bits_new(a, base->n);
	size_t n = words_of(folded, words);
	base->rows_evaluated += (int64_t)base->n;
	/* several groups of digits are a phone with spaces in it, and nothing else */
	if (n > 1 && find_phone(a, base, NULL, folded, country, &phones)) {
		bits_and(&found, &phones);
		return found;
	}
	for (size_t i = 0; i < n; i++) {
		struct bits with = bits_new(a, base->n);
		find_word(a, base, i > 0 ? &found : NULL, words[i], country, &with);
		bits_and(&found, &with);
	}
	return found;
}
