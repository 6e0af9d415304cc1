/* Exports: begin one, how far it is, its file by a link that ends. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "column/ask.h"
#include "exchange/export.h"
#include "tenant/audit.h"

enum { ASK_MS = 5000 };

/* Whether it compiles, as the engine says. */
static int
check_rule(struct web *w, const struct val *rule, struct err *e)
{
	struct val question = val_map(w->arena), answer;
	if (rule == NULL)
		return 0;
	val_put(w->arena, &question, "what", val_text("preview"));
	val_put(w->arena, &question, "rule", *rule);
	val_put(w->arena, &question, "sample", val_int(0));
	return ask(
		w->arena, w->db, w->settings, w->company.id, &question, ASK_MS, &answer, e);
}

static int
post(struct web *w, struct err *e)
{
	struct val asked, out = val_map(w->arena);
	int64_t id, job;
	if (web_json(w, &asked, e) < 0)
		return -1;
	if (check_rule(w, val_get(val_get(&asked, "source"), "rule"), e) < 0)
		return -1;
	if (export_add(w->arena, w->db, w->company.id, &asked, 0, &id, &job, e) < 0)
		return -1;
	val_put(w->arena, &out, "id", val_id(w->arena, id));
	val_put(w->arena, &out, "job", val_id(w->arena, job));
	api_answer(w, 202, out);
	return 0;
}

int
api_export_post(struct web *w, struct err *e)
{
	return api_once(w, post, e);
}

int
api_export_get(struct web *w, struct err *e)
{
	static const char *const kept[] = {
		"id", "source", "fields", "format", "state", "done", "total"};
	struct val x, out = val_map(w->arena);
	int64_t id, now_us = time_now_us();
	if (web_id(w, "id", &id, e) < 0 ||
		web_found(export_by_id(w->arena, w->db, w->company.id, id, &x, e), e) < 0)
		return -1;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (val_get(&x, kept[i]) != NULL)
			val_put(w->arena, &out, kept[i], *val_get(&x, kept[i]));
	bool is_done = text_is(val_as_text(val_get(&x, "state")), "done");
	int64_t until_us = val_as_int(val_get(&x, "until_us"), 0);
	if (until_us > now_us + EXPORT_LINK_US)
		until_us = now_us + EXPORT_LINK_US;
	if (val_as_text(val_get(&x, "error")).n > 0)
		val_put(w->arena, &out, "error", *val_get(&x, "error"));
	val_put(w->arena, &out, "job", *val_get(&x, "job_id"));
	val_put(w->arena, &out, "rows", *val_get(&x, "row_count"));
	val_put(w->arena, &out, "bytes", *val_get(&x, "size_bytes"));
	val_put(w->arena, &out, "url",
		is_done ? val_text(arena_printf(w->arena, "%s/api/v1/exports/file?k=%s",
				  w->settings->public_url,
				  export_token(w->arena, w->company.id, id, until_us)))
			: val_null());
	val_put(w->arena, &out, "url_until", api_time(w->arena, is_done ? until_us : 0));
	val_put(w->arena, &out, "created_at",
		api_time(w->arena, val_as_int(val_get(&x, "created_at_us"), 0)));
	api_answer(w, 200, out);
	return 0;
}

int
api_export_file(struct web *w, struct err *e)
{
	struct text bytes;
	const char *name, *type;
	int64_t company_id, id;
	int found = export_token_read(
		w->arena, web_query(w, "k"), time_now_us(), &company_id, &id);
	if (found == 1)
		found = export_file(w->arena, w->db, w->settings, company_id, id, &bytes,
			&name, &type, e);
	if (found < 0)
		return -1;
	if (found == 0)
		return err_set(e, ERR_MISSING,
			"this link is over: ask GET /exports/{id} for another");
	const struct audit d = {.company_id = company_id,
		.key_id = "",
		.ip = w->request.ip,
		.request_id = w->request.id,
		.action = "export.download",
		.object = arena_printf(w->arena, "%lld", (long long)id),
		.detail = name};
	if (audit_add(w->arena, w->db, &d, e) < 0)
		return -1;
	response_header(w, "Cache-Control", "no-store");
	response_header(w, "Content-Disposition",
		arena_printf(w->arena, "attachment; filename=\"%s\"", name));
	response_bytes(w, 200, type, bytes);
	return 0;
}
