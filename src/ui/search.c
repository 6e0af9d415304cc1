/* See search.h. */
#include "ui/search.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "campaign/campaign.h"
#include "message/template_store.h"
#include "scenario/scenario.h"
#include "segment/store.h"
#include "ui/frame.h"
#include "ui/question.h"
#include "web/page.h"

#include <string.h>

enum { PEOPLE_SHORT = 6, PEOPLE_PAGE = 50, THINGS = 5 };

/* Adds {icon, name, href} of those in list whose name has the words, as they fold. */
static void
find_in(struct web *w, const struct val *list, const char *icon, const char *path,
	struct text words, struct val *out)
{
	size_t found = 0;
	for (size_t i = 0; i < val_len(list) && found < THINGS; i++) {
		const struct val *row = &list->list->at[i];
		struct text name = val_as_text(val_get(row, "name"));
		struct text folded = text_fold(w->arena, name);
		if (memmem(folded.at, folded.n, words.at, words.n) == NULL)
			continue;
		struct val one = val_map(w->arena);
		val_put(w->arena, &one, "icon", val_text(icon));
		val_put(w->arena, &one, "name", val_of(name));
		val_put(w->arena, &one, "href",
			val_text(arena_printf(w->arena, "%s/%lld", path,
				(long long)val_as_int(val_get(row, "id"), 0))));
		val_push(w->arena, out, one);
		found++;
	}
}

static int
find_things(struct web *w, struct text query, struct val *things, struct err *e)
{
	struct val segments, campaigns, templates, scenarios;
	struct text words = text_fold(w->arena, query);
	if (segment_all(w->arena, w->db, w->company.id, &segments, e) < 0 ||
		campaign_all(w->arena, w->db, w->company.id, &campaigns, e) < 0 ||
		message_template_all(w->arena, w->db, w->company.id, &templates, e) < 0 ||
		scenario_all(w->arena, w->db, w->company.id, &scenarios, e) < 0)
		return -1;
	find_in(w, &segments, "target", "/segments", words, things);
	find_in(w, &campaigns, "send", "/campaigns", words, things);
	find_in(w, &scenarios, "route", "/scenarios", words, things);
	find_in(w, &templates, "mail", "/templates", words, things);
	return 0;
}

int
search_page(struct web *w, struct err *e)
{
	bool part = request_is_part(&w->request);
	struct val vars = val_map(w->arena), things = val_list(w->arena);
	struct people_page found = {.people = val_list(w->arena)};
	struct people_query q = {.search = web_query(w, "q"),
		.sort = text_of("-last_seen_at"),
		.limit = part ? PEOPLE_SHORT : PEOPLE_PAGE};
	if (q.search.n > 0 && (question_page(w, &q, &vars, &found, e) < 0 ||
				      find_things(w, q.search, &things, e) < 0))
		return -1;
	val_put(w->arena, &vars, "q", val_of(q.search));
	val_put(w->arena, &vars, "people", found.people);
	val_put(w->arena, &vars, "total", val_int(found.count));
	val_put(w->arena, &vars, "things", things);
	return part ? page_show(w, 200, "part/found", &vars, e)
		    : ui_page(w, 200, "search", &vars, e);
}
