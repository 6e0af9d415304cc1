/* See table.h: which reader a file goes to. */
#include "markup/table.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/str.h"
#include "markup/table_parts.h"

#include <errno.h>
#include <string.h>

enum { HEAD = 512 };

int
table_guess(struct arena *a, const char *path, struct table_shape *out, struct err *e)
{
	char head[HEAD];
	FILE *f = fopen(path, "rbe");
	if (f == NULL)
		return err_set(
			e, ERR_MISSING, "the file is not there: %s", strerror(errno));
	size_t n = fread(head, 1, sizeof head, f);
	fclose(f);
	*out = (struct table_shape){.has_header = true};
	if (n == 0)
		return err_set(e, ERR_INPUT, "the file is empty");
	struct text t = {head, n};
	if (text_starts(t, "PK\3\4")) {
		out->kind = TABLE_XLSX;
		return 0;
	}
	if (n >= 8 && memcmp(head, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8) == 0)
		return err_set(e, ERR_INPUT,
			"an XLSX, CSV or XML file is expected, this one is an old Excel "
			"workbook (.xls) or is locked with a "
			"password: save it as .xlsx");
	if (text_starts(t, "\xef\xbb\xbf"))
		t = (struct text){t.at + 3, t.n - 3};
	while (t.n > 0 && strchr(" \t\r\n", t.at[0]) != NULL && t.at[0] != '\0')
		t = (struct text){t.at + 1, t.n - 1};
	if (t.n > 1 && t.at[0] == '<' &&
		(t.at[1] == '?' || t.at[1] == '!' || (t.at[1] | 0x20) >= 'a')) {
		out->kind = TABLE_XML;
		return 0;
	}
	out->kind = TABLE_CSV;
	return table_csv_guess(a, path, out, e);
}

int
table_open(struct arena *a, const char *path, const struct table_shape *shape,
	struct table **out, struct err *e)
{
	struct table *t = arena_alloc(a, sizeof *t);
	t->columns = val_list(a);
	t->choices = val_list(a);
	*out = t;
	switch (shape->kind) {
	case TABLE_CSV:
		return table_csv_open(a, path, shape, t, e);
	case TABLE_XLSX:
		return table_xlsx_open(a, path, shape, t, e);
	case TABLE_XML:
		return table_xml_open(a, path, shape, t, e);
	case TABLE_UNKNOWN:
		break;
	}
	return err_set(e, ERR_INPUT, "what kind of file this is was not said");
}

const struct val *
table_columns(const struct table *t)
{
	return &t->columns;
}

const struct val *
table_choices(const struct table *t)
{
	return &t->choices;
}

int
table_next(struct table *t, struct arena *a, struct table_row *row, struct err *e)
{
	*row = (struct table_row){.cells = val_null()};
	return t->reader->next(t->self, a, row, e);
}

int
table_skip(struct table *t, int64_t n, struct err *e)
{
	struct arena *a = arena_new();
	int rc = 1;
	for (; n > 0 && rc == 1; n--) {
		struct table_row row;
		rc = table_next(t, a, &row, e);
		arena_reset(a);
	}
	arena_free(a);
	return rc < 0 ? -1 : 0;
}

void
table_progress(const struct table *t, int64_t *done, int64_t *total)
{
	t->reader->progress(t->self, done, total);
}

struct val
table_names(struct arena *a, const struct val *cells, size_t n)
{
	struct val names = val_list(a), seen = val_map(a);
	for (size_t i = 0; i < n; i++) {
		struct text t = i < val_len(cells)
					? text_trim(val_as_text(&cells->list->at[i]))
					: (struct text){"", 0};
		if (t.n == 0)
			t = text_of(arena_printf(a, "Column %zu", i + 1));
		t = text_cut(t, 200);
		struct text name = t;
		for (int k = 2; val_get_key(&seen, name) != NULL; k++)
			name = text_of(arena_printf(a, "%.*s %d", (int)t.n, t.at, k));
		val_put_key(a, &seen, name, val_bool(true));
		val_push(a, &names, val_of(name));
	}
	return names;
}
