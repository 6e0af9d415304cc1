/* See formula.h. */
#include "segment/formula.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "column/ask.h"
#include "profile/field_options.h"

#include <stdio.h>

enum { ASK_MS = 3000 };

int
formula_check(struct arena *a, struct db *db, const struct settings *s, int64_t company_id,
	struct text self, struct text formula, struct err *e)
{
	struct val q = val_map(a), answer, fields;
	val_put(a, &q, "what", val_text("compile"));
	val_put(a, &q, "rule",
		val_text(arena_printf(
			a, "return where [==[%.*s]==]", (int)formula.n, formula.at)));
	if (ask(a, db, s, company_id, &q, ASK_MS, &answer, e) < 0) {
		if (e->code == ERR_INPUT || e->code == ERR_LIMIT)
			snprintf(e->field, sizeof e->field, "formula");
		return -1;
	}
	if (field_options_all(a, db, company_id, &fields, e) < 0)
		return -1;
	const struct val *reads = val_path(&answer, "looks_at.fields");
	for (size_t i = 0; i < val_len(reads); i++) {
		struct text name = val_as_text(&reads->list->at[i]);
		bool calculated = text_same(name, self);
		for (size_t k = 0; k < val_len(&fields) && !calculated; k++)
			calculated =
				field_is_computed(&fields.list->at[k]) &&
				text_same(val_as_text(val_get(&fields.list->at[k], "name")),
					name);
		if (calculated)
			return err_field(e, "formula",
				"\"%.*s\" is calculated itself: a formula reads fields "
				"that "
				"are not",
				(int)name.n, name.at);
	}
	return 0;
}
