/* XML as it streams by (libxml2's SAX): for files of strangers (CommerceML, feeds, sheets). What makes XML dangerous is not there: any
 * DOCTYPE is refused, so there are no entities but the five and characters by number; nothing is ever loaded; depth, size and the length of
 * every name and value have an end. Memory does not grow with the file.
 *
 *   struct xml_events on = {.open = see_open, .text = see_text, .close = see_close, .obj = &import};
 *   struct xml *x = xml_new(&limits_or_NULL, &on);
 *   while ((n = read(fd, part, sizeof part)) > 0)
 *           if (xml_feed(x, part, n, e) < 0) ...
 *   xml_end(x, e);  xml_free(x); */
#ifndef MARKUP_XML_H
#define MARKUP_XML_H

#include "base/val.h"

struct err;
struct xml;

struct xml_limits {	   /* 0: as said behind */
	size_t bytes;	   /* of the file: 20 MB */
	size_t depth;	   /* 64 */
	size_t attributes; /* of one element: 64 */
	size_t value;	   /* bytes of one attribute or one run of text: 1 MB */
	size_t elements;   /* 10 million */
};

struct xml_attribute {
	const char *name;  /* without its prefix */
	struct text value; /* UTF-8, entities undone */
};

/* Called in the order of the file; each may be NULL. Borrowed for the call. 0 go on, or -1 with *e filled: reading ends with it.
 * text comes once for all that stands between two tags, joined (CDATA too), and not when that is white space only (unless blanks is set);
 * before is the element it stands in. Comments and processing instructions are passed over; one that begins with ">" or "->" is refused. */
struct xml_events {
	int (*open)(void *obj, const char *name, const struct xml_attribute *attributes,
		size_t n, struct err *e);
	int (*text)(void *obj, const char *before, struct text t, struct err *e);
	int (*close)(void *obj, const char *name, struct err *e);
	void *obj;
	bool blanks;
};

/* limits NULL: the usual ones. events is copied. Free with xml_free (NULL is fine). */
struct xml *xml_new(const struct xml_limits *limits, const struct xml_events *events);
void xml_free(struct xml *x);

/* The next piece, any size. The encoding is the file's own (its mark or declaration: UTF-8, UTF-16, windows-1251, koi8-r, ...). 0, or -1 and
 * nothing more may be fed: ERR_INPUT with e->line what is wrong, ERR_SIZE a limit, or what an event said. */
int xml_feed(struct xml *x, const void *bytes, size_t n, struct err *e);
/* The file is over: 0, or -1 ERR_INPUT it is cut off or empty. */
int xml_end(struct xml *x, struct err *e);

#endif
