/* Fields of a person: the default ones and those a company adds; what traits of SDKs are called here. */
#ifndef PROFILE_FIELD_H
#define PROFILE_FIELD_H

#include "base/val.h"

struct arena;
struct db;
struct err;

enum { FIELD_DEFAULTS = 14, FIELD_NAME_MAX = 64, FIELD_TEXT_MAX = 4096 };

struct field {
	const char *name,
		*type; /* text number money date datetime bool choice multichoice list email phone url geo */
};

/* The default fields that are columns of a person, in the column order. */
extern const struct field field_defaults[FIELD_DEFAULTS];
/* Fields every person has that no one sets: source created_at updated_at last_seen_at first_seen_at. */
extern const struct field field_derived[5];

/* Traits of an SDK call to fields: reserved names map ("firstName", "address": {"city"}), a null stays (it clears),
 * texts are cut to FIELD_TEXT_MAX, e-mail and phone stand in our spelling, birthday as a date.
 * Traits that cannot be kept (a bad birthday, a name too long) are left out and named in *refused (list of texts). */
struct val field_of_traits(struct arena *a, const struct val *traits, const char *country,
	struct val *refused);

/* Whether a trait of that name sets this field ("firstName" sets first_name). */
bool field_is_called(struct text trait, struct text field);

/* The type a value looks like: "number", "bool", "list", "datetime", "date", "email", "url" or "text". */
const char *field_guess(const struct val *v);

/* Checks a value for a typed field and brings it into shape (texts that are numbers become numbers, and so on).
 * 0, or -1 ERR_INPUT with the field: what is expected, what came. null always passes. */
int field_check(struct arena *a, const char *name, const char *type, const struct val *in,
	struct val *out, struct err *e);

/* All fields of a company: list of maps {name, label, type, state: "default"|"derived"|"active"|"offered", options: as field_options.h
 * says, of the company's own}. */
int field_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e);

/* Adds or redefines a custom field. ERR_INPUT: name, type; ERR_CONFLICT: a default field's name. */
int field_put(struct db *db, int64_t company_id, const char *name, const char *label,
	const char *type, struct err *e);

/* Whether all that people have in a field is of a type. 0, or -1 ERR_INPUT with one that is not. cost: all values of the company are looked
 * through. */
int field_fits(struct arena *a, struct db *db, int64_t company_id, const char *name,
	const char *type, struct err *e);

/* The field is described no more; what people have in it stays with them. */
int field_drop(struct db *db, int64_t company_id, const char *name, struct err *e);

/* Notes names never seen before, so that they are offered as fields; list of {name, type} pairs as maps. */
int field_offer(struct arena *a, struct db *db, int64_t company_id, const struct val *names,
	struct err *e);

#endif
