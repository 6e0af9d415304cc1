/* See collect.h. */
#include "collect/collect.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/settings.h"
#include "collect/binder.h"
#include "collect/hooks.h"
#include "collect/keys.h"
#include "collect/links.h"
#include "collect/onec.h"
#include "collect/receive.h"
#include "journal/journal.h"
#include "web/limit.h"
#include "web/serve.h"

enum { BODY_MAX = 1024 * 1024, ONEC_PART_MAX = 8 * 1024 * 1024 };

static const struct route routes[] = {
	{"POST", "/v1/batch", receive_batch, RIGHT_NONE, NULL, BODY_MAX, NULL, NULL},
	{"POST", "/v1/b", receive_batch, RIGHT_NONE, NULL, BODY_MAX, NULL, NULL},
	{"POST", "/v1/import", receive_batch, RIGHT_NONE, NULL, BODY_MAX, NULL, NULL},
	{"POST", "/beacon/v1/batch", receive_batch, RIGHT_NONE, NULL, BODY_MAX, NULL, NULL},
	/* Jitsu's own names of the same calls */
	{"POST", "/api/s/s2s/{call}", receive_call, RIGHT_NONE, NULL, BODY_MAX, NULL, NULL},
	{"POST", "/api/s/{call}", receive_call, RIGHT_NONE, NULL, BODY_MAX, NULL, NULL},
	{"POST", "/v1/binder", binder_call, RIGHT_NONE, NULL, BODY_MAX, NULL, NULL},
	{"POST", "/v1/{call}", receive_call, RIGHT_NONE, NULL, BODY_MAX, NULL, NULL},
	{"GET", "/v1/pixel/{call}", receive_pixel, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"GET", "/pixel/v1/{call}", receive_pixel, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"GET", "/v1/projects/{key}/settings", receive_settings, RIGHT_NONE, NULL, 0, NULL,
		NULL},
	{"GET", "/v1/sourceConfig/", receive_source_config, RIGHT_NONE, NULL, 0, NULL,
		NULL},
	{"GET", "/p.gif", receive_pixel, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"POST", "/h/{key}", hooks_receive, RIGHT_NONE, NULL, BODY_MAX, NULL, NULL},
	{"PUT", "/h/{key}", hooks_receive, RIGHT_NONE, NULL, BODY_MAX, NULL, NULL},
	{"GET", "/h/{key}", hooks_receive, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"GET", "/1c/{key}", onec_talk, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"POST", "/1c/{key}", onec_talk, RIGHT_NONE, NULL, ONEC_PART_MAX, NULL, NULL},
	{"GET", "/o/{token}", links_open, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"GET", "/c/{token}", links_click, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"GET", "/u/{token}", links_unsubscribe_page, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"POST", "/u/{token}", links_unsubscribe, RIGHT_NONE, NULL, 4096, NULL, NULL},
	{"OPTIONS", "/v1/{rest*}", receive_options, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"OPTIONS", "/api/s/{rest*}", receive_options, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"OPTIONS", "/beacon/{rest*}", receive_options, RIGHT_NONE, NULL, 0, NULL, NULL},
};

/* SDKs drop what gets a 4xx and try again after a 503: so only what can never be taken is a 4xx. */
static int
status_of(const struct err *e)
{
	switch (e->code) {
	case ERR_INPUT:
	case ERR_SIZE:
		return 400;
	case ERR_AUTH:
		return 401;
	case ERR_DENIED:
		return 403;
	case ERR_MISSING:
		return 404;
	case ERR_LIMIT:
		return 429;
	default:
		return 503;
	}
}

static void
fail(struct web *w, const struct err *e)
{
	struct val out = val_map(w->arena);
	int status = status_of(e);
	if (w->route != NULL && w->route->handle == receive_pixel) {
		receive_gif(w); /* a pixel is an image, whatever came */
		return;
	}
	if (w->route != NULL && w->route->handle == onec_talk) {
		onec_failure(w, status, e);
		return;
	}
	val_put(w->arena, &out, "code", val_text(err_word(e->code)));
	val_put(w->arena, &out, "message",
		val_text(arena_printf(w->arena, "%s", response_sentence(e))));
	if (e->field[0] != '\0')
		val_put(w->arena, &out, "field",
			val_text(arena_printf(w->arena, "%s", e->field)));
	response_header(w, "Access-Control-Allow-Origin", "*");
	response_header(w, "Access-Control-Expose-Headers", "Retry-After, RateLimit");
	response_retry(w, status);
	response_json(w, status, &out);
}

int
collect_run(const struct settings *s, struct err *e)
{
	struct collect shared = {.keys = keys_new(), .limit = limit_new(s->collect_rate)};
	if (journal_open(s, "collect", &shared.journal, e) < 0) {
		limit_free(shared.limit);
		keys_free(shared.keys);
		return -1;
	}
	struct door door = {.name = "collect",
		.threads = (int)s->collect_threads,
		.routes = routes,
		.routes_n = sizeof routes / sizeof *routes,
		.fail = fail,
		.has_pages = true,
		.shared = &shared};
	int rc = serve_run(&door, s, e);
	journal_close(shared.journal);
	limit_free(shared.limit);
	keys_free(shared.keys);
	return rc;
}
