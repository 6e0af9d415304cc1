/* The parts of a workbook that are read before its sheets: which sheets there are, how cells are formatted, texts that cells share. */
#ifndef MARKUP_XLSX_BOOK_H
#define MARKUP_XLSX_BOOK_H

#include "base/val.h"
#include "markup/cell.h"

#include <stdint.h>

struct arena;
struct err;
struct pack;

enum {
	BOOK_SHEETS_MAX = 256,
	BOOK_STYLES_MAX = 65536,   /* Excel's own limit is 65490 */
	BOOK_TEXTS_MAX = 20000000, /* shared texts */
	BOOK_TEXTS_BYTES = 256 * 1024 * 1024
};

struct book_sheet {
	const char *name, *part; /* part: its entry in the archive */
	bool hidden;
};

struct book {
	struct book_sheet
		*sheets; /* of rows: charts are not among them; those to be seen first */
	size_t sheets_n;
	bool since_1904;
	enum cell_format *formats; /* of style 0, 1, ... */
	size_t formats_n;
	char *texts; /* one behind the other; text i ends at ends[i] */
	uint32_t *ends;
	size_t texts_n;
};

/* Reads them; all on a or freed with it. -1 ERR_INPUT this is no workbook; ERR_SIZE more texts than are taken. */
int book_read(struct arena *a, struct pack *p, struct book *out, struct err *e);

/* Shared text i; 1 / 0 there is none. */
int book_text(const struct book *b, size_t i, struct text *out);

#endif
