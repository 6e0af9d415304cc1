/* XML of strangers: what is in it comes out in order, in whatever encoding and however it is cut; what is an attack ends at once, with
 * nothing loaded and no memory gone. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "markup/xml.h"

#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* What was seen, written down: "<a x=1>text</a>". */
struct seen {
	struct str s;
	size_t text_bytes;
	bool refuse;
	int more; /* after it was refused: 1 taken, 0 not, -1 not tried */
};

static int
see_open(void *obj, const char *name, const struct xml_attribute *attributes, size_t n,
	struct err *e)
{
	struct seen *s = obj;
	if (s->refuse)
		return err_set(e, ERR_CONFLICT, "enough");
	str_addf(&s->s, "<%s", name);
	for (size_t i = 0; i < n; i++)
		str_addf(&s->s, " %s=%.*s", attributes[i].name, (int)attributes[i].value.n,
			attributes[i].value.at);
	str_addc(&s->s, '>');
	return 0;
}

static int
see_text(void *obj, const char *before, struct text t, struct err *e)
{
	struct seen *s = obj;
	(void)e;
	s->text_bytes += t.n;
	if (s->text_bytes < 4096)
		str_addf(&s->s, "[%s:%.*s]", before, (int)t.n, t.at);
	return 0;
}

static int
see_close(void *obj, const char *name, struct err *e)
{
	struct seen *s = obj;
	(void)e;
	str_addf(&s->s, "</%s>", name);
	return 0;
}

/* Reads t in pieces of step bytes. 0 / -1. */
static int
read_quietly(struct arena *a, struct text t, size_t step, const struct xml_limits *limits,
	struct seen *s, struct err *e)
{
	bool refuse = s->refuse;
	*s = (struct seen){.s = str_new(a), .refuse = refuse, .more = -1};
	*e = (struct err){0};
	str_addz(&s->s, "");
	struct xml_events on = {see_open, see_text, see_close, s, false};
	struct xml *x = xml_new(limits, &on);
	int rc = 0;
	for (size_t i = 0; i < t.n && rc == 0; i += step)
		rc = xml_feed(x, t.at + i, t.n - i < step ? t.n - i : step, e);
	if (rc == 0)
		rc = xml_end(x, e);
	else
		s->more = xml_feed(x, "<x/>", 4, e) == 0;
	xml_free(x);
	return rc;
}

static int
read_all(struct arena *a, struct text t, size_t step, const struct xml_limits *limits,
	struct seen *s, struct err *e)
{
	int rc = read_quietly(a, t, step, limits, s, e);
	if (s->more >= 0)
		ok(s->more == 0, "nothing more is taken after that");
	return rc;
}

static void
is_read(struct arena *a, struct text t, const char *want, const char *name)
{
	struct seen s = {.refuse = false};
	struct err e;
	int rc = read_all(a, t, t.n, NULL, &s, &e);
	ok(rc == 0, "%s: %s", name, rc < 0 ? e.text : "read");
	is_text(s.s.at, want, "%s: as it should be", name);
	rc = read_all(a, t, 1, NULL, &s, &e);
	ok(rc == 0 && strcmp(s.s.at, want) == 0, "%s: byte by byte too", name);
}

static void
is_refused(struct arena *a, struct text t, enum err_code code, const char *words,
	const char *name)
{
	struct seen s = {.refuse = false};
	struct err e;
	int64_t from = time_monotonic_us();
	int rc = read_all(a, t, 4096, NULL, &s, &e);
	ok(rc < 0 && e.code == code && strstr(e.text, words) != NULL, "%s: %s", name,
		rc < 0 ? e.text : s.s.at);
	ok(time_monotonic_us() - from < 500000, "at once");
}

#define TEXT(literal) ((struct text){literal, sizeof literal - 1})

static void
test_reading(struct arena *a)
{
	is_read(a,
		TEXT("<?xml version=\"1.0\"?>\n<shop xmlns:x=\"urn:x\" id='7'><!-- no -->"
		     "<offer x:price=\"1 &lt; 2\"> a &amp; b<![CDATA[<&>]]>&#1103;</offer>"
		     "\n  <empty/></shop>"),
		"<shop id=7><offer price=1 < 2>[offer: a & "
		"b<&>я]</offer><empty></empty></shop>",
		"a file");
	is_read(a, TEXT("<a>1<b/>2</a>"), "<a>[a:1]<b></b>[a:2]</a>", "text around");
	is_read(a,
		TEXT("<?xml version=\"1.0\" encoding=\"windows-1251\"?><a b=\"\xd6\">"
		     "\xdf\xe1\xeb\xee\xea\xee</a>"),
		"<a b=Ц>[a:Яблоко]</a>", "windows-1251");
	is_read(a, TEXT("<?xml version=\"1.0\" encoding=\"koi8-r\"?><a>\xf1</a>"),
		"<a>[a:Я]</a>", "koi8-r");
	is_read(a, TEXT("\xef\xbb\xbf<a>\xd0\xaf</a>"), "<a>[a:Я]</a>",
		"UTF-8 with a mark");
	is_read(a, TEXT("\xff\xfe<\0a\0>\0\x2f\x04<\0/\0a\0>\0"), "<a>[a:Я]</a>", "UTF-16");
	is_read(a, TEXT("\xfe\xff\0<\0a\0>\x04\x2f\0<\0/\0a\0>"), "<a>[a:Я]</a>",
		"UTF-16, the other way");
}

/* Deep nesting, n levels. */
static struct text
nested(struct arena *a, size_t n)
{
	struct str s = str_new(a);
	for (size_t i = 0; i < n; i++)
		str_addz(&s, "<a>");
	for (size_t i = 0; i < n; i++)
		str_addz(&s, "</a>");
	return str_text(&s);
}

static struct text
laughs(struct arena *a)
{
	struct str s = str_new(a);
	str_addz(&s, "<!DOCTYPE lolz [<!ENTITY lol \"lol\">");
	for (int i = 1; i < 10; i++) {
		str_addf(&s, "<!ENTITY lol%d \"", i);
		for (int k = 0; k < 10; k++)
			str_addf(&s, i == 1 ? "&lol;" : "&lol%d;", i - 1);
		str_addz(&s, "\">");
	}
	str_addz(&s, "]><lolz>&lol9;</lolz>");
	return str_text(&s);
}

static struct text
quadratic(struct arena *a)
{
	struct str s = str_new(a);
	str_addz(&s, "<!DOCTYPE x [<!ENTITY a \"");
	for (int i = 0; i < 100000; i++)
		str_addc(&s, 'a');
	str_addz(&s, "\">]><x>");
	for (int i = 0; i < 50000; i++)
		str_addz(&s, "&a;");
	str_addz(&s, "</x>");
	return str_text(&s);
}

static void
test_attacks(struct arena *a)
{
	static const char doctype[] = "DOCTYPE";
	is_refused(a, laughs(a), ERR_INPUT, doctype, "a billion laughs");
	is_refused(a, quadratic(a), ERR_INPUT, doctype, "quadratic blow-up");
	is_refused(a,
		TEXT("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"),
		ERR_INPUT, doctype, "a file of this machine");
	is_refused(a,
		TEXT("<!DOCTYPE a [<!ENTITY x SYSTEM \"http://127.0.0.1/\">]><a>&x;</a>"),
		ERR_INPUT, doctype, "an address");
	is_refused(a,
		TEXT("<!DOCTYPE a [<!ENTITY % x SYSTEM \"file:///etc/passwd\"> %x;]><a/>"),
		ERR_INPUT, doctype, "a parameter entity");
	is_refused(a, TEXT("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"), ERR_INPUT,
		doctype, "an external subset");
	is_refused(a, TEXT("<!DOCTYPE a PUBLIC \"x\" \"http://127.0.0.1/x.dtd\"><a/>"),
		ERR_INPUT, doctype, "a public one");
	is_refused(a, TEXT("<!DOCTYPE a><a/>"), ERR_INPUT, doctype, "even a harmless one");
	is_refused(a, TEXT("\xff\xfe<\0!\0D\0O\0C\0T\0Y\0P\0E\0 \0a\0>\0<\0a\0/\0>\0"),
		ERR_INPUT, doctype, "one in UTF-16");
	static const char utf8[] = "UTF-8";
	is_refused(a, TEXT("<a>\xe0\x80\xbc</a>"), ERR_INPUT, utf8,
		"a \"<\" written with three bytes");
	is_refused(a, TEXT("<a>1<b/>\xc1\xa1</a>"), ERR_INPUT, utf8,
		"a letter written with two");
	is_refused(a, TEXT("<a b=\"\xc1\xa1\"/>"), ERR_INPUT, utf8, "one in an attribute");
	is_refused(a, TEXT("<a><![CDATA[\xc1\xa1]]></a>"), ERR_INPUT, utf8, "one in CDATA");
	is_refused(a, TEXT("<!-->e--><a/>"), ERR_INPUT, "a comment begins with",
		"what is a whole comment elsewhere");
	is_refused(a, TEXT("<a><!--->e--></a>"), ERR_INPUT, "a comment begins with",
		"and with one more dash");
	is_refused(a, TEXT("<a>&nbsp;</a>"), ERR_INPUT, "nbsp", "an entity nobody defined");
	is_refused(a, TEXT("<a b=\"&x;\"/>"), ERR_INPUT, "x", "one in an attribute");
	is_refused(a, nested(a, 65), ERR_SIZE, "deeper", "too deep");
	is_refused(a, nested(a, 100000), ERR_SIZE, "deeper", "a hundred thousand deep");
	struct seen s = {.refuse = false};
	struct err e;
	ok(read_all(a, nested(a, 64), 4096, NULL, &s, &e) == 0, "64 deep is fine");
}

static void
test_broken(struct arena *a)
{
	static const struct {
		const char *text, *name;
	} bad[] = {{"<a><b></a>", "wrongly nested"}, {"<a", "cut in a tag"},
		{"<a>text", "cut in a text"}, {"<a b=\"", "cut in an attribute"},
		{"<a/><b/>", "two roots"}, {"text", "no element"},
		{"<a b=1/>", "no quotes"}, {"<a b='1' b='2'/>", "an attribute twice"},
		{"<a>\x01</a>", "a control"}, {"<a>\xff\xfe</a>", "no UTF-8"},
		{"<a>]]></a>", "an end of nothing"}, {"<a>&#0;</a>", "a NUL by number"},
		{"<a>&#xD800;</a>", "half a surrogate"},
		{"<?xml version=\"1.0\" encoding=\"x-nothing\"?><a/>",
			"an encoding nobody has"},
		{"<a><!-- -- --></a>", "a broken comment"}};
	struct seen s = {.refuse = false};
	struct err e;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		for (size_t step = 1; step < 9000; step += 8191)
			ok(read_all(a, text_of(bad[i].text), step, NULL, &s, &e) < 0 &&
					e.code == ERR_INPUT,
				"%s: %s", bad[i].name, e.text);
	const struct text wide[] = {TEXT("\0\0\0<\0\0\0a\0\0\0/\0\0\0>"),
		TEXT("<\0\0\0a\0\0\0/\0\0\0>\0\0\0"),
		TEXT("\xff\xfe\0\0<\0\0\0a\0\0\0/\0\0\0>\0\0\0"),
		TEXT("\x4c\x6f\xa7\x94\x93")};
	size_t wrong = 0;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		for (size_t step = 1; step < 30; step++)
			wrong += read_quietly(a, wide[i], step, NULL, &s, &e) == 0 ||
				 strstr(e.text, "UTF-8") == NULL;
	ok(wrong == 0,
		"four bytes a character, and none of ASCII's, are refused, however cut: %s",
		e.text);
	ok(read_all(a, text_of(""), 1, NULL, &s, &e) < 0 && strstr(e.text, "empty") != NULL,
		"an empty file");
	ok(read_all(a, text_of("<a>\n\n<b>\n</a>"), 100, NULL, &s, &e) < 0 && e.line == 4,
		"the line is said");
	struct text whole = TEXT(
		"<a x=\"1\">text<b><![CDATA[c]]></b><!-- d --><?e f?></a>");
	size_t refused = 0;
	for (size_t n = 0; n < whole.n; n++)
		refused += read_all(a, (struct text){whole.at, n}, 3, NULL, &s, &e) < 0;
	ok(refused == whole.n, "a file cut anywhere is refused");
}

/* libxml2 looks only at what it has been given so far: cut within, and behind a text long enough to be taken in parts. */
static void
test_stray_end(struct arena *a)
{
	static const struct {
		const char *text, *says; /* NULL: refused */
	} all[] = {{"]]>", NULL}, {"x]]>y", NULL}, {"]]]]>", NULL},
		{"]]\xd1\x8f]]>z", NULL}, {"]]&gt;", "]]>"}, {"]]&#62;", "]]>"},
		{"]&#93;>", "]]>"}, {"&#93;&#93;>", "]]>"}, {"]]<![CDATA[>]]>", "]]>"},
		{"<![CDATA[]]]]>>", "]]>"}, {"]]<!-- -->>", "]]>"}, {"]]<?e?>>", "]]>"},
		{"]]<b></b>>", "]]]<b></b>[a:>"}, {"]>;]>", "]>;]>"}};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		size_t wrong = 0, tried = 0;
		for (size_t pad = 295; pad < 310; pad++) {
			const char *q = arena_printf(a, "%0*d", (int)pad, 0);
			struct text t = text_of(
				arena_printf(a, "<a>%s%s%s</a>", q, all[i].text, q));
			const char *says = all[i].says == NULL
						   ? NULL
						   : arena_printf(a, "<a>[a:%s%s%s]</a>", q,
							     all[i].says, q);
			for (size_t step = 290; step < 330; step++, tried++) {
				struct seen s = {.refuse = false};
				struct err e;
				int rc = read_quietly(a, t, step, NULL, &s, &e);
				wrong += says == NULL ? rc == 0 || e.code != ERR_INPUT
						      : rc < 0 || strcmp(s.s.at, says) != 0;
			}
		}
		ok(tried == 600 && wrong == 0, "%s is %s however it is cut", all[i].text,
			all[i].says == NULL ? "refused" : "read");
	}
}

static void
test_limits(struct arena *a)
{
	struct xml_limits l = {.bytes = 100, .value = 10, .attributes = 2, .elements = 3};
	struct seen s = {.refuse = false};
	struct err e;
	ok(read_all(a, text_of("<a>0123456789</a>"), 1, &l, &s, &e) == 0,
		"a value in bounds");
	ok(read_all(a, text_of("<a>01234567890</a>"), 1, &l, &s, &e) < 0 &&
			e.code == ERR_SIZE,
		"a longer one");
	ok(read_all(a, text_of("<a x='01234567890'/>"), 100, &l, &s, &e) < 0 &&
			e.code == ERR_SIZE,
		"a longer attribute");
	ok(read_all(a, text_of("<a x='' y='' z=''/>"), 100, &l, &s, &e) < 0 &&
			e.code == ERR_SIZE,
		"three attributes");
	ok(read_all(a, text_of("<a><b/><b/></a>"), 100, &l, &s, &e) == 0 &&
			read_all(a, text_of("<a><b/><b/><b/></a>"), 100, &l, &s, &e) < 0 &&
			e.code == ERR_SIZE,
		"the fourth element");
	struct str large = str_new(a);
	str_addz(&large, "<a>");
	for (int i = 0; i < 20; i++)
		str_addz(&large, "     ");
	ok(read_all(a, str_text(&large), 7, &l, &s, &e) < 0 && e.code == ERR_SIZE,
		"a larger file");
	s.refuse = true;
	ok(read_all(a, text_of("<a><b/></a>"), 100, NULL, &s, &e) < 0 &&
			e.code == ERR_CONFLICT && strcmp(e.text, "enough") == 0,
		"what an event says ends it");
}

/* Ten thousand offers stay within the memory of one. */
static void
test_stream(void)
{
	static const char offer[] =
		"<offer id=\"1\"><name>A kettle of some kind</name></offer>";
	struct arena *a = arena_new();
	struct seen s = {.s = str_new(a)};
	struct xml_events on = {NULL, see_text, NULL, &s, false};
	struct xml_limits l = {.bytes = 64 << 20};
	struct xml *x = xml_new(&l, &on);
	struct err e;
	struct rusage before, after;
	getrusage(RUSAGE_SELF, &before);
	int rc = xml_feed(x, "<all>", 5, &e);
	for (int i = 0; i < 200000 && rc == 0; i++)
		rc = xml_feed(x, offer, sizeof offer - 1, &e);
	rc = rc < 0 ? rc : xml_feed(x, "</all>", 6, &e);
	rc = rc < 0 ? rc : xml_end(x, &e);
	getrusage(RUSAGE_SELF, &after);
	ok(rc == 0 && s.text_bytes == 200000u * strlen("A kettle of some kind"),
		"two hundred thousand offers");
#ifndef TAP_SANITIZED /* a sanitizer keeps what was freed for a while */
	ok(after.ru_maxrss - before.ru_maxrss < 4096,
		"in memory that does not grow: %ld KB", after.ru_maxrss - before.ru_maxrss);
#endif
	xml_free(x);
	arena_free(a);
}

int
main(void)
{
	struct arena *a = arena_new();
	test_reading(a);
	test_attacks(a);
	test_broken(a);
	test_stray_end(a);
	test_limits(a);
	test_stream();
	arena_free(a);
	return tap_done();
}
