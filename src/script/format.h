/* Times, numbers and money as people of a language read them. */
#ifndef SCRIPT_FORMAT_H
#define SCRIPT_FORMAT_H

#include "base/str.h"

#include <stdint.h>

struct zone;

/* An instant by a pattern: yyyy yy MM M dd d HH H mm ss, MMMM the month's name (ru: genitive), MMM its short form, EEEE the day of
 * the week, 'text' as it is; also the names "short" (05.03.2026, Mar 5, 2026), "long" (5 марта 2026 г.), "time", "datetime".
 * language "ru" or other (English). */
void format_time(struct str *s, int64_t at_us, struct text pattern, const struct zone *z,
	const char *language);

/* "3 minutes ago" and the like, up to days; beyond a week the short date. */
void format_ago(struct str *s, int64_t at_us, int64_t now_us, const struct zone *z,
	const char *language);

/* 1234567.5 → "1 234 567,5" (ru, no-break spaces) or "1,234,567.5"; digits < 0: as many as it has, at most 6. */
void format_number(struct str *s, double n, int digits, const char *language);

/* Minor units: 125050 BYN → "1 250,50 BYN"; whole amounts without the fraction; empty currency prints none. */
void format_money(struct str *s, int64_t minor, const char *currency, const char *language);

/* Which of 3 forms a count takes: 0 one, 1 few, 2 many (ru); 0 one, 2 many otherwise. CLDR plural rules. */
int format_plural(int64_t n, const char *language);

#endif
