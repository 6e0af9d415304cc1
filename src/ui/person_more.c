/* See person_more.h. */
#include "ui/person_more.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "event/history.h"
#include "profile/person.h"
#include "ui/frame.h"
#include "ui/person.h"
#include "ui/question.h"
#include "ui/show.h"
#include "web/page.h"

#include <stdlib.h>
#include <string.h>

enum { EVENTS = 600, VISITS = 50, SIMILAR = 20 };

/* --- visits --- */

/* What is done on a site without the tag's count of visits: of the visit that began less than half an hour later, else of one of its
 * own. Empty for what is not done on a site. */
static struct text
without_id(struct web *w, const struct val *visits, const struct val *event)
{
	static const char *const begins[] = {
		"page_view", "product_view", "cart_", "checkout", "search"};
	struct text name = val_as_text(val_get(event, "name"));
	bool on_site = false;
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		on_site = on_site || text_starts(name, begins[i]);
	if (!on_site)
		return text_of("");
	int64_t at_us = val_as_int(val_get(event, "at_us"), 0);
	if (val_len(visits) > 0) {
		const struct val *last = &visits->list->at[val_len(visits) - 1];
		if (val_as_int(val_get(last, "at_us"), 0) - at_us < 30 * MINUTE_US)
			return val_as_text(val_get(last, "id"));
	}
	return text_of(arena_printf(w->arena, "at %lld", (long long)at_us));
}

/* The visit of an event, made if it is the first of it; NULL when it belongs to none. */
static struct val *
visit_of(struct web *w, struct val *visits, const struct val *event)
{
	const struct val *props = val_get(event, "props");
	struct text id = val_as_text(val_get(props, "session_id"));
	if (id.n == 0)
		id = without_id(w, visits, event);
	if (id.n == 0)
		return NULL;
	for (size_t i = val_len(visits); i-- > 0;)
		if (text_same(val_as_text(val_get(&visits->list->at[i], "id")), id))
			return &visits->list->at[i];
	if (val_len(visits) == VISITS)
		return NULL;
	struct val one = val_map(w->arena);
	val_put(w->arena, &one, "id", val_of(id));
	val_put(w->arena, &one, "pages", val_int(0));
	val_put(w->arena, &one, "events", val_int(0));
	val_push(w->arena, visits, one);
	return &visits->list->at[val_len(visits) - 1];
}

static void
more_by(struct web *w, struct val *visit, const char *key, int64_t by)
{
	val_put(w->arena, visit, key, val_int(val_as_int(val_get(visit, key), 0) + by));
}

/* Where it came from: the campaign, else the kind of place. */
static void
put_source(struct web *w, struct val *visit, const struct val *props)
{
	static const char *const names[] = {"utm_campaign", "utm_source", "referrer_class"};
	for (size_t i = 0; i < 3 && val_get(visit, "source") == NULL; i++)
		if (val_as_text(val_get(props, names[i])).n > 0)
			val_put(w->arena, visit, "source", *val_get(props, names[i]));
	static const char *const device[] = {"device", "os", "browser", "city"};
	for (size_t i = 0; i < 4; i++)
		if (val_as_text(val_get(props, device[i])).n > 0)
			val_put(w->arena, visit, device[i], *val_get(props, device[i]));
}

/* Events come newest first: the one seen last is the visit's first. */
static void
add_to_visit(struct web *w, struct val *visit, const struct val *event)
{
	const struct val *props = val_get(event, "props");
	int64_t at_us = val_as_int(val_get(event, "at_us"), 0);
	if (val_get(visit, "end_us") == NULL)
		val_put(w->arena, visit, "end_us", val_int(at_us));
	val_put(w->arena, visit, "at_us", val_int(at_us));
	val_put(w->arena, visit, "seconds",
		val_int((val_as_int(val_get(visit, "end_us"), 0) - at_us) / SECOND_US));
	more_by(w, visit, "events", 1);
	put_source(w, visit, props);
	if (!text_is(val_as_text(val_get(event, "name")), "page_view"))
		return;
	const struct val *title = val_get(props, "title"), *path = val_get(props, "path");
	const struct val *page = val_as_text(title).n > 0 ? title : path;
	more_by(w, visit, "pages", 1);
	if (page != NULL && val_get(visit, "last") == NULL)
		val_put(w->arena, visit, "last", *page);
	if (page != NULL)
		val_put(w->arena, visit, "first", *page);
}

int
person_put_visits(struct web *w, int64_t root_id, struct val *vars, struct err *e)
{
	int64_t *nodes;
	size_t n;
	struct history_at at = HISTORY_BEGIN;
	struct val list, visits = val_list(w->arena);
	if (person_nodes(w->arena, w->db, w->company.id, root_id, &nodes, &n, e) < 0 ||
		event_history(w->arena, w->db, ui_types(w), w->company.id, nodes, n, &at,
			EVENTS, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val *visit = visit_of(w, &visits, &list.list->at[i]);
		if (visit != NULL)
			add_to_visit(w, visit, &list.list->at[i]);
	}
	val_put(w->arena, vars, "visits", visits);
	val_put(w->arena, vars, "visits_cut", val_bool(val_len(&list) == EVENTS));
	return 0;
}

/* --- people alike --- */

int
person_similar(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), q = val_map(w->arena), answer,
		   ids = val_list(w->arena), people;
	int64_t id;
	if (person_find(w, &id, e) < 0)
		return -1;
	val_put(w->arena, &q, "what", val_text("similar"));
	val_put(w->arena, &q, "person", val_int(id));
	val_put(w->arena, &q, "limit", val_int(SIMILAR));
	int done = question_ask(w, &q, &vars, &answer, e);
	if (done < 0)
		return -1;
	const struct val *found = val_get(&answer, "people");
	for (size_t i = 0; i < val_len(found); i++)
		val_push(w->arena, &ids, *val_get(&found->list->at[i], "person"));
	if (question_persons(w, &ids, &people, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&people); i++)
		for (size_t k = 0; k < val_len(found); k++) {
			const struct val *f = &found->list->at[k];
			struct val *p = &people.list->at[i];
			if (val_as_int(val_get(f, "person"), 0) !=
				val_as_int(val_get(p, "id"), -1))
				continue;
			val_put(w->arena, p, "percent", *val_get(f, "percent"));
			val_put(w->arena, p, "shared", *val_get(f, "shared"));
			val_put(w->arena, p, "shared_n", *val_get(f, "shared_n"));
		}
	val_put(w->arena, &vars, "people", people);
	val_put(w->arena, &vars, "answer", answer);
	return page_show(w, 200, "part/similar", &vars, e);
}
