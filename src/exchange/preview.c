/* See import.h: a file's first rows, before anything is written. */
#include "base/arena.h"
#include "base/err.h"
#include "base/files.h"
#include "base/json.h"
#include "exchange/import_parts.h"
#include "profile/field.h"
#include "store/db.h"
#include "tenant/company.h"

#include <string.h>

enum { GUESS_ROWS = 2000 };

/* The mapping used last for these columns: 1 / 0 / -1. */
static int
remembered(struct arena *a, struct db *db, const struct import *im, struct val *out,
	struct err *e)
{
	struct val row;
	struct mapping m;
	struct err ignored;
	int found = db_row(a, db, QUERY_IMPORT_MAPPING_BY_HASH,
		DB_ARGS(val_int(im->company_id), val_text(mapping_hash(a, &im->columns))),
		&row, e);
	if (found < 1)
		return found;
	/* a field of it may be gone since */
	return json_parse(a, row_text(&row, 0), out, &ignored) == 0 &&
	       import_mapping(a, db, im, out, NULL, &m, &ignored) == 0;
}

static int
sample(struct arena *a, const struct settings *s, const struct import *im, struct val *rows,
	struct err *e)
{
	struct table *t;
	struct table_row row;
	int rc = 0;
	*rows = val_list(a);
	if (import_open(a, s, im, &t, e) < 0)
		return -1;
	while (val_len(rows) < GUESS_ROWS && (rc = table_next(t, a, &row, e)) == 1)
		if (row.problem == NULL)
			val_push(a, rows, row.cells);
	return rc < 0 && val_len(rows) == 0 ? -1 : 0;
}

int
import_guess(struct arena *a, struct db *db, const struct settings *s,
	const struct company *company, const struct import *im, struct val *out,
	struct err *e)
{
	struct val fields, rows, kept;
	if (field_all(a, db, im->company_id, &fields, e) < 0 ||
		sample(a, s, im, &rows, e) < 0)
		return -1;
	*out = mapping_guess(a, &im->columns, &rows, &fields, company->country);
	int found = remembered(a, db, im, &kept, e);
	if (found < 0)
		return -1;
	if (found == 1) {
		val_put(a, &kept, "dates", *val_get(out, "dates"));
		*out = kept;
	}
	val_put(a, out, "remembered", val_bool(found == 1));
	return 0;
}

static struct val
shown(struct arena *a, const struct decided *d, bool mapped)
{
	static const char *const acts[] = {"fail", "skip", "insert", "update"};
	struct val one = val_map(a);
	val_put(a, &one, "line", val_int(d->in.line));
	val_put(a, &one, "cells", d->in.cells);
	if (!mapped)
		return one;
	enum why why = d->row.why != WHY_NONE ? d->row.why : d->row.warning;
	val_put(a, &one, "action", val_text(acts[d->act]));
	val_put(a, &one, "why", val_int(why));
	val_put(a, &one, "column", val_text(d->row.column));
	val_put(a, &one, "value", val_of(d->row.value));
	val_put(a, &one, "fields", d->row.fields);
	val_put(a, &one, "consents", d->row.consents);
	return one;
}

int
import_preview(struct arena *a, struct db *db, const struct settings *s,
	const struct company *company, const struct import *im,
	const struct mapping *mapping, struct val *rows, struct val *choices, struct err *e)
{
	struct table *t;
	struct row_reader *reader = NULL;
	struct decided *d = arena_array(a, IMPORT_PREVIEW, sizeof *d);
	size_t n = 0;
	int rc = 0;
	*rows = val_list(a);
	if (import_open(a, s, im, &t, e) < 0 ||
		(mapping != NULL && row_reader_new(a, s, company, mapping, &im->columns,
					    &reader, e) < 0))
		return -1;
	if (choices != NULL)
		*choices = val_copy(a, table_choices(t));
	for (; n < IMPORT_PREVIEW && (rc = table_next(t, a, &d[n].in, e)) == 1; n++)
		if (reader != NULL && row_read(a, reader, &d[n].in, &d[n].row, e) < 0)
			return -1;
	if (rc < 0 && n == 0)
		return -1;
	struct seen *seen = seen_new();
	arena_defer(a, (void (*)(void *))seen_free, seen);
	if (mapping != NULL && decide(a, db, im->company_id, mapping, seen, d, n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		val_push(a, rows, shown(a, &d[i], mapping != NULL));
	return 0;
}

int
import_refused(struct arena *a, const struct settings *s, const struct import *im,
	size_t limit, struct val *out, struct err *e)
{
	static const struct table_shape shape = {.kind = TABLE_CSV,
		.delimiter = ';',
		.quote = '"',
		.encoding = "UTF-8",
		.has_header = true};
	struct table *t;
	struct table_row row;
	int rc = 1;
	*out = val_list(a);
	if (im->errors_bytes == 0 || im->bytes == 0)
		return 0;
	if (table_open(a, files_path(a, s, im->company_id, im->id, "err"), &shape, &t, e) <
		0)
		return -1;
	while (val_len(out) < limit && (rc = table_next(t, a, &row, e)) == 1) {
		struct val one = val_map(a);
		size_t n = val_len(&row.cells);
		val_put(a, &one, "line", row.cells.list->at[0]);
		val_put(a, &one, "reason", row.cells.list->at[n - 1]);
		val_push(a, out, one);
	}
	return rc < 0 ? -1 : 0;
}
