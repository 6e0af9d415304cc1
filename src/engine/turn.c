/* See turn.h. */
#include "engine/turn.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "engine/hooked.h"
#include "engine/looks.h"
#include "event/bound.h"
#include "event/call.h"
#include "event/count.h"
#include "event/dead.h"
#include "event/plan.h"
#include "event/position.h"
#include "message/receipt.h"
#include "store/db.h"

#include <string.h>

enum { FAILS_MAX = 100, LETTERS_MAX = 50, CONFLICTS_MAX = 2 };

struct ruled { /* a source and its rules */
	int64_t company_id, source_id;
	struct source_rules rules;
};

struct origin { /* of a call, or of a receipt (item NULL) */
	const struct val *record, *item;
};

/* What one transaction takes. */
struct turn {
	struct applier *applier;
	const char *journal; /* NULL: a dead letter */
	int64_t from, to;
	int64_t company_id, letter_id; /* the dead letter */
	struct arrival *arrivals;      /* of calls, then of receipts */
	struct origin *origins;
	size_t n, cap, origin_cap;
	struct dead_letter *letters;
	size_t letter_n, letter_cap;
	struct val *records; /* receipts among what was read */
	size_t record_n, record_cap;
	struct receipt *receipts;
	struct ruled *ruled;
	size_t ruled_n, ruled_cap;
	struct event_count *counts;
	size_t count_n, count_cap;
	struct hooked hooked;
	struct bound bound;
};

bool
turn_is_passing(const struct err *e)
{
	return e->code == ERR_BUSY || e->code == ERR_CONFLICT;
}

static void
add_letter(struct turn *t, struct dead_letter one)
{
	t->letters = arena_room(
		t->applier->arena, t->letters, t->letter_n, &t->letter_cap, sizeof one);
	t->letters[t->letter_n++] = one;
}

static void
add_arrival(struct turn *t, const struct arrival *r, const struct val *record,
	const struct val *item)
{
	struct arena *a = t->applier->arena;
	t->arrivals = arena_room(a, t->arrivals, t->n, &t->cap, sizeof *t->arrivals);
	t->origins = arena_room(a, t->origins, t->n, &t->origin_cap, sizeof *t->origins);
	t->origins[t->n] = (struct origin){record, item};
	t->arrivals[t->n++] = *r;
}

/* --- setting aside --- */

/* The record with this call alone: what a journal could hold. */
static struct text
record_of(struct arena *a, const struct origin *o)
{
	if (o->item == NULL)
		return json_text(a, o->record);
	struct val one = val_map(a), items = val_list(a);
	for (size_t i = 0; i < val_len(o->record); i++) {
		struct val_pair *p = &o->record->map->at[i];
		if (text_is(p->key, "hook")) /* this call is what became of it */
			val_put(a, &one, "trusted", val_bool(true));
		else if (!text_is(p->key, "items") && !text_is(p->key, "refused") &&
			 !text_is(p->key, "excluded"))
			val_put_key(a, &one, p->key, p->val);
	}
	val_push(a, &items, *o->item);
	val_put(a, &one, "items", items);
	return json_text(a, &one);
}

static void
set_aside(struct turn *t, const struct origin *o, const char *code, const char *why)
{
	struct arena *a = t->applier->arena;
	add_letter(t, (struct dead_letter){
			      .company_id = val_as_int(val_get(o->record, "company"), 0),
			      .source_id = val_as_int(val_get(o->record, "source"), 0),
			      .at_us = time_now_us(),
			      .code = code,
			      .reason = text_of(arena_printf(a, "%s", why)),
			      .payload = record_of(a, o)});
	log_line(LOG_ERROR, "journal %s at %lld: a call of company %lld is set aside: %s",
		t->journal != NULL ? t->journal : "(dead letter)", (long long)t->from,
		(long long)t->letters[t->letter_n - 1].company_id, why);
}

/* A record that cannot even be read: nobody's. */
static void
set_aside_record(struct turn *t, struct text payload, const char *code, const char *why)
{
	struct arena *a = t->applier->arena;
	log_line(LOG_ERROR, "journal %s at %lld: a record is set aside: %s", t->journal,
		(long long)t->from, why);
	add_letter(t, (struct dead_letter){.at_us = time_now_us(),
			      .code = code,
			      .reason = text_of(arena_printf(a, "%s", why)),
			      .payload = text_is_utf8(payload) ? payload
							       : text_of("(not UTF-8)")});
}

/* --- reading records --- */

/* The rules of a source, read once a turn; NULL when it is gone. 0 / -1. */
static int
rules_of(struct turn *t, int64_t company_id, int64_t source_id,
	const struct source_rules **out, struct err *e)
{
	struct applier *l = t->applier;
	struct ruled one = {.company_id = company_id, .source_id = source_id};
	*out = NULL;
	for (size_t i = 0; i < t->ruled_n; i++)
		if (t->ruled[i].source_id == source_id &&
			t->ruled[i].company_id == company_id) {
			*out = &t->ruled[i].rules;
			return 0;
		}
	if (source_rules_find(l->arena, l->db, company_id, source_id, &one.rules, e) < 0)
		return -1;
	t->ruled = arena_room(l->arena, t->ruled, t->ruled_n, &t->ruled_cap, sizeof one);
	t->ruled[t->ruled_n] = one;
	*out = &t->ruled[t->ruled_n++].rules;
	return 0;
}

/* One call of a record: an arrival, or a letter. */
static int
take_call(struct turn *t, const struct val *record, const struct val *item,
	const struct envelope *env, const struct source_rules *rules,
	struct event_count *count, struct err *e)
{
	struct arena *a = t->applier->arena;
	struct arrival r;
	struct err why;
	struct dead_letter letter = {.company_id = env->company_id,
		.source_id = env->source_id,
		.at_us = env->received_at_us,
		.refused = true};
	if (event_call_read(a, item, env, &r, &why) < 0) {
		letter.code = err_word(why.code);
		letter.payload = json_text(a, item);
	} else if (!text_is(val_as_text(val_get(item, "type")), "track") ||
		   plan_judge(rules, r.type, val_get(item, "properties"), &why) ==
			   PLAN_TAKE) {
		add_arrival(t, &r, record, item);
		count->accepted++;
		count->bots += r.bot;
		return bound_note(a, t->applier->db, &t->bound, env->company_id,
			env->source_id, env->received_at_us, item, e);
	} else {
		letter.code = DEAD_PLAN;
		letter.refused = false;
		letter.held = true;
		letter.payload = record_of(a, &(struct origin){record, item});
	}
	letter.reason = text_of(arena_printf(a, "%s", why.text));
	add_letter(t, letter);
	count->refused += letter.refused;
	count->quarantined += letter.held;
	return 0;
}

static void
take_refused(struct turn *t, const struct val *refused, const struct envelope *env,
	struct event_count *count)
{
	struct arena *a = t->applier->arena;
	struct dead_letter letter = {.company_id = env->company_id,
		.source_id = env->source_id,
		.at_us = env->received_at_us,
		.refused = true};
	for (size_t i = 0; i < val_len(refused); i++) {
		const struct val *one = &refused->list->at[i];
		letter.code = val_as_z(a, val_get(one, "code"));
		letter.reason = val_as_text(val_get(one, "reason"));
		letter.payload = val_as_text(val_get(one, "payload"));
		add_letter(t, letter);
		count->refused++;
	}
}

static int
take_calls(struct turn *t, const struct val *record, struct err *e)
{
	struct arena *a = t->applier->arena;
	const struct source_rules *rules;
	const struct val *items = val_get(record, "items"), *hook = val_get(record, "hook");
	struct val mapped;
	struct err why;
	struct envelope env = {.company_id = val_as_int(val_get(record, "company"), 0),
		.source_id = val_as_int(val_get(record, "source"), 0),
		.country = val_as_z(a, val_get(record, "country")),
		.received_at_us = val_as_int(val_get(record, "received"), 0),
		.late_us = t->applier->settings->event_late_s * SECOND_US,
		.trusted = hook != NULL || val_as_bool(val_get(record, "trusted"), false),
		.sighting = {.enricher = &t->applier->enricher,
			.ip = val_as_text(val_get(record, "ip")),
			.agent = val_as_text(val_get(record, "agent")),
			.internal = val_as_bool(val_get(record, "internal"), false)}};
	if (rules_of(t, env.company_id, env.source_id, &rules, e) < 0)
		return -1;
	if (val_get(record, "sent") != NULL)
		env.sent_at = *val_get(record, "sent");
	if (val_get(record, "context") != NULL)
		env.context = *val_get(record, "context");
	struct event_count *count = event_count_at(a, &t->counts, &t->count_n,
		&t->count_cap, env.company_id, env.source_id, env.received_at_us);
	int rc = hook == NULL ? 0
			      : hooked_calls(a, t->applier->db, t->applier->settings,
					&t->hooked, record, &env, &mapped, &why, e);
	if (rc < 0)
		return -1;
	if (rc == 1)
		items = &mapped;
	else if (hook != NULL)
		set_aside(t, &(struct origin){record, NULL}, "mapping", why.text);
	for (size_t i = 0; i < val_len(items); i++)
		if (take_call(t, record, &items->list->at[i], &env, rules, count, e) < 0)
			return -1;
	take_refused(t, val_get(record, "refused"), &env, count);
	count->excluded += val_as_int(val_get(record, "excluded"), 0);
	return 0;
}

static int
take_record(struct turn *t, struct text payload, struct err *e)
{
	struct arena *a = t->applier->arena;
	struct val *record = arena_alloc(a, sizeof *record);
	struct err why;
	if (json_parse(a, payload, record, &why) < 0) {
		set_aside_record(t, payload, "set_aside", why.text);
		return 0;
	}
	if (val_get(record, "receipt") == NULL)
		return take_calls(t, record, e);
	t->records = arena_room(a, t->records, t->record_n, &t->record_cap, sizeof *record);
	t->records[t->record_n++] = *record;
	return 0;
}

/* Opens, clicks, unsubscribings of messages we know become arrivals too, behind those of calls. */
static int
take_receipts(struct turn *t, struct err *e)
{
	struct applier *l = t->applier;
	t->receipts = arena_array(l->arena, t->record_n, sizeof *t->receipts);
	if (t->record_n > 0 &&
		receipt_read(l->arena, l->db, t->records, t->record_n, t->receipts, e) < 0)
		return -1;
	for (size_t i = 0; i < t->record_n; i++)
		if (t->receipts[i].known)
			add_arrival(t, &t->receipts[i].arrival, &t->records[i], NULL);
	return 0;
}

/* --- applying --- */

static int
also(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	struct turn *t = obj;
	struct arena *a = t->applier->arena;
	int moved = t->journal != NULL ? position_move(a, db, t->journal, t->from, t->to, e)
				       : dead_replayed(db, t->company_id, t->letter_id, e);
	if (moved < 0 || dead_write(a, db, t->letters, t->letter_n, e) < 0 ||
		event_count_add(a, db, t->counts, t->count_n, e) < 0 ||
		bound_add(a, db, &t->bound, e) < 0 ||
		looks_add(a, db, t->arrivals, applied, t->n, e) < 0 ||
		(t->journal != NULL && hooked_keep(a, db, &t->hooked, e) < 0))
		return -1;
	return t->record_n > 0 ? receipt_also(a, db, t->receipts, t->record_n, e) : 0;
}

static int
apply_turn(struct turn *t, struct err *e)
{
	struct applier *l = t->applier;
	struct applied *applied = arena_array(l->arena, t->n + 1, sizeof *applied);
	if (event_apply(l->arena, l->db, l->types, t->arrivals, t->n, applied, also, t, e) <
		0)
		return -1;
	looks_note(l->looks, t->arrivals, applied, t->n);
	return 0;
}

static int
apply_all(struct turn *t, struct err *e)
{
	return take_receipts(t, e) < 0 ? -1 : apply_turn(t, e);
}

/* What is left when all calls and receipts have been seen to one by one: letters and the position. */
static int
move_on(struct turn *t, struct err *e)
{
	t->n = t->record_n = 0;
	return apply_turn(t, e);
}

/* --- apart: somebody's poison is in it --- */

/* One company's calls. */
struct bunch {
	struct turn *turn;
	size_t *at; /* in turn->arrivals */
	size_t n, cap;
	int fails;
};

static int
try_slice(struct bunch *b, size_t lo, size_t hi, struct err *e)
{
	struct applier *l = b->turn->applier;
	struct arrival *some = arena_array(l->arena, hi - lo, sizeof *some);
	struct applied *applied = arena_array(l->arena, hi - lo, sizeof *applied);
	for (size_t i = lo; i < hi; i++)
		some[i - lo] = b->turn->arrivals[b->at[i]];
	return event_apply(
		l->arena, l->db, l->types, some, hi - lo, applied, NULL, NULL, e);
}

static int
bisect(struct bunch *b, size_t lo, size_t hi, struct err *e)
{
	struct err why = {0};
	bool seen = b->fails < FAILS_MAX;
	if (seen && try_slice(b, lo, hi, &why) == 0)
		return 0;
	if (seen && why.code == ERR_BUSY) {
		*e = why;
		return -1;
	}
	b->fails++;
	if (seen && hi - lo > 1) {
		size_t half = lo + (hi - lo) / 2;
		return bisect(b, lo, half, e) < 0 ? -1 : bisect(b, half, hi, e);
	}
	for (size_t i = lo; i < hi; i++)
		set_aside(b->turn, &b->turn->origins[b->at[i]], "set_aside",
			seen ? why.text : "unseen: too much of this company failed");
	return 0;
}

static int
calls_apart(struct turn *t, struct err *e)
{
	bool *done = arena_array(t->applier->arena, t->n + 1, sizeof *done);
	for (size_t i = 0; i < t->n; i++) {
		struct bunch b = {.turn = t};
		if (done[i])
			continue;
		for (size_t k = i; k < t->n; k++) {
			if (t->arrivals[k].company_id != t->arrivals[i].company_id)
				continue;
			done[k] = true;
			b.at = arena_room(
				t->applier->arena, b.at, b.n, &b.cap, sizeof *b.at);
			b.at[b.n++] = k;
		}
		if (bisect(&b, 0, b.n, e) < 0)
			return -1;
	}
	return 0;
}

static int
receipt_alone_also(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	struct turn *t = obj;
	(void)applied;
	return receipt_also(t->applier->arena, db, t->receipts, 1, e);
}

/* One receipt, or a letter of it. */
static int
receipt_alone(struct turn *t, const struct val *record, struct err *e)
{
	struct applier *l = t->applier;
	struct receipt receipt;
	struct applied applied;
	struct turn one = {.applier = l, .receipts = &receipt};
	struct err why;
	if (receipt_read(l->arena, l->db, record, 1, &receipt, &why) == 0 &&
		(!receipt.known ||
			event_apply(l->arena, l->db, l->types, &receipt.arrival, 1,
				&applied, receipt_alone_also, &one, &why) == 0))
		return 0;
	if (why.code == ERR_BUSY) {
		*e = why;
		return -1;
	}
	set_aside(t, &(struct origin){record, NULL}, "set_aside", why.text);
	return 0;
}

static int
apply_apart(struct turn *t, size_t calls, struct err *e)
{
	t->n = calls; /* receipts go one by one */
	if (calls_apart(t, e) < 0)
		return -1;
	for (size_t i = 0; i < t->record_n; i++)
		if (receipt_alone(t, &t->records[i], e) < 0)
			return -1;
	return move_on(t, e);
}

/* event_apply has tried again by itself. What conflicts again a moment later, at the same place, will do so for ever: a key that is
 * there twice, not another's lock. */
static bool
is_stuck(struct applier *l, int64_t from, const struct err *e)
{
	if (e->code != ERR_CONFLICT)
		return false;
	l->conflicts = l->conflict_at == from ? l->conflicts + 1 : 1;
	l->conflict_at = from;
	return l->conflicts >= CONFLICTS_MAX;
}

int
turn_records(struct applier *l, const char *journal, int64_t from,
	const struct journal_record *records, size_t n, struct err *e)
{
	struct turn t = {
		.applier = l, .journal = journal, .from = from, .to = records[n - 1].end};
	for (size_t i = 0; i < n; i++)
		if (take_record(&t, records[i].payload, e) < 0)
			return -1;
	size_t calls = t.n;
	if (apply_all(&t, e) == 0)
		return 0;
	if (turn_is_passing(e) && !is_stuck(l, from, e))
		return -1;
	return apply_apart(&t, calls, e);
}

/* --- what took the process down --- */

static int
call_alone(struct turn *t, size_t i, struct err *e)
{
	size_t at[] = {i};
	struct bunch b = {.turn = t, .at = at, .n = 1};
	return bisect(&b, 0, 1, e);
}

/* Letters beyond the first 'kept' are written at once: should the process die with a later call, these are not tried again. */
static int
flush_letters(struct turn *t, size_t kept, struct err *e)
{
	if (dead_write(t->applier->arena, t->applier->db, t->letters + kept,
		    t->letter_n - kept, e) < 0)
		return -1;
	t->letter_n = kept;
	return 0;
}

static int
one_alone(struct turn *t, size_t i, bool died, struct err *e)
{
	bool is_call = i < t->n;
	const struct val *receipt = is_call ? NULL : &t->records[i - t->n];
	if (!died)
		return is_call ? call_alone(t, i, e) : receipt_alone(t, receipt, e);
	struct origin of_receipt = {receipt, NULL};
	set_aside(t, is_call ? &t->origins[i] : &of_receipt, "crash",
		"the engine went down with it");
	return 0;
}

int
turn_calls(struct applier *l, const char *journal, int64_t from,
	const struct journal_record *record, struct turn_place *at, struct err *e)
{
	struct turn t = {.applier = l, .journal = journal, .from = from, .to = record->end};
	if (at->call < 0 && at->died) {
		set_aside_record(
			&t, record->payload, "crash", "the engine went down reading it");
		return move_on(&t, e);
	}
	trace_leave(&l->trace, TRACE_CALL, journal, from, record->end, -1);
	if (take_record(&t, record->payload, e) < 0)
		return -1;
	size_t n = t.n + t.record_n, kept = t.letter_n; /* calls, or one receipt */
	for (at->call = at->call < 0 ? 0 : at->call; (size_t)at->call < n; at->call++) {
		if (!at->died)
			trace_leave(&l->trace, TRACE_CALL, journal, from, record->end,
				at->call);
		if (one_alone(&t, (size_t)at->call, at->died, e) < 0 ||
			flush_letters(&t, kept, e) < 0)
			return -1;
		at->died = false;
	}
	return move_on(&t, e);
}

/* --- dead letters once more --- */

static int
replay(struct applier *l, int64_t company_id, int64_t letter_id, struct text payload,
	struct err *e)
{
	struct turn t = {.applier = l, .company_id = company_id, .letter_id = letter_id};
	struct err why;
	trace_leave(&l->trace, TRACE_LETTER, NULL, company_id, letter_id, 0);
	if (take_record(&t, payload, e) < 0)
		return -1;
	if (t.letter_n > 0)
		return dead_failed(l->db, company_id, letter_id, t.letters[0].reason, e);
	if (apply_all(&t, &why) == 0) {
		log_line(LOG_INFO, "dead letter %lld of company %lld is applied",
			(long long)letter_id, (long long)company_id);
		return 0;
	}
	if (turn_is_passing(&why)) {
		*e = why;
		return -1;
	}
	return dead_failed(l->db, company_id, letter_id,
		text_of(arena_printf(l->arena, "%s", why.text)), e);
}

int
turn_letters(struct applier *l, size_t *n, struct err *e)
{
	struct val rows;
	*n = 0;
	if (dead_queued(l->arena, l->db, LETTERS_MAX, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++, ++*n) {
		const struct val *row = &rows.list->at[i];
		int rc = replay(l, row_int(row, 0), row_int(row, 1), row_text(row, 2), e);
		trace_wipe(&l->trace);
		if (rc < 0)
			return -1;
	}
	return 0;
}

int
turn_letter_died(struct applier *l, const struct trace_note *left, struct err *e)
{
	return dead_failed(
		l->db, left->from, left->to, text_of("the engine went down with it"), e);
}
