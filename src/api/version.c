/* See version.h. */
#include "api/version.h"
#include "api/api.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/str.h"
#include "store/db.h"
#include "web/route.h"

#include <string.h>

/* Of what is shown, without what changes by itself: where a profile belongs, when it was seen, how far a job is. */
static const char *
version_of(struct web *w, struct text body)
{
	static const char *const passing[] = {"segments", "last_seen_at", "first_seen_at",
		"size", "built_at", "interests"};
	struct val answer, data;
	struct err ignored;
	if (json_parse(w->arena, body, &answer, &ignored) < 0 ||
		val_get(&answer, "data") == NULL ||
		val_get(&answer, "data")->kind != VAL_MAP)
		return NULL;
	data = *val_get(&answer, "data");
	for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
		if (val_get(&data, passing[i]) != NULL)
			val_put(w->arena, &data, passing[i], val_null());
	return arena_printf(
		w->arena, "\"%.22s\"", sign_hash(w->arena, json_text(w->arena, &data)));
}

/* Whether a list of versions names this one; * names any. */
static bool
names(struct text list, const char *version)
{
	return text_is(text_trim(list), "*") ||
	       memmem(list.at, list.n, version, strlen(version)) != NULL;
}

void
version_tell(struct web *w)
{
	struct text had = request_header(&w->request, "if-none-match");
	if (strcmp(w->request.method, "GET") != 0 || w->response.status != 200 ||
		val_get(&w->params, "id") == NULL)
		return;
	const char *version = version_of(w, w->response.body);
	if (version == NULL)
		return;
	response_header(w, "ETag", version);
	if (had.n > 0 && names(had, version))
		response_empty(w, 304);
}

int
version_check(struct web *w, struct err *e)
{
	struct text wanted = request_header(&w->request, "if-match");
	const struct route *route, *routes;
	struct val params;
	const char *allow;
	size_t n;
	bool changes = strcmp(w->request.method, "PATCH") == 0 ||
		       strcmp(w->request.method, "PUT") == 0 ||
		       strcmp(w->request.method, "DELETE") == 0;
	if (wanted.n == 0 || !changes)
		return 0;
	routes = api_routes(&n);
	if (route_find(w->arena, routes, n, "GET", w->request.path, &route, &params,
		    &allow) != 1)
		return 0; /* it is never shown, so nobody can have seen it */
	/* two that saw the same come one after the other: the second one sees what the first did */
	if (db_alone(w->arena, w->db,
		    arena_printf(w->arena, "%lld %.*s", (long long)w->company.id,
			    (int)w->request.path.n, w->request.path.at),
		    e) < 0)
		return -1;
	struct response kept = w->response;
	if (route->handle(w, e) < 0)
		return -1;
	const char *now = version_of(w, w->response.body);
	w->response = kept;
	return now == NULL || names(wanted, now) ? 0
						 : err_set(e, ERR_STALE,
							   "it was changed meanwhile: read "
							   "it again, its ETag is another");
}
