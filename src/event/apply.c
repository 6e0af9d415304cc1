/* See apply.h. Locks: nodes and persons in the order of their ids, company by company, the company's feed row last. */
#include "event/apply.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "profile/field.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TRIES = 6, EVENT_COLUMNS = 12, NODES_COMPARED = 16, REPEAT_SLICE = 256 };
static const int64_t recent_us =
	DAY_US; /* how far back a repeat without a timestamp is looked for */

struct out { /* an event on its way into the table */
	int64_t node, person_id, type_id, at_us, received_at_us, time_key, dedup, source_id;
	int flags;
	struct text props;
	struct applied *answer; /* of the arrival it is, NULL for derived ones */
};

struct batch {
	struct arena *arena;
	struct db *db;
	struct event_types *types;
	int64_t company_id;
	struct crowd *crowd;
	const struct arrival **arrivals; /* of this company, in order */
	struct applied **answers;
	int64_t *nodes;
	size_t n;
	struct joined (*joined)[CROWD_IDENTS_MAX];
	size_t *joined_n;
	struct dict *seen; /* keys of events there already */
	struct out *outs;
	size_t out_n, out_cap;
	struct val offered; /* fields to offer */
};

static int64_t
key_of(const struct arrival *r)
{
	return r->time_key != 0 ? r->time_key : r->received_at_us;
}

/* A key under which a repeat is recognised: the node's id, the time (0 without one), the hash. */
static struct text
seen_key(int64_t parts[3], int64_t node_id, int64_t time_key, int64_t dedup)
{
	parts[0] = node_id;
	parts[1] = time_key;
	parts[2] = dedup;
	return (struct text){(const char *)parts, 3 * sizeof parts[0]};
}

/* Arrivals with a time of the client's are found by their whole key, all at once; those without by node and hash, near the time
 * they came, a slice at a time. A person of several nodes is looked for at each of them. */
struct search {
	struct batch *batch;
	struct str keys; /* JSON list of [node, time, hash] */
	struct val nodes[REPEAT_SLICE], hashes[REPEAT_SLICE];
	size_t n;
	int64_t first_us, last_us; /* of received times */
};

static void
take_found(struct batch *b, const struct val *rows, bool timed)
{
	int64_t parts[3];
	for (size_t i = 0; i < rows->list->n; i++) {
		const struct val *row = &rows->list->at[i];
		dict_put(b->seen,
			seen_key(parts, row_int(row, 0), timed ? row_int(row, 1) : 0,
				row_int(row, timed ? 2 : 1)),
			NULL);
	}
}

static int
ask_timed(struct search *s, struct err *e)
{
	struct val rows;
	struct batch *b = s->batch;
	if (s->keys.n == 0)
		return 0;
	str_addc(&s->keys, ']');
	if (db_rows(b->arena, b->db, QUERY_EVENT_REPEATED,
		    DB_ARGS(val_of(str_text(&s->keys)), val_int(b->company_id)), &rows,
		    e) < 0)
		return -1;
	take_found(b, &rows, true);
	return 0;
}

static int
ask_untimed(struct search *s, struct err *e)
{
	struct val rows, args[3 + 2 * REPEAT_SLICE];
	struct batch *b = s->batch;
	if (s->n == 0)
		return 0;
	args[0] = val_int(b->company_id);
	args[1] = val_int(s->first_us - recent_us);
	args[2] = val_int(s->last_us + recent_us);
	memcpy(args + 3, s->nodes, s->n * sizeof *args);
	memcpy(args + 3 + s->n, s->hashes, s->n * sizeof *args);
	if (db_rows(b->arena, b->db, QUERY_EVENT_REPEATED_RECENTLY, args, 3 + 2 * s->n,
		    &rows, e) < 0)
		return -1;
	take_found(b, &rows, false);
	s->n = 0;
	return 0;
}

static int
look_untimed(struct search *s, const struct arrival *r, const int64_t *ids, size_t n,
	struct err *e)
{
	if (s->n + n > REPEAT_SLICE && ask_untimed(s, e) < 0)
		return -1;
	if (s->n == 0)
		s->first_us = s->last_us = r->received_at_us;
	if (r->received_at_us < s->first_us)
		s->first_us = r->received_at_us;
	if (r->received_at_us > s->last_us)
		s->last_us = r->received_at_us;
	for (size_t k = 0; k < n; k++, s->n++) {
		s->nodes[s->n] = val_int(ids[k]);
		s->hashes[s->n] = val_int(r->dedup);
	}
	return 0;
}

static int
find_repeats(struct batch *b, struct err *e)
{
	struct search *s = arena_alloc(b->arena, sizeof *s);
	s->batch = b;
	s->keys = str_new(b->arena);
	for (size_t i = 0; i < b->n; i++) {
		const struct arrival *r = b->arrivals[i];
		size_t n;
		if (b->answers[i]->state == APPLIED_NOBODY)
			continue;
		const int64_t *ids = crowd_nodes(b->crowd, b->nodes[i], &n);
		n = n < NODES_COMPARED ? n : NODES_COMPARED;
		if (r->time_key == 0 && look_untimed(s, r, ids, n, e) < 0)
			return -1;
		for (size_t k = 0; r->time_key != 0 && k < n; k++)
			str_addf(&s->keys, "%s[%lld,%lld,%lld]", s->keys.n == 0 ? "[" : ",",
				(long long)ids[k], (long long)r->time_key,
				(long long)r->dedup);
	}
	return ask_timed(s, e) < 0 ? -1 : ask_untimed(s, e);
}

/* Whether the arrival is there already (in the store or earlier in this batch); notes it as seen. */
static bool
is_repeat(struct batch *b, size_t i)
{
	const struct arrival *r = b->arrivals[i];
	int64_t parts[3];
	size_t n;
	const int64_t *ids = crowd_nodes(b->crowd, b->nodes[i], &n);
	for (size_t k = 0; k < n; k++)
		if (dict_find(b->seen, seen_key(parts, ids[k], r->time_key, r->dedup)) !=
			DICT_NONE)
			return true;
	dict_put(b->seen,
		seen_key(
			parts, crowd_node_id(b->crowd, b->nodes[i]), r->time_key, r->dedup),
		NULL);
	return false;
}

static struct out *
add_out(struct batch *b, size_t i, struct text type, int64_t dedup, struct err *e)
{
	const struct arrival *r = b->arrivals[i];
	b->outs = arena_room(b->arena, b->outs, b->out_n, &b->out_cap, sizeof *b->outs);
	struct out *o = &b->outs[b->out_n];
	*o = (struct out){.node = b->nodes[i],
		.person_id = crowd_person_id(b->crowd, b->nodes[i]),
		.at_us = r->at_us,
		.received_at_us = r->received_at_us,
		.time_key = key_of(r),
		.dedup = dedup,
		.source_id = r->source_id,
		.flags = r->quiet ? EVENT_QUIET : 0};
	if (event_type_number(
		    b->arena, b->db, b->types, b->company_id, type, &o->type_id, e) < 0)
		return NULL;
	b->out_n++;
	return o;
}

/* An event that follows from an arrival: made only where something changed, in the transaction that changes it. */
static int
derive(struct batch *b, size_t i, const char *type, struct val *props, int flags,
	struct err *e)
{
	struct out *o = add_out(b, i, text_of(type), id_make(), e);
	if (o == NULL)
		return -1;
	if (b->arrivals[i]->user_id != 0)
		val_put(b->arena, props, "user", val_id(b->arena, b->arrivals[i]->user_id));
	o->props = json_text(b->arena, props);
	o->flags |= flags;
	return 0;
}

static int
derive_merges(struct batch *b, size_t i, struct err *e)
{
	for (size_t k = 0; k < b->joined_n[i]; k++) {
		struct val props = val_map(b->arena);
		val_put(b->arena, &props, "from",
			val_id(b->arena, b->joined[i][k].from_id));
		val_put(b->arena, &props, "into",
			val_id(b->arena, b->joined[i][k].into_id));
		val_put(b->arena, &props, "reason", val_text(b->joined[i][k].reason));
		if (derive(b, i, "profile_merged", &props, EVENT_MERGED | EVENT_PERSON, e) <
			0)
			return -1;
	}
	return 0;
}

static void
offer_fields(struct batch *b, const struct val *fields)
{
	for (size_t i = 0; i < val_len(fields); i++) {
		struct text name = fields->map->at[i].key;
		bool known = fields->map->at[i].val.kind == VAL_NULL;
		for (size_t k = 0; k < FIELD_DEFAULTS && !known; k++)
			known = text_is(name, field_defaults[k].name);
		if (!known && val_get_key(&b->offered, name) == NULL)
			val_put_key(b->arena, &b->offered, name,
				val_text(field_guess(&fields->map->at[i].val)));
	}
}

static int
tell_fields(struct batch *b, size_t i, struct err *e)
{
	const struct arrival *r = b->arrivals[i];
	for (size_t k = 0; k < val_len(&r->fields); k++)
		crowd_set_value(b->crowd, b->nodes[i], r->fields.map->at[k].key,
			&r->fields.map->at[k].val, r->at_us, r->source_id, r->user_id);
	offer_fields(b, &r->fields);
	struct val changes = crowd_compose(b->crowd, b->nodes[i], r->received_at_us);
	if (val_len(&changes) == 0)
		return 0;
	struct val props = val_map(b->arena);
	val_put(b->arena, &props, "changes", changes);
	return derive(b, i, "profile_updated", &props, EVENT_PERSON, e);
}

static int
tell_consents(struct batch *b, size_t i, struct err *e)
{
	const struct arrival *r = b->arrivals[i];
	for (size_t k = 0; k < val_len(&r->consents); k++) {
		const struct val *c = &r->consents.list->at[k];
		bool granted = val_as_bool(val_get(c, "granted"), false);
		struct text channel = val_as_text(val_get(c, "channel"));
		struct val props = val_map(b->arena);
		if (!crowd_set_consent(b->crowd, b->nodes[i], channel, granted, r->at_us,
			    r->source_id, val_as_text(val_get(c, "proof"))))
			continue;
		val_put(b->arena, &props, "channel", val_of(channel));
		if (derive(b, i, granted ? "consent_given" : "consent_withdrawn", &props,
			    EVENT_PERSON, e) < 0)
			return -1;
	}
	return 0;
}

static int
tell(struct batch *b, size_t i, struct err *e)
{
	const struct arrival *r = b->arrivals[i];
	struct applied *answer = b->answers[i];
	if (derive_merges(b, i, e) < 0)
		return -1;
	answer->state = is_repeat(b, i) ? APPLIED_REPEAT : APPLIED_NEW;
	if (answer->state == APPLIED_REPEAT && b->joined_n[i] == 0 && !answer->made)
		return 0;
	if (answer->made) {
		struct val props = val_map(b->arena);
		val_put(b->arena, &props, "known",
			val_bool(crowd_is_known(b->crowd, b->nodes[i])));
		if (derive(b, i, "profile_created", &props, EVENT_PERSON, e) < 0)
			return -1;
	}
	if (answer->state == APPLIED_NEW) {
		struct out *o = add_out(b, i, r->type, r->dedup, e);
		if (o == NULL)
			return -1;
		o->props = r->props.kind == VAL_MAP ? json_text(b->arena, &r->props)
						    : text_of("{}");
		o->answer = answer;
		if (r->active) {
			o->flags |= EVENT_SEEN;
			crowd_seen(b->crowd, b->nodes[i], r->at_us);
		}
	}
	return tell_fields(b, i, e) < 0 || tell_consents(b, i, e) < 0 ? -1 : 0;
}

static int
resolve_all(struct batch *b, struct err *e)
{
	struct who *whos = arena_array(b->arena, b->n, sizeof *whos);
	for (size_t i = 0; i < b->n; i++)
		whos[i] = b->arrivals[i]->who;
	b->crowd = crowd_new(b->arena, b->company_id);
	if (crowd_load(b->crowd, b->db, whos, b->n, e) < 0)
		return -1;
	for (size_t i = 0; i < b->n; i++) {
		const struct arrival *r = b->arrivals[i];
		int found = crowd_resolve(b->crowd, &r->who, r->at_us, r->source_id,
			&b->nodes[i], b->joined[i], &b->joined_n[i]);
		b->answers[i]->state = found == 0 ? APPLIED_NOBODY : APPLIED_NEW;
		b->answers[i]->made = found == 2;
	}
	return 0;
}

static int
save_events(struct batch *b, struct err *e)
{
	struct val row;
	if (b->out_n == 0)
		return 0;
	int found = db_row(
		b->arena, b->db, QUERY_FEED_LOCK, DB_ARGS(val_int(b->company_id)), &row, e);
	if (found < 1)
		return found < 0 ? -1
				 : err_set(e, ERR_MISSING, "no company %lld",
					   (long long)b->company_id);
	int64_t seq = row_int(&row, 0);
	struct val *rows = arena_array(b->arena, b->out_n * EVENT_COLUMNS, sizeof *rows);
	for (size_t i = 0; i < b->out_n; i++) {
		const struct out *o = &b->outs[i];
		struct val one[EVENT_COLUMNS] = {val_int(b->company_id), val_int(++seq),
			val_int(crowd_node_id(b->crowd, o->node)), val_int(o->person_id),
			val_int(o->type_id), val_int(o->at_us), val_int(o->received_at_us),
			val_int(o->time_key), val_int(o->dedup), val_int(o->source_id),
			val_int(o->flags), val_of(o->props)};
		memcpy(rows + i * EVENT_COLUMNS, one, sizeof one);
		if (o->answer != NULL)
			o->answer->seq = seq;
	}
	return db_bulk(b->db, QUERY_EVENT_INSERT, rows, b->out_n, EVENT_COLUMNS, NULL, e) <
				       0 ||
			       db_exec(b->db, QUERY_FEED_ADVANCE,
				       DB_ARGS(val_int(seq), val_int(b->company_id)), NULL,
				       e) < 0
		       ? -1
		       : 0;
}

static int
save_offers(struct batch *b, struct err *e)
{
	struct val list = val_list(b->arena);
	for (size_t i = 0; i < val_len(&b->offered); i++) {
		struct val one = val_map(b->arena);
		val_put(b->arena, &one, "name", val_of(b->offered.map->at[i].key));
		val_put(b->arena, &one, "type", b->offered.map->at[i].val);
		val_push(b->arena, &list, one);
	}
	return val_len(&list) > 0 ? field_offer(b->arena, b->db, b->company_id, &list, e)
				  : 0;
}

static int
apply_company(struct batch *b, struct err *e)
{
	if (resolve_all(b, e) < 0 || find_repeats(b, e) < 0)
		return -1;
	for (size_t i = 0; i < b->n; i++) {
		if (b->answers[i]->state == APPLIED_NOBODY)
			continue;
		if (tell(b, i, e) < 0)
			return -1;
	}
	for (size_t i = 0; i < b->n; i++)
		if (b->answers[i]->state != APPLIED_NOBODY) {
			b->answers[i]->node_id = crowd_node_id(b->crowd, b->nodes[i]);
			b->answers[i]->person_id = crowd_person_id(b->crowd, b->nodes[i]);
		}
	return crowd_save(b->crowd, b->db, e) < 0 || save_offers(b, e) < 0 ||
			       save_events(b, e) < 0
		       ? -1
		       : 0;
}

/* New type names get their numbers before the transaction: that list is not rolled back with it. */
static int
number_types(struct arena *a, struct db *db, struct event_types *types,
	const struct arrival *arrivals, size_t n, struct err *e)
{
	static const char *const derived[] = {"profile_created", "profile_updated",
		"profile_merged", "consent_given", "consent_withdrawn"};
	int64_t number;
	for (size_t i = 0; i < n; i++) {
		if (event_type_number(a, db, types, arrivals[i].company_id,
			    arrivals[i].type, &number, e) < 0)
			return -1;
		if (i > 0 && arrivals[i].company_id == arrivals[i - 1].company_id)
			continue;
		for (size_t k = 0; k < sizeof derived / sizeof *derived; k++)
			if (event_type_number(a, db, types, arrivals[i].company_id,
				    text_of(derived[k]), &number, e) < 0)
				return -1;
	}
	return 0;
}

static int
by_company(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return (a > b) - (a < b);
}

static int
apply_once(struct arena *a, struct db *db, struct event_types *types,
	const struct arrival *arrivals, size_t n, struct applied *applied, struct err *e)
{
	int64_t *companies = arena_array(a, n + 1, sizeof *companies);
	size_t company_n = 0;
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < company_n && companies[k] != arrivals[i].company_id)
			k++;
		if (k == company_n)
			companies[company_n++] = arrivals[i].company_id;
	}
	qsort(companies, company_n, sizeof *companies, by_company);
	for (size_t c = 0; c < company_n; c++) {
		struct batch b = {.arena = a,
			.db = db,
			.types = types,
			.company_id = companies[c],
			.arrivals = arena_array(a, n, sizeof *b.arrivals),
			.answers = arena_array(a, n, sizeof *b.answers),
			.nodes = arena_array(a, n, sizeof *b.nodes),
			.joined = arena_array(a, n, sizeof *b.joined),
			.joined_n = arena_array(a, n, sizeof *b.joined_n),
			.offered = val_map(a),
			.seen = dict_new()};
		arena_defer(a, (void (*)(void *))dict_free, b.seen);
		for (size_t i = 0; i < n; i++)
			if (arrivals[i].company_id == companies[c]) {
				b.arrivals[b.n] = &arrivals[i];
				b.answers[b.n++] = &applied[i];
			}
		if (apply_company(&b, e) < 0)
			return -1;
	}
	return 0;
}

int
event_apply(struct arena *a, struct db *db, struct event_types *types,
	const struct arrival *arrivals, size_t n, struct applied *applied, event_also *also,
	void *obj, struct err *e)
{
	for (int try = 1;; try++) {
		struct arena_mark mark = arena_mark(a);
		memset(applied, 0, n * sizeof *applied);
		if (number_types(a, db, types, arrivals, n, e) < 0 || db_begin(db, e) < 0)
			return err_wrap(e, "event.apply");
		int rc = apply_once(a, db, types, arrivals, n, applied, e);
		if (rc == 0 && also != NULL)
			rc = also(db, obj, applied, e);
		if (rc == 0)
			rc = db_commit(db, e);
		else
			db_rollback(db);
		arena_rewind(a, mark);
		if (rc == 0)
			return 0;
		if (e->code != ERR_CONFLICT || try == TRIES)
			return err_wrap(e, "event.apply");
		log_line(LOG_DEBUG, "apply: once more after: %s", e->text);
		usleep((useconds_t)(1000 * try * try));
	}
}
