/* See event_view.h. Property names: Segment's e-commerce and e-mail specifications, and our own events' words. */
#include "ui/event_view.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "event/history.h"
#include "profile/person.h"
#include "ui/frame.h"
#include "ui/sentence.h"
#include "ui/show.h"
#include "web/page.h"

#include <math.h>
#include <string.h>

enum { PEOPLE_MAX = 512, CHANGES_MAX = 100 };

/* What our own and the usual shops' events are called and look like. */
static const struct look {
	const char *name, *title, *icon, *node;
	const char *about[3]; /* paths of properties, the first that is there is the line */
} looks[] = {
	{"page_view", T_("event.page_view"), "eye", "", {"title", "name", "url"}},
	{"screen_view", T_("event.screen_view"), "device-mobile", "", {"name"}},
	{"purchase", T_("event.purchase"), "shopping-bag", "p", {"order_id", "orderId"}},
	{"refund", T_("event.refund"), "arrow-back-up", "w", {"order_id", "orderId"}},
	{"order_cancelled", T_("event.order_cancelled"), "x", "w", {"order_id"}},
	{"product_view", T_("event.product_view"), "eye", "", {"name", "product_id"}},
	{"cart_add", T_("event.cart_add"), "shopping-cart", "", {"name", "product_id"}},
	{"cart_remove", T_("event.cart_remove"), "shopping-cart", "",
		{"name", "product_id"}},
	{"cart_view", T_("event.cart_view"), "shopping-cart", "", {NULL}},
	{"cart_updated", T_("event.cart_updated"), "shopping-cart", "", {NULL}},
	{"checkout", T_("event.checkout"), "credit-card", "", {NULL}},
	{"search", T_("event.search"), "search", "", {"query"}},
	{"signup", T_("event.signup"), "user-plus", "k", {NULL}},
	{"login", T_("event.login"), "login", "", {NULL}},
	{"form_submit", T_("event.form_submit"), "forms", "k", {"form", "name", "url"}},
	{"session_started", T_("event.session_started"), "login", "", {NULL}},
	{"click", T_("event.click"), "click", "", {"text", "href"}},
	{"outbound_click", T_("event.outbound_click"), "click", "", {"href", "text"}},
	{"file_download", T_("event.file_download"), "download", "", {"file", "href"}},
	{"scroll", T_("event.scroll"), "eye", "", {"path"}},
	{"form_start", T_("event.form_start"), "forms", "", {"form"}},
	{"form_abandon", T_("event.form_abandon"), "forms", "w", {"form"}},
	{"video_start", T_("event.video_start"), "eye", "", {"title", "src"}},
	{"video_complete", T_("event.video_complete"), "eye", "", {"title", "src"}},
	{"not_found", T_("event.not_found"), "x", "w", {"path"}},
	{"rage_click", T_("event.rage_click"), "click", "w", {"text"}},
	{"time_on_page", T_("event.time_on_page"), "eye", "", {"path"}},
	{"copy", T_("event.copy"), "copy", "", {"path"}},
	{"email_sent", T_("event.email_sent"), "mail-forward", "", {"subject", "template"}},
	{"email_delivered", T_("event.email_delivered"), "mail-check", "", {"subject"}},
	{"email_open", T_("event.email_open"), "mail-opened", "", {"subject"}},
	{"email_click", T_("event.email_click"), "click", "", {"url", "link"}},
	{"email_bounce", T_("event.email_bounce"), "mail-x", "w", {"reason"}},
	{"email_complaint", T_("event.email_complaint"), "mail-x", "w", {NULL}},
	{"email_unsubscribe", T_("event.email_unsubscribe"), "mail-off", "w", {NULL}},
	{"email_failed", T_("event.email_failed"), "mail-x", "w", {"reason"}},
	{"email_skipped", T_("event.email_skipped"), "mail-off", "w", {"reason"}},
	{"segment_entered", T_("event.segment_entered"), "target", "k", {"reason"}},
	{"segment_exited", T_("event.segment_exited"), "target", "", {"reason"}},
	{"scenario_entered", T_("event.scenario_entered"), "route", "k", {NULL}},
	{"scenario_finished", T_("event.scenario_finished"), "flag", "", {NULL}},
	{"profile_created", T_("event.profile_created"), "user-plus", "k", {NULL}},
	{"profile_updated", T_("event.profile_updated"), "pencil", "", {NULL}},
	{"profile_merged", T_("event.profile_merged"), "git-merge", "k", {"reason"}},
	{"profile_split", T_("event.profile_split"), "git-branch", "w", {NULL}},
	{"profile_imported", T_("event.profile_imported"), "file-import", "k", {NULL}},
	{"consent_given", T_("event.consent_given"), "clipboard-check", "p", {"channel"}},
	{"consent_withdrawn", T_("event.consent_withdrawn"), "ban", "w", {"channel"}},
	{"identify", T_("event.identify"), "id", "k", {NULL}},
	{"alias", T_("event.alias"), "git-merge", "k", {NULL}},
	{"group", T_("event.group"), "users-group", "", {"name"}},
};

static const struct look *
look_of(struct text name)
{
	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
		if (text_is(name, looks[i].name))
			return &looks[i];
	return NULL;
}

struct text
event_title_of(struct web *w, struct text type)
{
	const struct look *look = look_of(type);
	return look != NULL ? page_say(w, look->title, NULL) : type;
}

/* A property as one line of text: texts and numbers; nothing else. */
static struct text
one_line(struct web *w, const struct val *v)
{
	if (v == NULL || (v->kind != VAL_TEXT && v->kind != VAL_INT && v->kind != VAL_NUM))
		return text_of(NULL);
	if (v->kind == VAL_TEXT)
		return text_cut(v->text, 300);
	return json_text(w->arena, v);
}

/* The first few properties of an event nobody described: "color: red, size: 42". */
static struct text
any_line(struct web *w, const struct val *props)
{
	struct str s = str_new(w->arena);
	size_t shown = 0;
	for (size_t i = 0; i < val_len(props) && shown < 4; i++) {
		const struct val_pair *p = &props->map->at[i];
		struct text t = one_line(w, &p->val);
		if (t.n == 0 || text_starts(p->key, "$"))
			continue;
		str_addf(&s, "%s%.*s: %.*s", shown > 0 ? ", " : "", (int)p->key.n,
			p->key.at, (int)t.n, t.at);
		shown++;
	}
	return str_text(&s);
}

/* A code or a sign; a shop may send anything. */
static bool
is_currency(const struct val *v)
{
	struct text t = val_as_text(v);
	return t.n > 0 && t.n <= 8;
}

static void
put_money(struct web *w, struct val *event, const struct val *props)
{
	static const char *const names[] = {"revenue", "total", "value"};
	for (size_t i = 0; i < 3; i++) {
		const struct val *v = val_get(props, names[i]);
		if (v == NULL || (v->kind != VAL_INT && v->kind != VAL_NUM))
			continue;
		double minor = val_as_num(v, 0) * 100;
		if (!isfinite(minor) || fabs(minor) > 9e15)
			return;
		const struct val *currency = val_get(props, "currency");
		val_put(w->arena, event, "money", val_int(llround(minor)));
		val_put(w->arena, event, "currency",
			is_currency(currency) ? *currency : val_text(w->company.currency));
		return;
	}
}

/* Segments, scenarios and campaigns are named with a link: props have {segment: id, name}. */
static void
put_link(struct web *w, struct val *event, const struct val *props)
{
	static const char *const kinds[] = {"segment", "scenario", "campaign"};
	for (size_t i = 0; i < 3; i++) {
		int64_t id = val_as_int(val_get(props, kinds[i]), 0);
		const struct val *name = val_get(props, "name");
		if (id <= 0 || name == NULL || name->kind != VAL_TEXT)
			continue;
		val_put(w->arena, event, "what", *name);
		val_put(w->arena, event, "href",
			val_text(arena_printf(
				w->arena, "/%ss/%lld", kinds[i], (long long)id)));
		return;
	}
}

/* What changed: {label, old, new} of props.changes, at most CHANGES_MAX; old is empty where there was nothing. */
static void
put_changes(struct web *w, struct val *event, const struct val *props)
{
	const struct val *changes = val_get(props, "changes");
	struct val list = val_list(w->arena);
	for (size_t i = 0; i < val_len(changes) && val_len(&list) < CHANGES_MAX; i++) {
		const struct val *c = &changes->list->at[i];
		struct val one = val_map(w->arena);
		val_put(w->arena, &one, "name", *val_get(c, "field"));
		val_put(w->arena, &one, "state", val_text("default"));
		val_put(w->arena, &one, "label", *val_get(c, "field"));
		show_label(w, &one);
		val_put(w->arena, &one, "old",
			val_of(text_cut(show_value(w, &one, val_get(c, "old")), 100)));
		val_put(w->arena, &one, "new",
			val_of(text_cut(show_value(w, &one, val_get(c, "new")), 100)));
		val_push(w->arena, &list, one);
	}
	if (val_len(&list) > 0)
		val_put(w->arena, event, "changes", list);
}

/* How a scenario ended, where that is not its last step. */
static struct text
end_line(struct web *w, const struct val *props)
{
	struct text state = val_as_text(val_get(props, "state"));
	struct text reason = val_as_text(val_get(props, "reason"));
	struct val args = val_map(w->arena);
	val_put(w->arena, &args, "event", val_of(event_title_of(w, reason)));
	val_put(w->arena, &args, "reason", val_of(reason));
	if (text_is(state, "stopped"))
		return page_say(w, T_("event.scenario_stopped"), &args);
	if (text_is(state, "failed"))
		return page_say(w, T_("event.scenario_failed"), &args);
	return text_of(NULL);
}

struct text
merge_line(struct web *w, struct text reason)
{
	static const struct {
		const char *reason, *words;
	} said[] = {{"hand", T_("client.merge_hand")},
		{"duplicate", T_("client.merge_duplicate")},
		{"api", T_("client.merge_api")}, {"alias", T_("client.merge_alias")}};
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		if (text_is(reason, said[i].reason))
			return page_say(w, said[i].words, NULL);
	const char *ident = arena_printf(w->arena, "ident.%.*s", (int)reason.n, reason.at);
	struct val args = val_map(w->arena);
	val_put(w->arena, &args, "reason",
		val_of(words_has(page_words(w), text_of(ident)) ? page_say(w, ident, NULL)
								: reason));
	return page_say(w, T_("client.merge_why"), &args);
}

static void
hide_in(struct val *v, const struct val *names)
{
	for (size_t i = 0; v->kind == VAL_LIST && i < val_len(v); i++)
		hide_in(&v->list->at[i], names);
	for (size_t i = 0; v->kind == VAL_MAP && i < val_len(v); i++) {
		struct val_pair *p = &v->map->at[i];
		hide_in(&p->val, names);
		for (size_t k = 0; k < val_len(names); k++)
			if (text_same(p->key, val_as_text(&names->list->at[k])))
				p->val = val_text("\u2022\u2022\u2022");
	}
}

int
event_hide(struct web *w, struct val *list, struct err *e)
{
	struct val hidden;
	if (show_hidden(w, &hidden, e) < 0)
		return -1;
	for (size_t i = 0; val_len(&hidden) > 0 && i < val_len(list); i++) {
		struct val *event = &list->list->at[i];
		struct val props = val_copy(w->arena, val_get(event, "props"));
		hide_in(&props, &hidden);
		if (text_starts(val_as_text(val_get(event, "name")), "segment_"))
			val_put(w->arena, &props, "reason",
				val_of(show_without_values(
					w, val_as_text(val_get(&props, "reason")))));
		val_put(w->arena, event, "props", props);
	}
	return 0;
}

void
event_view(struct web *w, struct val *event)
{
	const struct val *props = val_get(event, "props");
	struct text name = val_as_text(val_get(event, "name"));
	const struct look *look = look_of(name);
	struct text line = text_of(NULL);
	if (look != NULL) {
		val_put(w->arena, event, "title", val_of(page_say(w, look->title, NULL)));
		for (size_t i = 0; i < 3 && look->about[i] != NULL && line.n == 0; i++)
			line = one_line(w, val_get(props, look->about[i]));
		if (look->node[0] == 'p' || text_is(name, "refund") ||
			text_starts(name, "cart"))
			put_money(w, event, props);
	} else {
		val_put(w->arena, event, "title", *val_get(event, "type"));
		line = any_line(w, props);
	}
	if (text_is(name, "scenario_finished"))
		line = end_line(w, props);
	if (text_is(name, "profile_merged"))
		line = merge_line(w, line);
	if (text_starts(name, "segment_"))
		line = sentence_in(w, line);
	if (text_starts(name, "consent_")) {
		const char *key = arena_printf(
			w->arena, "channel.%.*s", (int)line.n, line.at);
		if (words_has(page_words(w), text_of(key)))
			line = page_say(w, key, NULL);
	}
	val_put(w->arena, event, "icon", val_text(look != NULL ? look->icon : "point"));
	val_put(w->arena, event, "node", val_text(look != NULL ? look->node : ""));
	val_put(w->arena, event, "line", val_of(line));
	put_link(w, event, props);
	if (text_is(name, "profile_updated"))
		put_changes(w, event, props);
}

struct text
person_name(struct web *w, int64_t id, const struct val *fields)
{
	struct text first = val_as_text(val_get(fields, "first_name"));
	struct text last = val_as_text(val_get(fields, "last_name"));
	if (first.n > 0 || last.n > 0)
		return text_of(arena_printf(w->arena, "%.*s%s%.*s", (int)first.n, first.at,
			first.n > 0 && last.n > 0 ? " " : "", (int)last.n, last.at));
	static const char *const others[] = {"email", "phone", "external_id"};
	for (size_t i = 0; i < 3; i++) {
		struct text t = val_as_text(val_get(fields, others[i]));
		if (t.n > 0)
			return t;
	}
	struct val args = val_map(w->arena);
	const char *hex = arena_printf(w->arena, "%06llx",
		(unsigned long long)(((uint64_t)id * 0x9e3779b97f4a7c15u) >> 40));
	val_put(w->arena, &args, "code", val_text(hex));
	return page_say(w, T_("person.anonymous"), &args);
}

/* Adds person (a name) to each; one query. */
static int
add_people(struct web *w, struct val *events, struct err *e)
{
	int64_t ids[PEOPLE_MAX];
	size_t n = 0, found = 0;
	for (size_t i = 0; i < val_len(events) && n < PEOPLE_MAX; i++)
		ids[n++] = val_as_int(val_get(&events->list->at[i], "person_id"), 0);
	if (n == 0)
		return 0;
	struct person_row *rows = arena_array(w->arena, n, sizeof *rows);
	if (person_by_ids(w->arena, w->db, w->company.id, ids, n, rows, &found, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(events) && i < PEOPLE_MAX; i++) {
		struct val *event = &events->list->at[i];
		const struct val *fields = NULL;
		for (size_t k = 0; k < found; k++)
			if (rows[k].id == ids[i])
				fields = &rows[k].fields;
		val_put(w->arena, event, "person", val_of(person_name(w, ids[i], fields)));
	}
	return 0;
}

int
event_view_recent(
	struct web *w, int64_t source_id, size_t limit, struct val *out, struct err *e)
{
	if (event_recent(w->arena, w->db, ui_types(w), w->company.id, source_id, limit, out,
		    e) < 0)
		return -1;
	if (event_hide(w, out, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(out); i++)
		event_view(w, &out->list->at[i]);
	return add_people(w, out, e);
}
