/* See reason.h. */
#include "web/reason.h"
#include "base/arena.h"
#include "base/str.h"

#include <string.h>

static const char *const keys[WHYS] = {
	[WHY_NONE] = "",
	[WHY_ROW] = T_("why.row"),
	[WHY_NOBODY] = T_("why.nobody"),
	[WHY_ID] = T_("why.id"),
	[WHY_ERASED] = T_("why.erased"),
	[WHY_EMAIL] = T_("why.email"),
	[WHY_PHONE] = T_("why.phone"),
	[WHY_PHONE_EXCEL] = T_("why.phone_excel"),
	[WHY_IDENT] = T_("why.ident"),
	[WHY_DATE] = T_("why.date"),
	[WHY_NO_DAY] = T_("why.no_day"),
	[WHY_NUMBER] = T_("why.number"),
	[WHY_BOOL] = T_("why.bool"),
	[WHY_URL] = T_("why.url"),
	[WHY_GEO] = T_("why.geo"),
	[WHY_LONG] = T_("why.long"),
	[WHY_LIMIT] = T_("why.limit"),
	[WHY_TRANSFORM] = T_("why.transform"),
	[WHY_PROOF] = T_("why.proof"),
	[WHY_TAKEN] = T_("why.taken"),
};

/* What readers say of rows (markup/table*.c), known by a part of it. */
static const struct {
	const char *part, *key;
} problems[] = {
	{"cells, and the file has", T_("why.row_cells")},
	{"are no text in", T_("why.row_bytes")},
	{"a quote is opened", T_("why.row_quote")},
	{"a cell is larger", T_("why.row_cell")},
	{"cells, the table has", T_("why.row_cells")},
	{"a cell holds at most", T_("why.row_cell")},
	{"a row holds at most", T_("why.row_long")},
	{"a formula of it went wrong", T_("why.row_formula")},
	{"the text of this cell is not in the file", T_("why.row_text")},
	{"no more than 500 columns", T_("why.row_wide")},
	{"no column was made for this one", T_("why.row_column")},
};

/* How many bytes of "B3: ..." are the name of a cell; 0 it does not begin with one. */
static size_t
cell_bytes(struct text said)
{
	const char *colon = said.n > 0 ? memchr(said.at, ':', said.n) : NULL;
	return colon != NULL && colon - said.at < 12 ? (size_t)(colon - said.at) : 0;
}

struct text
reason_say(struct arena *a, const struct words *w, enum why why, const char *column,
	struct text value)
{
	struct val args = val_map(a);
	val_put(a, &args, "column", val_text(column));
	val_put(a, &args, "value", val_of(text_cut(value, 100)));
	val_put(a, &args, "cell", val_of((struct text){value.at, cell_bytes(value)}));
	const char *key = why > WHY_NONE && why < WHYS ? keys[why] : "";
	for (size_t i = 0; why == WHY_ROW && i < sizeof problems / sizeof *problems; i++)
		if (memmem(value.at, value.n, problems[i].part, strlen(problems[i].part)) !=
			NULL)
			key = problems[i].key;
	if (key[0] == '\0')
		return text_of("");
	struct text said = words_text(a, w, key, &args);
	bool of_value = column[0] != '\0' && why != WHY_ROW && why != WHY_TAKEN;
	return of_value ? text_of(arena_printf(a, "%s: %.*s", column, (int)said.n, said.at))
			: said;
}
