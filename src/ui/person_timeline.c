/* See person_timeline.h. */
#include "ui/person_timeline.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "event/history.h"
#include "profile/field.h"
#include "profile/person.h"
#include "tenant/key.h"
#include "ui/event_view.h"
#include "ui/frame.h"
#include "ui/person.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum {
	DETAILS = 60,
	DETAIL_MAX = 500,
	TIMELINE_ROWS = 40,
	TYPES_MAX = 200,
	ORDERS_MAX = 500
};

/* Of a page: all of its address that came. */
static struct text
address_of(const struct val *props)
{
	static const char *const names[] = {"url", "path", "title"};
	struct text t = text_of("");
	for (size_t i = 0; i < sizeof names / sizeof *names && t.n == 0; i++)
		t = val_as_text(val_get(props, names[i]));
	return t;
}

static void
add_detail(struct web *w, struct val *details, struct text name, struct text value)
{
	struct val one = val_map(w->arena);
	val_put(w->arena, &one, "name", val_of(name));
	val_put(w->arena, &one, "value", val_of(text_cut(value, DETAIL_MAX)));
	val_push(w->arena, details, one);
}

/* ev.details: {name, value} of what came with it, but for events of ours whose line says it all. */
static void
put_details(struct web *w, struct val *ev)
{
	static const char *const said[] = {"profile_", "segment_", "scenario_"};
	const struct val *props = val_get(ev, "props");
	struct val details = val_list(w->arena);
	bool is_consent = text_starts(val_as_text(val_get(ev, "name")), "consent_");
	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		if (text_starts(val_as_text(val_get(ev, "name")), said[i]))
			return;
	for (size_t i = 0; i < val_len(props) && i < DETAILS; i++) {
		const struct val_pair *p = &props->map->at[i];
		if (is_consent && text_is(p->key, "channel"))
			continue; /* its line says it */
		add_detail(w, &details, p->key,
			p->val.kind == VAL_TEXT ? p->val.text
						: json_text(w->arena, &p->val));
	}
	val_put(w->arena, ev, "details", details);
}

/* Page views in a row become one line: how many, and which. list is newest first. */
static void
fold_pages(struct web *w, struct val *list)
{
	struct val out = val_list(w->arena);
	for (size_t i = 0; i < val_len(list);) {
		struct val *first = &list->list->at[i];
		size_t k = i + 1;
		if (text_is(val_as_text(val_get(first, "name")), "page_view"))
			while (k < val_len(list) && k - i < 20 &&
				text_is(val_as_text(val_get(&list->list->at[k], "name")),
					"page_view") &&
				val_as_int(val_get(&list->list->at[k - 1], "at_us"), 0) -
						val_as_int(val_get(&list->list->at[k],
								   "at_us"),
							0) <
					30 * MINUTE_US)
				k++;
		if (k - i > 1) {
			struct val args = val_map(w->arena);
			struct str s = str_new(w->arena);
			struct val details = val_list(w->arena);
			val_put(w->arena, &args, "n", val_int((int64_t)(k - i)));
			val_put(w->arena, first, "title",
				val_of(page_say(w, T_("event.pages"), &args)));
			for (size_t m = k; m-- > i;) {
				if (s.n > 0)
					str_addz(&s, " \u2192 ");
				const struct val *one = &list->list->at[m];
				str_addt(&s, val_as_text(val_get(one, "line")));
				add_detail(w, &details,
					show_clock(w, val_as_int(val_get(one, "at_us"), 0)),
					address_of(val_get(one, "props")));
			}
			val_put(w->arena, first, "line", val_of(str_text(&s)));
			val_put(w->arena, first, "details", details);
		}
		val_push(w->arena, &out, *first);
		i = k;
	}
	*list = out;
}

static void
hide(struct web *w, const struct val *field, struct val *change, const char *key)
{
	if (show_hides(w, field) && val_as_text(val_get(change, key)).n > 0)
		val_put(w->arena, change, key, val_text("•••"));
}

/* Changes of the timeline get the labels of the company's own fields. */
static int
name_changes(struct web *w, struct val *timeline, struct err *e)
{
	struct val all;
	if (field_all(w->arena, w->db, w->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(timeline); i++) {
		const struct val *changes = val_get(&timeline->list->at[i], "changes");
		for (size_t k = 0; k < val_len(changes); k++)
			for (size_t f = 0; f < val_len(&all); f++) {
				struct val *field = &all.list->at[f];
				struct val *change = &changes->list->at[k];
				if (!text_same(val_as_text(val_get(field, "name")),
					    val_as_text(val_get(change, "name"))))
					continue;
				show_label(w, field);
				val_put(w->arena, change, "label",
					*val_get(field, "label"));
				hide(w, field, change, "old");
				hide(w, field, change, "new");
			}
	}
	return 0;
}

/* What a filter of the timeline takes in: its name in the address, and the names of events by their beginnings; none: all others. */
static const struct {
	const char *name, *begins[8];
} groups[] = {
	{"buy", {"purchase", "refund", "order_", "cart_", "checkout", NULL}},
	{"letters", {"email_", NULL}}, {"segments", {"segment_", "scenario_", NULL}},
	{"changes", {"profile_", "consent_", "identify", "alias", "group", NULL}},
	{"site",
		{NULL}}, /* what the tag and shops send: all with words of ours that are in no other */
	{"own", {NULL}}, /* names the company invented */
};
enum { GROUPS = sizeof groups / sizeof *groups, SITE = 4, OWN = 5, PURCHASES };

static size_t
group_of(struct web *w, struct text name)
{
	for (size_t i = 0; i < SITE; i++)
		for (const char *const *b = groups[i].begins; *b != NULL; b++)
			if (text_starts(name, *b))
				return i;
	return text_same(event_title_of(w, name), name) ? OWN : SITE;
}

/* Numbers of the company's types of a group, or (PURCHASES) of purchases alone, under whatever spelling. */
static int
types_in(struct web *w, size_t which, int64_t *numbers, size_t *n, struct err *e)
{
	struct val names;
	*n = 0;
	if (event_type_all(w->arena, w->db, w->company.id, &names, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&names) && *n < TYPES_MAX; i++) {
		struct text name = val_as_text(&names.list->at[i]),
			    known = event_type_name(name);
		bool in = which == PURCHASES ? text_is(known, "purchase")
					     : group_of(w, known) == which;
		if (in && event_type_number(w->arena, w->db, ui_types(w), w->company.id,
				  name, &numbers[(*n)++], e) < 0)
			return -1;
	}
	return 0;
}

/* Those of the group of that name; all where there is no such group (*n 0). */
static int
types_of(struct web *w, struct text group, int64_t *numbers, size_t *n, struct err *e)
{
	size_t which = GROUPS;
	*n = 0;
	for (size_t i = 0; i < GROUPS; i++)
		if (text_is(group, groups[i].name))
			which = i;
	if (which == GROUPS)
		return 0;
	if (types_in(w, which, numbers, n, e) < 0)
		return -1;
	if (*n == 0)
		numbers[(*n)++] = 0; /* the company has none of these */
	return 0;
}

/* The first instant of a day of the company, INT64_MIN for what is no day. */
static int64_t
day_us(struct web *w, struct text t, int later)
{
	struct date d;
	if (t.n == 0 || date_parse(t, &d) != 1)
		return INT64_MIN;
	const struct zone *z = zone_find(text_of(w->company.timezone));
	return zone_date_us(z != NULL ? z : zone_utc(), date_of_days(date_days(d) + later));
}

int
person_put_bought(struct web *w, int64_t root_id, struct val *vars, struct err *e)
{
	int64_t *types = arena_array(w->arena, TYPES_MAX, sizeof *types), *nodes, sum = 0,
		paid = 0;
	struct history_filter f = {.types = types, .from_us = INT64_MIN};
	struct history_at at = HISTORY_BEGIN;
	struct val orders, bought = val_map(w->arena);
	struct text currency = text_of("");
	size_t n, got;
	if (types_in(w, PURCHASES, types, &f.type_n, e) < 0)
		return -1;
	if (f.type_n == 0)
		return 0;
	if (person_nodes(w->arena, w->db, w->company.id, root_id, &nodes, &n, e) < 0 ||
		event_history_of(w->arena, w->db, ui_types(w), w->company.id, nodes, n, &f,
			&at, ORDERS_MAX, &orders, e) < 0)
		return -1;
	if ((got = val_len(&orders)) == 0)
		return 0;
	for (size_t i = 0; i < got; i++) {
		struct val *order = &orders.list->at[i];
		event_view(w, order);
		const struct val *money = val_get(order, "money");
		struct text its = val_as_text(val_get(order, "currency"));
		if (money == NULL || (paid > 0 && !text_same(its, currency)))
			continue;
		currency = its;
		paid++;
		sum += val_as_int(money, 0);
	}
	val_put(w->arena, &bought, "orders", val_int((int64_t)got));
	val_put(w->arena, &bought, "more", val_bool(got == ORDERS_MAX));
	val_put(w->arena, &bought, "last_us", *val_get(&orders.list->at[0], "at_us"));
	val_put(w->arena, &bought, "first_us",
		*val_get(&orders.list->at[got - 1], "at_us"));
	if (paid > 0) {
		val_put(w->arena, &bought, "sum", val_int(sum));
		val_put(w->arena, &bought, "average", val_int(sum / paid));
		val_put(w->arena, &bought, "currency", val_of(currency));
	}
	val_put(w->arena, vars, "bought", bought);
	return 0;
}

/* vars.what, from, to as they were asked for; vars.more: the same as the end of an address. */
static void
put_filter(struct web *w, struct val *vars)
{
	static const char *const names[] = {"what", "from", "to"};
	struct str s = str_new(w->arena);
	for (size_t i = 0; i < 3; i++) {
		struct text t = web_query(w, names[i]);
		val_put(w->arena, vars, names[i], val_of(t));
		if (t.n == 0)
			continue;
		str_addf(&s, "&%s=", names[i]);
		str_add_url(&s, t);
	}
	val_put(w->arena, vars, "more", val_of(str_text(&s)));
}

/* What changed a person without a user's hand has the name of the source it came by. */
static int
put_sources(struct web *w, struct val *timeline, struct err *e)
{
	struct val sources;
	bool asked = false;
	for (size_t i = 0; i < val_len(timeline); i++) {
		struct val *ev = &timeline->list->at[i];
		struct text name = val_as_text(val_get(ev, "name"));
		if (val_get(ev, "who") != NULL || (!text_is(name, "profile_updated") &&
							  !text_starts(name, "consent_")))
			continue;
		if (!asked && source_all(w->arena, w->db, w->company.id, &sources, e) < 0)
			return -1;
		asked = true;
		for (size_t k = 0; k < val_len(&sources); k++) {
			const struct val *s = &sources.list->at[k];
			if (val_as_int(val_get(s, "id"), 0) ==
				val_as_int(val_get(ev, "source_id"), -1))
				val_put(w->arena, ev, "who", *val_get(s, "name"));
		}
	}
	return 0;
}

static int
read_history(struct web *w, const int64_t *nodes, size_t n, struct history_at *at,
	struct val *list, struct err *e)
{
	int64_t *types = arena_array(w->arena, TYPES_MAX + 1, sizeof *types),
		from_us = day_us(w, web_query(w, "from"), 0),
		to_us = day_us(w, web_query(w, "to"), 1);
	struct history_filter f = {.types = types, .from_us = from_us};
	if (history_cursor_read(web_query(w, "before"), at) != 1)
		*at = to_us != INT64_MIN ? (struct history_at){to_us - 1, INT64_MAX}
					 : HISTORY_BEGIN;
	if (types_of(w, web_query(w, "what"), types, &f.type_n, e) < 0)
		return -1;
	if (f.type_n > 0)
		return event_history_of(w->arena, w->db, ui_types(w), w->company.id, nodes,
			n, &f, at, TIMELINE_ROWS, list, e);
	if (event_history(w->arena, w->db, ui_types(w), w->company.id, nodes, n, at,
		    TIMELINE_ROWS, list, e) < 0)
		return -1;
	for (size_t i = 0; from_us != INT64_MIN && i < val_len(list); i++)
		if (val_as_int(val_get(&list->list->at[i], "at_us"), 0) < from_us)
			list->list->n = i; /* newest first: what is left is older still */
	return 0;
}

int
person_put_timeline(struct web *w, int64_t root_id, struct val *vars, struct err *e)
{
	int64_t *nodes;
	size_t n;
	struct val list;
	struct history_at at;
	put_filter(w, vars);
	if (person_nodes(w->arena, w->db, w->company.id, root_id, &nodes, &n, e) < 0 ||
		read_history(w, nodes, n, &at, &list, e) < 0 || event_hide(w, &list, e) < 0)
		return -1;
	size_t got = val_len(&list);
	if (got == TIMELINE_ROWS)
		val_put(w->arena, vars, "before", val_text(history_cursor(w->arena, at)));
	for (size_t i = 0; i < got; i++) {
		struct val *ev = &list.list->at[i];
		const struct val *user = val_get(val_get(ev, "props"), "user");
		if (user != NULL)
			val_put(w->arena, ev, "user_id", val_int(val_as_int(user, 0)));
		event_view(w, ev);
		put_details(w, ev);
	}
	if (person_put_users(w, &list, e) < 0 || put_sources(w, &list, e) < 0)
		return -1;
	fold_pages(w, &list);
	struct text day = web_query(w, "day");
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val *ev = &list.list->at[i];
		int64_t at_us = val_as_int(val_get(ev, "at_us"), 0);
		struct text here = show_day(w, at_us);
		if (!text_same(here, day))
			val_put(w->arena, ev, "day", val_of(here));
		day = here;
		val_put(w->arena, ev, "clock", val_of(show_clock(w, at_us)));
	}
	if (name_changes(w, &list, e) < 0)
		return -1;
	val_put(w->arena, vars, "timeline", list);
	val_put(w->arena, vars, "last_day", val_of(day));
	return 0;
}

int
person_timeline(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena), person = val_map(w->arena);
	int64_t id;
	if (person_find(w, &id, e) < 0 || person_put_timeline(w, id, &vars, e) < 0)
		return -1;
	val_put(w->arena, &person, "id", val_id(w->arena, id));
	val_put(w->arena, &vars, "person", person);
	return page_show(w, 200, "part/timeline", &vars, e);
}
