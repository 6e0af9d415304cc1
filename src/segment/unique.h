/* One of those who share a value: among the people a rule means, whoever has the same e-mail (phone, any field) is kept once. By row, who
 * the rule means and in which group they stand, so that a change of one person is a matter of their group alone; a person without the
 * value stands alone and stays. Texts are the same whatever their case. Not for threads. */
#ifndef SEGMENT_UNIQUE_H
#define SEGMENT_UNIQUE_H

#include "base/val.h"
#include "column/bits.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct column_base;
struct unique;

/* keep: "last_updated" the one whose updated_at is latest, else "first_created", whose created_at is earliest; ties go to the lower id.
 * base must outlive it. */
struct unique *unique_new(struct column_base *base, struct text field, struct text keep);
void unique_free(struct unique *u);

/* From scratch: of those the rule means, who stays. *in is replaced. */
void unique_fill(struct arena *a, struct unique *u, struct bits *in);

/* One row as it is now: whether the rule means it, its value, its age. */
void unique_put(struct unique *u, size_t row, bool in);
/* The row goes away (or is about to be read anew); its person may still be a member. */
void unique_drop(struct unique *u, int64_t person_id);
/* The person is to be looked at in the next settling. */
void unique_touch(struct unique *u, int64_t person_id);

bool unique_is_settled(const struct unique *u);
/* Decides all groups that changed: *persons (on a) are those whose membership may be another now. */
size_t unique_settle(struct arena *a, struct unique *u, int64_t **persons);

/* After settling: whether a person stays, and who stays in their place (0: the rule does not mean them). */
bool unique_stays(const struct unique *u, int64_t person_id);
int64_t unique_instead(const struct unique *u, int64_t person_id);

#endif
