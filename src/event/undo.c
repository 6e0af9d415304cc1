/* See undo.h. */
#include "event/undo.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/time.h"
#include "event/apply_parts.h"
#include "profile/merge.h"
#include "profile/person.h"
#include "store/db.h"

#include <string.h>

enum { SLICE_MAX = 500 };

struct joining {
	const struct join_ask *ask;
	int64_t merge_id;
};

static int
join_work(struct batch *b, void *obj, struct err *e)
{
	struct joining *j = obj;
	batch_stand_for(b, j->ask->into_id, j->ask->user_id);
	struct arrival *r = (struct arrival *)b->arrivals[0];
	r->who.with_id = j->ask->from_id;
	r->who.with_reason = j->ask->reason;
	if (batch_resolve(b, e) < 0)
		return -1;
	if (b->answers[0]->state != APPLIED_NEW)
		return err_set(e, ERR_MISSING, "no such profile");
	if (b->joined_n[0] == 0)
		return 0;
	j->merge_id = b->joined[0][0].merge_id;
	return batch_derive_merges(b, 0, e) < 0 || batch_compose(b, 0, NULL, e) < 0 ||
			       batch_save(b, e) < 0
		       ? -1
		       : 1;
}

int
event_join(struct arena *a, struct db *db, struct event_types *types,
	const struct join_ask *ask, int64_t *merge_id, struct err *e)
{
	struct joining j = {.ask = ask};
	struct person_row from;
	int64_t root;
	size_t there = 0;
	int found = person_root(a, db, ask->company_id, ask->from_id, &root, e);
	if (found == 1 &&
		person_by_ids(a, db, ask->company_id, &root, 1, &from, &there, e) < 0)
		found = -1;
	if (found < 0 || there == 0)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such profile");
	int rc = batch_run(a, db, types, ask->company_id, 1, join_work, &j, e);
	*merge_id = j.merge_id;
	return rc;
}

/* When the person of a node was seen, by its events. */
static int
see_anew(struct batch *b, int64_t node, struct err *e)
{
	size_t n;
	struct val row, *args;
	const int64_t *ids = crowd_nodes(b->crowd, node, &n);
	int64_t first_us = 0, last_us = 0;
	for (size_t done = 0; done < n; done += DB_REPEAT_MAX) {
		size_t slice = n - done < DB_REPEAT_MAX ? n - done : DB_REPEAT_MAX;
		args = arena_array(b->arena, slice + 1, sizeof *args);
		args[0] = val_int(b->company_id);
		for (size_t i = 0; i < slice; i++)
			args[i + 1] = val_int(ids[done + i]);
		if (db_row(b->arena, b->db, QUERY_EVENT_SEEN_OF_NODES, args, slice + 1,
			    &row, e) < 0)
			return -1;
		if (val_is_null(row_at(&row, 0)))
			continue;
		if (first_us == 0 || row_int(&row, 0) < first_us)
			first_us = row_int(&row, 0);
		if (row_int(&row, 1) > last_us)
			last_us = row_int(&row, 1);
	}
	crowd_seen_is(b->crowd, node, first_us, last_us);
	return 0;
}

struct splitting {
	int64_t merge_id, user_id;
};

static int
split_work(struct batch *b, void *obj, struct err *e)
{
	const struct splitting *s = obj;
	struct merge_row m;
	struct val props = val_map(b->arena);
	int found = merge_lock(b->arena, b->db, b->company_id, s->merge_id, &m, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such merge");
	if (m.is_undone)
		return 0;
	batch_stand_for(b, m.from_id, s->user_id); /* from */
	batch_stand_for(b, m.into_id, s->user_id); /* into */
	if (batch_resolve(b, e) < 0)
		return -1;
	if (b->answers[0]->state != APPLIED_NEW || b->answers[1]->state != APPLIED_NEW ||
		crowd_parent_id(b->crowd, b->nodes[0]) != m.into_id)
		return 0;
	crowd_split(b->crowd, b->nodes[0], &m.persons);
	if (see_anew(b, b->nodes[0], e) < 0 || see_anew(b, b->nodes[1], e) < 0)
		return -1;
	crowd_compose(b->crowd, b->nodes[0], b->arrivals[0]->at_us);
	val_put(b->arena, &props, "merge", val_id(b->arena, s->merge_id));
	val_put(b->arena, &props, "from", val_id(b->arena, m.from_id));
	val_put(b->arena, &props, "into",
		val_id(b->arena, crowd_person_id(b->crowd, b->nodes[1])));
	struct val again = val_copy(b->arena, &props);
	return batch_compose(b, 1, &props, e) < 0 ||
			       batch_derive(b, 1, "profile_split", &props,
				       EVENT_SPLIT | EVENT_PERSON, e) < 0 ||
			       batch_derive(b, 0, "profile_split", &again, EVENT_PERSON,
				       e) < 0 ||
			       merge_undone(b->db, b->company_id, s->merge_id,
				       b->arrivals[0]->at_us, e) < 0 ||
			       batch_save(b, e) < 0
		       ? -1
		       : 1;
}

int
event_split(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	int64_t merge_id, int64_t user_id, struct err *e)
{
	struct splitting s = {merge_id, user_id};
	struct merge_row m;
	int found = merge_lock(a, db, company_id, merge_id, &m, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such merge");
	return batch_run(a, db, types, company_id, 2, split_work, &s, e);
}

/* --- batches --- */

struct undoing {
	int64_t batch_id, cursor, next;
	size_t limit;
	bool more;
	event_also *also;
	void *obj;
};

static size_t
place_of(const struct batch *b, int64_t node_id)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->arrivals[i]->who.node_id == node_id)
			return i;
	return b->n;
}

/* The next nodes of the batch stand as arrivals: how many. */
static int
take_nodes(struct batch *b, struct undoing *u, struct err *e)
{
	struct val rows;
	if (batch_nodes(b->arena, b->db, b->company_id, u->batch_id, u->cursor, u->limit,
		    &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++)
		batch_stand_for(b, row_int(&rows.list->at[i], 0), 0);
	return 0;
}

/* Of nodes the batch made: those to whom something else happened, by place. */
static int
find_touched(struct batch *b, const int64_t *made_at_us, bool *touched, struct err *e)
{
	struct val *args = arena_array(b->arena, b->n + 2, sizeof *args), rows;
	size_t n = 2;
	for (size_t i = 0; i < b->n; i++) {
		if (made_at_us[i] == 0 || b->answers[i]->state != APPLIED_NEW)
			continue;
		args[1] = val_int(made_at_us[i]);
		args[n++] = val_int(b->arrivals[i]->who.node_id);
	}
	if (n == 2)
		return 0;
	args[0] = val_int(b->company_id);
	if (db_rows(b->arena, b->db, QUERY_EVENT_NOT_AT, args, n, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		size_t at = place_of(b, row_int(&rows.list->at[i], 0));
		if (at < b->n)
			touched[at] = true;
	}
	return 0;
}

static int
remove_person(struct batch *b, size_t i, const struct val *more, struct err *e)
{
	struct val props = val_copy(b->arena, more);
	crowd_remove(b->crowd, b->nodes[i]);
	return db_exec(b->db, QUERY_EVENT_DELETE_OF_NODE,
		       DB_ARGS(val_int(b->company_id),
			       val_int(b->arrivals[i]->who.node_id)),
		       NULL, e) < 0
		       ? -1
		       : batch_derive(b, i, "profile_removed", &props, EVENT_GONE, e);
}

/* rows: {node_id, what, name, body}. */
static int
restore(struct batch *b, const struct undoing *u, const struct val *rows, struct err *e)
{
	int64_t *made_at_us = arena_array(b->arena, b->n, sizeof *made_at_us);
	bool *touched = arena_array(b->arena, b->n, sizeof *touched);
	struct val more = val_map(b->arena);
	val_put(b->arena, &more, "undone", val_id(b->arena, u->batch_id));
	for (int pass = 0; pass < 2; pass++) {
		for (size_t k = 0; k < rows->list->n; k++) {
			const struct val *row = &rows->list->at[k];
			size_t i = place_of(b, row_int(row, 0));
			struct text what = row_text(row, 1);
			struct val body;
			if (i == b->n || b->answers[i]->state != APPLIED_NEW)
				continue;
			if (json_parse(b->arena, row_text(row, 3), &body, e) < 0)
				return err_wrap(e, "what a batch found");
			if (pass == 0 && text_is(what, "made"))
				made_at_us[i] = val_as_int(val_get(&body, "at"), 0);
			/* somebody new who did something since keeps the identifiers it was known by */
			else if (pass == 1 &&
				 !(text_is(what, "ident") && made_at_us[i] != 0))
				crowd_restore(b->crowd, b->nodes[i], what, row_text(row, 2),
					&body);
		}
		if (pass == 0 && find_touched(b, made_at_us, touched, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < b->n; i++) {
		if (b->answers[i]->state != APPLIED_NEW)
			continue;
		bool goes = made_at_us[i] != 0 && !touched[i] &&
			    !crowd_has_others(b->crowd, b->nodes[i], made_at_us[i]);
		if ((goes ? remove_person(b, i, &more, e) : batch_compose(b, i, &more, e)) <
			0)
			return -1;
	}
	return 0;
}

static int
undo_work(struct batch *b, void *obj, struct err *e)
{
	struct undoing *u = obj;
	struct val rows;
	if (take_nodes(b, u, e) < 0)
		return -1;
	u->more = b->n == u->limit;
	u->next = u->cursor;
	if (b->n > 0) {
		int64_t first = b->arrivals[0]->who.node_id;
		u->next = b->arrivals[b->n - 1]->who.node_id;
		if (batch_resolve(b, e) < 0 ||
			batch_read(b->arena, b->db, b->company_id, u->batch_id, first,
				u->next, &rows, e) < 0 ||
			restore(b, u, &rows, e) < 0 || batch_save(b, e) < 0 ||
			batch_forget(b->db, b->company_id, u->batch_id, first, u->next, e) <
				0)
			return -1;
	}
	return u->also != NULL && u->also(b->db, u->obj, NULL, e) < 0 ? -1 : 1;
}

int
event_undo(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	int64_t batch_id, int64_t *cursor, size_t limit, event_also *also, void *obj,
	struct err *e)
{
	struct undoing u = {.batch_id = batch_id,
		.cursor = *cursor,
		.limit = limit < SLICE_MAX ? limit : SLICE_MAX,
		.also = also,
		.obj = obj};
	if (batch_run(a, db, types, company_id, u.limit, undo_work, &u, e) < 0)
		return err_wrap(e, "event.undo");
	*cursor = u.next;
	return u.more;
}

int
event_merges(struct arena *a, struct db *db, int64_t company_id, int64_t person_id,
	struct val *list, struct err *e)
{
	int64_t *ids;
	size_t n;
	return person_nodes(a, db, company_id, person_id, &ids, &n, e) < 0
		       ? -1
		       : merge_of_nodes(a, db, company_id, ids, n, list, e);
}
