/* See binder.h. */
#include "collect/binder.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/time.h"
#include "event/bound.h"
#include "event/type.h"
#include "tenant/audit.h"
#include "tenant/binding.h"
#include "tenant/user.h"

#include <string.h>

enum { BODY_MAX = 64 * 1024, NAMES_MAX = 300 };

struct binder { /* one request */
	struct web *w;
	struct binding_act by;
	struct user user;
	struct source source;
	struct val body;
};

static int
enter(struct binder *b, struct err *e)
{
	struct web *w = b->w;
	struct text bytes, token;
	bool active;
	if (web_body(w, BODY_MAX, &bytes, e) < 0 ||
		json_parse(w->arena, bytes, &b->body, e) < 0)
		return -1;
	token = val_as_text(val_get(&b->body, "token"));
	if (binding_token_read(w->arena, token, time_now_us(), &b->by) != 1)
		return err_set(e, ERR_AUTH,
			"this link has ended: open the site from the source's page anew");
	int found = user_by_id(
		w->arena, w->db, b->by.company_id, b->by.user_id, &b->user, &active, e);
	if (found < 0)
		return -1;
	if (found == 0 || !active || !user_may(&b->user, RIGHT_WORK))
		return err_set(
			e, ERR_DENIED, "the user of this link may not do this any more");
	found = source_by_id(
		w->arena, w->db, b->by.company_id, b->by.source_id, &b->source, e);
	if (found < 0)
		return -1;
	if (found == 0 || strcmp(b->source.state, "active") != 0)
		return err_set(e, ERR_DENIED, "the source of this link is turned off");
	if (!text_is(val_as_text(val_get(&b->body, "key")), b->source.write_key))
		return err_set(e, ERR_DENIED,
			"the tag of this page has the key of another source than the "
			"link");
	return 0;
}

static int
note(struct binder *b, const char *action, int64_t id, const char *detail, struct err *e)
{
	struct web *w = b->w;
	const struct audit d = {.company_id = b->by.company_id,
		.user_id = b->by.user_id,
		.key_id = "",
		.ip = w->request.ip,
		.request_id = w->request.id,
		.action = action,
		.object = arena_printf(w->arena, "%lld", (long long)id),
		.detail = detail};
	return audit_add(w->arena, w->db, &d, e);
}

static const char *
event_of(struct binder *b, const struct val *binding)
{
	return val_as_z(b->w->arena, val_get(binding, "event"));
}

static int
save(struct binder *b, int64_t id, struct err *e)
{
	struct web *w = b->w;
	const struct val *in = val_get(&b->body, "binding");
	bool is_new = id == 0;
	if (in == NULL || in->kind != VAL_MAP)
		return err_field(e, "binding", "binding is a map");
	if (binding_save(w->arena, w->db, &b->by, in, &id, e) < 0)
		return -1;
	return note(
		b, is_new ? "binding.create" : "binding.change", id, event_of(b, in), e);
}

static int
change(struct binder *b, struct text verb, struct err *e)
{
	struct web *w = b->w;
	struct val was;
	int64_t id = 0;
	const struct val *in = val_get(&b->body, "binding");
	struct text given = val_as_text(
		val_get(text_is(verb, "save") ? in : &b->body, "id"));
	if (given.n > 0 && id_parse(given, &id) != 1)
		return err_field(e, "id", "an id is a number as text");
	if (text_is(verb, "save"))
		return save(b, id, e);
	if (web_found(binding_by_id(w->arena, w->db, b->by.company_id, b->by.source_id, id,
			      &was, e),
		    e) < 0)
		return -1;
	if (text_is(verb, "delete"))
		return binding_delete(w->arena, w->db, &b->by, id, e) < 0
			       ? -1
			       : note(b, "binding.delete", id, event_of(b, &was), e);
	struct text state = val_as_text(val_get(&b->body, "state"));
	if (binding_set_state(w->arena, w->db, &b->by, id, state, e) < 0)
		return -1;
	return note(b, text_is(state, "published") ? "binding.publish" : "binding.pause",
		id, event_of(b, &was), e);
}

/* Names of events this company has seen, and whose link it is. */
static int
put_opening(struct binder *b, struct val *out, struct err *e)
{
	struct web *w = b->w;
	struct val names, some = val_list(w->arena);
	if (binding_link_met(w->db, b->by.company_id, b->by.source_id, e) < 0 ||
		event_type_all(w->arena, w->db, b->by.company_id, &names, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&names) && i < NAMES_MAX; i++)
		val_push(w->arena, &some, names.list->at[i]);
	val_put(w->arena, out, "names", some);
	val_put(w->arena, out, "language", val_text(b->user.language));
	val_put(w->arena, out, "source", val_text(b->source.name));
	return 0;
}

int
binder_call(struct web *w, struct err *e)
{
	struct binder b = {.w = w};
	struct val out = val_map(w->arena), list, counts;
	if (enter(&b, e) < 0)
		return -1;
	struct text verb = val_as_text(val_get(&b.body, "do"));
	if (text_is(verb, "open")) {
		if (put_opening(&b, &out, e) < 0)
			return -1;
	} else if (text_is(verb, "save") || text_is(verb, "state") ||
		   text_is(verb, "delete")) {
		if (change(&b, verb, e) < 0)
			return -1;
	} else if (!text_is(verb, "list"))
		return err_field(e, "do", "do is open, list, save, state or delete");
	if (binding_all(w->arena, w->db, b.by.company_id, b.by.source_id, &list, e) < 0 ||
		bound_of(w->arena, w->db, b.by.company_id, b.by.source_id, time_now_us(),
			&counts, e) < 0)
		return -1;
	val_put(w->arena, &out, "bindings", list);
	val_put(w->arena, &out, "counts", counts);
	response_header(w, "Access-Control-Allow-Origin", "*");
	response_header(w, "Cache-Control", "no-store");
	response_json(w, 200, &out);
	return 0;
}
