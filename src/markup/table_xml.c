/* See table_parts.h: records of an XML file. The first LOOK bytes are read twice: to guess which element is a record, and which columns the
 * records have. A column is a way into the record: an attribute or an element ("name"), one within another ("address.city"); what stands
 * there more than once is joined by "; ". */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "markup/table_parts.h"
#include "markup/xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	PIECE = 16 * 1024,
	LOOK = 32 * 1024 * 1024,
	DEPTH = 32,
	KINDS_MAX = 300, /* different elements by their way from the root */
	CHOICES_MAX = 50,
	NAME_BYTES = 100
};
static const struct xml_limits limits = {
	.bytes = (size_t)1 << 30, .depth = DEPTH, .elements = 1000 * 1000 * 1000};

/* One kind of element, as the guess counts them. */
struct kind {
	const char *name;
	size_t depth;
	int64_t n;
};

struct records {
	struct arena *arena, *queue;
	FILE *file;
	struct xml *xml;
	int64_t read, size;
	bool is_over;
	const char *record;
	/* guess */
	struct val ways; /* "/a/b" -> index into kinds */
	struct kind *kinds;
	size_t kinds_n, kinds_cap;
	struct str way;
	/* columns: of the table, found by name */
	struct val columns; /* name -> index */
	bool learning;	    /* columns are still being found */
	/* rows ahead */
	struct table_row *rows;
	size_t rows_n, rows_cap, next;
	/* the record that is open: depth within it, 0 none */
	size_t inside, row_bytes;
	struct table_row row;
	int64_t line;
};

/* --- reading --- */

static void
close_records(void *obj)
{
	struct records *r = obj;
	xml_free(r->xml);
	if (r->file != NULL)
		fclose(r->file);
	arena_free(r->queue);
}

/* From the beginning, for these events. */
static void
rewind_for(struct records *r, const struct xml_events *on)
{
	xml_free(r->xml);
	r->xml = xml_new(&limits, on);
	rewind(r->file);
	r->read = 0;
	r->is_over = false;
}

/* The next piece: 0 / -1. */
static int
feed(struct records *r, struct err *e)
{
	char piece[PIECE];
	size_t n = fread(piece, 1, sizeof piece, r->file);
	r->read += (int64_t)n;
	r->is_over = n == 0;
	if (n == 0 && ferror(r->file))
		return err_set(e, ERR_BUSY, "the file cannot be read");
	return n == 0 ? xml_end(r->xml, e) : xml_feed(r->xml, piece, n, e);
}

static int
look(struct records *r, const struct xml_events *on, struct err *e)
{
	rewind_for(r, on);
	while (!r->is_over && r->read < LOOK)
		if (feed(r, e) < 0)
			return -1;
	return 0;
}

/* --- which element is a record --- */

static int
count_open(void *obj, const char *name, const struct xml_attribute *list, size_t n,
	struct err *e)
{
	struct records *r = obj;
	(void)list, (void)n, (void)e;
	str_addf(&r->way, "/%s", name);
	struct text way = str_text(&r->way);
	const struct val *known = val_get_key(&r->ways, way);
	r->inside++;
	if (known != NULL) {
		r->kinds[known->i].n++;
		return 0;
	}
	if (r->kinds_n == KINDS_MAX || way.n > (size_t)DEPTH * NAME_BYTES)
		return 0;
	r->kinds = arena_room(
		r->arena, r->kinds, r->kinds_n, &r->kinds_cap, sizeof *r->kinds);
	r->kinds[r->kinds_n] = (struct kind){
		arena_text(r->arena, name, strlen(name)), r->inside, 1};
	val_put_key(r->arena, &r->ways, text_of(arena_text(r->arena, way.at, way.n)),
		val_int((int64_t)r->kinds_n++));
	return 0;
}

static int
count_close(void *obj, const char *name, struct err *e)
{
	struct records *r = obj;
	(void)e;
	r->inside--;
	r->way.n -= strlen(name) + 1;
	r->way.at[r->way.n] = '\0';
	return 0;
}

/* The one repeated most at the least depth; nothing is repeated: what stands first within the root, or the root. */
static const char *
guessed(const struct records *r)
{
	const struct kind *best = NULL, *first = &r->kinds[0];
	for (size_t i = 0; i < r->kinds_n; i++) {
		const struct kind *k = &r->kinds[i];
		if (k->n > 1 && (best == NULL || k->depth < best->depth ||
					(k->depth == best->depth && k->n > best->n)))
			best = k;
		if (k->depth == 2 && first->depth == 1)
			first = k;
	}
	return best != NULL ? best->name : first->name;
}

static void
put_choices(struct arena *a, const struct records *r, struct val *choices)
{
	struct val seen = val_map(a);
	for (size_t depth = 1; depth <= DEPTH; depth++)
		for (size_t i = 0; i < r->kinds_n && val_len(choices) < CHOICES_MAX; i++) {
			const struct kind *k = &r->kinds[i];
			if (k->depth != depth || k->n < 2 ||
				val_get(&seen, k->name) != NULL)
				continue;
			val_put(a, &seen, k->name, val_bool(true));
			val_push(a, choices, val_text(k->name));
		}
	if (val_get(&seen, r->record) == NULL)
		val_push(a, choices, val_text(r->record));
}

/* --- a record --- */

static void
complain(struct records *r, const char *what, struct text name)
{
	if (r->row.problem == NULL)
		r->row.problem = arena_printf(r->queue, "%s: \"%.*s\"", what,
			name.n < NAME_BYTES ? (int)name.n : NAME_BYTES, name.at);
}

/* The number of a column, made while they are being found; -1 there is none of that name. */
static int64_t
column_of(struct records *r, struct text name)
{
	const struct val *known = val_get_key(&r->columns, name);
	if (known != NULL)
		return known->i;
	if (!r->learning || val_len(&r->columns) == TABLE_COLUMNS_MAX || name.n > 200)
		return -1;
	int64_t i = (int64_t)val_len(&r->columns);
	val_put_key(r->arena, &r->columns, text_of(arena_text(r->arena, name.at, name.n)),
		val_int(i));
	return i;
}

/* What stands at a way: joined to what stood there before. */
static void
put(struct records *r, struct text name, struct text t)
{
	struct val *cells = &r->row.cells;
	int64_t i = column_of(r, name);
	t = text_trim(t);
	if (t.n == 0 || r->learning)
		return;
	if (i < 0) {
		complain(r, "no column was made for this one", name);
		return;
	}
	struct val *cell = &cells->list->at[i];
	size_t before = cell->kind == VAL_TEXT ? cell->text.n + 2 : 0;
	if (before + t.n > TABLE_CELL_MAX || r->row_bytes + before + t.n > TABLE_ROW_MAX) {
		complain(r, "a cell holds at most 32 KB, a row 1 MB", name);
		return;
	}
	r->row_bytes += before + t.n;
	*cell = val_text(before > 0
				 ? arena_printf(r->queue, "%.*s; %.*s", (int)cell->text.n,
					   cell->text.at, (int)t.n, t.at)
				 : arena_text(r->queue, t.at, t.n));
}

static void
begin_row(struct records *r)
{
	r->row = (struct table_row){.cells = val_list(r->queue), .line = ++r->line};
	r->row_bytes = 0;
	for (size_t i = 0; i < val_len(&r->columns) && !r->learning; i++)
		val_push(r->queue, &r->row.cells, val_null());
	r->way.n = 0;
}

static int
row_open(void *obj, const char *name, const struct xml_attribute *list, size_t n,
	struct err *e)
{
	struct records *r = obj;
	(void)e;
	if (r->inside == 0 && strcmp(name, r->record) != 0)
		return 0;
	if (r->inside++ == 0)
		begin_row(r);
	else
		str_addf(&r->way, "%s%s", r->way.n > 0 ? "." : "", name);
	size_t before = r->way.n;
	for (size_t i = 0; i < n; i++) {
		str_addf(&r->way, "%s%s", r->way.n > 0 ? "." : "", list[i].name);
		put(r, str_text(&r->way), list[i].value);
		r->way.n = before;
		r->way.at[before] = '\0';
	}
	return 0;
}

static int
row_text(void *obj, const char *before, struct text t, struct err *e)
{
	struct records *r = obj;
	(void)e;
	if (r->inside > 0)
		put(r, r->inside == 1 ? text_of(before) : str_text(&r->way), t);
	return 0;
}

static int
row_close(void *obj, const char *name, struct err *e)
{
	struct records *r = obj;
	(void)e;
	if (r->inside == 0)
		return 0;
	if (--r->inside > 0) {
		size_t k = strlen(name);
		r->way.n -= r->way.n > k ? k + 1 : k;
		r->way.at[r->way.n] = '\0';
		return 0;
	}
	bool is_empty = r->row.problem == NULL && r->row_bytes == 0;
	if (r->learning || is_empty)
		return 0;
	r->rows = arena_room(r->queue, r->rows, r->rows_n, &r->rows_cap, sizeof *r->rows);
	r->rows[r->rows_n++] = r->row;
	return 0;
}

/* A record that the end of a piece cut goes on: it moves into the emptied queue. */
static void
empty_queue(struct records *r)
{
	struct arena *old = r->queue;
	r->queue = arena_new();
	r->rows = NULL;
	r->rows_n = r->rows_cap = r->next = 0;
	if (r->inside > 0) {
		r->row.cells = val_copy(r->queue, &r->row.cells);
		if (r->row.problem != NULL)
			r->row.problem = arena_text(
				r->queue, r->row.problem, strlen(r->row.problem));
	}
	arena_free(old);
}

static int
next(void *self, struct arena *a, struct table_row *row, struct err *e)
{
	struct records *r = self;
	if (r->next == r->rows_n)
		empty_queue(r);
	while (r->rows_n == 0 && !r->is_over)
		if (feed(r, e) < 0)
			return -1;
	if (r->rows_n == 0)
		return 0;
	const struct table_row *ahead = &r->rows[r->next++];
	*row = (struct table_row){.cells = val_copy(a, &ahead->cells), .line = ahead->line};
	if (ahead->problem != NULL)
		row->problem = arena_text(a, ahead->problem, strlen(ahead->problem));
	return 1;
}

static void
progress(const void *self, int64_t *done, int64_t *total)
{
	const struct records *r = self;
	*done = r->read;
	*total = r->size;
}

/* The record's name and the columns, out of the first bytes. */
static int
learn(struct records *r, const struct table_shape *shape, struct table *t, struct err *e)
{
	const struct xml_events count = {.open = count_open,
					.close = count_close,
					.obj = r},
				rows = {row_open, row_text, row_close, r, false};
	if (look(r, &count, e) < 0)
		return -1;
	r->record = shape->record != NULL ? shape->record : guessed(r);
	put_choices(r->arena, r, &t->choices);
	r->inside = r->way.n = 0;
	r->learning = true;
	if (look(r, &rows, e) < 0)
		return -1;
	r->learning = false;
	r->inside = r->way.n = 0;
	if (r->line == 0)
		return err_set(e, ERR_INPUT, "there is no element \"%.100s\" in this file",
			r->record);
	if (val_len(&r->columns) == 0)
		return err_set(e, ERR_INPUT,
			"the element \"%.100s\" has neither attributes nor anything "
			"within it",
			r->record);
	r->line = 0;
	for (size_t i = 0; i < val_len(&r->columns); i++)
		val_push(r->arena, &t->columns, val_of(r->columns.map->at[i].key));
	rewind_for(r, &rows);
	return 0;
}

int
table_xml_open(struct arena *a, const char *path, const struct table_shape *shape,
	struct table *t, struct err *e)
{
	static const struct table_reader reader = {next, progress};
	struct records *r = arena_alloc(a, sizeof *r);
	struct stat st;
	*r = (struct records){.arena = a,
		.file = fopen(path, "rbe"),
		.ways = val_map(a),
		.columns = val_map(a),
		.way = str_new(a)};
	if (r->file == NULL)
		return err_set(e, ERR_MISSING, "the file is not there");
	r->queue = arena_new();
	arena_defer(a, close_records, r);
	r->size = fstat(fileno(r->file), &st) == 0 ? (int64_t)st.st_size : 0;
	str_addz(&r->way, "");
	if (learn(r, shape, t, e) < 0)
		return -1;
	t->reader = &reader;
	t->self = r;
	return 0;
}
