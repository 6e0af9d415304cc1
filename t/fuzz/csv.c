/* CSV of strangers: whatever the bytes, a table or a sentence; as many cells as columns, UTF-8, lines that go on, an end. */
#include "base/str.h"
#include "fuzz.h"
#include "markup/table.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static const char *const encodings[] = {
		NULL, "UTF-8", "CP1251", "UTF-16LE", "KOI8-R"};
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	struct table_shape shape = {0};
	struct table *table;
	struct table_row row;
	struct err e = {0};
	int64_t line = 0, rows = 0;
	int choice = fuzz_choice(&t, 5), rc = 0;
	int fd;
	const char *path = fuzz_file(a, t, &fd);
	if (table_guess(a, path, &shape, &e) == 0 && shape.kind == TABLE_CSV) {
		if (choice > 0)
			shape.encoding = encodings[choice];
		if (table_open(a, path, &shape, &table, &e) == 0) {
			size_t columns = val_len(table_columns(table));
			must(columns > 0 && columns <= TABLE_COLUMNS_MAX);
			while ((rc = table_next(table, a, &row, &e)) == 1) {
				must(val_len(&row.cells) == columns);
				must(row.line > line && ++rows <= (int64_t)n + 1);
				line = row.line;
				for (size_t i = 0; i < columns && row.problem == NULL;
					i++) {
					const struct val *v = &row.cells.list->at[i];
					must(v->kind == VAL_NULL ||
						(v->text.n <= TABLE_CELL_MAX &&
							text_is_utf8(v->text)));
				}
			}
			must(rc == 0 || e.text[0] != '\0');
		}
	}
	close(fd);
	arena_free(a);
	return 0;
}
