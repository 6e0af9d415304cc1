/* See upsert.h. */
#include "event/upsert.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "event/call.h"
#include "profile/field.h"
#include "profile/field_options.h"
#include "profile/unify.h"
#include "tenant/company.h"

struct upsert {
	const char *country;
	struct val fields; /* as field_all gives them */
	struct unify unify;
};

int
upsert_new(struct arena *a, struct db *db, const struct company *c, struct upsert **out,
	struct err *e)
{
	struct upsert *u = arena_alloc(a, sizeof *u);
	u->country = c->country;
	*out = u;
	return field_all(a, db, c->id, &u->fields, e) < 0
		       ? -1
		       : unify_read(a, db, c->id, &u->unify, e);
}

/* Checks fields of the body by the company's types; null clears. */
int
upsert_fields(struct arena *a, const struct upsert *u, const struct val *in,
	struct val *out, struct err *e)
{
	struct val refused;
	*out = val_map(a);
	if (val_is_null(in))
		return 0;
	if (in->kind != VAL_MAP)
		return err_field(
			e, "fields", "fields is an object: name to value, null clears");
	if (val_len(in) > CALL_PROPERTIES_MAX)
		return err_field(e, "fields", "%zu fields, at most %d are taken at once",
			val_len(in), CALL_PROPERTIES_MAX);
	*out = field_of_traits(a, in, u->country, &refused);
	if (val_len(&refused) > 0) {
		const char *name = val_as_z(a, &refused.list->at[0]);
		return err_field(e, name, "%s: this value cannot be kept", name);
	}
	for (size_t i = 0; i < val_len(out); i++) {
		struct val_pair *p = &out->map->at[i];
		for (size_t k = 0; k < val_len(&u->fields); k++) {
			const struct val *f = &u->fields.list->at[k];
			if (text_same(val_as_text(val_get(f, "name")), p->key) &&
				text_is(val_as_text(val_get(f, "state")), "active") &&
				(field_check(a, text_z(a, p->key),
					 val_as_z(a, val_get(f, "type")), &p->val, &p->val,
					 e) < 0 ||
					field_options_check(a, f, &p->val, e) < 0))
				return -1;
		}
	}
	return 0;
}

static int
read_ident(struct arena *a, const struct upsert *u, enum ident_kind kind, const char *name,
	const struct val *v, struct who *who, struct err *e)
{
	if (who->n == CROWD_IDENTS_MAX)
		return err_field(e, name, "at most %d identifiers are taken at once",
			CROWD_IDENTS_MAX);
	if (ident_read(a, kind, v, u->country, &who->idents[who->n]) != 1)
		return err_field(e, name, "this is not %s that names a person", name);
	who->n++;
	return 0;
}

/* By name in the body, and any kind in "identities": [{kind, value}]. */
static int
read_idents(struct arena *a, const struct upsert *u, const struct val *body,
	struct who *who, struct err *e)
{
	const struct val *list = val_get(body, "identities");
	for (int kind = IDENT_EXTERNAL; kind < IDENT_BUILTIN_KINDS; kind++) {
		const char *name = ident_name((enum ident_kind)kind);
		const struct val *v = val_get(body, name);
		if (!val_is_null(v) &&
			read_ident(a, u, (enum ident_kind)kind, name, v, who, e) < 0)
			return -1;
	}
	if (val_is_null(list))
		return 0;
	if (list->kind != VAL_LIST)
		return err_field(e, "identities", "identities is a list of {kind, value}");
	for (size_t i = 0; i < val_len(list); i++) {
		const char *name = val_as_z(a, val_get(&list->list->at[i], "kind"));
		enum ident_kind kind = unify_ident_kind(&u->unify, text_of(name));
		if (kind == IDENT_NONE)
			return err_field(e, "identities",
				"no kind of identifiers is called \"%.60s\"", name);
		if (read_ident(a, u, kind, name, val_get(&list->list->at[i], "value"), who,
			    e) < 0)
			return -1;
	}
	return 0;
}

int
upsert_read(struct arena *a, const struct upsert *u, const struct val *body,
	struct arrival *out, struct err *e)
{
	if (body->kind != VAL_MAP)
		return err_set(e, ERR_INPUT, "a profile is an object");
	if (read_idents(a, u, body, &out->who, e) < 0 ||
		upsert_fields(a, u, val_get(body, "fields"), &out->fields, e) < 0 ||
		event_consents(a, val_get(body, "consent"), &out->consents, e) < 0)
		return -1;
	if (out->who.n == 0)
		return err_field(e, "external_id",
			"a profile needs one of external_id, email, phone, anonymous_id, "
			"or "
			"another identifier");
	out->who.values = true;
	return 0;
}
