/* See sheet.h. */
#include "markup/sheet.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

enum { CELL_MAX = 32767 /* characters of a cell, as Excel has it */ };

struct sheet_writer {
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *bold;
	const struct val *head;
	const char *path;
	lxw_row_t row;
	lxw_row_t rows_max;
};

static void
give_up(void *obj)
{
	struct sheet_writer *s = obj;
	if (s->book == NULL)
		return;
	workbook_close(s->book); /* the only way to free it */
	unlink(s->path);
}

static int
next_sheet(struct sheet_writer *s, struct arena *a, struct err *e)
{
	s->sheet = workbook_add_worksheet(s->book, NULL);
	if (s->sheet == NULL)
		return err_set(e, ERR_BUSY, "no room for a sheet");
	for (size_t i = 0; i < val_len(s->head); i++)
		worksheet_write_string(s->sheet, 0, (lxw_col_t)i,
			val_as_z(a, &s->head->list->at[i]), s->bold);
	worksheet_freeze_panes(s->sheet, 1, 0);
	s->row = 1;
	return 0;
}

int
sheet_begin(struct arena *a, const char *path, const char *folder, const struct val *head,
	long rows_max, struct sheet_writer **out, struct err *e)
{
	struct sheet_writer *s = arena_alloc(a, sizeof *s);
	lxw_workbook_options o = {
		.constant_memory = LXW_TRUE, .tmpdir = arena_printf(a, "%s", folder)};
	s->path = path;
	s->head = head;
	s->rows_max = rows_max > 0 ? (lxw_row_t)rows_max : SHEET_ROWS_MAX;
	s->book = workbook_new_opt(path, &o);
	if (s->book == NULL)
		return err_set(e, ERR_BUSY, "no room for a workbook");
	arena_defer(a, give_up, s);
	s->bold = workbook_add_format(s->book);
	format_set_bold(s->bold);
	*out = s;
	return next_sheet(s, a, e);
}

/* At most as many characters as a cell takes. */
static const char *
fitting(struct arena *a, struct text t)
{
	size_t n = 0;
	if (t.n > CELL_MAX)
		for (size_t k, left = CELL_MAX; n < t.n && left > 0; n += k) {
			uint32_t c = text_decode((struct text){t.at + n, t.n - n}, &k);
			left -= c > 0xFFFF && left > 1 ? 2 : 1;
		}
	return text_z(a, n > 0 ? (struct text){t.at, n} : t);
}

int
sheet_row(struct sheet_writer *s, struct arena *a, const struct val *cells, struct err *e)
{
	if (s->row == s->rows_max && next_sheet(s, a, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(cells); i++) {
		const struct val *v = &cells->list->at[i];
		lxw_col_t at = (lxw_col_t)i;
		lxw_error wrong = LXW_NO_ERROR;
		if (v->kind == VAL_INT || v->kind == VAL_NUM)
			wrong = worksheet_write_number(
				s->sheet, s->row, at, val_as_num(v, 0), NULL);
		else if (v->kind == VAL_BOOL)
			wrong = worksheet_write_boolean(s->sheet, s->row, at, v->b, NULL);
		else if (v->kind == VAL_TEXT && v->text.n > 0)
			wrong = worksheet_write_string(
				s->sheet, s->row, at, fitting(a, v->text), NULL);
		if (wrong != LXW_NO_ERROR)
			return err_set(e, ERR_BUSY, "a row could not be written: %s",
				lxw_strerror(wrong));
	}
	s->row++;
	return 0;
}

int
sheet_end(struct sheet_writer *s, struct err *e)
{
	lxw_error wrong = workbook_close(s->book);
	s->book = NULL;
	if (wrong == LXW_NO_ERROR)
		return 0;
	unlink(s->path);
	return err_set(
		e, ERR_BUSY, "the workbook could not be written: %s", lxw_strerror(wrong));
}
