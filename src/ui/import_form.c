/* See imports.h: the form of a mapping, there and back. */
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "exchange/import.h"
#include "profile/field.h"
#include "profile/unify.h"
#include "ui/frame.h"
#include "ui/imports.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum { CONSTANTS = 3, SAMPLES = 2 };

static struct text
form_at(struct web *w, const char *name, size_t i)
{
	return web_form(w, arena_printf(w->arena, "%s%zu", name, i));
}

/* "new:number" for column "Скидка, %": a field of that name, to be made. */
static struct text
new_field(struct web *w, struct text column, struct text to, struct val *made)
{
	struct arena *a = w->arena;
	struct val one = val_map(a);
	struct text name = text_cut(text_trim(column), FIELD_NAME_MAX);
	val_put(a, &one, "name", val_of(name));
	val_put(a, &one, "label", val_of(name));
	val_put(a, &one, "type", val_of((struct text){to.at + 4, to.n - 4}));
	val_put(a, &one, "state", val_text("active"));
	val_push(a, made, one);
	return name;
}

static void
put_option(struct web *w, struct val *mapping, const char *name)
{
	val_put(w->arena, mapping, name, val_bool(web_form(w, name).n > 0));
}

void
import_form(struct web *w, const struct import *im, struct val *mapping, struct val *made)
{
	struct arena *a = w->arena;
	struct val map = val_map(a), constants = val_map(a);
	*mapping = val_map(a);
	*made = val_list(a);
	for (size_t i = 0; i < val_len(&im->columns); i++) {
		struct text to = form_at(w, "to", i), script = form_at(w, "tr", i);
		struct text column = im->columns.list->at[i].text;
		struct val one = val_map(a);
		if (text_starts(to, "new:"))
			to = new_field(w, column, to, made);
		val_put(a, &one, "to", val_of(to));
		if (script.n > 0)
			val_put(a, &one, "transform", val_of(script));
		if (form_at(w, "mf", i).n > 0)
			val_put(a, &one, "month_first", val_bool(true));
		val_put_key(a, &map, column, to.n > 0 ? one : val_null());
	}
	for (size_t i = 0; i < CONSTANTS; i++) {
		struct text to = form_at(w, "ck", i), v = form_at(w, "cv", i);
		if (to.n > 0 && v.n > 0)
			val_put_key(a, &constants, to, val_of(v));
	}
	val_put(a, mapping, "mapping", map);
	val_put(a, mapping, "constants", constants);
	val_put(a, mapping, "key", val_of(web_form(w, "key")));
	val_put(a, mapping, "mode", val_of(web_form(w, "mode")));
	put_option(w, mapping, "overwrite_empty");
	put_option(w, mapping, "append");
	put_option(w, mapping, "lenient");
	put_option(w, mapping, "triggers");
}

static void
put_choice(struct web *w, struct val *list, const char *name, struct text label)
{
	struct val one = val_map(w->arena);
	val_put(w->arena, &one, "name", val_text(name));
	val_put(w->arena, &one, "label", val_of(label));
	val_push(w->arena, list, one);
}

static struct text
kind_label(struct web *w, const struct unify *u, enum ident_kind kind)
{
	const char *own = u->idents[kind].label, *name = unify_ident_name(u, kind);
	if (own != NULL && own[0] != '\0')
		return text_of(own);
	return kind >= IDENT_CUSTOM_FIRST
		       ? text_of(name)
		       : page_say(w, arena_printf(w->arena, "ident.%s", name), NULL);
}

/* What may be chosen for a column, and what says who a row is: {name, label}, fields first. */
static int
put_targets(struct web *w, struct val *vars, struct err *e)
{
	static const struct {
		const char *name, *label;
	} others[] = {
		{"consent.email", T_("import.to_email")},
		{"consent.sms", T_("import.to_sms")},
		{"consent.push", T_("import.to_push")},
		{"consent.viber", T_("import.to_viber")},
		{"consent.chatbot", T_("import.to_chatbot")},
		{"consent.text", T_("import.to_proof")},
		{"consent.at", T_("import.to_proof_at")},
		{"id", T_("import.to_id")},
	};
	struct arena *a = w->arena;
	struct unify u;
	struct val all, out = val_list(a), keys = val_list(a);
	if (field_all(a, w->db, w->company.id, &all, e) < 0 ||
		unify_read(a, w->db, w->company.id, &u, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++) {
		struct val *f = &all.list->at[i];
		if (text_is(val_as_text(val_get(f, "state")), "derived"))
			continue;
		show_label(w, f);
		val_push(a, &out, *f);
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		put_choice(w, &out, others[i].name, page_say(w, others[i].label, NULL));
	for (size_t i = 0; i < u.order_n; i++) {
		const char *name = unify_ident_name(&u, u.order[i]);
		struct text label = kind_label(w, &u, u.order[i]);
		put_choice(w, &keys, name, label);
		if (u.order[i] > IDENT_PHONE) /* the others are fields */
			put_choice(w, &out, name, label);
	}
	put_choice(w, &keys, "id", page_say(w, T_("import.to_id"), NULL));
	val_put(a, vars, "targets", out);
	val_put(a, vars, "keys", keys);
	return 0;
}

static struct val
column_vars(struct web *w, const struct import *im, const struct val *mapping, size_t i,
	const struct val *rows)
{
	struct arena *a = w->arena;
	struct val one = val_map(a), samples = val_list(a);
	struct text name = im->columns.list->at[i].text;
	const struct val *m = val_get_key(val_get(mapping, "mapping"), name);
	const struct val *to = m != NULL && m->kind == VAL_MAP ? val_get(m, "to") : m;
	const struct val *dates = val_get_key(val_get(mapping, "dates"), name);
	for (size_t k = 0; k < val_len(rows) && val_len(&samples) < SAMPLES; k++) {
		const struct val *cells = val_get(&rows->list->at[k], "cells");
		if (i < val_len(cells) && cells->list->at[i].kind == VAL_TEXT)
			val_push(a, &samples, cells->list->at[i]);
	}
	val_put(a, &one, "name", val_of(name));
	val_put(a, &one, "n", val_int((int64_t)i));
	val_put(a, &one, "to", val_of(val_as_text(to)));
	val_put(a, &one, "transform", val_of(val_as_text(val_get(m, "transform"))));
	val_put(a, &one, "month_first",
		val_bool(val_as_bool(val_get(m, "month_first"), false)));
	val_put(a, &one, "dates", val_of(val_as_text(dates)));
	val_put(a, &one, "samples", samples);
	return one;
}

int
import_form_vars(struct web *w, const struct import *im, const struct val *mapping,
	const struct val *rows, struct val *vars, struct err *e)
{
	struct arena *a = w->arena;
	struct val columns = val_list(a), constants = val_list(a);
	const struct val *kept = val_get(mapping, "constants");
	int64_t known = 0;
	for (size_t i = 0; i < val_len(&im->columns); i++) {
		struct val c = column_vars(w, im, mapping, i, rows);
		known += val_as_text(val_get(&c, "to")).n > 0;
		val_push(a, &columns, c);
	}
	for (size_t i = 0; i < CONSTANTS; i++) {
		struct val one = val_map(a);
		val_put(a, &one, "n", val_int((int64_t)i));
		if (i < val_len(kept)) {
			val_put(a, &one, "to", val_of(kept->map->at[i].key));
			val_put(a, &one, "value", kept->map->at[i].val);
		}
		val_push(a, &constants, one);
	}
	val_put(a, vars, "columns", columns);
	val_put(a, vars, "constants", constants);
	val_put(a, vars, "mapping", *mapping);
	val_put(a, vars, "known", val_int(known));
	return put_targets(w, vars, e);
}
