/* See response.h. */
#include "web/response.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "web/web.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* No inline script or style at all; frames only of our own (a letter's preview, itself in a sandbox). */
static const char page_csp[] =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
	"connect-src 'self'; font-src 'self'; frame-src 'self'; form-action 'self'; "
	"base-uri 'none'; frame-ancestors 'none'";

void
response_init(struct response *r, struct arena *a)
{
	*r = (struct response){.headers = str_new(a), .fd = -1};
}

void
response_header(struct web *w, const char *name, const char *value)
{
	struct str *s = &w->response.headers;
	str_addz(s, name);
	str_addz(s, ": ");
	for (; *value != '\0'; value++)
		str_addc(s, (unsigned char)*value < 0x20 || *value == 0x7f ? ' ' : *value);
	str_addz(s, "\r\n");
}

void
response_cookie(struct web *w, const char *name, const char *value, int64_t max_age_s)
{
	struct str s = str_new(w->arena);
	str_addf(&s, "%s=%s; Path=/; HttpOnly; SameSite=Lax", name, value);
	if (w->settings->secure_cookies)
		str_addz(&s, "; Secure");
	if (max_age_s > 0)
		str_addf(&s, "; Max-Age=%lld", (long long)max_age_s);
	else if (max_age_s < 0) /* both: not every client knows the one or the other */
		str_addz(&s, "; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT");
	response_header(w, "Set-Cookie", s.at);
}

void
response_bytes(struct web *w, int status, const char *type, struct text body)
{
	w->response.status = status;
	response_header(w, "Content-Type", type);
	w->response.body = body;
}

static void
close_file(void *obj)
{
	close((int)(intptr_t)obj);
}

int
response_file(struct web *w, const char *path, int64_t bytes, const char *type,
	const char *name, struct err *e)
{
	int fd = bytes > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return err_set(e, ERR_MISSING, "there is no such file (any more)");
	arena_defer(w->arena, close_file, (void *)(intptr_t)fd);
	response_header(w, "Content-Disposition",
		arena_printf(w->arena, "attachment; filename=\"%s\"", name));
	response_header(w, "Cache-Control", "no-store");
	response_bytes(w, 200, type, text_of(""));
	w->response.fd = fd;
	w->response.file_bytes = bytes;
	return 0;
}

void
response_html(struct web *w, int status, struct text body)
{
	response_header(w, "Content-Security-Policy", page_csp);
	response_header(w, "Cache-Control", "no-store");
	response_bytes(w, status, "text/html; charset=utf-8", body);
}

void
response_json(struct web *w, int status, const struct val *v)
{
	response_bytes(w, status, "application/json", json_text(w->arena, v));
}

void
response_empty(struct web *w, int status)
{
	w->response.status = status;
	w->response.body = text_of(NULL);
}

void
response_redirect(struct web *w, const char *path)
{
	if (request_is_part(&w->request)) {
		response_header(w, "HX-Redirect", path);
		response_empty(w, 200);
		return;
	}
	response_header(w, "Location", path);
	response_header(w, "Cache-Control", "no-store");
	response_empty(w, 303);
}

int
response_status_of(const struct err *e)
{
	static const int status[] = {
		[ERR_NONE] = 500,
		[ERR_INPUT] = 400,
		[ERR_AUTH] = 401,
		[ERR_DENIED] = 403,
		[ERR_MISSING] = 404,
		[ERR_CONFLICT] = 409,
		[ERR_STALE] = 412,
		[ERR_SIZE] = 413,
		[ERR_LIMIT] = 429,
		[ERR_BUSY] = 503,
		[ERR_BUG] = 500,
	};
	if (e->code == ERR_INPUT && (e->field[0] != '\0' || e->line > 0))
		return 422;
	return status[e->code];
}

const char *
response_sentence(const struct err *e)
{
	if (e->code == ERR_BUG || e->code == ERR_NONE)
		return "something broke on our side";
	if (e->code == ERR_BUSY && e->field[0] == '\0') /* with one it says what is away */
		return "not now; try again a little later";
	return e->text;
}

void
response_retry(struct web *w, int status)
{
	int seconds = w->response.retry_s > 0 ? w->response.retry_s : 5;
	if (status == 429 || status == 503)
		response_header(w, "Retry-After", arena_printf(w->arena, "%d", seconds));
}

const char *
response_code(const struct err *e)
{
	return e->code == ERR_INPUT && e->field[0] != '\0' ? "invalid_field"
							   : err_word(e->code);
}

void
response_error_json(struct web *w, const struct err *e)
{
	struct val error = val_map(w->arena), v = val_map(w->arena);
	val_put(w->arena, &error, "code", val_text(response_code(e)));
	val_put(w->arena, &error, "message", val_text(response_sentence(e)));
	if (e->field[0] != '\0')
		val_put(w->arena, &error, "field", val_text(e->field));
	if (e->line > 0)
		val_put(w->arena, &error, "line", val_int(e->line));
	val_put(w->arena, &v, "error", error);
	response_retry(w, response_status_of(e));
	response_json(w, response_status_of(e), &v);
}
