/* See links.h. */
#include "collect/links.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "collect/receive.h"
#include "journal/journal.h"
#include "message/link.h"
#include "message/token.h"
#include "web/page.h"
#include "web/serve.h"

#include <string.h>

static bool
read_token(const struct web *w, enum message_token_kind kind, struct message_token *t)
{
	return message_token_read(kind, val_as_text(val_get(&w->params, "token")), t) == 1;
}

/* On disk before the answer, like everything that comes in. */
static int
note(struct web *w, enum message_token_kind kind, const struct message_token *t,
	struct err *e)
{
	const struct collect *door = w->door->shared;
	struct val record = val_map(w->arena);
	struct text agent = request_header(&w->request, "user-agent");
	int64_t now = time_now_us();
	val_put(w->arena, &record, "receipt", val_text(message_token_word(kind)));
	val_put(w->arena, &record, "company", val_int(t->company_id));
	val_put(w->arena, &record, "message", val_int(t->message_id));
	val_put(w->arena, &record, "link", val_int(t->link_id));
	val_put(w->arena, &record, "at", val_int(now));
	val_put(w->arena, &record, "received", val_int(now));
	val_put(w->arena, &record, "ip", val_text(w->request.ip));
	val_put(w->arena, &record, "agent",
		val_of(text_is_utf8(agent) ? text_cut(agent, 300) : text_of("")));
	return journal_append(door->journal, json_text(w->arena, &record), e);
}

int
links_open(struct web *w, struct err *e)
{
	struct message_token t;
	receive_gif(w);
	if (strcmp(w->request.method, "GET") == 0 && read_token(w, MESSAGE_OPEN, &t) &&
		note(w, MESSAGE_OPEN, &t, e) < 0)
		log_line(LOG_WARN, "open: %s", e->text);
	return 0;
}

static int
nothing_here(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	return page_show(w, 404, "page/link-gone", &vars, e);
}

int
links_click(struct web *w, struct err *e)
{
	struct message_token t;
	const char *url;
	if (!read_token(w, MESSAGE_CLICK, &t))
		return nothing_here(w, e);
	int found = link_target(w->arena, w->db, t.company_id, t.link_id, &url, e);
	if (found < 1)
		return found < 0 ? -1 : nothing_here(w, e);
	/* a click that cannot be counted still leads where it should */
	if (strcmp(w->request.method, "GET") == 0 && note(w, MESSAGE_CLICK, &t, e) < 0)
		log_line(LOG_WARN, "click: %s", e->text);
	response_header(w, "Location", url);
	response_header(w, "Cache-Control", "no-store");
	response_empty(w, 302);
	return 0;
}

static int
show(struct web *w, const struct message_token *t, bool done, struct err *e)
{
	struct val vars = val_map(w->arena);
	int found = company_by_id(w->arena, w->db, t->company_id, &w->company, e);
	if (found < 1)
		return found < 0 ? -1 : nothing_here(w, e);
	val_put(w->arena, &vars, "done", val_bool(done));
	return page_show(w, 200, "page/unsubscribe", &vars, e);
}

int
links_unsubscribe_page(struct web *w, struct err *e)
{
	struct message_token t;
	return read_token(w, MESSAGE_UNSUBSCRIBE, &t) ? show(w, &t, false, e)
						      : nothing_here(w, e);
}

int
links_unsubscribe(struct web *w, struct err *e)
{
	struct message_token t;
	if (!read_token(w, MESSAGE_UNSUBSCRIBE, &t))
		return nothing_here(w, e);
	if (note(w, MESSAGE_UNSUBSCRIBE, &t, e) < 0)
		return -1;
	if (text_is(web_form(w, "List-Unsubscribe"), "One-Click")) {
		response_empty(w, 200);
		return 0;
	}
	return show(w, &t, true, e);
}
