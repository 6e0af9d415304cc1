/* See show.h. */
#include "ui/show.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "profile/field.h"
#include "profile/field_options.h"
#include "script/format.h"
#include "web/page.h"

#include <math.h>
#include <string.h>

static const struct {
	const char *name, *label;
} labels[] = {
	{"external_id", T_("field.external_id")},
	{"email", T_("field.email")},
	{"phone", T_("field.phone")},
	{"first_name", T_("field.first_name")},
	{"last_name", T_("field.last_name")},
	{"middle_name", T_("field.middle_name")},
	{"gender", T_("field.gender")},
	{"birthday", T_("field.birthday")},
	{"country", T_("field.country")},
	{"region", T_("field.region")},
	{"city", T_("field.city")},
	{"address", T_("field.address")},
	{"language", T_("field.language")},
	{"timezone", T_("field.timezone")},
	{"first_touch_source", T_("field.first_touch_source")},
	{"first_touch_medium", T_("field.first_touch_medium")},
	{"first_touch_campaign", T_("field.first_touch_campaign")},
	{"first_touch_class", T_("field.first_touch_class")},
	{"last_touch_source", T_("field.last_touch_source")},
	{"last_touch_medium", T_("field.last_touch_medium")},
	{"last_touch_campaign", T_("field.last_touch_campaign")},
	{"last_touch_class", T_("field.last_touch_class")},
	{"interests", T_("field.interests")},
	{"source", T_("field.source")},
	{"created_at", T_("field.created_at")},
	{"updated_at", T_("field.updated_at")},
	{"last_seen_at", T_("field.last_seen_at")},
	{"first_seen_at", T_("field.first_seen_at")},
};

void
show_label(struct web *w, struct val *field)
{
	struct text name = val_as_text(val_get(field, "name"));
	struct text state = val_as_text(val_get(field, "state"));
	struct text label = val_as_text(val_get(field, "label"));
	if (label.n == 0) {
		label = name;
		val_put(w->arena, field, "label", val_of(name));
	}
	/* one that a company named itself keeps its name */
	if (!text_is(state, "default") && !text_is(state, "derived") &&
		!text_same(label, name))
		return;
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (text_is(name, labels[i].name))
			val_put(w->arena, field, "label",
				val_of(page_say(w, labels[i].label, NULL)));
}

static const struct zone *
zone_of(const struct web *w)
{
	const struct zone *z = zone_find(text_of(w->company.timezone));
	return z != NULL ? z : zone_utc();
}

static struct text
show_map(struct web *w, const struct val *v)
{
	const struct val *amount = val_get(v, "amount");
	if (amount == NULL)
		return json_text(w->arena, v);
	struct str s = str_new(w->arena);
	const char *currency = val_as_z(w->arena, val_get(v, "currency"));
	format_money(&s, val_as_int(amount, 0),
		currency[0] != '\0' ? currency : w->company.currency,
		words_language(page_words(w)));
	return str_text(&s);
}

static bool
sees_all(const struct web *w)
{
	return w->session == NULL || user_may(&w->session->user, RIGHT_COMPANY);
}

bool
show_hides(const struct web *w, const struct val *field)
{
	return !sees_all(w) && val_as_bool(field_option(field, "pii"), false);
}

int
show_hidden(struct web *w, struct val *names, struct err *e)
{
	struct val all;
	*names = val_list(w->arena);
	if (sees_all(w))
		return 0;
	if (field_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++)
		if (show_hides(w, &all.list->at[i]))
			val_push(w->arena, names, *val_get(&all.list->at[i], "name"));
	return 0;
}

int
show_hides_any(struct web *w, struct err *e)
{
	struct val names;
	return show_hidden(w, &names, e) < 0 ? -1 : val_len(&names) > 0;
}

struct text
show_without_values(struct web *w, struct text reason)
{
	static const char arrow[] = " \u2192 "; /* engine/members.c, reason_text */
	const char *at = reason.n > 0 ? memmem(reason.at, reason.n, arrow, strlen(arrow))
				      : NULL;
	if (at == NULL)
		return reason;
	return text_of(arena_printf(
		w->arena, "%.*s%s•••", (int)(at - reason.at), reason.at, arrow));
}

/* One value that is no list. */
static struct text
show_one(struct web *w, const struct val *field, const struct val *v)
{
	const char *language = words_language(page_words(w));
	struct text type = val_as_text(val_get(field, "type"));
	struct str s = str_new(w->arena);
	struct date d;
	int64_t at;
	switch (v->kind) {
	case VAL_BOOL:
		return page_say(w, v->b ? T_("value.yes") : T_("value.no"), NULL);
	case VAL_INT:
	case VAL_NUM:
		format_number(&s, val_as_num(v, 0), -1, language);
		return str_text(&s);
	case VAL_MAP:
		return show_map(w, v);
	default:
		break;
	}
	if (text_is(val_as_text(val_get(field, "name")), "gender")) {
		if (text_is(v->text, "male"))
			return page_say(w, T_("value.male"), NULL);
		if (text_is(v->text, "female"))
			return page_say(w, T_("value.female"), NULL);
	}
	if (text_is(type, "date") && date_parse(v->text, &d) == 1)
		format_time(&s, zone_date_us(zone_utc(), d), text_of("d MMMM yyyy"),
			zone_utc(), language);
	else if (text_is(type, "datetime") && time_parse(v->text, &at) == 1)
		format_time(&s, at, text_of("d MMMM yyyy, HH:mm"), zone_of(w), language);
	else
		str_addt(&s, v->text);
	return str_text(&s);
}

struct text
show_value(struct web *w, const struct val *field, const struct val *v)
{
	struct text unit = val_as_text(field_option(field, "unit"));
	struct str s = str_new(w->arena);
	if (val_is_null(v))
		return text_of(NULL);
	if (show_hides(w, field))
		return text_of("•••");
	if (v->kind != VAL_LIST)
		str_addt(&s, show_one(w, field, v));
	for (size_t i = 0; v->kind == VAL_LIST && i < val_len(v); i++) {
		const struct val *one = &v->list->at[i];
		str_addz(&s, i > 0 ? ", " : "");
		if (one->kind == VAL_LIST)
			str_addt(&s, json_text(w->arena, one));
		else if (!val_is_null(one))
			str_addt(&s, show_one(w, field, one));
	}
	if (s.n > 0 && unit.n > 0) {
		str_addz(&s, "\u00a0");
		str_addt(&s, unit);
	}
	return str_text(&s);
}

struct text
show_day(struct web *w, int64_t at_us)
{
	const struct zone *z = zone_of(w);
	const char *language = words_language(page_words(w));
	struct date today = zone_date(z, time_now_us(), NULL);
	struct date day = zone_date(z, at_us, NULL);
	int64_t ago = date_days(today) - date_days(day);
	struct str s = str_new(w->arena);
	if (ago == 0 || ago == 1) {
		const char *key = ago == 0 ? T_("value.today") : T_("value.yesterday");
		str_addt(&s, page_say(w, key, NULL));
		str_addz(&s, ", ");
	}
	format_time(&s, at_us, text_of(day.year == today.year ? "d MMMM" : "d MMMM yyyy"),
		z, language);
	return str_text(&s);
}

struct text
show_clock(struct web *w, int64_t at_us)
{
	struct str s = str_new(w->arena);
	format_time(&s, at_us, text_of("HH:mm"), zone_of(w), words_language(page_words(w)));
	return str_text(&s);
}

int
show_percent(int64_t n, int64_t total)
{
	if (total <= 0 || n <= 0)
		return 0;
	return n >= total ? 100 : (int)llround(100.0 * (double)n / (double)total);
}

int
show_root(int64_t n, int64_t total)
{
	if (total <= 0 || n <= 0)
		return 0;
	return n >= total ? 100 : (int)llround(100.0 * sqrt((double)n / (double)total));
}
