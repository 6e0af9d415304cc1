/* See hold.h: following the feed. The start is in load.c, segments are in members.c. */
#include "engine/hold.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "base/time.h"
#include "column/base.h"
#include "engine/load.h"
#include "engine/members.h"
#include "event/apply.h"
#include "profile/person.h"
#include "scenario/run.h"
#include "store/db.h"

#include <stdlib.h>

static const int64_t lease_us = 30 * SECOND_US;

void
hold_close(struct hold *h)
{
	if (h == NULL)
		return;
	members_free(h->members);
	scenario_book_free(h->book);
	column_base_free(h->base);
	arena_free(h->arena);
	free(h);
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
		rc = lease_take(h->arena, db, company_id, holder, time_now_us() + lease_us,
			&h->lease, e);
	if (rc == 1) {
		h->zone = zone_find(text_of(h->company.timezone));
		h->base = column_base_new(
			company_id, h->zone != NULL ? h->zone : zone_utc());
		h->members = members_new(h);
		h->book = scenario_book_new(company_id);
		rc = load_columns(h, e) < 0 || members_begin(h->members, e) < 0 ? -1 : 1;
	}
	if (rc < 1) {
		hold_close(h);
		return rc;
	}
	h->last_seq = h->lease.seq;
	*out = h;
	return 1;
}

/* What one row of the feed says to the columns, and whom it concerns. */
struct news {
	struct hold *hold;
	struct arena *turn;
	struct members_turn *members;
	struct dict *reread; /* persons whose row must be read again */
};

static void
changed_fields(struct news *n, const struct feed_row *row, const struct val *props)
{
	const struct val *changes = val_get(props, "changes");
	struct val none = val_map(n->turn), when = val_map(n->turn);
	for (size_t i = 0; i < val_len(changes); i++) {
		struct text field = val_as_text(val_get(&changes->list->at[i], "field"));
		val_put_key(n->turn, &when, field, val_int(row->at_us));
		members_touch_field(n->members, row->person_id, field);
	}
	if (val_len(&when) > 0 && column_row(n->hold->base, row->person_id) >= 0)
		column_person_patch(n->hold->base, row->person_id, &none, &when);
}

static void
seen(struct news *n, const struct feed_row *row)
{
	struct val fields = val_map(n->turn);
	int64_t at = column_row(n->hold->base, row->person_id);
	if (at < 0)
		return;
	struct val held = column_value(
		n->turn, n->hold->base, (size_t)at, text_of("last_seen_at"));
	if (held.kind == VAL_INT && held.i >= row->at_us)
		return;
	val_put(n->turn, &fields, "last_seen_at", val_int(row->at_us));
	column_person_patch(n->hold->base, row->person_id, &fields, NULL);
	members_touch_field(n->members, row->person_id, text_of("last_seen_at"));
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
	if (row->flags & EVENT_MERGED) {
		int64_t from = val_as_int(val_get(&props, "from"), 0);
		members_leave_all(n->members, from);
		column_person_merge(h->base, from, row->person_id);
	}
	column_event_add(h->base, row->person_id, type, row->at_us, row->seq, &props);
	members_touch_event(n->members, row->person_id, type);
	if (text_is(type, "profile_updated"))
		changed_fields(n, row, &props);
	if (row->flags & EVENT_SEEN)
		seen(n, row);
	bool asked = text_is(type, "email_unsubscribe") || text_is(type, "email_bounce") ||
		     text_is(type, "email_complaint") || text_is(type, "consent_given") ||
		     text_is(type, "consent_withdrawn");
	if (asked)
		members_touch_consent(n->members, row->person_id);
	if (row->flags & EVENT_MERGED || text_is(type, "profile_created"))
		members_touch(n->members, row->person_id);
	if (asked || row->flags & EVENT_PERSON)
		dict_put_id(n->reread, row->person_id, NULL);
	members_row(n->members, row, type, &props);
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

int
hold_step(struct arena *turn, struct hold *h, int64_t now_us, bool *more, struct err *e)
{
	struct feed_row *rows;
	size_t n;
	int64_t position = column_position(h->base);
	if (feed_read(turn, h->db, h->company.id, position, FEED_SLICE, &rows, &n, e) < 0)
		return -1;
	struct news news = {.hold = h,
		.turn = turn,
		.members = members_turn_new(turn, h->members, now_us),
		.reread = dict_new()};
	int rc = 0;
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = take_row(&news, &rows[i], e);
	if (rc == 0)
		rc = reread(&news, e);
	dict_free(news.reread);
	if (rc < 0)
		return -1;
	int64_t seq = n > 0 ? rows[n - 1].seq : position;
	if (members_turn_run(news.members, seq, now_us + lease_us, e) < 0)
		return -1;
	column_position_set(h->base, seq);
	h->lease.seq = seq;
	*more = n == FEED_SLICE;
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
