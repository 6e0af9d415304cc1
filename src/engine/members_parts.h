/* What the files of members share; nobody else includes this. */
#ifndef ENGINE_MEMBERS_PARTS_H
#define ENGINE_MEMBERS_PARTS_H

#include "engine/hold.h"
#include "engine/members.h"

struct dict;
struct unique;
struct val;

struct seg {
	int64_t id, version, built_version, size;
	char name[401];
	struct rule *rule; /* NULL while it does not compile: members stay as they are */
	struct segment_eval *eval;
	uint32_t *
		until; /* by row, when to ask again: until_of; NULL when the rule has no time in it */
	size_t until_n;
	bool gone, anonymous;
	bool is_static,
		is_archived; /* of these the rule is not asked: members stay as they are */
	struct unique *unique; /* repeats are left out; NULL: they stay */
	char unique_by[80], unique_keep[20];
};

struct due {
	int64_t at_us, segment_id, person_id;
};

struct members {
	struct hold *hold;
	struct seg **segs;
	size_t n, cap;
	struct due *heap; /* who is due before horizon_us, the earliest first */
	size_t due_n, due_cap;
	int64_t horizon_us, looked_at_us, written_at_us;
	struct dict *changed; /* found at the start: to be looked at in the first turn */
};

/* Instants in four bytes: the second, counted from 2020; the exact one is asked for when it comes near. */
#define UNTIL_NEVER UINT32_MAX
uint32_t until_of(int64_t at_us);
int64_t until_us(uint32_t until); /* the beginning of that second */

/* After an evaluation failed because the rule costs too much (ERR_LIMIT, ERR_BUSY of its budget): the segment is stopped with that
 * sentence, its members stay. 0, or -1 when it was something else. */
int seg_stop(struct members *m, struct seg *s, struct err *e);

/* What the store says of it besides its rule. */
void seg_options(struct arena *a, struct seg *s, const struct val *segment);
/* Its rule is forgotten. */
void seg_clear(struct seg *s);
/* A static segment the turn met before the list of segments was read again; NULL there is none of that id. 0 / -1 */
int members_static(struct arena *a, struct members *m, int64_t segment_id, struct seg **out,
	struct err *e);

struct seg *members_find(const struct members *m, int64_t segment_id);

/* Room for rows that came since, and the row's next instant. */
void seg_until(
	struct members *m, struct seg *s, size_t row, int64_t person_id, int64_t until_us);

void due_push(struct members *m, int64_t at_us, int64_t segment_id, int64_t person_id);
/* The earliest one at or before now_us that still holds: true and *out. */
bool due_pop(struct members *m, int64_t now_us, struct due *out);
/* Moves the horizon on when it comes near. */
void due_sweep(struct members *m, int64_t now_us);

/* Reasons of an answer as one line of text: "field.city:is \"Минск\" → Минск". */
const char *reason_text(struct arena *a, const struct val *reasons);

#endif
