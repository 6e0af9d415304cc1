/* See db.h. What differs between MariaDB and MySQL is here: the bulk protocol. */
#include "store/db.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"

#include <mysql.h>
#include <errmsg.h>
#include <mysqld_error.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VARIANTS = 11, COLUMNS_MAX = 64 }; /* repeats of 1, 2, 4, ... 1024 */

struct db {
	MYSQL *my;
	const struct settings *settings;
	bool bulk, in_transaction;
	unsigned failed; /* the number of the last error */
	MYSQL_STMT *prepared[QUERY_COUNT][VARIANTS];
};

void
db_library_init(void)
{
	must(mysql_library_init(0, NULL, NULL) == 0);
}

struct db *
db_open(const struct settings *s)
{
	struct db *db = calloc(1, sizeof *db);
	must(db != NULL);
	db->settings = s;
	return db;
}

static void
disconnect(struct db *db)
{
	for (size_t q = 0; q < QUERY_COUNT; q++)
		for (size_t v = 0; v < VARIANTS; v++)
			if (db->prepared[q][v] != NULL) {
				mysql_stmt_close(db->prepared[q][v]);
				db->prepared[q][v] = NULL;
			}
	if (db->my != NULL)
		mysql_close(db->my);
	db->my = NULL;
	db->in_transaction = false;
}

void
db_close(struct db *db)
{
	if (db == NULL)
		return;
	disconnect(db);
	free(db);
}

static enum err_code
code_of(unsigned number)
{
	switch (number) {
	case 1213: /* deadlock */
	case 1205: /* lock wait timeout */
	case 1020: /* row changed since */
	case 1062: /* duplicate key */
		return ERR_CONFLICT;
	case 1021: /* disk full */
	case 1114: /* table full */
	case 1040: /* too many connections */
	case 1290: /* read only */
	case 1836:
	case 1045: /* access */
	case 1049: /* no such database (yet) */
	case 1053: /* shutting down */
	case 1317: /* interrupted */
	case 1927: /* killed */
	case 4031: /* idle too long (MySQL) */
		return ERR_BUSY;
	default:
		return number >= CR_MIN_ERROR && number <= CR_MAX_ERROR ? ERR_BUSY
									: ERR_BUG;
	}
}

static bool
is_lost(unsigned number)
{
	return (number >= CR_MIN_ERROR && number <= CR_MAX_ERROR && number != CR_NO_DATA) ||
	       number == 1053 || number == 1927 || number == 4031;
}

static int
fail(struct db *db, const char *what, unsigned number, const char *text, struct err *e)
{
	err_set(e, code_of(number), "store: %s: %s (%u)", what, text, number);
	db->failed = number;
	if (number == 1213)
		db->in_transaction = false; /* the server rolled it back */
	if (is_lost(number))
		disconnect(db);
	return -1;
}

static int
fail_my(struct db *db, const char *what, struct err *e)
{
	return fail(db, what, mysql_errno(db->my), mysql_error(db->my), e);
}

static int
connect_to(struct db *db, struct err *e)
{
	const struct settings *s = db->settings;
	if (db->my != NULL)
		return 0;
	db->my = mysql_init(NULL);
	must(db->my != NULL);
	unsigned seconds = 5;
	mysql_options(db->my, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
	mysql_options(db->my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(db->my, MYSQL_INIT_COMMAND,
		"SET SESSION sql_mode='STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', "
		"time_zone='+00:00', innodb_lock_wait_timeout=10");
	mysql_options(db->my, MYSQL_INIT_COMMAND,
		"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
	bool by_socket = s->store_socket[0] != '\0';
	if (mysql_real_connect(db->my, by_socket ? NULL : s->store_host, s->store_user,
		    s->store_password, s->store_name,
		    by_socket ? 0 : (unsigned)s->store_port,
		    by_socket ? s->store_socket : NULL, CLIENT_FOUND_ROWS) == NULL) {
		err_set(e, ERR_BUSY, "store: connect: %s (%u)", mysql_error(db->my),
			mysql_errno(db->my));
		disconnect(db);
		return -1;
	}
	db->bulk = s->store_bulk && mariadb_connection(db->my);
	return 0;
}

static char *
repeated(char *at, const char *group, const char *between, size_t repeat)
{
	for (size_t i = 0; i < repeat && *group != '\0'; i++) {
		if (i > 0)
			at = stpcpy(at, between);
		at = stpcpy(at, group);
	}
	return at;
}

/* The text with its groups repeated. */
static struct text
expand(char **text, const struct query_text *q, size_t repeat)
{
	size_t each = strlen(q->group) + strlen(q->also) + 2 * strlen(q->between);
	char *at = *text = malloc(
		strlen(q->head) + strlen(q->middle) + strlen(q->tail) + repeat * each + 1);
	must(at != NULL);
	at = repeated(stpcpy(at, q->head), q->group, q->between, repeat);
	at = repeated(stpcpy(at, q->middle), q->also, q->between, repeat);
	at = stpcpy(at, q->tail);
	return (struct text){*text, (size_t)(at - *text)};
}

static int
prepare(struct db *db, enum query q, unsigned variant, MYSQL_STMT **out, struct err *e)
{
	if (connect_to(db, e) < 0)
		return -1;
	*out = db->prepared[q][variant];
	if (*out != NULL)
		return 0;
	MYSQL_STMT *st = mysql_stmt_init(db->my);
	must(st != NULL);
	char *text;
	struct text sql = expand(&text, &query_texts[q], (size_t)1 << variant);
	int rc = mysql_stmt_prepare(st, sql.at, sql.n);
	free(text);
	if (rc != 0) {
		fail(db, query_texts[q].name, mysql_stmt_errno(st), mysql_stmt_error(st),
			e);
		if (db->my != NULL)
			mysql_stmt_close(st);
		return -1;
	}
	db->prepared[q][variant] = *out = st;
	return 0;
}

static void
bind_one(MYSQL_BIND *b, const struct val *v, char *yes)
{
	memset(b, 0, sizeof *b);
	switch (v->kind) {
	case VAL_INT:
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		b->buffer = (void *)(uintptr_t)&v->i;
		break;
	case VAL_BOOL:
		b->buffer_type = MYSQL_TYPE_TINY;
		*yes = v->b;
		b->buffer = yes;
		break;
	case VAL_NUM:
		b->buffer_type = MYSQL_TYPE_DOUBLE;
		b->buffer = (void *)(uintptr_t)&v->n;
		break;
	case VAL_TEXT:
		b->buffer_type = MYSQL_TYPE_STRING;
		b->buffer = (void *)(uintptr_t)v->text.at;
		b->buffer_length = v->text.n;
		break;
	default:
		must(v->kind == VAL_NULL);
		b->buffer_type = MYSQL_TYPE_NULL;
	}
}

static unsigned
variant_of(size_t repeat)
{
	unsigned v = 0;
	while (((size_t)1 << v) < repeat)
		v++;
	return v;
}

/* Which argument stands at a place of the statement, whose groups are repeated `wide` times: padding repeats the last tuple. */
static size_t
argument_at(const struct query_text *q, size_t repeat, size_t wide, size_t place)
{
	size_t head = (size_t)q->head_marks, from = head;
	size_t groups[] = {(size_t)q->group_marks, (size_t)q->also_marks};
	if (place < head)
		return place;
	place -= head;
	for (int i = 0; i < 2; i++) {
		if (place < groups[i] * wide) {
			size_t tuple = place / groups[i];
			tuple = tuple < repeat ? tuple : repeat - 1;
			return from + tuple * groups[i] + place % groups[i];
		}
		place -= groups[i] * wide;
		from += groups[i] * repeat;
	}
	return from + place;
}

static int
execute_once(struct db *db, enum query q, const struct val *args, size_t n,
	MYSQL_STMT **out, struct err *e)
{
	const struct query_text *text = &query_texts[q];
	size_t fixed = (size_t)(text->head_marks + text->tail_marks);
	size_t each = (size_t)(text->group_marks + text->also_marks);
	must(n >= fixed && (each > 0 ? (n - fixed) % each == 0 && n > fixed : n == fixed));
	size_t repeat = each > 0 ? (n - fixed) / each : 1;
	must(repeat <= DB_REPEAT_MAX);
	unsigned variant = variant_of(repeat);
	size_t all = fixed + (each << variant);
	if (prepare(db, q, variant, out, e) < 0)
		return -1;
	MYSQL_BIND *bind = calloc(all + 1, sizeof *bind);
	char *yes = calloc(all + 1, 1);
	must(bind != NULL && yes != NULL);
	for (size_t i = 0; i < all; i++)
		bind_one(&bind[i],
			&args[argument_at(text, repeat, (size_t)1 << variant, i)], &yes[i]);
	unsigned rows = 0;
	int rc = mysql_stmt_attr_set(*out, STMT_ATTR_ARRAY_SIZE, &rows) ||
		 mysql_stmt_bind_param(*out, bind) || mysql_stmt_execute(*out);
	free(bind);
	free(yes);
	if (rc != 0)
		return fail(
			db, text->name, mysql_stmt_errno(*out), mysql_stmt_error(*out), e);
	return 0;
}

/* A connection that died while it was kept is no reason to refuse: outside of a transaction, when the statement never left us, it is made
 * anew, once. */
static int
execute(struct db *db, enum query q, const struct val *args, size_t n, MYSQL_STMT **out,
	struct err *e)
{
	bool kept = db->my != NULL && !db->in_transaction;
	if (execute_once(db, q, args, n, out, e) == 0)
		return 0;
	return kept && db->failed == CR_SERVER_GONE_ERROR
		       ? execute_once(db, q, args, n, out, e)
		       : -1;
}

int
db_exec(struct db *db, enum query q, const struct val *args, size_t n, int64_t *affected,
	struct err *e)
{
	MYSQL_STMT *st;
	if (execute(db, q, args, n, &st, e) < 0)
		return -1;
	if (affected != NULL)
		*affected = (int64_t)mysql_stmt_affected_rows(st);
	return 0;
}

struct column {
	enum val_kind kind;
	bool decimal;
	int64_t i;
	double n;
	unsigned long length;
	my_bool is_null;
};

static void
bind_column(MYSQL_BIND *b, struct column *c, const MYSQL_FIELD *f)
{
	memset(b, 0, sizeof *b);
	b->length = &c->length;
	b->is_null = &c->is_null;
	c->kind = VAL_TEXT;
	switch (f->type) {
	case MYSQL_TYPE_TINY:
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_INT24:
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_LONGLONG:
		c->kind = VAL_INT;
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		b->buffer = &c->i;
		break;
	case MYSQL_TYPE_FLOAT:
	case MYSQL_TYPE_DOUBLE:
	case MYSQL_TYPE_NEWDECIMAL: /* sums of whole numbers */
		c->kind = VAL_NUM;
		c->decimal = f->type == MYSQL_TYPE_NEWDECIMAL && f->decimals == 0;
		b->buffer_type = MYSQL_TYPE_DOUBLE;
		b->buffer = &c->n;
		break;
	default:
		b->buffer_type = MYSQL_TYPE_STRING;
	}
}

static int
fetch_text(struct arena *a, MYSQL_STMT *st, unsigned at, const struct column *c,
	struct val *out)
{
	char *text = arena_alloc(a, c->length + 1);
	unsigned long length = 0;
	MYSQL_BIND b = {.buffer_type = MYSQL_TYPE_STRING,
		.buffer = text,
		.buffer_length = c->length + 1,
		.length = &length};
	*out = val_bytes(text, c->length);
	return c->length > 0 && mysql_stmt_fetch_column(st, &b, at, 0) != 0 ? -1 : 0;
}

static int
fetch_row(struct arena *a, MYSQL_STMT *st, const struct column *cs, unsigned n,
	struct val *row)
{
	*row = val_list(a);
	row->list->at = arena_array(a, n, sizeof(struct val));
	row->list->n = row->list->cap = n;
	for (unsigned i = 0; i < n; i++) {
		struct val *v = &row->list->at[i];
		if (cs[i].is_null)
			*v = val_null();
		else if (cs[i].kind == VAL_INT)
			*v = val_int(cs[i].i);
		else if (cs[i].kind == VAL_NUM)
			*v = cs[i].decimal ? val_int((int64_t)cs[i].n) : val_num(cs[i].n);
		else if (fetch_text(a, st, i, &cs[i], v) < 0)
			return -1;
	}
	return 0;
}

static int
fetch_all(struct arena *a, MYSQL_STMT *st, struct val *rows)
{
	MYSQL_BIND bind[COLUMNS_MAX];
	struct column cs[COLUMNS_MAX];
	MYSQL_RES *meta = mysql_stmt_result_metadata(st);
	must(meta != NULL);
	unsigned n = mysql_num_fields(meta);
	must(n <= COLUMNS_MAX);
	for (unsigned i = 0; i < n; i++)
		bind_column(&bind[i], &cs[i], mysql_fetch_field_direct(meta, i));
	mysql_free_result(meta);
	if (mysql_stmt_bind_result(st, bind) != 0 || mysql_stmt_store_result(st) != 0)
		return -1;
	int rc;
	while ((rc = mysql_stmt_fetch(st)) == 0 || rc == MYSQL_DATA_TRUNCATED) {
		struct val row;
		if (fetch_row(a, st, cs, n, &row) < 0)
			return -1;
		val_push(a, rows, row);
	}
	return rc == MYSQL_NO_DATA ? 0 : -1;
}

int
db_rows(struct arena *a, struct db *db, enum query q, const struct val *args, size_t n,
	struct val *rows, struct err *e)
{
	MYSQL_STMT *st;
	*rows = val_list(a);
	if (execute(db, q, args, n, &st, e) < 0)
		return -1;
	if (fetch_all(a, st, rows) < 0)
		return fail(db, query_texts[q].name, mysql_stmt_errno(st),
			mysql_stmt_error(st), e);
	mysql_stmt_free_result(st);
	return 0;
}

int
db_row(struct arena *a, struct db *db, enum query q, const struct val *args, size_t n,
	struct val *row, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, q, args, n, &rows, e) < 0)
		return -1;
	if (rows.list->n == 0)
		return 0;
	*row = rows.list->at[0];
	return 1;
}

/* One column of many rows, as the bulk protocol wants it. */
static void
bind_bulk(struct arena *a, MYSQL_BIND *b, const struct val *rows, size_t count,
	size_t width, size_t column)
{
	enum val_kind kind = VAL_NULL;
	char *indicator = arena_alloc(a, count);
	for (size_t r = 0; r < count; r++) {
		const struct val *v = &rows[r * width + column];
		if (v->kind == VAL_NULL)
			indicator[r] = STMT_INDICATOR_NULL;
		else if (kind == VAL_NULL || (kind == VAL_INT && v->kind == VAL_NUM))
			kind = v->kind;
	}
	memset(b, 0, sizeof *b);
	b->u.indicator = indicator;
	if (kind == VAL_TEXT) {
		const char **texts = arena_array(a, count, sizeof *texts);
		unsigned long *lengths = arena_array(a, count, sizeof *lengths);
		for (size_t r = 0; r < count; r++) {
			const struct val *v = &rows[r * width + column];
			must(v->kind == VAL_TEXT || v->kind == VAL_NULL);
			texts[r] = v->kind == VAL_TEXT ? v->text.at : "";
			lengths[r] = v->kind == VAL_TEXT ? v->text.n : 0;
		}
		b->buffer_type = MYSQL_TYPE_STRING;
		b->buffer = texts;
		b->length = lengths;
	} else if (kind == VAL_NUM) {
		double *numbers = arena_array(a, count, sizeof *numbers);
		for (size_t r = 0; r < count; r++)
			numbers[r] = val_as_num(&rows[r * width + column], 0);
		b->buffer_type = MYSQL_TYPE_DOUBLE;
		b->buffer = numbers;
	} else {
		int64_t *numbers = arena_array(a, count, sizeof *numbers);
		for (size_t r = 0; r < count; r++) {
			const struct val *v = &rows[r * width + column];
			numbers[r] = v->kind == VAL_BOOL ? v->b : val_as_int(v, 0);
		}
		b->buffer_type = MYSQL_TYPE_LONGLONG;
		b->buffer = numbers;
	}
}

static int
bulk_array(struct db *db, enum query q, const struct val *rows, size_t count, size_t width,
	int64_t *affected, struct err *e)
{
	MYSQL_STMT *st;
	if (prepare(db, q, 0, &st, e) < 0)
		return -1;
	struct arena *a = arena_new();
	MYSQL_BIND *bind = arena_array(a, width, sizeof *bind);
	for (size_t c = 0; c < width; c++)
		bind_bulk(a, &bind[c], rows, count, width, c);
	unsigned n = (unsigned)count;
	int rc = mysql_stmt_attr_set(st, STMT_ATTR_ARRAY_SIZE, &n) ||
		 mysql_stmt_bind_param(st, bind) || mysql_stmt_execute(st);
	arena_free(a);
	if (rc != 0)
		return fail(db, query_texts[q].name, mysql_stmt_errno(st),
			mysql_stmt_error(st), e);
	*affected += (int64_t)mysql_stmt_affected_rows(st);
	return 0;
}

int
db_bulk(struct db *db, enum query q, const struct val *rows, size_t count, size_t width,
	int64_t *affected, struct err *e)
{
	int64_t sum = 0;
	must(query_texts[q].group_marks == (int)width && query_texts[q].head_marks == 0 &&
		query_texts[q].tail_marks == 0 && query_texts[q].also_marks == 0);
	for (size_t done = 0; done < count;) {
		size_t n = count - done < DB_BULK_MAX ? count - done : DB_BULK_MAX;
		int64_t changed = 0;
		if (connect_to(db, e) < 0)
			return -1;
		if (db->bulk) {
			if (bulk_array(db, q, rows + done * width, n, width, &changed, e) <
				0)
				return -1;
		} else {
			/* the largest power of two that is left, so that few statements are prepared */
			size_t repeat = DB_REPEAT_MAX;
			while (repeat > n || repeat * width > 65535)
				repeat /= 2;
			n = repeat;
			if (db_exec(db, q, rows + done * width, n * width, &changed, e) < 0)
				return -1;
		}
		sum += changed;
		done += n;
	}
	if (affected != NULL)
		*affected = sum;
	return 0;
}

int
db_begin(struct db *db, struct err *e)
{
	if (connect_to(db, e) < 0)
		return -1;
	must(!db->in_transaction);
	if (mysql_real_query(db->my, "START TRANSACTION", 17) != 0) {
		fail_my(db, "begin", e);
		/* nothing is begun, so a dead connection is made anew here too */
		if (db->my != NULL || connect_to(db, e) < 0)
			return -1;
		if (mysql_real_query(db->my, "START TRANSACTION", 17) != 0)
			return fail_my(db, "begin", e);
	}
	db->in_transaction = true;
	return 0;
}

int
db_commit(struct db *db, struct err *e)
{
	must(db->in_transaction);
	db->in_transaction = false;
	if (mysql_real_query(db->my, "COMMIT", 6) != 0) {
		fail_my(db, "commit", e);
		disconnect(db); /* whatever came of it, nothing of it may go on */
		return -1;
	}
	return 0;
}

void
db_rollback(struct db *db)
{
	if (db->my != NULL && db->in_transaction &&
		mysql_real_query(db->my, "ROLLBACK", 8) != 0)
		disconnect(db);
	db->in_transaction = false;
}

struct alone {
	struct db *db;
	struct text name;
};

/* With a lost connection the name was let go. */
static void
alone_end(void *obj)
{
	struct alone *l = obj;
	struct arena *a = arena_new(); /* its own is being reset */
	struct val row;
	struct err ignored;
	db_row(a, l->db, QUERY_ALONE_END, DB_ARGS(val_of(l->name)), &row, &ignored);
	arena_free(a);
}

int
db_alone(struct arena *a, struct db *db, const char *name, struct err *e)
{
	enum { WAIT_S = 10 };
	struct alone *l = arena_alloc(a, sizeof *l);
	struct val row;
	*l = (struct alone){.db = db, .name = text_of(arena_printf(a, "%s", name))};
	if (db_row(a, db, QUERY_ALONE_BEGIN, DB_ARGS(val_of(l->name), val_int(WAIT_S)),
		    &row, e) < 0)
		return -1;
	if (row_int(&row, 0) != 1)
		return err_set(e, ERR_BUSY, "others are at it since %d s", WAIT_S);
	arena_defer(a, alone_end, l);
	return 0;
}

int
db_version(struct arena *a, struct db *db, const char **version, bool *bulk, struct err *e)
{
	if (connect_to(db, e) < 0)
		return -1;
	const char *z = mysql_get_server_info(db->my);
	*version = arena_text(a, z, strlen(z));
	*bulk = db->bulk;
	return 0;
}

int
db_check_queries(struct db *db, int64_t *count, struct err *e)
{
	MYSQL_STMT *st;
	for (*count = 0; *count < QUERY_COUNT; (*count)++)
		if (prepare(db, (enum query) * count, 0, &st, e) < 0)
			return err_wrap(e, query_texts[*count].where);
	return 0;
}

int
db_script(struct db *db, struct text sql, struct err *e)
{
	if (connect_to(db, e) < 0)
		return -1;
	while (sql.n > 0) {
		const char *end = memmem(sql.at, sql.n, ";\n", 2);
		size_t n = end != NULL ? (size_t)(end - sql.at) : sql.n;
		bool blank = true;
		for (size_t i = 0; i < n; i++)
			blank = blank && (sql.at[i] == ' ' || sql.at[i] == '\n' ||
						 sql.at[i] == '\t');
		bool failed = !blank && mysql_real_query(db->my, sql.at, n) != 0;
		unsigned code = failed ? mysql_errno(db->my) : 0;
		if (failed && code != ER_DUP_FIELDNAME && code != ER_DUP_KEYNAME)
			return fail_my(db, "migration", e);
		n += end != NULL ? 2 : 0;
		sql = (struct text){sql.at + n, sql.n - n};
	}
	return 0;
}
