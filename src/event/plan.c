/* See plan.h. */
#include "event/plan.h"
#include "base/err.h"

#include <string.h>

/* What the tag sends without being asked: assets/js/tag/auto.js. */
static const char *const of_the_tag[] = {"Session Started", "Clicked",
	"Outbound Link Clicked", "File Downloaded", "Page Scrolled", "Form Started",
	"Form Submitted", "Form Abandoned", "Video Playback Started",
	"Video Playback Completed", "Products Searched", "Page Not Found", "Rage Clicked",
	"Page Left", "Text Copied"};

static bool
fits(const struct val *v, struct text type)
{
	if (type.n > 0 && type.at[type.n - 1] == '!')
		type.n--;
	switch (v->kind) {
	case VAL_NULL:
		return true;
	case VAL_BOOL:
		return text_is(type, "bool") || text_is(type, "any");
	case VAL_INT:
	case VAL_NUM:
		return text_is(type, "number") || text_is(type, "any");
	case VAL_TEXT:
		return text_is(type, "text") || text_is(type, "any");
	case VAL_LIST:
		return text_is(type, "list") || text_is(type, "any");
	default:
		return text_is(type, "map") || text_is(type, "any");
	}
}

static int
cut(struct text t)
{
	return (int)(t.n < 60 ? t.n : 60);
}

/* The stricter of two; of equal ones the first found is told. */
static void
find(enum plan_verdict *held, enum plan_verdict found, struct err *why, const char *what,
	struct text event, struct text name)
{
	if (found <= *held)
		return;
	*held = found;
	err_field(why, "plan", "%s: \"%.*s\"%s%.*s%s", what, cut(event), event.at,
		name.n > 0 ? ", \"" : "", cut(name), name.at, name.n > 0 ? "\"" : "");
}

static void
judge_properties(enum plan_verdict *verdict, const struct source_rules *r,
	struct text event, const struct val *planned, const struct val *properties,
	struct err *why)
{
	for (size_t i = 0; i < val_len(properties); i++) {
		const struct val_pair *p = &properties->map->at[i];
		const struct val *type = val_get_key(planned, p->key);
		if (type == NULL)
			find(verdict, r->on_property, why,
				"the plan does not know this property", event, p->key);
		else if (!fits(&p->val, val_as_text(type)))
			find(verdict, r->on_type, why, "the plan expects another type",
				event, p->key);
	}
	for (size_t i = 0; i < val_len(planned); i++) {
		const struct val_pair *p = &planned->map->at[i];
		struct text type = val_as_text(&p->val);
		if (type.n > 0 && type.at[type.n - 1] == '!' &&
			val_is_null(val_get_key(properties, p->key)))
			find(verdict, r->on_type, why, "the plan expects this property",
				event, p->key);
	}
}

enum plan_verdict
plan_judge(const struct source_rules *r, struct text event, const struct val *properties,
	struct err *why)
{
	enum plan_verdict verdict = PLAN_TAKE;
	if (r == NULL || val_len(&r->plan) == 0)
		return PLAN_TAKE;
	const struct val *planned = val_get_key(&r->plan, event);
	if (planned != NULL) {
		judge_properties(&verdict, r, event, planned, properties, why);
		return verdict;
	}
	for (size_t i = 0; i < sizeof of_the_tag / sizeof *of_the_tag; i++)
		if (text_is(event, of_the_tag[i]))
			return PLAN_TAKE;
	find(&verdict, r->on_event, why, "the plan does not know this event", event,
		(struct text){"", 0});
	return verdict;
}
