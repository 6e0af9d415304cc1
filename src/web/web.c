/* See web.h. */
#include "web/web.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/url.h"

int
web_id(const struct web *w, const char *name, int64_t *id, struct err *e)
{
	if (id_parse(val_as_text(val_get(&w->params, name)), id))
		return 0;
	return web_found(0, e);
}

int
web_found(int found, struct err *e)
{
	if (found != 0)
		return found < 0 ? -1 : 0;
	return err_set(e, ERR_MISSING, "there is nothing here");
}

struct text
web_query(const struct web *w, const char *name)
{
	return text_trim(val_as_text(val_get(&w->request.query, name)));
}

static const struct val *
form_of(struct web *w)
{
	struct request *r = &w->request;
	if (r->form.kind == VAL_MAP)
		return &r->form;
	struct err e;
	struct text type = request_header(r, "content-type");
	if (!text_starts(type, "application/x-www-form-urlencoded") ||
		url_query(w->arena, r->body, &r->form, &e) < 0)
		r->form = val_map(w->arena);
	return &r->form;
}

struct text
web_form(struct web *w, const char *name)
{
	return text_trim(val_as_text(val_get(form_of(w), name)));
}

const char *
web_form_z(struct web *w, const char *name)
{
	struct text t = val_as_text(val_get(form_of(w), name));
	char *out = arena_alloc(w->arena, t.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < t.n; i++)
		if (t.at[i] != '\r' || i + 1 == t.n || t.at[i + 1] != '\n')
			out[n++] = t.at[i];
	return out;
}

struct val
web_form_list(struct web *w, const char *name)
{
	struct val list = val_list(w->arena);
	const struct val *v = val_get(form_of(w), arena_printf(w->arena, "%s[]", name));
	if (v == NULL)
		v = val_get(form_of(w), name);
	if (v == NULL)
		return list;
	if (v->kind == VAL_LIST)
		return *v;
	val_push(w->arena, &list, *v);
	return list;
}

int
web_json(struct web *w, struct val *out, struct err *e)
{
	return json_parse(w->arena, w->request.body, out, e);
}

int
web_body(struct web *w, size_t limit, struct text *out, struct err *e)
{
	struct text how = request_header(&w->request, "content-encoding");
	if (how.n == 0 || text_is(how, "identity")) {
		if (w->request.body.n > limit)
			return err_set(
				e, ERR_SIZE, "the body is larger than %zu bytes", limit);
		*out = w->request.body;
		return 0;
	}
	if (text_is(how, "gzip") || text_is(how, "x-gzip") || text_is(how, "deflate"))
		return url_inflate(w->arena, w->request.body, limit, out, e);
	return err_set(e, ERR_INPUT, "the body's encoding \"%.20s\" is not gzip or deflate",
		text_z(w->arena, how));
}
