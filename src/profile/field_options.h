/* What a company says of a field of its own beside its type. */
#ifndef PROFILE_FIELD_OPTIONS_H
#define PROFILE_FIELD_OPTIONS_H

#include "base/val.h"

#include <stdbool.h>

struct arena;
struct db;
struct err;

enum { FIELD_CHOICES_MAX = 500, FIELD_PATTERN_MAX = 500, FIELD_FORMULA_MAX = 4000 };

/* Options as they come (of the API, of a form) to what is kept; what is not there, null or empty is left out:
 *   unit        text, shown behind the value                    choices   list of texts, of choice and multichoice
 *   min, max    numbers, or dates as texts                      pattern   a PCRE2 expression that matches the whole text
 *   default     shown, and told to letters, where nothing is known; it is not stored with the person
 *   pii         personal: masked for managers                   protected no write key sets it, only the API, users and files
 *   formula     a Lua expression over the person's fields: the engine keeps the value
 * -1 ERR_INPUT with the option as the field. A formula's names are checked by who can compile it. */
int field_options_read(struct arena *a, const char *type, const struct val *in,
	struct val *out, struct err *e);

/* Keeps them of a field that is there. */
int field_options_set(struct arena *a, struct db *db, int64_t company_id, const char *name,
	const struct val *options, struct err *e);

/* The company's fields that have any: list of maps {name, type, options}. cost: one short statement. */
int field_options_all(struct arena *a, struct db *db, int64_t company_id, struct val *list,
	struct err *e);

/* A value that is of the field's type already against its options; null always passes. -1 ERR_INPUT with the field's name: what was
 * expected, what came. */
int field_options_check(
	struct arena *a, const struct val *field, const struct val *value, struct err *e);

/* A person's fields with the defaults of those nothing is known of; fields is left as it is. On a. */
struct val field_options_fill(
	struct arena *a, const struct val *with_options, const struct val *fields);

static inline const struct val *
field_option(const struct val *field, const char *name)
{
	return val_get(val_get(field, "options"), name);
}

static inline bool
field_is_computed(const struct val *field)
{
	return !val_is_null(field_option(field, "formula"));
}

#endif
