/* See mapping.h: what a column seems to be, by its name first, then by what stands in it. */
#include "base/arena.h"
#include "base/str.h"
#include "exchange/cell.h"
#include "exchange/mapping.h"
#include "profile/ident.h"

#include <ctype.h>
#include <string.h>

static const struct {
	const char *field;
	const char *names; /* squeezed, between bars */
} known[] = {
	{"email", "|email|mail|emailaddress|емейл|емайл|эмейл|почта|электроннаяпочта|имейл|"
		  "емэйл|emailклиента|"
		  "адресэлектроннойпочты|"},
	{"phone", "|phone|phonenumber|mobile|mobilephone|tel|telephone|телефон|мобильный|"
		  "мобтелефон|"
		  "номертелефона|тел|мобильныйтелефон|сотовый|телефонклиента|"
		  "контактныйтелефон|"},
	{"external_id", "|externalid|userid|customerid|clientid|idклиента|кодклиента|"
			"номерклиента|внешнийid|"
			"ид|код|клиентid|"},
	{"id", "|profileid|cxdpid|idпрофиля|"},
	{"anonymous_id", "|anonymousid|"},
	{"first_name", "|firstname|name|имя|givenname|имяклиента|"},
	{"last_name", "|lastname|surname|фамилия|familyname|"},
	{"middle_name", "|middlename|patronymic|отчество|"},
	{"gender", "|gender|sex|пол|"},
	{"birthday", "|birthday|birthdate|dateofbirth|dob|датарождения|деньрождения|др|"
		     "датарожд|"},
	{"country", "|country|страна|"},
	{"region", "|region|state|область|регион|край|"},
	{"city", "|city|town|город|нп|населенныйпункт|"},
	{"address", "|address|street|адрес|улица|адресдоставки|"},
	{"language", "|language|locale|язык|"},
	{"timezone", "|timezone|часовойпояс|"},
	{"consent.email", "|consentemail|emailconsent|согласие|согласиенаemail|рассылка|"
			  "подписка|subscribed|"
			  "согласиенарассылку|optin|"},
	{"consent.sms", "|consentsms|smsconsent|согласиенаsms|согласиенасмс|"},
	{"consent.text", "|consenttext|текстсогласия|"},
	{"consent.at", "|consentat|consentdate|датасогласия|"},
};

/* Lower case, letters and digits only. */
static struct text
squeezed(struct arena *a, struct text t)
{
	struct text folded = text_fold(a, t);
	char *out = arena_alloc(a, folded.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < folded.n; i++) {
		unsigned char c = (unsigned char)folded.at[i];
		if (c >= 0x80 || isalnum(c))
			out[n++] = (char)c;
	}
	return (struct text){out, n};
}

static bool
is_field(const struct val *fields, const char *name)
{
	for (size_t i = 0; i < val_len(fields); i++)
		if (text_is(val_as_text(val_get(&fields->list->at[i], "name")), name))
			return true;
	return strchr(name, '.') != NULL || strcmp(name, "id") == 0 ||
	       strcmp(name, "anonymous_id") == 0;
}

static const char *
by_name(struct arena *a, struct text column, const struct val *fields)
{
	struct text name = squeezed(a, column);
	const char *between = arena_printf(a, "|%.*s|", (int)name.n, name.at);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (name.n > 0 && strstr(known[i].names, between) != NULL &&
			is_field(fields, known[i].field))
			return known[i].field;
	for (size_t i = 0; i < val_len(fields); i++) {
		const struct val *f = &fields->list->at[i];
		if (name.n > 0 && !text_is(val_as_text(val_get(f, "state")), "derived") &&
			(text_same(squeezed(a, val_as_text(val_get(f, "name"))), name) ||
				text_same(squeezed(a, val_as_text(val_get(f, "label"))),
					name)))
			return val_as_z(a, val_get(f, "name"));
	}
	return NULL;
}

struct seen { /* of a column's cells */
	size_t n, emails, phones, dates, day_first, month_first;
};

static void
look(struct arena *a, struct text t, const char *country, struct seen *s)
{
	struct ident id;
	struct val v = val_of(text_trim(t));
	int order = cell_date_order(t);
	s->n++;
	s->emails += ident_read(a, IDENT_EMAIL, &v, country, &id) == 1;
	s->phones += order == 0 && ident_read(a, IDENT_PHONE, &v, country, &id) == 1;
	s->dates += order != 0;
	s->day_first += order == 1;
	s->month_first += order == 2;
}

static const char *
by_cells(const struct seen *s)
{
	if (s->n == 0)
		return NULL;
	return s->emails * 5 >= s->n * 4   ? "email"
	       : s->phones * 5 >= s->n * 4 ? "phone"
					   : NULL;
}

struct val
mapping_guess(struct arena *a, const struct val *columns, const struct val *rows,
	const struct val *fields, const char *country)
{
	struct val out = val_map(a), map = val_map(a), used = val_map(a),
		   dates = val_map(a);
	for (size_t i = 0; i < val_len(columns); i++) {
		struct text column = val_as_text(&columns->list->at[i]);
		struct seen s = {0};
		for (size_t k = 0; k < val_len(rows); k++) {
			const struct val *row = &rows->list->at[k];
			if (i < val_len(row) && row->list->at[i].kind == VAL_TEXT)
				look(a, row->list->at[i].text, country, &s);
		}
		const char *to = by_name(a, column, fields);
		if (to == NULL)
			to = by_cells(&s);
		if (to != NULL && val_get(&used, to) != NULL)
			to = NULL;
		if (to != NULL)
			val_put(a, &used, to, val_bool(true));
		struct val one = to != NULL ? val_text(to) : val_null();
		if (s.month_first > s.day_first && to != NULL) {
			one = val_map(a);
			val_put(a, &one, "to", val_text(to));
			val_put(a, &one, "month_first", val_bool(true));
		}
		if (s.dates > 0 && s.day_first == 0 && s.month_first == 0)
			val_put_key(a, &dates, column, val_text("both"));
		else if (s.dates > 0)
			val_put_key(a, &dates, column,
				val_text(s.month_first > s.day_first ? "month" : "day"));
		val_put_key(a, &map, column, one);
	}
	val_put(a, &out, "mapping", map);
	val_put(a, &out, "dates", dates);
	return out;
}
