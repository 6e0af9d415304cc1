/* Whether an event is there already. */
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "event/apply_parts.h"
#include "store/db.h"

#include <string.h>

enum { NODES_COMPARED = 16, REPEAT_SLICE = 256 };
static const int64_t recent_us =
	DAY_US; /* how far back a repeat without a timestamp is looked for */

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

int
repeat_find(struct batch *b, struct err *e)
{
	struct search *s = arena_alloc(b->arena, sizeof *s);
	s->batch = b;
	s->keys = str_new(b->arena);
	for (size_t i = 0; i < b->n; i++) {
		const struct arrival *r = b->arrivals[i];
		size_t n;
		if (b->answers[i]->state != APPLIED_NEW)
			continue;
		const int64_t *ids = crowd_nodes(b->crowd, b->nodes[i], &n);
		n = n < NODES_COMPARED ? n : NODES_COMPARED;
		if (r->time_key == 0 && look_untimed(s, r, ids, n, e) < 0)
			return -1;
		for (size_t k = 0; r->time_key != 0 && k < n; k++)
			json_add_row(
				&s->keys, (int64_t[]){ids[k], r->time_key, r->dedup}, 3);
	}
	return ask_timed(s, e) < 0 ? -1 : ask_untimed(s, e);
}

bool
repeat_is(struct batch *b, size_t i)
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
