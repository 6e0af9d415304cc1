/* See xml.h. NONET alone would not do: it stops http, not file; and default options still let entities multiply at reading. So a DOCTYPE
 * ends it at once (SECURITY: billion laughs, quadratic blow-up, external entities). */
#include "markup/xml.h"
#include "base/err.h"
#include "base/str.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PIECE_BYTES = 32 * 1024 };

static const struct xml_limits usual = {.bytes = 20 * 1024 * 1024,
	.depth = 64,
	.attributes = 64,
	.value = 1024 * 1024,
	.elements = 10 * 1000 * 1000};

struct xml {
	struct xml_limits limits;
	struct xml_events events;
	xmlParserCtxtPtr parser;
	size_t bytes, depth, elements;
	unsigned char head[4]; /* of the file, the first of bytes */
	char **open;	       /* names of the open elements, depth of them */
	char *text;
	size_t text_n, text_cap;
	size_t brackets; /* "]" at the end of the raw text so far: two at most count */
	struct err why;
	bool failed, ended;
};

/* --- nothing is ever loaded --- */

static xmlParserInputPtr
load_nothing(const char *url, const char *id, xmlParserCtxtPtr parser)
{
	(void)url;
	(void)id;
	(void)parser;
	return NULL;
}

static void
be_quiet(void *obj, const char *fmt, ...)
{
	(void)obj;
	(void)fmt;
}

static void
init_once(void)
{
	xmlInitParser();
	xmlSetExternalEntityLoader(load_nothing);
	xmlSetGenericErrorFunc(NULL, be_quiet);
}

/* --- events --- */

static int
line_of(const struct xml *x)
{
	return x->parser != NULL && x->parser->input != NULL ? x->parser->input->line : 0;
}

/* Ends the reading with what stands in x->why. */
static void
stop(struct xml *x)
{
	if (x->failed)
		return;
	x->failed = true;
	if (x->why.line == 0)
		x->why.line = line_of(x);
	xmlStopParser(x->parser);
}

static void
too_much(struct xml *x, const char *what, size_t most)
{
	err_set(&x->why, ERR_SIZE, "%s, at most %zu", what, most);
	stop(x);
}

static bool
is_blank(const char *at, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (at[i] != ' ' && at[i] != '\t' && at[i] != '\r' && at[i] != '\n')
			return false;
	return true;
}

/* libxml2 2.9 looks at the encoding of everything but CDATA, where it takes characters written longer than need be (C1 A1 for "a"). */
static void
give_text(struct xml *x)
{
	size_t n = x->text_n;
	x->text_n = 0;
	x->brackets = 0;
	if (x->failed || x->events.text == NULL || x->depth == 0 || n == 0 ||
		(!x->events.blanks && is_blank(x->text, n)))
		return;
	if (!text_is_utf8((struct text){x->text, n})) {
		err_set(&x->why, ERR_INPUT,
			"there are bytes here that are not UTF-8: save the file as UTF-8, "
			"or name its encoding in the first line");
		stop(x);
		return;
	}
	if (x->events.text(x->events.obj, x->open[x->depth - 1], (struct text){x->text, n},
		    &x->why) < 0)
		stop(x);
}

static void
add_text(struct xml *x, const xmlChar *at, size_t n)
{
	if (x->failed)
		return;
	if (n > x->limits.value - x->text_n) {
		too_much(x, "a text is longer than that", x->limits.value);
		return;
	}
	if (x->text_n + n > x->text_cap) {
		x->text_cap = 2 * (x->text_n + n);
		x->text = realloc(x->text, x->text_cap);
		must(x->text != NULL);
	}
	memcpy(x->text + x->text_n, at, n);
	x->text_n += n;
}

static void
see_cdata(void *obj, const xmlChar *at, int length)
{
	struct xml *x = obj;
	x->brackets = 0;
	add_text(x, at, (size_t)length);
}

/* Of texts that are handed over: those of the file lie in the parser's input, or are copies of what stands just before its place there; what a
 * reference says is neither, and there its ";" stands. */
static bool
is_reference(const struct xml *x, const xmlChar *at, size_t n)
{
	const struct _xmlParserInput *in = x->parser->input;
	if (n == 0 || (at >= in->base && at < in->end))
		return false;
	return in->cur > in->base && in->cur[-1] == ';' && at[n - 1] != ';';
}

/* "]]>" in a text is an error. libxml2 2.9 sees it where it comes in one piece; here, where it was cut. */
static void
see_text(void *obj, const xmlChar *at, int length)
{
	struct xml *x = obj;
	size_t n = (size_t)length, i = 0;
	if (x->failed)
		return;
	if (is_reference(x, at, n)) {
		x->brackets = 0;
	} else {
		while (i < n && at[i] == ']')
			i++;
		if (i < n && at[i] == '>' && x->brackets + i >= 2) {
			err_set(&x->why, ERR_INPUT,
				"this is not well-formed XML: \"]]>\" stands in a text");
			stop(x);
			return;
		}
		size_t last = n;
		while (last > 0 && at[last - 1] == ']')
			last--;
		x->brackets = last == 0 ? x->brackets + n : n - last;
	}
	add_text(x, at, n);
}

/* libxml2's array: name, prefix, URI, begin, end of each. */
static void
see_open(void *obj, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
	int namespaces_n, const xmlChar **namespaces, int n, int defaulted_n,
	const xmlChar **raw)
{
	struct xml *x = obj;
	(void)prefix;
	(void)uri;
	(void)namespaces;
	(void)namespaces_n;
	(void)defaulted_n;
	if (x->failed)
		return;
	give_text(x);
	if (x->depth == x->limits.depth)
		too_much(x, "elements stand within each other deeper than that",
			x->limits.depth);
	if (++x->elements > x->limits.elements)
		too_much(x, "there are more elements than that", x->limits.elements);
	if ((size_t)n > x->limits.attributes)
		too_much(x, "an element has more attributes than that",
			x->limits.attributes);
	if (x->failed)
		return;
	struct xml_attribute *list = calloc((size_t)n + 1, sizeof *list);
	must(list != NULL);
	for (int i = 0; i < n; i++) {
		const char *from = (const char *)raw[5 * i + 3],
			   *to = (const char *)raw[5 * i + 4];
		list[i] = (struct xml_attribute){
			(const char *)raw[5 * i], {from, (size_t)(to - from)}};
		if (list[i].value.n > x->limits.value)
			too_much(x, "an attribute is longer than that", x->limits.value);
	}
	char *kept = strdup((const char *)name);
	must(kept != NULL);
	x->open[x->depth++] = kept;
	if (!x->failed && x->events.open != NULL &&
		x->events.open(x->events.obj, kept, list, (size_t)n, &x->why) < 0)
		stop(x);
	free(list);
}

static void
see_close(void *obj, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	struct xml *x = obj;
	(void)name;
	(void)prefix;
	(void)uri;
	if (x->failed || x->depth == 0)
		return;
	give_text(x);
	char *kept = x->open[--x->depth];
	if (!x->failed && x->events.close != NULL &&
		x->events.close(x->events.obj, kept, &x->why) < 0)
		stop(x);
	free(kept);
}

static void
see_doctype(void *obj, const xmlChar *name, const xmlChar *id, const xmlChar *url)
{
	struct xml *x = obj;
	(void)name;
	(void)id;
	(void)url;
	if (x->failed)
		return;
	err_set(&x->why, ERR_INPUT,
		"this file has a DOCTYPE, and such files are not taken: leave that line "
		"out");
	stop(x);
}

/* "<!-->" and "<!--->" begin a comment in XML and are a whole one in HTML; libxml2 2.9 takes them for either, as its input is cut. So neither. */
static void
see_comment(void *obj, const xmlChar *words)
{
	struct xml *x = obj;
	x->brackets = 0;
	if (x->failed || words[words[0] == '-'] != '>')
		return;
	err_set(&x->why, ERR_INPUT, "a comment begins with \">\": put a space before it");
	stop(x);
}

static void
see_instruction(void *obj, const xmlChar *name, const xmlChar *words)
{
	struct xml *x = obj;
	(void)name;
	(void)words;
	x->brackets = 0;
}

/* Of all that iconv knows, what files are written in: the rest is stateful or a mistake, and libxml2 does not tell when it breaks off. */
static bool
is_known(const char *encoding)
{
	static const char *const whole[] = {"utf-8", "utf8", "utf-16", "utf-16le",
		"utf-16be", "us-ascii", "ascii", "koi8-r", "koi8-u", "cp866", "ibm866"};
	static const char *const begun[] = {"windows-125", "cp125", "iso-8859-"};
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
		if (strcasecmp(encoding, whole[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof begun / sizeof *begun; i++) {
		size_t n = strlen(begun[i]);
		if (strncasecmp(encoding, begun[i], n) == 0 &&
			strspn(encoding + n, "0123456789") == strlen(encoding + n))
			return true;
	}
	return false;
}

static void
see_start(void *obj)
{
	struct xml *x = obj;
	const char *encoding = (const char *)x->parser->encoding;
	if (encoding == NULL && x->parser->input != NULL)
		encoding = (const char *)x->parser->input->encoding;
	if (x->failed || encoding == NULL || is_known(encoding))
		return;
	err_set(&x->why, ERR_INPUT,
		"the encoding \"%.40s\" is not read here: save the file as UTF-8",
		encoding);
	stop(x);
}

/* Entities: the five, and no others. */
static xmlEntityPtr
see_entity(void *obj, const xmlChar *name)
{
	struct xml *x = obj;
	xmlEntityPtr known = xmlGetPredefinedEntity(name);
	if (known == NULL && !x->failed) {
		err_set(&x->why, ERR_INPUT, "\"&%.40s;\" means nothing here",
			(const char *)name);
		stop(x);
	}
	return known;
}

static void
see_error(void *obj, xmlErrorPtr error)
{
	struct xml *x = obj;
	if (x->failed || error->level != XML_ERR_FATAL)
		return;
	const char *said = error->message != NULL ? error->message : "broken";
	struct text t = text_trim(text_of(said));
	x->why.line = error->line;
	err_set(&x->why, ERR_INPUT, "this is not well-formed XML: %.*s", (int)t.n, t.at);
	stop(x);
}

/* --- reading --- */

static size_t
or_usual(size_t given, size_t otherwise)
{
	return given > 0 ? given : otherwise;
}

struct xml *
xml_new(const struct xml_limits *limits, const struct xml_events *events)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, init_once);
	struct xml *x = calloc(1, sizeof *x);
	must(x != NULL);
	const struct xml_limits l = limits != NULL ? *limits : usual;
	x->limits = (struct xml_limits){.bytes = or_usual(l.bytes, usual.bytes),
		.depth = or_usual(l.depth, usual.depth),
		.attributes = or_usual(l.attributes, usual.attributes),
		.value = or_usual(l.value, usual.value),
		.elements = or_usual(l.elements, usual.elements)};
	x->events = *events;
	x->open = calloc(x->limits.depth + 1, sizeof *x->open);
	x->text_cap = 256;
	x->text = malloc(x->text_cap);
	must(x->open != NULL && x->text != NULL);
	return x;
}

void
xml_free(struct xml *x)
{
	if (x == NULL)
		return;
	while (x->depth > 0)
		free(x->open[--x->depth]);
	if (x->parser != NULL) {
		if (x->parser->myDoc != NULL)
			xmlFreeDoc(x->parser->myDoc);
		xmlFreeParserCtxt(x->parser);
	}
	free(x->open);
	free(x->text);
	free(x);
}

static void
begin(struct xml *x)
{
	xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
		.internalSubset = see_doctype,
		.externalSubset = see_doctype,
		.startDocument = see_start,
		.getEntity = see_entity,
		.startElementNs = see_open,
		.endElementNs = see_close,
		.characters = see_text,
		.ignorableWhitespace = see_text,
		.cdataBlock = see_cdata,
		.comment = see_comment,
		.processingInstruction = see_instruction,
		.serror = see_error};
	x->parser = xmlCreatePushParserCtxt(&sax, x, NULL, 0, NULL);
	must(x->parser != NULL);
	xmlCtxtUseOptions(
		x->parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

static int
fail(struct xml *x, struct err *e)
{
	*e = x->why;
	return -1;
}

static int
feed(struct xml *x, const char *at, size_t n, bool last, struct err *e)
{
	int rc = xmlParseChunk(x->parser, at, (int)n, last);
	if (!x->failed && rc != 0 && x->parser->wellFormed == 0) {
		err_set(&x->why, ERR_INPUT, "this is not well-formed XML");
		stop(x);
	}
	return x->failed ? fail(x, e) : 0;
}

/* Four bytes a character, or none of ASCII's: libxml2 sees it by the first four bytes, and where these come one after another it reads on in
 * another way. */
static bool
is_odd(const unsigned char *head)
{
	static const unsigned char ebcdic[4] = {0x4C, 0x6F, 0xA7, 0x94}; /* "<?xm" */
	return (head[0] | head[1]) == 0 || (head[2] | head[3]) == 0 ||
	       memcmp(head, ebcdic, sizeof ebcdic) == 0;
}

/* Looks at the first bytes as they come, before the parser does. */
static void
look_at_head(struct xml *x, const unsigned char *at, size_t n)
{
	size_t had = x->bytes;
	for (size_t i = 0; i < n && had + i < sizeof x->head; i++)
		x->head[had + i] = at[i];
	if (had < sizeof x->head && had + n >= sizeof x->head && is_odd(x->head)) {
		err_set(&x->why, ERR_INPUT,
			"the encoding of this file is not read here: save it as UTF-8");
		stop(x);
	}
}

int
xml_feed(struct xml *x, const void *bytes, size_t n, struct err *e)
{
	const char *at = bytes;
	must(!x->ended);
	if (x->failed)
		return fail(x, e);
	if (x->parser == NULL)
		begin(x);
	if (n > x->limits.bytes - x->bytes) {
		too_much(x, "the file is larger than that, in bytes", x->limits.bytes);
		return fail(x, e);
	}
	look_at_head(x, bytes, n);
	if (x->failed)
		return fail(x, e);
	x->bytes += n;
	while (n > 0) {
		size_t k = n < PIECE_BYTES ? n : PIECE_BYTES;
		if (feed(x, at, k, false, e) < 0)
			return -1;
		at += k;
		n -= k;
	}
	return 0;
}

int
xml_end(struct xml *x, struct err *e)
{
	must(!x->ended);
	x->ended = true;
	if (x->failed)
		return fail(x, e);
	if (x->bytes == 0) {
		err_set(&x->why, ERR_INPUT, "the file is empty");
		x->failed = true;
		return fail(x, e);
	}
	if (feed(x, "", 0, true, e) < 0)
		return -1;
	/* libxml2 is content with some files that end before they begin */
	if (x->elements == 0 || x->depth > 0) {
		err_set(&x->why, ERR_INPUT,
			x->depth > 0 ? "the file is cut off" : "there is no element in it");
		stop(x);
		return fail(x, e);
	}
	return 0;
}
