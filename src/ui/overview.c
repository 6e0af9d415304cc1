/* See overview.h. */
#include "ui/overview.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/time.h"
#include "campaign/campaign.h"
#include "event/dead.h"
#include "scenario/scenario.h"
#include "segment/store.h"
#include "ui/event_view.h"
#include "ui/frame.h"
#include "ui/question.h"
#include "ui/show.h"
#include "web/page.h"

enum { FEED_ROWS = 8, DAYS = 30, REFUSED_READ = 100 };

static const char active_rule[] = "return field.last_seen_at:within_last \"30d\"";
static const char reachable_rule[] = "return reachable \"email\"";

/* vars.chart: new profiles by day with those of the days before; vars.known, vars.grown, vars.grown_before. */
static int
put_growth(struct web *w, struct val *vars, struct err *e)
{
	struct val question = val_map(w->arena), answer;
	val_put(w->arena, &question, "what", val_text("growth"));
	val_put(w->arena, &question, "days", val_int(DAYS));
	int done = question_ask(w, &question, vars, &answer, e);
	if (done < 1)
		return done;
	struct val labels = val_list(w->arena), values = val_list(w->arena),
		   before = val_list(w->arena), series = val_list(w->arena),
		   one = val_map(w->arena), chart = val_map(w->arena);
	const struct val *days = val_get(&answer, "days");
	int64_t grown = 0, grown_before = 0;
	for (size_t i = 0; i < val_len(days); i++) {
		const struct val *day = &days->list->at[i];
		val_push(w->arena, &labels, *val_get(day, "date"));
		val_push(w->arena, &values, *val_get(day, "count"));
		val_push(w->arena, &before, *val_get(day, "previous"));
		grown += val_as_int(val_get(day, "count"), 0);
		grown_before += val_as_int(val_get(day, "previous"), 0);
	}
	val_put(w->arena, &one, "name",
		val_of(page_say(w, T_("overview.new_profiles"), NULL)));
	val_put(w->arena, &one, "values", values);
	val_put(w->arena, &one, "previous", before);
	val_push(w->arena, &series, one);
	val_put(w->arena, &chart, "labels", labels);
	val_put(w->arena, &chart, "series", series);
	val_put(w->arena, &chart, "locale", val_text(words_language(page_words(w))));
	val_put(w->arena, &chart, "previousLabel",
		val_of(page_say(w, T_("overview.before"), NULL)));
	val_put(w->arena, &chart, "labelName",
		val_of(page_say(w, T_("overview.day"), NULL)));
	val_put(w->arena, vars, "chart", chart);
	val_put(w->arena, vars, "known", *val_get(&answer, "known"));
	val_put(w->arena, vars, "grown", val_int(grown));
	val_put(w->arena, vars, "grown_before", val_int(grown_before));
	return 1;
}

/* vars.active and vars.reachable: {n, percent, rule}. */
static int
put_count(
	struct web *w, const char *name, const char *rule, struct val *vars, struct err *e)
{
	int64_t n, known = val_as_int(val_get(vars, "known"), 0);
	struct val v = val_map(w->arena);
	int done = question_count(w, rule, vars, &n, e);
	if (done < 1)
		return done;
	val_put(w->arena, &v, "n", val_int(n));
	val_put(w->arena, &v, "percent", val_int(show_percent(n, known)));
	val_put(w->arena, &v, "rule", val_text(rule));
	val_put(w->arena, vars, name, v);
	return 1;
}

static void
attend(struct web *w, struct val *list, const char *icon, struct text what, const char *why,
	const char *href)
{
	struct val one = val_map(w->arena);
	val_put(w->arena, &one, "icon", val_text(icon));
	val_put(w->arena, &one, "what", val_of(what));
	val_put(w->arena, &one, "why", val_text(why));
	val_put(w->arena, &one, "href", val_text(href));
	val_push(w->arena, list, one);
}

/* What could not be applied and waits for somebody to look at it. */
static int
attend_aside(struct web *w, struct val *list, struct err *e)
{
	struct val counts, args = val_map(w->arena);
	if (dead_counts(w->arena, w->db, w->company.id, &counts, e) < 0)
		return -1;
	const struct val *n = val_get(&counts, "waiting");
	if (val_as_int(n, 0) == 0)
		return 0;
	val_put(w->arena, &args, "n", *n);
	attend(w, list, "alert-triangle", page_say(w, T_("overview.aside"), &args), "",
		"/set-aside");
	return 0;
}

/* Refused events of the last day, by source: the sources of the newest hundred. */
static int
attend_refused(struct web *w, struct val *list, struct err *e)
{
	struct val sources, rejected;
	int64_t since = time_now_us() - DAY_US;
	if (source_all(w->arena, w->db, w->company.id, &sources, e) < 0 ||
		dead_recent(w->arena, w->db, w->company.id, 0, REFUSED_READ, &rejected, e) <
			0)
		return -1;
	for (size_t i = 0; i < val_len(&sources); i++) {
		const struct val *s = &sources.list->at[i];
		int64_t id = val_as_int(val_get(s, "id"), 0), n = 0;
		for (size_t k = 0; k < val_len(&rejected); k++) {
			const struct val *r = &rejected.list->at[k];
			n += text_is(val_as_text(val_get(r, "state")), "refused") &&
			     val_as_int(val_get(r, "source_id"), 0) == id &&
			     val_as_int(val_get(r, "at_us"), 0) > since;
		}
		if (n == 0)
			continue;
		struct val args = val_map(w->arena);
		val_put(w->arena, &args, "n", val_int(n));
		attend(w, list, "alert-circle", page_say(w, T_("overview.refused"), &args),
			val_as_z(w->arena, val_get(s, "name")),
			arena_printf(w->arena, "/sources/%lld#refused", (long long)id));
	}
	return 0;
}

/* Those of list (segments, campaigns) with an error. */
static void
attend_failed(struct web *w, struct val *list, const struct val *things, const char *key,
	const char *path)
{
	for (size_t i = 0; i < val_len(things); i++) {
		const struct val *x = &things->list->at[i];
		const char *why = val_as_z(w->arena, val_get(x, "error"));
		if (why[0] == '\0')
			continue;
		struct val args = val_map(w->arena);
		val_put(w->arena, &args, "name", *val_get(x, "name"));
		attend(w, list, "alert-triangle", page_say(w, key, &args), why,
			arena_printf(w->arena, "%s/%lld", path,
				(long long)val_as_int(val_get(x, "id"), 0)));
	}
}

/* vars.sent, vars.opened: of all campaigns; vars.runs: those on their way, with done (percent). */
static void
put_campaigns(struct web *w, const struct val *campaigns, struct val *vars)
{
	int64_t sent = 0, opened = 0;
	struct val runs = val_list(w->arena);
	for (size_t i = 0; i < val_len(campaigns); i++) {
		struct val c = campaigns->list->at[i];
		const struct val *f = val_get(&c, "figures");
		struct text state = val_as_text(val_get(&c, "state"));
		int64_t gone = val_as_int(val_get(f, "sent"), 0);
		int64_t over = gone + val_as_int(val_get(f, "skipped"), 0) +
			       val_as_int(val_get(f, "failed"), 0);
		int64_t all = val_as_int(val_get(f, "audience"), 0);
		sent += gone;
		opened += val_as_int(val_get(f, "opened"), 0);
		if (!text_is(state, "launching") && !text_is(state, "sending"))
			continue;
		val_put(w->arena, &c, "over", val_int(over));
		val_put(w->arena, &c, "all", val_int(all));
		val_put(w->arena, &c, "done", val_int(show_percent(over, all)));
		val_push(w->arena, &runs, c);
	}
	val_put(w->arena, vars, "sent", val_int(sent));
	val_put(w->arena, vars, "open_percent", val_int(show_percent(opened, sent)));
	val_put(w->arena, vars, "runs", runs);
}

/* Running scenarios join vars.runs. */
static int
put_scenarios(struct web *w, struct val *vars, struct err *e)
{
	struct val list, runs = *val_get(vars, "runs");
	if (scenario_all(w->arena, w->db, w->company.id, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val s = list.list->at[i];
		if (!text_is(val_as_text(val_get(&s, "state")), "running"))
			continue;
		val_put(w->arena, &s, "scenario", val_bool(true));
		val_push(w->arena, &runs, s);
	}
	val_put(w->arena, vars, "runs", runs);
	return 0;
}

static int
put_feed(struct web *w, struct val *vars, struct err *e)
{
	struct val events;
	if (event_view_recent(w, 0, FEED_ROWS, &events, e) < 0)
		return -1;
	val_put(w->arena, vars, "events", events);
	return 0;
}

int
overview_page(struct web *w, struct err *e)
{
	bool platform = w->session->user.company_id == PLATFORM;
	if (platform || w->session->must_second) {
		response_redirect(w, platform ? "/platform" : "/me/second");
		return 0;
	}
	struct val vars = val_map(w->arena), segments, campaigns,
		   attention = val_list(w->arena);
	if (put_feed(w, &vars, e) < 0 || put_growth(w, &vars, e) < 0 ||
		put_count(w, "active", active_rule, &vars, e) < 0 ||
		put_count(w, "reachable", reachable_rule, &vars, e) < 0 ||
		segment_all(w->arena, w->db, w->company.id, &segments, e) < 0 ||
		campaign_all(w->arena, w->db, w->company.id, &campaigns, e) < 0 ||
		attend_aside(w, &attention, e) < 0 || attend_refused(w, &attention, e) < 0)
		return -1;
	attend_failed(w, &attention, &segments, T_("overview.segment_failed"), "/segments");
	attend_failed(
		w, &attention, &campaigns, T_("overview.campaign_failed"), "/campaigns");
	put_campaigns(w, &campaigns, &vars);
	if (put_scenarios(w, &vars, e) < 0)
		return -1;
	val_put(w->arena, &vars, "attention", attention);
	val_put(w->arena, &vars, "today", val_of(show_day(w, time_now_us())));
	return ui_page(w, 200, "overview", &vars, e);
}

int
overview_feed(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	return put_feed(w, &vars, e) < 0 ? -1 : page_show(w, 200, "part/feed", &vars, e);
}
