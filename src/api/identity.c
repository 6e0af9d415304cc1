/* Who is who: merges and undoing them, erasure, all of one person as a file, the rules. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "event/undo.h"
#include "exchange/erase.h"
#include "exchange/person_file.h"
#include "profile/person.h"
#include "profile/unify.h"

static int
root_of(struct web *w, int64_t id, int64_t *root, struct err *e)
{
	int found = person_root(w->arena, w->db, w->company.id, id, root, e);
	return found == 1 ? 0 : found < 0 ? -1 : err_set(e, ERR_MISSING, "no such profile");
}

/* The merges of a person as cards. */
static int
merges_of(struct web *w, int64_t root, struct val *list, struct err *e)
{
	struct val stored;
	if (event_merges(w->arena, w->db, w->company.id, root, &stored, e) < 0)
		return -1;
	*list = val_list(w->arena);
	for (size_t i = 0; i < val_len(&stored); i++)
		val_push(w->arena, list, api_card(w->arena, &stored.list->at[i]));
	return 0;
}

static int
answer_merge(struct web *w, int status, int64_t person_id, int64_t merge_id, struct err *e)
{
	struct val list;
	int64_t root;
	if (root_of(w, person_id, &root, e) < 0 || merges_of(w, root, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++)
		if (val_as_int(val_get(&list.list->at[i], "id"), 0) == merge_id) {
			api_answer(w, status, list.list->at[i]);
			return 0;
		}
	return err_set(e, ERR_MISSING, "no such merge");
}

static int
merge_post(struct web *w, struct err *e)
{
	struct val body;
	struct join_ask ask = {.company_id = w->company.id, .reason = "api"};
	int64_t merge_id;
	if (web_id(w, "id", &ask.into_id, e) < 0 || web_json(w, &body, e) < 0)
		return -1;
	ask.from_id = val_as_int(val_get(&body, "with"), 0);
	if (ask.from_id <= 0)
		return err_field(
			e, "with", "with is the id of the profile that joins this one");
	if (root_of(w, ask.into_id, &ask.into_id, e) < 0)
		return -1;
	int joined = event_join(w->arena, w->db, api_types(), &ask, &merge_id, e);
	if (joined < 0)
		return -1;
	if (joined == 0)
		return err_set(e, ERR_CONFLICT, "these two are one profile already");
	return answer_merge(w, 201, ask.into_id, merge_id, e);
}

int
api_merge_post(struct web *w, struct err *e)
{
	return api_once(w, merge_post, e);
}

int
api_merges_list(struct web *w, struct err *e)
{
	int64_t id;
	struct val list;
	if (web_id(w, "id", &id, e) < 0 || root_of(w, id, &id, e) < 0 ||
		merges_of(w, id, &list, e) < 0)
		return -1;
	api_answer_list(w, list, val_null());
	return 0;
}

static int
merge_undo(struct web *w, struct err *e)
{
	int64_t id;
	struct val out = val_map(w->arena);
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	int undone = event_split(w->arena, w->db, api_types(), w->company.id, id, 0, e);
	if (undone < 0)
		return -1;
	if (undone == 0)
		return err_set(e, ERR_CONFLICT, "this merge was undone already");
	val_put(w->arena, &out, "id", val_id(w->arena, id));
	val_put(w->arena, &out, "undone", val_bool(true));
	api_answer(w, 200, out);
	return 0;
}

int
api_merge_undo(struct web *w, struct err *e)
{
	return api_once(w, merge_undo, e);
}

int
api_profile_delete(struct web *w, struct err *e)
{
	int64_t id, job;
	struct val out = val_map(w->arena);
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	int erased = erase_begin(
		w->arena, w->db, api_types(), w->company.id, id, 0, &job, e);
	if (erased < 1)
		return erased < 0 ? -1 : err_set(e, ERR_MISSING, "no such profile");
	val_put(w->arena, &out, "job", val_id(w->arena, job));
	api_answer(w, 202, out);
	return 0;
}

int
api_profile_file(struct web *w, struct err *e)
{
	int64_t id;
	struct val file;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	int found = person_file(w->arena, w->db, api_types(), w->company.id, id, &file, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such profile");
	response_header(w, "Content-Disposition",
		arena_printf(w->arena, "attachment; filename=\"profile-%lld.json\"",
			(long long)id));
	api_answer(w, 200, file);
	return 0;
}

static int
answer_rules(struct web *w, struct err *e)
{
	struct unify u;
	if (unify_read(w->arena, w->db, w->company.id, &u, e) < 0)
		return -1;
	api_answer(w, 200, unify_shown(w->arena, &u));
	return 0;
}

int
api_identity_get(struct web *w, struct err *e)
{
	return answer_rules(w, e);
}

/* {idents: [{name, ...}], fields: [{name, survives, sources}]}: each as far as it is there. */
int
api_identity_patch(struct web *w, struct err *e)
{
	struct val body;
	if (web_json(w, &body, e) < 0)
		return -1;
	const struct val *idents = val_get(&body, "idents"),
			 *fields = val_get(&body, "fields");
	if (body.kind != VAL_MAP || (idents == NULL && fields == NULL))
		return err_field(e, "idents",
			"the body has idents or fields, lists of rules by name");
	for (size_t i = 0; i < val_len(idents); i++) {
		const struct val *one = &idents->list->at[i];
		if (unify_put_ident(w->arena, w->db, w->company.id,
			    val_as_z(w->arena, val_get(one, "name")), one, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < val_len(fields); i++) {
		const struct val *one = &fields->list->at[i];
		if (unify_put_field(w->arena, w->db, w->company.id,
			    val_as_z(w->arena, val_get(one, "name")),
			    val_as_z(w->arena, val_get(one, "survives")),
			    val_get(one, "sources"), e) < 0)
			return -1;
	}
	return answer_rules(w, e);
}
