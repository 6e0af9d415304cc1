/* Exports: everybody, a segment or what a rule finds, with chosen columns, into a file that is there for EXPORT_KEPT_US and fetched by a
 * link that ends. Who is in it is asked once, at the beginning; rows are read by key. */
#ifndef EXCHANGE_EXPORT_H
#define EXCHANGE_EXPORT_H

#include "base/time.h"
#include "base/val.h"

struct arena;
struct db;
struct err;
struct job;
struct settings;

#define EXPORT_JOB     "export"
#define EXPORT_KEPT_US (7 * DAY_US)
#define EXPORT_LINK_US HOUR_US

enum {
	EXPORT_COLUMNS_MAX = 200,
	EXPORT_RULE_MAX = 64 * 1024,
	EXPORT_IDS_MAX = 1000,
	EXPORT_SEARCH_MAX = 200
};

/* What may be a column: maps {name, label, type}: "id", fields (field_all), "anonymous_id", "consent.CHANNEL" with ".at" and ".proof",
 * "segments". */
int export_columns(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e);

/* Begins one. asked: {source: "all" | {segment: id} | {rule: text, search?: words} | {ids: [id]}, fields: [names], format: "csv" | "xlsx", delimiter: ";" | ",", raw: bool}.
 * A rule must have been compiled before. *id the export, *job_id its job. -1 ERR_INPUT with the field; ERR_MISSING no such segment. */
int export_add(struct arena *a, struct db *db, int64_t company_id, const struct val *asked,
	int64_t user_id, int64_t *id, int64_t *job_id, struct err *e);

/* Maps {id, job_id, source, segment_id, rule, name, fields: [..], format, delimiter, state: queued|running|done|failed|cancelled|gone, done,
 * total, error, row_count, size_bytes, created_by, created_at_us, done_at_us, until_us}. */
int export_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e); /* 1 / 0 / -1 */
int export_all(struct arena *a, struct db *db, int64_t company_id, int64_t before_id,
	size_t limit, struct val *list, struct err *e);

/* No more of it; what was written is gone. 1, 0 it was over. */
int export_cancel(struct arena *a, struct db *db, const struct settings *s,
	int64_t company_id, int64_t id, struct err *e);

/* What a link carries: "COMPANY.ID.UNTIL.MAC", and what it says: 1 it is ours and not over / 0. */
const char *export_token(struct arena *a, int64_t company_id, int64_t id, int64_t until_us);
int export_token_read(struct arena *a, struct text token, int64_t now_us,
	int64_t *company_id, int64_t *id);

/* The file of one that is done, mapped until a's reset: *bytes; *name what a browser may call it. 1 / 0 it is gone (or not there yet) / -1. */
int export_file(struct arena *a, struct db *db, const struct settings *s,
	int64_t company_id, int64_t id, struct text *bytes, const char **name,
	const char **type, struct err *e);

/* For the engine: a slice of the job (1 / 0 / -1), and files whose time is over. */
int export_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e);
int export_tidy(struct arena *a, struct db *db, const struct settings *s, struct err *e);

#endif
