/* See rename.h. */
#include "segment/rename.h"
#include "base/arena.h"
#include "base/str.h"
#include "segment/folder.h"
#include "store/db.h"

#include <ctype.h>
#include <string.h>

/* A name as it stands in a Lua text between these quotes. */
static struct text
quoted(struct arena *a, struct text name, char quote)
{
	struct str s = str_new(a);
	str_addc(&s, quote);
	for (size_t i = 0; i < name.n; i++) {
		if (name.at[i] == quote || name.at[i] == '\\')
			str_addc(&s, '\\');
		str_addc(&s, name.at[i]);
	}
	str_addc(&s, quote);
	return str_text(&s);
}

static bool
is_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Where the quoted name begins behind a word at i, or 0 when this is not a mention of it. */
static size_t
mention(struct text rule, size_t i, struct text word, struct text name)
{
	if (rule.n - i < word.n || memcmp(rule.at + i, word.at, word.n) != 0 ||
		(i > 0 && is_word_byte(rule.at[i - 1])))
		return 0;
	size_t at = i + word.n;
	while (at < rule.n && (isspace((unsigned char)rule.at[at]) || rule.at[at] == '('))
		at++;
	return rule.n - at >= name.n && memcmp(rule.at + at, name.at, name.n) == 0 ? at : 0;
}

struct text
segment_renamed(struct arena *a, struct text rule, const char *word, struct text old,
	struct text new)
{
	static const char quotes[] = {'"', '\''};
	struct text before[2], after[2];
	struct str s = str_new(a);
	size_t from = 0;
	for (size_t q = 0; q < sizeof quotes; q++) {
		before[q] = quoted(a, old, quotes[q]);
		after[q] = quoted(a, new, quotes[q]);
	}
	for (size_t i = 0; i < rule.n; i++)
		for (size_t q = 0; q < sizeof quotes; q++) {
			size_t at = mention(rule, i, text_of(word), before[q]);
			if (at == 0)
				continue;
			str_add(&s, rule.at + from, at - from);
			str_addt(&s, after[q]);
			from = at + before[q].n;
			i = from - 1;
			break;
		}
	if (from == 0)
		return rule;
	str_add(&s, rule.at + from, rule.n - from);
	return str_text(&s);
}

int
segment_rename(struct arena *a, struct db *db, int64_t company_id, const char *word,
	struct text old, struct text new, struct err *e)
{
	struct val rows;
	if (text_same(old, new))
		return 0;
	if (db_rows(a, db, QUERY_SEGMENT_RULES, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		const struct val *row = &rows.list->at[i];
		struct text rule = row_text(row, 1), renamed;
		/* most rules mention nothing of that name: look before copying letter by letter */
		if (memmem(rule.at, rule.n, word, strlen(word)) == NULL)
			continue;
		renamed = segment_renamed(a, rule, word, old, new);
		if (!text_same(rule, renamed) &&
			db_exec(db, QUERY_SEGMENT_RULE_SET,
				DB_ARGS(val_of(renamed), val_int(company_id),
					*row_at(row, 0)),
				NULL, e) < 0)
			return -1;
	}
	return folder_rename(a, db, company_id, word, old, new, e);
}
