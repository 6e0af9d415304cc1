/* See upload.h. */
#include "web/upload.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "web/multipart.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { FIELDS_BYTES_MAX = 64 * 1024 };

struct reading {
	struct web *w;
	int fd;
	struct upload *out;
	const char *field; /* whose bytes come; NULL: the file's, or nobody's */
	bool is_file;
	struct str value;
	size_t bytes; /* of all fields */
};

static int
pull(void *obj, char *at, size_t n, size_t *got, struct err *e)
{
	struct reading *r = obj;
	return web_read(r->w, at, n, got, e);
}

static void
end_field(struct reading *r)
{
	if (r->field != NULL)
		val_put(r->w->arena, &r->out->fields, r->field,
			val_of(text_is_utf8(str_text(&r->value)) ? str_text(&r->value)
								 : text_of("")));
	r->field = NULL;
}

static int
part(void *obj, const struct multipart_part *p, struct err *e)
{
	struct reading *r = obj;
	end_field(r);
	bool is_file = p->filename != NULL && strcmp(p->name, "file") == 0;
	if (is_file && r->out->filename[0] != '\0')
		return err_field(e, "file", "one file at a time is taken");
	r->is_file = is_file;
	if (r->is_file)
		r->out->filename = p->filename[0] != '\0' ? p->filename : "file";
	else if (p->filename == NULL)
		r->field = p->name;
	r->value = str_new(r->w->arena);
	str_add(&r->value, "", 0);
	return 0;
}

static int
bytes(void *obj, const char *at, size_t n, struct err *e)
{
	struct reading *r = obj;
	if (r->field != NULL) {
		r->bytes += n;
		if (r->bytes > FIELDS_BYTES_MAX)
			return err_set(e, ERR_SIZE, "the form's fields are too large");
		str_add(&r->value, at, n);
	}
	for (size_t done = 0; r->is_file && done < n;) {
		ssize_t put = write(r->fd, at + done, n - done);
		if (put < 0)
			return err_set(e, ERR_BUSY, "the file could not be kept: %s",
				strerror(errno));
		done += (size_t)put;
		r->out->bytes += put;
	}
	return 0;
}

int
upload_read(struct web *w, int fd, struct upload *out, struct err *e)
{
	struct reading r = {.w = w, .fd = fd, .out = out};
	struct multipart m = {pull, part, bytes, &r};
	*out = (struct upload){.fields = val_map(w->arena), .filename = ""};
	if (multipart_read(w->arena, request_header(&w->request, "content-type"), &m, e) <
		0)
		return -1;
	end_field(&r);
	return 0;
}
