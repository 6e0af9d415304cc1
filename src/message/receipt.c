/* See receipt.h. */
#include "message/receipt.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/time.h"
#include "message/figure.h"
#include "message/message.h"
#include "profile/person.h"
#include "profile/reach.h"
#include "store/db.h"

#include <string.h>

static const char *const event_words[] = {"email_open", "email_click", "email_unsubscribe"};
static const char *const figure_words[] = {"opened", "clicked", "unsubscribed"};

/* What the record says, as far as the record alone can tell. */
static bool
read_one(const struct val *record, struct receipt *out)
{
	struct text word = val_as_text(val_get(record, "receipt"));
	*out = (struct receipt){.company_id = val_as_int(val_get(record, "company"), 0),
		.message_id = val_as_int(val_get(record, "message"), 0),
		.link_id = val_as_int(val_get(record, "link"), 0),
		.at_us = val_as_int(val_get(record, "at"), 0)};
	for (int kind = MESSAGE_OPEN; kind <= MESSAGE_UNSUBSCRIBE; kind++)
		if (text_is(word, message_token_word((enum message_token_kind)kind))) {
			out->kind = (enum message_token_kind)kind;
			return out->message_id != 0 && out->at_us != 0;
		}
	return false;
}

static void
add_consent(struct arena *a, struct arrival *arrival, const struct message *m)
{
	struct val one = val_map(a);
	val_put(a, &one, "channel", val_text("email"));
	val_put(a, &one, "granted", val_bool(false));
	val_put(a, &one, "proof",
		val_text(
			arena_printf(a, "unsubscribed by message %lld", (long long)m->id)));
	arrival->consents = val_list(a);
	val_push(a, &arrival->consents, one);
	arrival->who.values = true;
}

static void
make_arrival(struct arena *a, struct receipt *r, const struct message *m,
	const struct message_names *names, const struct val *url)
{
	struct val props = message_props(a, m, names);
	if (r->kind == MESSAGE_CLICK) {
		val_put(a, &props, "link", val_id(a, r->link_id));
		if (url != NULL)
			val_put(a, &props, "url", *url);
	}
	r->known = true;
	r->arrival = (struct arrival){.company_id = r->company_id,
		.who = {.node_id = m->person_id},
		.type = text_of(event_words[r->kind]),
		.props = props,
		.at_us = r->at_us,
		.received_at_us = r->at_us,
		.time_key = r->at_us,
		.dedup = sign_hash64(text_of(arena_printf(a, "%s:%lld:%lld",
			event_words[r->kind], (long long)m->id, (long long)r->link_id))),
		.active = r->kind == MESSAGE_CLICK};
	if (r->kind == MESSAGE_UNSUBSCRIBE)
		add_consent(a, &r->arrival, m);
}

static int
targets_of(struct arena *a, struct db *db, int64_t company_id,
	const struct receipt *receipts, size_t n, struct val *rows, struct err *e)
{
	int64_t *ids = arena_array(a, n, sizeof *ids);
	size_t ids_n = 0;
	for (size_t i = 0; i < n; i++)
		if (receipts[i].company_id == company_id && receipts[i].link_id != 0)
			ids[ids_n++] = receipts[i].link_id;
	return db_rows_of(a, db, QUERY_LINK_OF, company_id, ids, ids_n, rows, e);
}

/* Fills the receipts of one company whose messages are there. */
static int
read_company(struct arena *a, struct db *db, int64_t company_id, struct receipt *receipts,
	const bool *good, size_t n, struct err *e)
{
	int64_t *ids = arena_array(a, n, sizeof *ids);
	struct dict *at = dict_new();
	struct message *m;
	struct val targets;
	size_t ids_n = 0, found;
	arena_defer(a, (void (*)(void *))dict_free, at);
	for (size_t i = 0; i < n; i++) {
		bool added = false;
		if (good[i] && receipts[i].company_id == company_id)
			dict_put_id(at, receipts[i].message_id, &added);
		if (added)
			ids[ids_n++] = receipts[i].message_id;
	}
	if (message_load(a, db, company_id, ids, ids_n, false, &m, &found, e) < 0 ||
		targets_of(a, db, company_id, receipts, n, &targets, e) < 0)
		return -1;
	struct message_names *names = arena_array(a, found + 1, sizeof *names);
	if (message_names(a, db, company_id, m, found, names, e) < 0)
		return -1;
	bool *tracked = arena_array(a, found + 1, sizeof *tracked);
	int64_t *persons = arena_array(a, found + 1, sizeof *persons);
	for (size_t i = 0; i < found; i++)
		persons[i] = m[i].person_id;
	if (reach_tracked(a, db, company_id, persons, found, tracked, e) < 0)
		return -1;
	size_t *row_of = arena_array(a, ids_n + 1, sizeof *row_of); /* + 1, 0 none */
	for (size_t i = 0; i < found; i++)
		row_of[dict_find_id(at, m[i].id)] = i + 1;
	for (size_t i = 0; i < n; i++) {
		struct receipt *r = &receipts[i];
		const struct val *url = NULL;
		if (!good[i] || r->company_id != company_id)
			continue;
		size_t k = row_of[dict_find_id(at, r->message_id)];
		for (size_t t = 0; t < targets.list->n && r->link_id != 0; t++)
			if (row_int(&targets.list->at[t], 0) == r->link_id)
				url = row_at(&targets.list->at[t], 1);
		/* who does not agree to analytics (any more) leaves no trace but that they want no letters */
		if (k > 0 && (tracked[k - 1] || r->kind == MESSAGE_UNSUBSCRIBE))
			make_arrival(a, r, &m[k - 1], &names[k - 1], url);
	}
	return 0;
}

/* Calls one per company that has receipts. */
static int
by_company(const struct receipt *receipts, const bool *good, size_t n,
	int (*one)(void *obj, int64_t company_id, struct err *e), void *obj, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		bool first = good == NULL ? receipts[i].known : good[i];
		for (size_t k = 0; k < i && first; k++)
			first = (good == NULL ? !receipts[k].known : !good[k]) ||
				receipts[k].company_id != receipts[i].company_id;
		if (first && one(obj, receipts[i].company_id, e) < 0)
			return -1;
	}
	return 0;
}

struct reading {
	struct arena *arena;
	struct db *db;
	struct receipt *out;
	const struct receipt *in;
	bool *good;
	size_t n;
};

static int
read_for(void *obj, int64_t company_id, struct err *e)
{
	struct reading *r = obj;
	return read_company(r->arena, r->db, company_id, r->out, r->good, r->n, e);
}

int
receipt_read(struct arena *a, struct db *db, const struct val *records, size_t n,
	struct receipt *out, struct err *e)
{
	struct reading r = {.arena = a,
		.db = db,
		.out = out,
		.good = arena_array(a, n + 1, sizeof *r.good),
		.n = n};
	for (size_t i = 0; i < n; i++)
		r.good[i] = read_one(&records[i], &out[i]);
	if (by_company(out, r.good, n, read_for, &r, e) < 0)
		return err_wrap(e, "receipt.read");
	return 0;
}

/* --- in the transaction --- */

struct noting { /* one company's receipts */
	struct arena *arena;
	struct db *db;
	int64_t company_id;
	struct dict *there; /* "MESSAGE/kind" noted already */
	struct val *rows;   /* new ones */
	size_t row_n;
	struct figure *figures;
	size_t figure_n;
};

static void
note(struct noting *t, const struct receipt *r, const struct message *m,
	enum message_token_kind kind)
{
	bool added;
	const char *word = message_token_word(kind);
	dict_put(t->there,
		text_of(arena_printf(t->arena, "%lld/%s", (long long)m->id, word)), &added);
	if (!added)
		return;
	struct val row[] = {val_int(t->company_id), val_int(m->id), val_text(word),
		val_int(r->at_us), val_int(r->link_id)};
	memcpy(t->rows + t->row_n++ * 5, row, sizeof row);
	t->figures[t->figure_n++] = (struct figure){
		t->company_id, m->origin_id, figure_words[kind], 1};
}

static int
load_noted(struct noting *t, const int64_t *ids, size_t n, struct err *e)
{
	struct val rows;
	if (db_rows_of(t->arena, t->db, QUERY_RECEIPT_OF, t->company_id, ids, n, &rows, e) <
		0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++)
		dict_put(t->there,
			text_of(arena_printf(t->arena, "%lld/%s",
				(long long)row_int(&rows.list->at[i], 0),
				row_z(t->arena, &rows.list->at[i], 1))),
			NULL);
	return 0;
}

/* Something came back: so it had been sent. */
static int
end_doubts(struct noting *t, struct message *m, size_t n, struct err *e)
{
	size_t sure = 0;
	for (size_t i = 0; i < n; i++) {
		if (m[i].state != MESSAGE_UNCERTAIN)
			continue;
		struct message one = m[i];
		one.state = MESSAGE_SENT;
		one.sent_at_us = one.due_at_us;
		one.reason = text_of("");
		m[i] = one;
		t->figures[t->figure_n++] = (struct figure){
			t->company_id, one.origin_id, "uncertain", -1};
		t->figures[t->figure_n++] = (struct figure){
			t->company_id, one.origin_id, "sent", 1};
		sure++;
	}
	return sure > 0 ? message_save(t->arena, t->db, m, n, e) : 0;
}

static int
note_company(struct noting *t, const struct receipt *receipts, size_t n, struct err *e)
{
	int64_t *ids = arena_array(t->arena, n, sizeof *ids);
	struct dict *at = dict_new();
	struct message *m;
	size_t ids_n = 0, found;
	arena_defer(t->arena, (void (*)(void *))dict_free, at);
	for (size_t i = 0; i < n; i++) {
		bool added = false;
		if (receipts[i].known && receipts[i].company_id == t->company_id)
			dict_put_id(at, receipts[i].message_id, &added);
		if (added)
			ids[ids_n++] = receipts[i].message_id;
	}
	if (message_load(t->arena, t->db, t->company_id, ids, ids_n, true, &m, &found, e) <
			0 ||
		load_noted(t, ids, ids_n, e) < 0 || end_doubts(t, m, found, e) < 0)
		return -1;
	const struct message **of = arena_array(t->arena, ids_n + 1, sizeof *of);
	for (size_t i = 0; i < found; i++)
		of[dict_find_id(at, m[i].id)] = &m[i];
	for (size_t i = 0; i < n; i++) {
		const struct receipt *r = &receipts[i];
		if (!r->known || r->company_id != t->company_id)
			continue;
		const struct message *one = of[dict_find_id(at, r->message_id)];
		if (one == NULL)
			continue;
		note(t, r, one, r->kind);
		if (r->kind == MESSAGE_CLICK) /* pictures may be off, but it was read */
			note(t, r, one, MESSAGE_OPEN);
		if (r->kind == MESSAGE_UNSUBSCRIBE &&
			person_suppress(t->db, t->company_id, "email", one->address,
				"unsubscribed", r->at_us, one->id, e) < 0)
			return -1;
	}
	return t->row_n > 0
		       ? db_bulk(t->db, QUERY_RECEIPT_INSERT, t->rows, t->row_n, 5, NULL, e)
		       : 0;
}

struct noting_all {
	struct reading reading;
	struct figure *figures;
	size_t figure_n;
};

static int
note_for(void *obj, int64_t company_id, struct err *e)
{
	struct noting_all *all = obj;
	struct noting t = {.arena = all->reading.arena,
		.db = all->reading.db,
		.company_id = company_id,
		.there = dict_new(),
		.rows = arena_array(
			all->reading.arena, all->reading.n * 10 + 1, sizeof *t.rows),
		.figures = all->figures + all->figure_n};
	arena_defer(t.arena, (void (*)(void *))dict_free, t.there);
	int rc = note_company(&t, all->reading.in, all->reading.n, e);
	all->figure_n += t.figure_n;
	return rc;
}

int
receipt_also(struct arena *a, struct db *db, const struct receipt *receipts, size_t n,
	struct err *e)
{
	struct noting_all all = {.reading = {.arena = a, .db = db, .in = receipts, .n = n},
		.figures = arena_array(a, n * 4 + 1, sizeof *all.figures)};
	if (by_company(receipts, NULL, n, note_for, &all, e) < 0 ||
		figure_add(a, db, all.figures, all.figure_n, e) < 0)
		return err_wrap(e, "receipt.also");
	return 0;
}
