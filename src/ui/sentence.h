/* The sentences rules, scenarios and templates refuse a text with, in the user's language. */
#ifndef UI_SENTENCE_H
#define UI_SENTENCE_H

#include "base/val.h"
#include "web/web.h"

/* What the compiler said, translated where the sentence is known, else as it is. */
struct text sentence_in(struct web *w, struct text said);

/* What stands under key of map in the user's language, where there is something. */
void sentence_say(struct web *w, struct val *map, const char *key);

#endif
