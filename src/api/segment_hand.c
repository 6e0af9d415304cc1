/* Segments besides their rule: options, people put in by hand, versions, freezing, several of them against each other. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "column/ask.h"
#include "profile/field.h"
#include "segment/hand.h"
#include "segment/option.h"
#include "segment/store.h"

enum { ALGEBRA_MS = 5000, WAIT_MS = 5000, PUT_MAX = 10000 };

void
api_segment_options(struct arena *a, const struct val *segment, struct val *out)
{
	struct segment_options o = segment_options_of(segment);
	val_put(a, out, "static", val_bool(o.is_static));
	val_put(a, out, "locked", val_bool(o.locked));
	struct val unique = val_null();
	if (o.unique_by.n > 0) {
		unique = val_map(a);
		val_put(a, &unique, "by", val_of(o.unique_by));
		val_put(a, &unique, "keep", val_of(o.unique_keep));
	}
	val_put(a, out, "unique", unique);
	if (text_is(val_as_text(val_get(segment, "state")), "building"))
		val_put(a, out, "progress", *val_get(segment, "progress"));
	val_put(a, out, "folder", val_of(o.folder));
	val_put(a, out, "description", val_of(o.description));
	val_put(a, out, "archived_at",
		api_time(a, val_as_int(val_get(segment, "archived_at_us"), 0)));
}

/* {"by": field, "keep"?} or null. */
static int
read_unique(struct web *w, const struct val *v, struct segment_options *o, struct err *e)
{
	struct val fields;
	o->unique_by = o->unique_keep = text_of("");
	if (val_is_null(v))
		return 0;
	o->unique_by = val_as_text(val_get(v, "by"));
	o->unique_keep = val_get(v, "keep") != NULL ? val_as_text(val_get(v, "keep"))
						    : text_of("first_created");
	if (field_all(w->arena, w->db, w->company.id, &fields, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&fields); i++)
		if (text_same(val_as_text(val_get(&fields.list->at[i], "name")),
			    o->unique_by))
			return 0;
	return err_field(e, "unique",
		"unique is null or {\"by\": a field's name, \"keep\": \"first_created\" or "
		"\"last_updated\"}");
}

static bool
differ(const struct segment_options *x, const struct segment_options *y)
{
	return x->is_static != y->is_static || x->locked != y->locked ||
	       !text_same(x->unique_by, y->unique_by) ||
	       !text_same(x->unique_keep, y->unique_keep) ||
	       !text_same(x->folder, y->folder) ||
	       !text_same(x->description, y->description);
}

/* A flag of the body; what is not there, or null, stays as it is. */
static int
read_flag(const struct val *body, const char *name, bool *io, struct err *e)
{
	const struct val *v = val_get(body, name);
	if (!val_is_null(v) && v->kind != VAL_BOOL)
		return err_field(e, name, "%s is true or false", name);
	*io = val_as_bool(v, *io);
	return 0;
}

static int
read_text(const struct val *body, const char *name, struct text *io, struct err *e)
{
	const struct val *v = val_get(body, name);
	if (!val_is_null(v) && v->kind != VAL_TEXT)
		return err_field(e, name, "%s is a text", name);
	if (v != NULL)
		*io = text_trim(val_as_text(v));
	return 0;
}

int
api_segment_options_read(struct web *w, const struct val *segment, struct text rule,
	const struct val *body, struct segment_options *o, struct err *e)
{
	bool archived = false;
	*o = segment_options_of(segment);
	if (read_flag(body, "static", &o->is_static, e) < 0 ||
		read_flag(body, "locked", &o->locked, e) < 0 ||
		read_flag(body, "archived", &archived, e) < 0 ||
		read_text(body, "folder", &o->folder, e) < 0 ||
		read_text(body, "description", &o->description, e) < 0 ||
		(val_get(body, "unique") != NULL &&
			read_unique(w, val_get(body, "unique"), o, e) < 0))
		return -1;
	return segment_options_check(rule, o, e);
}

int
api_segment_options_set(struct web *w, const struct val *segment,
	const struct segment_options *o, const struct val *body, struct err *e)
{
	struct segment_options old = segment_options_of(segment);
	if (differ(&old, o) &&
		segment_options_set(w->db, w->company.id, segment, o, 0, e) < 0)
		return -1;
	bool was = !val_is_null(val_get(segment, "archived_at_us"));
	if (val_as_bool(val_get(body, "archived"), was) == was)
		return 0;
	return segment_archive(
		w->db, w->company.id, val_as_int(val_get(segment, "id"), 0), !was, 0, e);
}

/* ids, emails and phones of a body as one list of texts; need: there must be a list. 0 / -1 ERR_INPUT */
static int
read_people(struct web *w, const struct val *body, bool need, size_t most,
	struct hand_list *out, struct err *e)
{
	static const char *const keys[] = {"ids", "emails", "phones"};
	struct val texts = val_list(w->arena);
	bool named = false;
	for (size_t k = 0; k < 3; k++) {
		const struct val *list = val_get(body, keys[k]);
		if (!val_is_null(list) && list->kind != VAL_LIST)
			return err_field(e, keys[k], "%s is a list", keys[k]);
		named |= !val_is_null(list);
		for (size_t i = 0; i < val_len(list); i++)
			val_push(w->arena, &texts,
				val_text(val_as_z(w->arena, &list->list->at[i])));
	}
	if (need && !named)
		return err_field(e, "ids", "ids, emails or phones are expected");
	if (val_len(&texts) > most)
		return err_field(e, "ids", "at most %zu people are named at once", most);
	return segment_people_of(
		w->arena, w->db, w->company.id, w->company.country, &texts, out, e);
}

int
api_segment_fill(struct web *w, struct text name, struct text rule,
	const struct segment_options *o, const struct val *body, struct err *e)
{
	struct hand_list people;
	struct val segment;
	int64_t id;
	if (text_trim(rule).n > 0)
		return err_field(e, "rule",
			"a static segment is made of people; one with a rule is made first "
			"and then becomes static");
	if (read_people(w, body, false, SEGMENT_FILL_MAX, &people, e) < 0 ||
		segment_static_make(w->arena, w->db, w->company.id, name, 0, people.ids,
			people.n, "put in by hand: API", &id, e) < 0 ||
		web_found(segment_by_id(w->arena, w->db, w->company.id, id, &segment, e),
			e) < 0 ||
		api_segment_options_set(w, &segment, o, body, e) < 0)
		return -1;
	return api_segment_answer(w, 201, id, e);
}

static int
hand(struct web *w, bool in, struct err *e)
{
	struct val body, segment, out = val_map(w->arena);
	struct hand_list people;
	struct hand by = {.by = "API"};
	int64_t id, changed;
	if (api_segment_find(w, &id, &segment, e) < 0 || web_json(w, &body, e) < 0 ||
		segment_may_change(&segment, 0, false, e) < 0 ||
		read_people(w, &body, true, PUT_MAX, &people, e) < 0 ||
		segment_static_wait(
			w->arena, w->db, w->settings, w->company.id, WAIT_MS, e) < 0 ||
		segment_static_put(w->arena, w->db, api_types(), w->company.id, &segment,
			people.ids, people.n, in, &by, &changed, e) < 0)
		return -1;
	val_put(w->arena, &out, "id", val_id(w->arena, id));
	val_put(w->arena, &out, "found", val_int((int64_t)people.n));
	val_put(w->arena, &out, "changed", val_int(changed));
	val_put(w->arena, &out, "missing", people.missing);
	api_answer(w, 200, out);
	return 0;
}

int
api_segment_members_put(struct web *w, struct err *e)
{
	return hand(w, true, e);
}

int
api_segment_members_delete(struct web *w, struct err *e)
{
	return hand(w, false, e);
}

int
api_segment_versions(struct web *w, struct err *e)
{
	struct val segment, stored, list = val_list(w->arena);
	int64_t id;
	if (api_segment_find(w, &id, &segment, e) < 0 ||
		segment_versions(w->arena, w->db, w->company.id, id, &stored, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&stored); i++) {
		const struct val *v = &stored.list->at[i];
		struct val one = val_map(w->arena);
		int64_t user = val_as_int(val_get(v, "made_by"), 0);
		val_put(w->arena, &one, "version", *val_get(v, "version"));
		val_put(w->arena, &one, "name", *val_get(v, "name"));
		val_put(w->arena, &one, "rule", *val_get(v, "rule"));
		val_put(w->arena, &one, "user_id",
			user != 0 ? val_id(w->arena, user) : val_null());
		val_put(w->arena, &one, "at",
			api_time(w->arena, val_as_int(val_get(v, "made_at_us"), 0)));
		val_put(w->arena, &one, "size", *val_get(v, "size"));
		val_push(w->arena, &list, one);
	}
	api_answer_list(w, list, val_null());
	return 0;
}

static int
freeze(struct web *w, struct err *e)
{
	struct val segment, body;
	int64_t id, made;
	if (api_segment_find(w, &id, &segment, e) < 0 || web_json(w, &body, e) < 0 ||
		segment_freeze(w->arena, w->db, w->settings, w->company.id, &segment,
			val_as_text(val_get(&body, "name")), 0, &made, e) < 0)
		return -1;
	return api_segment_answer(w, 201, made, e);
}

int
api_segment_freeze(struct web *w, struct err *e)
{
	return api_once(w, freeze, e);
}

int
api_segments_algebra(struct web *w, struct err *e)
{
	struct val body, answer, question = val_map(w->arena), out = val_map(w->arena);
	if (web_json(w, &body, e) < 0)
		return -1;
	val_put(w->arena, &question, "what", val_text("algebra"));
	if (val_get(&body, "segments") != NULL)
		val_put(w->arena, &question, "segments", *val_get(&body, "segments"));
	if (ask(w->arena, w->db, w->settings, w->company.id, &question, ALGEBRA_MS, &answer,
		    e) < 0)
		return -1;
	val_put(w->arena, &out, "sizes", *val_get(&answer, "sizes"));
	val_put(w->arena, &out, "regions", *val_get(&answer, "regions"));
	api_answer(w, 200, out);
	return 0;
}
