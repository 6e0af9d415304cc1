/* See hold.h: following the feed. The start is in load.c, segments are in members.c. */
#include "engine/hold.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/time.h"
#include "base/log.h"
#include "column/base.h"
#include "column/snapshot.h"
#include "engine/formulas.h"
#include "engine/keep.h"
#include "engine/load.h"
#include "engine/members.h"
#include "event/apply.h"
#include "profile/person.h"
#include "scenario/run.h"
#include "store/db.h"

#include <stdlib.h>

void
hold_close(struct hold *h)
{
	if (h == NULL)
		return;
	members_free(h->members);
	formulas_free(h->formulas);
	scenario_book_free(h->book);
	load_free(h->load);
	column_base_free(h->base);
	arena_free(h->arena);
	free(h);
}

static int64_t
lease_us(const struct hold *h)
{
	return h->settings->lease_s * SECOND_US;
}

/* The snapshot, if it is of this company's life: one from a store that was since put back to an earlier day is not. */
static int
begin_with_snapshot(struct hold *h, const struct zone *zone, struct err *e)
{
	int64_t fence = 0;
	int found = column_snapshot_open(keep_path(h->arena, h->settings, h->company.id),
		h->company.id, zone, &h->base, &fence, e);
	if (found == 1 &&
		(fence > h->lease.fence || column_position(h->base) > h->lease.seq)) {
		err_set(e, ERR_INPUT, "it is ahead of the store");
		column_base_free(h->base);
		h->base = NULL;
		found = 0;
	}
	if (found == 0 && e->code != ERR_MISSING)
		log_line(LOG_WARN, "company %lld: its snapshot is not used: %s",
			(long long)h->company.id, e->text);
	return found;
}

static int
begin(struct hold *h, struct err *e)
{
	const struct zone *zone = zone_find(text_of(h->company.timezone));
	h->zone = zone;
	zone = zone != NULL ? zone : zone_utc();
	int found = begin_with_snapshot(h, zone, e);
	if (found < 0)
		log_line(LOG_WARN, "company %lld: %s", (long long)h->company.id, e->text);
	if (found < 1) {
		h->base = column_base_new(h->company.id, zone);
		h->load = load_new();
	}
	h->members = members_new(h);
	h->formulas = formulas_new(h);
	h->book = scenario_book_new(h->company.id);
	if (found == 1)
		log_line(LOG_INFO, "company %lld: begins with its snapshot at %lld",
			(long long)h->company.id, (long long)column_position(h->base));
	h->kept_seq = found == 1 ? column_position(h->base) : -1;
	h->used_at_us = h->kept_at_us = time_monotonic_us();
	h->last_seq = h->lease.seq;
	return 1;
}

int
hold_open(const struct settings *s, struct db *db, struct event_types *types,
	int64_t company_id, const char *holder, struct hold **out, struct err *e)
{
	struct hold *h = calloc(1, sizeof *h);
	must(h != NULL);
	h->arena = arena_new();
	h->settings = s;
	h->db = db;
	h->types = types;
	int rc = company_by_id(h->arena, db, company_id, &h->company, e);
	if (rc == 1)
		rc = lease_take(h->arena, db, company_id, holder,
			time_now_us() + lease_us(h), &h->lease, e);
	if (rc == 1)
		rc = begin(h, e);
	if (rc < 1) {
		hold_close(h);
		return rc;
	}
	*out = h;
	return 1;
}

/* What one row of the feed says to the columns, and whom it concerns. */
struct news {
	struct hold *hold;
	struct arena *turn;
	struct members_turn *members; /* NULL: who is concerned does not matter yet */
	struct dict *reread;	      /* persons whose row must be read again */
};

static void
changed_fields(struct news *n, const struct feed_row *row, const struct val *props)
{
	const struct val *changes = val_get(props, "changes");
	load_changes(n->turn, n->hold, row, row->person_id, props);
	for (size_t i = 0; n->members != NULL && i < val_len(changes); i++) {
		struct text field = val_as_text(val_get(&changes->list->at[i], "field"));
		members_touch_field(n->members, row->person_id, field);
		formulas_touch_field(n->hold->formulas, row->person_id, field);
	}
}

static void
seen(struct news *n, const struct feed_row *row)
{
	struct val fields = val_map(n->turn);
	int64_t at = column_row(n->hold->base, row->person_id), held_us;
	if (at < 0)
		return;
	struct val held = column_value(
		n->turn, n->hold->base, (size_t)at, text_of("last_seen_at"));
	if (held.kind == VAL_TEXT && time_parse(held.text, &held_us) == 1 &&
		held_us >= row->at_us)
		return;
	val_put(n->turn, &fields, "last_seen_at", val_int(row->at_us));
	column_person_patch(n->hold->base, row->person_id, &fields, NULL);
	if (n->members != NULL)
		members_touch_field(n->members, row->person_id, text_of("last_seen_at"));
}

static bool
is_about_consent(struct text type)
{
	static const char *const types[] = {"email_unsubscribe", "email_bounce",
		"email_complaint", "consent_given", "consent_withdrawn"};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (text_is(type, types[i]))
			return true;
	return false;
}

/* Which segments must look at the person. */
static void
touch(struct news *n, const struct feed_row *row, struct text type, const struct val *props)
{
	members_touch_event(n->members, row->person_id, type);
	if (is_about_consent(type))
		members_touch_consent(n->members, row->person_id);
	if (row->flags & EVENT_MERGED || text_is(type, "profile_created")) {
		members_touch(n->members, row->person_id);
		formulas_touch(n->hold->formulas, row->person_id);
	}
	members_row(n->members, row, type, props);
}

/* Everything a person did, out of the store, and which ids lead there. */
static int
read_history(struct news *n, int64_t person_id, struct err *e)
{
	struct hold *h = n->hold;
	struct history_at at = HISTORY_BEGIN;
	struct val list;
	int64_t *nodes;
	size_t count;
	if (person_nodes(n->turn, h->db, h->company.id, person_id, &nodes, &count, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (nodes[i] != person_id)
			column_person_merge(h->base, nodes[i], person_id);
	struct val updates = val_list(n->turn); /* newest first */
	do {
		if (event_history(n->turn, h->db, h->types, h->company.id, nodes, count,
			    &at, HISTORY_SLICE, &list, e) < 0)
			return -1;
		for (size_t i = 0; i < val_len(&list); i++) {
			const struct val *ev = &list.list->at[i];
			column_event_add(h->base, person_id,
				val_as_text(val_get(ev, "name")),
				val_as_int(val_get(ev, "at_us"), 0),
				val_as_int(val_get(ev, "seq"), 0), val_get(ev, "props"));
			if (text_is(val_as_text(val_get(ev, "name")), "profile_updated"))
				val_push(n->turn, &updates, *ev);
		}
	} while (val_len(&list) > 0);
	for (size_t i = val_len(&updates); i-- > 0;) {
		const struct val *ev = &updates.list->at[i];
		const struct feed_row row = {.at_us = val_as_int(val_get(ev, "at_us"), 0),
			.seq = val_as_int(val_get(ev, "seq"), 0)};
		load_changes(n->turn, h, &row, person_id, val_get(ev, "props"));
	}
	return 0;
}

/* A person out of the store, as it is there now; it keeps its memberships until it is looked at again. */
static int
read_anew(struct news *n, int64_t person_id, struct err *e)
{
	struct hold *h = n->hold;
	int64_t *segments;
	size_t count = members_of(n->turn, h->members, person_id, &segments);
	members_forget_row(h->members, person_id);
	column_person_drop(h->base, person_id);
	if (load_persons(n->turn, h, &person_id, 1, e) < 0)
		return -1;
	if (column_row(h->base, person_id) < 0)
		return 0; /* erased since */
	if (read_history(n, person_id, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		column_member_set(h->base, segments[i], person_id, true);
	if (n->members != NULL) {
		members_touch(n->members, person_id);
		formulas_touch(h->formulas, person_id);
	}
	return 0;
}

/* A merge was undone: both are read anew. The store may be further on: who is under another by now is read with that one, and merges and
 * splits still to come in the feed find what they lead to, or end with reading anew themselves. */
static int
take_split(
	struct news *n, const struct feed_row *row, const struct val *props, struct err *e)
{
	struct hold *h = n->hold;
	const int64_t ids[] = {row->person_id, val_as_int(val_get(props, "from"), 0)};
	int64_t roots[2] = {0};
	for (size_t i = 0; i < 2; i++) {
		int found = person_root(
			n->turn, h->db, h->company.id, ids[i], &roots[i], e);
		if (found < 0)
			return -1;
		if (roots[i] == ids[i])
			continue;
		if (n->members != NULL)
			members_leave_all(n->members, ids[i]);
		column_person_drop(h->base, ids[i]);
	}
	if (read_anew(n, roots[0], e) < 0)
		return -1;
	if (roots[1] == roots[0])
		return 0;
	if (read_anew(n, roots[1], e) < 0)
		return -1;
	if (n->members != NULL && column_row(h->base, roots[0]) >= 0 &&
		column_row(h->base, roots[1]) >= 0)
		members_part(n->members, roots[0], roots[1]);
	return 0;
}

static int
take_row(struct news *n, const struct feed_row *row, struct err *e)
{
	struct hold *h = n->hold;
	struct text type;
	struct val props;
	if (event_type_text(
		    n->turn, h->db, h->types, h->company.id, row->type_id, &type, e) < 0)
		return -1;
	if (json_parse(n->turn, row->props, &props, e) < 0)
		return err_wrap(e, "a stored event");
	type = event_type_name(type);
	if (row->flags & EVENT_GONE) {
		if (n->members != NULL)
			members_leave_all(n->members, row->person_id);
		column_person_drop(h->base, row->person_id);
		return 0;
	}
	if (row->flags & EVENT_SPLIT)
		return take_split(n, row, &props, e);
	if (row->flags & EVENT_MERGED) {
		int64_t from = val_as_int(val_get(&props, "from"), 0);
		if (n->members != NULL) {
			members_join(n->members, from, row->person_id);
			members_leave_all(n->members, from);
		}
		column_person_merge(h->base, from, row->person_id);
	}
	column_event_add(h->base, row->person_id, type, row->at_us, row->seq, &props);
	if (n->members != NULL)
		touch(n, row, type, &props);
	if (text_is(type, "profile_updated"))
		changed_fields(n, row, &props);
	if (row->flags & EVENT_SEEN)
		seen(n, row);
	if (n->members != NULL && row->flags & EVENT_HAND &&
		members_hand(n->members, row, text_is(type, "segment_entered"), &props, e) <
			0)
		return -1;
	if (n->members != NULL && row->flags & EVENT_PERSON)
		members_touch_values(n->members, row->person_id);
	if (is_about_consent(type) || row->flags & EVENT_PERSON)
		dict_put_id(n->reread, row->person_id, NULL);
	return 0;
}

/* Reads anew whoever changed: in slices, with consents and suppressions. */
static int
reread(struct news *n, struct err *e)
{
	size_t count = dict_count(n->reread);
	int64_t *ids = arena_array(n->turn, count, sizeof *ids);
	for (size_t i = 0; i < count; i++)
		ids[i] = dict_id(n->reread, (int64_t)i);
	for (size_t done = 0; done < count; done += DB_REPEAT_MAX) {
		size_t slice = count - done < DB_REPEAT_MAX ? count - done : DB_REPEAT_MAX;
		if (load_persons(n->turn, n->hold, ids + done, slice, e) < 0)
			return -1;
	}
	return 0;
}

/* A slice of the feed into the columns; *seq is what they are level with then, *n how many rows it was. */
static int
take_slice(struct news *n, int64_t until_seq, int64_t *seq, size_t *count, struct err *e)
{
	struct feed_row *rows;
	int64_t position = column_position(n->hold->base);
	*seq = position;
	n->reread = dict_new();
	int rc = feed_read(n->turn, n->hold->db, n->hold->company.id, position, FEED_SLICE,
		&rows, count, e);
	for (size_t i = 0; rc == 0 && i < *count; i++) {
		if (rows[i].seq > until_seq)
			break;
		rc = take_row(n, &rows[i], e);
		*seq = rows[i].seq;
	}
	if (rc == 0)
		rc = reread(n, e);
	dict_free(n->reread);
	return rc;
}

/* What came behind the snapshot and has had its effects already. */
static int
catch_up(struct arena *turn, struct hold *h, int64_t deadline_us, struct err *e)
{
	while (time_monotonic_us() < deadline_us) {
		struct arena_mark mark = arena_mark(turn);
		struct news news = {.hold = h, .turn = turn};
		int64_t seq;
		size_t n;
		int rc = take_slice(&news, h->lease.seq, &seq, &n, e);
		arena_rewind(turn, mark);
		if (rc < 0)
			return -1;
		column_position_set(h->base, seq);
		if (n < FEED_SLICE || seq >= h->lease.seq) {
			column_position_set(h->base, h->lease.seq);
			return 1;
		}
	}
	return 0;
}

int
hold_check_size(const struct hold *h, struct err *e)
{
	int64_t most_mb = h->settings->columns_memory_mb;
	if (column_memory_bytes(h->base) <= (size_t)most_mb << 20)
		return 0;
	return err_set(e, ERR_LIMIT,
		"its columns need more than %lld MB, all that this engine may take "
		"(columns_memory_mb)",
		(long long)most_mb);
}

int
hold_prepare(struct arena *turn, struct hold *h, int64_t deadline_us, struct err *e)
{
	if (h->is_ready)
		return 1;
	int rc = h->load != NULL ? load_more(h->load, h, deadline_us, e)
				 : catch_up(turn, h, deadline_us, e);
	if (rc < 1 || hold_check_size(h, e) < 0)
		return rc < 1 ? rc : -1;
	column_fold_before(h->base, time_now_us() - h->settings->columns_hot_days * DAY_US);
	if (members_begin(h->members, e) < 0)
		return -1;
	load_free(h->load);
	h->load = NULL;
	h->is_ready = true;
	return 1;
}

int64_t
hold_next_us(const struct hold *h)
{
	int64_t due_us = members_next_us(h->members);
	return due_us < h->scenario_due_us ? due_us : h->scenario_due_us;
}

int
hold_step(struct arena *turn, struct hold *h, int64_t now_us, bool *more, struct err *e)
{
	struct news news = {.hold = h,
		.turn = turn,
		.members = members_turn_new(turn, h->members, now_us)};
	int64_t seq;
	size_t n;
	if (take_slice(&news, INT64_MAX, &seq, &n, e) < 0)
		return -1;
	if (members_turn_run(news.members, seq, now_us + lease_us(h), e) < 0)
		return -1;
	column_position_set(h->base, seq);
	h->lease.seq = seq;
	*more = n == FEED_SLICE;
	if (n > 0)
		h->used_at_us = time_monotonic_us();
	if (!*more)
		h->followed_at_us = now_us;
	if (seq > h->last_seq)
		h->last_seq = seq;
	return 0;
}

int
hold_reach(
	struct arena *turn, struct hold *h, int64_t seq, int64_t deadline_us, struct err *e)
{
	bool more;
	while (column_position(h->base) < seq && time_monotonic_us() < deadline_us) {
		struct arena_mark mark = arena_mark(turn);
		int rc = hold_step(turn, h, time_now_us(), &more, e);
		arena_rewind(turn, mark);
		if (rc < 0)
			return -1;
	}
	return 0;
}
