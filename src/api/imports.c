/* Imports of files: upload, mapping, check, run, refused rows, taking back. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "exchange/import_feed.h"
#include "exchange/import.h"
#include "web/reason.h"
#include "web/upload.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { URL_BODY_MAX = 8 * 1024 };

static struct val
shape(struct arena *a, const struct import *im)
{
	struct val one = val_map(a);
	val_put(a, &one, "id", val_id(a, im->id));
	val_put(a, &one, "name", val_text(im->name));
	val_put(a, &one, "state", val_text(im->state));
	val_put(a, &one, "rows", val_int(im->rows));
	val_put(a, &one, "inserted", val_int(im->inserted));
	val_put(a, &one, "updated", val_int(im->updated));
	val_put(a, &one, "skipped", val_int(im->skipped));
	val_put(a, &one, "failed", val_int(im->failed));
	val_put(a, &one, "warned", val_int(im->warned));
	val_put(a, &one, "error", im->error[0] != '\0' ? val_text(im->error) : val_null());
	val_put(a, &one, "errors_url",
		im->errors_bytes > 0
			? val_text(arena_printf(
				  a, "/api/v1/imports/%lld/errors", (long long)im->id))
			: val_null());
	val_put(a, &one, "bytes", val_int(im->bytes));
	val_put(a, &one, "bytes_done", val_int(im->bytes_done));
	val_put(a, &one, "job", val_id(a, im->job_id));
	val_put(a, &one, "created_at", api_time(a, im->created_at_us));
	val_put(a, &one, "started_at", api_time(a, im->started_at_us));
	val_put(a, &one, "ended_at", api_time(a, im->ended_at_us));
	return one;
}

static int
find(struct web *w, struct import *out, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	return web_found(import_by_id(w->arena, w->db, w->company.id, id, out, e), e);
}

int
api_imports_list(struct web *w, struct err *e)
{
	struct val list;
	int64_t cursor;
	if (api_cursor(w, INT64_MAX, &cursor, e) < 0 ||
		import_all(w->arena, w->db, w->company.id, cursor, &list, e) < 0)
		return -1;
	struct val out = val_list(w->arena);
	for (size_t i = 0; i < val_len(&list); i++)
		val_push(w->arena, &out, api_card(w->arena, &list.list->at[i]));
	api_answer_list(w, out,
		val_len(&list) == 100 ? *val_get(&list.list->at[99], "id") : val_null());
	return 0;
}

/* {id, columns, guess: {column: field}, dates, remembered, format, preview: [{line, cells, action, reason}]} */
static int
answer_new(struct web *w, const struct import *im, int status, struct err *e)
{
	struct arena *a = w->arena;
	struct val one = shape(a, im), rows, guess = im->mapping;
	struct mapping m;
	struct err ignored;
	struct words *words = api_words();
	bool mapped = import_mapping(a, w->db, im, &guess, NULL, &m, &ignored) == 0;
	if (import_preview(a, w->db, w->settings, &w->company, im, mapped ? &m : NULL,
		    &rows, NULL, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&rows); i++) {
		struct val *r = &rows.list->at[i];
		enum why why = (enum why)val_as_int(val_get(r, "why"), 0);
		struct text said = reason_say(a, words, why,
			val_as_z(a, val_get(r, "column")),
			val_as_text(val_get(r, "value")));
		val_put(a, r, "reason", said.n > 0 ? val_of(said) : val_null());
	}
	val_put(a, &one, "columns", im->columns);
	/* what stands under "guess" can be handed back as "mapping" as it is */
	for (size_t i = 0; i < val_len(&guess); i++)
		val_put_key(a, &one,
			text_is(guess.map->at[i].key, "mapping") ? text_of("guess")
								 : guess.map->at[i].key,
			guess.map->at[i].val);
	if (val_get(&one, "guess") == NULL)
		val_put(a, &one, "guess", val_map(a));
	val_put(a, &one, "format", im->shape);
	val_put(a, &one, "preview", rows);
	api_answer(w, status, one);
	return 0;
}

/* The part "file" of a form to the file of an import to be. */
static int
take_upload(struct web *w, struct import *io, struct err *e)
{
	struct upload up;
	int fd = files_begin(w->arena, w->settings, w->company.id, io->id, "in", e);
	if (fd < 0)
		return -1;
	if (upload_read(w, fd, &up, e) < 0 ||
		(up.filename[0] == '\0' &&
			err_field(e, "file", "the form has no part \"file\" with a file") <
				0)) {
		close(fd);
		return -1;
	}
	io->name = up.filename;
	io->bytes = up.bytes;
	return files_end(w->arena, w->settings, w->company.id, io->id, "in", fd, e);
}

/* {"url"}: a file that the jobs role fetches. */
static int
take_url(struct web *w, struct err *e)
{
	char *at = arena_alloc(w->arena, URL_BODY_MAX);
	size_t n = 0, got = 1;
	struct val body;
	struct import im;
	int64_t id;
	while (got > 0 && n < URL_BODY_MAX) {
		if (web_read(w, at + n, URL_BODY_MAX - n, &got, e) < 0)
			return -1;
		n += got;
	}
	if (json_parse(w->arena, (struct text){at, n}, &body, e) < 0)
		return -1;
	if (import_fetch(w->arena, w->db, w->company.id,
		    val_as_z(w->arena, val_get(&body, "url")), 0, &id, e) < 0 ||
		web_found(import_by_id(w->arena, w->db, w->company.id, id, &im, e), e) < 0)
		return -1;
	api_answer(w, 202, shape(w->arena, &im));
	return 0;
}

static int
post(struct web *w, struct err *e)
{
	if (text_starts(request_header(&w->request, "content-type"), "application/json"))
		return take_url(w, e);
	struct import im = {.id = id_make(), .shape = val_null(), .mapping = val_null()};
	if (import_room(w->arena, w->db, w->settings, w->company.id, w->request.length, e) <
		0)
		return -1;
	if (take_upload(w, &im, e) == 0 &&
		import_create(w->arena, w->db, w->settings, &w->company, &im, e) == 0)
		return answer_new(w, &im, 201, e);
	files_drop(w->arena, w->settings, w->company.id, im.id, "in");
	return -1;
}

int
api_import_post(struct web *w, struct err *e)
{
	return api_once(w, post, e);
}

int
api_import_get(struct web *w, struct err *e)
{
	struct import im;
	if (find(w, &im, e) < 0)
		return -1;
	if (strcmp(im.state, "new") == 0 && im.bytes > 0)
		return answer_new(w, &im, 200, e);
	struct val one = shape(w->arena, &im);
	val_put(w->arena, &one, "columns", im.columns);
	val_put(w->arena, &one, "mapping", im.mapping);
	api_answer(w, 200, one);
	return 0;
}

static int
answer(struct web *w, int64_t id, int status, struct err *e)
{
	struct import im;
	if (web_found(import_by_id(w->arena, w->db, w->company.id, id, &im, e), e) < 0)
		return -1;
	api_answer(w, status, shape(w->arena, &im));
	return 0;
}

static int
start(struct web *w, struct err *e)
{
	struct import im;
	struct val body;
	if (find(w, &im, e) < 0 || web_json(w, &body, e) < 0)
		return -1;
	bool dry = val_as_bool(val_get(&body, "dry_run"), false);
	if (val_is_null(val_get(&body, "mapping")) && body.kind == VAL_MAP)
		body = im.mapping; /* as it was checked, or guessed */
	if (import_start(w->arena, w->db, w->settings, &w->company, &im, &body, dry, 0, e) <
		0)
		return -1;
	return answer(w, im.id, 202, e);
}

int
api_import_start(struct web *w, struct err *e)
{
	return api_once(w, start, e);
}

static int
cancel(struct web *w, struct err *e)
{
	struct import im;
	if (find(w, &im, e) < 0)
		return -1;
	int done = import_cancel(w->arena, w->db, &im, e);
	if (done < 0)
		return -1;
	if (done == 0)
		return err_set(e, ERR_CONFLICT, "this import is %s, not running", im.state);
	return answer(w, im.id, 200, e);
}

int
api_import_cancel(struct web *w, struct err *e)
{
	return api_once(w, cancel, e);
}

static int
undo(struct web *w, struct err *e)
{
	struct import im;
	if (find(w, &im, e) < 0 || import_undo(w->arena, w->db, &im, 0, e) < 0)
		return -1;
	return answer(w, im.id, 202, e);
}

int
api_import_undo(struct web *w, struct err *e)
{
	return api_once(w, undo, e);
}

int
api_import_errors(struct web *w, struct err *e)
{
	struct import im;
	if (find(w, &im, e) < 0)
		return -1;
	if (im.errors_bytes == 0) {
		response_bytes(w, 200, "text/csv; charset=utf-8", text_of(""));
		return 0;
	}
	const char *path = files_path(w->arena, w->settings, w->company.id, im.id, "err");
	return response_file(w, path, im.errors_bytes, "text/csv; charset=utf-8",
		arena_printf(w->arena, "errors-%lld.csv", (long long)im.id), e);
}
