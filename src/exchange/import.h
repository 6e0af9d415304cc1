/* Imports: a file of rows, a mapping, a check, a run, undone if need be. Files are kept by base/files.h: "in" as it came, "err" the refused rows. */
#ifndef EXCHANGE_IMPORT_H
#define EXCHANGE_IMPORT_H

#include "base/val.h"
#include "exchange/row.h"

struct arena;
struct company;
struct db;
struct err;
struct settings;
struct table_shape;

enum {
	IMPORT_PREVIEW = 20,
	IMPORT_FILE_MAX = 1 << 30, /* bytes */
	IMPORT_KEEP_DAYS = 30	   /* files of imports; their rows stay */
};

struct import {
	int64_t company_id, id, source_id, feed_id, job_id, bytes;
	const char *name, *state, *error, *file_hash;
	struct val shape, columns,
		mapping; /* mapping: as mapping_read takes it, null before there is one */
	int64_t rows, bytes_done, errors_bytes;
	int64_t inserted, updated, skipped, failed, warned;
	int64_t created_by, created_at_us, started_at_us, ended_at_us;
};

int import_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct import *out, struct err *e); /* 1 / 0 / -1 */

/* Newest first, older than before (INT64_MAX: all): maps {id, name, state, feed_id, rows, inserted, updated, skipped, failed, error, created_at_us, started_at_us,
 * ended_at_us}, at most 100. */
int import_all(struct arena *a, struct db *db, int64_t company_id, int64_t before,
	struct val *out, struct err *e);

/* How much a company's files may take: 0, or -1 ERR_SIZE when n more bytes do not fit. Old files go first. */
int import_room(struct arena *a, struct db *db, const struct settings *s,
	int64_t company_id, int64_t n, struct err *e);

/* A new one of a file that lies at files_path(id, "in"): looks at what it is, finds the mapping used last for such columns, else guesses. Fills *io but
 * company_id, id, name, feed_id, created_by and bytes, which are given. shape: null, or how to read it. -1 ERR_INPUT: it is no table. */
int import_create(struct arena *a, struct db *db, const struct settings *s,
	const struct company *company, struct import *io, struct err *e);

/* Reads it otherwise: another delimiter, encoding, sheet. A new guess. -1 ERR_INPUT, ERR_CONFLICT it runs already. */
int import_reshape(struct arena *a, struct db *db, const struct settings *s,
	const struct company *company, struct import *io, const struct val *shape,
	struct err *e);

/* What is guessed: {mapping, key, dates, remembered: bool, kind, encoding, delimiter, quote, has_header, sheet, record}. */
int import_guess(struct arena *a, struct db *db, const struct settings *s,
	const struct company *company, const struct import *im, struct val *out,
	struct err *e);

/* A mapping for its columns and the company's fields and kinds of identifiers, as mapping_read. made: fields that will be there before it runs, a list of
 * maps {name, type}, or NULL. */
int import_mapping(struct arena *a, struct db *db, const struct import *im,
	const struct val *mapping, const struct val *made, struct mapping *out,
	struct err *e);

/* The first rows and what would become of each: list of maps {line, cells: [...], action: "insert" | "update" | "skip" | "fail", why, column, value, fields}.
 * mapping NULL: only line and cells. choices (may be NULL): sheets or elements. */
int import_preview(struct arena *a, struct db *db, const struct settings *s,
	const struct company *company, const struct import *im,
	const struct mapping *mapping, struct val *rows, struct val *choices,
	struct err *e);

/* The first of the refused rows of a check or run that is over: list of maps {line, reason}, at most limit. */
int import_refused(struct arena *a, const struct settings *s, const struct import *im,
	size_t limit, struct val *out, struct err *e);

/* Checks the mapping and starts the job: dry, nothing is written but the figures. -1 ERR_INPUT the mapping, ERR_CONFLICT it runs or ran already. */
int import_start(struct arena *a, struct db *db, const struct settings *s,
	const struct company *company, struct import *im, const struct val *mapping,
	bool dry, int64_t user_id, struct err *e);

/* 1 it goes no further, what it wrote stays; 0 it was not running. */
int import_cancel(struct arena *a, struct db *db, const struct import *im, struct err *e);

/* Takes back what it wrote, as a job. -1 ERR_CONFLICT: there is nothing to take back. */
int import_undo(struct arena *a, struct db *db, const struct import *im, int64_t user_id,
	struct err *e);

/* Between a table's shape and its JSON. */
struct val import_shape_val(struct arena *a, const struct table_shape *shape);
struct table_shape import_shape_of(struct arena *a, const struct val *v);

#endif
