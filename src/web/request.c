/* See request.h. */
#include "web/request.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/url.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *
param(const struct request *r, const char *name)
{
	size_t n = strlen(name);
	for (char *const *p = r->params; *p != NULL; p++)
		if (strncmp(*p, name, n) == 0 && (*p)[n] == '=')
			return *p + n + 1;
	return NULL;
}

/* NAME as HTTP_NAME has it: upper case, _ for -. */
static bool
is_header(const char *param, const char *name)
{
	for (; *name != '\0'; name++, param++) {
		char c = *name == '-' ? '_' : (char)toupper((unsigned char)*name);
		if (*param != c)
			return false;
	}
	return *param == '=';
}

struct text
request_header(const struct request *r, const char *name)
{
	if (is_header("CONTENT_TYPE=", name))
		return text_of(param(r, "CONTENT_TYPE"));
	for (char *const *p = r->params; *p != NULL; p++)
		if (strncmp(*p, "HTTP_", 5) == 0 && is_header(*p + 5, name))
			return text_trim(text_of(strchr(*p, '=') + 1));
	return text_of(NULL);
}

struct text
request_cookie(const struct request *r, const char *name)
{
	struct text all = request_header(r, "cookie"), found = text_of(NULL);
	size_t n = strlen(name);
	const char *at = all.at, *end = all.at + all.n;
	while (at < end) {
		const char *stop = memchr(at, ';', (size_t)(end - at));
		if (stop == NULL)
			stop = end;
		struct text one = text_trim((struct text){at, (size_t)(stop - at)});
		if (one.n > n && memcmp(one.at, name, n) == 0 && one.at[n] == '=')
			found = (struct text){one.at + n + 1, one.n - n - 1};
		at = stop + 1;
	}
	return found;
}

bool
request_is_part(const struct request *r)
{
	return request_header(r, "hx-request").n > 0 &&
	       request_header(r, "hx-boosted").n == 0 &&
	       request_header(r, "hx-history-restore-request").n == 0;
}

bool
request_is_read(const struct request *r)
{
	return strcmp(r->method, "GET") == 0 || strcmp(r->method, "HEAD") == 0;
}

static int
check_params(char *const *params, struct err *e)
{
	size_t n = 0, bytes = 0;
	for (; params[n] != NULL; n++) {
		bytes += strlen(params[n]);
		if (n >= REQUEST_PARAMS_MAX || bytes > REQUEST_PARAMS_BYTES_MAX)
			return err_set(e, ERR_SIZE, "the request's headers are too large");
	}
	return 0;
}

int
request_read(struct arena *a, char *const *params, struct request *out, struct err *e)
{
	static char *const nothing[] = {NULL};
	*out = (struct request){.params = nothing, .id = "-", .method = "GET", .ip = ""};
	out->path = out->target = text_of("/");
	out->query = val_map(a);
	if (check_params(params, e) < 0)
		return -1;
	out->params = params;
	const char *z = param(out, "REQUEST_ID");
	if (z != NULL && *z != '\0')
		out->id = z;
	if ((z = param(out, "REQUEST_METHOD")) != NULL)
		out->method = z;
	if ((z = param(out, "REMOTE_ADDR")) != NULL)
		out->ip = z;
	z = param(out, "HTTPS");
	out->secure = z != NULL && strcmp(z, "on") == 0;
	z = param(out, "CONTENT_LENGTH");
	if (z != NULL && *z != '\0') {
		char *end;
		errno = 0;
		out->length = strtoll(z, &end, 10);
		if (errno != 0 || *end != '\0' || out->length < 0)
			return err_set(e, ERR_INPUT, "the Content-Length is not a number");
	}
	struct text target = text_of(param(out, "REQUEST_URI"));
	const char *mark = target.n > 0 ? memchr(target.at, '?', target.n) : NULL;
	struct text raw = {target.at, mark != NULL ? (size_t)(mark - target.at) : target.n};
	struct text path = url_decode(a, raw);
	if (path.n == 0 || path.at[0] != '/' || !text_is_utf8(path))
		return err_set(e, ERR_INPUT, "the address is not well-formed UTF-8");
	out->target = target;
	out->path = path;
	return 0;
}
