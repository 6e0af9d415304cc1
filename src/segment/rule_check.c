/* What a rule can be seen to mean without looking at anybody: conditions that never hold, that always do, that exclude each other.
 * Only what is certain is said; the rest is left to the count. */
#include "base/arena.h"
#include "segment/eval_parts.h"
#include "segment/rule_parts.h"

enum truth { SOMETIMES, NEVER, ALWAYS };

static bool
same_value(const struct rule_value *x, const struct rule_value *y)
{
	if (x->kind != y->kind)
		return false;
	return x->kind == RULE_TEXT	? text_same(x->fold, y->fold)
	       : x->kind == RULE_NUMBER ? x->millionths == y->millionths
					: x->flag == y->flag;
}

static bool
same_test(const struct rule_test *x, const struct rule_test *y)
{
	if (x->word != y->word || x->n != y->n || x->span_us != y->span_us)
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (!same_value(&x->values[i], &y->values[i]))
			return false;
	return true;
}

static bool
same_moment(const struct rule_moment *x, const struct rule_moment *y)
{
	return x->is_day == y->is_day && x->days == y->days && x->us == y->us;
}

static bool
same_event(const struct rule_event *x, const struct rule_event *y)
{
	if (!text_same(x->types[0], y->types[0]) || x->filter_n != y->filter_n ||
		x->window_n != y->window_n || x->aggregate != y->aggregate ||
		!text_same(x->prop, y->prop) || x->has_test != y->has_test ||
		(x->has_test && !same_test(&x->test, &y->test)))
		return false;
	for (size_t i = 0; i < x->filter_n; i++)
		if (!text_same(x->filters[i].prop, y->filters[i].prop) ||
			!same_test(&x->filters[i].test, &y->filters[i].test))
			return false;
	for (size_t i = 0; i < x->window_n; i++)
		if (x->windows[i].span_us != y->windows[i].span_us ||
			!same_moment(&x->windows[i].from, &y->windows[i].from) ||
			!same_moment(&x->windows[i].to, &y->windows[i].to))
			return false;
	return true;
}

/* Two conditions that say the same; those of scripts and sequences are never taken to. */
static bool
same_leaf(const struct rule_node *x, const struct rule_node *y)
{
	if (x->op != y->op)
		return false;
	switch (x->op) {
	case RULE_FIELD:
		return text_same(x->name, y->name) && same_test(&x->test, &y->test);
	case RULE_EVENT:
		return same_event(&x->event, &y->event);
	case RULE_SEGMENT:
		return x->id == y->id;
	case RULE_REACHABLE:
	case RULE_CONSENT:
		return text_same(x->name, y->name);
	case RULE_KNOWN:
	case RULE_EVERYONE:
		return true;
	case RULE_SHARE:
		return x->percent == y->percent && text_same(x->name, y->name);
	default:
		return false;
	}
}

static bool
is_opposite(const struct rule *r, const struct rule_node *x, const struct rule_node *y)
{
	if (x->op == RULE_NOT)
		return same_leaf(&r->nodes[x->items[0]], y);
	return y->op == RULE_NOT && same_leaf(x, &r->nodes[y->items[0]]);
}

/* What a test lets through of numbers (millionths) or of days, as an interval. */
static bool
interval(const struct rule_test *t, __int128 *low, __int128 *high, bool *is_day)
{
	struct scan_span s;
	*is_day = t->word == WORD_BEFORE || t->word == WORD_AFTER ||
		  (t->word == WORD_BETWEEN && t->values[0].kind == RULE_TEXT);
	if (t->word == WORD_IS_NOT || t->word == WORD_ONE_OF)
		return false;
	if (!*is_day)
		return cell_interval(t, low, high) == 1;
	if (!scan_span_of(t, true, 0, NULL, &s))
		return false;
	*low = s.low;
	*high = s.high;
	return true;
}

static bool
is_among(const struct rule_value *v, const struct rule_test *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (same_value(v, &t->values[i]))
			return true;
	return false;
}

/* Tests of one field of one value that cannot hold both. */
static bool
tests_exclude(const struct rule_test *x, const struct rule_test *y)
{
	__int128 low[2], high[2];
	bool day[2];
	if (y->word == WORD_IS || y->word == WORD_EMPTY) {
		const struct rule_test *t = x;
		x = y;
		y = t;
	}
	if (x->word == WORD_EMPTY)
		return y->word != WORD_EMPTY && y->word != WORD_IS_NOT &&
		       y->word != WORD_CHANGED;
	if (x->word == WORD_IS && y->word == WORD_IS_NOT)
		return same_value(&x->values[0], &y->values[0]);
	if (x->word == WORD_IS && (y->word == WORD_IS || y->word == WORD_ONE_OF) &&
		x->values[0].kind == y->values[0].kind)
		return !is_among(&x->values[0], y);
	return interval(x, &low[0], &high[0], &day[0]) &&
	       interval(y, &low[1], &high[1], &day[1]) && day[0] == day[1] &&
	       (low[0] > high[1] || low[1] > high[0]);
}

static bool
excludes(const struct rule *r, const struct rule_node *x, const struct rule_node *y)
{
	if (is_opposite(r, x, y))
		return true;
	return x->op == RULE_FIELD && y->op == RULE_FIELD && !x->is_list &&
	       text_same(x->name, y->name) && tests_exclude(&x->test, &y->test);
}

static bool
is_reversed(const struct rule_test *t)
{
	__int128 low, high;
	bool is_day;
	return t->word == WORD_BETWEEN && interval(t, &low, &high, &is_day) && low > high;
}

/* An empty text equals nothing. */
static bool
is_nothing(const struct rule_test *t)
{
	return t->word == WORD_IS && t->values[0].kind == RULE_TEXT &&
	       t->values[0].fold.n == 0;
}

static enum truth
event_truth(const struct rule_event *ev)
{
	for (size_t i = 0; i < ev->window_n; i++) {
		const struct rule_window *w = &ev->windows[i];
		if (w->span_us == 0 && w->from.is_day && w->to.is_day &&
			w->from.days > w->to.days && !ev->has_test)
			return NEVER;
	}
	__int128 low, high;
	if (!ev->has_test || ev->aggregate != RULE_COUNT || ev->test.word == WORD_IS_NOT ||
		cell_interval(&ev->test, &low, &high) != 1)
		return SOMETIMES;
	if (high < 0 || low > high)
		return NEVER;
	return low <= 0 && high >= (__int128)1000000 * INT64_MAX ? ALWAYS : SOMETIMES;
}

static enum truth
leaf_truth(const struct rule_node *node)
{
	switch (node->op) {
	case RULE_FIELD:
		return is_reversed(&node->test) || is_nothing(&node->test) ? NEVER
									   : SOMETIMES;
	case RULE_EVENT:
		return event_truth(&node->event);
	case RULE_EVERYONE:
		return ALWAYS;
	case RULE_SHARE:
		return node->percent <= 0     ? NEVER
		       : node->percent >= 100 ? ALWAYS
					      : SOMETIMES;
	default:
		return SOMETIMES;
	}
}

static void
say(struct rule *r, int line, const char *text)
{
	struct val w = val_map(r->arena);
	val_put(r->arena, &w, "line", val_int(line));
	val_put(r->arena, &w, "text", val_text(text));
	for (size_t i = 0; i < r->warnings.list->n; i++)
		if (val_same(&r->warnings.list->at[i], &w))
			return; /* a shared condition is walked through more than once */
	val_push(r->arena, &r->warnings, w);
}

/* Two parts of an and that exclude each other, of an or that leave nobody out: said with their lines. */
static bool
pair_decides(struct rule *r, const struct rule_node *node)
{
	for (size_t i = 0; i < node->item_n; i++)
		for (size_t k = i + 1; k < node->item_n; k++) {
			const struct rule_node *x = &r->nodes[node->items[i]],
					       *y = &r->nodes[node->items[k]];
			if (node->op == RULE_AND ? !excludes(r, x, y)
						 : !is_opposite(r, x, y))
				continue;
			int first = x->line < y->line ? x->line : y->line,
			    second = x->line < y->line ? y->line : x->line;
			say(r, second,
				arena_printf(r->arena,
					node->op == RULE_AND
						? "lines %d and %d exclude each other: "
						  "nobody is both"
						: "lines %d and %d together mean everybody",
					first, second));
			return true;
		}
	return false;
}

static enum truth
truth_of(struct rule *r, int place)
{
	const struct rule_node *node = &r->nodes[place];
	if (node->op == RULE_NOT) {
		enum truth t = truth_of(r, node->items[0]);
		return t == NEVER ? ALWAYS : t == ALWAYS ? NEVER : SOMETIMES;
	}
	if (eval_is_leaf(node)) {
		enum truth t = leaf_truth(node);
		if (t != SOMETIMES && node->op != RULE_EVERYONE)
			say(r, node->line,
				t == NEVER ? "this never holds for anybody"
					   : "this always holds for everybody");
		return t;
	}
	enum truth decides = node->op == RULE_AND ? NEVER : ALWAYS,
		   other = node->op == RULE_AND ? ALWAYS : NEVER;
	bool decided = false;
	size_t others = 0;
	for (size_t i = 0; i < node->item_n; i++) {
		enum truth t = truth_of(r, node->items[i]);
		decided = decided || t == decides;
		others += t == other;
	}
	if (decided || pair_decides(r, node))
		return decides;
	return others == node->item_n ? other : SOMETIMES;
}

void
rule_check(struct rule *r)
{
	enum truth t = truth_of(r, r->root);
	if (t == NEVER)
		say(r, r->nodes[r->root].line, "this rule means nobody, whatever comes");
}
