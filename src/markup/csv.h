/* Parts of a CSV reader: a file's bytes as UTF-8 in a window, and one row out of a text. Only markup/table_csv*.c includes this. */
#ifndef MARKUP_CSV_H
#define MARKUP_CSV_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct err;
struct csv_source;

/* The file decoded from encoding ("UTF-8", "CP1251", "UTF-16LE", ...), a byte order mark left out. What cannot be decoded becomes U+FFFD.
 * Closed by a's reset. -1 ERR_MISSING no file, ERR_INPUT no such encoding. */
int csv_source_open(struct arena *a, const char *path, const char *encoding,
	struct csv_source **out, struct err *e);

/* What is decoded and not taken yet. */
struct text csv_source_text(const struct csv_source *s);
/* Decodes more behind it: 1 more came, 0 that was all, -1 ERR_BUSY the disk. */
int csv_source_more(struct csv_source *s, struct err *e);
void csv_source_take(struct csv_source *s, size_t n);
void csv_source_progress(const struct csv_source *s, int64_t *done, int64_t *total);

struct csv_signs {
	char delimiter, quote; /* quote 0: none */
};

enum csv_found {
	CSV_ROW,
	CSV_MORE, /* the text ends inside a row, and is not the last of the file */
	CSV_OPEN  /* a quote that nothing closes */
};

struct csv_row {
	struct val cells; /* list of texts, null where there is nothing but white space */
	size_t used;	  /* bytes with the line's end */
	int64_t lines;
	bool is_empty, is_damaged, is_wide; /* a cell over TABLE_CELL_MAX */
};

/* The first row of t; whole: nothing comes behind it. Cells are on a. A quote counts where it begins a cell and where it ends one: "ООО "Ромашка"" is
 * ООО "Ромашка" too. */
enum csv_found csv_split(struct arena *a, const struct csv_signs *signs, struct text t,
	bool whole, struct csv_row *out);

/* Whether a byte can part cells: a tab or an ASCII sign; half of a letter would cut the others. */
bool csv_may_part(char c);

#endif
