/* See table_parts.h: rows of a CSV file. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "markup/csv.h"
#include "markup/table_parts.h"

#include <ctype.h>
#include <string.h>

enum { OPEN_QUOTES_MAX = 1000, COUNTED_ROWS = 100 };

struct csv {
	struct csv_source *source;
	struct csv_signs signs;
	const char *encoding;
	int64_t line;	/* of the next row */
	size_t columns; /* 0: not known yet, rows are as long as they are */
	int open_quotes;
	bool ended;
};

/* A quote that nothing closes spoils its own line only. */
static int
take_open(struct csv *c, struct arena *a, struct csv_row *row, struct err *e)
{
	struct text t = csv_source_text(c->source);
	const struct csv_signs plain = {c->signs.delimiter, 0};
	if (++c->open_quotes > OPEN_QUOTES_MAX)
		return err_set(e, ERR_INPUT,
			"line %lld: a quote is opened and never closed, as in %d lines "
			"before; is the quote another sign?",
			(long long)c->line, OPEN_QUOTES_MAX);
	return csv_split(a, &plain, t, true, row) == CSV_ROW ? 1 : 0;
}

/* One row as it stands in the file: 1 / 0 no more / -1. *why is its problem. */
static int
read_row(struct csv *c, struct arena *a, struct csv_row *row, const char **why,
	struct err *e)
{
	*why = NULL;
	for (;;) {
		struct text t = csv_source_text(c->source);
		if (t.n == 0 && c->ended)
			return 0;
		struct arena_mark mark = arena_mark(a);
		enum csv_found found = t.n > 0 ? csv_split(a, &c->signs, t, c->ended, row)
					       : CSV_MORE;
		if (found == CSV_ROW)
			return 1;
		arena_rewind(a, mark);
		if (found == CSV_OPEN) {
			*why = "a quote is opened and never closed";
			return take_open(c, a, row, e);
		}
		if (t.n > TABLE_ROW_MAX)
			return err_set(e, ERR_INPUT,
				"line %lld is longer than 1 MB: is this a table?",
				(long long)c->line);
		int more = csv_source_more(c->source, e);
		if (more < 0)
			return -1;
		c->ended = more == 0;
	}
}

static bool
is_blank_behind(const struct val *cells, size_t n)
{
	for (size_t i = n; i < cells->list->n; i++)
		if (cells->list->at[i].kind != VAL_NULL)
			return false;
	return true;
}

/* As many cells as columns. */
static const char *
fit(const struct csv *c, struct arena *a, struct val *cells)
{
	size_t n = cells->list->n;
	const char *why = NULL;
	if (n > c->columns && !is_blank_behind(cells, c->columns))
		why = arena_printf(
			a, "%zu cells, and the file has %zu columns", n, c->columns);
	if (n > c->columns)
		cells->list->n = c->columns;
	for (; n < c->columns; n++)
		val_push(a, cells, val_null());
	return why;
}

static int
next(void *self, struct arena *a, struct table_row *row, struct err *e)
{
	struct csv *c = self;
	for (;;) {
		struct csv_row r;
		const char *why;
		int got = read_row(c, a, &r, &why, e);
		if (got <= 0)
			return got;
		row->line = c->line;
		c->line += r.lines;
		csv_source_take(c->source, r.used);
		if (r.is_empty)
			continue;
		if (c->columns > 0) {
			const char *misfit = fit(c, a, &r.cells);
			why = why != NULL ? why : misfit;
		}
		if (why == NULL && r.is_damaged)
			why = arena_printf(a, "bytes in it are no text in %s", c->encoding);
		if (why == NULL && r.is_wide)
			why = "a cell is larger than 32 KB";
		row->cells = r.cells;
		row->problem = why;
		return 1;
	}
}

static void
progress(const void *self, int64_t *done, int64_t *total)
{
	const struct csv *c = self;
	csv_source_progress(c->source, done, total);
}

static const struct table_reader reader = {next, progress};

/* "sep=;", as Excel says it, is no row. */
static int
pass_hint(struct csv *c, struct arena *a, struct err *e)
{
	struct csv_row r;
	const char *why;
	int more = csv_source_more(c->source, e);
	if (more <= 0)
		return more;
	if (!text_starts(csv_source_text(c->source), "sep=") &&
		!text_starts(csv_source_text(c->source), "SEP="))
		return 0;
	int got = read_row(c, a, &r, &why, e);
	if (got == 1) {
		csv_source_take(c->source, r.used);
		c->line += r.lines;
	}
	return got < 0 ? -1 : 0;
}

bool
csv_may_part(char c)
{
	return c == '\t' || (c > ' ' && c < 0x7f && !isalnum((unsigned char)c) && c != '"');
}

static int
begin(struct arena *a, const char *path, const struct table_shape *shape, struct csv *c,
	struct err *e)
{
	*c = (struct csv){
		.signs = {shape->delimiter != 0 ? shape->delimiter : ',', shape->quote},
		.encoding = shape->encoding != NULL ? shape->encoding : "UTF-8",
		.line = 1};
	if (!csv_may_part(c->signs.delimiter))
		return err_field(e, "delimiter",
			"what parts cells is a tab or a sign such as ; , |, not a letter, "
			"a digit or \"");
	return csv_source_open(a, path, c->encoding, &c->source, e) < 0
		       ? -1
		       : pass_hint(c, a, e);
}

/* A file without a header has as many columns as the longest of its first rows. */
static int
count(struct arena *a, const char *path, const struct table_shape *shape, size_t *columns,
	struct err *e)
{
	struct csv c;
	struct table_row row = {.cells = val_null()};
	int rc = 1;
	*columns = 0;
	if (begin(a, path, shape, &c, e) < 0)
		return -1;
	for (int i = 0; i < COUNTED_ROWS && (rc = next(&c, a, &row, e)) == 1; i++)
		if (val_len(&row.cells) > *columns)
			*columns = val_len(&row.cells);
	return rc < 0 ? -1 : 0;
}

int
table_csv_open(struct arena *a, const char *path, const struct table_shape *shape,
	struct table *t, struct err *e)
{
	struct csv *c = arena_alloc(a, sizeof *c);
	struct table_row header = {.cells = val_list(a)};
	size_t columns = 0;
	if (!shape->has_header && count(a, path, shape, &columns, e) < 0)
		return -1;
	if (begin(a, path, shape, c, e) < 0)
		return -1;
	if (shape->has_header) {
		int got = next(c, a, &header, e);
		if (got < 0)
			return -1;
		columns = got == 1 ? val_len(&header.cells) : 0;
		if (got == 1 && header.problem != NULL)
			return err_set(e, ERR_INPUT,
				"line %lld, the names of the columns: %s",
				(long long)header.line, header.problem);
	}
	if (columns == 0)
		return err_set(e, ERR_INPUT, "there is not one row in the file");
	if (columns > TABLE_COLUMNS_MAX)
		return err_set(e, ERR_INPUT, "%zu columns, at most %d are read", columns,
			TABLE_COLUMNS_MAX);
	c->columns = columns;
	t->self = c;
	t->reader = &reader;
	t->columns = table_names(a, &header.cells, columns);
	return 0;
}
