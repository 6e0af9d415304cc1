/* See load.h. Everything is read by key range; a company is loaded in slices, so memory for reading stays small. */
#include "engine/load.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/time.h"
#include "column/base.h"
#include "engine/hold.h"
#include "event/lease.h"
#include "profile/field.h"
#include "profile/person.h"
#include "store/db.h"
#include "tenant/key.h"

#include <stdlib.h>

enum { PERSON_SLICE = 2000, EVENT_SLICE = 5000, JOINED_SLICE = 10000 };

static void
put_person(struct arena *a, struct hold *h, const struct person_row *p)
{
	struct val fields = val_map(a);
	for (size_t i = 0; i < val_len(&p->fields); i++)
		val_put_key(a, &fields, p->fields.map->at[i].key, p->fields.map->at[i].val);
	val_put(a, &fields, "created_at", val_int(p->created_at_us));
	val_put(a, &fields, "updated_at", val_int(p->updated_at_us));
	if (p->first_seen_at_us != 0)
		val_put(a, &fields, "first_seen_at", val_int(p->first_seen_at_us));
	if (p->last_seen_at_us != 0)
		val_put(a, &fields, "last_seen_at", val_int(p->last_seen_at_us));
	val_put(a, &fields, "source",
		val_text(arena_printf(a, "%lld", (long long)p->source_id)));
	column_person_put(h->base, p->id, p->known, &fields, NULL);
	for (size_t i = 0; i < val_len(&p->consents); i++)
		column_consent_set(h->base, p->id, p->consents.map->at[i].key,
			val_as_bool(&p->consents.map->at[i].val, false));
}

int
load_persons(struct arena *a, struct hold *h, const int64_t *ids, size_t n, struct err *e)
{
	static const char *const channels[][2] = {
		{"email", "email"}, {"sms", "phone"}, {"viber", "phone"}};
	struct person_row *persons = arena_array(a, n, sizeof *persons);
	struct text *addresses = arena_array(a, n, sizeof *addresses);
	struct val rows;
	size_t found;
	if (person_by_ids(a, h->db, h->company.id, ids, n, persons, &found, e) < 0)
		return -1;
	for (size_t i = 0; i < found; i++)
		put_person(a, h, &persons[i]);
	for (size_t c = 0; c < sizeof channels / sizeof *channels; c++) {
		size_t count = 0;
		for (size_t i = 0; i < found; i++) {
			struct text address = val_as_text(
				val_get(&persons[i].fields, channels[c][1]));
			if (address.n > 0)
				addresses[count++] = address;
		}
		if (person_suppressed(a, h->db, h->company.id, channels[c][0], addresses,
			    count, &rows, e) < 0)
			return -1;
		for (size_t i = 0; i < val_len(&rows); i++)
			column_suppress(h->base, text_of(channels[c][0]),
				row_text(&rows.list->at[i], 0), true);
	}
	return 0;
}

static int
load_fields(struct arena *a, struct hold *h, struct err *e)
{
	struct val all;
	if (field_all(a, h->db, h->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++) {
		const struct val *f = &all.list->at[i];
		if (!text_is(val_as_text(val_get(f, "state")), "offered"))
			column_field_define(h->base, val_as_text(val_get(f, "name")),
				val_as_text(val_get(f, "type")));
	}
	return 0;
}

enum stage { FIELDS, PEOPLE, SUPPRESSED, JOINED, EVENTS, LOADED };

struct load {
	struct arena *arena;
	enum stage stage;
	int64_t after, begun_us, renewed_us;
	size_t persons;
	struct dict *nodes; /* nodes under another, and the root each is under now */
	int64_t *roots;
	size_t root_n, root_cap;
};

struct load *
load_new(void)
{
	struct arena *a = arena_new();
	struct load *l = arena_alloc(a, sizeof *l);
	*l = (struct load){
		.arena = a, .begun_us = time_monotonic_us(), .nodes = dict_new()};
	arena_alloc(a, 16);
	return l;
}

void
load_free(struct load *l)
{
	if (l == NULL)
		return;
	dict_free(l->nodes);
	free(l->roots);
	arena_free(l->arena);
}

/* A slice of persons: 1 it was the last, 0 there are more. */
static int
load_people(struct load *l, struct hold *h, struct err *e)
{
	struct person_row *persons;
	size_t n;
	if (person_after(l->arena, h->db, h->company.id, l->after, PERSON_SLICE, &persons,
		    &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		put_person(l->arena, h, &persons[i]);
	if (n > 0)
		l->after = persons[n - 1].id;
	l->persons += n;
	return n < PERSON_SLICE;
}

static int
load_suppressed(struct load *l, struct hold *h, struct err *e)
{
	struct val suppressed;
	if (person_suppressed_all(l->arena, h->db, h->company.id, &suppressed, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&suppressed); i++)
		column_suppress(h->base, row_text(&suppressed.list->at[i], 0),
			row_text(&suppressed.list->at[i], 1), true);
	return 1;
}

/* Which nodes are under another now: an event belongs to the root of its node. */
static int
load_joined(struct load *l, struct hold *h, struct err *e)
{
	struct val rows;
	if (person_joined(
		    l->arena, h->db, h->company.id, l->after, JOINED_SLICE, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		if (l->root_n == l->root_cap) {
			l->root_cap = l->root_cap > 0 ? l->root_cap * 2 : 1024;
			l->roots = reallocarray(l->roots, l->root_cap, sizeof *l->roots);
			must(l->roots != NULL);
		}
		l->after = row_int(&rows.list->at[i], 0);
		dict_put_id(l->nodes, l->after, NULL);
		l->roots[l->root_n++] = row_int(&rows.list->at[i], 1);
	}
	return rows.list->n < JOINED_SLICE;
}

void
load_changes(struct arena *a, struct hold *h, const struct feed_row *row, int64_t person_id,
	const struct val *props)
{
	const struct val *changes = val_get(props, "changes");
	struct val none = val_map(a), when = val_map(a);
	if (column_row(h->base, person_id) < 0)
		return;
	for (size_t i = 0; i < val_len(changes) && changes->kind == VAL_LIST; i++) {
		const struct val *one = &changes->list->at[i];
		struct text field = val_as_text(val_get(one, "field"));
		column_change_add(h->base, person_id, field, row->at_us, row->seq,
			val_get(one, "old"));
		val_put_key(a, &when, field, val_int(row->at_us));
	}
	column_person_patch(h->base, person_id, &none, &when);
}

static int
put_event(struct arena *a, struct hold *h, const struct feed_row *row, int64_t person_id,
	struct err *e)
{
	struct text type;
	struct val props;
	if (event_type_text(a, h->db, h->types, h->company.id, row->type_id, &type, e) <
			0 ||
		json_parse(a, row->props, &props, e) < 0)
		return -1;
	type = event_type_name(type);
	if (column_row(h->base, person_id) < 0)
		return 0; /* of somebody who is nobody any more */
	column_event_add(h->base, person_id, type, row->at_us, row->seq, &props);
	if (text_is(type, "profile_updated"))
		load_changes(a, h, row, person_id, &props);
	return 0;
}

static int
load_events(struct load *l, struct hold *h, struct err *e)
{
	struct feed_row *rows;
	size_t n;
	if (feed_read(l->arena, h->db, h->company.id, l->after, EVENT_SLICE, &rows, &n, e) <
		0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].seq > h->lease.seq)
			return 1;
		int64_t at = dict_find_id(l->nodes, rows[i].node_id);
		if (put_event(l->arena, h, &rows[i],
			    at != DICT_NONE ? l->roots[at] : rows[i].node_id, e) < 0)
			return -1;
		l->after = rows[i].seq;
	}
	return n < EVENT_SLICE;
}

static int
load_slice(struct load *l, struct hold *h, struct err *e)
{
	switch (l->stage) {
	case FIELDS:
		return load_fields(l->arena, h, e) < 0 ? -1 : 1;
	case PEOPLE:
		return load_people(l, h, e);
	case SUPPRESSED:
		return load_suppressed(l, h, e);
	case JOINED:
		return load_joined(l, h, e);
	case EVENTS:
		return load_events(l, h, e);
	case LOADED:
		break;
	}
	return 1;
}

static void
say_loaded(const struct load *l, const struct hold *h)
{
	struct column_stats s = column_stats(h->base);
	log_line(LOG_INFO, "company %lld: %zu persons, %zu events, %zu MB in %lld ms",
		(long long)h->company.id, s.persons, s.events, s.memory_bytes >> 20,
		(long long)((time_monotonic_us() - l->begun_us) / 1000));
}

/* Others must not take the company while it is loaded. */
static int
renew(struct load *l, struct hold *h, struct err *e)
{
	int64_t lease_us = h->settings->lease_s * SECOND_US;
	if (time_monotonic_us() - l->renewed_us < lease_us / 6)
		return 0;
	l->renewed_us = time_monotonic_us();
	return lease_move(h->db, &h->lease, h->lease.seq, h->lease.clock_us,
		time_now_us() + lease_us, e);
}

int
load_more(struct load *l, struct hold *h, int64_t deadline_us, struct err *e)
{
	while (l->stage != LOADED && time_monotonic_us() < deadline_us) {
		struct arena_mark mark = arena_mark(l->arena);
		int rc = renew(l, h, e) < 0 ? -1 : load_slice(l, h, e);
		arena_rewind(l->arena, mark);
		if (rc < 0 || hold_check_size(h, e) < 0)
			return -1;
		if (rc == 1) {
			l->stage++;
			l->after = 0;
		}
	}
	if (l->stage != LOADED)
		return 0;
	column_position_set(h->base, h->lease.seq);
	say_loaded(l, h);
	return 1;
}

struct load_progress
load_progress(const struct load *l, const struct hold *h)
{
	return (struct load_progress){.persons = (int64_t)l->persons,
		.seq = l->stage == EVENTS ? l->after : 0,
		.of = h->lease.seq};
}
