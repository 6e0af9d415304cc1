/* See export_parts.h. */
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/time.h"
#include "exchange/export_parts.h"

#include <string.h>

/* --- cells --- */

/* Texts of a list, or of one member of its maps, joined. */
static struct val
joined(struct arena *a, const struct val *list, const char *member)
{
	struct str s = str_new(a);
	for (size_t i = 0; i < val_len(list); i++) {
		const struct val *v = &list->list->at[i];
		if (member != NULL)
			v = val_get(v, member);
		str_addz(&s, s.n > 0 ? "; " : "");
		if (v != NULL && v->kind == VAL_TEXT)
			str_addt(&s, v->text);
		else if (v != NULL)
			json_add(&s, v);
	}
	return s.n > 0 ? val_of(str_text(&s)) : val_null();
}

static struct val
devices_of(struct arena *a, const struct val *identities)
{
	struct val list = val_list(a);
	for (size_t i = 0; i < val_len(identities); i++)
		if (text_is(val_as_text(val_get(&identities->list->at[i], "kind")),
			    "anonymous_id"))
			val_push(a, &list, identities->list->at[i]);
	return joined(a, &list, "value");
}

/* What was kept as evidence: words, or the consent as it came. */
static struct val
proof_of(struct arena *a, const struct val *kept)
{
	struct err ignored;
	struct val v;
	struct text t = val_as_text(kept);
	if (json_parse(a, (struct text){arena_text(a, t.at, t.n), t.n}, &v, &ignored) < 0 ||
		v.kind != VAL_MAP)
		return t.n > 0 ? val_of(t) : val_null();
	const struct val *words = val_get(&v, "proof");
	return val_is_null(words) ? val_of(t) : *words;
}

/* "consent.email", "consent.email.at", "consent.email.proof". */
static struct val
consent(struct arena *a, const struct val *consents, struct text rest)
{
	const char *dot = memchr(rest.at, '.', rest.n);
	struct text channel = {rest.at, dot != NULL ? (size_t)(dot - rest.at) : rest.n};
	const struct val *one = val_get_key(consents, channel);
	if (one == NULL)
		return val_null();
	if (dot == NULL)
		return val_bool(val_as_bool(val_get(one, "granted"), false));
	if (strcmp(dot, ".at") != 0)
		return proof_of(a, val_get(one, "proof"));
	int64_t at_us = val_as_int(val_get(one, "at_us"), 0);
	return at_us != 0 ? val_text(time_text(a, at_us)) : val_null();
}

/* A field's value as a cell: lists joined, objects as JSON. */
static struct val
plain(struct arena *a, const struct val *v)
{
	if (v == NULL)
		return val_null();
	if (v->kind == VAL_LIST)
		return joined(a, v, NULL);
	return v->kind == VAL_MAP ? val_of(json_text(a, v)) : *v;
}

static struct val
cell(struct arena *a, const struct export_column *c, const struct val *card,
	const struct val *segments)
{
	if (strcmp(c->name, "id") == 0)
		return *val_get(card, "id");
	if (strcmp(c->name, "anonymous_id") == 0)
		return devices_of(a, val_get(card, "identities"));
	if (strcmp(c->name, "segments") == 0)
		return joined(a, segments, "name");
	if (strcmp(c->name, "source") == 0)
		return *val_get(card, "source_id");
	if (strncmp(c->name, "consent.", 8) == 0)
		return consent(a, val_get(card, "consents"), text_of(c->name + 8));
	const struct val *at = val_get(card, arena_printf(a, "%s_us", c->name));
	if (at != NULL)
		return val_as_int(at, 0) != 0 ? val_text(time_text(a, val_as_int(at, 0)))
					      : val_null();
	return plain(a, val_get(val_get(card, "fields"), c->name));
}

void
export_cells(struct arena *a, const struct export_column *columns, size_t n,
	const struct val *card, const struct val *segments, struct val *cells)
{
	*cells = val_list(a);
	for (size_t i = 0; i < n; i++)
		val_push(a, cells, cell(a, &columns[i], card, segments));
}

/* --- CSV --- */

/* "+375295550142": a number to any spreadsheet, no formula. */
static bool
is_number_of_phone(struct text t)
{
	if (t.n < 8 || t.n > 16 || t.at[0] != '+')
		return false;
	for (size_t i = 1; i < t.n; i++)
		if (t.at[i] < '0' || t.at[i] > '9')
			return false;
	return true;
}

/* OWASP, CSV injection. */
static bool
may_be_formula(struct text t, const struct export_column *c)
{
	if (t.n == 0 || t.at[0] == '\0' || strchr("=+-@\t\r", t.at[0]) == NULL)
		return false;
	return c == NULL || strcmp(c->type, "phone") != 0 || !is_number_of_phone(t);
}

static void
add_cell(struct str *out, const struct export_column *c, const struct val *v, bool raw)
{
	if (v->kind == VAL_NULL)
		return;
	if (v->kind != VAL_TEXT) {
		json_add(out, v);
		return;
	}
	str_addc(out, '"');
	if (!raw && may_be_formula(v->text, c))
		str_addc(out, '\'');
	for (size_t i = 0; i < v->text.n; i++) {
		if (v->text.at[i] == '"')
			str_addc(out, '"');
		str_addc(out, v->text.at[i]);
	}
	str_addc(out, '"');
}

void
export_csv_row(struct str *out, const struct export_column *columns,
	const struct val *cells, char delimiter, bool raw)
{
	for (size_t i = 0; i < val_len(cells); i++) {
		if (i > 0)
			str_addc(out, delimiter);
		add_cell(out, columns != NULL ? &columns[i] : NULL, &cells->list->at[i],
			raw);
	}
	str_addz(out, "\r\n");
}
