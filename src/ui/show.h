/* Values as people read them. */
#ifndef UI_SHOW_H
#define UI_SHOW_H

#include "base/val.h"
#include "web/web.h"

struct err;

/* Replaces a field's label (a map of field_all) by the words for it, where it is one of ours. */
void show_label(struct web *w, struct val *field);

/* The field is personal and this user may not see such: show_value gives dots. */
bool show_hides(const struct web *w, const struct val *field);

/* Names of the company's fields whose values this user may not see, a list of texts on w's arena. 0 / -1 the store's. cost: a short statement for
 * managers, nothing for others; likewise the next. */
int show_hidden(struct web *w, struct val *names, struct err *e);
/* There are such fields: 1 / 0 / -1. */
int show_hides_any(struct web *w, struct err *e);

/* Why somebody is in a segment, without the values it tells: its text does not say which of them are of what field. */
struct text show_without_values(struct web *w, struct text reason);

/* A field's value as one line: dates and numbers in the user's way, lists with commas, money with its currency, the unit behind them. */
struct text show_value(struct web *w, const struct val *field, const struct val *v);

/* "21 ноября", "сегодня, 21 ноября"; the clock "14:30"; in the company's zone. */
struct text show_day(struct web *w, int64_t at_us);
struct text show_clock(struct web *w, int64_t at_us);

/* n as a percentage of total, 0..100. */
int show_percent(int64_t n, int64_t total);
/* Length of a bar whose numbers differ by orders of magnitude: percent of the square roots. */
int show_root(int64_t n, int64_t total);

#endif
