/* Workbooks and XML records of strangers: rows as wide as the columns, texts of UTF-8 within their limits, an error with words otherwise.
 * First byte: 0 the bytes are a whole archive, 1 XML records, else the parts of a workbook, each behind a NUL: sheet, texts, styles,
 * workbook. */
#include "base/str.h"
#include "fuzz.h"
#include "markup/table.h"

#include <fcntl.h>
#include <unistd.h>
#include <zip.h>

enum { PARTS = 4, ROWS = 20000 };

static const char *const names[PARTS] = {"xl/worksheets/one.xml", "xl/sharedStrings.xml",
	"xl/styles.xml", "xl/workbook.xml"};
static const char root[] = "<R><Relationship Id='r' Type='x/officeDocument' "
			   "Target='xl/workbook.xml'/></R>";
static const char beside[] =
	"<R><Relationship Id='a' Type='x/worksheet' Target='worksheets/one.xml'/>"
	"<Relationship Id='s' Type='x/sharedStrings' Target='sharedStrings.xml'/>"
	"<Relationship Id='t' Type='x/styles' Target='styles.xml'/></R>";
static const char book[] = "<workbook><sheets><sheet name='A' id='a'/></sheets></workbook>";

static void
add(zip_t *z, const char *name, const char *at, size_t n)
{
	zip_int64_t i = zip_file_add(
		z, name, zip_source_buffer(z, at, n, 0), ZIP_FL_OVERWRITE);
	if (i >= 0)
		zip_set_file_compression(z, (zip_uint64_t)i, ZIP_CM_STORE, 0);
}

static void
write_parts(const char *path, struct text t)
{
	int why;
	zip_t *z = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &why);
	must(z != NULL);
	add(z, "_rels/.rels", root, sizeof root - 1);
	add(z, "xl/_rels/workbook.xml.rels", beside, sizeof beside - 1);
	add(z, names[3], book, sizeof book - 1);
	for (size_t i = 0; i < PARTS && t.n > 0; i++) {
		const char *end = memchr(t.at, '\0', t.n);
		size_t n = end != NULL ? (size_t)(end - t.at) : t.n;
		add(z, names[i], t.at, n);
		n += end != NULL;
		t = (struct text){t.at + n, t.n - n};
	}
	must(zip_close(z) == 0);
}

static void
write_bytes(const char *path, struct text t)
{
	FILE *f = fopen(path, "wb");
	must(f != NULL && fwrite(t.at, 1, t.n, f) == t.n);
	fclose(f);
}

static void
read_rows(struct table *t, struct err *e)
{
	size_t n = val_len(table_columns(t));
	struct arena *turn = arena_new();
	struct table_row row;
	int64_t line = 0, done, total;
	int rc = 1;
	for (int i = 0; i < ROWS && (rc = table_next(t, turn, &row, e)) == 1; i++) {
		must(val_len(&row.cells) == n && row.line > line);
		line = row.line;
		for (size_t k = 0; k < n; k++) {
			const struct val *v = &row.cells.list->at[k];
			must(v->kind == VAL_NULL || v->kind == VAL_TEXT);
			must(v->kind == VAL_NULL ||
				(v->text.n <= TABLE_CELL_MAX && text_is_utf8(v->text)));
		}
		must(row.problem == NULL || text_is_utf8(text_of(row.problem)));
		table_progress(t, &done, &total);
		must(done >= 0 && done <= total);
		arena_reset(turn);
	}
	must(rc >= 0 || e->text[0] != '\0');
	arena_free(turn);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static char path[64];
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	struct table_shape shape = {.kind = TABLE_XLSX};
	struct table *table;
	struct err e = {0};
	if (path[0] == '\0')
		snprintf(path, sizeof path, "/tmp/cxdp-fuzz-sheet-%d", (int)getpid());
	int way = fuzz_choice(&t, 4);
	shape.has_header = way != 3;
	if (way == 1)
		shape.kind = TABLE_XML;
	if (way > 1)
		write_parts(path, t);
	else
		write_bytes(path, t);
	if (table_open(a, path, &shape, &table, &e) == 0) {
		must(val_len(table_columns(table)) <= TABLE_COLUMNS_MAX);
		read_rows(table, &e);
	} else {
		must(e.text[0] != '\0');
	}
	arena_free(a);
	unlink(path);
	return 0;
}
