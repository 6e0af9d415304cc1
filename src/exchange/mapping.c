/* See mapping.h. */
#include "exchange/mapping.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/sign.h"
#include "base/str.h"
#include "profile/field_options.h"
#include "profile/unify.h"

#include <string.h>

const char *const mapping_channels[5] = {"email", "sms", "push", "viber", "chatbot"};

static const char *const modes[] = {"both", "insert", "update"};

/* A field that can be set, by its name: its type, or NULL. */
static const char *
type_of(struct arena *a, const struct val *fields, struct text name)
{
	for (size_t i = 0; i < val_len(fields); i++) {
		const struct val *f = &fields->list->at[i];
		if (text_same(val_as_text(val_get(f, "name")), name) &&
			!text_is(val_as_text(val_get(f, "state")), "derived"))
			return val_as_z(a, val_get(f, "type"));
	}
	return NULL;
}

static bool
is_channel(const char *name)
{
	for (size_t i = 0; i < sizeof mapping_channels / sizeof *mapping_channels; i++)
		if (strcmp(name, mapping_channels[i]) == 0)
			return true;
	return false;
}

/* What a mapping is read with. */
struct reading {
	struct arena *arena;
	const struct val *columns, *fields;
	const struct unify *kinds;
};

static int
aim(const struct reading *r, struct text to, struct mapping_column *c, struct err *e)
{
	enum ident_kind kind = unify_ident_kind(r->kinds, to);
	const char *type = type_of(r->arena, r->fields, to);
	bool is_builtin = kind != IDENT_NONE && kind < IDENT_BUILTIN_KINDS;
	c->to = text_z(r->arena, to);
	c->type = "";
	if (strcmp(c->to, "id") == 0)
		c->target = TO_ID;
	else if (strcmp(c->to, "consent.text") == 0)
		c->target = TO_PROOF;
	else if (strcmp(c->to, "consent.at") == 0)
		c->target = TO_PROOF_TIME;
	else if (strncmp(c->to, "consent.", 8) == 0 && is_channel(c->to + 8))
		c->target = TO_CONSENT;
	else if (kind != IDENT_NONE && kind > IDENT_PHONE && (is_builtin || type == NULL))
		c->target = TO_OTHER_IDENT;
	else if (type != NULL)
		c->target = is_builtin ? TO_IDENT : TO_FIELD;
	else
		return err_field(e, "mapping", "there is no field \"%.64s\"", c->to);
	c->type = c->target == TO_IDENT || c->target == TO_FIELD ? type : "";
	c->kind = c->target == TO_IDENT || c->target == TO_OTHER_IDENT ? kind : IDENT_NONE;
	for (size_t i = 0; c->target == TO_FIELD && i < val_len(r->fields); i++)
		if (text_same(val_as_text(val_get(&r->fields->list->at[i], "name")), to))
			c->field = r->fields->list->at[i];
	if (field_is_computed(&c->field))
		return err_field(
			e, "mapping", "\"%.64s\" is calculated, nobody sets it", c->to);
	return 0;
}

static int64_t
place_of(const struct val *columns, struct text name)
{
	for (size_t i = 0; i < val_len(columns); i++)
		if (text_same(val_as_text(&columns->list->at[i]), name))
			return (int64_t)i;
	return -1;
}

static int
read_column(const struct reading *r, const struct val_pair *p, struct mapping *out,
	struct err *e)
{
	struct mapping_column *c = &out->columns[out->n];
	struct text to = val_as_text(
		p->val.kind == VAL_MAP ? val_get(&p->val, "to") : &p->val);
	*c = (struct mapping_column){.at = place_of(r->columns, p->key),
		.column = text_z(r->arena, p->key),
		.transform = text_trim(val_as_text(val_get(&p->val, "transform"))),
		.month_first = val_as_bool(val_get(&p->val, "month_first"), false)};
	if (c->at < 0)
		return err_field(
			e, "mapping", "the file has no column \"%.100s\"", c->column);
	if (p->val.kind != VAL_NULL && p->val.kind != VAL_TEXT && p->val.kind != VAL_MAP)
		return err_field(e, "mapping",
			"column \"%.100s\": a field's name, null or an object is expected",
			c->column);
	if (to.n == 0)
		return 0;
	if (c->transform.n > MAPPING_TRANSFORM_MAX)
		return err_field(e, "mapping",
			"column \"%.100s\": a transform has at most %d bytes", c->column,
			MAPPING_TRANSFORM_MAX);
	if (aim(r, to, c, e) < 0)
		return -1;
	out->n++;
	return 0;
}

static int
read_constants(
	const struct reading *r, const struct val *in, struct mapping *out, struct err *e)
{
	if (val_len(in) > MAPPING_CONSTANTS_MAX)
		return err_field(e, "constants", "at most %d constants are taken",
			MAPPING_CONSTANTS_MAX);
	for (size_t i = 0; i < val_len(in) && in->kind == VAL_MAP; i++) {
		struct mapping_column *c = &out->columns[out->n];
		*c = (struct mapping_column){.at = -1,
			.column = "",
			.constant = text_trim(val_as_text(&in->map->at[i].val))};
		if (c->constant.n == 0)
			continue;
		if (aim(r, in->map->at[i].key, c, e) < 0)
			return -1;
		out->n++;
	}
	return 0;
}

static bool
is_ident(const struct mapping_column *c)
{
	return c->target == TO_IDENT || c->target == TO_OTHER_IDENT;
}

/* One target has one column: who would say which one wins? */
static int
check_targets(const struct mapping *m, struct err *e)
{
	size_t idents = 0;
	for (size_t i = 0; i < m->n; i++) {
		idents += is_ident(&m->columns[i]);
		for (size_t k = i + 1; k < m->n; k++)
			if (strcmp(m->columns[i].to, m->columns[k].to) == 0)
				return err_field(e, "mapping",
					"two columns go to the field \"%.64s\"",
					m->columns[i].to);
	}
	return idents <= MAPPING_IDENTS_MAX
		       ? 0
		       : err_field(e, "mapping",
				 "%zu columns name a person, at most %d are taken", idents,
				 MAPPING_IDENTS_MAX);
}

/* The surest first: a device comes behind all that names a person, a profile's id is for who asks for it. */
static const char *
first_key(const struct mapping *m)
{
	static const enum ident_kind last[] = {IDENT_ANONYMOUS, IDENT_NONE};
	for (int kind = IDENT_EXTERNAL; kind < IDENT_KINDS; kind++)
		for (size_t i = 0; i < m->n && kind != IDENT_ANONYMOUS; i++)
			if ((int)m->columns[i].kind == kind)
				return m->columns[i].to;
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < m->n; i++)
			if (m->columns[i].kind == last[k] &&
				(is_ident(&m->columns[i]) || m->columns[i].target == TO_ID))
				return m->columns[i].to;
	return NULL;
}

static int
check_key(struct mapping *m, struct err *e)
{
	const char *first = first_key(m);
	if (first == NULL)
		return err_field(e, "key",
			"no column says who a row is: an e-mail, a phone, an external id, "
			"a "
			"device or a profile id is needed");
	if (m->key[0] == '\0')
		m->key = first;
	for (size_t i = 0; i < m->n; i++)
		if (strcmp(m->columns[i].to, m->key) == 0 &&
			(is_ident(&m->columns[i]) || m->columns[i].target == TO_ID))
			return 0;
	return err_field(e, "key", "no column goes to the key \"%.64s\"", m->key);
}

int
mapping_read(struct arena *a, const struct val *in, const struct val *columns,
	const struct val *fields, const struct unify *kinds, struct mapping *out,
	struct err *e)
{
	const struct reading r = {a, columns, fields, kinds};
	const struct val *map = val_get(in, "mapping"),
			 *constants = val_get(in, "constants");
	const char *mode = val_as_z(a, val_get(in, "mode"));
	*out = (struct mapping){.key = val_as_z(a, val_get(in, "key")),
		.empty = val_as_bool(val_get(in, "overwrite_empty"), false),
		.append = val_as_bool(val_get(in, "append"), false),
		.lenient = val_as_bool(val_get(in, "lenient"), false),
		.triggers = val_as_bool(val_get(in, "triggers"), false)};
	if (map == NULL || map->kind != VAL_MAP)
		return err_field(e, "mapping",
			"mapping is an object: the file's columns to fields, null to leave "
			"one "
			"out");
	out->columns = arena_array(
		a, val_len(map) + val_len(constants) + 1, sizeof *out->columns);
	for (size_t i = 0; i < val_len(map); i++)
		if (read_column(&r, &map->map->at[i], out, e) < 0)
			return -1;
	if (read_constants(&r, constants, out, e) < 0)
		return -1;
	for (int i = 0; i < 3; i++)
		if (strcmp(mode, modes[i]) == 0 || (i == 0 && mode[0] == '\0')) {
			out->mode = (enum mapping_mode)i;
			return check_targets(out, e) < 0 ? -1 : check_key(out, e);
		}
	return err_field(e, "mode", "mode is both, insert or update");
}

struct val
mapping_shape(struct arena *a, const struct mapping *m)
{
	struct val out = val_map(a), map = val_map(a), constants = val_map(a);
	for (size_t i = 0; i < m->n; i++) {
		const struct mapping_column *c = &m->columns[i];
		struct val one = val_map(a);
		if (c->at < 0) {
			val_put(a, &constants, c->to, val_of(c->constant));
			continue;
		}
		val_put(a, &one, "to", val_text(c->to));
		if (c->transform.n > 0)
			val_put(a, &one, "transform", val_of(c->transform));
		if (c->month_first)
			val_put(a, &one, "month_first", val_bool(true));
		val_put(a, &map, c->column, val_len(&one) > 1 ? one : val_text(c->to));
	}
	val_put(a, &out, "mapping", map);
	val_put(a, &out, "constants", constants);
	val_put(a, &out, "key", val_text(m->key));
	val_put(a, &out, "mode", val_text(modes[m->mode]));
	val_put(a, &out, "overwrite_empty", val_bool(m->empty));
	val_put(a, &out, "append", val_bool(m->append));
	val_put(a, &out, "lenient", val_bool(m->lenient));
	val_put(a, &out, "triggers", val_bool(m->triggers));
	return out;
}

const char *
mapping_hash(struct arena *a, const struct val *columns)
{
	return sign_hash(a, json_text(a, columns));
}
