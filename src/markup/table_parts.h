/* What the readers of tables share; nobody else includes this. */
#ifndef MARKUP_TABLE_PARTS_H
#define MARKUP_TABLE_PARTS_H

#include "markup/table.h"

/* One kind of file. Functions as in table.h; self is the reader's own, on the arena it was opened on. */
struct table_reader {
	int (*next)(void *self, struct arena *a, struct table_row *row, struct err *e);
	void (*progress)(const void *self, int64_t *done, int64_t *total);
};

struct table {
	const struct table_reader *reader;
	void *self;
	struct val columns, choices; /* lists of texts */
};

/* Each fills reader, self, columns and choices of *t; closes by a deferred function. */
int table_csv_open(struct arena *a, const char *path, const struct table_shape *shape,
	struct table *t, struct err *e);
int table_xlsx_open(struct arena *a, const char *path, const struct table_shape *shape,
	struct table *t, struct err *e);
int table_xml_open(struct arena *a, const char *path, const struct table_shape *shape,
	struct table *t, struct err *e);

/* Delimiter, quote, encoding and header of a file that is none of the others. */
int table_csv_guess(
	struct arena *a, const char *path, struct table_shape *out, struct err *e);

/* Columns' names out of a row of cells: trimmed, "Column n" for empty ones, made unique ("Name", "Name 2"). n at least as many. */
struct val table_names(struct arena *a, const struct val *cells, size_t n);

#endif
