/* What a company's keys asked at the API: never bodies, never queries, never secrets. Nobody waits for it: rows go into a buffer of the
 * process, which a thread writes every second; what comes while it is full, or cannot be written, is dropped and counted. */
#ifndef TENANT_REQUEST_LOG_H
#define TENANT_REQUEST_LOG_H

#include "base/val.h"

struct arena;
struct db;
struct err;
struct settings;

enum { REQUEST_LOG_DAYS = 14, REQUEST_LOG_MAX = 200000, REQUEST_LOG_ROWS = 100 };

struct request_row {
	int64_t company_id, at_us, bytes; /* of the answer */
	int status, ms;
	const char *key_id, *method, *pattern, *ip, *code,
		*sentence; /* code, sentence: "" without an error */
	struct text path;  /* without its query */
};

/* Starts the thread, once a process, whoever calls first; after db_library_init, with signals blocked. */
void request_log_start(const struct settings *s);

/* Copies a row into the buffer, cut to fit. Any thread. */
void request_log_add(const struct request_row *r);

/* Writes what is left and ends the thread. */
void request_log_end(void);

struct request_query {
	int64_t company_id, before; /* older than this row's id; INT64_MAX: the newest */
	struct text key;	    /* empty: any */
	int class;		    /* 2, 4, 5; 0: any */
	struct text path;	    /* how path or pattern begin; empty: any */
};

/* Newest first, at most REQUEST_LOG_ROWS: maps {id, at_us, key, method, pattern, path, status, ms, bytes, ip, code, sentence}. */
int request_log_page(struct arena *a, struct db *db, const struct request_query *q,
	struct val *out, struct err *e);

/* Takes path and sentence out of the rows with something of a pattern (of the store's REGEXP): 0 / -1. */
int request_log_erase(
	struct db *db, int64_t company_id, struct text pattern, struct err *e);

/* Forgets a company's rows of more than REQUEST_LOG_DAYS, and all but the newest REQUEST_LOG_MAX. */
int request_log_prune(
	struct arena *a, struct db *db, int64_t company_id, int64_t now_us, struct err *e);

#endif
