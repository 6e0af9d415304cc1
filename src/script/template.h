/* Templates: one engine for our pages and for letters.
 *
 *   {{ expr }}     a Lua expression, escaped for where it stands: HTML text, quoted attribute, URL attribute, plain text
 *   {{{ expr }}}   raw
 *   {% if e %} {% elseif e %} {% else %} {% end %}
 *   {% for x in list %} … {% end %}   {% for k, v in map %} … {% end %} (maps in the order of their keys)
 *   {% local x = expr %}   {# comment #}
 *   {% include "part/name" %}   sees the same variables;   {% include "part/name" with { a = 1 } %} those on top
 *   {% layout "page/frame" %}   this body is rendered first, the frame prints it with {{{ body }}}; what the page sets with
 *                               {% set title = expr %} the frame sees as a variable
 *
 * A missing variable prints nothing, and so do its fields (profile.x.y); joining with .. wants default(v, ""). Functions: default(v, "…") date(v, "dd.MM.yyyy")
 * (also "short", "long", "time", "datetime", "ago") money(minor, "BYN") number(v [, digits]) plural(n, one, few, many) upper lower
 * truncate(v, n) json(v) url(v) join(list, sep) and the library of the box (text, list, math, …). Pages are given t("key", {args}).
 * Inside <script> only json(v) may be printed; inside <style>, comments and on… attributes nothing. Attributes are quoted. In
 * href, src, action, formaction, poster and hx-get/post/… only http, https, mailto, tel, relative addresses come out (else "#").
 *
 * A template and a set belong to one thread. */
#ifndef SCRIPT_TEMPLATE_H
#define SCRIPT_TEMPLATE_H

#include "base/str.h"
#include "base/val.h"
#include "script/box.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct err;
struct settings;
struct zone;
struct template_set;
struct template;

enum template_mode {
	TEMPLATE_HTML,
	TEMPLATE_PLAIN,	 /* no escaping */
	TEMPLATE_SUBJECT /* plain, line ends and controls become spaces */
};

struct template_view {	      /* how one rendering looks; what is NULL or 0 has a default */
	const char *language; /* "ru", "en": plural, names of months; default "en" */
	const struct zone *zone; /* default UTC */
	const char *currency;	 /* of money(v); default none */
	int64_t now_us;		 /* of "ago" and now; default the clock */
};

/* Files under dir/NAME.html (dir is usually settings.templates_dir), compiled at first use and kept; when watch is set a file that
 * changed is compiled again. use is BOX_PAGE for our pages. */
struct template_set *template_set_new(
	const char *dir, const struct settings *s, enum box_use use, bool watch);
/* A set without files for templates given as text: letters of one company. */
struct template_set *template_set_letters(const struct settings *s);
void template_set_free(struct template_set *set);

/* Host functions for all templates of the set, such as t(). Before the first template. obj must outlive the set, or be changed
 * between renderings by the caller through what it points to. */
void template_set_give(struct template_set *set, const char *name, box_fn *fn, void *obj);

/* Renders a file's template; out grows on its own arena. 0, or -1: ERR_INPUT with e->line and the template's name in the text. */
int template_page(struct template_set *set, const char *name, const struct val *vars,
	const struct template_view *view, struct str *out, struct err *e);

/* Compiles a text, at most 1 MB, kept in the set until template_drop. name is for messages. 0 / -1 ERR_INPUT with e->line. */
int template_compile(struct template_set *set, struct text text, const char *name,
	enum template_mode mode, struct template **out, struct err *e);
void template_drop(struct template *t);

/* Renders; a limit or an error of an expression is -1 with e->line. */
int template_render(struct template *t, const struct val *vars,
	const struct template_view *view, struct str *out, struct err *e);

/* The variables it names ("profile.first_name", "order"), a list of texts without repeats, for "this letter needs". */
struct val template_names(struct arena *a, const struct template *t);

/* A clean name for files: letters, digits, "_-" and single "/" between; no dots. */
bool template_name_is(const char *name);

#endif
