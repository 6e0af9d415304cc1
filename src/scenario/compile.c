/* See compile.h. The words are lua/scenario/scenario.lua over lua/segment/rule.lua; here its flat list becomes the tree. */
#include "scenario/compile.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "event/type.h"
#include "script/box.h"
#include "segment/rule.h"

#include <string.h>

struct build {
	struct arena *a;
	const struct val *nodes;
	int made;
	struct err *e;
};

/* Events go by their built-in names. */
static struct val
event_of(struct arena *a, const struct val *from)
{
	struct val out = val_copy(a, from);
	const struct val *name = val_get(&out, "event");
	if (name != NULL)
		val_put(a, &out, "event", val_of(event_type_name(name->text)));
	return out;
}

static int step_of(struct build *b, const struct val *from, struct val *out);

static int
steps_of(struct build *b, const struct val *places, struct val *out)
{
	*out = val_list(b->a);
	for (size_t i = 0;
		places != NULL && places->kind == VAL_LIST && i < places->list->n; i++) {
		struct val step;
		int64_t place = val_as_int(&places->list->at[i], 1) - 1;
		if (step_of(b, &b->nodes->list->at[place], &step) < 0)
			return -1;
		val_push(b->a, out, step);
	}
	return 0;
}

/* A step used twice stands twice: the number is what counts. */
static int
step_of(struct build *b, const struct val *from, struct val *out)
{
	static const char *const kept[] = {
		"op", "line", "for_us", "template", "rule", "days", "from_s", "to_s"};
	*out = val_map(b->a);
	if (++b->made > SCENARIO_STEPS_MAX) {
		err_set(b->e, ERR_INPUT, "a scenario of more than %d steps",
			SCENARIO_STEPS_MAX);
		b->e->line = (int)val_as_int(val_get(from, "line"), 0);
		return -1;
	}
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
		const struct val *v = val_get(from, kept[i]);
		if (v != NULL)
			val_put(b->a, out, kept[i], *v);
	}
	const struct val *event = val_get(from, "event");
	if (event != NULL)
		val_put(b->a, out, "event", event_of(b->a, event));
	struct text op = val_as_text(val_get(from, "op"));
	if (!text_is(op, "when") && !text_is(op, "wait_for"))
		return 0;
	struct val yes, no;
	if (steps_of(b, val_get(from, "yes"), &yes) < 0 ||
		steps_of(b, val_get(from, "no"), &no) < 0)
		return -1;
	val_put(b->a, out, "yes", yes);
	val_put(b->a, out, "no", no);
	return 0;
}

static int
tree_of(struct build *b, const struct val *flat, struct val *tree)
{
	b->nodes = val_get(flat, "nodes");
	must(b->nodes != NULL && b->nodes->kind == VAL_LIST);
	const struct val *root =
		&b->nodes->list->at[val_as_int(val_get(flat, "root"), 1) - 1];
	const struct val *stop = val_get(root, "stop"), *again = val_get(root, "again_us");
	struct val steps;
	*tree = val_map(b->a);
	val_put(b->a, tree, "on", event_of(b->a, val_get(root, "on")));
	if (stop != NULL)
		val_put(b->a, tree, "stop", event_of(b->a, stop));
	if (again != NULL)
		val_put(b->a, tree, "again_us", *again);
	if (steps_of(b, val_get(root, "steps"), &steps) < 0)
		return -1;
	val_put(b->a, tree, "steps", steps);
	return 0;
}

int
scenario_compile(struct arena *a, const struct settings *s, struct text script,
	struct val *tree, struct err *e)
{
	struct box *box = box_new(BOX_STEP, s, 0, 1);
	struct build b = {.a = a, .e = e};
	struct val flat;
	int rc = box_prelude(box, s, "segment/rule.lua", e);
	if (rc == 0)
		rc = box_prelude(box, s, "scenario/scenario.lua", e);
	if (rc == 0)
		rc = box_run(a, box, script, "scenario", NULL, &flat, e);
	int or_line = rc == 0 ? rule_or_line(script) : 0;
	if (or_line > 0) {
		rc = err_set(e, ERR_INPUT,
			"conditions are joined with |, not with or: what stands behind or "
			"would never be asked");
		e->line = or_line;
	}
	if (rc == 0)
		rc = tree_of(&b, &flat, tree);
	if (rc < 0 && e->code == ERR_INPUT && e->field[0] == '\0')
		snprintf(e->field, sizeof e->field, "script");
	box_free(box);
	return rc;
}
