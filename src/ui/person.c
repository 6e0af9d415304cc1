/* See person.h. */
#include "ui/person.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "event/undo.h"
#include "message/message.h"
#include "profile/field.h"
#include "profile/field_options.h"
#include "profile/interest.h"
#include "profile/note.h"
#include "profile/person.h"
#include "scenario/scenario.h"
#include "segment/store.h"
#include "tenant/user.h"
#include "ui/event_view.h"
#include "ui/frame.h"
#include "ui/person_edit.h"
#include "ui/person_letter.h"
#include "ui/person_more.h"
#include "ui/person_timeline.h"
#include "ui/segment_more.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum { INTERESTS = 8 };

int
person_find(struct web *w, int64_t *root_id, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	return web_found(person_root(w->arena, w->db, w->company.id, id, root_id, e), e);
}

int
person_put_users(struct web *w, struct val *list, struct err *e)
{
	struct val users;
	if (user_all(w->arena, w->db, w->company.id, &users, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(list); i++)
		for (size_t k = 0; k < val_len(&users); k++) {
			const struct val *u = &users.list->at[k];
			struct text name = val_as_text(val_get(u, "name"));
			if (val_as_int(val_get(u, "id"), 0) !=
				val_as_int(val_get(&list->list->at[i], "user_id"), -1))
				continue;
			val_put(w->arena, &list->list->at[i], "who",
				name.n > 0 ? val_of(name) : *val_get(u, "email"));
		}
	return 0;
}

/* vars.fields: {label, value} of what is there; what stands in the head of the page is not repeated. */
static int
put_fields(struct web *w, const struct val *card, struct val *vars, struct err *e)
{
	struct val all, list = val_list(w->arena);
	const struct val *held = val_get(card, "fields");
	if (field_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++) {
		struct val *f = &all.list->at[i];
		struct text name = val_as_text(val_get(f, "name"));
		if (text_is(name, "first_name") || text_is(name, "last_name") ||
			text_is(name, "email") || text_is(name, "phone") ||
			text_is(name, "external_id"))
			continue;
		const struct val *known = val_get_key(held, name);
		struct text value = show_value(
			w, f, !val_is_null(known) ? known : field_option(f, "default"));
		if (value.n == 0)
			continue;
		val_put(w->arena, f, "assumed", val_bool(val_is_null(known)));
		show_label(w, f);
		val_put(w->arena, f, "value", val_of(value));
		val_push(w->arena, &list, *f);
	}
	val_put(w->arena, vars, "fields", list);
	return 0;
}

static int
put_merges(struct web *w, int64_t id, struct val *vars, struct err *e)
{
	struct val merges;
	if (event_merges(w->arena, w->db, w->company.id, id, &merges, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&merges); i++) {
		struct val *m = &merges.list->at[i];
		val_put(w->arena, m, "line",
			val_of(merge_line(w, val_as_text(val_get(m, "reason")))));
	}
	val_put(w->arena, vars, "merges", merges);
	return 0;
}

static int
put_notes(struct web *w, int64_t id, struct val *vars, struct err *e)
{
	struct val notes;
	int64_t *nodes;
	size_t n;
	if (person_nodes(w->arena, w->db, w->company.id, id, &nodes, &n, e) < 0 ||
		note_all(w->arena, w->db, w->company.id, nodes, n, &notes, e) < 0 ||
		person_put_users(w, &notes, e) < 0)
		return -1;
	val_put(w->arena, vars, "notes", notes);
	return 0;
}

/* What stands on every tab: the head, the numbers on the tabs. */
static int
put_head(struct web *w, int64_t id, const struct val *card, struct val *vars, struct err *e)
{
	struct val segments, messages;
	if (segment_of_person(w->arena, w->db, w->company.id, id, &segments, e) < 0 ||
		message_of_person(w->arena, w->db, w->company.id, id, INT64_MAX,
			PERSON_MESSAGES, &messages, e) < 0 ||
		put_merges(w, id, vars, e) < 0 || put_notes(w, id, vars, e) < 0 ||
		person_put_bought(w, id, vars, e) < 0 ||
		segment_say_reasons(w, &segments, e) < 0)
		return -1;
	val_put(w->arena, vars, "person", *card);
	val_put(w->arena, vars, "name",
		val_of(person_name(w, id, val_get(card, "fields"))));
	val_put(w->arena, vars, "segments", segments);
	val_put(w->arena, vars, "messages", messages);
	return 0;
}

static int
put_events(
	struct web *w, int64_t id, const struct val *card, struct val *vars, struct err *e)
{
	struct val runs, interests;
	if (person_put_timeline(w, id, vars, e) < 0 || put_fields(w, card, vars, e) < 0 ||
		interest_of(w->arena, w->db, w->company.id, id, INTERESTS, &interests, e) <
			0 ||
		scenario_of_person(w->arena, w->db, w->company.id, id, &runs, e) < 0)
		return -1;
	val_put(w->arena, vars, "runs", runs);
	val_put(w->arena, vars, "interests", interests);
	return 0;
}

int
person_show(struct web *w, int status, int64_t root_id, const char *tab, struct val *vars,
	struct err *e)
{
	struct val card;
	if (web_found(person_card(w->arena, w->db, w->company.id, root_id, &card, e), e) <
			0 ||
		put_head(w, root_id, &card, vars, e) < 0)
		return -1;
	int rc = 0;
	if (strcmp(tab, "events") == 0)
		rc = put_events(w, root_id, &card, vars, e);
	else if (strcmp(tab, "fields") == 0)
		rc = person_put_form(w, &card, vars, e);
	else if (strcmp(tab, "messages") == 0)
		rc = person_put_kept(w, vars, e);
	else if (strcmp(tab, "visits") == 0)
		rc = person_put_visits(w, root_id, vars, e);
	if (rc < 0)
		return -1;
	val_put(w->arena, vars, "tab", val_text(tab));
	return ui_page(w, status, "client", vars, e);
}

int
person_page(struct web *w, struct err *e)
{
	static const char *const tabs[] = {"events", "fields", "messages", "segments",
		"visits", "similar", "merges", "notes"};
	struct val vars = val_map(w->arena);
	struct text asked = web_query(w, "tab");
	size_t tab = 0;
	int64_t id;
	if (person_find(w, &id, e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof tabs / sizeof *tabs; i++)
		if (text_is(asked, tabs[i]))
			tab = i;
	return person_show(w, 200, id, tabs[tab], &vars, e);
}
