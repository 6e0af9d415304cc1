/* See moves.h. */
#include "engine/moves.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/time.h"
#include "engine/hold.h"
#include "event/apply.h"
#include "segment/store.h"

struct transaction {
	struct arena *arena;
	struct hold *hold;
	const struct move *moves;
	size_t n;
	const struct moves_also *also;
};

static int64_t
local_day(const struct hold *h, int64_t at_us)
{
	return date_days(zone_date(h->zone != NULL ? h->zone : zone_utc(), at_us, NULL));
}

static int
write(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	(void)applied;
	struct transaction *t = obj;
	const struct moves_also *also = t->also;
	int64_t company = t->hold->company.id;
	struct membership *rows = arena_array(t->arena, t->n, sizeof *rows);
	for (size_t i = 0; i < t->n; i++)
		rows[i] = (struct membership){.segment_id = t->moves[i].segment_id,
			.person_id = t->moves[i].person_id,
			.since_us = t->moves[i].at_us,
			.in = t->moves[i].in,
			.reason = t->moves[i].reason};
	if (t->n > 0 &&
		segment_move(t->arena, db, company, rows, t->n,
			local_day(t->hold, time_now_us()), also->built == NULL, e) < 0)
		return -1;
	if (also->built != NULL &&
		segment_built(db, company, also->built->segment_id, also->built->version,
			"", also->built->size, also->built->at_us, e) < 0)
		return -1;
	if (also->scenarios != NULL && also->scenarios(t->arena, db, also->obj, e) < 0)
		return -1;
	return also->clock_us != 0 ? lease_move(db, &t->hold->lease, also->seq,
					     also->clock_us, also->lease_until_us, e)
				   : 0;
}

/* The same move told twice (after a commit nobody knows of) has the same hash. */
static struct arrival
told(struct arena *a, const struct hold *h, const struct move *m, int64_t now_us)
{
	struct val props = val_map(a);
	const char *key = arena_printf(a, "move %lld %lld %lld %d",
		(long long)m->segment_id, (long long)m->person_id, (long long)m->at_us,
		m->in);
	val_put(a, &props, "segment", val_id(a, m->segment_id));
	val_put(a, &props, "name", val_text(m->name));
	val_put(a, &props, "reason", val_text(m->reason));
	return (struct arrival){.company_id = h->company.id,
		.who = {.node_id = m->person_id},
		.type = text_of(m->in ? "segment_entered" : "segment_exited"),
		.props = props,
		.at_us = m->at_us,
		.received_at_us = now_us,
		.time_key = m->at_us,
		.dedup = sign_hash64(text_of(key)),
		.quiet = m->quiet};
}

int
moves_commit(struct arena *a, struct hold *h, const struct move *moves, size_t n,
	const struct moves_also *also, struct err *e)
{
	struct transaction t = {
		.arena = a, .hold = h, .moves = moves, .n = n, .also = also};
	struct arrival *arrivals = arena_array(a, n + also->arrival_n, sizeof *arrivals);
	struct applied *applied = arena_array(a, n + also->arrival_n, sizeof *applied);
	int64_t now = time_now_us();
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		if (moves[i].told)
			arrivals[count++] = told(a, h, &moves[i], now);
	for (size_t i = 0; i < also->arrival_n; i++)
		arrivals[count++] = also->arrivals[i];
	return event_apply(a, h->db, h->types, arrivals, count, applied, write, &t, e);
}
