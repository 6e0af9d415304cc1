/* See audit.h. */
#include "tenant/audit.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"

#include <string.h>

enum { CLASHES_MAX = 5, CHAIN_ROWS = 1000, COLUMNS = 9 };

/* A row's columns as they are hashed and stored, in the order of AUDIT_CHAIN. */
static const char *
hash_row(struct arena *a, struct text before, int64_t company_id, const struct val *columns)
{
	struct str s = str_new(a);
	str_addt(&s, before);
	str_addf(&s, " %lld", (long long)company_id);
	for (size_t i = 0; i < COLUMNS; i++) {
		const struct val *v = &columns[i];
		if (v->kind == VAL_INT)
			str_addf(&s, " %lld", (long long)v->i);
		else {
			str_addf(&s, " %zu:", v->text.n);
			str_addt(&s, v->text);
		}
	}
	return sign_hash(a, str_text(&s));
}

static struct val
cut(const char *z, size_t n)
{
	struct text t = text_of(z);
	return val_of(text_is_utf8(t) ? text_cut(t, n) : text_of(""));
}

/* The company's last row, locked; made at its first. An INSERT that finds it there would take a lock that two cannot both turn into
 * ours, so it comes only when there is none. */
static int
lock_last(
	struct arena *a, struct db *db, int64_t company_id, struct val *row, struct err *e)
{
	int found = db_row(
		a, db, QUERY_AUDIT_LAST_LOCK, DB_ARGS(val_int(company_id)), row, e);
	if (found == 0 && db_exec(db, QUERY_AUDIT_LAST_BEGIN, DB_ARGS(val_int(company_id)),
				  NULL, e) == 0)
		found = db_row(
			a, db, QUERY_AUDIT_LAST_LOCK, DB_ARGS(val_int(company_id)), row, e);
	return found == 1 ? 0 : -1;
}

static int
add_once(struct arena *a, struct db *db, const struct audit *d, struct err *e)
{
	struct val row;
	if (lock_last(a, db, d->company_id, &row, e) < 0)
		return -1;
	struct val c[COLUMNS] = {val_int(row_int(&row, 0) + 1), val_int(time_now_us()),
		val_int(d->user_id), cut(d->key_id, 12), cut(d->ip, 45),
		cut(d->request_id, 64), cut(d->action, 60), cut(d->object, 100),
		cut(d->detail, 1000)};
	const char *hash = hash_row(a, row_text(&row, 1), d->company_id, c);
	if (db_exec(db, QUERY_AUDIT_INSERT,
		    DB_ARGS(val_int(d->company_id), c[0], c[1], c[2], c[3], c[4], c[5],
			    c[6], c[7], c[8], val_text(hash)),
		    NULL, e) < 0)
		return -1;
	return db_exec(db, QUERY_AUDIT_LAST_MOVE,
		DB_ARGS(c[0], val_text(hash), val_int(d->company_id)), NULL, e);
}

int
audit_add(struct arena *a, struct db *db, const struct audit *d, struct err *e)
{
	for (int i = 0; i < CLASHES_MAX; i++) {
		if (db_begin(db, e) < 0)
			return -1;
		if (add_once(a, db, d, e) == 0)
			return db_commit(db, e);
		db_rollback(db);
		if (e->code != ERR_CONFLICT)
			return -1;
	}
	return -1;
}

int
audit_page(struct arena *a, struct db *db, const struct audit_query *q, struct val *out,
	struct err *e)
{
	struct val rows;
	size_t limit = q->limit > 200 ? 200 : q->limit;
	if (db_rows(a, db, QUERY_AUDIT_PAGE,
		    DB_ARGS(val_int(q->company_id), val_int(q->before), val_int(q->user_id),
			    val_int(q->user_id), val_of(q->action), val_of(q->action),
			    val_int((int64_t)limit)),
		    &rows, e) < 0)
		return -1;
	*out = row_maps(a, &rows, 0,
		DB_KEYS("no", "at_us", "user_id", "key", "ip", "request", "action",
			"object", "detail"));
	return 0;
}

int
audit_actions(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_AUDIT_ACTIONS, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	*out = val_list(a);
	for (size_t i = 0; i < val_len(&rows); i++)
		val_push(a, out, val_of(row_text(&rows.list->at[i], 0)));
	return 0;
}

struct chain {
	int64_t company_id, no;
	struct text hash; /* of row no; empty: rows without hashes so far */
	const char *problem;
};

/* The next row of a chain; false: it does not fit. */
static bool
follow(struct arena *a, struct chain *c, const struct val *row)
{
	struct text hash = row_text(row, COLUMNS);
	int64_t no = row_int(row, 0), expected = c->no + 1;
	c->no = no;
	if (no != expected)
		c->problem = "a row is missing before this one";
	else if (hash.n == 0)
		c->problem = c->hash.n > 0 ? "this row has no hash" : NULL;
	else if (!text_is(hash, hash_row(a, c->hash, c->company_id, row->list->at)))
		c->problem = "this row or the one before was changed";
	c->hash = hash;
	return c->problem == NULL;
}

static int
verify_one(struct arena *a, struct db *db, struct chain *c, int64_t *rows, struct err *e)
{
	struct val page;
	do {
		if (db_rows(a, db, QUERY_AUDIT_CHAIN,
			    DB_ARGS(val_int(c->company_id), val_int(c->no)), &page, e) < 0)
			return -1;
		for (size_t i = 0; i < val_len(&page); i++) {
			++*rows;
			if (!follow(a, c, &page.list->at[i]))
				return 0;
		}
	} while (val_len(&page) == CHAIN_ROWS);
	return 0;
}

int
audit_verify(
	struct arena *a, struct db *db, int64_t *rows, struct val *broken, struct err *e)
{
	struct val heads;
	*rows = 0;
	*broken = val_list(a);
	if (db_rows(a, db, QUERY_AUDIT_HEADS, NULL, 0, &heads, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&heads); i++) {
		const struct val *head = &heads.list->at[i];
		struct chain c = {.company_id = row_int(head, 0), .hash = text_of("")};
		if (verify_one(a, db, &c, rows, e) < 0)
			return -1;
		/* a row that came meanwhile moved the real head beyond the one that was read */
		if (c.problem == NULL && c.no < row_int(head, 1))
			c.problem = "the last rows are missing";
		if (c.problem == NULL)
			continue;
		struct val one = val_map(a);
		val_put(a, &one, "company", val_id(a, c.company_id));
		val_put(a, &one, "no", val_int(c.no));
		val_put(a, &one, "problem", val_text(c.problem));
		val_push(a, broken, one);
	}
	return 0;
}
