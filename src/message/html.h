/* What is done to a letter's rendered HTML: links are changed where they stand, nothing else is rewritten; a plain text is made of it. */
#ifndef MESSAGE_HTML_H
#define MESSAGE_HTML_H

#include "base/str.h"

struct arena;

/* What to write instead of a link's address (decoded): a new address, or NULL to leave it. */
typedef const char *html_link(struct arena *a, void *obj, struct text url);

/* The same HTML with the addresses of <a> and <area> changed. */
struct text html_links(struct arena *a, struct text html, html_link *change, void *obj);

/* Puts something in front of the last </body>, or at the end. */
struct text html_append(struct arena *a, struct text html, struct text more);

/* The text a reader without HTML gets: blocks on lines of their own, "link words (address)", entities decoded. */
struct text html_plain(struct arena *a, struct text html);

#endif
