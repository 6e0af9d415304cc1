/* Tests of single values, with the meanings of API.md: a missing value equals nothing and is neither more nor less than anything. */
#include "segment/cell.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/regex.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

struct cell
cell_of_field(const struct column_base *base, const struct column_field *f, size_t row)
{
	struct cell c = {.kind = CELL_MISSING, .den = 1};
	if (f == NULL)
		return c;
	switch (f->kind) {
	case COLUMN_TEXT:
		c.code = ((const uint32_t *)f->cells)[row];
		c.kind = c.code != 0 ? CELL_TEXT : CELL_MISSING;
		break;
	case COLUMN_NUMBER: {
		double d = ((const double *)f->cells)[row];
		if (!isnan(d)) {
			c.kind = CELL_NUMBER;
			c.num = column_millionths(d);
		}
		break;
	}
	case COLUMN_DATE:
		c.days = ((const int32_t *)f->cells)[row];
		c.kind = c.days != INT32_MIN ? CELL_DAY : CELL_MISSING;
		break;
	case COLUMN_TIME:
		c.us = ((const int64_t *)f->cells)[row];
		c.kind = c.us != INT64_MIN ? CELL_TIME : CELL_MISSING;
		break;
	case COLUMN_BOOL:
		c.flag = ((const int8_t *)f->cells)[row] > 0;
		c.kind = ((const int8_t *)f->cells)[row] >= 0 ? CELL_BOOL : CELL_MISSING;
		break;
	case COLUMN_LIST:
		c.at = column_list(base, ((const uint32_t *)f->cells)[row], &c.n);
		c.kind = c.n > 0 ? CELL_LIST : CELL_MISSING;
		break;
	case COLUMN_GEO:
		c.kind = isnan(((const struct column_point *)f->cells)[row].lat)
				 ? CELL_MISSING
				 : CELL_OTHER;
		break;
	}
	return c;
}

struct cell
cell_of_prop(const struct column_base *base, const struct column_prop *p)
{
	struct cell c = {.kind = CELL_MISSING, .den = 1};
	if (p == NULL)
		return c;
	switch ((enum prop_kind)p->kind) {
	case PROP_TEXT:
		c.kind = CELL_TEXT;
		c.code = p->value;
		break;
	case PROP_INT:
	case PROP_CENTS:
	case PROP_DOUBLE:
		c.kind = CELL_NUMBER;
		c.num = column_prop_millionths(base, p);
		break;
	case PROP_BOOL:
		c.kind = CELL_BOOL;
		c.flag = p->value != 0;
		break;
	case PROP_LIST:
		c.kind = CELL_LIST;
		c.at = column_list(base, p->value, &c.n);
		break;
	case PROP_HASH:
		c.kind = CELL_HASH;
		c.hash = (uint64_t)column_wide(base, p);
		break;
	case PROP_DAY:
		c.kind = CELL_DAY;
		c.days = (int32_t)p->value;
		break;
	case PROP_TIME:
		c.kind = CELL_TIME;
		c.us = column_wide(base, p);
		break;
	case PROP_NONE:
		break;
	}
	return c;
}

/* The first change behind the instant says what was there before it, and since when. */
struct cell
cell_of_field_at(const struct column_base *base, const struct column_field *f, size_t row,
	int64_t at_us)
{
	struct cell missing = {.kind = CELL_MISSING, .den = 1};
	size_t n;
	if (f == NULL)
		return missing;
	const struct column_event *changes = column_changes(
		base, row, (size_t)(f - base->fields), &n);
	size_t at = event_lower(changes, n, later(at_us, 1));
	if (at < n) {
		const struct column_prop *since = column_prop(base, &changes[at], 1);
		if (since != NULL && column_wide(base, since) > at_us)
			return missing;
		return cell_of_prop(base, column_prop(base, &changes[at], 0));
	}
	if (f->changed_us != NULL && f->changed_us[row] > at_us)
		return missing; /* it was first set behind the instant */
	return cell_of_field(base, f, row);
}

static struct val
number_value(const struct cell *c)
{
	long double d = (long double)c->num / 1e6L / (long double)c->den;
	if (fabsl(d) < 9e15L && d == rintl(d))
		return val_int((int64_t)d);
	return val_num((double)d);
}

struct val
cell_value(struct arena *a, const struct column_base *base, const struct cell *c)
{
	struct date d;
	struct val list;
	switch (c->kind) {
	case CELL_TEXT:
		return val_of(column_text(base, c->code));
	case CELL_NUMBER:
		return number_value(c);
	case CELL_DAY:
		d = date_of_days(c->days);
		return val_text(arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day));
	case CELL_TIME:
		return val_text(time_text(a, c->us));
	case CELL_BOOL:
		return val_bool(c->flag);
	case CELL_LIST:
		list = val_list(a);
		for (uint32_t i = 0; i < c->n; i++)
			val_push(a, &list, val_of(column_text(base, c->at[i])));
		return list;
	default:
		return val_null();
	}
}

/* Where a day begins; the one asked for last is remembered, as a rule asks for the same one of everybody. */
static int64_t
day_us(const struct zone *z, int64_t days)
{
	static _Thread_local struct {
		const struct zone *zone;
		int64_t days, us;
	} last;
	if (last.zone != z || last.days != days) {
		last.us = zone_date_us(z, date_of_days(days));
		last.zone = z;
		last.days = days;
	}
	return last.us;
}

int64_t
moment_first_us(const struct rule_moment *d, const struct zone *z)
{
	return d->is_day ? day_us(z, d->days) : d->us;
}

int64_t
moment_last_us(const struct rule_moment *d, const struct zone *z)
{
	return d->is_day ? day_us(z, d->days + 1) - 1 : d->us;
}

static bool
text_passes(const struct rule_test *t, const struct rule_value *v, struct text fold,
	struct text raw)
{
	char *end, digits[64];
	switch (t->word) {
	case WORD_CONTAINS:
		return v->fold.n == 0 ||
		       memmem(fold.at, fold.n, v->fold.at, v->fold.n) != NULL;
	case WORD_STARTS:
		return fold.n >= v->fold.n && memcmp(fold.at, v->fold.at, v->fold.n) == 0;
	case WORD_MATCHES: {
		struct err ignored; /* a pattern that gives up does not match */
		return regex_match(t->regex, raw, NULL, NULL, &ignored) == 1;
	}
	default:
		break;
	}
	if (v->kind == RULE_TEXT)
		return fold.n > 0 && text_same(fold, v->fold);
	if (v->kind != RULE_NUMBER || raw.n == 0 || raw.n >= sizeof digits)
		return false;
	memcpy(digits, raw.at, raw.n); /* a number kept in a list is text there */
	digits[raw.n] = '\0';
	double d = strtod(digits, &end);
	return *end == '\0' && column_millionths(d) == v->millionths;
}

static bool
code_passes(const struct column_base *base, const struct rule_test *t,
	const struct rule_value *v, uint32_t code, bool in_list)
{
	if (!in_list && v->kind == RULE_NUMBER)
		return false;
	return text_passes(t, v, dict_text(base->folds, column_fold(base, code)),
		column_text(base, code));
}

/* is, one_of, contains, starts, matches for one value of the test. */
static bool
equals(const struct column_base *base, const struct rule_test *t,
	const struct rule_value *v, const struct cell *c, const struct zone *z)
{
	switch (c->kind) {
	case CELL_TEXT:
		return code_passes(base, t, v, c->code, false);
	case CELL_LIST:
		for (uint32_t i = 0; i < c->n; i++)
			if (code_passes(base, t, v, c->at[i], true))
				return true;
		return false;
	case CELL_NUMBER:
		return v->kind == RULE_NUMBER && c->num == v->millionths * c->den;
	case CELL_BOOL:
		return v->kind == RULE_BOOL && v->flag == c->flag;
	case CELL_HASH:
		return v->kind == RULE_TEXT && v->hash == c->hash &&
		       t->word != WORD_CONTAINS && t->word != WORD_STARTS &&
		       t->word != WORD_MATCHES;
	case CELL_DAY:
		if (!v->is_moment)
			return false;
		return v->moment.is_day ? v->moment.days == c->days
					: v->moment.us == day_us(z, c->days);
	case CELL_TIME:
		return v->is_moment && c->us >= moment_first_us(&v->moment, z) &&
		       c->us <= moment_last_us(&v->moment, z);
	default:
		return false;
	}
}

static bool
compares(const struct rule_test *t, const struct cell *c)
{
	if (c->kind != CELL_NUMBER || t->values[0].kind != RULE_NUMBER)
		return false;
	__int128 want = t->values[0].millionths * c->den;
	switch (t->word) {
	case WORD_MORE:
		return c->num > want;
	case WORD_LESS:
		return c->num < want;
	case WORD_AT_LEAST:
		return c->num >= want;
	default:
		return c->num <= want;
	}
}

/* A text that is a date or a time stands for it where one is asked for. */
static struct cell
as_time(const struct column_base *base, const struct cell *c)
{
	struct cell out = *c;
	struct date d;
	if (c->kind != CELL_TEXT)
		return out;
	struct text t = column_text(base, c->code);
	out.kind = CELL_MISSING;
	if (t.n <= 10 && date_parse(t, &d) == 1) {
		out.kind = CELL_DAY;
		out.days = date_days(d);
	} else if (t.n > 10 && time_parse(t, &out.us) == 1)
		out.kind = CELL_TIME;
	return out;
}

static bool
between(const struct column_base *base, const struct rule_test *t, const struct cell *cell,
	const struct zone *z)
{
	if (t->values[0].kind == RULE_NUMBER)
		return cell->kind == CELL_NUMBER &&
		       cell->num >= t->values[0].millionths * cell->den &&
		       cell->num <= t->values[1].millionths * cell->den;
	struct cell c = as_time(base, cell);
	const struct rule_moment *from = &t->values[0].moment, *to = &t->values[1].moment;
	if (c.kind == CELL_DAY && from->is_day && to->is_day)
		return c.days >= from->days && c.days <= to->days;
	int64_t us = c.kind == CELL_DAY ? day_us(z, c.days) : c.us;
	return (c.kind == CELL_DAY || c.kind == CELL_TIME) &&
	       us >= moment_first_us(from, z) && us <= moment_last_us(to, z);
}

static bool
before_after(const struct column_base *base, const struct rule_test *t,
	const struct cell *cell, const struct zone *z)
{
	struct cell c = as_time(base, cell);
	const struct rule_moment *d = &t->values[0].moment;
	if (c.kind != CELL_DAY && c.kind != CELL_TIME)
		return false;
	if (c.kind == CELL_DAY && d->is_day)
		return t->word == WORD_BEFORE ? c.days < d->days : c.days > d->days;
	int64_t us = c.kind == CELL_DAY ? day_us(z, c.days) : c.us;
	return t->word == WORD_BEFORE ? us < moment_first_us(d, z)
				      : us > moment_last_us(d, z);
}

/* Days count whole and include today: "1d" is today alone. */
static int64_t
whole_days(int64_t span_us)
{
	return (span_us + DAY_US - 1) / DAY_US;
}

static int64_t
today(const struct moment *m)
{
	return date_days(zone_date(m->zone, m->now_us, NULL));
}

static bool
within(const struct column_base *base, const struct rule_test *t, const struct cell *cell,
	const struct moment *m, int64_t *until_us)
{
	struct cell c = as_time(base, cell);
	bool is_last = t->word != WORD_WITHIN_NEXT;
	if (c.kind == CELL_DAY) {
		/* [first, end): the days of today at which the answer is yes */
		int64_t n = whole_days(t->span_us);
		int64_t first = is_last ? c.days : c.days - n + 1,
			end = is_last ? c.days + n : c.days + 1;
		int64_t now = today(m);
		if (now < first)
			sooner(until_us, day_us(m->zone, first), m->now_us);
		else if (now < end)
			sooner(until_us, day_us(m->zone, end), m->now_us);
		return now >= first && now < end;
	}
	if (c.kind != CELL_TIME)
		return false;
	/* last: at <= now < at + span; next: at - span <= now < at */
	int64_t first = is_last ? c.us : later(c.us, -t->span_us),
		end = is_last ? later(c.us, t->span_us) : c.us;
	sooner(until_us, first, m->now_us);
	sooner(until_us, end, m->now_us);
	return m->now_us >= first && m->now_us < end;
}

/* The day in that year a birthday is kept: 29 February on the 28th where there is none, as MySQL adds years. */
static int64_t
kept_in(struct date born, int year)
{
	struct date d = {year, born.month, born.day};
	if (!date_is(d))
		d.day = 28;
	return date_days(d);
}

static bool
anniversary(const struct column_base *base, const struct rule_test *t,
	const struct cell *cell, const struct moment *m, int64_t *until_us)
{
	struct cell c = as_time(base, cell);
	if (c.kind != CELL_DAY && c.kind != CELL_TIME)
		return false;
	struct date born = c.kind == CELL_DAY ? date_of_days(c.days)
					      : zone_date(m->zone, c.us, NULL);
	int64_t now = today(m), n = whole_days(t->span_us);
	int year = date_of_days(now).year;
	int64_t next = kept_in(born, year);
	if (next < now)
		next = kept_in(born, year + 1);
	bool yes = next - now < n;
	sooner(until_us, day_us(m->zone, yes ? next + 1 : next - n + 1), m->now_us);
	return yes;
}

int
cell_interval(const struct rule_test *t, __int128 *low, __int128 *high)
{
	static const __int128 most = (__int128)1 << 126;
	if (t->n < 1 || t->values[0].kind != RULE_NUMBER)
		return 0;
	__int128 x = t->values[0].millionths;
	*low = -most;
	*high = most;
	switch (t->word) {
	case WORD_IS:
	case WORD_IS_NOT:
		*low = *high = x;
		return t->n == 1;
	case WORD_MORE:
		*low = x + 1;
		return 1;
	case WORD_AT_LEAST:
		*low = x;
		return 1;
	case WORD_LESS:
		*high = x - 1;
		return 1;
	case WORD_AT_MOST:
		*high = x;
		return 1;
	case WORD_BETWEEN:
		*low = x;
		*high = t->values[1].millionths;
		return t->n == 2;
	default:
		return 0;
	}
}

bool
cell_test(const struct column_base *base, const struct rule_test *t, const struct cell *c,
	const struct moment *m, int64_t *until_us)
{
	switch (t->word) {
	case WORD_EMPTY:
		return c->kind == CELL_MISSING;
	case WORD_IS_NOT:
		return !equals(base, t, &t->values[0], c, m->zone);
	case WORD_IS:
	case WORD_CONTAINS:
	case WORD_STARTS:
	case WORD_MATCHES:
	case WORD_ONE_OF:
		for (size_t i = 0; i < t->n; i++)
			if (equals(base, t, &t->values[i], c, m->zone))
				return true;
		return false;
	case WORD_MORE:
	case WORD_LESS:
	case WORD_AT_LEAST:
	case WORD_AT_MOST:
		return compares(t, c);
	case WORD_BETWEEN:
		return between(base, t, c, m->zone);
	case WORD_BEFORE:
	case WORD_AFTER:
		return before_after(base, t, c, m->zone);
	case WORD_WITHIN_LAST:
	case WORD_WITHIN_NEXT:
	case WORD_CHANGED:
		return within(base, t, c, m, until_us);
	case WORD_ANNIVERSARY:
		return anniversary(base, t, c, m, until_us);
	case WORD_COUNT:
		break;
	}
	return false;
}
