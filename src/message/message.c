/* See message.h. The outbox's claiming and settling is in outbox.c. */
#include "message/message.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/time.h"
#include "message/figure.h"
#include "message/template_store.h"
#include "profile/person.h"
#include "store/db.h"

#include <string.h>

enum { ORDER_SLICE = 512 };

static const char *const state_words[] = {
	"queued", "sending", "sent", "deferred", "failed", "uncertain", "skipped"};

const char *
message_state_word(enum message_state state)
{
	return state_words[state];
}

int
origin_put(struct db *db, int64_t company_id, const struct origin *o, struct err *e)
{
	struct val row[] = {val_int(company_id), val_int(o->id), val_text(o->kind),
		val_text(o->name), val_text(o->stopped ? "stopped" : "open")};
	return db_bulk(db, QUERY_ORIGIN_PUT, row, 1, 5, NULL, e);
}

int
origin_of(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids, size_t n,
	struct origin *out, struct err *e)
{
	struct val rows;
	if (db_rows_of(a, db, QUERY_ORIGIN_OF, company_id, ids, n, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct origin *o = &out[i];
		*o = (struct origin){.id = ids[i], .kind = "single", .name = ""};
		for (size_t k = 0; k < rows.list->n; k++) {
			const struct val *row = &rows.list->at[k];
			if (row_int(row, 0) == o->id)
				*o = (struct origin){o->id, row_z(a, row, 1),
					row_z(a, row, 2),
					text_is(row_text(row, 3), "stopped")};
		}
	}
	return 0;
}

void
message_from_row(const struct val *row, struct message *out)
{
	*out = (struct message){.company_id = row_int(row, 0),
		.id = row_int(row, 1),
		.origin_id = row_int(row, 2),
		.occurrence = row_text(row, 3),
		.person_id = row_int(row, 4),
		.channel = row_text(row, 5),
		.transactional = row_int(row, 6) != 0,
		.template_id = row_int(row, 7),
		.vars = row_text(row, 8),
		.address = row_text(row, 9),
		.subject = row_text(row, 10),
		.reason = row_text(row, 12),
		.attempts = row_int(row, 13),
		.crashes = row_int(row, 14),
		.lane = (enum message_lane)row_int(row, 15),
		.due_at_us = row_int(row, 16),
		.fence = row_int(row, 17),
		.queued_at_us = row_int(row, 18),
		.sent_at_us = row_int(row, 19)};
	for (size_t i = 0; i < sizeof state_words / sizeof *state_words; i++)
		if (text_is(row_text(row, 11), state_words[i]))
			out->state = (enum message_state)i;
}

static void
to_row(const struct message *m, struct val *row)
{
	struct val all[MESSAGE_COLUMNS] = {val_int(m->company_id), val_int(m->id),
		val_int(m->origin_id), val_of(m->occurrence), val_int(m->person_id),
		val_of(m->channel), val_int(m->transactional), val_int(m->template_id),
		m->vars.n > 0 ? val_of(m->vars) : val_null(), val_of(m->address),
		val_of(m->subject), val_text(state_words[m->state]), val_of(m->reason),
		val_int(m->attempts), val_int(m->crashes), val_int(m->lane),
		val_int(m->due_at_us), val_int(m->fence), val_int(m->queued_at_us),
		m->sent_at_us != 0 ? val_int(m->sent_at_us) : val_null()};
	memcpy(row, all, sizeof all);
}

static int
put(struct arena *a, struct db *db, enum query q, const struct message *m, size_t n,
	struct err *e)
{
	struct val *rows = arena_array(a, n * MESSAGE_COLUMNS + 1, sizeof *rows);
	for (size_t i = 0; i < n; i++)
		to_row(&m[i], rows + i * MESSAGE_COLUMNS);
	return db_bulk(db, q, rows, n, MESSAGE_COLUMNS, NULL, e);
}

int
message_save(
	struct arena *a, struct db *db, const struct message *m, size_t n, struct err *e)
{
	return put(a, db, QUERY_MESSAGE_SAVE, m, n, e);
}

int
message_load(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, bool lock, struct message **out, size_t *found, struct err *e)
{
	struct val rows;
	*out = arena_array(a, n + 1, sizeof **out);
	*found = 0;
	if (db_rows_of(a, db, lock ? QUERY_MESSAGE_LOCK : QUERY_MESSAGE_BY_IDS, company_id,
		    ids, n, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n && *found < n; i++)
		message_from_row(&rows.list->at[i], &(*out)[(*found)++]);
	return 0;
}

/* --- queueing --- */

static struct text
once_key(struct arena *a, int64_t person_id, struct text occurrence)
{
	return text_of(arena_printf(
		a, "%lld/%.*s", (long long)person_id, (int)occurrence.n, occurrence.at));
}

/* Notes in there which of a slice are in the outbox already. */
static int
find_queued(struct arena *a, struct db *db, const struct message_order *order,
	const struct message_to *to, size_t n, struct dict *there, struct err *e)
{
	struct val rows, *args = arena_array(a, n * 2 + 2, sizeof *args);
	args[0] = val_int(order->company_id);
	args[1] = val_int(order->origin_id);
	for (size_t i = 0; i < n; i++) {
		args[2 + i * 2] = val_int(to[i].person_id);
		args[3 + i * 2] = val_of(to[i].occurrence);
	}
	if (db_rows(a, db, QUERY_MESSAGE_QUEUED, args, n * 2 + 2, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++)
		dict_put(there,
			once_key(a, row_int(&rows.list->at[i], 0),
				row_text(&rows.list->at[i], 1)),
			NULL);
	return 0;
}

static int
queue_slice(struct arena *a, struct db *db, const struct message_order *order,
	const struct message_to *to, size_t n, int64_t *ids, int64_t *queued, struct err *e)
{
	struct dict *there = dict_new();
	struct message *new = arena_array(a, n, sizeof *new);
	int64_t now_us = time_now_us();
	size_t new_n = 0;
	int rc = find_queued(a, db, order, to, n, there, e);
	for (size_t i = 0; i < n && rc == 0; i++) {
		bool added;
		dict_put(there, once_key(a, to[i].person_id, to[i].occurrence), &added);
		if (added)
			new[new_n++] = (struct message){.company_id = order->company_id,
				.id = id_make(),
				.origin_id = order->origin_id,
				.occurrence = to[i].occurrence,
				.person_id = to[i].person_id,
				.channel = text_of("email"),
				.transactional = order->transactional,
				.template_id = order->template_id,
				.vars = order->vars,
				.lane = order->transactional ? MESSAGE_LANE_URGENT
							     : MESSAGE_LANE_BULK,
				.due_at_us = order->due_at_us != 0 ? order->due_at_us
								   : now_us,
				.queued_at_us = now_us};
		if (ids != NULL)
			ids[i] = added ? new[new_n - 1].id : 0;
	}
	dict_free(there);
	*queued += (int64_t)new_n;
	return rc < 0 || (new_n > 0 && put(a, db, QUERY_MESSAGE_INSERT, new, new_n, e) < 0)
		       ? -1
		       : 0;
}

int
message_queue(struct arena *a, struct db *db, const struct message_order *order,
	const struct message_to *to, size_t n, int64_t *ids, int64_t *queued, struct err *e)
{
	*queued = 0;
	for (size_t done = 0; done < n; done += ORDER_SLICE) {
		size_t slice = n - done < ORDER_SLICE ? n - done : ORDER_SLICE;
		if (queue_slice(a, db, order, to + done, slice,
			    ids != NULL ? ids + done : NULL, queued, e) < 0)
			return -1;
	}
	struct figure f = {order->company_id, order->origin_id, "queued", *queued};
	return *queued > 0 ? figure_add(a, db, &f, 1, e) : 0;
}

static int
check_single(struct arena *a, struct db *db, int64_t company_id, int64_t template_id,
	int64_t *person_id, struct err *e)
{
	struct letter_template t;
	int found = message_template_by_id(a, db, company_id, template_id, &t, e);
	if (found == 0)
		err_field(e, "template", "no template has this id");
	if (found < 1)
		return -1;
	found = person_root(a, db, company_id, *person_id, person_id, e);
	if (found == 0)
		err_field(e, "to", "no profile has this id");
	return found < 1 ? -1 : 0;
}

int
message_send_single(struct arena *a, struct db *db, int64_t company_id, int64_t template_id,
	int64_t person_id, const struct val *vars, struct text occurrence, int64_t *id,
	struct err *e)
{
	int64_t queued = 0;
	struct val row;
	if (check_single(a, db, company_id, template_id, &person_id, e) < 0)
		return -1;
	if (occurrence.n > MESSAGE_OCCURRENCE_MAX)
		return err_set(e, ERR_INPUT,
			"the key of a message has at most %d characters",
			MESSAGE_OCCURRENCE_MAX);
	if (occurrence.n == 0)
		occurrence = val_id(a, id_make()).text;
	struct message_order order = {.company_id = company_id,
		.template_id = template_id,
		.transactional = true,
		.vars = val_len(vars) > 0 ? json_text(a, vars) : (struct text){0}};
	struct message_to to = {person_id, occurrence};
	if (db_begin(db, e) < 0)
		return -1;
	int rc = message_queue(a, db, &order, &to, 1, id, &queued, e);
	if (rc == 0)
		rc = db_commit(db, e);
	else
		db_rollback(db);
	if (rc == 0 && queued == 1)
		return 0;
	if (rc < 0 && e->code != ERR_CONFLICT)
		return -1;
	int found = db_row(a, db, QUERY_MESSAGE_ONCE,
		DB_ARGS(val_int(company_id), val_int(0), val_int(person_id),
			val_of(occurrence)),
		&row, e);
	*id = found == 1 ? row_int(&row, 0) : 0;
	return found < 0    ? -1
	       : found == 1 ? 0
			    : err_set(e, ERR_BUSY, "the message was not queued, try again");
}

/* --- for pages --- */

static struct val
as_map(struct arena *a, const struct val *row)
{
	struct message m;
	struct val map = val_map(a);
	message_from_row(row, &m);
	val_put(a, &map, "id", val_id(a, m.id));
	val_put(a, &map, "origin_id", val_id(a, m.origin_id));
	val_put(a, &map, "person_id", val_id(a, m.person_id));
	val_put(a, &map, "channel", val_of(m.channel));
	val_put(a, &map, "transactional", val_bool(m.transactional));
	val_put(a, &map, "template_id", val_id(a, m.template_id));
	val_put(a, &map, "address", val_of(m.address));
	val_put(a, &map, "subject", val_of(m.subject));
	val_put(a, &map, "state", val_text(state_words[m.state]));
	val_put(a, &map, "reason", val_of(m.reason));
	val_put(a, &map, "attempts", val_int(m.attempts));
	val_put(a, &map, "queued_at_us", val_int(m.queued_at_us));
	val_put(a, &map, "sent_at_us", *row_at(row, 19));
	val_put(a, &map, "due_at_us",
		m.lane == MESSAGE_LANE_OVER ? val_null() : val_int(m.due_at_us));
	return map;
}

int
message_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_MESSAGE_BY_IDS,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found == 1)
		*out = as_map(a, &row);
	return found;
}

static int
list_of(struct arena *a, struct db *db, enum query q, const struct val *args,
	struct val *list, struct err *e)
{
	struct val rows;
	*list = val_list(a);
	if (db_rows(a, db, q, args, 4, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++)
		val_push(a, list, as_map(a, &rows.list->at[i]));
	return 0;
}

int
message_of_person(struct arena *a, struct db *db, int64_t company_id, int64_t person_id,
	int64_t before_id, size_t limit, struct val *list, struct err *e)
{
	struct val args[] = {val_int(company_id), val_int(person_id), val_int(before_id),
		val_int((int64_t)limit)};
	return list_of(a, db, QUERY_MESSAGE_OF_PERSON, args, list, e);
}

int
message_of_origin(struct arena *a, struct db *db, int64_t company_id, int64_t origin_id,
	int64_t after_person_id, size_t limit, struct val *list, struct err *e)
{
	struct val args[] = {val_int(company_id), val_int(origin_id),
		val_int(after_person_id), val_int((int64_t)limit)};
	return list_of(a, db, QUERY_MESSAGE_OF_ORIGIN, args, list, e);
}

int
message_erase(struct arena *a, struct db *db, int64_t company_id, const int64_t *person_ids,
	size_t n, struct err *e)
{
	if (db_exec_of(a, db, QUERY_LETTER_ERASE, company_id, person_ids, n, e) < 0)
		return -1;
	return db_exec_of(a, db, QUERY_MESSAGE_ERASE, company_id, person_ids, n, e);
}
