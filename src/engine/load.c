/* See load.h. Everything is read by key range; a company is loaded in slices, so memory for reading stays small. */
#include "engine/load.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/time.h"
#include "column/base.h"
#include "engine/hold.h"
#include "profile/field.h"
#include "profile/person.h"
#include "store/db.h"
#include "tenant/key.h"

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
}

static void
put_consents(struct hold *h, const struct val *rows)
{
	/* first the yes, then the no: the most restrictive of a person's nodes counts */
	for (int granted = 1; granted >= 0; granted--)
		for (size_t i = 0; i < val_len(rows); i++) {
			const struct val *row = &rows->list->at[i];
			if ((row_int(row, 2) != 0) == (granted == 1) &&
				column_row(h->base, row_int(row, 0)) >= 0)
				column_consent_set(h->base, row_int(row, 0),
					row_text(row, 1), granted == 1);
		}
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
	if (person_consents(a, h->db, h->company.id, ids, n, &rows, e) < 0)
		return -1;
	put_consents(h, &rows);
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

static int
load_people(struct arena *a, struct hold *h, size_t *count, struct err *e)
{
	int64_t after = 0;
	size_t n = PERSON_SLICE;
	while (n == PERSON_SLICE) {
		struct arena_mark mark = arena_mark(a);
		struct person_row *persons;
		if (person_after(a, h->db, h->company.id, after, PERSON_SLICE, &persons, &n,
			    e) < 0)
			return -1;
		for (size_t i = 0; i < n; i++)
			put_person(a, h, &persons[i]);
		if (n > 0)
			after = persons[n - 1].id;
		*count += n;
		arena_rewind(a, mark);
	}
	return 0;
}

/* Which nodes are under another now: an event belongs to the root of its node. */
static int
load_joined(
	struct arena *a, struct hold *h, struct dict *nodes, int64_t **roots, struct err *e)
{
	int64_t after = 0;
	size_t n = JOINED_SLICE, cap = 0;
	while (n == JOINED_SLICE) {
		struct val rows;
		if (person_joined(a, h->db, h->company.id, after, JOINED_SLICE, &rows, e) <
			0)
			return -1;
		n = rows.list->n;
		int64_t *bigger = arena_array(a, cap + n, sizeof *bigger);
		for (size_t i = 0; i < cap; i++)
			bigger[i] = (*roots)[i];
		*roots = bigger;
		for (size_t i = 0; i < n; i++) {
			dict_put_id(nodes, row_int(&rows.list->at[i], 0), NULL);
			bigger[cap++] = row_int(&rows.list->at[i], 1);
			after = row_int(&rows.list->at[i], 0);
		}
	}
	return 0;
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
	column_event_add(h->base, person_id, type, row->at_us, row->seq, &props);
	if (!text_is(type, "profile_updated") || column_row(h->base, person_id) < 0)
		return 0;
	const struct val *changes = val_get(&props, "changes");
	struct val none = val_map(a), when = val_map(a);
	for (size_t i = 0; i < val_len(changes); i++)
		val_put_key(a, &when, val_as_text(val_get(&changes->list->at[i], "field")),
			val_int(row->at_us));
	column_person_patch(h->base, person_id, &none, &when);
	return 0;
}

static int
load_events(struct arena *a, struct hold *h, struct err *e)
{
	struct dict *nodes = dict_new();
	int64_t *roots = NULL, after = 0;
	size_t n = EVENT_SLICE;
	int rc = load_joined(a, h, nodes, &roots, e);
	while (rc == 0 && n == EVENT_SLICE && after < h->lease.seq) {
		struct arena_mark mark = arena_mark(a);
		struct feed_row *rows;
		rc = feed_read(a, h->db, h->company.id, after, EVENT_SLICE, &rows, &n, e);
		for (size_t i = 0; i < n && rc == 0; i++) {
			if (rows[i].seq > h->lease.seq)
				break;
			int64_t at = dict_find_id(nodes, rows[i].node_id);
			rc = put_event(a, h, &rows[i],
				at != DICT_NONE ? roots[at] : rows[i].node_id, e);
		}
		if (rc == 0 && n > 0)
			after = rows[n - 1].seq;
		arena_rewind(a, mark);
	}
	dict_free(nodes);
	return rc;
}

int
load_columns(struct hold *h, struct err *e)
{
	struct arena *a = arena_new();
	struct val consents, suppressed;
	int64_t begun = time_monotonic_us();
	size_t persons = 0;
	int rc = load_fields(a, h, e) < 0 || load_people(a, h, &persons, e) < 0 ||
				 load_events(a, h, e) < 0 ||
				 person_consents_all(a, h->db, h->company.id, &consents,
					 &suppressed, e) < 0
			 ? -1
			 : 0;
	if (rc == 0) {
		put_consents(h, &consents);
		for (size_t i = 0; i < val_len(&suppressed); i++)
			column_suppress(h->base, row_text(&suppressed.list->at[i], 0),
				row_text(&suppressed.list->at[i], 1), true);
		column_position_set(h->base, h->lease.seq);
		struct column_stats s = column_stats(h->base);
		log_line(LOG_INFO,
			"company %lld: %zu persons, %zu events, %zu MB in %lld ms",
			(long long)h->company.id, s.persons, s.events, s.memory_bytes >> 20,
			(long long)((time_monotonic_us() - begun) / 1000));
	}
	arena_free(a);
	return rc;
}
