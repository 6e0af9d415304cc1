/* See unify.h. */
#include "profile/unify.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "profile/field.h"
#include "store/db.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_MAX = 1000, BLOCKED_MAX = 500, LABEL_MAX = 100 };

static const char *const survives_names[] = {
	"newest", "oldest", "longest", "union", "source"};

/* Limits after Segment Unify's defaults (one user id, five of others); devices are many. */
static const struct ident_rule otherwise[IDENT_BUILTIN_KINDS] = {
	[IDENT_EXTERNAL] = {.is_on = true,
		.is_unique = true,
		.joins = true,
		.most = 1,
		.priority = 10},
	[IDENT_CARD] = {.is_on = true, .joins = true, .most = 5, .priority = 20},
	[IDENT_EMAIL] = {.is_on = true, .joins = true, .most = 5, .priority = 30},
	[IDENT_PHONE] = {.is_on = true, .most = 5, .priority = 40},
	[IDENT_TELEGRAM] = {.is_on = true, .most = 3, .priority = 50},
	[IDENT_VIBER] = {.is_on = true, .most = 3, .priority = 51},
	[IDENT_WHATSAPP] = {.is_on = true, .most = 3, .priority = 52},
	[IDENT_VK] = {.is_on = true, .most = 3, .priority = 53},
	[IDENT_ANONYMOUS] = {.is_on = true, .most = 100, .priority = 99},
};

static void
take_ident(struct arena *a, struct ident_rule *r, const struct val *rule)
{
	r->is_on = true;
	r->is_unique = val_as_bool(val_get(rule, "unique"), r->is_unique);
	r->joins = val_as_bool(val_get(rule, "joins"), r->joins);
	r->most = val_as_int(val_get(rule, "most"), r->most);
	r->priority = val_as_int(val_get(rule, "priority"), r->priority);
	if (val_get(rule, "name") != NULL)
		r->name = val_as_z(a, val_get(rule, "name"));
	if (val_get(rule, "label") != NULL)
		r->label = val_as_z(a, val_get(rule, "label"));
	if (val_get(rule, "blocked") != NULL)
		r->blocked = *val_get(rule, "blocked");
}

static void
put_in_order(struct unify *u)
{
	u->order_n = 0;
	for (int kind = IDENT_EXTERNAL; kind < IDENT_KINDS; kind++) {
		if (!u->idents[kind].is_on)
			continue;
		size_t at = u->order_n++;
		for (; at > 0 &&
			u->idents[u->order[at - 1]].priority > u->idents[kind].priority;
			at--)
			u->order[at] = u->order[at - 1];
		u->order[at] = (enum ident_kind)kind;
	}
}

int
unify_read(struct arena *a, struct db *db, int64_t company_id, struct unify *out,
	struct err *e)
{
	struct val rows;
	memset(out->idents, 0, sizeof out->idents);
	memcpy(out->idents, otherwise, sizeof otherwise);
	for (int kind = 0; kind < IDENT_KINDS; kind++)
		out->idents[kind].blocked = val_list(a);
	out->fields = val_map(a);
	if (db_rows(a, db, QUERY_UNIFY_ALL, DB_ARGS(val_int(company_id)), &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++) {
		struct text subject = row_text(&rows.list->at[i], 0);
		struct val rule;
		if (json_parse(a, row_text(&rows.list->at[i], 1), &rule, e) < 0)
			return err_wrap(e, "a rule of who is who");
		if (text_starts(subject, "field:")) {
			struct text name = {subject.at + 6, subject.n - 6};
			val_put_key(a, &out->fields, name, rule);
		} else {
			int64_t kind = val_as_int(val_get(&rule, "kind"), 0);
			if (kind > 0 && kind < IDENT_KINDS)
				take_ident(a, &out->idents[kind], &rule);
		}
	}
	put_in_order(out);
	return 0;
}

enum survive
unify_field(const struct unify *u, struct text field, const struct val **sources)
{
	const struct val *rule = val_get_key(&u->fields, field);
	struct text name = val_as_text(val_get(rule, "survives"));
	*sources = val_get(rule, "sources");
	for (int i = SURVIVE_OLDEST; i <= SURVIVE_SOURCE; i++)
		if (text_is(name, survives_names[i]))
			return (enum survive)i;
	return SURVIVE_NEWEST;
}

const char *
unify_ident_name(const struct unify *u, int64_t kind)
{
	if (kind <= 0 || kind >= IDENT_KINDS)
		return "";
	return u->idents[kind].name != NULL ? u->idents[kind].name
					    : ident_name((enum ident_kind)kind);
}

enum ident_kind
unify_ident_kind(const struct unify *u, struct text name)
{
	for (size_t i = 0; i < u->order_n; i++)
		if (text_is(name, unify_ident_name(u, u->order[i])))
			return u->order[i];
	return IDENT_NONE;
}

bool
unify_is_blocked(struct arena *a, const struct unify *u, const struct ident *id)
{
	const struct val *list = &u->idents[id->kind].blocked;
	if (val_len(list) == 0)
		return false;
	struct text t = text_fold(a, id->value);
	for (size_t i = 0; i < val_len(list); i++)
		if (text_same(val_as_text(&list->list->at[i]), t))
			return true;
	return false;
}

struct val
unify_shown(struct arena *a, const struct unify *u)
{
	struct val out = val_map(a), idents = val_list(a), fields = val_list(a);
	for (size_t i = 0; i < u->order_n; i++) {
		const struct ident_rule *r = &u->idents[u->order[i]];
		struct val one = val_map(a);
		const char *name = unify_ident_name(u, u->order[i]);
		val_put(a, &one, "name", val_text(name));
		val_put(a, &one, "label",
			r->label != NULL ? val_text(r->label) : val_null());
		val_put(a, &one, "custom", val_bool(u->order[i] >= IDENT_CUSTOM_FIRST));
		val_put(a, &one, "unique", val_bool(r->is_unique));
		val_put(a, &one, "joins", val_bool(r->joins));
		val_put(a, &one, "most", val_int(r->most));
		val_put(a, &one, "priority", val_int(r->priority));
		val_put(a, &one, "blocked", r->blocked);
		val_push(a, &idents, one);
	}
	for (size_t i = 0; i < val_len(&u->fields); i++) {
		struct val one = val_map(a);
		const struct val *sources;
		enum survive s = unify_field(u, u->fields.map->at[i].key, &sources);
		val_put(a, &one, "name", val_of(u->fields.map->at[i].key));
		val_put(a, &one, "survives", val_text(survives_names[s]));
		val_put(a, &one, "sources", sources != NULL ? *sources : val_list(a));
		val_push(a, &fields, one);
	}
	val_put(a, &out, "idents", idents);
	val_put(a, &out, "fields", fields);
	return out;
}

static int
put_rule(struct arena *a, struct db *db, int64_t company_id, const char *subject,
	const struct val *rule, struct err *e)
{
	return db_exec(db, QUERY_UNIFY_PUT,
		DB_ARGS(val_int(company_id), val_text(subject), val_of(json_text(a, rule))),
		NULL, e);
}

static bool
is_name(const char *z)
{
	size_t n = strlen(z);
	for (size_t i = 0; i < n; i++)
		if (!islower((unsigned char)z[i]) && !isdigit((unsigned char)z[i]) &&
			z[i] != '_')
			return false;
	return n > 0 && n <= 40 && islower((unsigned char)z[0]);
}

static int
free_kind(const struct unify *u, enum ident_kind *out, struct err *e)
{
	for (int kind = IDENT_CUSTOM_FIRST; kind < IDENT_KINDS; kind++)
		if (!u->idents[kind].is_on) {
			*out = (enum ident_kind)kind;
			return 0;
		}
	return err_field(e, "name",
		"there are %d kinds of identifiers of your own already, no more are kept",
		IDENT_KINDS - IDENT_CUSTOM_FIRST);
}

/* The list of blocked values as it is compared: folded. */
static int
read_blocked(struct arena *a, const struct val *in, struct val *out, struct err *e)
{
	*out = val_list(a);
	if (val_is_null(in))
		return 0;
	if (in->kind != VAL_LIST || val_len(in) > BLOCKED_MAX)
		return err_field(
			e, "blocked", "blocked is a list of up to %d texts", BLOCKED_MAX);
	for (size_t i = 0; i < val_len(in); i++) {
		struct text t = text_trim(val_as_text(&in->list->at[i]));
		if (t.n > IDENT_VALUE_MAX)
			return err_field(e, "blocked",
				"a blocked value has at most %d bytes", IDENT_VALUE_MAX);
		if (t.n > 0)
			val_push(a, out, val_of(text_fold(a, t)));
	}
	return 0;
}

int
unify_put_ident(struct arena *a, struct db *db, int64_t company_id, const char *name,
	const struct val *rule, struct err *e)
{
	struct unify u;
	struct val row = val_map(a), blocked;
	if (unify_read(a, db, company_id, &u, e) < 0)
		return -1;
	enum ident_kind kind = unify_ident_kind(&u, text_of(name));
	bool is_new = kind == IDENT_NONE;
	if (is_new && !is_name(name))
		return err_field(e, "name",
			"a kind's name is small Latin letters, digits and _, beginning "
			"with a letter, at most 40: \"passport\"");
	if (is_new && free_kind(&u, &kind, e) < 0)
		return -1;
	if (is_new)
		u.idents[kind] = (struct ident_rule){
			.name = name, .most = 5, .priority = 60, .blocked = val_list(a)};
	struct ident_rule *r = &u.idents[kind];
	const struct val *given = val_get(rule, "blocked");
	if (read_blocked(a, given != NULL ? given : &r->blocked, &blocked, e) < 0)
		return -1;
	take_ident(a, r, rule);
	if (r->most < 1 || r->most > MOST_MAX)
		return err_field(e, "most", "a person has 1 to %d of them", MOST_MAX);
	if (r->priority < 1 || r->priority > 99)
		return err_field(e, "priority", "a priority is 1 (first) to 99");
	if (r->label != NULL && strlen(r->label) > LABEL_MAX)
		return err_field(e, "label", "a label has at most %d bytes", LABEL_MAX);
	val_put(a, &row, "kind", val_int(kind));
	if (kind >= IDENT_CUSTOM_FIRST)
		val_put(a, &row, "name", val_text(name));
	if (r->label != NULL)
		val_put(a, &row, "label", val_text(r->label));
	val_put(a, &row, "unique", val_bool(r->is_unique));
	val_put(a, &row, "joins", val_bool(r->joins));
	val_put(a, &row, "most", val_int(r->is_unique ? 1 : r->most));
	val_put(a, &row, "priority", val_int(r->priority));
	val_put(a, &row, "blocked", blocked);
	return put_rule(a, db, company_id, arena_printf(a, "ident:%s", name), &row, e);
}

int
unify_put_field(struct arena *a, struct db *db, int64_t company_id, const char *field,
	const char *survives, const struct val *sources, struct err *e)
{
	struct val row = val_map(a);
	bool known = false;
	for (int i = SURVIVE_NEWEST; i <= SURVIVE_SOURCE; i++)
		known = known || strcmp(survives, survives_names[i]) == 0;
	if (!known)
		return err_field(e, "survives",
			"which value counts is newest, oldest, longest, union or source, "
			"not \"%.40s\"",
			survives);
	if (field[0] == '\0' || strlen(field) > FIELD_NAME_MAX)
		return err_field(e, "name", "a field's name is expected");
	val_put(a, &row, "survives", val_text(survives));
	if (strcmp(survives, "source") == 0) {
		if (sources == NULL || sources->kind != VAL_LIST || val_len(sources) == 0)
			return err_field(e, "sources",
				"sources is the list of ids of sources, the most trusted "
				"first");
		val_put(a, &row, "sources", *sources);
	}
	return put_rule(a, db, company_id, arena_printf(a, "field:%s", field), &row, e);
}
