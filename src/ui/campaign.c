/* See campaign.h. */
#include "ui/campaign.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "campaign/campaign.h"
#include "message/message.h"
#include "message/template_store.h"
#include "segment/option.h"
#include "segment/store.h"
#include "ui/frame.h"
#include "ui/question.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum { RECIPIENTS = 50 };

static const char *const typed[] = {"name", "template_id", "segment_id", NULL};

/* The name of the thing with that id, from a list of maps {id, name, ...}. */
static struct val
name_in(const struct val *list, int64_t id)
{
	for (size_t i = 0; i < val_len(list); i++)
		if (val_as_int(val_get(&list->list->at[i], "id"), 0) == id)
			return *val_get(&list->list->at[i], "name");
	return val_null();
}

static int64_t
figure(const struct val *campaign, const char *name)
{
	return val_as_int(val_get(val_get(campaign, "figures"), name), 0);
}

int
ui_campaign_list(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list, segments;
	if (campaign_all(w->arena, w->db, w->company.id, &list, e) < 0 ||
		segment_all(w->arena, w->db, w->company.id, &segments, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val *c = &list.list->at[i];
		int64_t segment = val_as_int(val_get(c, "segment_id"), 0);
		int64_t sent = figure(c, "sent");
		val_put(w->arena, c, "segment", name_in(&segments, segment));
		val_put(w->arena, c, "open_rate",
			val_int(show_percent(figure(c, "opened"), sent)));
		val_put(w->arena, c, "click_rate",
			val_int(show_percent(figure(c, "clicked"), sent)));
	}
	val_put(w->arena, &vars, "campaigns", list);
	return ui_page(w, 200, "campaigns", &vars, e);
}

/* vars.templates, vars.segments: what there is to choose from. */
static int
put_choices(struct web *w, struct val *vars, struct err *e)
{
	struct val templates, segments;
	if (message_template_all(w->arena, w->db, w->company.id, &templates, e) < 0 ||
		segment_all(w->arena, w->db, w->company.id, &segments, e) < 0)
		return -1;
	segment_drop_archived(w->arena, &segments);
	val_put(w->arena, vars, "templates", templates);
	val_put(w->arena, vars, "segments", segments);
	return 0;
}

int
ui_campaign_new(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), form = val_map(w->arena);
	val_put(w->arena, &form, "segment_id", val_of(web_query(w, "segment")));
	val_put(w->arena, &form, "template_id", val_of(web_query(w, "template")));
	val_put(w->arena, &vars, "form", form);
	if (put_choices(w, &vars, e) < 0)
		return -1;
	return ui_page(w, 200, "campaign-new", &vars, e);
}

static int
save(struct web *w, int64_t id, struct err *e)
{
	struct val vars = val_map(w->arena), card = val_map(w->arena);
	bool is_new = id == 0;
	int status;
	val_put(w->arena, &card, "name", val_of(web_form(w, "name")));
	val_put(w->arena, &card, "template_id", val_of(web_form(w, "template_id")));
	val_put(w->arena, &card, "segment_id", val_of(web_form(w, "segment_id")));
	if (campaign_put(w->arena, w->db, w->company.id, &id, &card, e) < 0) {
		if (e->code == ERR_CONFLICT && e->field[0] == '\0') {
			err_field(e, "name", "taken");
			e->code = ERR_CONFLICT;
		}
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		ui_typed(w, &vars, typed);
		if (!is_new)
			val_put(w->arena, &vars, "id", val_id(w->arena, id));
		return put_choices(w, &vars, e) < 0
			       ? -1
			       : ui_page(w, status, "campaign-new", &vars, e);
	}
	if (ui_audit(w, is_new ? "campaign.create" : "campaign.change", id,
		    text_z(w->arena, web_form(w, "name")), e) < 0)
		return -1;
	response_redirect(w, arena_printf(w->arena, "/campaigns/%lld", (long long)id));
	return 0;
}

int
ui_campaign_make(struct web *w, struct err *e)
{
	return save(w, 0, e);
}

int
ui_campaign_change(struct web *w, struct err *e)
{
	struct val campaign;
	int64_t id;
	return ui_find(w, campaign_by_id, &id, &campaign, e) < 0 ? -1 : save(w, id, e);
}

/* vars.steps: the funnel, each {title, n, percent (of what was sent), root (bar's length)}; vars.reasons: why not sent, {key, n}. */
static void
put_figures(struct web *w, const struct val *campaign, struct val *vars)
{
	static const struct {
		const char *figure, *title, *event;
	} steps[] = {
		{"audience", T_("campaign.audience"), NULL},
		{"sent", T_("campaign.sent"), "email_sent"},
		{"opened", T_("campaign.opened"), "email_open"},
		{"clicked", T_("campaign.clicked"), "email_click"},
	};
	const char *id = val_as_z(w->arena, val_get(campaign, "id"));
	struct val list = val_list(w->arena), reasons = val_list(w->arena);
	int64_t audience = figure(campaign, "audience"), sent = figure(campaign, "sent");
	if (audience == 0)
		audience = figure(campaign, "queued");
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct val one = val_map(w->arena);
		int64_t n = i == 0 ? audience : figure(campaign, steps[i].figure);
		val_put(w->arena, &one, "title", val_of(page_say(w, steps[i].title, NULL)));
		val_put(w->arena, &one, "figure", val_text(steps[i].figure));
		val_put(w->arena, &one, "n", val_int(n));
		if (steps[i].event != NULL && n > 0)
			val_put(w->arena, &one, "rule",
				val_text(arena_printf(w->arena,
					"return event.%s:where { campaign = \"%s\" }",
					steps[i].event, id)));
		val_put(w->arena, &one, "percent",
			val_int(show_percent(n, i < 2 ? audience : sent)));
		val_put(w->arena, &one, "root", val_int(show_root(n, audience)));
		val_push(w->arena, &list, one);
	}
	const struct val *figures = val_get(campaign, "figures");
	for (size_t i = 0; i < val_len(figures); i++) {
		const struct val_pair *p = &figures->map->at[i];
		if (!text_starts(p->key, "skipped."))
			continue;
		struct val one = val_map(w->arena);
		struct text reason = {p->key.at + 8, p->key.n - 8};
		const char *key = arena_printf(
			w->arena, "skip.%.*s", (int)reason.n, reason.at);
		val_put(w->arena, &one, "reason", val_of(reason));
		val_put(w->arena, &one, "known",
			val_bool(words_has(page_words(w), text_of(key))));
		val_put(w->arena, &one, "n", p->val);
		val_put(w->arena, &one, "root",
			val_int(show_root(val_as_int(&p->val, 0), audience)));
		val_push(w->arena, &reasons, one);
	}
	val_put(w->arena, vars, "steps", list);
	val_put(w->arena, vars, "reasons", reasons);
	val_put(w->arena, vars, "campaign", *campaign);
	int64_t over = sent + figure(campaign, "failed") + figure(campaign, "skipped") +
		       figure(campaign, "uncertain");
	val_put(w->arena, vars, "done", val_int(show_percent(over, audience)));
}

/* vars.recipients: messages with the name of the person. */
static int
put_recipients(struct web *w, int64_t id, struct val *vars, struct err *e)
{
	struct val list, ids = val_list(w->arena), people;
	int64_t after = val_as_int(val_get(&w->request.query, "after"), 0);
	if (message_of_origin(
		    w->arena, w->db, w->company.id, id, after, RECIPIENTS, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++)
		val_push(w->arena, &ids, *val_get(&list.list->at[i], "person_id"));
	if (question_persons(w, &ids, &people, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val *m = &list.list->at[i];
		const char *key = arena_printf(
			w->arena, "skip.%s", val_as_z(w->arena, val_get(m, "reason")));
		val_put(w->arena, m, "name",
			name_in(&people, val_as_int(val_get(m, "person_id"), 0)));
		val_put(w->arena, m, "known",
			val_bool(words_has(page_words(w), text_of(key))));
	}
	if (val_len(&list) == RECIPIENTS)
		val_put(w->arena, vars, "after",
			*val_get(&list.list->at[RECIPIENTS - 1], "person_id"));
	val_put(w->arena, vars, "recipients", list);
	return 0;
}

int
ui_campaign_page(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), campaign, segment = val_null();
	struct letter_template t;
	int64_t id;
	if (ui_find(w, campaign_by_id, &id, &campaign, e) < 0)
		return -1;
	int64_t template_id = val_as_int(val_get(&campaign, "template_id"), 0);
	int64_t segment_id = val_as_int(val_get(&campaign, "segment_id"), 0);
	int found = message_template_by_id(
		w->arena, w->db, w->company.id, template_id, &t, e);
	if (found < 0 ||
		segment_by_id(w->arena, w->db, w->company.id, segment_id, &segment, e) < 0)
		return -1;
	if (found > 0)
		val_put(w->arena, &vars, "template", message_template_val(w->arena, &t));
	val_put(w->arena, &vars, "segment", segment);
	put_figures(w, &campaign, &vars);
	if (text_is(val_as_text(val_get(&campaign, "state")), "draft")) {
		struct val form = val_map(w->arena);
		val_put(w->arena, &form, "name", *val_get(&campaign, "name"));
		val_put(w->arena, &form, "template_id", val_id(w->arena, template_id));
		val_put(w->arena, &form, "segment_id", val_id(w->arena, segment_id));
		val_put(w->arena, &vars, "form", form);
		if (put_choices(w, &vars, e) < 0)
			return -1;
	} else if (put_recipients(w, id, &vars, e) < 0) {
		return -1;
	}
	return ui_page(w, 200, "campaign", &vars, e);
}

int
ui_campaign_figures(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), campaign;
	int64_t id;
	if (ui_find(w, campaign_by_id, &id, &campaign, e) < 0)
		return -1;
	if (!text_same(web_query(w, "state"), val_as_text(val_get(&campaign, "state"))))
		response_header(
			w, "HX-Refresh", "true"); /* the whole page is another one now */
	put_figures(w, &campaign, &vars);
	return page_show(w, 200, "part/figures", &vars, e);
}

static int
act(struct web *w, int64_t id, const char *name, bool launch, struct err *e)
{
	int64_t job;
	int done = launch ? campaign_launch(w->arena, w->db, w->company.id, id,
				    w->session->user.id, &job, e)
			  : campaign_stop(w->arena, w->db, w->company.id, id, e);
	const char *said = launch ? T_("campaign.launched") : T_("campaign.stopped");
	if (done < 0) {
		if (e->code != ERR_INPUT && e->code != ERR_CONFLICT)
			return -1;
		said = T_("campaign.not_now");
	} else if (ui_audit(w, launch ? "campaign.launch" : "campaign.stop", id, name, e) <
		   0) {
		return -1;
	}
	page_flash(w, said);
	response_redirect(w, arena_printf(w->arena, "/campaigns/%lld", (long long)id));
	return 0;
}

int
ui_campaign_launch(struct web *w, struct err *e)
{
	struct val campaign;
	int64_t id;
	if (ui_find(w, campaign_by_id, &id, &campaign, e) < 0)
		return -1;
	return act(w, id, val_as_z(w->arena, val_get(&campaign, "name")), true, e);
}

int
ui_campaign_stop(struct web *w, struct err *e)
{
	struct val campaign;
	int64_t id;
	if (ui_find(w, campaign_by_id, &id, &campaign, e) < 0)
		return -1;
	return act(w, id, val_as_z(w->arena, val_get(&campaign, "name")), false, e);
}
