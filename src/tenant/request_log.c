/* See request_log.h. */
#include "tenant/request_log.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS = 2000, WRITE_AT = 200, COLUMNS = 14, PRUNED = 5000 };

struct kept {
	int64_t company_id, id, at_us, bytes;
	int status, ms;
	char key[21], method[9], pattern[101], path[201], ip[46], code[31], sentence[301];
};

static struct {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_once_t once;
	pthread_t thread;
	const struct settings *settings;
	struct kept *rows; /* ROWS of them; what the thread writes is taken out first */
	size_t n;
	int64_t dropped;
	bool runs, ends;
} buffer = {.lock = PTHREAD_MUTEX_INITIALIZER,
	.wake = PTHREAD_COND_INITIALIZER,
	.once = PTHREAD_ONCE_INIT};

/* At most size - 1 bytes, whole characters; what is no UTF-8 is left out. */
static void
put(char *to, size_t size, struct text t)
{
	struct text cut = text_is_utf8(t) ? text_cut(t, size - 1) : text_of("");
	if (cut.n > 0)
		memcpy(to, cut.at, cut.n);
	to[cut.n] = '\0';
}

static int
write_rows(struct arena *a, struct db *db, const struct kept *rows, size_t n, struct err *e)
{
	struct val *v = arena_array(a, n * COLUMNS, sizeof *v);
	for (size_t i = 0; i < n; i++) {
		const struct kept *k = &rows[i];
		const struct val one[COLUMNS] = {val_int(k->company_id), val_int(k->id),
			val_int(k->at_us), val_text(k->key), val_text(k->method),
			val_text(k->pattern), val_text(k->path), val_int(k->status),
			val_int(k->status / 100), val_int(k->ms), val_int(k->bytes),
			val_text(k->ip), val_text(k->code), val_text(k->sentence)};
		memcpy(&v[i * COLUMNS], one, sizeof one);
	}
	return db_bulk(db, QUERY_REQUEST_ADD, v, n, COLUMNS, NULL, e);
}

/* Waits a second, or until there is enough; takes out what there is. */
static size_t
take(struct kept *rows, int64_t *dropped, bool *ends)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	pthread_mutex_lock(&buffer.lock);
	while (!buffer.ends && buffer.n < WRITE_AT &&
		pthread_cond_timedwait(&buffer.wake, &buffer.lock, &until) == 0)
		;
	size_t n = buffer.n;
	memcpy(rows, buffer.rows, n * sizeof *rows);
	*dropped = buffer.dropped;
	*ends = buffer.ends;
	buffer.n = 0;
	buffer.dropped = 0;
	pthread_mutex_unlock(&buffer.lock);
	return n;
}

static void *
run(void *obj)
{
	struct arena *a = arena_new();
	struct db *db = db_open(buffer.settings);
	struct kept *rows = calloc(ROWS, sizeof *rows);
	(void)obj;
	must(rows != NULL);
	for (bool ends = false; !ends;) {
		struct err e = {0};
		int64_t dropped;
		size_t n = take(rows, &dropped, &ends);
		if (n > 0 && write_rows(a, db, rows, n, &e) < 0)
			dropped += (int64_t)n;
		if (dropped > 0)
			log_line(LOG_WARN, "%lld rows of the request log are lost%s%s",
				(long long)dropped, e.text[0] != '\0' ? ": " : "", e.text);
		arena_reset(a);
	}
	free(rows);
	db_close(db);
	arena_free(a);
	return NULL;
}

static void
begin(void)
{
	buffer.rows = calloc(ROWS, sizeof *buffer.rows);
	must(buffer.rows != NULL);
	buffer.runs = pthread_create(&buffer.thread, NULL, run, NULL) == 0;
	if (!buffer.runs)
		log_line(LOG_WARN, "no thread for the request log: nothing is kept");
}

void
request_log_start(const struct settings *s)
{
	pthread_mutex_lock(&buffer.lock);
	buffer.settings = s;
	pthread_mutex_unlock(&buffer.lock);
	pthread_once(&buffer.once, begin);
}

void
request_log_add(const struct request_row *r)
{
	int64_t id = id_make();
	pthread_mutex_lock(&buffer.lock);
	if (!buffer.runs || buffer.n == ROWS) {
		buffer.dropped++;
		pthread_mutex_unlock(&buffer.lock);
		return;
	}
	struct kept *k = &buffer.rows[buffer.n++];
	k->company_id = r->company_id;
	k->id = id;
	k->at_us = r->at_us;
	k->bytes = r->bytes;
	k->status = r->status;
	k->ms = r->ms;
	put(k->key, sizeof k->key, text_of(r->key_id));
	put(k->method, sizeof k->method, text_of(r->method));
	put(k->pattern, sizeof k->pattern, text_of(r->pattern));
	put(k->path, sizeof k->path, r->path);
	put(k->ip, sizeof k->ip, text_of(r->ip));
	put(k->code, sizeof k->code, text_of(r->code));
	put(k->sentence, sizeof k->sentence, text_of(r->sentence));
	if (buffer.n == WRITE_AT)
		pthread_cond_signal(&buffer.wake);
	pthread_mutex_unlock(&buffer.lock);
}

void
request_log_end(void)
{
	pthread_mutex_lock(&buffer.lock);
	bool runs = buffer.runs;
	buffer.ends = true;
	buffer.runs = false;
	pthread_cond_signal(&buffer.wake);
	pthread_mutex_unlock(&buffer.lock);
	if (runs)
		pthread_join(buffer.thread, NULL);
}

/* The beginning of a path as LIKE takes it. */
static struct val
begins(struct arena *a, struct text t)
{
	struct str s = str_new(a);
	for (size_t i = 0; i < t.n && i < 200; i++) {
		if (t.at[i] == '%' || t.at[i] == '_' || t.at[i] == '\\')
			str_addc(&s, '\\');
		str_addc(&s, t.at[i]);
	}
	str_addc(&s, '%');
	return val_of(str_text(&s));
}

int
request_log_page(struct arena *a, struct db *db, const struct request_query *q,
	struct val *out, struct err *e)
{
	static const enum query queries[] = {QUERY_REQUEST_PAGE, QUERY_REQUEST_PAGE_KEY,
		QUERY_REQUEST_PAGE_CLASS, QUERY_REQUEST_PAGE_BOTH};
	struct val rows, path = begins(a, q->path),
			 args[6] = {val_int(q->company_id), val_int(q->before), path, path};
	size_t n = 4;
	if (q->class != 0)
		args[n++] = val_int(q->class);
	if (q->key.n > 0)
		args[n++] = val_of(q->key);
	if (db_rows(a, db, queries[(q->class != 0) * 2 + (q->key.n > 0)], args, n, &rows,
		    e) < 0)
		return -1;
	*out = row_maps(a, &rows, 0,
		DB_KEYS("id", "at_us", "key", "method", "pattern", "path", "status", "ms",
			"bytes", "ip", "code", "sentence"));
	return 0;
}

int
request_log_erase(struct db *db, int64_t company_id, struct text pattern, struct err *e)
{
	return db_exec(db, QUERY_REQUEST_ERASE,
		DB_ARGS(val_int(company_id), val_of(pattern), val_of(pattern)), NULL, e);
}

int
request_log_prune(
	struct arena *a, struct db *db, int64_t company_id, int64_t now_us, struct err *e)
{
	int64_t gone = PRUNED, before = id_at_us(now_us - REQUEST_LOG_DAYS * DAY_US);
	struct val row;
	int found = db_row(a, db, QUERY_REQUEST_NTH,
		DB_ARGS(val_int(company_id), val_int(REQUEST_LOG_MAX - 1)), &row, e);
	if (found < 0)
		return -1;
	if (found == 1 && row_int(&row, 0) > before)
		before = row_int(&row, 0);
	while (gone == PRUNED)
		if (db_exec(db, QUERY_REQUEST_PRUNE,
			    DB_ARGS(val_int(company_id), val_int(before)), &gone, e) < 0)
			return -1;
	return 0;
}
