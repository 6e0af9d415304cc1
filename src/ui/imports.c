/* See imports.h. */
#include "ui/imports.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "exchange/import_feed.h"
#include "exchange/import.h"
#include "profile/field.h"
#include "ui/frame.h"
#include "ui/sentence.h"
#include "ui/show.h"
#include "web/page.h"
#include "web/reason.h"
#include "web/upload.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { REFUSED_ROWS = 10, ROWS = 100 };

/* Somebody else's file whose columns go to fields this user may not see is not shown: its rows have the values. 0 / -1 ERR_DENIED */
static int
check_open(struct web *w, const struct import *im, struct err *e)
{
	struct val names;
	const struct val *columns = val_get(&im->mapping, "mapping");
	if (im->created_by == w->session->user.id)
		return 0;
	if (show_hidden(w, &names, e) < 0)
		return -1;
	for (size_t i = 0; val_len(&names) > 0 && i < val_len(columns); i++) {
		const struct val *to = &columns->map->at[i].val;
		if (to->kind == VAL_MAP)
			to = val_get(to, "to");
		for (size_t k = 0; k < val_len(&names); k++)
			if (text_same(val_as_text(to), val_as_text(&names.list->at[k])))
				return err_set(
					e, ERR_DENIED, "there are personal fields in it");
	}
	return 0;
}

static int
find(struct web *w, struct import *im, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0 ||
		web_found(import_by_id(w->arena, w->db, w->company.id, id, im, e), e) < 0)
		return -1;
	return check_open(w, im, e);
}

static const char *
page_of(struct web *w, const struct import *im)
{
	return arena_printf(w->arena, "/imports/%lld", (long long)im->id);
}

int
ui_import_list(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list, feeds,
		   before = val_of(web_query(w, "before"));
	if (import_all(w->arena, w->db, w->company.id, val_as_int(&before, INT64_MAX),
		    &list, e) < 0 ||
		import_feed_all(w->arena, w->db, w->company.id, &feeds, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&feeds); i++) {
		struct val *f = &feeds.list->at[i];
		int64_t minute = val_as_int(val_get(f, "minute_of_day"), 0);
		sentence_say(w, f, "said");
		val_put(w->arena, f, "clock",
			val_text(arena_printf(w->arena, "%02d:%02d", (int)(minute / 60),
				(int)(minute % 60))));
	}
	val_put(w->arena, &vars, "feeds", feeds);
	val_put(w->arena, &vars, "imports", list);
	val_put(w->arena, &vars, "whole",
		val_bool(val_len(&list) < ROWS && web_query(w, "before").n == 0));
	if (val_len(&list) == ROWS)
		val_put(w->arena, &vars, "before",
			*val_get(&list.list->at[ROWS - 1], "id"));
	return ui_page(w, 200, "imports", &vars, e);
}

int
ui_import_new(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	return ui_page(w, 200, "import-new", &vars, e);
}

static int
take_upload(struct web *w, struct import *io, struct err *e)
{
	struct upload up;
	if (import_room(w->arena, w->db, w->settings, w->company.id, w->request.length, e) <
		0)
		return -1;
	int fd = files_begin(w->arena, w->settings, w->company.id, io->id, "in", e);
	if (fd < 0)
		return -1;
	if (upload_read(w, fd, &up, e) < 0 ||
		(up.bytes == 0 && err_field(e, "file", "the file is empty") < 0)) {
		close(fd);
		return -1;
	}
	io->name = up.filename;
	io->bytes = up.bytes;
	return files_end(w->arena, w->settings, w->company.id, io->id, "in", fd, e);
}

int
ui_import_make(struct web *w, struct err *e)
{
	struct import im = {.id = id_make(),
		.shape = val_null(),
		.mapping = val_null(),
		.created_by = w->session->user.id};
	if (take_upload(w, &im, e) == 0 &&
		import_create(w->arena, w->db, w->settings, &w->company, &im, e) == 0) {
		if (ui_audit(w, "import.create", im.id, im.name, e) < 0)
			return -1;
		response_redirect(w, page_of(w, &im));
		return 0;
	}
	struct val vars = val_map(w->arena);
	int status;
	files_drop(w->arena, w->settings, w->company.id, im.id, "in");
	if (e->code == ERR_SIZE)
		e->code = ERR_LIMIT; /* of the company's files: said beside the form */
	e->field[0] = '\0';
	if (ui_wrong(w, &vars, e, &status) < 0)
		return -1;
	return ui_page(w, status, "import-new", &vars, e);
}

int
ui_import_fetch(struct web *w, struct err *e)
{
	static const char *const typed[] = {"url", NULL};
	struct val vars = val_map(w->arena);
	const char *url = web_form_z(w, "url");
	int64_t id;
	int status;
	if (import_fetch(w->arena, w->db, w->company.id, url, w->session->user.id, &id,
		    e) == 0) {
		if (ui_audit(w, "import.create", id, url, e) < 0)
			return -1;
		response_redirect(
			w, arena_printf(w->arena, "/imports/%lld", (long long)id));
		return 0;
	}
	if (ui_wrong(w, &vars, e, &status) < 0)
		return -1;
	ui_typed(w, &vars, typed);
	return ui_page(w, status, "import-new", &vars, e);
}

static struct val
import_vars(struct web *w, const struct import *im)
{
	struct arena *a = w->arena;
	struct val v = val_map(a);
	int64_t now_us = im->ended_at_us != 0 ? im->ended_at_us : time_now_us();
	int64_t took_us = im->started_at_us != 0 ? now_us - im->started_at_us : 0;
	int64_t rate = took_us > 0 ? im->rows * SECOND_US / took_us : 0;
	int64_t percent = im->bytes > 0 ? im->bytes_done * 100 / im->bytes : 0;
	val_put(a, &v, "id", val_id(a, im->id));
	val_put(a, &v, "name", val_text(im->name));
	val_put(a, &v, "state", val_text(im->state));
	val_put(a, &v, "error", val_of(sentence_in(w, text_of(im->error))));
	val_put(a, &v, "rows", val_int(im->rows));
	val_put(a, &v, "inserted", val_int(im->inserted));
	val_put(a, &v, "updated", val_int(im->updated));
	val_put(a, &v, "skipped", val_int(im->skipped));
	val_put(a, &v, "failed", val_int(im->failed));
	val_put(a, &v, "warned", val_int(im->warned));
	val_put(a, &v, "has_errors", val_bool(im->errors_bytes > 0));
	val_put(a, &v, "is_mapped", val_bool(val_get(&im->mapping, "key") != NULL));
	val_put(a, &v, "has_file", val_bool(im->bytes > 0));
	val_put(a, &v, "percent", val_int(percent > 100 ? 100 : percent));
	val_put(a, &v, "rate", val_int(rate));
	val_put(a, &v, "left_s",
		val_int(im->bytes_done > 0 && took_us > 0
				? (im->bytes - im->bytes_done) * (took_us / 1000) /
					  im->bytes_done / 1000
				: 0));
	val_put(a, &v, "took_s", val_int(took_us / SECOND_US));
	val_put(a, &v, "started_at_us", val_int(im->started_at_us));
	val_put(a, &v, "shape", im->shape);
	val_put(a, &v, "tabbed",
		val_bool(text_is(val_as_text(val_get(&im->shape, "delimiter")), "\t")));
	return v;
}

static bool
is_prepared(const struct import *im)
{
	return (strcmp(im->state, "new") == 0 || strcmp(im->state, "checked") == 0) &&
	       im->bytes > 0;
}

/* "E-mail: anna@shop.by, Город: Минск" */
static struct text
shown(struct web *w, const struct val *row)
{
	struct arena *a = w->arena;
	const struct val *fields = val_get(row, "fields"),
			 *agreed = val_get(row, "consents");
	struct str s = str_new(a);
	str_addz(&s, "");
	for (size_t i = 0; i < val_len(fields); i++) {
		const struct val_pair *p = &fields->map->at[i];
		struct val f = val_map(a);
		val_put(a, &f, "name", val_of(p->key));
		val_put(a, &f, "label", val_of(p->key));
		val_put(a, &f, "state", val_text("default"));
		show_label(w, &f);
		str_addf(&s, "%s%s: ", s.n > 0 ? ", " : "",
			val_as_z(a, val_get(&f, "label")));
		str_addt(&s, show_value(w, &f, &p->val));
	}
	for (size_t i = 0; i < val_len(agreed); i++) {
		const struct val *c = &agreed->list->at[i];
		bool granted = val_as_bool(val_get(c, "granted"), false);
		str_addf(&s, "%s%s: %s", s.n > 0 ? ", " : "",
			val_as_z(a, val_get(c, "channel")), granted ? "+" : "\u2212");
	}
	return str_text(&s);
}

/* Rows of a preview get their reasons in words. */
static void
say_reasons(struct web *w, struct val *rows)
{
	struct arena *a = w->arena;
	for (size_t i = 0; i < val_len(rows); i++) {
		struct val *r = &rows->list->at[i];
		enum why why = (enum why)val_as_int(val_get(r, "why"), 0);
		val_put(a, r, "reason",
			val_of(reason_say(a, page_words(w), why,
				val_as_z(a, val_get(r, "column")),
				val_as_text(val_get(r, "value")))));
		val_put(a, r, "shown", val_of(shown(w, r)));
	}
}

/* The page: in preparation with its form, else how it goes. mapping: what the form shows. */
static int
show(struct web *w, int status, const struct import *im, const struct val *mapping,
	struct val *vars, struct err *e)
{
	struct val rows, choices, refused = val_list(w->arena);
	struct err ignored;
	val_put(w->arena, vars, "im", import_vars(w, im));
	if (im->ended_at_us != 0 && import_refused(w->arena, w->settings, im, REFUSED_ROWS,
					    &refused, &ignored) < 0)
		refused = val_list(w->arena);
	val_put(w->arena, vars, "refused", refused);
	if (is_prepared(im)) {
		if (import_preview(w->arena, w->db, w->settings, &w->company, im, NULL,
			    &rows, &choices, e) < 0 ||
			import_form_vars(w, im, mapping, &rows, vars, e) < 0)
			return -1;
		val_put(w->arena, vars, "choices", choices);
		val_put(w->arena, vars, "prepared", val_bool(true));
	}
	return ui_page(w, status, "import", vars, e);
}

int
ui_import_page(struct web *w, struct err *e)
{
	struct import im;
	struct val vars = val_map(w->arena);
	if (find(w, &im, e) < 0)
		return -1;
	return show(w, 200, &im, &im.mapping, &vars, e);
}

int
ui_import_shape(struct web *w, struct err *e)
{
	struct import im;
	struct arena *a = w->arena;
	struct val shape = val_map(a), vars = val_map(a);
	int status;
	if (find(w, &im, e) < 0)
		return -1;
	struct text delimiter = web_form(w, "delimiter"), quote = web_form(w, "quote");
	val_put(a, &shape, "kind", *val_get(&im.shape, "kind"));
	val_put(a, &shape, "encoding", val_of(web_form(w, "encoding")));
	val_put(a, &shape, "delimiter",
		text_is(delimiter, "tab") ? val_text("\t") : val_of(delimiter));
	val_put(a, &shape, "quote", text_is(quote, "none") ? val_text("") : val_of(quote));
	val_put(a, &shape, "has_header", val_bool(web_form(w, "has_header").n > 0));
	val_put(a, &shape, "sheet", val_of(web_form(w, "sheet")));
	val_put(a, &shape, "record", val_of(web_form(w, "record")));
	struct import before = im;
	if (import_reshape(a, w->db, w->settings, &w->company, &im, &shape, e) < 0) {
		e->field[0] = '\0';
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		return show(w, status, &before, &before.mapping, &vars, e);
	}
	response_redirect(w, page_of(w, &im));
	return 0;
}

int
ui_import_preview(struct web *w, struct err *e)
{
	struct import im;
	struct mapping m;
	struct val vars = val_map(w->arena), mapping, made, rows = val_list(w->arena);
	if (find(w, &im, e) < 0)
		return -1;
	import_form(w, &im, &mapping, &made);
	if (import_mapping(w->arena, w->db, &im, &mapping, &made, &m, e) < 0 ||
		import_preview(w->arena, w->db, w->settings, &w->company, &im, &m, &rows,
			NULL, e) < 0) {
		if (e->code != ERR_INPUT)
			return -1;
		e->field[0] = '\0';
		val_put(w->arena, &vars, "problem", val_of(ui_sentence(w, e)));
	}
	say_reasons(w, &rows);
	val_put(w->arena, &vars, "rows", rows);
	val_put(w->arena, &vars, "names", im.columns);
	return page_show(w, 200, "part/import-preview", &vars, e);
}

static int
make_fields(struct web *w, const struct val *made, struct err *e)
{
	for (size_t i = 0; i < val_len(made); i++) {
		const struct val *f = &made->list->at[i];
		const char *name = val_as_z(w->arena, val_get(f, "name"));
		if (field_put(w->db, w->company.id, name, name,
			    val_as_z(w->arena, val_get(f, "type")), e) < 0 ||
			ui_audit(w, "field.put", 0, name, e) < 0)
			return -1;
	}
	return 0;
}

int
ui_import_start(struct web *w, struct err *e)
{
	struct import im;
	struct mapping m;
	struct val vars = val_map(w->arena), mapping, made;
	bool dry = web_form(w, "dry").n > 0;
	int status;
	if (find(w, &im, e) < 0)
		return -1;
	import_form(w, &im, &mapping, &made);
	if (import_mapping(w->arena, w->db, &im, &mapping, &made, &m, e) == 0 &&
		make_fields(w, &made, e) == 0 &&
		import_start(w->arena, w->db, w->settings, &w->company, &im, &mapping, dry,
			w->session->user.id, e) == 0) {
		if (ui_audit(w, dry ? "import.check" : "import.start", im.id, im.name, e) <
			0)
			return -1;
		response_redirect(w, page_of(w, &im));
		return 0;
	}
	e->field[0] = '\0';
	if (ui_wrong(w, &vars, e, &status) < 0)
		return -1;
	return show(w, status, &im, &mapping, &vars, e);
}

int
ui_import_cancel(struct web *w, struct err *e)
{
	struct import im;
	if (find(w, &im, e) < 0)
		return -1;
	int done = import_cancel(w->arena, w->db, &im, e);
	if (done < 0 || (done == 1 && ui_audit(w, "import.cancel", im.id, im.name, e) < 0))
		return -1;
	response_redirect(w, page_of(w, &im));
	return 0;
}

int
ui_import_undo(struct web *w, struct err *e)
{
	struct import im;
	if (find(w, &im, e) < 0)
		return -1;
	if (import_undo(w->arena, w->db, &im, w->session->user.id, e) == 0) {
		if (ui_audit(w, "import.undo", im.id, im.name, e) < 0)
			return -1;
	} else if (e->code != ERR_CONFLICT) {
		return -1;
	}
	response_redirect(w, page_of(w, &im));
	return 0;
}

int
ui_import_repeat(struct web *w, struct err *e)
{
	struct import im;
	struct val hours = val_of(web_form(w, "every_h")), vars = val_map(w->arena);
	struct text clock = web_form(w, "clock");
	struct import_feed_order o = {.url = web_form_z(w, "url"),
		.every_h = val_as_int(&hours, 0),
		.user_id = w->session->user.id};
	int64_t id;
	int hour = 0, minute = 0, status;
	if (find(w, &im, e) < 0)
		return -1;
	if (o.every_h == 0 &&
		sscanf(text_z(w->arena, clock), "%2d:%2d", &hour, &minute) != 2)
		o.minute_of_day = -1;
	else
		o.minute_of_day = hour * 60 + minute;
	if (import_feed_add(w->arena, w->db, &w->company, &im, &o, &id, e) == 0) {
		if (ui_audit(w, "import.repeat", id, o.url, e) < 0)
			return -1;
		page_flash(w, T_("import.repeats"));
		response_redirect(w, "/imports");
		return 0;
	}
	if (e->code != ERR_INPUT && e->code != ERR_CONFLICT)
		return -1;
	status = 422;
	val_put(w->arena, &vars, "problem", val_of(ui_sentence(w, e)));
	return show(w, status, &im, &im.mapping, &vars, e);
}

int
ui_import_feed_state(struct web *w, struct err *e)
{
	int64_t id;
	const char *url;
	bool on = text_is(web_form(w, "state"), "active");
	if (web_id(w, "id", &id, e) < 0 ||
		web_found(import_feed_set_state(
				  w->arena, w->db, w->company.id, id, on, &url, e),
			e) < 0 ||
		ui_audit(w, on ? "import.repeat" : "import.rest", id, url, e) < 0)
		return -1;
	response_redirect(w, "/imports");
	return 0;
}

int
ui_import_errors(struct web *w, struct err *e)
{
	struct import im;
	if (find(w, &im, e) < 0)
		return -1;
	if (im.errors_bytes == 0) {
		response_bytes(w, 200, "text/csv; charset=utf-8", text_of(""));
		return 0;
	}
	return response_file(w,
		files_path(w->arena, w->settings, w->company.id, im.id, "err"),
		im.errors_bytes, "text/csv; charset=utf-8",
		arena_printf(w->arena, "errors-%lld.csv", (long long)im.id), e);
}

int
ui_import_progress(struct web *w, struct err *e)
{
	struct import im;
	struct val vars = val_map(w->arena);
	if (find(w, &im, e) < 0)
		return -1;
	if (!text_same(web_query(w, "state"), text_of(im.state)))
		response_header(w, "HX-Refresh", "true");
	val_put(w->arena, &vars, "im", import_vars(w, &im));
	return page_show(w, 200, "part/import-figures", &vars, e);
}
