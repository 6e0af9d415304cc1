/* Conditions on fields, 64 rows at a time: a test becomes an interval of the column's own numbers, so that the compiler can make of
 * the loop what the processor has for many numbers at once. */
#include "base/arena.h"
#include "base/err.h"
#include "segment/eval_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CODES_MAX = 8 };

/* One body for the plain processor and one for AVX2, chosen when the program starts. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                     \
	!defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

#define SCAN(name, type)                                                                   \
	WIDE static void name(const type *cells, const struct bits *mask, type low,        \
		type high, bool inverted, struct bits *out)                                \
	{                                                                                  \
		uint8_t flags[64];                                                         \
		for (size_t at = 0; at < mask->n; at += 64) {                              \
			size_t n = mask->n - at < 64 ? mask->n - at : 64;                  \
			uint64_t want = mask->at[at / 64];                                 \
			if (want == 0)                                                     \
				continue;                                                  \
			if (n == 64)                                                       \
				for (size_t i = 0; i < 64; i++)                            \
					flags[i] = (uint8_t)((cells[at + i] >= low) &      \
							     (cells[at + i] <= high));     \
			else                                                               \
				for (size_t i = 0; i < 64; i++)                            \
					flags[i] = i < n && cells[at + i] >= low &&        \
						   cells[at + i] <= high;                  \
			uint64_t word = bits_gather(flags);                                \
			out->at[at / 64] |= (inverted ? ~word : word) & want;              \
		}                                                                          \
	}
SCAN(scan_double, double)
SCAN(scan_int64, int64_t)
SCAN(scan_int32, int32_t)
SCAN(scan_int8, int8_t)
SCAN(scan_code, uint32_t)

void
scan_times(const int64_t *times, const struct bits *mask, int64_t low, int64_t high,
	struct bits *out)
{
	scan_int64(times, mask, low, high, false, out);
}

/* Doubles as whole numbers in the same order. */
static int64_t
place_of(double d)
{
	int64_t bits;
	memcpy(&bits, &d, sizeof bits);
	return bits < 0 ? INT64_MIN - bits : bits;
}

static double
double_at(int64_t place)
{
	double d;
	int64_t bits = place < 0 ? INT64_MIN - place : place;
	memcpy(&d, &bits, sizeof d);
	return d;
}

/* The least double of as many millionths or more. */
static double
least_double(__int128 millionths)
{
	int64_t low = place_of(-HUGE_VAL), high = place_of(HUGE_VAL);
	while (low < high) {
		int64_t middle = low + (int64_t)(((uint64_t)high - (uint64_t)low) / 2);
		if (column_millionths(double_at(middle)) >= millionths)
			high = middle;
		else
			low = middle + 1;
	}
	return double_at(low);
}

static bool
scan_numbers(const struct column_field *f, const struct rule_test *t,
	const struct bits *mask, struct bits *out)
{
	__int128 low, high;
	if (t->word == WORD_EMPTY) {
		scan_double(f->cells, mask, -HUGE_VAL, HUGE_VAL, true, out);
		return true;
	}
	if (!cell_interval(t, &low, &high))
		return false;
	double most = least_double(high + 1);
	most = most == HUGE_VAL && column_millionths(HUGE_VAL) <= high
		       ? HUGE_VAL
		       : nextafter(most, -HUGE_VAL);
	scan_double(f->cells, mask, least_double(low), most, t->word == WORD_IS_NOT, out);
	return true;
}

static bool
scan_flags(const struct column_field *f, const struct rule_test *t, const struct bits *mask,
	struct bits *out)
{
	int8_t value = t->word == WORD_EMPTY ? -1 : t->n == 1 && t->values[0].flag;
	bool is_flag = t->n == 1 && t->values[0].kind == RULE_BOOL;
	if (t->word != WORD_EMPTY &&
		(!is_flag || (t->word != WORD_IS && t->word != WORD_IS_NOT)))
		return false;
	scan_int8(f->cells, mask, value, value, t->word == WORD_IS_NOT, out);
	return true;
}

bool
scan_span_of(const struct rule_test *t, bool is_day, int64_t now_us, const struct zone *z,
	struct scan_span *out)
{
	const struct rule_moment *d = t->n > 0 ? &t->values[0].moment : NULL;
	*out = (struct scan_span){INT64_MIN + 1, INT64_MAX, false};
	switch (t->word) {
	case WORD_BEFORE:
	case WORD_AFTER:
		if (is_day && !d->is_day)
			return false;
		out->by_zone = !is_day && d->is_day;
		if (t->word == WORD_BEFORE)
			out->high = (is_day ? d->days : moment_first_us(d, z)) - 1;
		else
			out->low = (is_day ? d->days : moment_last_us(d, z)) + 1;
		return true;
	case WORD_BETWEEN:
		if (t->values[0].kind == RULE_NUMBER)
			return false;
		if (is_day && (!d->is_day || !t->values[1].moment.is_day))
			return false;
		out->by_zone = !is_day && (d->is_day || t->values[1].moment.is_day);
		out->low = is_day ? d->days : moment_first_us(d, z);
		out->high = is_day ? t->values[1].moment.days
				   : moment_last_us(&t->values[1].moment, z);
		return true;
	case WORD_WITHIN_LAST: /* at <= now < at + span */
	case WORD_CHANGED:
	case WORD_WITHIN_NEXT: /* at - span <= now < at */
		if (is_day)
			return false;
		out->low = t->word == WORD_WITHIN_NEXT ? later(now_us, 1)
						       : later(now_us, -t->span_us) + 1;
		out->high = t->word == WORD_WITHIN_NEXT ? later(now_us, t->span_us)
							: now_us;
		return true;
	default:
		return false;
	}
}

/* Rows that live in a zone of their own are left to be looked at one by one. */
static bool
has_zones(const struct column_base *base, const struct bits *mask)
{
	if (dict_count(base->zone_names) == 0)
		return false;
	BITS_EACH(mask, row)
	if (base->zones[row] != 0)
		return true;
	return false;
}

static bool
scan_moments(const struct column_base *base, const struct column_field *f,
	const struct rule_test *t, const struct bits *mask, int64_t now_us,
	struct bits *out)
{
	struct scan_span s;
	bool is_day = f->kind == COLUMN_DATE;
	if (t->word == WORD_EMPTY)
		s = is_day ? (struct scan_span){INT32_MIN, INT32_MIN, false}
			   : (struct scan_span){INT64_MIN, INT64_MIN, false};
	else if (!scan_span_of(t, is_day, now_us, base->zone, &s) ||
		 (s.by_zone && has_zones(base, mask)))
		return false;
	if (!is_day) {
		scan_int64(f->cells, mask, s.low, s.high, false, out);
		return true;
	}
	if (t->word != WORD_EMPTY && s.low <= INT32_MIN)
		s.low = INT32_MIN + 1;
	if (s.low > INT32_MAX || s.high < INT32_MIN || s.low > s.high)
		return true;
	scan_int32(f->cells, mask, (int32_t)s.low,
		s.high > INT32_MAX ? INT32_MAX : (int32_t)s.high, false, out);
	return true;
}

/* The codes of all spellings of the values, if they are few. */
static bool
codes_of(const struct column_base *base, const struct rule_test *t, uint32_t *codes,
	size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < t->n; i++) {
		if (t->values[i].kind != RULE_TEXT)
			continue;
		int64_t fold = dict_find(base->folds, t->values[i].fold);
		size_t texts = fold != DICT_NONE ? dict_count(base->texts) : 0;
		for (size_t k = 0; k < texts; k++)
			if (base->fold_of[k] == fold) {
				if (*n == CODES_MAX)
					return false;
				codes[(*n)++] = (uint32_t)k + 1;
			}
	}
	return true;
}

static bool
scan_texts(const struct column_base *base, const struct column_field *f,
	const struct rule_test *t, const struct bits *mask, struct bits *out)
{
	uint32_t codes[CODES_MAX];
	size_t n;
	if (t->word == WORD_EMPTY) {
		scan_code(f->cells, mask, 0, 0, false, out);
		return true;
	}
	bool is_few = t->word == WORD_IS || t->word == WORD_IS_NOT ||
		      t->word == WORD_ONE_OF;
	/* looking through the dictionary must not cost more than looking at the rows */
	if (!is_few || t->n * dict_count(base->texts) > 2 * mask->n ||
		!codes_of(base, t, codes, &n))
		return false;
	if (t->word == WORD_IS_NOT && n > 1)
		return false;
	if (t->word == WORD_IS_NOT && n == 0)
		bits_or(out, mask);
	for (size_t i = 0; i < n; i++)
		scan_code(f->cells, mask, codes[i], codes[i], t->word == WORD_IS_NOT, out);
	return true;
}

bool
scan_column(struct segment_eval *v, int place, const struct bits *mask, int64_t now_us,
	struct bits *out)
{
	const struct column_field *f = eval_field(v, place);
	const struct rule_test *t = &v->r->nodes[place].test;
	if (t->word == WORD_CHANGED) {
		struct scan_span s;
		if (f->changed_us != NULL &&
			scan_span_of(t, false, now_us, v->base->zone, &s))
			scan_int64(f->changed_us, mask, s.low, s.high, false, out);
		return true;
	}
	switch (f->kind) {
	case COLUMN_NUMBER:
		return scan_numbers(f, t, mask, out);
	case COLUMN_BOOL:
		return scan_flags(f, t, mask, out);
	case COLUMN_DATE:
	case COLUMN_TIME:
		return scan_moments(v->base, f, t, mask, now_us, out);
	case COLUMN_TEXT:
		return scan_texts(v->base, f, t, mask, out);
	default:
		return false;
	}
}
