/* See rule_words.h. */
#include "ui/rule_words.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "campaign/campaign.h"
#include "event/type.h"
#include "profile/field.h"
#include "scenario/scenario.h"
#include "segment/store.h"
#include "ui/event_view.h"
#include "ui/question.h"
#include "ui/show.h"
#include "web/page.h"
#include "web/words.h"

#include <string.h>

enum { VALUES_LOOKED = 2000, VALUES_GIVEN = 20 };

/* What the builder's script says itself: it gets them under their names without "rule.". */
static const char *const phrases[] = {T_("rule.all"), T_("rule.any"), T_("rule.none"),
	T_("rule.add"), T_("rule.add_group"), T_("rule.undo"), T_("rule.group"),
	T_("rule.remove"), T_("rule.remove_group"), T_("rule.joins"), T_("rule.handle"),
	T_("rule.rows_help"), T_("rule.moved"), T_("rule.removed"), T_("rule.added"),
	T_("rule.changed_one"), T_("rule.empty_title"), T_("rule.empty_text"),
	T_("rule.odd_title"), T_("rule.odd_text"), T_("rule.match"), T_("rule.everybody"),
	T_("rule.narrow"), T_("rule.narrow_hint"), T_("rule.op_is"), T_("rule.op_is_no"),
	T_("rule.op_is_not"), T_("rule.op_is_not_no"), T_("rule.op_contains"),
	T_("rule.op_contains_no"), T_("rule.op_starts"), T_("rule.op_starts_no"),
	T_("rule.op_matches"), T_("rule.op_matches_no"), T_("rule.op_one_of"),
	T_("rule.op_one_of_no"), T_("rule.op_more"), T_("rule.op_more_no"),
	T_("rule.op_less"), T_("rule.op_less_no"), T_("rule.op_at_least"),
	T_("rule.op_at_least_no"), T_("rule.op_at_most"), T_("rule.op_at_most_no"),
	T_("rule.op_between"), T_("rule.op_between_no"), T_("rule.op_empty"),
	T_("rule.op_empty_no"), T_("rule.op_before"), T_("rule.op_before_no"),
	T_("rule.op_after"), T_("rule.op_after_no"), T_("rule.op_within_last"),
	T_("rule.op_within_last_no"), T_("rule.op_within_next"),
	T_("rule.op_within_next_no"), T_("rule.op_anniversary"),
	T_("rule.op_anniversary_no"), T_("rule.op_changed"), T_("rule.op_changed_no"),
	T_("rule.op_has"), T_("rule.op_has_no"), T_("rule.yes"), T_("rule.no"),
	T_("rule.at_least"), T_("rule.at_most"), T_("rule.more"), T_("rule.less"),
	T_("rule.is_not"), T_("rule.between"), T_("rule.times"), T_("rule.times_of"),
	T_("rule.s"), T_("rule.m"), T_("rule.h"), T_("rule.d"), T_("rule.w"),
	T_("rule.unit_s"), T_("rule.unit_m"), T_("rule.unit_h"), T_("rule.unit_d"),
	T_("rule.unit_w"), T_("rule.within"), T_("rule.from_till"), T_("rule.did"),
	T_("rule.did_not"), T_("rule.not"), T_("rule.sum_count"), T_("rule.sum_sum"),
	T_("rule.sum_avg"), T_("rule.sum_min"), T_("rule.sum_max"), T_("rule.sum_most"),
	T_("rule.sum_first"), T_("rule.sum_last"), T_("rule.sum_first_of"),
	T_("rule.sum_last_of"), T_("rule.then"), T_("rule.in_time"), T_("rule.and"),
	T_("rule.or"), T_("rule.in_segment"), T_("rule.in_segment_no"), T_("rule.campaign"),
	T_("rule.scenario"), T_("rule.st_received"), T_("rule.st_received_no"),
	T_("rule.st_opened"), T_("rule.st_opened_no"), T_("rule.st_clicked"),
	T_("rule.st_clicked_no"), T_("rule.st_campaign"), T_("rule.st_campaign_no"),
	T_("rule.st_scenario"), T_("rule.st_scenario_no"), T_("rule.st_entered"),
	T_("rule.st_entered_no"), T_("rule.st_finished"), T_("rule.st_finished_no"),
	T_("rule.reachable"), T_("rule.reachable_no"), T_("rule.consent"),
	T_("rule.consent_no"), T_("rule.st_bounced"), T_("rule.st_bounced_no"),
	T_("rule.st_unsubscribed"), T_("rule.st_unsubscribed_no"), T_("rule.st_running"),
	T_("rule.st_running_no"), T_("rule.known"), T_("rule.known_no"),
	T_("rule.everyone"), T_("rule.everyone_no"), T_("rule.share"), T_("rule.share_no"),
	T_("rule.share_of"), T_("rule.near"), T_("rule.near_no"), T_("rule.near_km"),
	T_("rule.where"), T_("rule.where_no"), T_("rule.lua"), T_("rule.lua_no"),
	T_("rule.more_n"), T_("rule.find"), T_("rule.about"), T_("rule.nothing"),
	T_("rule.done"), T_("rule.cancel"), T_("rule.drop"), T_("rule.kind_field"),
	T_("rule.kind_own"), T_("rule.kind_event"), T_("rule.kind_page"),
	T_("rule.kind_mail"), T_("rule.kind_campaign"), T_("rule.kind_scenario"),
	T_("rule.kind_segment"), T_("rule.kind_consent"), T_("rule.kind_other"),
	T_("rule.page_at"), T_("rule.visits"), T_("rule.f_test"), T_("rule.f_value"),
	T_("rule.f_values"), T_("rule.f_from"), T_("rule.f_till"), T_("rule.f_number"),
	T_("rule.f_unit"), T_("rule.f_did"), T_("rule.f_how"), T_("rule.f_any"),
	T_("rule.f_prop"), T_("rule.f_window"), T_("rule.w_any"), T_("rule.w_within"),
	T_("rule.w_dates"), T_("rule.f_filters"), T_("rule.f_add_filter"),
	T_("rule.f_add_step"), T_("rule.f_drop_filter"), T_("rule.f_drop_step"),
	T_("rule.f_gap"), T_("rule.f_gap_any"), T_("rule.f_seq"), T_("rule.f_name"),
	T_("rule.f_state"), T_("rule.f_channel"), T_("rule.f_lat"), T_("rule.f_lon"),
	T_("rule.f_km"), T_("rule.f_percent"), T_("rule.f_salt"), T_("rule.f_text"),
	T_("rule.f_lua"), T_("rule.bad_value"), T_("rule.bad_number"), T_("rule.bad_date"),
	T_("rule.bad_lua"), T_("rule.bad_prop"), T_("rule.no_such"), T_("rule.drop_chip"),
	T_("rule.whole")};
static const char *const words[] = {"is", "is_not", "contains", "starts", "matches",
	"one_of", "more", "less", "at_least", "at_most", "between", "empty", "before",
	"after", "within_last", "within_next", "anniversary", "changed", "where", "within",
	"first", "last", "count", "sum", "avg", "min", "max", "most", "then_", "segment",
	"campaign", "scenario", "known", "reachable", "consent", "near", "share",
	"everyone"};

/* What no site sends but we ourselves: they can be asked for before the first of them came. */
static const char *const own_events[] = {"page_view", "session_started", "purchase",
	"product_view", "cart_updated", "email_sent", "email_delivered", "email_open",
	"email_click", "email_bounce", "email_complaint", "email_unsubscribe",
	"consent_given", "consent_withdrawn"};

static void
push_named(struct web *w, struct val *list, struct text name, struct text label)
{
	struct val one = val_map(w->arena);
	val_put(w->arena, &one, "name", val_of(name));
	val_put(w->arena, &one, "label", val_of(label));
	val_push(w->arena, list, one);
}

/* {name, label} of each event that came, and of our own. */
static int
put_events(struct web *w, struct val *out, struct err *e)
{
	struct val names, list = val_list(w->arena);
	if (event_type_all(w->arena, w->db, w->company.id, &names, e) < 0)
		return -1;
	size_t own = sizeof own_events / sizeof *own_events;
	for (size_t i = 0; i < own + val_len(&names); i++) {
		struct text name = i < own ? text_of(own_events[i])
					   : event_type_name(
						     val_as_text(&names.list->at[i - own]));
		bool is_there = false;
		for (size_t k = 0; k < val_len(&list) && !is_there; k++)
			is_there = text_same(
				val_as_text(val_get(&list.list->at[k], "name")), name);
		if (!is_there)
			push_named(w, &list, name, event_title_of(w, name));
	}
	val_put(w->arena, out, "events", list);
	return 0;
}

/* out.KEY: the names of a list of maps. */
static int
put_names(struct web *w, struct val *out, const char *key,
	int (*all)(struct arena *a, struct db *db, int64_t company_id, struct val *list,
		struct err *e),
	struct err *e)
{
	struct val list, names = val_list(w->arena);
	if (all(w->arena, w->db, w->company.id, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val one = val_map(w->arena);
		val_put(w->arena, &one, "id", *val_get(&list.list->at[i], "id"));
		val_put(w->arena, &one, "name", *val_get(&list.list->at[i], "name"));
		val_push(w->arena, &names, one);
	}
	val_put(w->arena, out, key, names);
	return 0;
}

static void
put_channels(struct web *w, struct val *out)
{
	static const char *const channels[][2] = {{"email", T_("channel.email")},
		{"sms", T_("channel.sms")}, {"viber", T_("channel.viber")},
		{"push", T_("channel.push")}, {"chatbot", T_("channel.chatbot")}};
	struct val list = val_list(w->arena);
	for (size_t i = 0; i < sizeof channels / sizeof *channels; i++)
		push_named(w, &list, text_of(channels[i][0]),
			page_say(w, channels[i][1], NULL));
	val_put(w->arena, out, "channels", list);
}

/* out.aliases: {alias as SDKs write it: built-in name}. */
static void
put_aliases(struct web *w, struct val *out)
{
	struct val map = val_map(w->arena);
	for (size_t i = 0; i < event_alias_count; i++)
		val_put(w->arena, &map, event_aliases[i].alias,
			val_text(event_aliases[i].name));
	val_put(w->arena, out, "aliases", map);
}

static void
put_phrases(struct web *w, struct val *out)
{
	struct val say = val_map(w->arena);
	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
		const struct val *forms = words_forms(page_words(w), text_of(phrases[i]));
		if (forms != NULL)
			val_put(w->arena, &say, phrases[i] + strlen("rule."), *forms);
	}
	val_put(w->arena, out, "say", say);
}

int
ui_rule_words(struct web *w, struct err *e)
{
	struct val out = val_map(w->arena), fields, list = val_list(w->arena);
	if (field_all(w->arena, w->db, w->company.id, &fields, e) < 0 ||
		put_events(w, &out, e) < 0 ||
		put_names(w, &out, "segments", segment_all, e) < 0 ||
		put_names(w, &out, "campaigns", campaign_all, e) < 0 ||
		put_names(w, &out, "scenarios", scenario_all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&fields); i++)
		show_label(w, &fields.list->at[i]);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		val_push(w->arena, &list, val_text(words[i]));
	val_put(w->arena, &out, "fields", fields);
	val_put(w->arena, &out, "words", list);
	put_channels(w, &out);
	put_aliases(w, &out);
	put_phrases(w, &out);
	response_header(w, "Cache-Control", "no-store");
	response_json(w, 200, &out);
	return 0;
}

/* Of the engine's values those with q in them, whatever the case; at most VALUES_GIVEN. */
static struct val
chosen(struct web *w, const struct val *values, struct text q)
{
	struct val list = val_list(w->arena);
	struct text want = text_lower(w->arena, q);
	for (size_t i = 0; i < val_len(values) && val_len(&list) < VALUES_GIVEN; i++) {
		const struct val *one = &values->list->at[i];
		struct text v = text_lower(w->arena, val_as_text(val_get(one, "value")));
		if (want.n == 0 || memmem(v.at, v.n, want.at, want.n) != NULL)
			val_push(w->arena, &list, *one);
	}
	return list;
}

/* Values of a field this user may not see are not offered, nor what stands in events while there is such a field, as a reason or a form
 * may repeat it: 1 / 0 / -1. */
static int
is_hidden(struct web *w, struct text name, struct text prop, struct err *e)
{
	struct val all;
	if (name.n == 0 && prop.n == 0)
		return 0;
	if (field_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++)
		if (show_hides(w, &all.list->at[i]) &&
			(prop.n > 0 ||
				text_same(val_as_text(val_get(&all.list->at[i], "name")),
					name)))
			return 1;
	return 0;
}

int
ui_rule_values(struct web *w, struct err *e)
{
	struct val out = val_map(w->arena), question = val_map(w->arena),
		   vars = val_map(w->arena), answer;
	struct text field = web_query(w, "field"), event = web_query(w, "event"),
		    prop = web_query(w, "prop");
	val_put(w->arena, &question, "what", val_text("values"));
	val_put(w->arena, &question, field.n > 0 ? "field" : "event",
		val_of(field.n > 0 ? field : event));
	val_put(w->arena, &question, "prop", val_of(prop));
	val_put(w->arena, &question, "limit", val_int(VALUES_LOOKED));
	int hidden = is_hidden(w, field, prop, e);
	int done = hidden == 0 ? question_ask(w, &question, &vars, &answer, e) : 0;
	if (hidden < 0 || (done < 0 && e->code != ERR_INPUT))
		return -1;
	if (done == 1 && val_get(&answer, "values") != NULL)
		val_put(w->arena, &out, "values",
			chosen(w, val_get(&answer, "values"), web_query(w, "q")));
	else
		val_put(w->arena, &out, "values", val_list(w->arena));
	response_header(w, "Cache-Control", "no-store");
	response_json(w, 200, &out);
	return 0;
}
