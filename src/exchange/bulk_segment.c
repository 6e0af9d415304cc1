/* See bulk_segment.h. */
#include "exchange/bulk_segment.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "exchange/bulk_people.h"
#include "profile/merge.h"
#include "profile/person.h"
#include "segment/option.h"
#include "segment/store.h"
#include "store/db.h"
#include "tenant/user.h"

#include <string.h>

#define WHAT "segment"

static bool
is_by_hand(const struct val *segment)
{
	return val_as_int(val_get(segment, "is_static"), 0) != 0 &&
	       val_is_null(val_get(segment, "archived_at_us"));
}

int
people_segments(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e)
{
	struct val all;
	*out = val_list(a);
	if (segment_all(a, db, company_id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++)
		if (is_by_hand(&all.list->at[i]))
			val_push(a, out, all.list->at[i]);
	return 0;
}

static int
find(struct arena *a, struct db *db, int64_t company_id, int64_t id, struct val *out,
	struct err *e)
{
	int found = segment_by_id(a, db, company_id, id, out, e);
	if (found < 0)
		return -1;
	return found == 1 && is_by_hand(out)
		       ? 0
		       : err_field(e, "segment", "segment is the id of a static segment");
}

/* Who began it; those who run the installation stand in no company. */
static int
find_user(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	struct user *u, struct err *e)
{
	bool active;
	*u = (struct user){.name = "API", .email = "", .role = ""};
	if (user_id == 0)
		return 0;
	int found = user_by_id(a, db, company_id, user_id, u, &active, e);
	return found == 0 ? user_by_id(a, db, 0, user_id, u, &active, e) : found;
}

int
people_segment_check(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	int64_t user_id, struct err *e)
{
	struct val segment;
	struct user u;
	if (find(a, db, company_id, id, &segment, e) < 0 ||
		find_user(a, db, company_id, user_id, &u, e) < 0)
		return -1;
	bool admin = strcmp(u.role, "admin") == 0 || strcmp(u.role, "root") == 0;
	if (segment_may_change(&segment, user_id, admin, e) == 0)
		return 0;
	return err_field(e, "segment",
		"this segment is locked: only who made it or an administrator changes it");
}

struct moving {
	struct arena *arena;
	const struct people_move *move;
};

static int
keep_moved(struct db *db, void *obj, const int64_t *ids, size_t n, int64_t at_us,
	struct err *e)
{
	const struct moving *x = obj;
	const struct people_move *m = x->move;
	struct val body = val_map(x->arena);
	val_put(x->arena, &body, "in", val_bool(m->in));
	val_put(x->arena, &body, "at", val_int(at_us));
	if (batch_keep(x->arena, db, m->company_id, m->job_id, ids, n, WHAT,
		    (struct text){"", 0}, json_text(x->arena, &body), e) < 0)
		return -1;
	return m->also(db, m->obj, ids, n, at_us, e);
}

static int
put(struct arena *a, struct db *db, struct event_types *types, const struct people_move *m,
	const int64_t *ids, size_t n, struct hand by, int64_t *changed, struct err *e)
{
	struct val segment;
	struct user u;
	*changed = 0;
	if (find(a, db, m->company_id, m->segment_id, &segment, e) < 0 ||
		find_user(a, db, m->company_id, m->user_id, &u, e) < 0)
		return -1;
	by.by = u.name[0] != '\0' ? u.name : u.email;
	by.user_id = m->user_id;
	by.quiet = true;
	return segment_static_put(
		a, db, types, m->company_id, &segment, ids, n, m->in, &by, changed, e);
}

int
people_segment_put(struct arena *a, struct db *db, struct event_types *types,
	const struct people_move *m, const int64_t *ids, size_t n, int64_t *changed,
	struct err *e)
{
	struct moving x = {a, m};
	return put(a, db, types, m, ids, n, (struct hand){.also = keep_moved, .obj = &x},
		changed, e);
}

/* --- taking it back --- */

struct undoing {
	const struct people_move *move;
	int64_t from_id, to_id;
};

/* Of people the job moved (rows of batch_read) those to be moved back. */
static int
find_back(struct arena *a, struct db *db, const struct people_move *m,
	const struct val *rows, int64_t *ids, size_t *n, struct err *e)
{
	size_t all = val_len(rows), count = 0;
	int64_t *given = arena_array(a, all + 1, sizeof *given);
	int64_t *at_us = arena_array(a, all + 1, sizeof *at_us);
	int64_t *roots = arena_array(a, all + 1, sizeof *roots);
	int64_t *since_us = arena_array(a, all + 1, sizeof *since_us);
	for (size_t i = 0; i < all; i++) {
		const struct val *row = &rows->list->at[i];
		struct val body;
		if (!text_is(row_text(row, 1), WHAT))
			continue;
		if (json_parse(a, row_text(row, 3), &body, e) < 0)
			return err_wrap(e, "what a batch found");
		given[count] = row_int(row, 0);
		if (person_root(a, db, m->company_id, given[count], &roots[count], e) < 0)
			return -1;
		at_us[count++] = val_as_int(val_get(&body, "at"), 0);
	}
	if (segment_static_since(
		    a, db, m->company_id, m->segment_id, roots, count, since_us, e) < 0)
		return -1;
	*n = 0;
	for (size_t i = 0; i < count; i++) {
		/* who was merged since is in it since then */
		bool ours = roots[i] == given[i] ? since_us[i] == at_us[i]
						 : since_us[i] >= at_us[i];
		if (!m->in || ours)
			ids[(*n)++] = roots[i];
	}
	return 0;
}

static int
forget(struct db *db, void *obj, const int64_t *ids, size_t n, int64_t at_us, struct err *e)
{
	const struct undoing *u = obj;
	const struct people_move *m = u->move;
	return batch_forget(db, m->company_id, m->job_id, u->from_id, u->to_id, e) < 0
		       ? -1
		       : m->also(db, m->obj, ids, n, at_us, e);
}

static int
forget_alone(struct db *db, struct undoing *u, struct err *e)
{
	if (db_begin(db, e) < 0)
		return -1;
	if (forget(db, u, NULL, 0, 0, e) == 0 && db_commit(db, e) == 0)
		return 0;
	db_rollback(db);
	return -1;
}

int
people_segment_undo(struct arena *a, struct db *db, struct event_types *types,
	const struct people_move *m, size_t limit, size_t *n, struct err *e)
{
	struct val nodes, rows;
	struct people_move back = *m;
	struct undoing u = {.move = m};
	int64_t changed;
	size_t count;
	if (batch_nodes(a, db, m->company_id, m->job_id, 0, limit, &nodes, e) < 0)
		return -1;
	*n = val_len(&nodes);
	if (*n == 0)
		return 0;
	u.from_id = row_int(&nodes.list->at[0], 0);
	u.to_id = row_int(&nodes.list->at[*n - 1], 0);
	if (batch_read(a, db, m->company_id, m->job_id, u.from_id, u.to_id, &rows, e) < 0)
		return -1;
	int64_t *ids = arena_array(a, val_len(&rows) + 1, sizeof *ids);
	if (find_back(a, db, m, &rows, ids, &count, e) < 0)
		return -1;
	back.in = !m->in;
	if (put(a, db, types, &back, ids, count, (struct hand){.also = forget, .obj = &u},
		    &changed, e) < 0)
		return -1;
	return changed > 0 ? 0 : forget_alone(db, &u, e);
}
