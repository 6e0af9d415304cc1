/* Rules name other things by their names; when one of those gets another name, the rules go on meaning it. */
#ifndef SEGMENT_RENAME_H
#define SEGMENT_RENAME_H

#include "base/val.h"

struct arena;
struct db;
struct err;

/* Changes segment "Old" (or campaign, scenario: word) to the new name in all rules of a company. Inside the caller's transaction, with
 * the renaming itself. Rules are not built anew: they mean what they meant. */
int segment_rename(struct arena *a, struct db *db, int64_t company_id, const char *word,
	struct text old, struct text new, struct err *e);

/* The text with each mention renamed: word, space and parenthesis as they like, then the name in either quotes. The same text when
 * there is none. Mentions in comments are renamed too. */
struct text segment_renamed(struct arena *a, struct text rule, const char *word,
	struct text old, struct text new);

#endif
