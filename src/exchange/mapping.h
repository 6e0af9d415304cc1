/* Which column becomes what: read from what a user or the API says, kept as JSON, guessed from a file's columns and first rows. */
#ifndef EXCHANGE_MAPPING_H
#define EXCHANGE_MAPPING_H

#include "base/val.h"
#include "profile/ident.h"

#include <stdint.h>

struct arena;
struct company;
struct db;
struct err;
struct unify;

enum {
	MAPPING_CONSTANTS_MAX = 50,
	MAPPING_IDENTS_MAX = 8,	     /* columns that name a person */
	MAPPING_TRANSFORM_MAX = 2000 /* bytes */
};

enum target {
	TO_FIELD,
	TO_IDENT, /* external_id, email, phone: fields that name a person */
	TO_OTHER_IDENT, /* a device, a card, a messenger, a kind of the company's own: no fields */
	TO_ID,		/* a profile's id */
	TO_CONSENT,   /* consent.email and so on: yes or no */
	TO_PROOF,     /* consent.text: what was agreed to and where */
	TO_PROOF_TIME /* consent.at */
};

enum mapping_mode { MODE_BOTH, MODE_INSERT, MODE_UPDATE };

struct mapping_column {
	int64_t at; /* of the table's columns, -1: a constant */
	const char *column;
	struct text constant;
	const char *to, *type; /* a field's type, "" for what is none */
	struct val field;      /* of TO_FIELD: as field_all gives it, for its limits */
	enum target target;
	enum ident_kind kind;  /* of TO_IDENT and TO_OTHER_IDENT */
	struct text transform; /* a Lua expression, empty: none */
	bool month_first;
};

struct mapping {
	struct mapping_column *columns;
	size_t n;
	const char
		*key; /* what says who a row is: the name of an identifier's kind, or id */
	enum mapping_mode mode;
	bool empty;    /* an empty cell clears the field */
	bool append;   /* lists grow */
	bool lenient;  /* a value that cannot be read is left out, not its row */
	bool triggers; /* events start scenarios */
};

/* in: {"mapping": {"Column": "field" | null | {"to", "transform"?, "month_first"?}}, "constants"?: {"field": "text"}, "key"?, "mode"?: "both" |
 * "insert" | "update", "overwrite_empty"?, "append"?, "lenient"?, "triggers"?}. columns: the file's. fields: what field_all gives;
 * a name that no field has may be that of a kind of identifiers. -1 ERR_INPUT with the field: a column or field that is not there, a transform too
 * long, no identifier or too many. */
int mapping_read(struct arena *a, const struct val *in, const struct val *columns,
	const struct val *fields, const struct unify *kinds, struct mapping *out,
	struct err *e);

/* What was given, whole: as mapping_read takes it. */
struct val mapping_shape(struct arena *a, const struct mapping *m);

/* Where the columns seem to belong, by their names and by rows (list of lists of cells): as mapping_read takes it, with "dates": {"Column": "both"} where
 * day and month cannot be told apart. */
struct val mapping_guess(struct arena *a, const struct val *columns, const struct val *rows,
	const struct val *fields, const char *country);

/* A hash by which a file with the same columns is known again. */
const char *mapping_hash(struct arena *a, const struct val *columns);

/* All that may stand behind "to" besides fields. */
extern const char *const mapping_channels[5];

#endif
