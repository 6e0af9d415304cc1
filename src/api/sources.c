/* Sources. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "tenant/key.h"

int
api_sources_list(struct web *w, struct err *e)
{
	struct val list;
	if (source_all(w->arena, w->db, w->company.id, &list, e) < 0)
		return -1;
	api_answer_cards(w, &list);
	return 0;
}

static int
find(struct web *w, struct source *s, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	return web_found(source_by_id(w->arena, w->db, w->company.id, id, s, e), e);
}

static void
answer(struct web *w, int status, const struct source *s)
{
	struct val v = val_map(w->arena);
	val_put(w->arena, &v, "id", val_id(w->arena, s->id));
	val_put(w->arena, &v, "name", val_text(s->name));
	val_put(w->arena, &v, "kind", val_text(s->kind));
	val_put(w->arena, &v, "write_key", val_text(s->write_key));
	val_put(w->arena, &v, "state", val_text(s->state));
	val_put(w->arena, &v, "created_at", api_time(w->arena, s->created_at_us));
	api_answer(w, status, v);
}

int
api_source_get(struct web *w, struct err *e)
{
	struct source s;
	if (find(w, &s, e) < 0)
		return -1;
	answer(w, 200, &s);
	return 0;
}

static int
source_post(struct web *w, struct err *e)
{
	struct val body;
	if (web_json(w, &body, e) < 0)
		return -1;
	struct source s = {.company_id = w->company.id,
		.name = val_as_z(w->arena, val_get(&body, "name")),
		.kind = val_as_z(w->arena, val_get(&body, "kind"))};
	if (source_create(w->arena, w->db, &s, e) < 0)
		return -1;
	answer(w, 201, &s);
	return 0;
}

int
api_source_post(struct web *w, struct err *e)
{
	return api_once(w, source_post, e);
}

int
api_source_patch(struct web *w, struct err *e)
{
	struct source s;
	struct val body;
	if (find(w, &s, e) < 0 || web_json(w, &body, e) < 0)
		return -1;
	const struct val *name = val_get(&body, "name"), *state = val_get(&body, "state");
	if (name == NULL && state == NULL)
		return err_field(e, "name", "the body has name or state");
	if (state != NULL && source_set_state(w->db, w->company.id, s.id,
				     val_as_z(w->arena, state), e) < 0)
		return -1;
	if (name != NULL &&
		source_rename(w->db, w->company.id, s.id, val_as_z(w->arena, name), e) < 0)
		return -1;
	return api_source_get(w, e);
}
