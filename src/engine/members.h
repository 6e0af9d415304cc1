/* The segments of a held company: compiled, built, and kept true: by what happens and by time alone. */
#ifndef ENGINE_MEMBERS_H
#define ENGINE_MEMBERS_H

#include "event/history.h"
#include "segment/eval.h"
#include "segment/rule.h"

struct arena;
struct err;
struct hold;
struct members;
struct members_turn;

struct members *members_new(struct hold *h);
void members_free(struct members *m);

/* Reads the segments and who is in them. */
int members_begin(struct members *m, struct err *e);

/* Looks for new and changed segments (at most every 300 ms) and builds one of them. *built: there was one. A first build
 * writes no entry events; what a changed rule moves is told quietly, so that it starts no scenarios. */
int members_build(
	struct arena *turn, struct members *m, int64_t now_us, bool *built, struct err *e);

/* Compiles a rule or filter of this company. self: the segment it is of, or 0. */
int members_compile(struct arena *turn, struct members *m, struct text source, int64_t self,
	struct rule **out, struct err *e);
/* Anonymous persons count only where the rule speaks of known(). */
bool members_counts_anonymous(const struct rule *r);

/* Nothing is due, nothing is left to look at, the lease is fresh. */
bool members_idle(const struct members *m, int64_t now_us);

/* The next instant at which time alone changes who belongs to a segment; now if something is left to look at. A walk over all rows. */
int64_t members_next_us(const struct members *m);

/* One turn: who is concerned by the rows of the feed, then everything at once. */
struct members_turn *members_turn_new(struct arena *a, struct members *m, int64_t now_us);
void members_touch(struct members_turn *t,
	int64_t person_id); /* everything about them may have changed */
void members_touch_event(struct members_turn *t, int64_t person_id, struct text type);
void members_touch_field(struct members_turn *t, int64_t person_id, struct text field);
void members_touch_consent(struct members_turn *t, int64_t person_id);
/* Their values changed: segments without repeats look again at who of a group stays. */
void members_touch_values(struct members_turn *t, int64_t person_id);
/* Somebody was put into a static segment by hand, or taken out of it: a row of the feed with EVENT_HAND. 0 / -1 */
int members_hand(struct members_turn *t, const struct feed_row *row, bool in,
	const struct val *props, struct err *e);
/* Before a merge: static segments keep the person under the new id. */
void members_join(struct members_turn *t, int64_t from_id, int64_t into_id);
/* After a merge was undone: whoever was parted stays in the static segments both were in as one. */
void members_part(struct members_turn *t, int64_t from_id, int64_t parted_id);
void members_leave_all(struct members_turn *t, int64_t person_id); /* merged away */
/* Before the row of a person is read anew. */
void members_forget_row(struct members *m, int64_t person_id);
/* Segments a person is in, as the columns know it: ids on a. */
size_t members_of(
	struct arena *a, const struct members *m, int64_t person_id, int64_t **out);
void members_row(struct members_turn *t, const struct feed_row *row, struct text type,
	const struct val *props);

/* Evaluates who is concerned and whose time has come, and commits moves, their events, scenarios and the position. */
int members_turn_run(
	struct members_turn *t, int64_t seq, int64_t lease_until_us, struct err *e);

#endif
