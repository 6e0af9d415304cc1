/* What was done, by whom, from where. Rows are only added; each carries the hash of the one before, so that one changed, taken away or put
 * between is found (audit_verify). */
#ifndef TENANT_AUDIT_H
#define TENANT_AUDIT_H

#include "base/val.h"

struct arena;
struct db;
struct err;

struct audit {
	int64_t company_id, user_id; /* user 0: nobody who was logged in */
	const char *key_id;	     /* of an API key, "" without */
	const char *ip, *request_id;
	const char *action; /* "source.create" */
	const char *object; /* its id, "0" when there is none */
	const char *detail; /* a name or so; never a secret */
};

/* Adds a row in a transaction of its own. Cut to fit: detail at 1000 bytes. */
int audit_add(struct arena *a, struct db *db, const struct audit *d, struct err *e);

struct audit_query {
	int64_t company_id,
		before;	    /* older than this row's number; INT64_MAX: the newest */
	int64_t user_id;    /* 0: anybody's */
	struct text action; /* empty: any */
	size_t limit;	    /* at most 200 */
};

/* Newest first: maps {no, at_us, user_id, key, ip, request, action, object, detail}. */
int audit_page(struct arena *a, struct db *db, const struct audit_query *q, struct val *out,
	struct err *e);

/* The actions there are in a company's log: a list of texts. */
int audit_actions(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e);

/* Follows every company's chain. *rows looked at; *broken a list of maps {company, no, problem}, one a company at most.
 * Rows from before there were hashes stand in front and are not looked at. */
int audit_verify(
	struct arena *a, struct db *db, int64_t *rows, struct val *broken, struct err *e);

#endif
