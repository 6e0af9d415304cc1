/* See steps.h. */
#include "ui/steps.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "ui/event_view.h"
#include "web/page.h"

enum { DEPTH_MAX = 12 };

struct picture {
	struct web *w;
	const struct val *figures;
	struct val rows;
	int number; /* of the next step, in the order of reading */
};

static struct val
row(struct picture *p, int depth, const char *icon, struct text title, struct text detail)
{
	struct val v = val_map(p->w->arena);
	val_put(p->w->arena, &v, "depth", val_int(depth < DEPTH_MAX ? depth : DEPTH_MAX));
	val_put(p->w->arena, &v, "icon", val_text(icon));
	val_put(p->w->arena, &v, "title", val_of(title));
	val_put(p->w->arena, &v, "detail", val_of(detail));
	return v;
}

/* "2 days", "1 hour": the largest unit that fits. */
static struct text
duration(struct web *w, int64_t us)
{
	static const struct {
		int64_t us;
		const char *key;
	} units[] = {
		{DAY_US, T_("span.days")},
		{HOUR_US, T_("span.hours")},
		{MINUTE_US, T_("span.minutes")},
		{SECOND_US, T_("span.seconds")},
	};
	struct val args = val_map(w->arena);
	for (size_t i = 0; i < 4; i++)
		if (us >= units[i].us && us % units[i].us == 0) {
			val_put(w->arena, &args, "n", val_int(us / units[i].us));
			return page_say(w, units[i].key, &args);
		}
	val_put(w->arena, &args, "n", val_int(us / SECOND_US));
	return page_say(w, T_("span.seconds"), &args);
}

/* What an EVENT is called, and its conditions as one line. */
static struct text
event_title(struct web *w, const struct val *event)
{
	const struct val *segment = val_get(event, "segment");
	if (segment != NULL) {
		struct val args = val_map(w->arena);
		val_put(w->arena, &args, "name", *segment);
		return page_say(w, T_("step.segment"), &args);
	}
	return event_title_of(w, val_as_text(val_get(event, "event")));
}

static struct text
event_detail(struct web *w, const struct val *event)
{
	static const struct {
		const char *op, *sign;
	} signs[] = {{"is", "="}, {"is_not", "\u2260"}, {"more", ">"}, {"less", "<"},
		{"at_least", "\u2265"}, {"at_most", "\u2264"}};
	const struct val *where = val_get(event, "where");
	struct str s = str_new(w->arena);
	for (size_t i = 0; i < val_len(where); i++) {
		const struct val *c = &where->list->at[i];
		struct text op = val_as_text(val_get(c, "op"));
		const struct val *value = val_get(c, "value");
		const char *sign = text_z(w->arena, op);
		for (size_t k = 0; k < sizeof signs / sizeof *signs; k++)
			if (text_is(op, signs[k].op))
				sign = signs[k].sign;
		struct text shown = value == NULL	      ? text_of(NULL)
				    : value->kind == VAL_TEXT ? value->text
							      : json_text(w->arena, value);
		struct text prop = val_as_text(val_get(c, "prop"));
		str_addf(&s, "%s%.*s %s %.*s", i > 0 ? ", " : "", (int)prop.n, prop.at,
			sign, (int)shown.n, shown.at);
	}
	return str_text(&s);
}

/* "Mon, Tue, 10:00 – 19:00" */
static struct text
window(struct web *w, const struct val *step)
{
	static const char *const names[] = {T_("day.1"), T_("day.2"), T_("day.3"),
		T_("day.4"), T_("day.5"), T_("day.6"), T_("day.7")};
	const struct val *days = val_get(step, "days");
	struct str s = str_new(w->arena);
	for (size_t i = 0; i < val_len(days) && val_len(days) < 7; i++) {
		int64_t d = val_as_int(&days->list->at[i], 0);
		if (d < 1 || d > 7)
			continue;
		str_addz(&s, s.n > 0 ? ", " : "");
		str_addt(&s, page_say(w, names[d - 1], NULL));
	}
	int64_t from = val_as_int(val_get(step, "from_s"), 0);
	int64_t to = val_as_int(val_get(step, "to_s"), 86400);
	str_addf(&s, "%s%02lld:%02lld\u2013%02lld:%02lld", s.n > 0 ? ", " : "",
		(long long)from / 3600, (long long)from / 60 % 60, (long long)to / 3600,
		(long long)to / 60 % 60);
	return str_text(&s);
}

static struct text
with_name(struct web *w, const char *key, const struct val *name)
{
	struct val args = val_map(w->arena);
	val_put(w->arena, &args, "name", name != NULL ? *name : val_null());
	return page_say(w, key, &args);
}

static struct val
step_row(struct picture *p, const struct val *step, int depth)
{
	struct web *w = p->w;
	struct text op = val_as_text(val_get(step, "op")), none = text_of("");
	int64_t for_us = val_as_int(val_get(step, "for_us"), 0);
	const struct val *event = val_get(step, "event");
	struct val args = val_map(w->arena);
	val_put(w->arena, &args, "span", val_of(duration(w, for_us)));
	if (text_is(op, "wait"))
		return row(
			p, depth, "hourglass", page_say(w, T_("step.wait"), &args), none);
	if (text_is(op, "send"))
		return row(p, depth, "mail",
			with_name(w, T_("step.send"), val_get(step, "template")), none);
	if (text_is(op, "wait_for")) {
		val_put(w->arena, &args, "what", val_of(event_title(w, event)));
		return row(p, depth, "hand-click", page_say(w, T_("step.wait_for"), &args),
			event_detail(w, event));
	}
	if (text_is(op, "when"))
		return row(p, depth, "git-branch", page_say(w, T_("step.when"), NULL),
			val_as_text(val_get(step, "rule")));
	if (text_is(op, "at"))
		return row(p, depth, "calendar-time", page_say(w, T_("step.at"), NULL),
			window(w, step));
	return row(p, depth, "flag", page_say(w, T_("step.end"), NULL), none);
}

static void
add_steps(struct picture *p, const struct val *steps, int depth)
{
	static const char *const branches[] = {"yes", "no"};
	struct arena *a = p->w->arena;
	for (size_t i = 0; i < val_len(steps); i++) {
		const struct val *step = &steps->list->at[i];
		struct val v = step_row(p, step, depth);
		const struct val *n = val_get(
			p->figures, arena_printf(a, "step.%d", p->number++));
		if (n != NULL)
			val_put(a, &v, "n", *n);
		if (val_get(step, "line") != NULL)
			val_put(a, &v, "line", *val_get(step, "line"));
		val_push(a, &p->rows, v);
		for (size_t k = 0; k < 2; k++) {
			const struct val *branch = val_get(step, branches[k]);
			if (branch == NULL || depth >= DEPTH_MAX)
				continue;
			const char *key = k == 0 ? T_("step.branch_yes")
						 : T_("step.branch_no");
			struct val name = row(p, depth + 1, "point",
				page_say(p->w, key, NULL), text_of(""));
			val_put(a, &name, "branch", val_text(branches[k]));
			val_push(a, &p->rows, name);
			add_steps(p, branch, depth + 1);
		}
	}
}

struct val
steps_rows(struct web *w, const struct val *tree, const struct val *figures)
{
	struct picture p = {.w = w, .figures = figures, .rows = val_list(w->arena)};
	const struct val *on = val_get(tree, "on"), *stop = val_get(tree, "stop");
	const struct val *entered = val_get(figures, "entered");
	struct val first = row(&p, 0, "bolt", event_title(w, on), event_detail(w, on));
	if (entered != NULL)
		val_put(w->arena, &first, "n", *entered);
	val_put(w->arena, &first, "start", val_bool(true));
	val_push(w->arena, &p.rows, first);
	add_steps(&p, val_get(tree, "steps"), 0);
	if (stop != NULL) {
		struct val args = val_map(w->arena);
		val_put(w->arena, &args, "what", val_of(event_title(w, stop)));
		struct val last = row(&p, 0, "logout", page_say(w, T_("step.stop"), &args),
			event_detail(w, stop));
		const struct val *stopped = val_get(figures, "stopped");
		if (stopped != NULL)
			val_put(w->arena, &last, "n", *stopped);
		val_put(w->arena, &last, "stop", val_bool(true));
		val_push(w->arena, &p.rows, last);
	}
	return p.rows;
}
