/* See program.h. */
#include "scenario/program.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "scenario/compile.h"

#include <string.h>

static int
steps_in(const struct val *list)
{
	int n = 0;
	for (size_t i = 0; i < val_len(list); i++)
		n += 1 + steps_in(val_get(&list->list->at[i], "yes")) +
		     steps_in(val_get(&list->list->at[i], "no"));
	return n;
}

static int
read_matcher(const struct val *v, struct matcher *out)
{
	const struct val *segment = val_get(v, "segment_id");
	out->where = val_get(v, "where");
	out->segment_id = val_as_int(segment, 0);
	out->type = segment != NULL ? text_of("segment_entered")
				    : val_as_text(val_get(v, "event"));
	return out->type.n > 0 && (segment == NULL || out->segment_id != 0) ? 0 : -1;
}

static unsigned
read_days(const struct val *list)
{
	unsigned days = 0;
	for (size_t i = 0; i < val_len(list); i++) {
		int64_t day = val_as_int(&list->list->at[i], 0);
		if (day >= 1 && day <= 7)
			days |= 1u << day;
	}
	return days != 0 ? days : 0xfe;
}

static int
bad_step(const struct val *v, const char *what, struct err *e)
{
	err_set(e, ERR_INPUT, "%s", what);
	e->line = (int)val_as_int(val_get(v, "line"), 0);
	return -1;
}

static int read_steps(
	struct program *p, const struct val *list, int base, int after, struct err *e);

static int
read_branches(struct program *p, const struct val *v, int at, struct err *e)
{
	const struct val *yes = val_get(v, "yes"), *no = val_get(v, "no");
	struct step *s = &p->steps[at];
	int yes_n = steps_in(yes), no_n = steps_in(no);
	s->yes = yes_n > 0 ? at + 1 : s->next;
	s->no = no_n > 0 ? at + 1 + yes_n : s->next;
	return read_steps(p, yes, at + 1, s->next, e) < 0 ||
			       read_steps(p, no, at + 1 + yes_n, s->next, e) < 0
		       ? -1
		       : 0;
}

static int
read_at(struct program *p, const struct val *v, struct step *s, struct err *e)
{
	p->has_at = true;
	s->days = read_days(val_get(v, "days"));
	s->from_s = (int)val_as_int(val_get(v, "from_s"), 0);
	s->to_s = (int)val_as_int(val_get(v, "to_s"), 86400);
	return s->from_s >= 0 && s->from_s < s->to_s && s->to_s <= 86400
		       ? 0
		       : bad_step(v, "a window begins before it ends, within one day", e);
}

/* A condition as a segment's text. */
static struct text
whole_rule(struct arena *a, const struct val *step)
{
	struct text rule = val_as_text(val_get(step, "rule"));
	return rule.n > 0 ? text_of(arena_printf(a, "return %.*s", (int)rule.n, rule.at))
			  : rule;
}

static int
read_step(struct program *p, const struct val *v, int at, struct err *e)
{
	static const char *const words[] = {
		"wait", "send", "wait_for", "when", "at", "end"};
	struct step *s = &p->steps[at];
	size_t op = 0;
	while (op < 6 && !text_is(val_as_text(val_get(v, "op")), words[op]))
		op++;
	if (op == 6)
		return bad_step(v, "a step that is not known", e);
	s->op = (enum step_op)op;
	s->for_us = val_as_int(val_get(v, "for_us"), 0);
	s->template_id = val_as_int(val_get(v, "template_id"), 0);
	s->rule = whole_rule(p->arena, v);
	switch (s->op) {
	case STEP_WAIT:
		return s->for_us > 0 ? 0 : bad_step(v, "how long to wait?", e);
	case STEP_SEND:
		return s->template_id > 0 ? 0 : bad_step(v, "which template to send?", e);
	case STEP_WAIT_FOR:
		if (read_matcher(val_get(v, "event"), &s->event) < 0 || s->for_us <= 0)
			return bad_step(v, "wait_for needs an event and a duration", e);
		return read_branches(p, v, at, e);
	case STEP_WHEN:
		return s->rule.n > 0 ? read_branches(p, v, at, e)
				     : bad_step(v, "when needs a condition", e);
	case STEP_AT:
		return read_at(p, v, s, e);
	default:
		return 0;
	}
}

/* The steps of a list stand from base on; behind the last one it goes on at after. */
static int
read_steps(struct program *p, const struct val *list, int base, int after, struct err *e)
{
	size_t n = val_len(list);
	for (size_t i = 0; i < n; i++) {
		const struct val *v = &list->list->at[i];
		int behind = base + 1 + steps_in(val_get(v, "yes")) +
			     steps_in(val_get(v, "no"));
		p->steps[base].next = i + 1 < n ? behind : after;
		if (read_step(p, v, base, e) < 0)
			return -1;
		base = behind;
	}
	return 0;
}

int
program_read(struct arena *a, const struct val *tree, struct program *out, struct err *e)
{
	const struct val *steps = val_get(tree, "steps"), *stop = val_get(tree, "stop");
	const struct val *again = val_get(tree, "again_us");
	*out = (struct program){.arena = a, .n = steps_in(steps)};
	if (out->n == 0 || out->n > SCENARIO_STEPS_MAX)
		return err_set(
			e, ERR_INPUT, "a scenario has 1 to %d steps", SCENARIO_STEPS_MAX);
	if (read_matcher(val_get(tree, "on"), &out->on) < 0)
		return err_set(e, ERR_INPUT, "a scenario begins on an event or a segment");
	if (!val_is_null(stop) && stop != NULL && read_matcher(stop, &out->stop) < 0)
		return err_set(e, ERR_INPUT, "stop is an event");
	out->again = again != NULL && !val_is_null(again);
	out->again_us = val_as_int(again, 0);
	out->steps = arena_array(a, (size_t)out->n, sizeof *out->steps);
	return read_steps(out, steps, 0, STEP_OVER, e);
}

/* --- conditions --- */

/* Less 0 equal greater; false when they do not compare. */
static bool
order(const struct val *x, const struct val *y, int *out)
{
	bool numbers = (x->kind == VAL_INT || x->kind == VAL_NUM) &&
		       (y->kind == VAL_INT || y->kind == VAL_NUM);
	int64_t x_us, y_us;
	if (numbers) {
		double a = val_as_num(x, 0), b = val_as_num(y, 0);
		*out = (a > b) - (a < b);
		return true;
	}
	if (x->kind != VAL_TEXT || y->kind != VAL_TEXT || time_parse(x->text, &x_us) != 1 ||
		time_parse(y->text, &y_us) != 1)
		return false;
	*out = (x_us > y_us) - (x_us < y_us);
	return true;
}

static bool
same(const struct val *x, const struct val *y)
{
	if (x->kind == VAL_TEXT && y->kind == VAL_TEXT) {
		struct arena *a = arena_new();
		bool is = text_same(text_fold(a, x->text), text_fold(a, y->text));
		arena_free(a);
		return is;
	}
	for (size_t i = 0; x->kind == VAL_LIST && y->kind != VAL_LIST && i < x->list->n;
		i++)
		if (same(&x->list->at[i], y))
			return true;
	return val_same(x, y);
}

static bool
holds_in(const struct val *x, const struct val *y, bool whole_start)
{
	if (x->kind == VAL_LIST)
		return same(x, y);
	if (x->kind != VAL_TEXT || y->kind != VAL_TEXT)
		return false;
	struct arena *a = arena_new();
	struct text t = text_fold(a, x->text), part = text_fold(a, y->text);
	bool is = part.n == 0 ||
		  (whole_start ? t.n >= part.n && memcmp(t.at, part.at, part.n) == 0
			       : t.n > 0 && memmem(t.at, t.n, part.at, part.n));
	arena_free(a);
	return is;
}

static bool
is_missing(const struct val *v)
{
	return v == NULL || v->kind == VAL_NULL || (v->kind == VAL_TEXT && v->text.n == 0);
}

/* The meanings of API.md: a missing value equals nothing and is neither more nor less than anything. */
static bool
condition_holds(const struct val *c, const struct val *props)
{
	const struct val *x, *y = val_get(c, "value");
	struct text op = val_as_text(val_get(c, "op"));
	int o;
	x = val_get_key(props, val_as_text(val_get(c, "prop")));
	if (text_is(op, "empty"))
		return is_missing(x);
	if (text_is(op, "is_not"))
		return is_missing(x) || is_missing(y) || !same(x, y);
	if (is_missing(x) || is_missing(y))
		return false;
	if (text_is(op, "is"))
		return same(x, y);
	if (text_is(op, "contains") || text_is(op, "starts"))
		return holds_in(x, y, text_is(op, "starts"));
	if (text_is(op, "one_of")) {
		for (size_t i = 0; i < val_len(y); i++)
			if (same(x, &y->list->at[i]))
				return true;
		return false;
	}
	if (!order(x, y, &o))
		return false;
	if (text_is(op, "between")) {
		const struct val *to = val_get(c, "to");
		int high;
		return o >= 0 && to != NULL && order(x, to, &high) && high <= 0;
	}
	return text_is(op, "more")	 ? o > 0
	       : text_is(op, "less")	 ? o < 0
	       : text_is(op, "at_least") ? o >= 0
	       : text_is(op, "at_most")	 ? o <= 0
					 : false;
}

bool
matcher_holds(const struct matcher *m, struct text type, const struct val *props)
{
	if (m->type.n == 0 || !text_same(m->type, type))
		return false;
	if (m->segment_id != 0 && val_as_int(val_get(props, "segment"), 0) != m->segment_id)
		return false;
	for (size_t i = 0; i < val_len(m->where); i++)
		if (!condition_holds(&m->where->list->at[i], props))
			return false;
	return true;
}

int64_t
step_window_us(const struct step *s, const struct zone *zone, int64_t at_us)
{
	for (int day = 0; day < 15; day++) {
		int64_t midnight_us = zone_day_us(zone, at_us, day);
		/* 1970-01-01 was a Thursday; weekday 1 is Monday */
		struct date d = zone_date(zone, midnight_us, NULL);
		int weekday = (int)(((date_days(d) + 3) % 7 + 7) % 7) + 1;
		if (!(s->days >> weekday & 1))
			continue;
		/* by the wall clock, also on days when clocks are changed */
		int64_t from_us = midnight_us + s->from_s * SECOND_US;
		int64_t to_us = midnight_us + s->to_s * SECOND_US;
		int64_t shift_s = zone_offset_s(zone, midnight_us);
		from_us += (shift_s - zone_offset_s(zone, from_us)) * SECOND_US;
		to_us += (shift_s - zone_offset_s(zone, to_us)) * SECOND_US;
		if (at_us < to_us)
			return at_us > from_us ? at_us : from_us;
	}
	return at_us;
}
