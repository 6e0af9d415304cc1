/* See onec.h. */
#include "collect/onec.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "collect/hooks.h"
#include "collect/receive.h"
#include "hook/hook.h"
#include "hook/talk.h"
#include "web/limit.h"
#include "web/serve.h"

#include <string.h>

static const char cookie_name[] = "cxdp1c";

static int
answer(struct web *w, const char *text)
{
	response_header(w, "Cache-Control", "no-store");
	response_bytes(w, 200, "text/plain; charset=utf-8", text_of(text));
	return 0;
}

void
onec_failure(struct web *w, int status, const struct err *e)
{
	const char *text = arena_printf(w->arena, "failure\n%s\n", response_sentence(e));
	response_header(w, "Cache-Control", "no-store");
	if (status == 401)
		response_header(w, "WWW-Authenticate", "Basic realm=\"1c\"");
	response_retry(w, status);
	response_bytes(w, status, "text/plain; charset=utf-8", text_of(text));
}

/* Basic, or the cookie that checkauth gave. */
static int
admit(struct web *w, const struct hook *h, struct err *e)
{
	struct text t = request_header(&w->request, "authorization"), both;
	struct text cookie = request_cookie(&w->request, cookie_name);
	if (cookie.n > 0 && talk_cookie_is(w->arena, h, cookie))
		return 0;
	if (t.n > 6 && (text_starts(t, "Basic ") || text_starts(t, "basic ")) &&
		text_base64_decode(w->arena, (struct text){t.at + 6, t.n - 6}, &both) ==
			1) {
		const char *colon = memchr(both.at, ':', both.n);
		size_t n = colon != NULL ? (size_t)(colon - both.at) : both.n;
		struct text password = {
			both.at + n + 1, colon != NULL ? both.n - n - 1 : 0};
		if (colon != NULL &&
			talk_may(w->arena, h, (struct text){both.at, n}, password))
			return 0;
	}
	return err_set(e, ERR_AUTH, "the user or the password is not that of the source");
}

static bool
is_file_to_read(struct text name)
{
	return name.n > 4 && (memcmp(name.at + name.n - 4, ".xml", 4) == 0 ||
				     memcmp(name.at + name.n - 4, ".zip", 4) == 0);
}

static int
import(struct web *w, const struct hook *h, struct text name, struct err *e)
{
	const char *state;
	struct text report;
	if (talk_import(w->arena, w->db, w->settings, h, name, &state, &report, e) < 0)
		return -1;
	if (strcmp(state, "queued") == 0)
		return answer(w, "progress\n");
	if (strcmp(state, "done") == 0)
		return answer(w, "success\n");
	return answer(
		w, arena_printf(w->arena, "failure\n%.*s\n", (int)report.n, report.at));
}

static int
take_file(struct web *w, const struct hook *h, bool sale, struct err *e)
{
	struct text name = web_query(w, "filename"), part;
	const char *state;
	struct text report;
	if (web_body(w, 2 * TALK_PART_MAX, &part, e) < 0)
		return -1;
	if (!is_file_to_read(name)) /* pictures */
		return answer(w, "success\n");
	if (talk_part(w->arena, w->db, w->settings, h, name, part, e) < 0)
		return -1;
	/* of orders older 1C does not say when it is at the end */
	if (sale && talk_is_whole(part) &&
		talk_import(w->arena, w->db, w->settings, h, name, &state, &report, e) < 0)
		return -1;
	return answer(w, "success\n");
}

int
onec_talk(struct web *w, struct err *e)
{
	const struct collect *door = w->door->shared;
	struct arena *a = w->arena;
	struct hook h;
	const char *country;
	struct text mode = web_query(w, "mode"), type = web_query(w, "type");
	if (hooks_find(w, &h, &country, e) < 0 ||
		limit_take(w, door->limit, h.key, 1, e) < 0 || admit(w, &h, e) < 0)
		return -1;
	bool sale = text_is(type, "sale");
	if (!sale && !text_is(type, "catalog"))
		return err_set(e, ERR_INPUT, "type is sale or catalog");
	if (text_is(mode, "checkauth"))
		return answer(w, arena_printf(a, "success\n%s\n%s\n", cookie_name,
					 talk_cookie(a, &h)));
	if (text_is(mode, "init"))
		return talk_init(a, w->db, w->settings, &h, e) < 0
			       ? -1
			       : answer(w, arena_printf(a, "zip=no\nfile_limit=%d\n",
						   TALK_PART_MAX));
	if (text_is(mode, "file"))
		return take_file(w, &h, sale, e);
	if (text_is(mode, "import"))
		return import(w, &h, web_query(w, "filename"), e);
	if (text_is(mode, "query")) {
		const char *now = time_text(a, time_now_us());
		response_header(w, "Cache-Control", "no-store");
		response_bytes(w, 200, "text/xml; charset=utf-8",
			text_of(arena_printf(a,
				"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
				"<КоммерческаяИнформация ВерсияСхемы=\"2.05\" "
				"ДатаФормирования=\"%.19s\"/>\n",
				now)));
		return 0;
	}
	if (text_is(mode, "success") || text_is(mode, "complete") ||
		text_is(mode, "deactivate"))
		return answer(w, "success\n");
	return err_set(
		e, ERR_INPUT, "mode is checkauth, init, file, import, query or success");
}
