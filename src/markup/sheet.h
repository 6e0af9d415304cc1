/* A workbook being written, a row at a time, memory flat (libxlsxwriter's constant memory: rows go to a temporary file). A sheet that is full
 * goes on in the next one, with the head again. */
#ifndef MARKUP_SHEET_H
#define MARKUP_SHEET_H

#include "base/val.h"

struct arena;
struct err;
struct sheet_writer;

enum { SHEET_ROWS_MAX = 1048576 /* with the head: what a sheet of Excel holds */ };

/* Begins a workbook at path; temporary files stand in folder. head: list of texts, borrowed. rows_max 0: as many as a sheet holds.
 * Given up (nothing is at path then) unless sheet_end was called before a's reset. */
int sheet_begin(struct arena *a, const char *path, const char *folder,
	const struct val *head, long rows_max, struct sheet_writer **out, struct err *e);

/* A row: texts, numbers, yes and no, null. Texts stay texts, whatever they begin with. -1 ERR_BUSY no room on the disk. */
int sheet_row(
	struct sheet_writer *s, struct arena *a, const struct val *cells, struct err *e);

/* Writes the file. 0 / -1 ERR_BUSY. */
int sheet_end(struct sheet_writer *s, struct err *e);

#endif
