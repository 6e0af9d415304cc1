/* See xlsx_book.h. ECMA-376 part 1: 18.2 (workbook), 18.4 (shared strings), 18.8 (styles); part 2: 9.3 (relationships). */
#include "markup/xlsx_book.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "markup/pack.h"
#include "markup/xml.h"

#include <stdlib.h>
#include <string.h>

enum { LINKS_MAX = 1000, CODES_MAX = 10000, PATH_BYTES = 255 };

struct link { /* a relationship */
	const char *id, *type, *part;
};

struct reading {
	struct arena *arena;
	struct book *book;
	const char *folder; /* of the part whose links are read, "xl/" */
	struct link *links;
	size_t links_n, links_cap;
	struct val codes; /* number of a format -> its kind */
	size_t codes_n, sheets_cap, formats_cap;
	bool in_styles;
	size_t bytes, bytes_cap, ends_cap;
	int aside; /* within how a text is pronounced */
};

static struct text
value_of(const struct xml_attribute *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return list[i].value;
	return (struct text){"", 0};
}

static bool
ends_with(const char *z, const char *end)
{
	size_t n = strlen(z), k = strlen(end);
	return n >= k && strcmp(z + n - k, end) == 0;
}

/* --- relationships --- */

/* Where a target is: from the root, or from the folder of who names it. */
static const char *
part_of(struct reading *r, struct text target)
{
	if (target.n > PATH_BYTES)
		return "";
	if (text_starts(target, "/"))
		return arena_text(r->arena, target.at + 1, target.n - 1);
	while (text_starts(target, "./"))
		target = (struct text){target.at + 2, target.n - 2};
	return arena_printf(r->arena, "%s%.*s", r->folder, (int)target.n, target.at);
}

static int
see_link(void *obj, const char *name, const struct xml_attribute *list, size_t n,
	struct err *e)
{
	struct reading *r = obj;
	if (strcmp(name, "Relationship") != 0)
		return 0;
	if (r->links_n == LINKS_MAX)
		return err_set(e, ERR_SIZE, "there are more than %d links", LINKS_MAX);
	r->links = arena_room(
		r->arena, r->links, r->links_n, &r->links_cap, sizeof *r->links);
	r->links[r->links_n++] = (struct link){
		.id = text_z(r->arena, text_cut(value_of(list, n, "Id"), 200)),
		.type = text_z(r->arena, text_cut(value_of(list, n, "Type"), 200)),
		.part = part_of(r, value_of(list, n, "Target"))};
	return 0;
}

static int
read_links(struct reading *r, struct pack *p, const char *part, struct err *e)
{
	const char *slash = strrchr(part, '/'), *own = slash != NULL ? slash + 1 : part;
	const struct xml_events on = {.open = see_link, .obj = r};
	r->folder = arena_text(r->arena, part, (size_t)(own - part));
	r->links_n = 0;
	return pack_xml(
		p, arena_printf(r->arena, "%s_rels/%s.rels", r->folder, own), &on, e);
}

/* By id, or the first of a type's ending; NULL there is none. */
static const struct link *
link_of(const struct reading *r, const char *id, const char *type)
{
	for (size_t i = 0; i < r->links_n; i++)
		if ((id == NULL || strcmp(r->links[i].id, id) == 0) &&
			ends_with(r->links[i].type, type))
			return &r->links[i];
	return NULL;
}

/* --- the workbook --- */

static int
see_workbook(void *obj, const char *name, const struct xml_attribute *list, size_t n,
	struct err *e)
{
	struct reading *r = obj;
	struct book *b = r->book;
	if (strcmp(name, "workbookPr") == 0) {
		struct text is = value_of(list, n, "date1904");
		b->since_1904 = text_is(is, "1") || text_is(is, "true");
		return 0;
	}
	if (strcmp(name, "sheet") != 0)
		return 0;
	const char *id = text_z(r->arena, text_cut(value_of(list, n, "id"), 200));
	const struct link *to = link_of(r, id, "/worksheet");
	if (to == NULL)
		return 0;
	if (b->sheets_n == BOOK_SHEETS_MAX)
		return err_set(
			e, ERR_SIZE, "there are more than %d sheets", BOOK_SHEETS_MAX);
	struct text state = value_of(list, n, "state");
	b->sheets = arena_room(
		r->arena, b->sheets, b->sheets_n, &r->sheets_cap, sizeof *b->sheets);
	b->sheets[b->sheets_n++] = (struct book_sheet){
		.name = text_z(r->arena, text_cut(value_of(list, n, "name"), 200)),
		.part = to->part,
		.hidden = state.n > 0 && !text_is(state, "visible")};
	return 0;
}

/* Hidden ones behind the others, the order kept. */
static void
order_sheets(struct arena *a, struct book *b)
{
	struct book_sheet *list = arena_array(a, b->sheets_n + 1, sizeof *list);
	size_t n = 0;
	for (int hidden = 0; hidden < 2; hidden++)
		for (size_t i = 0; i < b->sheets_n; i++)
			if (b->sheets[i].hidden == hidden)
				list[n++] = b->sheets[i];
	b->sheets = list;
}

/* --- styles --- */

static int
see_code(struct reading *r, const struct xml_attribute *list, size_t n)
{
	struct text id = value_of(list, n, "numFmtId");
	if (++r->codes_n <= CODES_MAX && id.n < 12)
		val_put_key(r->arena, &r->codes, text_of(text_z(r->arena, id)),
			val_int(cell_format_of(value_of(list, n, "formatCode"))));
	return 0;
}

static int
see_style(void *obj, const char *name, const struct xml_attribute *list, size_t n,
	struct err *e)
{
	struct reading *r = obj;
	struct book *b = r->book;
	if (strcmp(name, "numFmt") == 0)
		return see_code(r, list, n);
	if (strcmp(name, "cellXfs") == 0)
		r->in_styles = true;
	if (strcmp(name, "xf") != 0 || !r->in_styles)
		return 0;
	if (b->formats_n == BOOK_STYLES_MAX)
		return err_set(
			e, ERR_SIZE, "there are more than %d styles", BOOK_STYLES_MAX);
	struct text id = value_of(list, n, "numFmtId");
	const struct val *own = val_get_key(&r->codes, id);
	struct val number = val_of(id);
	b->formats = arena_room(
		r->arena, b->formats, b->formats_n, &r->formats_cap, sizeof *b->formats);
	b->formats[b->formats_n++] = own != NULL
					     ? (enum cell_format)own->i
					     : cell_format_built_in(val_as_int(&number, 0));
	return 0;
}

static int
see_style_end(void *obj, const char *name, struct err *e)
{
	struct reading *r = obj;
	(void)e;
	if (strcmp(name, "cellXfs") == 0)
		r->in_styles = false;
	return 0;
}

/* --- shared texts --- */

static void
free_texts(void *obj)
{
	struct book *b = obj;
	free(b->texts);
	free(b->ends);
}

static void *
grown(void *at, size_t *cap, size_t n, size_t size)
{
	if (n <= *cap)
		return at;
	*cap = n > 2 * *cap ? n : 2 * *cap;
	at = realloc(at, *cap * size);
	must(at != NULL);
	return at;
}

static int
see_string(void *obj, const char *name, const struct xml_attribute *list, size_t n,
	struct err *e)
{
	struct reading *r = obj;
	(void)list, (void)n, (void)e;
	r->aside += strcmp(name, "rPh") == 0;
	return 0;
}

/* The runs of a rich text stand one behind the other. */
static int
see_run(void *obj, const char *before, struct text t, struct err *e)
{
	struct reading *r = obj;
	struct book *b = r->book;
	if (r->aside > 0 || strcmp(before, "t") != 0)
		return 0;
	struct arena_mark mark = arena_mark(r->arena);
	t = cell_text(r->arena, t);
	if (r->bytes + t.n > BOOK_TEXTS_BYTES)
		return err_set(e, ERR_SIZE,
			"the texts of the workbook are larger than %d MB: save it as CSV",
			BOOK_TEXTS_BYTES >> 20);
	b->texts = grown(b->texts, &r->bytes_cap, r->bytes + t.n, 1);
	memcpy(b->texts + r->bytes, t.at, t.n);
	r->bytes += t.n;
	arena_rewind(r->arena, mark);
	return 0;
}

static int
see_string_end(void *obj, const char *name, struct err *e)
{
	struct reading *r = obj;
	struct book *b = r->book;
	r->aside -= strcmp(name, "rPh") == 0;
	if (strcmp(name, "si") != 0)
		return 0;
	if (b->texts_n == BOOK_TEXTS_MAX)
		return err_set(e, ERR_SIZE,
			"the workbook has more than %d texts: save it as CSV",
			BOOK_TEXTS_MAX);
	b->ends = grown(b->ends, &r->ends_cap, b->texts_n + 1, sizeof *b->ends);
	b->ends[b->texts_n++] = (uint32_t)r->bytes;
	return 0;
}

int
book_text(const struct book *b, size_t i, struct text *out)
{
	if (i >= b->texts_n)
		return 0;
	size_t from = i > 0 ? b->ends[i - 1] : 0;
	*out = (struct text){b->texts != NULL ? b->texts + from : "", b->ends[i] - from};
	return 1;
}

/* --- all of it --- */

static int
no_workbook(int rc, struct err *e)
{
	return rc < 0 ? -1
		      : err_set(e, ERR_INPUT,
				"an XLSX workbook is expected; this archive has none");
}

static int
read_beside(struct reading *r, struct pack *p, const char *type,
	const struct xml_events *on, struct err *e)
{
	const struct link *to = link_of(r, NULL, type);
	return to == NULL ? 0 : pack_xml(p, to->part, on, e);
}

int
book_read(struct arena *a, struct pack *p, struct book *out, struct err *e)
{
	struct reading r = {.arena = a, .book = out, .codes = val_map(a)};
	const struct xml_events workbook = {.open = see_workbook, .obj = &r},
				styles = {.open = see_style,
					.close = see_style_end,
					.obj = &r},
				strings = {.open = see_string,
					.text = see_run,
					.close = see_string_end,
					.obj = &r,
					.blanks = true};
	*out = (struct book){0};
	arena_defer(a, free_texts, out);
	int rc = read_links(&r, p, "", e);
	const struct link *to = rc == 1 ? link_of(&r, NULL, "/officeDocument") : NULL;
	if (to == NULL)
		return no_workbook(rc, e);
	const char *part = to->part;
	if ((rc = read_links(&r, p, part, e)) < 1 ||
		(rc = pack_xml(p, part, &workbook, e)) < 1)
		return no_workbook(rc, e);
	if (out->sheets_n == 0)
		return no_workbook(0, e);
	order_sheets(a, out);
	return read_beside(&r, p, "/styles", &styles, e) < 0 ||
			       read_beside(&r, p, "/sharedStrings", &strings, e) < 0
		       ? -1
		       : 0;
}
