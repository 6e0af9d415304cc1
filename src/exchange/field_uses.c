/* See field_uses.h. */
#include "exchange/field_uses.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "message/template_store.h"
#include "profile/field_options.h"
#include "scenario/scenario.h"
#include "segment/folder.h"
#include "segment/store.h"

#include <ctype.h>
#include <string.h>

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

static bool
says(struct text t, const char *word)
{
	size_t n = strlen(word);
	for (const char *at = t.n > 0 ? memmem(t.at, t.n, word, n) : NULL; at != NULL;
		at = memmem(at + 1, t.n - (size_t)(at + 1 - t.at), word, n))
		if ((at == t.at || !is_word(at[-1])) &&
			(at + n == t.at + t.n || !is_word(at[n])))
			return true;
	return false;
}

static void
add(struct arena *a, struct val *list, const char *kind, const struct val *id,
	struct text name)
{
	struct val one = val_map(a);
	val_put(a, &one, "kind", val_text(kind));
	val_put(a, &one, "id", id != NULL ? *id : val_null());
	val_put(a, &one, "name", val_of(name));
	val_push(a, list, one);
}

/* Those of all whose text under key has the word. */
static void
look(struct arena *a, const struct val *all, const char *kind, const char *key,
	const char *word, struct val *list)
{
	for (size_t i = 0; i < val_len(all); i++) {
		const struct val *one = &all->list->at[i];
		if (says(val_as_text(val_path(one, key)), word))
			add(a, list, kind, val_get(one, "id"),
				val_as_text(val_get(one, "name")));
	}
}

int
field_uses(struct arena *a, struct db *db, int64_t company_id, const char *name,
	struct val *list, struct err *e)
{
	struct val segments, folders, scenarios, templates, fields;
	*list = val_list(a);
	if (segment_all(a, db, company_id, &segments, e) < 0 ||
		folder_of_everybody(a, db, company_id, &folders, e) < 0 ||
		scenario_all(a, db, company_id, &scenarios, e) < 0 ||
		field_options_all(a, db, company_id, &fields, e) < 0 ||
		message_template_saying(a, db, company_id, name, &templates, e) < 0)
		return -1;
	look(a, &segments, "segment", "rule", name, list);
	for (size_t i = 0; i < val_len(&segments); i++) {
		const struct val *s = &segments.list->at[i];
		if (text_is(val_as_text(val_get(s, "unique_by")), name) &&
			!says(val_as_text(val_get(s, "rule")), name))
			add(a, list, "segment", val_get(s, "id"),
				val_as_text(val_get(s, "name")));
	}
	look(a, &folders, "folder", "rule", name, list);
	look(a, &scenarios, "scenario", "script", name, list);
	look(a, &fields, "field", "options.formula", name, list);
	for (size_t i = 0; i < val_len(&templates); i++) {
		const struct val *t = &templates.list->at[i];
		if (says(val_as_text(val_get(t, "subject")), name) ||
			says(val_as_text(val_get(t, "body")), name))
			add(a, list, "template", val_get(t, "id"),
				val_as_text(val_get(t, "name")));
	}
	return 0;
}
