/* Notes of a company's users about a person. */
#ifndef PROFILE_NOTE_H
#define PROFILE_NOTE_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct db;
struct err;

enum { NOTE_MAX = 4000 }; /* characters */

/* Writes one on a node. ERR_INPUT "body": empty or too long. */
int note_add(struct db *db, int64_t company_id, int64_t node_id, int64_t user_id,
	struct text body, struct err *e);

/* Those of a person's nodes, newest first, at most 1000: maps {id, node_id, user_id, at_us, body}. */
int note_all(struct arena *a, struct db *db, int64_t company_id, const int64_t *node_ids,
	size_t n, struct val *list, struct err *e);

/* 1 gone, 0 it was not there, -1 *e. */
int note_delete(
	struct db *db, int64_t company_id, int64_t node_id, int64_t note_id, struct err *e);

/* All of erased nodes. */
int note_erase(struct arena *a, struct db *db, int64_t company_id, const int64_t *node_ids,
	size_t n, struct err *e);

#endif
