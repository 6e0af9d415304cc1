/* What stands in a cell of a sheet: numbers that are days or times by their format, written as texts. ECMA-376 part 1, 18.8.30 (formats),
 * 18.17.4 (serial dates). */
#ifndef MARKUP_CELL_H
#define MARKUP_CELL_H

#include "base/val.h"

struct arena;

enum cell_format { CELL_PLAIN, CELL_DAY, CELL_TIME, CELL_INSTANT };

/* By the number of a format that has no code of its own, and by a code ("dd.mm.yyyy", "[$-419]d mmm;@"). */
enum cell_format cell_format_built_in(int64_t id);
enum cell_format cell_format_of(struct text code);

/* A number as its shortest exact decimal ("79000000000", "0.1"); what is no number stays as it is. */
struct text cell_number(struct arena *a, struct text t);

/* A serial date: "2024-01-31", "2024-01-31T10:00:00", "10:00:00"; a number that is no day stays one. since_1904: the other calendar. */
struct text cell_date(
	struct arena *a, struct text t, enum cell_format format, bool since_1904);

/* Without the escapes of sheets: "_x000D_" is a character. */
struct text cell_text(struct arena *a, struct text t);

#endif
