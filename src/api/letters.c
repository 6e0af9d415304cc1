/* Templates of letters, and single messages: transactional ones. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"
#include "message/message.h"
#include "message/template_store.h"
#include "profile/ident.h"
#include "profile/person.h"

#include <string.h>

struct val
api_card(struct arena *a, const struct val *stored)
{
	struct val out = val_map(a);
	for (size_t i = 0; i < val_len(stored); i++) {
		const struct val_pair *p = &stored->map->at[i];
		struct text key = p->key;
		bool is_time = text_is(key, "at_us") ||
			       (key.n > 6 && memcmp(key.at + key.n - 6, "_at_us", 6) == 0);
		if (is_time)
			val_put_key(a, &out, (struct text){key.at, key.n - 3},
				api_time(a, val_as_int(&p->val, 0)));
		else
			val_put_key(a, &out, key, p->val);
	}
	return out;
}

void
api_answer_cards(struct web *w, const struct val *list)
{
	struct val cards = val_list(w->arena);
	for (size_t i = 0; i < val_len(list); i++)
		val_push(w->arena, &cards, api_card(w->arena, &list->list->at[i]));
	api_answer_list(w, cards, val_null());
}

int
api_templates_list(struct web *w, struct err *e)
{
	struct val list;
	if (message_template_all(w->arena, w->db, w->company.id, &list, e) < 0)
		return -1;
	api_answer_cards(w, &list);
	return 0;
}

static int
find_template(struct web *w, struct letter_template *t, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	int found = message_template_by_id(w->arena, w->db, w->company.id, id, t, e);
	return found == 1  ? 0
	       : found < 0 ? -1
			   : err_set(e, ERR_MISSING, "no such template");
}

static int
answer_template(struct web *w, int status, int64_t id, struct err *e)
{
	struct letter_template t;
	int found = message_template_by_id(w->arena, w->db, w->company.id, id, &t, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such template");
	struct val map = message_template_val(w->arena, &t);
	api_answer(w, status, api_card(w->arena, &map));
	return 0;
}

int
api_template_get(struct web *w, struct err *e)
{
	struct letter_template t;
	return find_template(w, &t, e) < 0 ? -1 : answer_template(w, 200, t.id, e);
}

/* What the body says instead of what is there. */
static int
put_template(struct web *w, struct letter_template *t, int status, struct err *e)
{
	struct val body;
	if (web_json(w, &body, e) < 0)
		return -1;
	const char **texts[] = {&t->name, &t->channel, &t->subject, &t->body};
	static const char *const names[] = {"name", "channel", "subject", "body"};
	for (size_t i = 0; i < 4; i++) {
		const struct val *v = val_get(&body, names[i]);
		if (v != NULL && v->kind != VAL_TEXT)
			return err_field(e, names[i], "%s is a text", names[i]);
		if (v != NULL)
			*texts[i] = val_as_z(w->arena, v);
	}
	return message_template_put(w->db, w->settings, w->company.id, t, e) < 0
		       ? -1
		       : answer_template(w, status, t->id, e);
}

static int
template_post(struct web *w, struct err *e)
{
	struct letter_template t = {
		.name = "", .channel = "email", .subject = "", .body = ""};
	return put_template(w, &t, 201, e);
}

int
api_template_post(struct web *w, struct err *e)
{
	return api_once(w, template_post, e);
}

int
api_template_patch(struct web *w, struct err *e)
{
	struct letter_template t;
	return find_template(w, &t, e) < 0 ? -1 : put_template(w, &t, 200, e);
}

/* --- messages --- */

static int
template_named(struct web *w, const struct val *v, int64_t *id, struct err *e)
{
	struct letter_template t;
	struct text name = val_as_text(v);
	int found = message_template_by_name(w->arena, w->db, w->company.id, name, &t, e);
	if (found == 0 && id_parse(name, id) == 1)
		return 0; /* whether it exists is asked when the message is queued */
	*id = found == 1 ? t.id : 0;
	return found < 0    ? -1
	       : found == 0 ? err_field(e, "template", "no template has this name or id")
			    : 0;
}

/* "to" is a profile's id, or a map with one identifier. */
static int
person_named(struct web *w, const struct val *to, int64_t *id, struct err *e)
{
	if (id_parse(val_as_text(to), id) == 1)
		return 0;
	const struct val *own = val_get(to, "id");
	if (own != NULL && id_parse(val_as_text(own), id) == 1)
		return 0;
	for (int kind = IDENT_EXTERNAL; kind < IDENT_BUILTIN_KINDS; kind++) {
		const struct val *v = val_get(to, ident_name((enum ident_kind)kind));
		if (v == NULL)
			continue;
		int found = person_by_ident(w->arena, w->db, w->company.id,
			w->company.country, kind, val_as_text(v), id, e);
		return found == 1  ? 0
		       : found < 0 ? -1
				   : err_field(e, "to", "nobody has this identifier");
	}
	return err_field(e, "to", "to is a profile's id, or {\"email\": ...}");
}

static int
message_post(struct web *w, struct err *e)
{
	struct val body, out;
	int64_t template_id, person_id, id;
	if (web_json(w, &body, e) < 0 ||
		template_named(w, val_get(&body, "template"), &template_id, e) < 0 ||
		person_named(w, val_get(&body, "to"), &person_id, e) < 0 ||
		message_send_single(w->arena, w->db, w->company.id, template_id, person_id,
			val_get(&body, "vars"), (struct text){0}, &id, e) < 0 ||
		message_by_id(w->arena, w->db, w->company.id, id, &out, e) < 0)
		return -1;
	api_answer(w, 202, api_card(w->arena, &out));
	return 0;
}

int
api_message_post(struct web *w, struct err *e)
{
	return api_once(w, message_post, e);
}

int
api_message_get(struct web *w, struct err *e)
{
	struct val out;
	int64_t id;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	int found = message_by_id(w->arena, w->db, w->company.id, id, &out, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such message");
	api_answer(w, 200, api_card(w->arena, &out));
	return 0;
}
