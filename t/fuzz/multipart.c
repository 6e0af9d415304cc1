/* A form with files, in pieces: the same however it is cut, names that can be shown, an end. First byte: the size of a piece. */
#include "base/str.h"
#include "fuzz.h"
#include "web/multipart.h"

struct form {
	struct text left;
	size_t piece;
	struct str seen;
};

static int
pull(void *obj, char *at, size_t n, size_t *got, struct err *e)
{
	struct form *f = obj;
	(void)e;
	*got = f->left.n < f->piece ? f->left.n : f->piece;
	*got = *got < n ? *got : n;
	memcpy(at, f->left.at, *got);
	f->left = (struct text){f->left.at + *got, f->left.n - *got};
	return 0;
}

static int
part(void *obj, const struct multipart_part *p, struct err *e)
{
	struct form *f = obj;
	(void)e;
	must(text_is_utf8(text_of(p->name)));
	must(p->filename == NULL || (text_is_utf8(text_of(p->filename)) &&
					    strpbrk(p->filename, "/\\\r\n") == NULL));
	str_addf(&f->seen, "<%s|%s>", p->name, p->filename != NULL ? p->filename : "");
	return 0;
}

static int
bytes_of(void *obj, const char *at, size_t n, struct err *e)
{
	struct form *f = obj;
	(void)e;
	str_add(&f->seen, at, n);
	return 0;
}

static int
read_form(struct arena *a, struct text t, size_t piece, struct form *f)
{
	struct multipart m = {pull, part, bytes_of, f};
	struct err e = {0};
	*f = (struct form){.left = t, .piece = piece, .seen = str_new(a)};
	str_addz(&f->seen, "");
	int rc = multipart_read(a, text_of("multipart/form-data; boundary=XX"), &m, &e);
	must(rc == 0 || e.text[0] != '\0');
	return rc;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	struct form one, two;
	size_t piece = 1 + (size_t)fuzz_choice(&t, 200);
	int pieces = read_form(a, t, piece, &one), whole = read_form(a, t, n + 1, &two);
	must(pieces == whole);
	must(pieces < 0 || text_same(str_text(&one.seen), str_text(&two.seen)));
	arena_free(a);
	return 0;
}
