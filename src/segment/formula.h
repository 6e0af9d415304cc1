/* Formulas of calculated fields, before they are kept. */
#ifndef SEGMENT_FORMULA_H
#define SEGMENT_FORMULA_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct db;
struct err;
struct settings;

/* Asks the engine whether a formula of the field self is an expression over fields that are there and are not calculated themselves.
 * 0, -1 ERR_INPUT "formula" with its line, ERR_BUSY no engine holds the company. */
int formula_check(struct arena *a, struct db *db, const struct settings *s,
	int64_t company_id, struct text self, struct text formula, struct err *e);

#endif
