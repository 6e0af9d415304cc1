/* What the builder of rules and the editor need to know of a company, in the language of the page. */
#ifndef UI_RULE_WORDS_H
#define UI_RULE_WORDS_H

#include "web/web.h"

struct err;

/* GET /segments/words: {fields: [{name, label, type, state}], events: [{name, label}], segments, campaigns, scenarios: [{id, name}],
 * channels: [{name, label}], aliases: {alias: event}, words: [...], say: {phrase: text or list of forms}} */
int ui_rule_words(struct web *w, struct err *e);

/* GET /segments/values?field=NAME&q=: {values: [{value, count}]}, the most frequent first, those with q in them; with event=TYPE instead of
 * field the names of its properties, without counts; with event=TYPE&prop=NAME the texts of that property. Empty while the columns are away,
 * for fields without values to choose, and for personal fields and all properties where the user does not see what is personal. */
int ui_rule_values(struct web *w, struct err *e);

#endif
