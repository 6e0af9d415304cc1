/* What the files of exports share; nobody else includes this. */
#ifndef EXCHANGE_EXPORT_PARTS_H
#define EXCHANGE_EXPORT_PARTS_H

#include "base/str.h"

struct export_column {
	const char *name, *type; /* type "": none of a field */
};

/* One person's cells: texts, numbers, yes and no, null. card: of person_cards; segments: of segment_of_persons, may be NULL. */
void export_cells(struct arena *a, const struct export_column *columns, size_t n,
	const struct val *card, const struct val *segments, struct val *cells);

/* A row of CSV (RFC 4180, ended by CR LF). Texts always stand in quotes; one that a spreadsheet might take for a formula gets a ' in front, unless
 * raw. columns NULL: a head. */
void export_csv_row(struct str *out, const struct export_column *columns,
	const struct val *cells, char delimiter, bool raw);

#endif
