/* See hooks.h. The request is journaled as it came; what it means is found out by the engine, so that no mapping loses anything. */
#include "collect/hooks.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/time.h"
#include "collect/receive.h"
#include "hook/body.h"
#include "hook/hook.h"
#include "hook/mapping.h"
#include "journal/journal.h"
#include "tenant/key.h"
#include "web/limit.h"
#include "web/serve.h"

#include <string.h>

enum { SHOWN_MAX = 2000 };

static struct val
record_of(struct web *w, const struct hook *h, const char *country)
{
	struct val record = val_map(w->arena);
	val_put(w->arena, &record, "company", val_int(h->company_id));
	val_put(w->arena, &record, "source", val_int(h->source_id));
	val_put(w->arena, &record, "country", val_text(country));
	val_put(w->arena, &record, "received", val_int(time_now_us()));
	return record;
}

static int
write_record(struct web *w, const struct val *record, struct err *e)
{
	const struct collect *door = w->door->shared;
	struct text bytes = json_text(w->arena, record);
	if (bytes.n > JOURNAL_RECORD_MAX)
		return err_set(
			e, ERR_SIZE, "the request is larger than %d bytes", HOOK_BODY_MAX);
	return journal_append(door->journal, bytes, e);
}

/* What is not taken is shown to its source. -1, with *e as it was. */
static int
refuse(struct web *w, const struct hook *h, const char *country, const char *code,
	struct text bytes, const struct err *e)
{
	struct arena *a = w->arena;
	struct val record = record_of(w, h, country), one = val_map(a), list = val_list(a);
	struct err why;
	struct text shown = text_is_utf8(bytes) ? text_cut(bytes, SHOWN_MAX)
						: text_of("(not UTF-8)");
	val_put(a, &one, "code", val_text(code));
	val_put(a, &one, "reason", val_text(arena_printf(a, "%s", e->text)));
	val_put(a, &one, "payload", val_of(shown));
	val_push(a, &list, one);
	val_put(a, &record, "refused", list);
	if (write_record(w, &record, &why) < 0)
		log_line(LOG_WARN, "%s", why.text);
	return -1;
}

/* Those a mapping may see. */
static struct val
headers_of(struct web *w, const struct hook *h)
{
	struct arena *a = w->arena;
	struct val out = val_map(a);
	char *rest, *z = arena_printf(a, "content-type user-agent %s", h->headers);
	for (char *one = strtok_r(z, " ", &rest); one != NULL;
		one = strtok_r(NULL, " ", &rest)) {
		struct text t = request_header(&w->request, one);
		if (t.n > 0 && text_is_utf8(t))
			val_put(a, &out, one, val_of(text_cut(t, 1000)));
	}
	return out;
}

int
hooks_find(struct web *w, struct hook *h, const char **country, struct err *e)
{
	struct source source;
	struct company company;
	struct text key = val_as_text(val_get(&w->params, "key"));
	int found = hook_by_key(w->arena, w->db, key, h, e);
	if (found == 1)
		found = source_by_id(
			w->arena, w->db, h->company_id, h->source_id, &source, e);
	if (found == 1 && strcmp(source.state, "active") != 0)
		found = 0;
	if (found == 1)
		found = company_by_id(w->arena, w->db, h->company_id, &company, e);
	if (found < 0)
		return -1;
	if (found == 0)
		return err_set(e, ERR_MISSING, "this address belongs to no active source");
	*country = arena_printf(w->arena, "%s", company.country);
	return 0;
}

int
hooks_receive(struct web *w, struct err *e)
{
	const struct collect *door = w->door->shared;
	struct arena *a = w->arena;
	struct hook h;
	struct val body, headers, record;
	struct text bytes, type = request_header(&w->request, "content-type");
	const char *country;
	if (hooks_find(w, &h, &country, e) < 0 ||
		limit_take(w, door->limit, h.key, 1, e) < 0)
		return -1;
	if (web_body(w, HOOK_BODY_MAX, &bytes, e) < 0)
		return refuse(w, &h, country, "body", text_of("(not read)"), e);
	if (h.sign_how[0] != '\0' &&
		!hook_signed(a, &h, request_header(&w->request, h.sign_header),
			w->request.body)) {
		err_set(e, ERR_AUTH, "the signature in %s is not that of the body",
			h.sign_header);
		return refuse(w, &h, country, "signature", bytes, e);
	}
	type = text_is_utf8(type) ? text_cut(type, 200) : (struct text){"", 0};
	if (hook_body_read(a, type, bytes, &body, e) < 0)
		return refuse(w, &h, country, "body", bytes, e);
	headers = headers_of(w, &h);
	if (!text_is_utf8(
		    bytes)) { /* what it says, so that an erased person is found in it */
		bytes = json_text(a, &body);
		type = text_of("application/json");
	}
	record = record_of(w, &h, country);
	val_put(a, &record, "hook",
		mapping_request(a, type, &w->request.query, &headers, bytes));
	if (write_record(w, &record, e) < 0)
		return -1;
	response_header(w, "Cache-Control", "no-store");
	response_bytes(w, 200, "application/json", text_of("{\"success\":true}"));
	return 0;
}
