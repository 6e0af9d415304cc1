/* What is asked while a rule is typed: whom it means now and meant on earlier days, which part of it cuts how much, how it meets other
 * segments, whom of them one can write to, what makes it look again. */
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "column/page.h"
#include "column/read.h"
#include "engine/answer_parts.h"
#include "engine/hold.h"
#include "engine/members.h"
#include "engine/members_parts.h"
#include "engine/names.h"
#include "segment/estimate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SAMPLE_MAX = 100, PARTS_MAX = 100, OVERLAP_MAX = 20, PAST_MAX = 60 };
static const int64_t whole_us = 3 * SECOND_US; /* for the rule */
static const int64_t parts_us = SECOND_US;     /* for all its parts */
static const int64_t past_us = 150 * 1000;     /* for days of the past in one answer */
static const char *const channels[] = {"email", "sms", "viber", "push", "chatbot"};

struct asked { /* a rule and what evaluates it, as long as the arena */
	struct rule *rule;
	struct segment_eval *eval;
};

static void
free_asked(void *obj)
{
	struct asked *q = obj;
	segment_eval_free(q->eval);
	rule_free(q->rule);
}

static int
compile(struct arena *a, struct hold *h, const struct rule_names *names, struct text source,
	struct asked **out, struct err *e)
{
	struct asked *q = arena_alloc(a, sizeof *q);
	*q = (struct asked){0};
	if (rule_compile(source, h->settings, names, &q->rule, e) < 0)
		return -1;
	arena_defer(a, free_asked, q);
	q->eval = segment_eval_new(q->rule, h->base, h->settings);
	*out = q;
	return 0;
}

/* at_us 0: now */
static int
evaluate(struct arena *a, struct hold *h, struct asked *q, int64_t at_us,
	int64_t deadline_us, struct bits *out, struct err *e)
{
	if ((at_us != 0 ? segment_eval_past(a, q->eval, at_us, deadline_us, out, e)
			: segment_eval_all(a, q->eval, time_now_us(), deadline_us, out,
				  NULL, e)) < 0)
		return -1;
	if (!members_counts_anonymous(q->rule)) {
		struct bits known = column_all(a, h->base, true);
		bits_and(out, &known);
	}
	return 0;
}

static int
names_of(struct arena *a, struct hold *h, const struct val *q, struct rule_names *names,
	struct err *e)
{
	return names_read(
		a, h->db, h->company.id, val_as_int(val_get(q, "segment"), 0), names, e);
}

int
answer_who(struct arena *a, struct hold *h, struct text source, struct bits *out,
	struct err *e)
{
	struct rule_names names;
	struct asked *q;
	*out = column_all(a, h->base, true);
	if (text_trim(source).n == 0)
		return 0;
	if (names_read(a, h->db, h->company.id, 0, &names, e) < 0 ||
		compile(a, h, &names, source, &q, e) < 0)
		return -1;
	return evaluate(a, h, q, 0, time_monotonic_us() + whole_us, out, e);
}

/* People for whom a where() failed count as no: how many, and why the first. */
static void
warn_of_errors(struct arena *a, const struct segment_eval *eval, struct val *warnings)
{
	const char *why, *colon;
	int64_t n = segment_eval_errors(eval, &why);
	if (n == 0)
		return;
	struct val one = val_map(a);
	int line = 0;
	if (sscanf(why, "line %d", &line) == 1 && (colon = strstr(why, ": ")) != NULL)
		why = colon + 2;
	val_put(a, &one, "line", val_int(line > 0 ? line : 1));
	val_put(a, &one, "text",
		val_text(arena_printf(a,
			"where() failed for %lld people, who count as no: %s", (long long)n,
			why)));
	val_put(a, &one, "people", val_int(n));
	val_push(a, warnings, one);
}

/* An instant that is over. 0 *at_us (0: now), -1 *e. */
static int
instant_of(const struct val *v, int64_t *at_us, struct err *e)
{
	*at_us = 0;
	if (val_is_null(v))
		return 0;
	if (time_parse(val_as_text(v), at_us) != 1 || *at_us <= 0 || *at_us > time_now_us())
		return err_field(e, "as_of",
			"as_of is an instant in the past, as 2026-01-31T10:00:00Z");
	return 0;
}

static struct val
id_list(struct arena *a, const int64_t *ids, size_t n)
{
	struct val list = val_list(a);
	for (size_t i = 0; i < n; i++)
		val_push(a, &list, val_id(a, ids[i]));
	return list;
}

/* answer.sample: ids; answer.reasons: why each, beside it. */
static void
put_sample(struct arena *a, struct hold *h, struct asked *rule, const struct val *q,
	const struct bits *in, struct val *out)
{
	int64_t want = val_as_int(val_get(q, "sample"), 10), ids[SAMPLE_MAX];
	size_t most = (size_t)(want < 0 ? 0 : want > SAMPLE_MAX ? SAMPLE_MAX : want);
	size_t n = column_sample(h->base, in,
		(uint64_t)val_as_int(val_get(q, "seed"), time_now_us()), most, ids);
	val_put(a, out, "sample", id_list(a, ids, n));
	if (!val_as_bool(val_get(q, "reasons"), false))
		return;
	struct val reasons = val_list(a);
	for (size_t i = 0; i < n; i++) {
		struct segment_answer one;
		struct err ignored;
		int64_t row = column_row(h->base, ids[i]);
		bool told = row >= 0 && segment_eval_one(a, rule->eval, (size_t)row,
						time_now_us(), &one, &ignored) == 0;
		val_push(a, &reasons, val_text(told ? reason_text(a, &one.reason) : ""));
	}
	val_put(a, out, "reasons", reasons);
}

/* One condition of the rule, as it is written. false: it took too long, or is none. */
static bool
part_of(struct arena *a, struct hold *h, const struct rule_names *names, struct text text,
	int64_t deadline_us, struct bits *in)
{
	struct asked *part;
	struct err ignored;
	const char *rule = arena_printf(a, "return (%.*s\n)", (int)text.n, text.at);
	return time_monotonic_us() < deadline_us &&
	       compile(a, h, names, text_of(rule), &part, &ignored) == 0 &&
	       evaluate(a, h, part, 0, deadline_us, in, &ignored) == 0;
}

/* answer.parts: how many each of the question's conditions means alone, null where that is not known; answer.narrow: how many are left
 * when one after the other of those named by their places is asked for. */
static void
put_parts(struct arena *a, struct hold *h, const struct rule_names *names,
	const struct val *q, struct val *out)
{
	const struct val *asked = val_get(q, "parts"), *order = val_get(q, "narrow");
	size_t n = val_len(asked) < PARTS_MAX ? val_len(asked) : PARTS_MAX;
	int64_t deadline_us = time_monotonic_us() + parts_us;
	struct bits *in = arena_array(a, n + 1, sizeof *in),
		    left = column_all(a, h->base, true);
	bool *done = arena_array(a, n + 1, sizeof *done);
	struct val counts = val_list(a), narrow = val_list(a);
	for (size_t i = 0; i < n; i++) {
		done[i] = part_of(
			a, h, names, val_as_text(&asked->list->at[i]), deadline_us, &in[i]);
		val_push(a, &counts,
			done[i] ? val_int((int64_t)bits_count(&in[i])) : val_null());
	}
	for (size_t i = 0; i < val_len(order) && i < PARTS_MAX; i++) {
		int64_t at = val_as_int(&order->list->at[i], -1);
		bool known = at >= 0 && (size_t)at < n && done[at];
		if (known)
			bits_and(&left, &in[at]);
		val_push(a, &narrow,
			known ? val_int((int64_t)bits_count(&left)) : val_null());
	}
	val_put(a, out, "parts", counts);
	val_put(a, out, "narrow", narrow);
}

/* answer.overlap: how many of them are in each of the question's segments, and how many are in it at all. */
static void
put_overlap(struct arena *a, struct hold *h, const struct val *q, const struct bits *in,
	struct val *out)
{
	const struct val *segments = val_get(q, "overlap");
	struct val list = val_list(a);
	for (size_t i = 0; i < val_len(segments) && i < OVERLAP_MAX; i++) {
		int64_t id = val_as_int(&segments->list->at[i], 0);
		struct arena_mark mark = arena_mark(a);
		struct bits both = bits_copy(a, in);
		column_members_among(h->base, id, &both);
		int64_t count = (int64_t)bits_count(&both);
		arena_rewind(a, mark);
		struct val one = val_map(a);
		val_put(a, &one, "id", val_id(a, id));
		val_put(a, &one, "count", val_int(count));
		val_put(a, &one, "size",
			val_int((int64_t)column_member_count(h->base, id)));
		val_push(a, &list, one);
	}
	val_put(a, out, "overlap", list);
}

/* answer.reach: by channel, how many of them can be written to. */
static void
put_reach(struct arena *a, struct hold *h, const struct bits *in, struct val *out)
{
	struct val reach = val_map(a);
	for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
		struct arena_mark mark = arena_mark(a);
		struct bits can = column_reachable_all(a, h->base, text_of(channels[i]));
		bits_and(&can, in);
		int64_t n = (int64_t)bits_count(&can);
		arena_rewind(a, mark);
		val_put(a, &reach, channels[i], val_int(n));
	}
	val_put(a, out, "reach", reach);
}

/* answer.looks_at: what makes the engine ask about somebody again. */
static void
put_depends(struct arena *a, const struct rule *r, struct val *out)
{
	struct val looks = val_copy(a, rule_uses(r));
	unsigned on = rule_depends(r);
	val_put(a, &looks, "time", val_bool((on & RULE_ON_TIME) != 0));
	val_put(a, &looks, "consent", val_bool((on & RULE_ON_CONSENT) != 0));
	val_put(a, &looks, "all_fields", val_bool((on & RULE_ON_ALL_FIELDS) != 0));
	val_put(a, out, "looks_at", looks);
}

/* Who the rule means, or, when that takes longer than soon_ms (0: as long as it may), about how many: *in is empty then, *about true. */
static int
count(struct arena *a, struct hold *h, struct asked *rule, int64_t at_us, int64_t soon_ms,
	struct bits *in, int64_t *n, bool *about, struct err *e)
{
	struct bits known = column_all(a, h->base, true);
	int64_t begun = time_monotonic_us(), until_us = begun + whole_us;
	double share;
	size_t looked;
	*about = false;
	if (soon_ms > 0 && at_us == 0)
		until_us = begun + soon_ms * 1000;
	if (evaluate(a, h, rule, at_us, until_us, in, e) == 0) {
		*n = (int64_t)bits_count(in);
		return 0;
	}
	if (e->code != ERR_LIMIT || until_us == begun + whole_us ||
		time_monotonic_us() < until_us)
		return -1;
	if (members_counts_anonymous(rule->rule))
		known = column_all(a, h->base, false);
	*in = bits_new(a, known.n);
	*about = true;
	if (segment_estimate(a, rule->eval, &known, time_now_us(), begun + whole_us,
		    &looked, &share, e) < 0)
		return -1;
	*n = llround(share * (double)bits_count(&known));
	return 0;
}

int
answer_preview(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e)
{
	struct rule_names names;
	struct asked *rule;
	struct bits in, known = column_all(a, h->base, true);
	struct text source = val_as_text(val_get(q, "rule"));
	int64_t begun = time_monotonic_us(), at_us, n;
	bool about;
	if (text_trim(source).n == 0)
		return err_field(
			e, "rule", "a rule is expected: return field.city:is \"Минск\"");
	if (instant_of(val_get(q, "as_of"), &at_us, e) < 0 ||
		names_of(a, h, q, &names, e) < 0 ||
		compile(a, h, &names, source, &rule, e) < 0 ||
		count(a, h, rule, at_us, val_as_int(val_get(q, "soon_ms"), 0), &in, &n,
			&about, e) < 0)
		return -1;
	struct val warnings = val_copy(a, rule_warnings(rule->rule));
	segment_eval_warn(a, rule->eval, &warnings);
	warn_of_errors(a, rule->eval, &warnings);
	val_put(a, out, "count", val_int(n));
	val_put(a, out, "exact", val_bool(!about));
	val_put(a, out, "total", val_int((int64_t)bits_count(&known)));
	val_put(a, out, "ms", val_num((double)(time_monotonic_us() - begun) / 1000));
	val_put(a, out, "warnings", warnings);
	put_sample(a, h, rule, q, &in, out);
	if (!val_is_null(val_get(q, "parts")))
		put_parts(a, h, &names, q, out);
	if (!about && !val_is_null(val_get(q, "overlap")))
		put_overlap(a, h, q, &in, out);
	if (!about && val_as_bool(val_get(q, "reach"), false))
		put_reach(a, h, &in, out);
	put_depends(a, rule->rule, out);
	return 0;
}

int
answer_compile(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e)
{
	struct rule_names names;
	struct asked *rule;
	if (names_of(a, h, q, &names, e) < 0 ||
		compile(a, h, &names, val_as_text(val_get(q, "rule")), &rule, e) < 0)
		return -1;
	val_put(a, out, "warnings", val_copy(a, rule_warnings(rule->rule)));
	put_depends(a, rule->rule, out);
	return 0;
}

/* How many a rule meant at each of the instants asked for, in their order, as many as fit into past_us; null for those that must be asked
 * for again. So a question about a month never keeps others waiting. */
int
answer_past(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e)
{
	struct rule_names names;
	struct asked *rule;
	const struct val *instants = val_get(q, "at");
	struct val counts = val_list(a);
	int64_t begun = time_monotonic_us();
	if (val_len(instants) == 0 || val_len(instants) > PAST_MAX)
		return err_field(e, "at", "1 to %d instants of the past", PAST_MAX);
	if (names_of(a, h, q, &names, e) < 0 ||
		compile(a, h, &names, val_as_text(val_get(q, "rule")), &rule, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(instants); i++) {
		struct arena_mark mark = arena_mark(a);
		struct bits in;
		int64_t at_us, n = -1;
		if (instant_of(&instants->list->at[i], &at_us, e) < 0)
			return -1;
		if (i == 0 || time_monotonic_us() - begun < past_us) {
			if (evaluate(a, h, rule, at_us, begun + whole_us, &in, e) < 0)
				return -1;
			n = (int64_t)bits_count(&in);
		}
		arena_rewind(a, mark);
		val_push(a, &counts, n < 0 ? val_null() : val_int(n));
	}
	val_put(a, out, "counts", counts);
	return 0;
}
