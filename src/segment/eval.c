/* See eval.h. The same leaf answers one row and all rows; over all, and/or go through bit sets, the cheapest part first. */
#include "segment/eval.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "script/box.h"
#include "segment/eval_parts.h"

#include <stdlib.h>
#include <string.h>

enum { LIMITS_MAX = 20, REASONS_MAX = 4 };

struct segment_eval *
segment_eval_new(const struct rule *r, struct column_base *base, const struct settings *s)
{
	struct segment_eval *v = calloc(1, sizeof *v);
	must(v != NULL);
	*v = (struct segment_eval){.r = r,
		.base = base,
		.settings = s,
		.arena = arena_new(),
		.turn = arena_new(),
		.seen_fields = SIZE_MAX};
	arena_alloc(v->turn, 16); /* so that rewinding keeps a block */
	v->resolved = arena_array(v->arena, r->n, sizeof *v->resolved);
	v->functions = arena_array(v->arena, r->n, sizeof *v->functions);
	for (size_t i = 0; i < r->n; i++) {
		const struct rule_node *node = &r->nodes[i];
		size_t n = node->step_n > 0 ? node->step_n : 1;
		struct event_names *names = arena_array(v->arena, n, sizeof *names);
		for (size_t k = 0; k < n; k++) {
			const struct rule_event *ev =
				node->step_n > 0 ? &node->steps[k].event : &node->event;
			names[k].filters = arena_array(
				v->arena, ev->filter_n + 1, sizeof(int64_t));
			v->has_filters = v->has_filters || ev->filter_n > 0;
			names[k].folds = arena_array(
				v->arena, ev->filter_n + 1, sizeof(int64_t));
		}
		v->resolved[i].events = names;
	}
	return v;
}

void
segment_eval_free(struct segment_eval *v)
{
	if (v == NULL)
		return;
	box_free(v->box);
	arena_free(v->arena);
	arena_free(v->turn);
	free(v);
}

static void
resolve_event(const struct column_base *base, const struct rule_event *ev,
	struct event_names *out)
{
	out->type = ev->type_n > 0 ? dict_find(base->types, ev->types[0]) : DICT_NONE;
	out->prop = ev->prop.n > 0 ? dict_find(base->names, ev->prop) : DICT_NONE;
	out->reach_at_us = INT64_MIN;
	for (size_t i = 0; i < ev->filter_n; i++) {
		const struct rule_test *t = &ev->filters[i].test;
		bool is_text = t->word == WORD_IS && t->n == 1 &&
			       t->values[0].kind == RULE_TEXT;
		out->filters[i] = dict_find(base->names, ev->filters[i].prop);
		out->folds[i] = is_text ? dict_find(base->folds, t->values[0].fold)
					: EVENT_NO_FOLD;
	}
}

/* Names to numbers, again when the base met new ones. */
static void
resolve(struct segment_eval *v)
{
	struct column_base *base = v->base;
	size_t fields = base->field_n, names = dict_count(base->names),
	       types = dict_count(base->types), folds = dict_count(base->folds);
	if (v->seen_fields == fields && v->seen_names == names && v->seen_types == types &&
		(v->seen_folds == folds || !v->has_filters))
		return;
	v->seen_fields = fields, v->seen_names = names, v->seen_types = types;
	v->seen_folds = folds;
	for (size_t i = 0; i < v->r->n; i++) {
		const struct rule_node *node = &v->r->nodes[i];
		const struct column_field *f =
			node->op == RULE_FIELD ? column_field_find(base, node->name) : NULL;
		v->resolved[i].field = f != NULL ? f - base->fields : -1;
		if (node->op == RULE_EVENT)
			resolve_event(base, &node->event, v->resolved[i].events);
		for (size_t k = 0; k < node->step_n; k++)
			resolve_event(
				base, &node->steps[k].event, &v->resolved[i].events[k]);
	}
}

static int
functions_load(struct segment_eval *v, struct err *e)
{
	const struct rule *r = v->r;
	struct arena_mark mark = arena_mark(v->turn);
	struct val ignored;
	box_free(v->box);
	v->box = box_new(BOX_RULE, v->settings, 0, 1);
	int rc = box_prelude(v->box, v->settings, "segment/rule.lua", e);
	if (rc == 0)
		rc = box_run(v->turn, v->box, r->source, "rule", NULL, &ignored, e);
	size_t n;
	const struct box_ref *kept = box_kept(v->box, &n);
	for (size_t i = 0; rc == 0 && i < r->n; i++) {
		const struct rule_node *node = &r->nodes[i];
		if (node->op != RULE_WHERE)
			continue;
		if (node->fn < 0)
			rc = box_load_expression(
				v->box, node->name, "where", &v->functions[i], e);
		else if ((size_t)node->fn < n)
			v->functions[i] = kept[node->fn];
	}
	arena_rewind(v->turn, mark);
	if (rc < 0) {
		box_free(v->box);
		v->box = NULL;
	}
	return rc;
}

struct person {
	const struct column_base *base;
	const struct rule *rule;
	size_t row;
};

static int
read_field(struct arena *a, void *obj, struct text key, struct val *out)
{
	const struct person *p = obj;
	const struct column_field *f = column_field_find(p->base, key);
	if (f != NULL) {
		*out = column_cell(a, p->base, f, p->row);
		return 1;
	}
	/* a field nobody has yet is missing, even if a word of the library has its name */
	const struct val *fields = val_get(&p->rule->uses, "fields");
	for (size_t i = 0; i < val_len(fields); i++)
		if (text_same(fields->list->at[i].text, key))
			return 1;
	return 0;
}

/* An error means false, counted and shown; only limits used up again and again, or no box at all, end the question. */
static int
where_eval(struct segment_eval *v, int place, size_t row, bool *yes, struct err *e)
{
	struct person p = {v->base, v->r, row};
	*yes = false;
	if ((v->box == NULL || box_is_spent(v->box)) && functions_load(v, e) < 0)
		return -1;
	int rc = box_test(v->box, v->functions[place], read_field, &p, e);
	if (rc >= 0) {
		*yes = rc;
		return 0;
	}
	if (e->code == ERR_BUSY)
		return -1;
	const struct rule_node *node = &v->r->nodes[place];
	int line = node->fn < 0 && e->line > 0
			   ? node->line + e->line - 1 /* an expression */
		   : e->line > 0 ? e->line
				 : node->line;
	if (v->errors++ == 0)
		snprintf(v->first, sizeof v->first, "line %d: %s", line, e->text);
	if (e->code == ERR_LIMIT && ++v->limits > LIMITS_MAX)
		return err_set(e, ERR_LIMIT,
			"where() used up its limits for %d people: it is too slow",
			v->limits);
	return 0;
}

static bool
is_near(const struct segment_eval *v, const struct rule_node *node, size_t row)
{
	const struct column_base *base = v->base;
	double rad = acos(-1) / 180;
	for (size_t i = 0; i < base->field_n; i++) {
		if (base->fields[i].kind != COLUMN_GEO)
			continue;
		struct column_point p =
			((const struct column_point *)base->fields[i].cells)[row];
		if (isnan(p.lat))
			continue;
		double dlat = sin((p.lat - node->lat) * rad / 2),
		       dlon = sin((p.lon - node->lon) * rad / 2);
		double h = dlat * dlat +
			   cos(p.lat * rad) * cos(node->lat * rad) * dlon * dlon;
		if (2 * 6371.0088 * asin(sqrt(h > 1 ? 1 : h)) <=
			node->km) /* mean radius, IUGG */
			return true;
	}
	return false;
}

static bool
is_in_share(const struct segment_eval *v, const struct rule_node *node, size_t row)
{
	struct arena_mark mark = arena_mark(v->turn);
	const char *key = arena_printf(v->turn, "share %.*s %lld", (int)node->name.n,
		node->name.at, (long long)v->base->ids[row]);
	uint64_t place = (uint64_t)sign_hash64(text_of(key)) % 1000000;
	arena_rewind(v->turn, mark);
	return (double)place < node->percent * 10000;
}

static bool
is_member(const struct column_members *m, size_t row)
{
	return m != NULL && row / 64 < m->word_n && (m->words[row / 64] >> (row % 64) & 1);
}

/* When a field last changed, seen from an instant in the past; INT64_MIN: not before it. */
static int64_t
changed_before(const struct column_base *base, const struct column_field *f, size_t row,
	int64_t at_us)
{
	size_t n;
	if (f->changed_us[row] <= at_us)
		return f->changed_us[row];
	const struct column_event *changes = column_changes(
		base, row, (size_t)(f - base->fields), &n);
	size_t at = event_lower(changes, n, later(at_us, 1));
	const struct column_prop *since = at < n ? column_prop(base, &changes[at], 1)
						 : NULL;
	int64_t since_us = since != NULL ? column_wide(base, since) : INT64_MIN;
	return since_us <= at_us ? since_us : INT64_MIN;
}

static bool
field_eval(const struct segment_eval *v, const struct rule_node *node, int64_t field,
	size_t row, const struct moment *m, int64_t *until_us, struct cell *seen)
{
	const struct column_field *f = field >= 0 ? &v->base->fields[field] : NULL;
	*seen = m->is_past ? cell_of_field_at(v->base, f, row, m->now_us)
			   : cell_of_field(v->base, f, row);
	if (node->test.word != WORD_CHANGED)
		return cell_test(v->base, &node->test, seen, m, until_us);
	struct cell c = {.kind = CELL_MISSING, .den = 1};
	if (f != NULL && f->changed_us != NULL && f->changed_us[row] != INT64_MIN) {
		c.kind = CELL_TIME;
		c.us = m->is_past ? changed_before(v->base, f, row, m->now_us)
				  : f->changed_us[row];
	}
	if (c.us == INT64_MIN)
		c.kind = CELL_MISSING;
	return cell_test(v->base, &node->test, &c, m, until_us);
}

/* Entered more often than finished. */
static bool
is_running(const struct segment_eval *v, const struct rule_node *node,
	struct event_names *names, size_t row, const struct moment *m, int64_t *until_us,
	struct cell *seen)
{
	struct cell ended;
	event_eval(
		v->turn, v->base, &node->steps[0].event, &names[0], row, m, until_us, seen);
	event_eval(v->turn, v->base, &node->steps[1].event, &names[1], row, m, until_us,
		&ended);
	return seen->kind == CELL_NUMBER &&
	       seen->num > (ended.kind == CELL_NUMBER ? ended.num : 0);
}

int
eval_leaf(struct segment_eval *v, int place, size_t row, int64_t now_us, bool *yes,
	int64_t *until_us, struct cell *seen, struct err *e)
{
	const struct rule_node *node = &v->r->nodes[place];
	const struct resolved *names = &v->resolved[place];
	struct column_base *base = v->base;
	struct moment m = {now_us, column_zone(base, row), v->is_past};
	*until_us = SEGMENT_NEVER;
	*seen = (struct cell){.kind = CELL_MISSING, .den = 1};
	switch (node->op) {
	case RULE_FIELD:
		*yes = field_eval(v, node, names->field, row, &m, until_us, seen);
		return 0;
	case RULE_EVENT:
		*yes = event_eval(v->turn, base, &node->event, names->events, row, &m,
			until_us, seen);
		return 0;
	case RULE_SEQUENCE:
		*yes = sequence_eval(
			v->turn, base, node, names->events, row, &m, until_us, seen);
		return 0;
	case RULE_SEGMENT:
		*yes = is_member(column_members(base, node->id), row);
		return 0;
	case RULE_KNOWN:
		*yes = column_row_is_known(base, row);
		return 0;
	case RULE_REACHABLE:
		*yes = column_reachable(base, row, node->name);
		return 0;
	case RULE_CONSENT:
		*yes = column_consents(base, row, node->name);
		return 0;
	case RULE_RUNNING:
		*yes = is_running(v, node, names->events, row, &m, until_us, seen);
		return 0;
	case RULE_NEAR:
		*yes = is_near(v, node, row);
		return 0;
	case RULE_SHARE:
		*yes = is_in_share(v, node, row);
		return 0;
	case RULE_WHERE:
		return where_eval(v, place, row, yes, e);
	default:
		*yes = true; /* everyone() */
		return 0;
	}
}

static struct text
line_text(struct text source, int line)
{
	const char *p = source.at, *end = source.at + source.n;
	for (int i = 1; i < line && p < end; p++)
		i += *p == '\n';
	size_t n = 0;
	while (p + n < end && p[n] != '\n')
		n++;
	struct text t = text_trim((struct text){p, n});
	if (text_starts(t, "return "))
		t = text_trim((struct text){t.at + 7, t.n - 7});
	while (t.n > 0 && (*t.at == '&' || *t.at == '|'))
		t = text_trim((struct text){t.at + 1, t.n - 1});
	return text_cut(t, 160);
}

static void
give_reason(struct segment_eval *v, struct arena *a, int place, bool yes,
	const struct cell *seen)
{
	if (v->reasons->list->n >= REASONS_MAX)
		return;
	struct val reason = val_map(a);
	struct val value = cell_value(a, v->base, seen);
	int line = v->r->nodes[place].line;
	struct text said = line_text(v->r->source, line);
	val_put(a, &reason, "line", val_int(line));
	val_put(a, &reason, "condition", val_bytes(arena_text(a, said.at, said.n), said.n));
	val_put(a, &reason, "value", val_copy(a, &value));
	val_put(a, &reason, "holds", val_bool(yes));
	val_push(a, v->reasons, reason);
}

/* true AND: the least of the parts' untils; false AND: any false part's is early enough, the latest of those looked at is best; OR the
 * other way round. reasons: of what decided. */
static int
node_eval(struct segment_eval *v, struct arena *a, int place, size_t row, int64_t now_us,
	bool *yes, int64_t *until_us, struct err *e)
{
	const struct rule_node *node = &v->r->nodes[place];
	struct cell seen;
	if (eval_is_leaf(node)) {
		if (eval_leaf(v, place, row, now_us, yes, until_us, &seen, e) < 0)
			return -1;
		if (v->reasons != NULL)
			give_reason(v, a, place, *yes, &seen);
		return 0;
	}
	if (node->op == RULE_NOT) {
		if (node_eval(v, a, node->items[0], row, now_us, yes, until_us, e) < 0)
			return -1;
		*yes = !*yes;
		return 0;
	}
	bool decides = node->op == RULE_OR; /* a part with this answer is the answer */
	int64_t least = SEGMENT_NEVER, greatest = INT64_MIN;
	size_t reasons = v->reasons != NULL ? v->reasons->list->n : 0;
	bool decided = false;
	for (size_t i = 0; i < node->item_n; i++) {
		bool part;
		int64_t until;
		bool is_where = v->r->nodes[node->items[i]].cost >= EVAL_WHERE_COST;
		if (decided && is_where)
			break; /* scripts are not run only for a later until */
		size_t before = v->reasons != NULL ? v->reasons->list->n : 0;
		if (node_eval(v, a, node->items[i], row, now_us, &part, &until, e) < 0)
			return -1;
		if (part == decides) {
			if (!decided && v->reasons != NULL && before > reasons) {
				/* only what decided is the reason */
				size_t n = v->reasons->list->n - before;
				memmove(v->reasons->list->at + reasons,
					v->reasons->list->at + before,
					n * sizeof(struct val));
				v->reasons->list->n = reasons + n;
			}
			if (decided && v->reasons != NULL)
				v->reasons->list->n = before;
			decided = true;
			greatest = until > greatest ? until : greatest;
		} else {
			if (decided && v->reasons != NULL)
				v->reasons->list->n = before;
			least = until < least ? until : least;
		}
	}
	*yes = decided ? decides : !decides;
	*until_us = decided ? greatest : least;
	return 0;
}

int
segment_eval_one(struct arena *a, struct segment_eval *v, size_t row, int64_t now_us,
	struct segment_answer *out, struct err *e)
{
	struct val reasons;
	*out = (struct segment_answer){.until_us = SEGMENT_NEVER, .reason = val_null()};
	if (column_person(v->base, row) == 0)
		return 0;
	resolve(v);
	v->limits = 0;
	v->reasons = NULL;
	if (a != NULL) {
		reasons = val_list(a);
		v->reasons = &reasons;
	}
	v->base->rows_evaluated++;
	int rc = node_eval(
		v, a, v->r->root, row, now_us, &out->is_member, &out->until_us, e);
	if (a != NULL && rc == 0)
		out->reason = reasons;
	v->reasons = NULL;
	return rc;
}

void
segment_eval_watch(struct segment_eval *v, void (*watch)(void *obj, int percent), void *obj)
{
	v->watch = watch;
	v->watch_obj = obj;
}

int
eval_in_time(const struct segment_eval *v, size_t row, struct err *e)
{
	if (v->watch != NULL && row % 256 == 0)
		v->watch(v->watch_obj, (int)(row * 100 / column_rows(v->base)));
	if (v->deadline_us != 0 && row % 256 == 0 && time_monotonic_us() > v->deadline_us)
		return err_set(e, ERR_LIMIT, "counting took too long");
	return 0;
}

static int
scan_with_until(struct segment_eval *v, const struct bits *mask, int64_t now_us,
	struct bits *out, int64_t *until_us, struct err *e)
{
	BITS_EACH(mask, row)
	{
		bool yes;
		if (eval_in_time(v, row, e) < 0 ||
			node_eval(v, NULL, v->r->root, row, now_us, &yes, &until_us[row],
				e) < 0)
			return -1;
		if (yes)
			bits_set(out, row);
	}
	return 0;
}

int
segment_eval_all(struct arena *a, struct segment_eval *v, int64_t now_us,
	int64_t deadline_us, struct bits *out, int64_t *until_us, struct err *e)
{
	size_t n = column_rows(v->base);
	struct bits mask = bits_of_flags(a, v->base->flags, n, COLUMN_LIVE);
	for (size_t row = 0; until_us != NULL && row < n; row++)
		until_us[row] = SEGMENT_NEVER;
	resolve(v);
	v->limits = 0;
	v->reasons = NULL;
	v->deadline_us = deadline_us;
	v->base->rows_evaluated += (int64_t)bits_count(&mask);
	*out = bits_new(a, n);
	if (until_us != NULL)
		return scan_with_until(v, &mask, now_us, out, until_us, e);
	return eval_scan(a, v, v->r->root, &mask, now_us, out, e);
}

int
segment_eval_among(struct arena *a, struct segment_eval *v, const struct bits *mask,
	int64_t now_us, int64_t deadline_us, struct bits *out, struct err *e)
{
	resolve(v);
	v->limits = 0;
	v->reasons = NULL;
	v->deadline_us = deadline_us;
	v->base->rows_evaluated += (int64_t)bits_count(mask);
	*out = bits_new(a, column_rows(v->base));
	return eval_scan(a, v, v->r->root, mask, now_us, out, e);
}

/* Those who were there at an instant. */
static struct bits
living_at(struct arena *a, const struct column_base *base, int64_t at_us)
{
	struct bits mask = bits_new(a, base->n);
	const struct column_field *created = column_field_find(base, text_of("created_at"));
	const int64_t *made =
		created != NULL && created->kind == COLUMN_TIME ? created->cells : NULL;
	for (size_t row = 0; row < base->n; row++)
		if (column_is_live(base, row) && (made == NULL || made[row] <= at_us))
			bits_set(&mask, row);
	return mask;
}

int
segment_eval_past(struct arena *a, struct segment_eval *v, int64_t at_us,
	int64_t deadline_us, struct bits *out, struct err *e)
{
	for (size_t i = 0; i < v->r->n; i++) {
		enum rule_op op = v->r->nodes[i].op;
		if (op == RULE_SEGMENT || op == RULE_REACHABLE || op == RULE_CONSENT ||
			op == RULE_WHERE || op == RULE_NEAR)
			return err_field(e, "as_of",
				"line %d: segment, reachable, consent, near and where are "
				"known as they are now, not as they were",
				v->r->nodes[i].line);
	}
	struct bits mask = living_at(a, v->base, at_us);
	resolve(v);
	v->limits = 0;
	v->reasons = NULL;
	v->deadline_us = deadline_us;
	v->is_past = true;
	v->base->rows_evaluated += (int64_t)bits_count(&mask);
	int rc = eval_scan(a, v, v->r->root, &mask, at_us, out, e);
	v->is_past = false;
	return rc;
}

/* Conditions that ask for more than is kept of old events. */
void
segment_eval_warn(struct arena *a, struct segment_eval *v, struct val *warnings)
{
	int64_t before_us = column_folded_before_us(v->base);
	resolve(v);
	for (size_t i = 0; before_us != INT64_MIN && i < v->r->n; i++) {
		const struct rule_node *node = &v->r->nodes[i];
		struct moment m = {time_now_us(), v->base->zone, false};
		bool asks = node->op == RULE_SEQUENCE;
		if (node->op == RULE_EVENT && !event_is_addable(&node->event))
			asks = event_reach(&node->event, &m).first_us < before_us;
		if (!asks)
			continue;
		struct val one = val_map(a);
		val_put(a, &one, "line", val_int(node->line));
		val_put(a, &one, "text",
			val_text(arena_printf(a,
				"of events before %.10s only how many, the first, the "
				"last and sums are kept; this looks at later ones",
				time_text(a, before_us))));
		val_push(a, warnings, one);
	}
}

int64_t
segment_eval_errors(const struct segment_eval *v, const char **first)
{
	if (first != NULL)
		*first = v->first;
	return v->errors;
}
