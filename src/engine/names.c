/* See names.h. */
#include "engine/names.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "campaign/campaign.h"
#include "event/type.h"
#include "profile/field.h"
#include "scenario/scenario.h"
#include "segment/store.h"

#include <string.h>

struct names {
	struct arena *arena;
	struct db *db;
	int64_t company_id;
	struct val fields, events, segments;
};

static const char *
field_type(void *obj, struct text name)
{
	struct names *n = obj;
	for (size_t i = 0; i < val_len(&n->fields); i++)
		if (text_same(val_as_text(val_get(&n->fields.list->at[i], "name")), name))
			return val_as_z(n->arena, val_get(&n->fields.list->at[i], "type"));
	return NULL;
}

static const char *const *
field_names(struct arena *a, void *obj, size_t *count)
{
	struct names *n = obj;
	*count = val_len(&n->fields);
	const char **names = arena_array(a, *count + 1, sizeof *names);
	for (size_t i = 0; i < *count; i++)
		names[i] = val_as_z(a, val_get(&n->fields.list->at[i], "name"));
	return names;
}

static bool
event_known(void *obj, struct text type)
{
	struct names *n = obj;
	for (size_t i = 0; i < event_alias_count; i++)
		if (text_same(event_type_name(type), text_of(event_aliases[i].name)))
			return true;
	for (size_t i = 0; i < val_len(&n->events); i++)
		if (text_same(event_type_name(val_as_text(&n->events.list->at[i])),
			    event_type_name(type)))
			return true;
	return false;
}

/* By name, else by id as its digits. */
static int
find(const struct val *list, struct text name, int64_t *id)
{
	for (int by_id = 0; by_id < 2; by_id++)
		for (size_t i = 0; i < val_len(list); i++) {
			const struct val *one = &list->list->at[i];
			if (!text_same(
				    val_as_text(val_get(one, by_id ? "id" : "name")), name))
				continue;
			*id = val_as_int(val_get(one, "id"), 0);
			return 1;
		}
	return 0;
}

static int
segment_find(void *obj, struct text name, int64_t *id)
{
	return find(&((struct names *)obj)->segments, name, id);
}

static bool
segment_archived(void *obj, int64_t id)
{
	const struct names *n = obj;
	for (size_t i = 0; i < val_len(&n->segments); i++) {
		const struct val *one = &n->segments.list->at[i];
		if (val_as_int(val_get(one, "id"), 0) == id)
			return !val_is_null(val_get(one, "archived_at_us"));
	}
	return false;
}

static int
find_campaign(void *obj, struct text name, int64_t *id)
{
	struct names *n = obj;
	struct err e;
	return campaign_find(n->arena, n->db, n->company_id, name, id, &e) == 1;
}

static int
find_scenario(void *obj, struct text name, int64_t *id)
{
	struct names *n = obj;
	struct err e;
	return scenario_find(n->arena, n->db, n->company_id, name, id, &e) == 1;
}

/* Whether the text of one segment's rule names another, through any number of segments: by looking for its name or id in quotes. Names
 * in a comment count too: then a rule is refused that would not have gone in a circle, which harms nobody. */
static bool
uses(const struct names *n, int64_t from, int64_t to, int depth)
{
	if (from == to)
		return true;
	if (depth > 16)
		return true;
	const struct val *rule = NULL;
	for (size_t i = 0; i < val_len(&n->segments); i++)
		if (val_as_int(val_get(&n->segments.list->at[i], "id"), 0) == from)
			rule = val_get(&n->segments.list->at[i], "rule");
	struct text text = val_as_text(rule);
	for (size_t i = 0; i < val_len(&n->segments); i++) {
		const struct val *other = &n->segments.list->at[i];
		struct text name = val_as_text(val_get(other, "name")),
			    id = val_as_text(val_get(other, "id"));
		int64_t other_id = val_as_int(val_get(other, "id"), 0);
		bool named = (name.n > 0 &&
				     memmem(text.at, text.n, name.at, name.n) != NULL &&
				     memmem(text.at, text.n, "segment", 7) != NULL) ||
			     memmem(text.at, text.n, id.at, id.n) != NULL;
		if (named && other_id != from && uses(n, other_id, to, depth + 1))
			return true;
	}
	return false;
}

static bool
segment_uses(void *obj, int64_t from, int64_t to)
{
	return uses(obj, from, to, 0);
}

int
names_read(struct arena *a, struct db *db, int64_t company_id, int64_t self_segment,
	struct rule_names *out, struct err *e)
{
	struct names *n = arena_alloc(a, sizeof *n);
	n->arena = a;
	n->db = db;
	n->company_id = company_id;
	if (field_all(a, db, company_id, &n->fields, e) < 0 ||
		event_type_all(a, db, company_id, &n->events, e) < 0 ||
		segment_all(a, db, company_id, &n->segments, e) < 0)
		return -1;
	*out = (struct rule_names){.obj = n,
		.field_type = field_type,
		.field_all = field_names,
		.event_known = event_known,
		.segment_find = segment_find,
		.segment_archived = segment_archived,
		.campaign_find = find_campaign,
		.scenario_find = find_scenario,
		.segment_uses = segment_uses,
		.self_segment = self_segment};
	return 0;
}
