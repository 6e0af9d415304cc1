/* What was noted so that it can be explained and undone: merges, and what a batch found. Inside the caller's transaction. */
#ifndef PROFILE_MERGE_H
#define PROFILE_MERGE_H

#include "base/val.h"

struct arena;
struct db;
struct err;

/* A merge, locked. persons: {from: {known, source_id, created_at_us}, into: {...}} before it. 1 / 0 / -1. */
struct merge_row {
	int64_t from_id, into_id;
	bool is_undone;
	struct val persons;
};
int merge_lock(struct arena *a, struct db *db, int64_t company_id, int64_t merge_id,
	struct merge_row *out, struct err *e);
int merge_undone(
	struct db *db, int64_t company_id, int64_t merge_id, int64_t at_us, struct err *e);

/* Merges by which some nodes went into others: list of maps {id, from, into, at_us, reason, user_id, undone_at_us}, newest first. */
int merge_of_nodes(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, struct val *list, struct err *e);

/* The next nodes a batch touched behind a node: lists of [node_id]; what it found at a range of them: lists of [node_id, what, name, body]. */
int batch_nodes(struct arena *a, struct db *db, int64_t company_id, int64_t batch_id,
	int64_t after_id, size_t limit, struct val *rows, struct err *e);
int batch_read(struct arena *a, struct db *db, int64_t company_id, int64_t batch_id,
	int64_t from_id, int64_t to_id, struct val *rows, struct err *e);
/* Keeps what a batch did to nodes beside their values: what one word, name and body (JSON) the same for all; in the caller's
 * transaction. */
int batch_keep(struct arena *a, struct db *db, int64_t company_id, int64_t batch_id,
	const int64_t *ids, size_t n, const char *what, struct text name, struct text body,
	struct err *e);
int batch_forget(struct db *db, int64_t company_id, int64_t batch_id, int64_t from_id,
	int64_t to_id, struct err *e);

#endif
