/* See type.h. Alias names: Segment's e-commerce v2 and e-mail specifications, and the calls of TRACKING. */
#include "event/type.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

const struct event_alias event_aliases[] = {
	{"page", "page_view"},
	{"Page Viewed", "page_view"},
	{"screen", "screen_view"},
	{"Order Completed", "purchase"},
	{"Order Refunded", "refund"},
	{"Order Cancelled", "order_cancelled"},
	{"Product Viewed", "product_view"},
	{"Product Added", "cart_add"},
	{"Product Removed", "cart_remove"},
	{"Cart Viewed", "cart_view"},
	{"Cart Updated", "cart_updated"},
	{"Checkout Started", "checkout"},
	{"Products Searched", "search"},
	{"Signed Up", "signup"},
	{"Signed In", "login"},
	{"Form Submitted", "form_submit"},
	{"Session Started", "session_started"},
	{"Clicked", "click"},
	{"Outbound Link Clicked", "outbound_click"},
	{"File Downloaded", "file_download"},
	{"Page Scrolled", "scroll"},
	{"Form Started", "form_start"},
	{"Form Abandoned", "form_abandon"},
	{"Video Playback Started", "video_start"},
	{"Video Playback Completed", "video_complete"},
	{"Page Not Found", "not_found"},
	{"Rage Clicked", "rage_click"},
	{"Page Left", "time_on_page"},
	{"Text Copied", "copy"},
	{"Email Delivered", "email_delivered"},
	{"Email Opened", "email_open"},
	{"Email Link Clicked", "email_click"},
	{"Email Bounced", "email_bounce"},
	{"Email Marked as Spam", "email_complaint"},
	{"Unsubscribed", "email_unsubscribe"},
};
const size_t event_alias_count = sizeof event_aliases / sizeof *event_aliases;

struct text
event_type_name(struct text name)
{
	for (size_t i = 0; i < event_alias_count; i++)
		if (text_is(name, event_aliases[i].alias))
			return text_of(event_aliases[i].name);
	return name;
}

struct company_types {
	struct company_types *next;
	int64_t company_id;
	struct dict *names; /* position to name */
	int64_t *numbers;   /* by position */
	size_t n;
};

struct event_types {
	struct company_types *companies;
};

struct event_types *
event_types_new(void)
{
	struct event_types *t = calloc(1, sizeof *t);
	must(t != NULL);
	return t;
}

static void
forget(struct company_types *c)
{
	dict_free(c->names);
	free(c->numbers);
	c->names = NULL;
	c->numbers = NULL;
	c->n = 0;
}

void
event_types_free(struct event_types *t)
{
	while (t != NULL && t->companies != NULL) {
		struct company_types *c = t->companies;
		t->companies = c->next;
		forget(c);
		free(c);
	}
	free(t);
}

static int
reload(struct arena *a, struct db *db, struct company_types *c, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_EVENT_TYPE_ALL, DB_ARGS(val_int(c->company_id)), &rows,
		    e) < 0)
		return -1;
	forget(c);
	c->names = dict_new();
	c->n = rows.list->n;
	c->numbers = calloc(c->n + 1, sizeof *c->numbers);
	must(c->numbers != NULL);
	for (size_t i = 0; i < c->n; i++) {
		dict_put(c->names, row_text(&rows.list->at[i], 1), NULL);
		c->numbers[i] = row_int(&rows.list->at[i], 0);
	}
	return 0;
}

static struct company_types *
of_company(struct event_types *t, int64_t company_id)
{
	struct company_types *c = t->companies;
	while (c != NULL && c->company_id != company_id)
		c = c->next;
	if (c == NULL) {
		c = calloc(1, sizeof *c);
		must(c != NULL);
		c->company_id = company_id;
		c->names = dict_new();
		c->next = t->companies;
		t->companies = c;
	}
	return c;
}

int
event_type_number(struct arena *a, struct db *db, struct event_types *t, int64_t company_id,
	struct text name, int64_t *number, struct err *e)
{
	struct company_types *c = of_company(t, company_id);
	name = text_cut(name, EVENT_NAME_MAX);
	for (int tries = 0;; tries++) {
		int64_t at = dict_find(c->names, name);
		struct val row;
		if (at != DICT_NONE) {
			*number = c->numbers[at];
			return 0;
		}
		if (reload(a, db, c, e) < 0)
			return -1;
		if (dict_find(c->names, name) != DICT_NONE)
			continue;
		if (tries > 5)
			return err_set(e, ERR_CONFLICT, "no number for the event type");
		if (db_row(a, db, QUERY_EVENT_TYPE_NEXT, DB_ARGS(val_int(company_id)), &row,
			    e) < 0)
			return -1;
		/* somebody else may take the number or add the name first: then look again */
		if (db_exec(db, QUERY_EVENT_TYPE_INSERT,
			    DB_ARGS(val_int(company_id), *row_at(&row, 0), val_of(name),
				    val_int(time_now_us())),
			    NULL, e) < 0 &&
			e->code != ERR_CONFLICT)
			return -1;
	}
}

int
event_type_text(struct arena *a, struct db *db, struct event_types *t, int64_t company_id,
	int64_t number, struct text *name, struct err *e)
{
	struct company_types *c = of_company(t, company_id);
	for (int tries = 0; tries < 2; tries++) {
		for (size_t i = 0; i < c->n; i++)
			if (c->numbers[i] == number) {
				*name = dict_text(c->names, (int64_t)i);
				*name = (struct text){
					arena_text(a, name->at, name->n), name->n};
				return 0;
			}
		if (tries == 0 && reload(a, db, c, e) < 0)
			return -1;
	}
	*name = text_of("?");
	return 0;
}

int
event_type_all(struct arena *a, struct db *db, int64_t company_id, struct val *names,
	struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_EVENT_TYPE_ALL, DB_ARGS(val_int(company_id)), &rows, e) <
		0)
		return -1;
	*names = val_list(a);
	for (size_t i = 0; i < rows.list->n; i++)
		val_push(a, names, *row_at(&rows.list->at[i], 1));
	return 0;
}
