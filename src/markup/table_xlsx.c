/* See table_parts.h: a sheet of a workbook, read as it streams by. What a merged area holds stands in its first cell, as in the file. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "markup/pack.h"
#include "markup/table_parts.h"
#include "markup/xlsx_book.h"
#include "markup/xml.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	PIECE = 16 * 1024,
	CELLS_MAX = 16384 /* of a row, as Excel has it */,
	LINES_MAX = 1 << 21
};

struct sheet {
	struct arena *arena,
		*queue; /* queue: of the rows read ahead, one piece of the file */
	struct pack *pack;
	struct book book;
	struct pack_part *part;
	struct xml *xml;
	struct table_row *rows;
	size_t rows_n, rows_cap, next, columns;
	bool is_over;
	int64_t line, file_size;
	/* the row and the cell that are open */
	struct table_row row;
	size_t row_bytes, cells_n;
	bool in_row, in_cell;
	int aside;
	char type[12];
	size_t column, style;
	struct text value;
};

static struct text
value_of(const struct xml_attribute *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return list[i].value;
	return (struct text){"", 0};
}

/* --- the name of a cell --- */

/* "AB12" is column 27, from 0; otherwise when there are no letters. */
static size_t
column_of(struct text t, size_t otherwise)
{
	size_t c = 0, i = 0;
	for (; i < t.n && i < 4 && (t.at[i] | 0x20) >= 'a' && (t.at[i] | 0x20) <= 'z'; i++)
		c = c * 26 + (size_t)((t.at[i] | 0x20) - 'a') + 1;
	return i > 0 ? c - 1 : otherwise;
}

static const char *
cell_name(struct sheet *s)
{
	char z[8];
	size_t n = sizeof z;
	z[--n] = '\0';
	for (size_t c = s->column + 1; c > 0 && n > 0; c = (c - 1) / 26)
		z[--n] = (char)('A' + (c - 1) % 26);
	return arena_printf(s->queue, "%s%lld", z + n, (long long)s->row.line);
}

static void
complain(struct sheet *s, const char *what)
{
	if (s->row.problem == NULL)
		s->row.problem = arena_printf(s->queue, "%s: %s", cell_name(s), what);
}

/* --- cells --- */

static bool
is_of_book(const struct sheet *s)
{
	return strcmp(s->type, "s") == 0;
}

static struct val
text_of_book(struct sheet *s)
{
	struct text t;
	struct val index = val_of(text_trim(s->value));
	int64_t i = val_as_int(&index, -1);
	if (i >= 0 && book_text(&s->book, (size_t)i, &t) == 1)
		return val_of(t);
	complain(s, "the text of this cell is not in the file");
	return val_null();
}

static struct val
number(struct sheet *s)
{
	enum cell_format f = s->style < s->book.formats_n ? s->book.formats[s->style]
							  : CELL_PLAIN;
	return val_of(f == CELL_PLAIN
			      ? cell_number(s->queue, s->value)
			      : cell_date(s->queue, s->value, f, s->book.since_1904));
}

/* A day or instant written as text (ISO 8601). */
static struct val
written_date(struct sheet *s)
{
	struct text t = s->value;
	return val_of(t.n >= 19 && memcmp(t.at + 10, "T00:00:00", 9) == 0
			      ? (struct text){t.at, 10}
			      : text_cut(t, 19));
}

static struct val
cell_value(struct sheet *s)
{
	if (strcmp(s->type, "e") == 0) {
		complain(s, "a formula of it went wrong");
		return val_null();
	}
	if (s->value.n == 0)
		return val_null();
	if (is_of_book(s))
		return text_of_book(s);
	if (strcmp(s->type, "b") == 0)
		return val_text(text_is(s->value, "1") || text_is(s->value, "true")
					? "true"
					: "false");
	if (strcmp(s->type, "d") == 0)
		return written_date(s);
	if (strcmp(s->type, "str") == 0 || strcmp(s->type, "inlineStr") == 0)
		return val_of(cell_text(s->queue, s->value));
	return number(s);
}

/* Counts n bytes into the row. */
static bool
has_room(struct sheet *s, size_t n)
{
	if (s->row_bytes + n > TABLE_ROW_MAX) {
		complain(s, "a row holds at most 1 MB");
		return false;
	}
	s->row_bytes += n;
	return true;
}

static void
put_cell(struct sheet *s)
{
	struct val v = cell_value(s);
	if (v.kind != VAL_TEXT || v.text.n == 0)
		return;
	if (s->column >= TABLE_COLUMNS_MAX) {
		complain(s, "no more than 500 columns are read");
		return;
	}
	if (v.text.n > TABLE_CELL_MAX) {
		complain(s, "a cell holds at most 32 KB");
		v.text = text_cut(v.text, TABLE_CELL_MAX);
	}
	if (is_of_book(s) && !has_room(s, v.text.n))
		return;
	struct val *cells = &s->row.cells;
	while (cells->list->n <= s->column)
		val_push(s->queue, cells, val_null());
	cells->list->at[s->column] = v;
}

/* --- what the XML says --- */

static void
open_row(struct sheet *s, const struct xml_attribute *list, size_t n)
{
	struct val line = val_of(value_of(list, n, "r"));
	int64_t at = val_as_int(&line, 0);
	s->line = at > s->line && at <= LINES_MAX ? at : s->line + 1;
	s->row = (struct table_row){.cells = val_list(s->queue), .line = s->line};
	s->row_bytes = s->cells_n = 0;
	s->value = (struct text){"", 0};
	s->column = (size_t)-1;
	s->in_row = true;
}

static void
open_cell(struct sheet *s, const struct xml_attribute *list, size_t n)
{
	struct val style = val_of(value_of(list, n, "s"));
	struct text type = text_cut(value_of(list, n, "t"), sizeof s->type - 1);
	s->column = column_of(value_of(list, n, "r"), s->column + 1);
	s->style = (size_t)val_as_int(&style, 0);
	memcpy(s->type, type.at, type.n);
	s->type[type.n] = '\0';
	s->value = (struct text){"", 0};
	s->in_cell = true;
	s->aside = 0;
}

static int
see_open(void *obj, const char *name, const struct xml_attribute *list, size_t n,
	struct err *e)
{
	struct sheet *s = obj;
	if (s->in_cell)
		s->aside += strcmp(name, "rPh") == 0;
	else if (s->in_row && strcmp(name, "c") == 0 && ++s->cells_n > CELLS_MAX)
		return err_set(e, ERR_INPUT, "row %lld has more than %d cells",
			(long long)s->line, CELLS_MAX);
	else if (s->in_row && strcmp(name, "c") == 0)
		open_cell(s, list, n);
	else if (!s->in_row && strcmp(name, "row") == 0)
		open_row(s, list, n);
	return 0;
}

static int
see_text(void *obj, const char *before, struct text t, struct err *e)
{
	struct sheet *s = obj;
	(void)e;
	bool is_rich = strcmp(s->type, "inlineStr") == 0;
	if (!s->in_cell || s->aside > 0 || strcmp(before, is_rich ? "t" : "v") != 0)
		return 0;
	if (s->value.n >
		TABLE_CELL_MAX) /* as much as it takes to see that it is too long */
		return 0;
	t = text_cut(t, TABLE_CELL_MAX + 4);
	if (!has_room(s, t.n))
		return 0;
	char *both = arena_alloc(s->queue, s->value.n + t.n + 1);
	memcpy(both, s->value.at, s->value.n);
	memcpy(both + s->value.n, t.at, t.n);
	s->value = (struct text){both, s->value.n + t.n};
	return 0;
}

static int
see_close(void *obj, const char *name, struct err *e)
{
	struct sheet *s = obj;
	(void)e;
	if (s->in_cell && strcmp(name, "c") == 0) {
		put_cell(s);
		s->in_cell = false;
	} else if (s->in_cell) {
		s->aside -= strcmp(name, "rPh") == 0;
	} else if (s->in_row && strcmp(name, "row") == 0) {
		s->in_row = false;
		if (val_len(&s->row.cells) == 0 && s->row.problem == NULL)
			return 0;
		s->rows = arena_room(
			s->queue, s->rows, s->rows_n, &s->rows_cap, sizeof *s->rows);
		s->rows[s->rows_n++] = s->row;
	}
	return 0;
}

/* --- reading --- */

/* A row that the end of a piece cut goes on in the next one: it moves into the emptied queue. */
static void
empty_queue(struct sheet *s)
{
	struct arena *old = s->queue;
	s->queue = arena_new();
	s->rows = NULL;
	s->rows_n = s->rows_cap = s->next = 0;
	if (s->in_row) {
		s->row.cells = val_copy(s->queue, &s->row.cells);
		if (s->row.problem != NULL)
			s->row.problem = arena_text(
				s->queue, s->row.problem, strlen(s->row.problem));
		s->value = (struct text){
			arena_text(s->queue, s->value.at, s->value.n), s->value.n};
	}
	arena_free(old);
}

/* Until there is a row ahead or the sheet is over: 1 / 0 / -1. */
static int
fill(struct sheet *s, struct err *e)
{
	char piece[PIECE];
	if (s->next < s->rows_n)
		return 1;
	empty_queue(s);
	while (s->rows_n == 0 && !s->is_over) {
		long n = pack_read(s->part, piece, sizeof piece, e);
		if (n < 0)
			return -1;
		s->is_over = n == 0;
		if ((n == 0 ? xml_end(s->xml, e) : xml_feed(s->xml, piece, (size_t)n, e)) <
			0)
			return -1;
	}
	return s->rows_n > 0;
}

static void
shut(struct sheet *s)
{
	xml_free(s->xml);
	pack_close(s->part);
	s->xml = NULL;
	s->part = NULL;
}

static void
close_sheet(void *obj)
{
	struct sheet *s = obj;
	shut(s);
	arena_free(s->queue);
}

/* Begins a sheet: 1 it has rows / 0 none / -1. */
static int
begin(struct sheet *s, const struct book_sheet *which, struct err *e)
{
	static const struct xml_limits limits = {
		.bytes = PACK_BYTES_MAX, .elements = 1000 * 1000 * 1000};
	const struct xml_events on = {see_open, see_text, see_close, s, true};
	shut(s);
	int there = pack_part(s->pack, which->part, &s->part, e);
	if (there < 0)
		return -1;
	if (there == 0)
		return err_set(e, ERR_INPUT, "the sheet \"%.100s\" is not in the file",
			which->name);
	s->xml = xml_new(&limits, &on);
	s->in_row = s->in_cell = s->is_over = false;
	s->line = 0;
	s->rows_n = s->next = 0;
	int rc = fill(s, e);
	return rc < 0 ? err_wrap(e, which->name) : rc;
}

static int
choose(struct sheet *s, const char *name, struct err *e)
{
	const struct book *b = &s->book;
	int rc = 0;
	for (size_t i = 0; i < b->sheets_n && rc == 0; i++) {
		if (name != NULL && strcmp(b->sheets[i].name, name) != 0)
			continue;
		rc = begin(s, &b->sheets[i], e);
		if (name != NULL && rc == 0)
			return err_set(
				e, ERR_INPUT, "the sheet \"%.100s\" has no rows", name);
	}
	if (rc == 0)
		return name != NULL
			       ? err_set(e, ERR_INPUT,
					 "there is no sheet \"%.100s\" in this file", name)
			       : err_set(e, ERR_INPUT, "no sheet of it has rows");
	return rc < 0 ? -1 : 0;
}

static int
next(void *self, struct arena *a, struct table_row *row, struct err *e)
{
	struct sheet *s = self;
	int rc = fill(s, e);
	if (rc < 1)
		return rc;
	const struct table_row *r = &s->rows[s->next++];
	*row = (struct table_row){.cells = val_list(a), .line = r->line};
	for (size_t i = 0; i < s->columns; i++)
		val_push(a, &row->cells,
			i < val_len(&r->cells) ? val_copy(a, &r->cells.list->at[i])
					       : val_null());
	if (r->problem != NULL)
		row->problem = arena_text(a, r->problem, strlen(r->problem));
	else if (val_len(&r->cells) > s->columns)
		row->problem = arena_printf(a, "there are %zu cells, the table has %zu",
			val_len(&r->cells), s->columns);
	return 1;
}

static void
progress(const void *self, int64_t *done, int64_t *total)
{
	const struct sheet *s = self;
	int64_t of;
	pack_progress(s->part, done, &of);
	*total = s->file_size;
	*done = of > 0 ? (int64_t)((double)*done / (double)of * (double)s->file_size) : 0;
}

int
table_xlsx_open(struct arena *a, const char *path, const struct table_shape *shape,
	struct table *t, struct err *e)
{
	static const struct table_reader reader = {next, progress};
	struct sheet *s = arena_alloc(a, sizeof *s);
	struct stat st;
	*s = (struct sheet){.arena = a};
	if (pack_open(a, path, &s->pack, e) < 0 || book_read(a, s->pack, &s->book, e) < 0)
		return -1;
	s->file_size = stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
	s->queue = arena_new();
	arena_defer(a, close_sheet, s);
	for (size_t i = 0; i < s->book.sheets_n; i++)
		val_push(a, &t->choices, val_text(s->book.sheets[i].name));
	if (choose(s, shape->sheet, e) < 0)
		return -1;
	for (size_t i = 0; i < s->rows_n; i++)
		if (val_len(&s->rows[i].cells) > s->columns)
			s->columns = val_len(&s->rows[i].cells);
	struct val none = val_list(a);
	const struct val *head = shape->has_header ? &s->rows[0].cells : &none;
	t->columns = table_names(a, head, s->columns);
	for (size_t i = 0; i < val_len(&t->columns); i++)
		t->columns.list->at[i] = val_copy(a, &t->columns.list->at[i]);
	s->next = shape->has_header;
	t->reader = &reader;
	t->self = s;
	return 0;
}
