/* Profiles and their events. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "column/ask.h"
#include "event/call.h"
#include "event/history.h"
#include "event/upsert.h"
#include "exchange/bulk.h"
#include "profile/ident.h"
#include "profile/person.h"

#include <stdio.h>
#include <string.h>

enum { ASK_MS = 3000 };

static struct arrival
arrival_of(struct web *w)
{
	struct text key = request_header(&w->request, "idempotency-key");
	int64_t now = time_now_us();
	return (struct arrival){.company_id = w->company.id,
		.type = text_of("identify"),
		.props = val_map(w->arena),
		.at_us = now,
		.received_at_us = now,
		.dedup = key.n > 0 ? sign_hash64(key) : id_make()};
}

static int
apply_one(struct web *w, struct arrival *r, struct applied *done, struct err *e)
{
	r->who.values = true;
	if (event_apply(w->arena, w->db, api_types(), r, 1, done, NULL, NULL, e) < 0)
		return -1;
	return done->state == APPLIED_NEW || done->state == APPLIED_REPEAT
		       ? 0
		       : err_set(e, ERR_MISSING, "no such profile");
}

static int
answer_profile(struct web *w, int status, int64_t id, struct err *e)
{
	int64_t root;
	struct val ids = val_list(w->arena), list;
	int found = person_root(w->arena, w->db, w->company.id, id, &root, e);
	if (found < 0)
		return -1;
	if (found == 1)
		val_push(w->arena, &ids, val_int(root));
	if (api_profiles(w, &ids, &list, e) < 0)
		return -1;
	if (val_len(&list) == 0)
		return err_set(e, ERR_MISSING, "no such profile");
	api_answer(w, status, list.list->at[0]);
	return 0;
}

static int
profile_post(struct web *w, struct err *e)
{
	struct val body;
	struct arrival r = arrival_of(w);
	struct applied done;
	if (web_json(w, &body, e) < 0)
		return -1;
	if (body.kind != VAL_MAP)
		return err_set(e, ERR_INPUT, "the body is an object");
	struct upsert *u;
	if (upsert_new(w->arena, w->db, &w->company, &u, e) < 0 ||
		upsert_read(w->arena, u, &body, &r, e) < 0)
		return -1;
	if (apply_one(w, &r, &done, e) < 0)
		return -1;
	return answer_profile(w, done.made ? 201 : 200, done.person_id, e);
}

int
api_profile_post(struct web *w, struct err *e)
{
	return api_once(w, profile_post, e);
}

int
api_profile_patch(struct web *w, struct err *e)
{
	struct val body;
	struct arrival r = arrival_of(w);
	struct applied done;
	int64_t id, root;
	if (web_id(w, "id", &id, e) < 0 || web_json(w, &body, e) < 0)
		return -1;
	int found = person_root(w->arena, w->db, w->company.id, id, &root, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such profile");
	r.who.node_id =
		id; /* an old id: should its merge be undone, the change goes with it */
	const struct val *fields =
		val_get(&body, "fields") != NULL ? val_get(&body, "fields") : &body;
	struct upsert *u;
	if (upsert_new(w->arena, w->db, &w->company, &u, e) < 0 ||
		upsert_fields(w->arena, u, fields, &r.fields, e) < 0 ||
		event_consents(w->arena, val_get(&body, "consent"), &r.consents, e) < 0 ||
		apply_one(w, &r, &done, e) < 0)
		return -1;
	return answer_profile(w, 200, done.person_id, e);
}

int
api_profile_get(struct web *w, struct err *e)
{
	int64_t id;
	return web_id(w, "id", &id, e) < 0 ? -1 : answer_profile(w, 200, id, e);
}

/* ?email= and its like: one profile. *handled says whether there was such an argument. */
static int
by_ident(struct web *w, bool *handled, struct err *e)
{
	for (int kind = IDENT_EXTERNAL; kind < IDENT_BUILTIN_KINDS; kind++) {
		struct text value = web_query(w, ident_name((enum ident_kind)kind));
		int64_t root;
		if (value.n == 0)
			continue;
		*handled = true;
		int found = person_by_ident(w->arena, w->db, w->company.id,
			w->company.country, kind, value, &root, e);
		if (found < 1)
			return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such profile");
		return answer_profile(w, 200, root, e);
	}
	return 0;
}

/* A phone nobody has as it was typed is looked for as we write it: "8 029 555-01-42". */
static int
ask_spelled(struct web *w, struct val *question, struct val *answer, struct err *e)
{
	struct ident phone;
	const struct val *search = val_get(question, "search");
	if (ask(w->arena, w->db, w->settings, w->company.id, question, ASK_MS, answer, e) <
		0)
		return -1;
	if (val_as_text(search).n == 0 || val_len(val_get(answer, "ids")) > 0 ||
		ident_read(w->arena, IDENT_PHONE, search, w->company.country, &phone) != 1)
		return 0;
	val_put(w->arena, question, "search", val_of(phone.value));
	return ask(
		w->arena, w->db, w->settings, w->company.id, question, ASK_MS, answer, e);
}

int
api_profiles_list(struct web *w, struct err *e)
{
	bool handled = false;
	size_t limit;
	struct val question = val_map(w->arena), answer, list = val_list(w->arena);
	if (by_ident(w, &handled, e) < 0)
		return -1;
	if (handled)
		return 0;
	if (api_limit(w, &limit, e) < 0)
		return -1;
	val_put(w->arena, &question, "what", val_text("page"));
	val_put(w->arena, &question, "rule", val_of(web_query(w, "filter")));
	val_put(w->arena, &question, "sort", val_of(web_query(w, "sort")));
	val_put(w->arena, &question, "cursor", val_of(web_query(w, "cursor")));
	val_put(w->arena, &question, "limit", val_int((int64_t)limit));
	val_put(w->arena, &question, "search", val_of(web_query(w, "q")));
	if (ask_spelled(w, &question, &answer, e) < 0) {
		if (strcmp(e->field, "rule") == 0)
			snprintf(e->field, sizeof e->field, "filter");
		return -1;
	}
	if (api_profiles(w, val_get(&answer, "ids"), &list, e) < 0)
		return -1;
	const struct val *next = val_get(&answer, "next");
	api_answer_list(w, list, next != NULL ? *next : val_null());
	return 0;
}

/* A time argument of the query. */
static int
query_time(
	struct web *w, const char *name, int64_t otherwise, int64_t *at_us, struct err *e)
{
	struct text t = web_query(w, name);
	*at_us = otherwise;
	if (t.n > 0 && time_parse(t, at_us) != 1)
		return err_field(e, name, "%s is a time like 2026-11-21T14:32:07Z", name);
	return 0;
}

static struct val
event_shape(struct arena *a, const struct val *event)
{
	struct val one = val_map(a);
	val_put(a, &one, "id", val_id(a, val_as_int(val_get(event, "seq"), 0)));
	val_put(a, &one, "type", *val_get(event, "type"));
	val_put(a, &one, "name", *val_get(event, "name"));
	val_put(a, &one, "at", api_time(a, val_as_int(val_get(event, "at_us"), 0)));
	val_put(a, &one, "received_at",
		api_time(a, val_as_int(val_get(event, "received_at_us"), 0)));
	val_put(a, &one, "source", *val_get(event, "source_id"));
	if (val_get(event, "person_id") != NULL)
		val_put(a, &one, "profile", *val_get(event, "person_id"));
	val_put(a, &one, "properties", *val_get(event, "props"));
	return one;
}

/* Which of a history's events are asked for. */
struct wanted {
	int64_t from_us, to_us;
	struct text type; /* empty: all */
};

static bool
is_wanted(const struct wanted *q, const struct val *event)
{
	int64_t at = val_as_int(val_get(event, "at_us"), 0);
	return at >= q->from_us && at <= q->to_us &&
	       (q->type.n == 0 || text_same(val_as_text(val_get(event, "name")),
					  event_type_name(q->type)));
}

int
api_profile_events(struct web *w, struct err *e)
{
	int64_t id, root, *nodes;
	size_t limit, n;
	struct wanted q = {.type = web_query(w, "type")};
	struct text cursor = web_query(w, "cursor");
	struct history_at at = HISTORY_BEGIN;
	struct val list = val_list(w->arena), slice;
	if (web_id(w, "id", &id, e) < 0 || api_limit(w, &limit, e) < 0 ||
		query_time(w, "from", INT64_MIN, &q.from_us, e) < 0 ||
		query_time(w, "to", INT64_MAX, &q.to_us, e) < 0)
		return -1;
	if (cursor.n > 0 && history_cursor_read(cursor, &at) != 1)
		return err_field(
			e, "cursor", "cursor is what \"next\" of the last answer said");
	int found = person_root(w->arena, w->db, w->company.id, id, &root, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such profile");
	if (person_nodes(w->arena, w->db, w->company.id, root, &nodes, &n, e) < 0)
		return -1;
	/* slices are as large as what is missing, so a page ends where its last slice does */
	do {
		if (event_history(w->arena, w->db, api_types(), w->company.id, nodes, n,
			    &at, limit - val_len(&list), &slice, e) < 0)
			return -1;
		for (size_t i = 0; i < val_len(&slice); i++)
			if (is_wanted(&q, &slice.list->at[i]))
				val_push(w->arena, &list,
					event_shape(w->arena, &slice.list->at[i]));
	} while (val_len(&slice) > 0 && val_len(&list) < limit);
	api_answer_list(w, list,
		val_len(&slice) > 0 ? val_text(history_cursor(w->arena, at)) : val_null());
	return 0;
}

int
api_events_list(struct web *w, struct err *e)
{
	size_t limit;
	int64_t before;
	struct val found, list = val_list(w->arena),
			  source = val_of(web_query(w, "source"));
	struct text type = web_query(w, "type");
	int64_t source_id = val_as_int(&source, source.text.n > 0 ? -1 : 0);
	if (source_id < 0)
		return err_field(e, "source", "source is a source's id");
	if (api_limit(w, &limit, e) < 0 || api_cursor(w, INT64_MAX, &before, e) < 0 ||
		event_page(w->arena, w->db, api_types(), w->company.id, source_id,
			type.n > 0 ? event_type_name(type) : type, &before, limit, &found,
			e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&found); i++)
		val_push(w->arena, &list, event_shape(w->arena, &found.list->at[i]));
	api_answer_list(w, list, val_id(w->arena, before));
	return 0;
}

static int
profiles_bulk(struct web *w, struct err *e)
{
	struct val body, out = val_map(w->arena);
	int64_t job;
	if (web_json(w, &body, e) < 0 ||
		bulk_begin(w->arena, w->db, w->settings, w->company.id,
			val_get(&body, "profiles"), 0, &job, e) < 0)
		return -1;
	val_put(w->arena, &out, "job", val_id(w->arena, job));
	api_answer(w, 202, out);
	return 0;
}

int
api_profiles_bulk(struct web *w, struct err *e)
{
	return api_once(w, profiles_bulk, e);
}
