/* See dead.h. */
#include "event/dead.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/id.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"

#include <string.h>

enum { COLUMNS = 10, STATES = 6 };

static const char *const states[STATES] = {
	"waiting", "queued", "replayed", "dropped", "refused", "held"};

bool
dead_is_state(struct text name)
{
	for (size_t i = 0; i < STATES; i++)
		if (text_is(name, states[i]))
			return true;
	return false;
}

int
dead_write(struct arena *a, struct db *db, const struct dead_letter *letters, size_t n,
	struct err *e)
{
	struct val *rows = arena_array(a, n * COLUMNS, sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		const struct dead_letter *l = &letters[i];
		struct text payload = l->refused ? text_cut(l->payload, DEAD_SHOWN_MAX)
						 : l->payload;
		struct val row[COLUMNS] = {val_int(l->company_id), val_int(id_make()),
			val_int(l->source_id),
			val_text(l->refused ? "refused"
				 : l->held  ? "held"
					    : "waiting"),
			val_int(1), val_int(l->at_us), val_int(l->at_us), val_text(l->code),
			val_of(text_cut(l->reason, DEAD_REASON_MAX)), val_of(payload)};
		memcpy(rows + i * COLUMNS, row, sizeof row);
	}
	return db_bulk(db, QUERY_DEAD_INSERT, rows, n, COLUMNS, NULL, e);
}

int
dead_recent(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	size_t limit, struct val *list, struct err *e)
{
	struct val rows;
	int rc = source_id != 0
			 ? db_rows(a, db, QUERY_DEAD_OF_SOURCE,
				   DB_ARGS(val_int(company_id), val_int(source_id),
					   val_int((int64_t)limit)),
				   &rows, e)
			 : db_rows(a, db, QUERY_DEAD_LAST,
				   DB_ARGS(val_int(company_id), val_int((int64_t)limit)),
				   &rows, e);
	if (rc == 0)
		*list = row_maps(a, &rows, 1,
			DB_KEYS("source_id", "at_us", "code", "reason", "payload",
				"state"));
	return rc;
}

int
dead_list(struct arena *a, struct db *db, int64_t company_id, const char *state,
	int64_t source_id, int64_t before_id, size_t limit, struct val *list, struct err *e)
{
	struct val rows;
	int rc = db_rows(a, db, QUERY_DEAD_LIST,
		DB_ARGS(val_int(company_id), val_text(state), val_int(source_id),
			val_int(source_id), val_int(before_id), val_int((int64_t)limit)),
		&rows, e);
	if (rc == 0)
		*list = row_maps(a, &rows, 0,
			DB_KEYS("id", "source_id", "state", "tries", "first_at_us",
				"last_at_us", "code", "reason"));
	return rc;
}

int
dead_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t letter_id,
	struct val *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_DEAD_BY_ID,
		DB_ARGS(val_int(company_id), val_int(letter_id)), &row, e);
	if (found == 1)
		*out = row_map(a, &row, 0,
			DB_KEYS("id", "source_id", "state", "tries", "first_at_us",
				"last_at_us", "code", "reason", "payload"));
	return found;
}

int
dead_counts(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e)
{
	*out = val_map(a);
	for (size_t i = 0; i < STATES; i++) {
		struct val row;
		if (db_row(a, db, QUERY_DEAD_COUNT,
			    DB_ARGS(val_int(company_id), val_text(states[i]),
				    val_int(DEAD_COUNTED_MAX)),
			    &row, e) < 0)
			return -1;
		val_put(a, out, states[i], val_int(row_int(&row, 0)));
	}
	return 0;
}

int
dead_counts_all(struct arena *a, struct db *db, struct val *rows, struct err *e)
{
	return db_rows(a, db, QUERY_DEAD_COUNTS_ALL, NULL, 0, rows, e);
}

static int
move(struct db *db, const char *from, int64_t company_id, int64_t letter_id,
	int64_t source_id, struct text verb, int64_t *moved, struct err *e)
{
	const char *to = text_is(verb, "replay") ? "queued"
			 : text_is(verb, "drop") ? "dropped"
						 : NULL;
	*moved = 0;
	if (to == NULL)
		return err_set(e, ERR_INPUT,
			"a dead letter is to \"replay\" or to \"drop\", not to \"%.*s\"",
			(int)verb.n, verb.at);
	if (letter_id != 0)
		return db_exec(db, QUERY_DEAD_MOVE,
			DB_ARGS(val_text(to), val_int(time_now_us()), val_int(company_id),
				val_int(letter_id), val_text(from)),
			moved, e);
	for (int64_t n = 5000; n == 5000; *moved += n)
		if (db_exec(db, QUERY_DEAD_MOVE_ALL,
			    DB_ARGS(val_text(to), val_int(time_now_us()),
				    val_int(company_id), val_text(from), val_int(source_id),
				    val_int(source_id)),
			    &n, e) < 0)
			return -1;
	return 0;
}

int
dead_move(struct db *db, int64_t company_id, int64_t letter_id, int64_t source_id,
	struct text verb, int64_t *moved, struct err *e)
{
	return move(db, "waiting", company_id, letter_id, source_id, verb, moved, e);
}

int
dead_move_held(struct db *db, int64_t company_id, int64_t letter_id, int64_t source_id,
	struct text verb, int64_t *moved, struct err *e)
{
	return move(db, "held", company_id, letter_id, source_id, verb, moved, e);
}

int
dead_held(struct arena *a, struct db *db, int64_t company_id, int64_t source_id,
	struct val *out, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_DEAD_HELD,
		    DB_ARGS(val_int(company_id), val_int(source_id),
			    val_int(DEAD_COUNTED_MAX)),
		    &rows, e) < 0)
		return -1;
	*out = row_maps(a, &rows, 0, DB_KEYS("reason", "n", "last_at_us"));
	return 0;
}

int
dead_queued(struct arena *a, struct db *db, size_t limit, struct val *rows, struct err *e)
{
	return db_rows(a, db, QUERY_DEAD_QUEUED, DB_ARGS(val_int((int64_t)limit)), rows, e);
}

int
dead_replayed(struct db *db, int64_t company_id, int64_t letter_id, struct err *e)
{
	return db_exec(db, QUERY_DEAD_MOVE,
		DB_ARGS(val_text("replayed"), val_int(time_now_us()), val_int(company_id),
			val_int(letter_id), val_text("queued")),
		NULL, e);
}

int
dead_failed(struct db *db, int64_t company_id, int64_t letter_id, struct text reason,
	struct err *e)
{
	return db_exec(db, QUERY_DEAD_FAILED,
		DB_ARGS(val_int(time_now_us()), val_of(text_cut(reason, DEAD_REASON_MAX)),
			val_int(company_id), val_int(letter_id)),
		NULL, e);
}

int
dead_prune(struct db *db, int64_t company_id, int64_t before_us, int64_t waiting_before_us,
	int64_t *gone, struct err *e)
{
	return db_exec(db, QUERY_DEAD_PRUNE,
		DB_ARGS(val_int(company_id), val_int(id_at_us(before_us)),
			val_int(id_at_us(waiting_before_us))),
		gone, e);
}

int
dead_erase(struct db *db, int64_t company_id, struct text pattern, struct err *e)
{
	return db_exec(db, QUERY_DEAD_ERASE, DB_ARGS(val_int(company_id), val_of(pattern)),
		NULL, e);
}
