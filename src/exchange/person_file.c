/* See person_file.h. */
#include "exchange/person_file.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "event/history.h"
#include "event/undo.h"
#include "message/message.h"
#include "profile/note.h"
#include "profile/person.h"
#include "scenario/scenario.h"
#include "segment/store.h"

#include <string.h>

enum { PAGE = 1000, MESSAGES_MAX = 10000 };

/* Stored maps as they are shown: "..._at_us" become "..._at" in RFC 3339, at any depth. */
static struct val
shown(struct arena *a, const struct val *v)
{
	struct val out;
	if (v->kind == VAL_LIST) {
		out = val_list(a);
		for (size_t i = 0; i < val_len(v); i++)
			val_push(a, &out, shown(a, &v->list->at[i]));
		return out;
	}
	if (v->kind != VAL_MAP)
		return *v;
	out = val_map(a);
	for (size_t i = 0; i < val_len(v); i++) {
		const struct val_pair *p = &v->map->at[i];
		bool is_time = p->key.n > 3 &&
			       memcmp(p->key.at + p->key.n - 3, "_us", 3) == 0 &&
			       (p->val.kind == VAL_INT || p->val.kind == VAL_NULL);
		if (!is_time)
			val_put_key(a, &out, p->key, shown(a, &p->val));
		else
			val_put_key(a, &out, (struct text){p->key.at, p->key.n - 3},
				p->val.kind == VAL_INT && p->val.i != 0
					? val_text(time_text(a, p->val.i))
					: val_null());
	}
	return out;
}

static int
put_events(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	const int64_t *nodes, size_t n, struct val *out, struct err *e)
{
	struct history_at at = HISTORY_BEGIN;
	struct val events = val_list(a), page;
	do {
		if (event_history(a, db, types, company_id, nodes, n, &at, PAGE, &page, e) <
			0)
			return -1;
		for (size_t i = 0; i < val_len(&page); i++) {
			const struct val *ev = &page.list->at[i];
			struct val one = val_map(a);
			val_put(a, &one, "type", *val_get(ev, "type"));
			val_put(a, &one, "at",
				val_text(
					time_text(a, val_as_int(val_get(ev, "at_us"), 0))));
			val_put(a, &one, "source", *val_get(ev, "source_id"));
			val_put(a, &one, "properties", *val_get(ev, "props"));
			val_push(a, &events, one);
		}
	} while (val_len(&page) > 0 && val_len(&events) < PERSON_FILE_EVENTS_MAX);
	val_put(a, out, "events", events);
	val_put(a, out, "complete", val_bool(val_len(&page) == 0));
	return 0;
}

static int
put_messages(struct arena *a, struct db *db, int64_t company_id, const int64_t *nodes,
	size_t n, struct val *out, struct err *e)
{
	struct val all = val_list(a), some;
	for (size_t i = 0; i < n; i++) {
		if (message_of_person(a, db, company_id, nodes[i], INT64_MAX, MESSAGES_MAX,
			    &some, e) < 0)
			return -1;
		for (size_t k = 0; k < val_len(&some); k++)
			val_push(a, &all, some.list->at[k]);
	}
	val_put(a, out, "messages", shown(a, &all));
	return 0;
}

int
person_file(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	int64_t person_id, struct val *out, struct err *e)
{
	struct val card, merges, segments, runs, notes;
	int64_t root, *nodes;
	size_t n;
	int found = person_root(a, db, company_id, person_id, &root, e);
	if (found == 1)
		found = person_card(a, db, company_id, root, &card, e);
	if (found < 1)
		return found;
	*out = val_map(a);
	val_put(a, out, "profile", shown(a, &card));
	if (person_nodes(a, db, company_id, root, &nodes, &n, e) < 0 ||
		event_merges(a, db, company_id, root, &merges, e) < 0 ||
		note_all(a, db, company_id, nodes, n, &notes, e) < 0 ||
		segment_of_person(a, db, company_id, root, &segments, e) < 0 ||
		scenario_of_person(a, db, company_id, root, &runs, e) < 0)
		return -1;
	val_put(a, out, "merges", shown(a, &merges));
	val_put(a, out, "notes", shown(a, &notes));
	val_put(a, out, "segments", shown(a, &segments));
	val_put(a, out, "scenarios", shown(a, &runs));
	return put_messages(a, db, company_id, nodes, n, out, e) < 0 ||
			       put_events(a, db, types, company_id, nodes, n, out, e) < 0
		       ? -1
		       : 1;
}
