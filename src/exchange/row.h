/* One row of a file to what it says of a person, by a mapping. */
#ifndef EXCHANGE_ROW_H
#define EXCHANGE_ROW_H

#include "exchange/cell.h"
#include "exchange/mapping.h"
#include "profile/crowd.h"

struct arena;
struct company;
struct err;
struct row_reader;
struct settings;
struct table_row;

struct row {
	enum why why; /* it is not taken; WHY_NONE: it is */
	enum why warning;
	const char *column; /* both speak of this column, "" of none, */
	struct text value;  /* and of this value */
	struct ident idents[MAPPING_IDENTS_MAX]; /* the key first, where the row has it */
	size_t n;
	int64_t profile_id; /* named by its id, else 0 */
	struct val
		fields; /* a map; an empty cell is null where the mapping overwrites with empty ones */
	struct val
		consents; /* as struct arrival has them; at_us where they were made another time */
	int64_t key_hash, value_hash, ident_hashes[MAPPING_IDENTS_MAX];
};

/* Borrows mapping, columns (list of texts), company and settings; closed by a's reset. -1 ERR_INPUT of the field "transform": which column's script does not
 * compile. */
int row_reader_new(struct arena *a, const struct settings *s, const struct company *company,
	const struct mapping *m, const struct val *columns, struct row_reader **out,
	struct err *e);

/* 0, or -1 ERR_BUSY: the company's scripts used up their share, again later. */
int row_read(struct arena *a, struct row_reader *r, const struct table_row *in,
	struct row *out, struct err *e);

#endif
