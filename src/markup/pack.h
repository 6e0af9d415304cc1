/* A ZIP archive of strangers, read a piece at a time. What makes archives dangerous is refused at the opening (SECURITY 3.11): too many
 * entries, too much when inflated, names that lead elsewhere, links, encryption; and what is really inflated is counted while it is read,
 * whatever the directory says. */
#ifndef MARKUP_PACK_H
#define MARKUP_PACK_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct err;
struct pack;
struct pack_part;
struct xml_events;

enum { PACK_ENTRIES_MAX = 1000, PACK_RATIO_MAX = 100, PACK_RATIO_FROM = 1024 * 1024 };
#define PACK_BYTES_MAX                                                                     \
	(INT64_C(200) << 20) /* inflated, of all that is read of one archive */

/* Opens; lives as long as a. -1 ERR_MISSING no file, ERR_INPUT no ZIP, or one that is refused. */
int pack_open(struct arena *a, const char *path, struct pack **out, struct err *e);

/* Begins to read an entry, its name in any case: 1 / 0 there is none / -1. Closed with pack_close (NULL is fine), before a's reset. */
int pack_part(struct pack *p, const char *name, struct pack_part **out, struct err *e);
/* The next bytes: how many, 0 at the end, -1 ERR_INPUT broken, ERR_SIZE more than may be. */
long pack_read(struct pack_part *part, void *at, size_t n, struct err *e);
void pack_close(struct pack_part *part);
/* Inflated bytes read and in all, as the directory says. */
void pack_progress(const struct pack_part *part, int64_t *done, int64_t *total);

/* Reads a whole entry as XML: 1 / 0 there is none / -1. */
int pack_xml(
	struct pack *p, const char *name, const struct xml_events *events, struct err *e);

#endif
