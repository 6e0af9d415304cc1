/* A file of rows, whatever it is: CSV, XLSX, XML. Read in order, a row at a time, never whole in memory; hostile until checked.
 * A row that cannot be read is one row's problem; a file that cannot be read on ends with an error that says where. */
#ifndef MARKUP_TABLE_H
#define MARKUP_TABLE_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct err;
struct table;

enum table_kind { TABLE_UNKNOWN, TABLE_CSV, TABLE_XLSX, TABLE_XML };

enum {
	TABLE_COLUMNS_MAX = 500,
	TABLE_CELL_MAX = 32 * 1024, /* bytes of a cell, in UTF-8 */
	TABLE_ROW_MAX = 1024 * 1024
};

/* How a file is to be read. Found by table_guess; a user may say otherwise. */
struct table_shape {
	enum table_kind kind;
	char delimiter, quote; /* CSV; quote 0: none */
	const char *
		encoding; /* CSV: "UTF-8", "CP1251", "UTF-16LE", "UTF-16BE", as iconv knows them */
	bool has_header; /* CSV, XLSX: the first row that is not empty names the columns */
	const char *sheet; /* XLSX: a sheet's name, NULL the first one with rows */
	const char *
		record; /* XML: the element that stands for a row, NULL the one repeated most */
};

/* One row. Cells are texts, null where there is nothing: numbers as their shortest decimal ("1.5", "79000000000"), days as "2024-01-31",
 * instants as "2024-01-31T10:00:00" (no zone is known), yes and no as "true", "false". As many cells as columns. */
struct table_row {
	struct val cells; /* a list */
	int64_t line; /* where it stands: CSV the line of the file, XLSX the row of the sheet, XML the number of the record, from 1 */
	const char *
		problem; /* why it cannot be taken as it is (more cells than columns, bytes that are not CP1251), else NULL */
};

/* What a file is, by its bytes, whatever it is called. 0, or -1 ERR_INPUT: what was expected, what it looks like. */
int table_guess(struct arena *a, const char *path, struct table_shape *out, struct err *e);

/* Opens; *out lives as long as a (closed by its reset). -1 ERR_INPUT the file is not what the shape says, ERR_MISSING no file. */
int table_open(struct arena *a, const char *path, const struct table_shape *shape,
	struct table **out, struct err *e);

/* Names of the columns (list of texts, unique, "Column 3" where there is none), on the table's arena. */
const struct val *table_columns(const struct table *t);

/* Names of the sheets of an XLSX, of the elements that may be records of an XML; an empty list for CSV. */
const struct val *table_choices(const struct table *t);

/* The next row, on a: 1 / 0 no more / -1. Empty rows are passed over. */
int table_next(struct table *t, struct arena *a, struct table_row *row, struct err *e);

/* Passes over n rows, to go on where a job was. */
int table_skip(struct table *t, int64_t n, struct err *e);

/* How far of the whole: bytes of the file (compressed ones where it is), for a bar. */
void table_progress(const struct table *t, int64_t *done, int64_t *total);

#endif
