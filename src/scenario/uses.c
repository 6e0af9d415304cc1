/* See uses.h. */
#include "scenario/uses.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "campaign/campaign.h"
#include "scenario/scenario.h"
#include "segment/folder.h"
#include "segment/rename.h"
#include "segment/store.h"

enum { NAMED = 5 };

/* By name or by id, as the words of rules and scenarios take it. */
static bool
mentions(struct arena *a, struct text source, struct text name, struct text id)
{
	static const char *const words[] = {"segment", "segment_enter"};
	struct text other = text_of("\x01");
	for (size_t i = 0; i < 2; i++)
		if (!text_same(source, segment_renamed(a, source, words[i], name, other)) ||
			!text_same(source, segment_renamed(a, source, words[i], id, other)))
			return true;
	return false;
}

static void
add(struct arena *a, struct val *list, const char *kind, const struct val *of)
{
	struct val one = val_map(a);
	val_put(a, &one, "kind", val_text(kind));
	val_put(a, &one, "id", *val_get(of, "id"));
	val_put(a, &one, "name", *val_get(of, "name"));
	val_push(a, list, one);
}

int
segment_users(struct arena *a, struct db *db, int64_t company_id, const struct val *segment,
	struct val *list, struct err *e)
{
	struct val segments, folders, campaigns, scenarios;
	int64_t self = val_as_int(val_get(segment, "id"), 0);
	struct text name = val_as_text(val_get(segment, "name")), id = val_id(a, self).text;
	*list = val_list(a);
	if (segment_all(a, db, company_id, &segments, e) < 0 ||
		folder_of_everybody(a, db, company_id, &folders, e) < 0 ||
		campaign_all(a, db, company_id, &campaigns, e) < 0 ||
		scenario_all(a, db, company_id, &scenarios, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&segments); i++) {
		const struct val *one = &segments.list->at[i];
		if (val_as_int(val_get(one, "id"), 0) != self &&
			mentions(a, val_as_text(val_get(one, "rule")), name, id))
			add(a, list, "segment", one);
	}
	for (size_t i = 0; i < val_len(&folders); i++)
		if (mentions(a, val_as_text(val_get(&folders.list->at[i], "rule")), name,
			    id))
			add(a, list, "folder", &folders.list->at[i]);
	for (size_t i = 0; i < val_len(&campaigns); i++) {
		const struct val *one = &campaigns.list->at[i];
		struct text state = val_as_text(val_get(one, "state"));
		if (val_as_int(val_get(one, "segment_id"), 0) == self &&
			!text_is(state, "done") && !text_is(state, "stopped"))
			add(a, list, "campaign", one);
	}
	for (size_t i = 0; i < val_len(&scenarios); i++)
		if (mentions(a, val_as_text(val_get(&scenarios.list->at[i], "script")),
			    name, id))
			add(a, list, "scenario", &scenarios.list->at[i]);
	return 0;
}

int
segment_is_unused(struct arena *a, struct db *db, int64_t company_id,
	const struct val *segment, struct err *e)
{
	struct val list;
	struct str names = str_new(a);
	if (segment_users(a, db, company_id, segment, &list, e) < 0)
		return -1;
	size_t n = val_len(&list);
	for (size_t i = 0; i < n && i < NAMED; i++) {
		struct text name = text_cut(
			val_as_text(val_get(&list.list->at[i], "name")), 60);
		str_addf(&names, "%s%s \"%.*s\"", i > 0 ? ", " : "",
			val_as_z(a, val_get(&list.list->at[i], "kind")), (int)name.n,
			name.at);
	}
	if (n == 0)
		return 0;
	return err_set(e, ERR_CONFLICT, "%zu use this segment: %s%s", n,
		text_z(a, str_text(&names)), n > NAMED ? "…" : "");
}
