/* The house's words in one language: lua/locale/LANGUAGE.lua, a table of key = "text" or { "one", "few", "many" }. */
#ifndef WEB_WORDS_H
#define WEB_WORDS_H

#include "base/str.h"
#include "base/val.h"

struct err;
struct settings;
struct words;

/* Marks a key in C, so that the law of words (t/00-strings.t) sees who asks for it. */
#define T_(key) key

/* Reads and keeps the language's words. 0 / -1 ERR_INPUT: file, line. */
int words_open(
	const struct settings *s, const char *language, struct words **out, struct err *e);
void words_close(struct words *w);

const char *words_language(const struct words *w);
bool words_has(const struct words *w, struct text key);

/* What stands under a key as it is, places unfilled: a text or a list of forms; NULL when there is none. */
const struct val *words_forms(const struct words *w, struct text key);

/* The text of a key with its {places} filled from args (a map, or NULL): numbers as the language writes them. A list of
 * forms is chosen by args.n. An unknown key gives itself. */
void words_say(
	struct str *s, const struct words *w, struct text key, const struct val *args);
struct text words_text(
	struct arena *a, const struct words *w, const char *key, const struct val *args);

#endif
