/* See rule.h. The prelude lua/segment/rule.lua checks the words, this file the names, types, dates and durations. */
#include "segment/rule.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/settings.h"
#include "base/str.h"
#include "event/type.h"
#include "script/box.h"
#include "segment/rule_parts.h"

#include <stdlib.h>
#include <string.h>

struct compile {
	struct rule *r;
	struct arena *a;
	struct box *box;
	const struct rule_names *names;
	const struct val *from; /* the prelude's list of nodes */
	bool *done;
	struct val fields, events, segments, campaigns, scenarios;
	bool has_days; /* something is reckoned in days of the person's zone */
	struct err *e;
};

static void
note(struct arena *a, struct val *list, struct text t)
{
	for (size_t i = 0; i < list->list->n; i++)
		if (text_same(list->list->at[i].text, t))
			return;
	val_push(a, list, val_bytes(arena_text(a, t.at, t.n), t.n));
}

static void
warn(struct compile *c, int line, const char *text)
{
	struct val w = val_map(c->a);
	val_put(c->a, &w, "line", val_int(line));
	val_put(c->a, &w, "text", val_text(text));
	for (size_t i = 0; i < c->r->warnings.list->n; i++)
		if (val_same(&c->r->warnings.list->at[i], &w))
			return;
	val_push(c->a, &c->r->warnings, w);
}

static struct text
copied(struct compile *c, const struct val *v)
{
	struct text t = val_as_text(v);
	return (struct text){arena_text(c->a, t.at, t.n), t.n};
}

static int
line_of(const struct val *v)
{
	return (int)val_as_int(val_get(v, "line"), 0);
}

/* The type of a field, or an error with the nearest name. */
static const char *
field_type(struct compile *c, struct text name, int line)
{
	const char *type = c->names->field_type != NULL
				   ? c->names->field_type(c->names->obj, name)
				   : NULL;
	if (type != NULL) {
		note(c->a, &c->fields, name);
		return type;
	}
	size_t n = 0;
	const char *const *all = c->names->field_all != NULL
					 ? c->names->field_all(c->a, c->names->obj, &n)
					 : NULL;
	const char *near = n > 0 ? text_nearest(name, all, n) : NULL;
	rule_err(c->e, line, "there is no field \"%.*s\"%s%s%s", (int)text_cut(name, 64).n,
		name.at, near != NULL ? ", did you mean \"" : "", near != NULL ? near : "",
		near != NULL ? "\"?" : "");
	snprintf(c->e->field, sizeof c->e->field, "rule");
	return NULL;
}

static int
read_filters(struct compile *c, const struct val *list, struct rule_event *out)
{
	size_t n = list != NULL && list->kind == VAL_LIST ? list->list->n : 0;
	out->filters = arena_array(c->a, n + 1, sizeof *out->filters);
	for (size_t i = 0; i < n; i++) {
		const struct val *f = &list->list->at[i];
		out->filters[i].prop = copied(c, val_get(f, "prop"));
		if (rule_test_read(c->a, val_get(f, "test"), &out->filters[i].test, c->e) <
			0)
			return -1;
		enum rule_word word = out->filters[i].test.word;
		if (word == WORD_WITHIN_LAST || word == WORD_WITHIN_NEXT)
			c->r->depends |= RULE_ON_TIME;
	}
	out->filter_n = n;
	return 0;
}

static int
read_windows(struct compile *c, const struct val *list, struct rule_event *out)
{
	size_t n = list != NULL && list->kind == VAL_LIST ? list->list->n : 0;
	out->windows = arena_array(c->a, n + 1, sizeof *out->windows);
	for (size_t i = 0; i < n; i++) {
		const struct val *w = &list->list->at[i], *within = val_get(w, "within");
		struct rule_window *into = &out->windows[i];
		int line = line_of(w);
		if (within != NULL) {
			if (rule_span_read(val_as_text(within), "within", line,
				    &into->span_us, c->e) < 0)
				return -1;
			c->r->depends |= RULE_ON_TIME;
			continue;
		}
		c->has_days = true;
		if (rule_moment_read(val_as_text(val_get(w, "from")), "between", line,
			    &into->from, c->e) < 0 ||
			rule_moment_read(val_as_text(val_get(w, "to")), "between", line,
				&into->to, c->e) < 0)
			return -1;
	}
	out->window_n = n;
	return 0;
}

static enum rule_aggregate
aggregate_of(const struct val *v)
{
	static const char *const names[] = {
		"", "count", "sum", "avg", "min", "max", "most", "first", "last"};
	struct text t = val_as_text(v);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (text_is(t, names[i]))
			return (enum rule_aggregate)i;
	return RULE_EXISTS;
}

static bool
is_clock_word(enum rule_word word)
{
	return word == WORD_WITHIN_LAST || word == WORD_WITHIN_NEXT ||
	       word == WORD_ANNIVERSARY || word == WORD_CHANGED;
}

static void
event_named(struct compile *c, struct rule_event *out, struct text type)
{
	out->types = arena_array(c->a, 1, sizeof *out->types);
	out->types[0] = (struct text){arena_text(c->a, type.at, type.n), type.n};
	out->type_n = 1;
	note(c->a, &c->events, type);
}

static int
read_event(struct compile *c, const struct val *v, struct rule_event *out)
{
	struct text written = val_as_text(val_get(v, "type")),
		    type = event_type_name(written);
	out->line = line_of(v);
	event_named(c, out, type);
	if (c->names->event_known != NULL && !c->names->event_known(c->names->obj, type))
		warn(c, out->line,
			arena_printf(c->a, "no event \"%.*s\" has come yet",
				(int)text_cut(written, 100).n, written.at));
	if (read_filters(c, val_get(v, "filters"), out) < 0 ||
		read_windows(c, val_get(v, "windows"), out) < 0)
		return -1;
	out->aggregate = aggregate_of(val_get(v, "aggregate"));
	out->prop = copied(c, val_get(v, "prop"));
	const struct val *test = val_get(v, "test");
	out->has_test = test != NULL;
	if (test == NULL)
		return 0;
	if (rule_test_read(c->a, test, &out->test, c->e) < 0)
		return -1;
	if (is_clock_word(out->test.word))
		c->r->depends |= RULE_ON_TIME;
	c->has_days = c->has_days || out->test.word >= WORD_BETWEEN;
	bool is_time = out->prop.n == 0 &&
		       (out->aggregate == RULE_FIRST || out->aggregate == RULE_LAST);
	if (is_time && out->test.word == WORD_BETWEEN &&
		out->test.values[0].kind != RULE_TEXT)
		return rule_err(
			c->e, out->test.line, "between of a time expects two dates");
	return 0;
}

static int
read_sequence(struct compile *c, const struct val *v, struct rule_node *out)
{
	const struct val *steps = val_get(v, "steps");
	out->step_n = val_len(steps);
	out->steps = arena_array(c->a, out->step_n + 1, sizeof *out->steps);
	for (size_t i = 0; i < out->step_n; i++) {
		const struct val *step = &steps->list->at[i],
				 *within = val_get(step, "within");
		if (read_event(c, val_get(step, "event"), &out->steps[i].event) < 0)
			return -1;
		if (within != NULL &&
			rule_span_read(val_as_text(within), "then_", out->line,
				&out->steps[i].within_us, c->e) < 0)
			return -1;
	}
	out->cost = 30;
	return 0;
}

static int
read_segment(struct compile *c, const struct val *v, struct rule_node *out)
{
	const struct rule_names *names = c->names;
	struct text name = val_as_text(val_get(v, "name"));
	if (names->segment_find == NULL ||
		names->segment_find(names->obj, name, &out->id) != 1)
		return rule_err(c->e, out->line, "there is no segment \"%.*s\"",
			(int)text_cut(name, 100).n, name.at);
	if (names->self_segment != 0 &&
		(out->id == names->self_segment ||
			(names->segment_uses != NULL &&
				names->segment_uses(
					names->obj, out->id, names->self_segment))))
		return rule_err(c->e, out->line,
			"segment \"%.*s\" asks for this one: segments cannot go in a "
			"circle",
			(int)text_cut(name, 100).n, name.at);
	if (names->segment_archived != NULL && names->segment_archived(names->obj, out->id))
		warn(c, out->line,
			arena_printf(c->a,
				"segment \"%.*s\" is archived: nobody enters or leaves it",
				(int)text_cut(name, 100).n, name.at));
	note(c->a, &c->segments, val_id(c->a, out->id).text);
	return 0;
}

/* Events of a type whose property prop is an id. */
static void
event_of(struct compile *c, struct rule_event *out, const char *type, const char *prop,
	int64_t id, int line)
{
	out->line = line;
	event_named(c, out, text_of(type));
	out->filters = arena_array(c->a, 1, sizeof *out->filters);
	out->filter_n = 1;
	out->filters[0].prop = text_of(prop);
	struct rule_test *t = &out->filters[0].test;
	t->word = WORD_IS;
	t->values = arena_array(c->a, 1, sizeof *t->values);
	t->values[0] = (struct rule_value){
		.kind = RULE_TEXT, .fold = val_id(c->a, id).text};
	t->n = 1;
}

/* campaign and scenario are events of ours that carry their id. */
static int
read_sent(struct compile *c, const struct val *v, struct rule_node *out, bool is_campaign)
{
	static const char *const types[][2] = {{"received", "email_sent"},
		{"opened", "email_open"}, {"clicked", "email_click"},
		{"bounced", "email_bounce"}, {"unsubscribed", "email_unsubscribe"},
		{"entered", "scenario_entered"}, {"finished", "scenario_finished"}};
	const struct rule_names *names = c->names;
	struct text name = val_as_text(val_get(v, "name")),
		    state = val_as_text(val_get(v, "state"));
	int (*find)(void *, struct text, int64_t *) = is_campaign ? names->campaign_find
								  : names->scenario_find;
	const char *kind = is_campaign ? "campaign" : "scenario";
	int64_t id;
	if (find == NULL || find(names->obj, name, &id) != 1)
		return rule_err(c->e, out->line, "there is no %s \"%.*s\"", kind,
			(int)text_cut(name, 100).n, name.at);
	size_t at = is_campaign ? 0 : 5;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (text_is(state, types[i][0]))
			at = i;
	note(c->a, is_campaign ? &c->campaigns : &c->scenarios, val_id(c->a, id).text);
	out->cost = 20;
	if (text_is(state, "running")) {
		out->op = RULE_RUNNING;
		out->step_n = 2;
		out->steps = arena_array(c->a, 2, sizeof *out->steps);
		event_of(c, &out->steps[0].event, "scenario_entered", kind, id, out->line);
		event_of(c, &out->steps[1].event, "scenario_finished", kind, id, out->line);
		out->steps[0].event.aggregate = out->steps[1].event.aggregate = RULE_COUNT;
		return 0;
	}
	out->op = RULE_EVENT;
	event_of(c, &out->event, types[at][1], kind, id, out->line);
	return 0;
}

static int
read_where(struct compile *c, const struct val *v, struct rule_node *out)
{
	const struct val *text = val_get(v, "text");
	struct val names = val_list(c->a);
	out->fn = (int)val_as_int(val_get(v, "fn"), -1);
	out->cost = 1000;
	c->r->has_where = true;
	if (text != NULL) {
		out->fn = -1;
		out->name = copied(c, text);
		rule_expression_names(c->a, out->name, &names);
	} else if (rule_reads(c->a, c->r->source, (int)val_as_int(val_get(v, "first"), 1),
			   (int)val_as_int(val_get(v, "last"), 1),
			   val_as_text(val_get(v, "param")), &names))
		c->r->depends |= RULE_ON_ALL_FIELDS;
	for (size_t i = 0; i < names.list->n; i++) {
		struct text name = names.list->at[i].text;
		bool is_field = c->names->field_type != NULL &&
				c->names->field_type(c->names->obj, name) != NULL;
		if (text != NULL && !is_field && box_knows(c->box, name))
			continue;
		if (field_type(c, name, out->line) == NULL)
			return -1;
	}
	return 0;
}

static int
read_field(struct compile *c, const struct val *v, struct rule_node *out)
{
	out->name = copied(c, val_get(v, "name"));
	const char *type = field_type(c, out->name, out->line);
	if (type == NULL ||
		rule_test_read(c->a, val_get(v, "test"), &out->test, c->e) < 0 ||
		rule_test_fits(&out->test, out->name, type, c->e) < 0)
		return -1;
	out->is_list = strcmp(type, "list") == 0 || strcmp(type, "multichoice") == 0;
	if (is_clock_word(out->test.word))
		c->r->depends |= RULE_ON_TIME;
	c->has_days = c->has_days || strncmp(type, "date", 4) == 0;
	out->cost = out->test.word == WORD_CONTAINS || out->test.word == WORD_MATCHES ? 5
										      : 2;
	return 0;
}

static int read_node(struct compile *c, int place);

static void
add_item(struct compile *c, struct rule_node *out, int item)
{
	struct rule_node *nodes = c->r->nodes;
	size_t at = out->item_n++;
	/* the cheapest first; as written among equals */
	for (; at > 0 && nodes[out->items[at - 1]].cost > nodes[item].cost; at--)
		out->items[at] = out->items[at - 1];
	out->items[at] = item;
	out->cost += nodes[item].cost;
}

/* a & b & c is one "and" of three. */
static int
read_items(struct compile *c, const struct val *v, struct rule_node *out)
{
	const struct val *items = val_get(v, "items");
	size_t n = 0;
	for (size_t i = 0; i < val_len(items); i++) {
		int item = (int)val_as_int(&items->list->at[i], 1) - 1;
		if (read_node(c, item) < 0)
			return -1;
		const struct rule_node *inner = &c->r->nodes[item];
		n += inner->op == out->op && out->op != RULE_NOT ? inner->item_n : 1;
	}
	out->items = arena_array(c->a, n + 1, sizeof *out->items);
	for (size_t i = 0; i < val_len(items); i++) {
		int item = (int)val_as_int(&items->list->at[i], 1) - 1;
		const struct rule_node *inner = &c->r->nodes[item];
		if (inner->op == out->op && out->op != RULE_NOT)
			for (size_t k = 0; k < inner->item_n; k++)
				add_item(c, out, inner->items[k]);
		else
			add_item(c, out, item);
	}
	return 0;
}

static int
read_leaf(struct compile *c, const struct val *v, struct text op, struct rule_node *out)
{
	if (text_is(op, "field")) {
		out->op = RULE_FIELD;
		return read_field(c, v, out);
	}
	if (text_is(op, "event")) {
		out->op = RULE_EVENT;
		out->cost = 20;
		return read_event(c, v, &out->event);
	}
	if (text_is(op, "sequence")) {
		out->op = RULE_SEQUENCE;
		return read_sequence(c, v, out);
	}
	if (text_is(op, "segment")) {
		out->op = RULE_SEGMENT;
		return read_segment(c, v, out);
	}
	if (text_is(op, "campaign") || text_is(op, "scenario"))
		return read_sent(c, v, out, text_is(op, "campaign"));
	must(text_is(op, "where"));
	out->op = RULE_WHERE;
	return read_where(c, v, out);
}

static int
read_node(struct compile *c, int place)
{
	struct rule_node *out = &c->r->nodes[place];
	if (c->done[place])
		return 0;
	c->done[place] = true;
	const struct val *v = &c->from->list->at[place];
	struct text op = val_as_text(val_get(v, "op"));
	out->line = line_of(v);
	out->cost = 1;
	if (text_is(op, "and") || text_is(op, "or") || text_is(op, "not")) {
		out->op = text_is(op, "and")  ? RULE_AND
			  : text_is(op, "or") ? RULE_OR
					      : RULE_NOT;
		return read_items(c, v, out);
	}
	if (text_is(op, "known")) {
		c->r->depends |= RULE_ON_KNOWN;
		out->op = RULE_KNOWN;
	} else if (text_is(op, "everyone")) {
		out->op = RULE_EVERYONE;
	} else if (text_is(op, "consent")) {
		c->r->depends |= RULE_ON_CONSENT;
		out->op = RULE_CONSENT;
		out->name = copied(c, val_get(v, "channel"));
	} else if (text_is(op, "reachable")) {
		c->r->depends |= RULE_ON_CONSENT;
		out->op = RULE_REACHABLE;
		out->name = copied(c, val_get(v, "channel"));
		note(c->a, &c->fields,
			text_of(text_is(out->name, "email") ? "email"
				: text_is(out->name, "sms") || text_is(out->name, "viber")
					? "phone"
				: text_is(out->name, "push") ? "push_token"
							     : "chat_id"));
	} else if (text_is(op, "near")) {
		out->op = RULE_NEAR;
		c->r->depends |= RULE_ON_ALL_FIELDS;
		out->lat = val_as_num(val_get(v, "lat"), 0);
		out->lon = val_as_num(val_get(v, "lon"), 0);
		out->km = val_as_num(val_get(v, "km"), 0);
		out->cost = 10;
	} else if (text_is(op, "share")) {
		out->op = RULE_SHARE;
		out->percent = val_as_num(val_get(v, "percent"), 0);
		out->name = copied(c, val_get(v, "salt"));
		out->cost = 10;
	} else
		return read_leaf(c, v, op, out);
	return 0;
}

static void
gather(struct compile *c)
{
	struct rule *r = c->r;
	if (c->has_days)
		note(c->a, &c->fields, text_of("timezone"));
	r->uses = val_map(c->a);
	val_put(c->a, &r->uses, "fields", c->fields);
	val_put(c->a, &r->uses, "events", c->events);
	val_put(c->a, &r->uses, "segments", c->segments);
	val_put(c->a, &r->uses, "campaigns", c->campaigns);
	val_put(c->a, &r->uses, "scenarios", c->scenarios);
}

static int
build(struct compile *c, const struct val *tree)
{
	struct rule *r = c->r;
	c->from = val_get(tree, "nodes");
	r->n = val_len(c->from);
	must(r->n > 0 && c->from->kind == VAL_LIST);
	r->nodes = arena_array(c->a, r->n, sizeof *r->nodes);
	c->done = arena_array(c->a, r->n, sizeof *c->done);
	r->root = (int)val_as_int(val_get(tree, "root"), 1) - 1;
	if (read_node(c, r->root) < 0)
		return -1;
	gather(c);
	rule_check(r);
	return 0;
}

/* "<eof> expected near 'field'" is what a forgotten & looks like to Lua. */
static void
explain(struct err *e)
{
	size_t n = strlen(e->text);
	if (e->code == ERR_INPUT && strncmp(e->text, "<eof> expected near", 19) == 0)
		snprintf(e->text + n, sizeof e->text - n,
			": is there an & or | missing in front of it?");
}

int
rule_compile(struct text source, const struct settings *s, const struct rule_names *names,
	struct rule **out, struct err *e)
{
	struct arena *a = arena_new();
	struct rule *r = arena_alloc(a, sizeof *r);
	struct compile c = {.r = r, .a = a, .names = names, .e = e};
	struct val *lists[] = {&c.fields, &c.events, &c.segments, &c.campaigns,
		&c.scenarios, &r->warnings};
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		*lists[i] = val_list(a);
	r->arena = a;
	r->source = (struct text){arena_text(a, source.at, source.n), source.n};
	c.box = box_new(BOX_RULE, s, 0, 1);
	struct val tree;
	int rc = box_prelude(c.box, s, "segment/rule.lua", e);
	if (rc == 0)
		rc = box_run(a, c.box, r->source, "rule", NULL, &tree, e);
	int or_line = rc == 0 ? rule_or_line(r->source) : 0;
	if (or_line > 0)
		rc = rule_err(e, or_line,
			"conditions are joined with |, not with or: what stands behind or "
			"would never be asked");
	else if (rc == 0)
		rc = build(&c, &tree);
	else
		explain(e);
	box_free(c.box);
	if (rc < 0) {
		if (e->field[0] == '\0')
			snprintf(e->field, sizeof e->field, "rule");
		arena_free(a);
		return -1;
	}
	*out = r;
	return 0;
}

void
rule_free(struct rule *r)
{
	if (r != NULL)
		arena_free(r->arena);
}

const struct val *
rule_warnings(const struct rule *r)
{
	return &r->warnings;
}

unsigned
rule_depends(const struct rule *r)
{
	return r->depends;
}

bool
rule_goes_by_row(const struct rule *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->nodes[i].op == RULE_WHERE)
			return true;
	return false;
}

static bool
uses(const struct rule *r, const char *what, struct text name)
{
	const struct val *list = val_get(&r->uses, what);
	for (size_t i = 0; i < val_len(list); i++)
		if (text_same(list->list->at[i].text, name))
			return true;
	return false;
}

bool
rule_on_field(const struct rule *r, struct text name)
{
	return (r->depends & RULE_ON_ALL_FIELDS) != 0 || uses(r, "fields", name);
}

bool
rule_on_event(const struct rule *r, struct text type)
{
	return uses(r, "events", type);
}

bool
rule_on_segment(const struct rule *r, int64_t segment_id)
{
	char id[24];
	snprintf(id, sizeof id, "%lld", (long long)segment_id);
	return uses(r, "segments", text_of(id));
}

const struct val *
rule_uses(const struct rule *r)
{
	return &r->uses;
}
