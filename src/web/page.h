/* Pages: a template in the frame, in the user's language, with the names of the assets. One struct pages per thread. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "base/val.h"
#include "web/words.h"

struct err;
struct pages;
struct settings;
struct web;

int pages_open(const struct settings *s, struct pages **out, struct err *e);
void pages_close(struct pages *p);

/* The words of this request: of the user, else of the cookie "lang", else what the browser prefers, else the company's. */
const struct words *page_words(struct web *w);

/* One text of them, for sentences made in C: page_say(w, T_("key"), &args). */
struct text page_say(struct web *w, const char *key, const struct val *args);

/* Renders templates/NAME.html into the answer. vars is a map; added to it are
 *   lang, theme, zone, csrf, path (of this request), now_us, part (htmx asked for a part of the page),
 *   asset (map: logical name to address), user, company (maps, or missing), demo, flash (text),
 * and functions: t("key", {args}), icon("name" [, "class"]) and when(us [, "short"]) that give markup for {{{ }}}. */
int page_show(struct web *w, int status, const char *name, struct val *vars, struct err *e);

/* What the next page shows on top, once: a key of the words. */
void page_flash(struct web *w, const char *key);

#endif
