/* Calculated fields of a held company: the value follows what its formula reads within a turn of the loop, and everybody is gone through
 * once after a formula was written or changed, or the engine began, a slice at a time. */
#ifndef ENGINE_FORMULAS_H
#define ENGINE_FORMULAS_H

#include "base/val.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct err;
struct formulas;
struct hold;

struct formulas *formulas_new(struct hold *h);
void formulas_free(struct formulas *f);

/* A field of somebody changed; somebody is new, or became one with another. */
void formulas_touch_field(struct formulas *f, int64_t person_id, struct text field);
void formulas_touch(struct formulas *f, int64_t person_id);

/* Calculates for whoever was touched and for a slice of the others, and writes what is not so yet the way all changes go. *more: there
 * is more to do. What an error in a formula leaves is no value. 0 / -1 *e. */
int formulas_turn(struct arena *turn, struct formulas *f, bool *more, struct err *e);

#endif
