/* See errors.h. */
#include "exchange/errors.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/str.h"
#include "exchange/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
close_file(void *obj)
{
	int fd = (int)(intptr_t)obj;
	close(fd);
}

int
errors_open(struct arena *a, const struct settings *s, const struct import *im,
	const char *language, struct errors *out, struct err *e)
{
	const char *path = files_path(a, s, im->company_id, im->id, "err");
	*out = (struct errors){.fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0660),
		.bytes = im->errors_bytes,
		.language = language,
		.columns = im->columns};
	if (out->fd < 0)
		return err_set(e, ERR_BUSY, "no room for files: %s", strerror(errno));
	fchmod(out->fd, 0660); /* the doors read it, whatever the umask */
	arena_defer(a, close_file, (void *)(intptr_t)out->fd);
	return 0;
}

/* What a table program would take for a formula gets a ' in front; phones and numbers are none. */
static bool
is_formula(struct text t)
{
	if (t.n == 0 || strchr("=+-@\t\r", t.at[0]) == NULL)
		return false;
	for (size_t i = 1; i < t.n; i++)
		if (strchr("0123456789 ()-.,", t.at[i]) == NULL)
			return true;
	return t.at[0] != '+' && t.at[0] != '-';
}

static void
add_cell(struct str *s, struct text t)
{
	str_addz(s, is_formula(t) ? "\"'" : "\"");
	for (size_t i = 0; i < t.n; i++) {
		if (t.at[i] == '"')
			str_addc(s, '"');
		str_addc(s, t.at[i]);
	}
	str_addc(s, '"');
}

static void
add_header(struct str *s, const struct errors *f)
{
	bool russian = strcmp(f->language, "ru") == 0;
	str_addz(s, "\xef\xbb\xbf"); /* or Excel reads it as something else */
	add_cell(s, text_of(russian ? "Строка файла" : "Row of the file"));
	for (size_t i = 0; i < val_len(&f->columns); i++) {
		str_addc(s, ';');
		add_cell(s, val_as_text(&f->columns.list->at[i]));
	}
	str_addc(s, ';');
	add_cell(s, text_of(russian ? "Что не так" : "What is wrong"));
	str_addz(s, "\r\n");
}

int
errors_add(struct arena *a, const struct errors *f, const struct decided *rows, size_t n,
	int64_t *bytes, struct err *e)
{
	struct str s = str_new(a);
	*bytes = f->bytes;
	for (size_t i = 0; i < n; i++) {
		const struct decided *d = &rows[i];
		bool refused = d->row.why != WHY_NONE;
		if (!refused && d->row.warning == WHY_NONE)
			continue;
		if (f->bytes == 0 && s.n == 0)
			add_header(&s, f);
		str_addf(&s, "%lld", (long long)d->in.line);
		for (size_t k = 0; k < val_len(&d->in.cells); k++) {
			str_addc(&s, ';');
			add_cell(&s, val_as_text(&d->in.cells.list->at[k]));
		}
		for (size_t k = val_len(&d->in.cells); k < val_len(&f->columns); k++)
			str_addc(&s, ';');
		str_addc(&s, ';');
		add_cell(&s, text_of(import_say(a, f->language, &d->row, refused)));
		str_addz(&s, "\r\n");
	}
	if (s.n == 0)
		return 0;
	for (size_t at = 0; at < s.n;) {
		ssize_t put = pwrite(f->fd, s.at + at, s.n - at, f->bytes + (off_t)at);
		if (put < 0)
			return err_set(e, ERR_BUSY, "the file of refused rows: %s",
				strerror(errno));
		at += (size_t)put;
	}
	*bytes = f->bytes + (int64_t)s.n;
	if (ftruncate(f->fd, *bytes) < 0 || fdatasync(f->fd) < 0)
		return err_set(
			e, ERR_BUSY, "the file of refused rows: %s", strerror(errno));
	return 0;
}

void
errors_kept(struct errors *f, int64_t bytes)
{
	f->bytes = bytes;
}
