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
#include "event/apply_parts.h"
#include "profile/field.h"
#include "profile/field_options.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TRIES = 6, EVENT_COLUMNS = 12 };

static int64_t
key_of(const struct arrival *r)
{
	return r->time_key != 0 ? r->time_key : r->received_at_us;
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
		.flags = (r->quiet ? EVENT_QUIET : 0) | (r->by_hand ? EVENT_HAND : 0)};
	if (event_type_number(
		    b->arena, b->db, b->types, b->company_id, type, &o->type_id, e) < 0)
		return NULL;
	b->out_n++;
	return o;
}

int
batch_derive(struct batch *b, size_t i, const char *type, struct val *props, int flags,
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

int
batch_derive_merges(struct batch *b, size_t i, struct err *e)
{
	for (size_t k = 0; k < b->joined_n[i]; k++) {
		struct val props = val_map(b->arena);
		val_put(b->arena, &props, "from",
			val_id(b->arena, b->joined[i][k].from_id));
		val_put(b->arena, &props, "into",
			val_id(b->arena, b->joined[i][k].into_id));
		val_put(b->arena, &props, "reason", val_text(b->joined[i][k].reason));
		val_put(b->arena, &props, "merge",
			val_id(b->arena, b->joined[i][k].merge_id));
		if (batch_derive(b, i, "profile_merged", &props,
			    EVENT_MERGED | EVENT_PERSON, e) < 0)
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

static void
set_hints(struct batch *b, size_t i)
{
	const struct arrival *r = b->arrivals[i];
	struct val offered = val_map(b->arena);
	for (size_t k = 0; k < val_len(&r->hints); k++) {
		const struct val_pair *h = &r->hints.map->at[k];
		const struct val *value = &h->val.list->at[0];
		crowd_set_value(b->crowd, b->nodes[i], h->key, value,
			val_as_int(&h->val.list->at[1], 0), r->source_id, r->user_id);
		val_put_key(b->arena, &offered, h->key, *value);
	}
	offer_fields(b, &offered);
}

int
batch_compose(struct batch *b, size_t i, const struct val *more, struct err *e)
{
	struct val changes = crowd_compose(
		b->crowd, b->nodes[i], b->arrivals[i]->received_at_us);
	if (val_len(&changes) == 0)
		return 0;
	struct val props = val_map(b->arena);
	val_put(b->arena, &props, "changes", changes);
	for (size_t k = 0; k < val_len(more); k++)
		val_put_key(b->arena, &props, more->map->at[k].key, more->map->at[k].val);
	return batch_derive(b, i, "profile_updated", &props, EVENT_PERSON, e);
}

/* Calculated fields are set by the engine only, protected ones not by a write key. */
static bool
is_open(struct batch *b, const struct arrival *r, struct text name)
{
	for (size_t i = 0; i < val_len(&b->guarded); i++) {
		const struct val *f = &b->guarded.list->at[i];
		if (!text_same(val_as_text(val_get(f, "name")), name))
			continue;
		if (field_is_computed(f))
			return r->computed;
		return !r->claimed || !val_as_bool(field_option(f, "protected"), false);
	}
	return true;
}

static int
tell_fields(struct batch *b, size_t i, struct err *e)
{
	const struct arrival *r = b->arrivals[i];
	if (val_len(&r->fields) > 0 && val_is_null(&b->guarded) &&
		field_options_all(b->arena, b->db, b->company_id, &b->guarded, e) < 0)
		return -1;
	for (size_t k = 0; k < val_len(&r->fields); k++) {
		const struct val_pair *f = &r->fields.map->at[k];
		if (is_open(b, r, f->key) &&
			crowd_may_set(b->crowd, b->nodes[i], f->key, &f->val))
			crowd_set_value(b->crowd, b->nodes[i], f->key, &f->val, r->at_us,
				r->source_id, r->user_id);
	}
	offer_fields(b, &r->fields);
	set_hints(b, i);
	return batch_compose(b, i, NULL, e);
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
		int64_t at_us = val_as_int(val_get(c, "at_us"), r->at_us);
		if (!crowd_set_consent(b->crowd, b->nodes[i], channel, granted,
			    at_us < r->at_us ? at_us : r->at_us, r->source_id,
			    val_as_text(val_get(c, "proof"))))
			continue;
		val_put(b->arena, &props, "channel", val_of(channel));
		if (batch_derive(b, i, granted ? "consent_given" : "consent_withdrawn",
			    &props, EVENT_PERSON, e) < 0)
			return -1;
	}
	return 0;
}

static int
tell(struct batch *b, size_t i, struct err *e)
{
	const struct arrival *r = b->arrivals[i];
	struct applied *answer = b->answers[i];
	crowd_under(b->crowd, &b->whos[i], r->user_id);
	if (batch_derive_merges(b, i, e) < 0)
		return -1;
	answer->state = repeat_is(b, i) ? APPLIED_REPEAT : APPLIED_NEW;
	if (answer->state == APPLIED_REPEAT && b->joined_n[i] == 0 && !answer->made)
		return 0;
	if (answer->made) {
		struct val props = val_map(b->arena);
		val_put(b->arena, &props, "known",
			val_bool(crowd_is_known(b->crowd, b->nodes[i])));
		if (batch_derive(b, i, "profile_created", &props, EVENT_PERSON, e) < 0)
			return -1;
	}
	if (answer->state == APPLIED_NEW && !r->silent) {
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

int
batch_resolve(struct batch *b, struct err *e)
{
	for (size_t i = 0; i < b->n; i++) {
		b->whos[i] = b->arrivals[i]->who;
		b->whos[i].trusted = !b->arrivals[i]->claimed;
		b->whos[i].joins = !b->arrivals[i]->claimed && !b->arrivals[i]->is_signed;
		b->whos[i].batch_id = b->arrivals[i]->batch_id;
	}
	if (crowd_load(b->crowd, b->db, b->whos, b->n, e) < 0)
		return -1;
	for (size_t i = 0; i < b->n; i++) {
		const struct arrival *r = b->arrivals[i];
		crowd_under(b->crowd, &b->whos[i], r->user_id);
		int found = crowd_resolve(b->crowd, &b->whos[i], r->at_us, r->source_id,
			&b->nodes[i], b->joined[i], &b->joined_n[i]);
		b->answers[i]->state = found == CROWD_NOBODY   ? APPLIED_NOBODY
				       : found == CROWD_ERASED ? APPLIED_ERASED
							       : APPLIED_NEW;
		b->answers[i]->made = found == CROWD_MADE;
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

int
batch_save(struct batch *b, struct err *e)
{
	return crowd_save(b->crowd, b->db, e) < 0 || save_offers(b, e) < 0 ||
			       save_events(b, e) < 0
		       ? -1
		       : 0;
}

static bool
is_somebody(const struct applied *a)
{
	return a->state != APPLIED_NOBODY && a->state != APPLIED_ERASED;
}

static int
apply_company(struct batch *b, struct err *e)
{
	if (batch_resolve(b, e) < 0 || repeat_find(b, e) < 0)
		return -1;
	for (size_t i = 0; i < b->n; i++)
		if (is_somebody(b->answers[i]) && tell(b, i, e) < 0)
			return -1;
	for (size_t i = 0; i < b->n; i++)
		if (is_somebody(b->answers[i])) {
			b->answers[i]->node_id = crowd_node_id(b->crowd, b->nodes[i]);
			b->answers[i]->person_id = crowd_person_id(b->crowd, b->nodes[i]);
		}
	return batch_save(b, e);
}

int
batch_number_types(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, struct err *e)
{
	static const char *const derived[] = {"profile_created", "profile_updated",
		"profile_merged", "profile_split", "profile_removed", "profile_erased",
		"consent_given", "consent_withdrawn"};
	int64_t number;
	for (size_t k = 0; k < sizeof derived / sizeof *derived; k++)
		if (event_type_number(
			    a, db, types, company_id, text_of(derived[k]), &number, e) < 0)
			return -1;
	return 0;
}

/* New type names get their numbers before the transaction: that list is not rolled back with it. */
static int
number_types(struct arena *a, struct db *db, struct event_types *types,
	const struct arrival *arrivals, size_t n, struct err *e)
{
	int64_t number;
	for (size_t i = 0; i < n; i++) {
		if (event_type_number(a, db, types, arrivals[i].company_id,
			    arrivals[i].type, &number, e) < 0)
			return -1;
		if (i > 0 && arrivals[i].company_id == arrivals[i - 1].company_id)
			continue;
		if (batch_number_types(a, db, types, arrivals[i].company_id, e) < 0)
			return -1;
	}
	return 0;
}

struct batch *
batch_new(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	size_t n)
{
	struct batch *b = arena_alloc(a, sizeof *b);
	*b = (struct batch){.arena = a,
		.db = db,
		.types = types,
		.company_id = company_id,
		.crowd = crowd_new(a, company_id),
		.whos = arena_array(a, n, sizeof *b->whos),
		.arrivals = arena_array(a, n, sizeof *b->arrivals),
		.answers = arena_array(a, n, sizeof *b->answers),
		.nodes = arena_array(a, n, sizeof *b->nodes),
		.joined = arena_array(a, n, sizeof *b->joined),
		.joined_n = arena_array(a, n, sizeof *b->joined_n),
		.offered = val_map(a),
		.seen = dict_new()};
	arena_defer(a, (void (*)(void *))dict_free, b->seen);
	return b;
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
		struct batch *b = batch_new(a, db, types, companies[c], n);
		for (size_t i = 0; i < n; i++)
			if (arrivals[i].company_id == companies[c]) {
				b->arrivals[b->n] = &arrivals[i];
				b->answers[b->n++] = &applied[i];
			}
		if (apply_company(b, e) < 0)
			return -1;
	}
	return 0;
}

void
batch_stand_for(struct batch *b, int64_t node_id, int64_t user_id)
{
	struct arrival *r = arena_alloc(b->arena, sizeof *r);
	*r = (struct arrival){.company_id = b->company_id,
		.user_id = user_id,
		.who = {.node_id = node_id, .values = true},
		.at_us = time_now_us(),
		.quiet = true,
		.claimed = true}; /* nobody vouches by it */
	r->received_at_us = r->at_us;
	b->answers[b->n] = arena_alloc(b->arena, sizeof **b->answers);
	b->arrivals[b->n++] = r;
}

/* Whether to begin the transaction once more: somebody else was first, and not too often yet. */
static bool
once_more(const struct err *e, int try)
{
	if (e->code != ERR_CONFLICT || try == TRIES)
		return false;
	log_line(LOG_DEBUG, "apply: once more after: %s", e->text);
	usleep((useconds_t)(1000 * try * try));
	return true;
}

int
batch_run(struct arena *a, struct db *db, struct event_types *types, int64_t company_id,
	size_t n, batch_work *work, void *obj, struct err *e)
{
	for (int try = 1;; try++) {
		struct arena_mark mark = arena_mark(a);
		if (batch_number_types(a, db, types, company_id, e) < 0 ||
			db_begin(db, e) < 0)
			return -1;
		int rc = work(batch_new(a, db, types, company_id, n), obj, e);
		if (rc <= 0)
			db_rollback(db);
		else if (db_commit(db, e) < 0)
			rc = -1;
		arena_rewind(a, mark);
		if (rc >= 0 || !once_more(e, try))
			return rc;
	}
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
		if (!once_more(e, try))
			return err_wrap(e, "event.apply");
	}
}
