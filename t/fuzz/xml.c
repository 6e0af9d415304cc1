/* XML of strangers, fed in pieces: a tree of calls that fit into each other, within the limits, the same however it is cut; never an entity,
 * never a DOCTYPE. First byte: the size of a piece. */
#include "base/str.h"
#include "fuzz.h"
#include "markup/xml.h"

enum { DEPTH = 20, VALUE = 2000, ELEMENTS = 500, ATTRIBUTES = 8 };

struct seen {
	struct arena *arena;
	const char *names[DEPTH + 1];
	size_t depth, elements;
	struct str all;
};

static int
see_open(void *obj, const char *name, const struct xml_attribute *attributes, size_t n,
	struct err *e)
{
	struct seen *s = obj;
	(void)e;
	must(s->depth < DEPTH && ++s->elements <= ELEMENTS && n <= ATTRIBUTES);
	must(text_is_utf8(text_of(name)));
	s->names[s->depth++] = arena_text(s->arena, name, strlen(name));
	str_addf(&s->all, "<%s", name);
	for (size_t i = 0; i < n; i++) {
		must(attributes[i].value.n <= VALUE);
		must(text_is_utf8(text_of(attributes[i].name)));
		must(text_is_utf8(attributes[i].value));
		str_addf(&s->all, " %s=", attributes[i].name);
		str_addt(&s->all, attributes[i].value);
	}
	return 0;
}

static int
see_text(void *obj, const char *before, struct text t, struct err *e)
{
	struct seen *s = obj;
	(void)e;
	must(s->depth > 0 && strcmp(before, s->names[s->depth - 1]) == 0);
	must(t.n > 0 && t.n <= VALUE && text_is_utf8(t));
	str_addt(&s->all, t);
	return 0;
}

static int
see_close(void *obj, const char *name, struct err *e)
{
	struct seen *s = obj;
	(void)e;
	must(s->depth > 0 && strcmp(name, s->names[--s->depth]) == 0);
	str_addc(&s->all, '>');
	return 0;
}

static bool
read_xml(struct seen *s, struct text t, size_t piece, struct err *e)
{
	static const struct xml_limits limits = {.depth = DEPTH,
		.value = VALUE,
		.elements = ELEMENTS,
		.attributes = ATTRIBUTES,
		.bytes = 8000};
	struct xml_events on = {see_open, see_text, see_close, s, false};
	struct xml *x = xml_new(&limits, &on);
	int rc = 0;
	s->all = str_new(s->arena);
	str_addz(&s->all, "");
	for (size_t at = 0; rc == 0 && at < t.n; at += piece)
		rc = xml_feed(x, t.at + at, t.n - at < piece ? t.n - at : piece, e);
	if (rc == 0)
		rc = xml_end(x, e);
	xml_free(x);
	must(rc == 0 || e->text[0] != '\0');
	must(rc < 0 || s->depth == 0);
	return rc == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_new();
	struct text t = {(const char *)bytes, n};
	struct seen one = {.arena = a}, two = {.arena = a};
	struct err e = {0};
	size_t piece = 1 + (size_t)fuzz_choice(&t, 200);
	bool pieces = read_xml(&one, t, piece, &e), whole = read_xml(&two, t, n + 1, &e);
	must(pieces == whole);
	if (whole) {
		must(strcmp(one.all.at, two.all.at) == 0);
		must(memmem(t.at, t.n, "<!DOCTYPE", 9) == NULL ||
			memmem(t.at, t.n, "<![CDATA[", 9) != NULL ||
			memmem(t.at, t.n, "<!--", 4) != NULL ||
			memmem(t.at, t.n, "<?", 2) != NULL);
	}
	arena_free(a);
	return 0;
}
