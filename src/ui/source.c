/* See source.h. */
#include "ui/source.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "event/count.h"
#include "event/dead.h"
#include "event/history.h"
#include "hook/hook.h"
#include "ui/aside.h"
#include "ui/event_view.h"
#include "ui/frame.h"
#include "ui/sentence.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum { FEED_ROWS = 12, REJECTED_ROWS = 20, VOLUME_HOURS = 48, LIST_HOURS = 24 };

int
source_list(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), list, counts;
	if (source_all(w->arena, w->db, w->company.id, &list, e) < 0 ||
		event_count_all(w->arena, w->db, w->company.id,
			time_now_us() / HOUR_US - LIST_HOURS, &counts, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val *s = &list.list->at[i], recent;
		int64_t id = val_as_int(val_get(s, "id"), 0);
		if (event_recent(w->arena, w->db, ui_types(w), w->company.id, id, 1,
			    &recent, e) < 0)
			return -1;
		if (val_len(&recent) > 0)
			val_put(w->arena, s, "last_us",
				*val_get(&recent.list->at[0], "received_at_us"));
		for (size_t k = 0; k < val_len(&counts); k++) {
			const struct val *c = &counts.list->at[k];
			if (val_as_int(val_get(c, "source_id"), 0) != id)
				continue;
			val_put(w->arena, s, "n", *val_get(c, "accepted"));
			val_put(w->arena, s, "refused", *val_get(c, "refused"));
			val_put(w->arena, s, "held", *val_get(c, "quarantined"));
		}
	}
	val_put(w->arena, &vars, "sources", list);
	return ui_page(w, 200, "sources", &vars, e);
}

int
source_form(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), form = val_map(w->arena);
	val_put(w->arena, &form, "kind", val_text("site"));
	val_put(w->arena, &vars, "form", form);
	return ui_page(w, 200, "source-new", &vars, e);
}

int
source_make(struct web *w, struct err *e)
{
	static const char *const typed[] = {"name", "kind", NULL};
	struct source s = {
		.company_id = w->company.id,
		.name = text_z(w->arena, web_form(w, "name")),
		.kind = text_z(w->arena, web_form(w, "kind")),
	};
	if (source_create(w->arena, w->db, &s, e) < 0) {
		struct val vars = val_map(w->arena);
		int status;
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		ui_typed(w, &vars, typed);
		return ui_page(w, status, "source-new", &vars, e);
	}
	bool is_system = strcmp(s.kind, "system") == 0;
	if (ui_audit(w, "source.create", s.id, s.name, e) < 0 ||
		(is_system && hook_renew(w->arena, w->db, w->company.id, s.id, e) < 0))
		return -1;
	page_flash(w, T_("source.made"));
	response_redirect(w, arena_printf(w->arena, "/sources/%lld", (long long)s.id));
	return 0;
}

static int
find(struct web *w, struct source *s, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	return web_found(source_by_id(w->arena, w->db, w->company.id, id, s, e), e);
}

/* vars.events, vars.rejected */
static int
put_feed(struct web *w, const struct source *s, struct val *vars, struct err *e)
{
	struct val events, rejected, shown = val_list(w->arena);
	int hides = show_hides_any(w, e);
	if (hides < 0 || event_view_recent(w, s->id, FEED_ROWS, &events, e) < 0 ||
		dead_recent(w->arena, w->db, w->company.id, s->id, REJECTED_ROWS, &rejected,
			e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&rejected); i++) {
		struct val *r = &rejected.list->at[i];
		if (text_is(val_as_text(val_get(r, "code")), DEAD_PLAN) &&
			!text_is(val_as_text(val_get(r, "state")), "refused"))
			continue; /* stands in quarantine */
		const char *key = arena_printf(
			w->arena, "refused.%s", val_as_z(w->arena, val_get(r, "code")));
		val_put(w->arena, r, "known",
			val_bool(words_has(page_words(w), text_of(key))));
		val_put(w->arena, r, "payload",
			val_of(aside_shown(
				w->arena, val_as_text(val_get(r, "payload")), hides == 1)));
		val_put(w->arena, r, "reason",
			val_of(sentence_in(w, val_as_text(val_get(r, "reason")))));
		val_push(w->arena, &shown, *r);
	}
	val_put(w->arena, vars, "events", events);
	val_put(w->arena, vars, "rejected", shown);
	val_put(w->arena, vars, "feed",
		val_text(arena_printf(w->arena, "/sources/%lld/feed", (long long)s->id)));
	return 0;
}

int
source_of_page(
	struct web *w, const char *tab, struct source *s, struct val *vars, struct err *e)
{
	struct val v = val_map(w->arena), held;
	if (find(w, s, e) < 0 ||
		dead_held(w->arena, w->db, w->company.id, s->id, &held, e) < 0)
		return -1;
	int64_t n = 0;
	for (size_t i = 0; i < val_len(&held); i++) {
		struct val *h = &held.list->at[i];
		n += val_as_int(val_get(h, "n"), 0);
		val_put(w->arena, h, "reason",
			val_of(sentence_in(w, val_as_text(val_get(h, "reason")))));
	}
	val_put(w->arena, &v, "id", val_id(w->arena, s->id));
	val_put(w->arena, &v, "name", val_text(s->name));
	val_put(w->arena, &v, "kind", val_text(s->kind));
	val_put(w->arena, &v, "state", val_text(s->state));
	val_put(w->arena, &v, "write_key", val_text(s->write_key));
	val_put(w->arena, &v, "created_at_us", val_int(s->created_at_us));
	val_put(w->arena, &v, "held", val_int(n));
	val_put(w->arena, vars, "source", v);
	val_put(w->arena, vars, "tab", val_text(tab));
	val_put(w->arena, vars, "held", held);
	const char *url = w->settings->public_url, *host = strstr(url, "://");
	val_put(w->arena, vars, "base", val_text(url));
	val_put(w->arena, vars, "host", val_text(host != NULL ? host + 3 : url));
	return 0;
}

/* Microseconds as a clock in the company's zone shows them. */
static int64_t
local_us(const struct web *w, int64_t at_us)
{
	const struct zone *z = zone_find(text_of(w->company.timezone));
	return at_us + zone_offset_s(z != NULL ? z : zone_utc(), at_us) * SECOND_US;
}

static struct val
series(struct web *w, const char *name, int color, struct val values)
{
	struct val one = val_map(w->arena);
	val_put(w->arena, &one, "name", val_of(page_say(w, name, NULL)));
	val_put(w->arena, &one, "color", val_int(color));
	val_put(w->arena, &one, "values", values);
	return one;
}

/* vars.volume: a chart of the last two days by the hour; vars.sums of the same. */
static int
put_volume(struct web *w, const struct source *s, struct val *vars, struct err *e)
{
	static const char *const keys[] = {
		"accepted", "bots", "excluded", "refused", "quarantined"};
	struct val counts, labels = val_list(w->arena), taken = val_list(w->arena),
			   refused = val_list(w->arena), held = val_list(w->arena),
			   sums = val_map(w->arena), chart = val_map(w->arena),
			   all = val_list(w->arena);
	int64_t now = time_now_us() / HOUR_US, from = now - VOLUME_HOURS + 1,
		total[5] = {0};
	if (event_count_of(w->arena, w->db, w->company.id, s->id, from, &counts, e) < 0)
		return -1;
	for (int64_t hour = from, at = 0; hour <= now; hour++) {
		int64_t n[5] = {0};
		if ((size_t)at < val_len(&counts) &&
			val_as_int(val_get(&counts.list->at[at], "hour"), 0) == hour)
			for (size_t k = 0; k < 5; k++)
				n[k] = val_as_int(
					val_get(&counts.list->at[at], keys[k]), 0);
		if ((size_t)at < val_len(&counts) &&
			val_as_int(val_get(&counts.list->at[at], "hour"), 0) <= hour)
			at++;
		for (size_t k = 0; k < 5; k++)
			total[k] += n[k];
		val_push(w->arena, &labels,
			val_text(arena_printf(w->arena, "%.13s",
				time_text(w->arena, local_us(w, hour * HOUR_US)))));
		val_push(w->arena, &taken, val_int(n[0]));
		val_push(w->arena, &refused, val_int(n[3]));
		val_push(w->arena, &held, val_int(n[4]));
	}
	for (size_t k = 0; k < 5; k++)
		val_put(w->arena, &sums, keys[k], val_int(total[k]));
	val_push(w->arena, &all, series(w, T_("source.taken"), 1, taken));
	val_push(w->arena, &all, series(w, T_("source.refused"), 4, refused));
	val_push(w->arena, &all, series(w, T_("source.held"), 3, held));
	val_put(w->arena, &chart, "labels", labels);
	val_put(w->arena, &chart, "series", all);
	val_put(w->arena, &chart, "locale", val_text(words_language(page_words(w))));
	val_put(w->arena, &chart, "labelName",
		val_of(page_say(w, T_("source.hour"), NULL)));
	val_put(w->arena, vars, "volume", chart);
	val_put(w->arena, vars, "sums", sums);
	return 0;
}

int
source_card(struct web *w, struct err *e)
{
	struct source s;
	struct val vars = val_map(w->arena);
	if (source_of_page(w, "feed", &s, &vars, e) < 0 || put_feed(w, &s, &vars, e) < 0 ||
		put_volume(w, &s, &vars, e) < 0)
		return -1;
	return ui_page(w, 200, "source", &vars, e);
}

int
source_code(struct web *w, struct err *e)
{
	struct source s;
	struct val vars = val_map(w->arena);
	if (source_of_page(w, "code", &s, &vars, e) < 0)
		return -1;
	return ui_page(w, 200, "source-code", &vars, e);
}

int
source_feed(struct web *w, struct err *e)
{
	struct source s;
	struct val vars = val_map(w->arena);
	if (find(w, &s, e) < 0 || put_feed(w, &s, &vars, e) < 0)
		return -1;
	return page_show(w, 200, "part/source-feed", &vars, e);
}

int
source_state(struct web *w, struct err *e)
{
	struct source s;
	if (find(w, &s, e) < 0)
		return -1;
	bool on = text_is(web_form(w, "state"), "active");
	const char *state = on ? "active" : "disabled";
	if (strcmp(s.state, state) != 0 &&
		(source_set_state(w->db, w->company.id, s.id, state, e) < 0 ||
			ui_audit(w, on ? "source.enable" : "source.disable", s.id, s.name,
				e) < 0))
		return -1;
	page_flash(w, on ? T_("source.enabled") : T_("source.disabled"));
	response_redirect(w, arena_printf(w->arena, "/sources/%lld", (long long)s.id));
	return 0;
}
