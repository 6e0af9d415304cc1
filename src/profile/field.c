/* See field.h. Reserved traits: TRACKING section 4. */
#include "profile/field.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "base/url.h"
#include "profile/ident.h"
#include "store/db.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const struct field field_defaults[FIELD_DEFAULTS] = {
	{"external_id", "text"},
	{"email", "email"},
	{"phone", "phone"},
	{"first_name", "text"},
	{"last_name", "text"},
	{"middle_name", "text"},
	{"gender", "text"},
	{"birthday", "date"},
	{"country", "text"},
	{"region", "text"},
	{"city", "text"},
	{"address", "text"},
	{"language", "text"},
	{"timezone", "text"},
};
enum { VALUES_SLICE = 5000 };

static const size_t default_max[FIELD_DEFAULTS] = {
	254, 254, 32, 200, 200, 200, 20, 10, 100, 200, 200, 500, 20, 48};

const struct field field_derived[5] = {{"source", "text"}, {"created_at", "datetime"},
	{"updated_at", "datetime"}, {"last_seen_at", "datetime"},
	{"first_seen_at", "datetime"}};

static const char *const types[] = {"text", "number", "money", "date", "datetime", "bool",
	"choice", "multichoice", "list", "email", "phone", "url", "geo"};

/* Lower case without _ - and spaces: firstName, first_name and FIRST NAME are one. */
static void
squeeze(char out[FIELD_NAME_MAX + 1], struct text name)
{
	size_t n = 0;
	for (size_t i = 0; i < name.n && n < FIELD_NAME_MAX; i++)
		if (strchr("_- ", name.at[i]) == NULL)
			out[n++] = (char)tolower((unsigned char)name.at[i]);
	out[n] = '\0';
}

static const char *
default_of(struct text trait)
{
	static const struct {
		const char *trait, *field;
	} other[] = {{"userid", "external_id"}, {"surname", "last_name"},
		{"patronymic", "middle_name"}, {"sex", "gender"}, {"birthdate", "birthday"},
		{"dateofbirth", "birthday"}, {"state", "region"}, {"locale", "language"}};
	char squeezed[FIELD_NAME_MAX + 1], mine[FIELD_NAME_MAX + 1];
	squeeze(squeezed, trait);
	for (size_t i = 0; i < FIELD_DEFAULTS; i++) {
		squeeze(mine, text_of(field_defaults[i].name));
		if (strcmp(squeezed, mine) == 0)
			return field_defaults[i].name;
	}
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		if (strcmp(squeezed, other[i].trait) == 0)
			return other[i].field;
	return NULL;
}

bool
field_is_called(struct text trait, struct text field)
{
	const char *mine = default_of(trait);
	return text_same(trait, field) || (mine != NULL && text_is(field, mine));
}

static bool
shape(struct arena *a, const char *field, const struct val *in, const char *country,
	struct val *out)
{
	struct ident id;
	struct date d;
	*out = *in;
	if (in->kind == VAL_NULL)
		return true;
	if (in->kind == VAL_TEXT && text_trim(in->text).n == 0) {
		*out = val_null(); /* an empty text is a missing value */
		return true;
	}
	if (strcmp(field, "email") == 0 || strcmp(field, "phone") == 0) {
		if (ident_read(a, field[0] == 'e' ? IDENT_EMAIL : IDENT_PHONE, in, country,
			    &id) != 1)
			return false;
		*out = val_of(id.value);
		return true;
	}
	if (strcmp(field, "birthday") == 0) {
		if (in->kind != VAL_TEXT || date_parse(text_trim(in->text), &d) != 1)
			return false;
		*out = val_text(arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day));
		return true;
	}
	for (size_t i = 0; i < FIELD_DEFAULTS; i++)
		if (strcmp(field_defaults[i].name, field) == 0) {
			if (in->kind == VAL_INT || in->kind == VAL_NUM ||
				in->kind == VAL_BOOL)
				*out = val_of(json_text(a, in));
			else if (in->kind != VAL_TEXT)
				return false;
			else
				*out = val_of(text_trim(in->text));
			*out = val_of(text_cut(out->text, default_max[i]));
		}
	return true;
}

static void
put(struct arena *a, struct val *fields, struct text name, const struct val *v,
	const char *country, struct val *refused)
{
	struct val shaped;
	const char *field = default_of(name);
	if (name.n == 0 || name.n > FIELD_NAME_MAX) {
		val_push(a, refused, val_of(text_cut(name, FIELD_NAME_MAX)));
		return;
	}
	if (field == NULL)
		for (size_t i = 0; i < 5; i++)
			if (text_is(name, field_derived[i].name))
				return; /* nobody sets these */
	if (!shape(a, field != NULL ? field : "", v, country, &shaped)) {
		val_push(a, refused, val_of(name));
		return;
	}
	if (shaped.kind == VAL_TEXT)
		shaped.text = text_cut(shaped.text, FIELD_TEXT_MAX);
	else if ((shaped.kind == VAL_LIST || shaped.kind == VAL_MAP) &&
		 json_text(a, &shaped).n > FIELD_TEXT_MAX) {
		val_push(a, refused, val_of(name));
		return;
	}
	val_put_key(a, fields, field != NULL ? text_of(field) : name, shaped);
}

struct val
field_of_traits(
	struct arena *a, const struct val *traits, const char *country, struct val *refused)
{
	struct val fields = val_map(a);
	*refused = val_list(a);
	if (traits == NULL || traits->kind != VAL_MAP)
		return fields;
	for (size_t i = 0; i < traits->map->n; i++) {
		const struct val_pair *p = &traits->map->at[i];
		if (p->val.kind == VAL_MAP && text_is(p->key, "address")) {
			for (size_t k = 0; k < p->val.map->n; k++) {
				struct text part = p->val.map->at[k].key;
				put(a, &fields,
					text_is(part, "street") ? text_of("address") : part,
					&p->val.map->at[k].val, country, refused);
			}
			continue;
		}
		put(a, &fields, p->key, &p->val, country, refused);
	}
	return fields;
}

const char *
field_guess(const struct val *v)
{
	int64_t at;
	struct date d;
	if (v->kind == VAL_INT || v->kind == VAL_NUM)
		return "number";
	if (v->kind == VAL_BOOL)
		return "bool";
	if (v->kind == VAL_LIST)
		return "list";
	if (v->kind != VAL_TEXT)
		return "text";
	if (v->text.n == 10 && date_parse(v->text, &d) == 1)
		return "date";
	if (v->text.n > 15 && time_parse(v->text, &at) == 1)
		return "datetime";
	return url_is_web(v->text) ? "url" : "text";
}

static int
bad(const char *name, const char *expected, const struct val *in, struct arena *a,
	struct err *e)
{
	return err_field(e, name, "%s: %s is expected, not %.100s", name, expected,
		json_text(a, in).at);
}

static int
check_number(struct arena *a, const char *name, const struct val *in, struct val *out,
	struct err *e)
{
	*out = *in;
	if (in->kind == VAL_INT || in->kind == VAL_NUM)
		return 0;
	if (in->kind == VAL_TEXT) {
		char *end;
		const char *z = text_z(a, text_trim(in->text));
		double n = strtod(z, &end);
		if (end != z && *end == '\0' && n - n == 0) {
			*out = val_num(n);
			return 0;
		}
	}
	return bad(name, "a number", in, a, e);
}

int
field_check(struct arena *a, const char *name, const char *type, const struct val *in,
	struct val *out, struct err *e)
{
	struct date d;
	int64_t at;
	*out = *in;
	if (in->kind == VAL_NULL)
		return 0;
	if (strcmp(type, "number") == 0)
		return check_number(a, name, in, out, e);
	if (strcmp(type, "bool") == 0)
		return in->kind == VAL_BOOL ? 0 : bad(name, "true or false", in, a, e);
	if (strcmp(type, "date") == 0) {
		if (in->kind != VAL_TEXT || date_parse(in->text, &d) != 1)
			return bad(name, "a date like 1991-12-14", in, a, e);
		*out = val_text(arena_printf(a, "%04d-%02d-%02d", d.year, d.month, d.day));
		return 0;
	}
	if (strcmp(type, "datetime") == 0)
		return in->kind == VAL_TEXT && time_parse(in->text, &at) == 1
			       ? 0
			       : bad(name, "a time like 2026-11-21T14:32:07Z", in, a, e);
	if (strcmp(type, "list") == 0 || strcmp(type, "multichoice") == 0)
		return in->kind == VAL_LIST ? 0 : bad(name, "a list", in, a, e);
	if (strcmp(type, "url") == 0)
		return in->kind == VAL_TEXT && url_is_web(in->text)
			       ? 0
			       : bad(name, "an http or https address", in, a, e);
	if (strcmp(type, "money") == 0 || strcmp(type, "geo") == 0)
		return in->kind == VAL_MAP ? 0 : bad(name, "an object", in, a, e);
	if (in->kind == VAL_INT || in->kind == VAL_NUM)
		*out = val_of(json_text(a, in));
	else if (in->kind != VAL_TEXT)
		return bad(name, "a text", in, a, e);
	return out->text.n <= FIELD_TEXT_MAX
		       ? 0
		       : bad(name, "a text of at most 4096 bytes", in, a, e);
}

static void
push_field(struct arena *a, struct val *list, const struct field *f, const char *state)
{
	struct val map = val_map(a);
	val_put(a, &map, "name", val_text(f->name));
	val_put(a, &map, "label", val_text(f->name));
	val_put(a, &map, "type", val_text(f->type));
	val_put(a, &map, "state", val_text(state));
	val_push(a, list, map);
}

int
field_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e)
{
	struct val rows;
	if (db_rows(a, db, QUERY_FIELD_ALL, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	*out = val_list(a);
	for (size_t i = 0; i < FIELD_DEFAULTS; i++)
		push_field(a, out, &field_defaults[i], "default");
	for (size_t i = 0; i < 5; i++)
		push_field(a, out, &field_derived[i], "derived");
	for (size_t i = 0; i < rows.list->n; i++) {
		const struct val *row = &rows.list->at[i];
		struct val one = row_map(
				   a, row, 0, DB_KEYS("name", "label", "type", "state")),
			   options = val_map(a);
		struct text kept = row_text(row, 4);
		if (kept.n > 0 && json_parse(a, kept, &options, e) < 0)
			return err_wrap(e, "the options of a field");
		val_put(a, &one, "options", options);
		val_push(a, out, one);
	}
	return 0;
}

int
field_put(struct db *db, int64_t company_id, const char *name, const char *label,
	const char *type, struct err *e)
{
	bool known = false;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		known = known || strcmp(type, types[i]) == 0;
	if (!known)
		return err_field(e, "type", "no field is of type \"%s\"", type);
	if (name[0] == '\0' || strlen(name) > FIELD_NAME_MAX)
		return err_field(
			e, "name", "a field's name has 1 to %d bytes", FIELD_NAME_MAX);
	for (size_t i = 0; i < FIELD_DEFAULTS + 5; i++) {
		const struct field *f = i < FIELD_DEFAULTS
						? &field_defaults[i]
						: &field_derived[i - FIELD_DEFAULTS];
		if (strcmp(f->name, name) == 0) {
			err_field(e, "name", "\"%s\" is a default field", name);
			e->code = ERR_CONFLICT;
			return -1;
		}
	}
	return db_exec(db, QUERY_FIELD_PUT,
		DB_ARGS(val_int(company_id), val_text(name), val_text(label),
			val_text(type), val_int(time_now_us())),
		NULL, e);
}

int
field_fits(struct arena *a, struct db *db, int64_t company_id, const char *name,
	const char *type, struct err *e)
{
	struct val rows, value, shaped;
	struct err why;
	int64_t after = 0;
	do {
		if (db_rows(a, db, QUERY_VALUE_OF_FIELD,
			    DB_ARGS(val_int(company_id), val_int(after), val_text(name),
				    val_int(VALUES_SLICE)),
			    &rows, e) < 0)
			return -1;
		for (size_t i = 0; i < val_len(&rows); i++) {
			const struct val *row = &rows.list->at[i];
			after = row_int(row, 0);
			if (json_parse(a, row_text(row, 1), &value, e) < 0)
				return -1;
			if (field_check(a, name, type, &value, &shaped, &why) < 0)
				return err_field(e, "type",
					"somebody's value stands against it: %s", why.text);
		}
	} while (val_len(&rows) == VALUES_SLICE);
	return 0;
}

int
field_drop(struct db *db, int64_t company_id, const char *name, struct err *e)
{
	return db_exec(db, QUERY_FIELD_DROP, DB_ARGS(val_int(company_id), val_text(name)),
		NULL, e);
}

int
field_offer(struct arena *a, struct db *db, int64_t company_id, const struct val *names,
	struct err *e)
{
	size_t n = val_len(names);
	struct val *rows = arena_array(a, n * 5, sizeof *rows);
	for (size_t i = 0; i < n; i++) {
		struct val name = *val_get(&names->list->at[i], "name");
		struct val row[] = {val_int(company_id), name, name,
			*val_get(&names->list->at[i], "type"), val_int(time_now_us())};
		memcpy(rows + i * 5, row, sizeof row);
	}
	return db_bulk(db, QUERY_FIELD_OFFER, rows, n, 5, NULL, e);
}
