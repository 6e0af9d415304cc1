/* See person_edit.h. */
#include "ui/person_edit.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "event/call.h"
#include "event/upsert.h"
#include "profile/field.h"
#include "profile/field_options.h"
#include "profile/note.h"
#include "profile/person.h"
#include "script/format.h"
#include "ui/frame.h"
#include "ui/person.h"
#include "ui/show.h"
#include "web/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PROOF_MAX = 500 };

static const struct {
	const char *group, *fields[8];
} groups[] = {
	{"main", {"first_name", "last_name", "middle_name", "gender", "birthday", NULL}},
	{"reach", {"email", "phone", "language", "timezone", NULL}},
	{"place", {"country", "region", "city", "address", NULL}},
	{"own", {NULL}},
};
enum { OWN = 3, GROUPS = 4 };

static const struct zone *
zone_here(struct web *w)
{
	const struct zone *z = zone_find(text_of(w->company.timezone));
	return z != NULL ? z : zone_utc();
}

/* --- a value as it is typed, and back --- */

static struct text
list_typed(struct web *w, const struct val *v)
{
	struct str s = str_new(w->arena);
	for (size_t i = 0; i < val_len(v); i++) {
		const struct val *one = &v->list->at[i];
		str_addz(&s, i > 0 ? "\n" : "");
		str_addt(&s, one->kind == VAL_TEXT ? one->text : json_text(w->arena, one));
	}
	return str_text(&s);
}

/* "12.50 BYN" of {amount, currency}, "53.9, 27.56" of {lat, lon} */
static struct text
map_typed(struct web *w, const struct val *v)
{
	const struct val *amount = val_get(v, "amount"), *lat = val_get(v, "lat");
	if (amount != NULL) {
		int64_t n = val_as_int(amount, 0), whole = n < 0 ? -n : n;
		return text_of(arena_printf(w->arena, "%s%lld.%02lld %s", n < 0 ? "-" : "",
			(long long)(whole / 100), (long long)(whole % 100),
			val_as_z(w->arena, val_get(v, "currency"))));
	}
	if (lat != NULL)
		return text_of(arena_printf(w->arena, "%.15g, %.15g", val_as_num(lat, 0),
			val_as_num(val_get(v, "lon"), 0)));
	return json_text(w->arena, v);
}

static struct text
typed_of(struct web *w, struct text type, const struct val *v)
{
	int64_t at_us;
	struct str s = str_new(w->arena);
	if (val_is_null(v))
		return text_of("");
	if (v->kind == VAL_LIST)
		return list_typed(w, v);
	if (v->kind == VAL_MAP)
		return map_typed(w, v);
	if (v->kind == VAL_BOOL)
		return text_of(v->b ? "true" : "false");
	if (v->kind != VAL_TEXT)
		return json_text(w->arena, v);
	if (!text_is(type, "datetime") || time_parse(v->text, &at_us) != 1)
		return v->text;
	format_time(&s, at_us, text_of("yyyy-MM-dd'T'HH:mm:ss"), zone_here(w), "en");
	return str_text(&s);
}

static struct val
read_list(struct web *w, struct text typed)
{
	struct val list = val_list(w->arena);
	const char *p = typed.at, *end = typed.at + typed.n;
	while (p < end) {
		const char *line = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((line != NULL ? line : end) - p);
		struct text one = text_trim((struct text){p, n});
		if (one.n > 0)
			val_push(w->arena, &list, val_of(one));
		p += n + 1;
	}
	return list;
}

static bool
read_money(struct web *w, struct text typed, struct val *out)
{
	long long whole;
	unsigned cents = 0;
	char sign[2] = "", digits[3] = "", currency[4] = "";
	const char *z = text_z(w->arena, typed);
	int n = sscanf(z, "%1[-]", sign) == 1;
	if (sscanf(z + n, "%12lld", &whole) != 1 || whole < 0)
		return false;
	z += n;
	z += strspn(z, "0123456789");
	if (*z == '.' || *z == ',') {
		if (sscanf(z + 1, "%2[0-9]", digits) != 1)
			return false;
		cents = (unsigned)atoi(digits) * (digits[1] == '\0' ? 10 : 1);
		z += 1 + strspn(z + 1, "0123456789");
	}
	if (*z != '\0' && sscanf(z, " %3[A-Z]", currency) != 1)
		return false;
	int64_t amount = whole * 100 + cents;
	*out = val_map(w->arena);
	val_put(w->arena, out, "amount", val_int(n ? -amount : amount));
	val_put(w->arena, out, "currency",
		val_text(currency[0] != '\0' ? arena_printf(w->arena, "%s", currency)
					     : w->company.currency));
	return true;
}

static bool
read_point(struct web *w, struct text typed, struct val *out)
{
	double lat, lon;
	if (sscanf(text_z(w->arena, typed), "%lf , %lf", &lat, &lon) != 2 || lat < -90 ||
		lat > 90 || lon < -180 || lon > 180)
		return false;
	*out = val_map(w->arena);
	val_put(w->arena, out, "lat", val_num(lat));
	val_put(w->arena, out, "lon", val_num(lon));
	return true;
}

/* What was typed for a field of a type; empty clears. false: it cannot be read. */
static bool
read_typed(struct web *w, struct text type, struct text typed, struct val *out)
{
	typed = text_trim(typed);
	*out = val_null();
	if (typed.n == 0)
		return true;
	if (text_is(type, "bool")) {
		*out = val_bool(text_is(typed, "true"));
		return text_is(typed, "true") || text_is(typed, "false");
	}
	if (text_is(type, "list") || text_is(type, "multichoice")) {
		*out = read_list(w, typed);
		return true;
	}
	if (text_is(type, "money"))
		return read_money(w, typed, out);
	if (text_is(type, "geo"))
		return read_point(w, typed, out);
	if (text_is(type, "number")) {
		char *end;
		const char *z = text_z(w->arena, typed);
		double d = strtod(z, &end);
		*out = val_of(typed);
		return end != z && *end == '\0' && d - d == 0;
	}
	if (text_is(type, "datetime")) {
		int64_t at_us; /* as the clock of the company shows it */
		int second;
		if (time_parse(typed, &at_us) != 1)
			return false;
		struct date d = zone_date(zone_utc(), at_us, &second);
		*out = val_text(time_text(w->arena, zone_time_us(zone_here(w), d, second)));
		return true;
	}
	*out = val_of(typed);
	return true;
}

/* --- the form --- */

static size_t
group_of(const struct val *field)
{
	struct text name = val_as_text(val_get(field, "name"));
	for (size_t i = 0; i < OWN; i++)
		for (const char *const *f = groups[i].fields; *f != NULL; f++)
			if (text_is(name, *f))
				return i;
	return text_is(val_as_text(val_get(field, "state")), "default") ? GROUPS : OWN;
}

static bool
is_changeable(const struct web *w, const struct val *field)
{
	struct text state = val_as_text(val_get(field, "state"));
	return (text_is(state, "default") || text_is(state, "active")) &&
	       !field_is_computed(field) && !show_hides(w, field);
}

/* vars.calculated: the fields the engine keeps, those without a value too. */
static void
put_calculated(
	struct web *w, const struct val *all, const struct val *held, struct val *vars)
{
	struct val list = val_list(w->arena);
	for (size_t i = 0; i < val_len(all); i++) {
		struct val f = all->list->at[i];
		if (!field_is_computed(&f) ||
			!text_is(val_as_text(val_get(&f, "state")), "active"))
			continue;
		show_label(w, &f);
		val_put(w->arena, &f, "value",
			val_of(show_value(w, &f,
				val_get_key(held, val_as_text(val_get(&f, "name"))))));
		val_push(w->arena, &list, f);
	}
	val_put(w->arena, vars, "calculated", list);
}

int
person_put_form(struct web *w, const struct val *card, struct val *vars, struct err *e)
{
	struct val all, list = val_list(w->arena), in[GROUPS];
	const struct val *held = val_get(card, "fields"), *wrong = val_get(vars, "wrong");
	if (field_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < GROUPS; i++)
		in[i] = val_list(w->arena);
	for (size_t i = 0; i < val_len(&all); i++) {
		struct val *f = &all.list->at[i];
		struct text name = val_as_text(val_get(f, "name")),
			    type = val_as_text(val_get(f, "type"));
		size_t group = group_of(f);
		if (!is_changeable(w, f) || group == GROUPS)
			continue;
		const char *key = arena_printf(w->arena, "f.%.*s", (int)name.n, name.at);
		struct text now = typed_of(w, type, val_get_key(held, name));
		show_label(w, f);
		val_put(w->arena, f, "was", val_of(now));
		val_put(w->arena, f, "typed",
			val_of(wrong != NULL ? web_form(w, key) : now));
		if (!val_is_null(field_option(f, "choices")))
			val_put(w->arena, f, "choices", *field_option(f, "choices"));
		if (val_get_key(wrong, name) != NULL)
			val_put(w->arena, f, "bad", *val_get_key(wrong, name));
		val_push(w->arena, &in[group], *f);
	}
	for (size_t i = 0; i < GROUPS; i++) {
		struct val one = val_map(w->arena);
		val_put(w->arena, &one, "name", val_text(groups[i].group));
		val_put(w->arena, &one, "fields", in[i]);
		if (val_len(&in[i]) > 0)
			val_push(w->arena, &list, one);
	}
	val_put(w->arena, vars, "groups", list);
	put_calculated(w, &all, held, vars);
	return 0;
}

/* One field of the form against what is stored: what changed goes to changes; wrong[name] says what is wrong with it. */
static int
read_field(struct web *w, struct upsert *u, struct val *f, const struct val *held,
	struct val *changes, struct val *wrong, struct err *e)
{
	struct text name = val_as_text(val_get(f, "name")),
		    type = val_as_text(val_get(f, "type"));
	struct text typed = text_of(web_form_z(
			    w, arena_printf(w->arena, "f.%.*s", (int)name.n, name.at))),
		    was = text_of(web_form_z(
			    w, arena_printf(w->arena, "was.%.*s", (int)name.n, name.at))),
		    now = typed_of(w, type, val_get_key(held, name));
	struct val value, one = val_map(w->arena), read;
	if (text_same(text_trim(typed), text_trim(was)))
		return 0;
	if (!text_same(text_trim(was), text_trim(now))) {
		struct val args = val_map(w->arena);
		val_put(w->arena, &args, "now", val_of(now));
		val_put_key(w->arena, wrong, name,
			val_of(page_say(w, T_("client.changed_meanwhile"), &args)));
		return 0;
	}
	if (!read_typed(w, type, typed, &value)) {
		val_put_key(w->arena, wrong, name,
			val_of(page_say(w, T_("client.cannot_read"), NULL)));
		return 0;
	}
	val_put_key(w->arena, &one, name, value);
	if (upsert_fields(w->arena, u, &one, &read, e) < 0) {
		if (e->code != ERR_INPUT)
			return -1;
		val_put_key(w->arena, wrong, name, val_of(ui_sentence(w, e)));
		return 0;
	}
	for (size_t i = 0; i < val_len(&read); i++)
		val_put_key(w->arena, changes, read.map->at[i].key, read.map->at[i].val);
	return 0;
}

/* Something a user says about a client, the one way. */
static int
apply(struct web *w, int64_t id, const struct val *fields, const struct val *consents,
	struct err *e)
{
	int64_t now_us = time_now_us();
	struct applied done;
	struct arrival r = {.company_id = w->company.id,
		.user_id = w->session->user.id,
		.type = text_of("identify"),
		.props = val_map(w->arena),
		.fields = fields != NULL ? *fields : val_null(),
		.consents = consents != NULL ? *consents : val_null(),
		.at_us = now_us,
		.received_at_us = now_us,
		.dedup = id_make(),
		.who = {.node_id = id, .values = true, .trusted = true}};
	if (event_apply(w->arena, w->db, ui_types(w), &r, 1, &done, NULL, NULL, e) < 0)
		return -1;
	return done.state == APPLIED_NEW
		       ? 0
		       : err_set(e, ERR_MISSING, "there is no such client any more");
}

static int
go_to(struct web *w, int64_t id, const char *tab)
{
	response_redirect(
		w, arena_printf(w->arena, "/clients/%lld?tab=%s", (long long)id, tab));
	return 0;
}

int
person_fields(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), card, all, changes = val_map(w->arena),
		   wrong = val_map(w->arena);
	struct upsert *u;
	int64_t id;
	if (person_find(w, &id, e) < 0 ||
		web_found(person_card(w->arena, w->db, w->company.id, id, &card, e), e) <
			0 ||
		field_all(w->arena, w->db, w->company.id, &all, e) < 0 ||
		upsert_new(w->arena, w->db, &w->company, &u, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++) {
		struct val *f = &all.list->at[i];
		if (is_changeable(w, f) && group_of(f) != GROUPS &&
			read_field(w, u, f, val_get(&card, "fields"), &changes, &wrong, e) <
				0)
			return -1;
	}
	if (val_len(&wrong) > 0) {
		val_put(w->arena, &vars, "wrong", wrong);
		return person_show(w, 422, id, "fields", &vars, e);
	}
	if (val_len(&changes) > 0) {
		if (apply(w, id, &changes, NULL, e) < 0 ||
			ui_audit(w, "profile.change", id, "", e) < 0)
			return -1;
		page_flash(w, T_("client.saved"));
	}
	return go_to(w, id, "fields");
}

int
person_consent(struct web *w, struct err *e)
{
	struct val by = val_map(w->arena), one = val_map(w->arena), list;
	struct text channel = web_form(w, "channel"),
		    proof = text_cut(web_form(w, "proof"), PROOF_MAX);
	bool granted = text_is(web_form(w, "granted"), "1");
	int64_t id;
	if (person_find(w, &id, e) < 0)
		return -1;
	if (granted && proof.n == 0) {
		page_flash(w, T_("client.consent_proof"));
		return go_to(w, id, "events");
	}
	val_put(w->arena, &one, "granted", val_bool(granted));
	val_put(w->arena, &one, "text", val_of(proof));
	val_put_key(w->arena, &by, channel, one);
	if (event_consents(w->arena, &by, &list, e) < 0 ||
		apply(w, id, NULL, &list, e) < 0 ||
		ui_audit(w, granted ? "consent.give" : "consent.withdraw", id,
			text_z(w->arena, channel), e) < 0)
		return -1;
	page_flash(w, T_("client.consent_saved"));
	return go_to(w, id, "events");
}

int
person_note(struct web *w, struct err *e)
{
	int64_t id;
	if (person_find(w, &id, e) < 0)
		return -1;
	if (note_add(w->db, w->company.id, id, w->session->user.id, web_form(w, "body"),
		    e) < 0) {
		struct val vars = val_map(w->arena);
		int status;
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		ui_typed(w, &vars, (const char *const[]){"body", NULL});
		return person_show(w, status, id, "notes", &vars, e);
	}
	if (ui_audit(w, "note.add", id, "", e) < 0)
		return -1;
	return go_to(w, id, "notes");
}

int
person_note_drop(struct web *w, struct err *e)
{
	int64_t id, note, *nodes;
	size_t n;
	int gone = 0;
	if (person_find(w, &id, e) < 0 || web_id(w, "note", &note, e) < 0 ||
		person_nodes(w->arena, w->db, w->company.id, id, &nodes, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n && gone == 0; i++)
		gone = note_delete(w->db, w->company.id, nodes[i], note, e);
	if (web_found(gone, e) < 0 || ui_audit(w, "note.delete", id, "", e) < 0)
		return -1;
	return go_to(w, id, "notes");
}
