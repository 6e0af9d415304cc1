/* See export.h. */
#include "ui/export.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "exchange/export.h"
#include "segment/option.h"
#include "segment/store.h"
#include "ui/frame.h"
#include "ui/question.h"
#include "ui/sentence.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum { ROWS = 50, KB = 1024, MB = 1024 * 1024 };

/* --- the list --- */

static struct text
size_words(struct web *w, int64_t bytes)
{
	struct val args = val_map(w->arena);
	val_put(w->arena, &args, "n",
		val_int(bytes < MB ? (bytes + KB - 1) / KB : bytes / MB));
	return bytes < MB ? page_say(w, T_("export.kb"), &args)
			  : page_say(w, T_("export.mb"), &args);
}

/* vars.exports: with percent, size and last_day (words), going; vars.going: one of them is. */
static int
put_exports(struct web *w, struct val *vars, struct err *e)
{
	struct val list, before = val_of(web_query(w, "before"));
	bool any = false;
	if (export_all(w->arena, w->db, w->company.id, val_as_int(&before, INT64_MAX), ROWS,
		    &list, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val *x = &list.list->at[i];
		struct text state = val_as_text(val_get(x, "state"));
		bool going = text_is(state, "queued") || text_is(state, "running");
		sentence_say(w, x, "error");
		val_put(w->arena, x, "going", val_bool(going));
		val_put(w->arena, x, "percent",
			val_int(show_percent(val_as_int(val_get(x, "done"), 0),
				val_as_int(val_get(x, "total"), 0))));
		val_put(w->arena, x, "size",
			val_of(size_words(w, val_as_int(val_get(x, "size_bytes"), 0))));
		val_put(w->arena, x, "last_day",
			val_of(show_day(w, val_as_int(val_get(x, "until_us"), 0))));
		any |= going;
	}
	val_put(w->arena, vars, "exports", list);
	val_put(w->arena, vars, "going", val_bool(any));
	if (val_len(&list) == ROWS)
		val_put(w->arena, vars, "before", *val_get(&list.list->at[ROWS - 1], "id"));
	return 0;
}

int
ui_export_list(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	return put_exports(w, &vars, e) < 0 ? -1 : ui_page(w, 200, "exports", &vars, e);
}

int
ui_export_rows(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	return put_exports(w, &vars, e) < 0 ? -1
					    : page_show(w, 200, "part/exports", &vars, e);
}

/* --- a new one --- */

struct choice {
	struct text source, rule, search, ids, format,
		delimiter; /* source: "all", "rule", "ids" (joined by dots) or a segment's id */
	struct val columns; /* names in order */
};

/* What a column is called. */
static void
label(struct web *w, struct val *column)
{
	static const struct {
		const char *end, *key;
	} consents[] = {{".at", T_("export.consent_at")},
		{".proof", T_("export.consent_proof")}, {"", T_("export.consent")}};
	struct text name = val_as_text(val_get(column, "name"));
	if (text_is(name, "id"))
		val_put(w->arena, column, "label",
			val_of(page_say(w, T_("export.id"), NULL)));
	else if (text_is(name, "anonymous_id"))
		val_put(w->arena, column, "label",
			val_of(page_say(w, T_("export.devices"), NULL)));
	else if (text_is(name, "segments"))
		val_put(w->arena, column, "label",
			val_of(page_say(w, T_("menu.segments"), NULL)));
	else if (!text_starts(name, "consent."))
		show_label(w, column);
	else
		for (size_t i = 0; i < 3; i++) {
			size_t k = strlen(consents[i].end);
			struct val args = val_map(w->arena);
			if (name.n < 8 + k ||
				memcmp(name.at + name.n - k, consents[i].end, k) != 0)
				continue;
			const char *channel = arena_printf(w->arena, "channel.%.*s",
				(int)(name.n - k - 8), name.at + 8);
			val_put(w->arena, &args, "channel",
				val_of(page_say(w, channel, NULL)));
			val_put(w->arena, column, "label",
				val_of(page_say(w, consents[i].key, &args)));
			break;
		}
}

static int64_t
place_of(const struct val *list, struct text name)
{
	for (size_t i = 0; i < val_len(list); i++)
		if (text_same(val_as_text(&list->list->at[i]), name))
			return (int64_t)i;
	return -1;
}

/* Columns this user may see. */
static int
open_columns(struct web *w, struct val *out, struct err *e)
{
	struct val all;
	*out = val_list(w->arena);
	if (export_columns(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++)
		if (!show_hides(w, &all.list->at[i]))
			val_push(w->arena, out, all.list->at[i]);
	return 0;
}

/* Personal fields do not leave in a manager's file, whatever the form says. */
static int
check_open(struct web *w, const struct val *columns, struct err *e)
{
	struct val all;
	if (export_columns(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++)
		if (show_hides(w, &all.list->at[i]) &&
			place_of(columns, val_as_text(val_get(&all.list->at[i], "name"))) >=
				0)
			return err_set(e, ERR_DENIED, "this field is personal");
	return 0;
}

/* vars.columns: {name, label, on}, the chosen first, in their order. */
static int
put_columns(struct web *w, const struct val *chosen, struct val *vars, struct err *e)
{
	struct val all, list = val_list(w->arena), rest = val_list(w->arena);
	if (open_columns(w, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(chosen); i++)
		for (size_t k = 0; k < val_len(&all); k++) {
			struct val c = all.list->at[k];
			if (!text_same(val_as_text(val_get(&c, "name")),
				    val_as_text(&chosen->list->at[i])))
				continue;
			val_put(w->arena, &c, "on", val_bool(true));
			val_push(w->arena, &list, c);
			break;
		}
	for (size_t k = 0; k < val_len(&all); k++)
		if (place_of(chosen, val_as_text(val_get(&all.list->at[k], "name"))) < 0)
			val_push(w->arena, &rest, all.list->at[k]);
	for (size_t i = 0; i < val_len(&list); i++)
		label(w, &list.list->at[i]);
	for (size_t i = 0; i < val_len(&rest); i++)
		label(w, &rest.list->at[i]);
	val_put(w->arena, vars, "columns", list);
	val_put(w->arena, vars, "rest", rest);
	return 0;
}

/* Those chosen one by one. */
static struct val
ids_of(struct web *w, const struct choice *c)
{
	struct val list = val_list(w->arena);
	struct text t = c->ids;
	while (t.n > 0) {
		const char *dot = memchr(t.at, '.', t.n);
		size_t n = dot != NULL ? (size_t)(dot - t.at) : t.n;
		struct val id = val_bytes(t.at, n);
		if (val_as_int(&id, 0) > 0)
			val_push(w->arena, &list, id);
		t = (struct text){t.at + n + (dot != NULL), t.n - n - (dot != NULL)};
	}
	return list;
}

/* How many: everybody, or whom the choice's rule and search mean. As question_ask. */
static int
count_of(struct web *w, const struct choice *c, struct val *vars, int64_t *n, struct err *e)
{
	struct people_query q = {.limit = 1};
	struct people_page p;
	if (c != NULL) {
		q.rule = c->rule;
		q.search = c->search;
	}
	int done = question_page(w, &q, vars, &p, e);
	*n = p.count;
	return done;
}

/* vars.sources: {value, name, n (people, missing while the columns start), on}. */
static int
put_sources(struct web *w, const struct choice *c, struct val *vars, struct err *e)
{
	struct val segments, list = val_list(w->arena);
	int64_t n;
	if (segment_all(w->arena, w->db, w->company.id, &segments, e) < 0)
		return -1;
	segment_drop_archived(w->arena, &segments);
	if (c->ids.n > 0) {
		struct val one = val_map(w->arena), ids = ids_of(w, c);
		val_put(w->arena, &one, "value", val_text("ids"));
		val_put(w->arena, &one, "name",
			val_of(page_say(w, T_("export.ids"), NULL)));
		val_put(w->arena, &one, "n", val_int((int64_t)val_len(&ids)));
		val_push(w->arena, &list, one);
	}
	for (int i = 0; i < 2; i++) {
		struct val one = val_map(w->arena);
		if (i == 1 && c->rule.n == 0 && c->search.n == 0)
			break;
		int done = count_of(w, i == 0 ? NULL : c, vars, &n, e);
		if (done < 0 && e->code != ERR_INPUT && e->code != ERR_LIMIT)
			return -1;
		if (done < 0)
			val_put(w->arena, vars, "problem", val_of(ui_sentence(w, e)));
		val_put(w->arena, &one, "value", val_text(i == 0 ? "all" : "rule"));
		val_put(w->arena, &one, "name",
			val_of(i == 0 ? page_say(w, T_("export.all"), NULL)
				      : page_say(w, T_("export.rule"), NULL)));
		if (done == 1)
			val_put(w->arena, &one, "n", val_int(n));
		val_push(w->arena, &list, one);
	}
	for (size_t i = 0; i < val_len(&segments); i++) {
		const struct val *s = &segments.list->at[i];
		struct val one = val_map(w->arena);
		val_put(w->arena, &one, "value", *val_get(s, "id"));
		val_put(w->arena, &one, "name", *val_get(s, "name"));
		val_put(w->arena, &one, "n", *val_get(s, "size"));
		val_push(w->arena, &list, one);
	}
	for (size_t i = 0; i < val_len(&list); i++)
		val_put(w->arena, &list.list->at[i], "on",
			val_bool(text_same(val_as_text(val_get(&list.list->at[i], "value")),
				c->source)));
	val_put(w->arena, vars, "sources", list);
	return 0;
}

static int
show_form(
	struct web *w, int status, const struct choice *c, struct val *vars, struct err *e)
{
	if (put_columns(w, &c->columns, vars, e) < 0 || put_sources(w, c, vars, e) < 0)
		return -1;
	val_put(w->arena, vars, "rule", val_of(c->rule));
	val_put(w->arena, vars, "search", val_of(c->search));
	val_put(w->arena, vars, "ids", val_of(c->ids));
	val_put(w->arena, vars, "format", val_of(c->format));
	val_put(w->arena, vars, "delimiter", val_of(c->delimiter));
	return ui_page(w, status, "export-new", vars, e);
}

/* The columns of the last one, else the usual ones. */
static int
last_columns(struct web *w, struct val *out, struct err *e)
{
	static const char *const usual[] = {"external_id", "email", "phone", "first_name",
		"last_name", "city", "created_at"};
	struct val list;
	if (export_all(w->arena, w->db, w->company.id, INT64_MAX, 1, &list, e) < 0)
		return -1;
	*out = val_list(w->arena);
	if (val_len(&list) > 0)
		*out = *val_get(&list.list->at[0], "fields");
	for (size_t i = 0; i < sizeof usual / sizeof *usual && val_len(&list) == 0; i++)
		val_push(w->arena, out, val_text(usual[i]));
	return 0;
}

int
ui_export_new(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	struct text segment = web_query(w, "segment");
	struct choice c = {.rule = web_query(w, "rule"),
		.search = web_query(w, "search"),
		.ids = web_query(w, "ids"),
		.format = text_of("xlsx"),
		.delimiter = text_of(";")};
	c.source = segment.n > 0 ? segment
				 : text_of(c.ids.n > 0			    ? "ids"
					   : c.rule.n > 0 || c.search.n > 0 ? "rule"
									    : "all");
	return last_columns(w, &c.columns, e) < 0 ? -1 : show_form(w, 200, &c, &vars, e);
}

/* "up" or "down" of a column: it changes places. 1 it was asked for. */
static int
move(struct web *w, struct val *columns)
{
	struct text up = web_form(w, "up"), down = web_form(w, "down");
	int64_t at = place_of(columns, up.n > 0 ? up : down),
		to = up.n > 0 ? at - 1 : at + 1;
	if (up.n == 0 && down.n == 0)
		return 0;
	if (at >= 0 && to >= 0 && to < (int64_t)val_len(columns)) {
		struct val kept = columns->list->at[at];
		columns->list->at[at] = columns->list->at[to];
		columns->list->at[to] = kept;
	}
	return 1;
}

static struct val
asked_of(struct web *w, const struct choice *c)
{
	struct val asked = val_map(w->arena), source = val_map(w->arena);
	if (text_is(c->source, "all"))
		source = val_text("all");
	else if (text_is(c->source, "rule")) {
		val_put(w->arena, &source, "rule", val_of(c->rule));
		val_put(w->arena, &source, "search", val_of(c->search));
	} else if (text_is(c->source, "ids"))
		val_put(w->arena, &source, "ids", ids_of(w, c));
	else
		val_put(w->arena, &source, "segment", val_of(c->source));
	val_put(w->arena, &asked, "source", source);
	val_put(w->arena, &asked, "fields", c->columns);
	val_put(w->arena, &asked, "format", val_of(c->format));
	val_put(w->arena, &asked, "delimiter", val_of(c->delimiter));
	return asked;
}

/* A rule of the form is tried first. */
static int
check_rule(struct web *w, const struct choice *c, struct val *vars, struct err *e)
{
	int64_t n;
	if (!text_is(c->source, "rule"))
		return 0;
	int done = count_of(w, c, vars, &n, e);
	return done == 0  ? err_set(e, ERR_BUSY, "the columns are starting")
	       : done < 0 ? -1
			  : 0;
}

int
ui_export_make(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	struct choice c = {.source = web_form(w, "source"),
		.rule = text_of(web_form_z(w, "rule")),
		.search = web_form(w, "search"),
		.ids = web_form(w, "ids"),
		.format = web_form(w, "format"),
		.delimiter = web_form(w, "delimiter"),
		.columns = web_form_list(w, "c")};
	int64_t id, job;
	int status;
	if (move(w, &c.columns))
		return show_form(w, 200, &c, &vars, e);
	if (check_open(w, &c.columns, e) < 0)
		return -1;
	struct val asked = asked_of(w, &c);
	if (check_rule(w, &c, &vars, e) < 0 ||
		export_add(w->arena, w->db, w->company.id, &asked, w->session->user.id, &id,
			&job, e) < 0) {
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		return show_form(w, status, &c, &vars, e);
	}
	if (ui_audit(w, "export.create", id, text_z(w->arena, c.format), e) < 0)
		return -1;
	page_flash(w, T_("export.began"));
	response_redirect(w, "/exports");
	return 0;
}

/* --- one of them --- */

int
ui_export_cancel(struct web *w, struct err *e)
{
	struct val x;
	int64_t id;
	if (ui_find(w, export_by_id, &id, &x, e) < 0)
		return -1;
	int done = export_cancel(w->arena, w->db, w->settings, w->company.id, id, e);
	if (done < 0 || (done == 1 && ui_audit(w, "export.cancel", id, "", e) < 0))
		return -1;
	response_redirect(w, "/exports");
	return 0;
}

int
ui_export_file(struct web *w, struct err *e)
{
	struct val x;
	struct text bytes;
	const char *name, *type;
	int64_t id;
	if (ui_find(w, export_by_id, &id, &x, e) < 0 ||
		check_open(w, val_get(&x, "fields"), e) < 0)
		return -1;
	int found = export_file(
		w->arena, w->db, w->settings, w->company.id, id, &bytes, &name, &type, e);
	if (web_found(found, e) < 0 || ui_audit(w, "export.download", id, name, e) < 0)
		return -1;
	response_header(w, "Cache-Control", "no-store");
	response_header(w, "Content-Disposition",
		arena_printf(w->arena, "attachment; filename=\"%s\"", name));
	response_bytes(w, 200, type, bytes);
	return 0;
}
