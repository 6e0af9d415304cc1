/* The columns of one company: every person and every event in memory, ready for any question. A projection: the engine
 * fills it from the store and keeps it current from the feed, in any order; losing it loses nothing. One thread. */
#ifndef COLUMN_BASE_H
#define COLUMN_BASE_H

#include "base/val.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct column_base;
struct zone;

/* zone is the company's, for persons without their own. */
struct column_base *column_base_new(int64_t company_id, const struct zone *zone);
void column_base_free(struct column_base *base);

/* A field by its type of API.md ("text", "number", "date", ...). Fields not defined are guessed from the first value seen.
 * false: it was there with a type of another kind; its values are now missing until the persons are put again. */
bool column_field_define(struct column_base *base, struct text name, struct text type);

/* A person as composed now: all fields by name (what is not there is missing); datetimes as RFC 3339 text or VAL_INT us,
 * dates as "YYYY-MM-DD", money as {amount, currency} (kept as amount / 100), geo as {lat, lon}, lists as lists. The zone
 * comes from the field "timezone". changed may be NULL: field name to VAL_INT us, when it last changed (for changed()). */
void column_person_put(struct column_base *base, int64_t person_id, bool is_known,
	const struct val *fields, const struct val *changed);

/* Only these fields; null clears. The person must be there. */
void column_person_patch(struct column_base *base, int64_t person_id,
	const struct val *fields, const struct val *changed);

/* All events of from belong to into; from is gone (its id answers as into). Put the composed into and its consents afterwards.
 * Memberships of from end, those of into stay: the engine evaluates into again. Either may be unknown yet. */
void column_person_merge(struct column_base *base, int64_t from_id, int64_t into_id);

/* Forgets a person and its events (erased; or to be loaded anew after an undone merge). An id that was merged away only leads nowhere
 * from now on. */
void column_person_drop(struct column_base *base, int64_t person_id);

/* One thing a person did; the type is the built-in name (event_type_name). order breaks ties between events of the same type and
 * microsecond (its lower 32 bits are kept): something that does not depend on arrival, such as the dedup hash. Late and out of order is fine.
 * A person not seen yet is made (anonymous, without fields). false: this (type, at, order) was there already. */
bool column_event_add(struct column_base *base, int64_t person_id, struct text type,
	int64_t at_us, int64_t order, const struct val *props);

/* What a field was until at_us (in the form column_person_put takes), for questions about the past; order as above. The time of
 * the change itself comes with column_person_patch, afterwards. Nothing is kept when it was missing. */
void column_change_add(struct column_base *base, int64_t person_id, struct text field,
	int64_t at_us, int64_t order, const struct val *old);

/* channel: "email" "sms" "viber" "push" "chatbot". Suppression is by address, as it stands in the person's field. */
void column_consent_set(
	struct column_base *base, int64_t person_id, struct text channel, bool granted);
void column_suppress(struct column_base *base, struct text channel, struct text address,
	bool suppressed);

/* Stored membership of a segment. */
void column_member_set(
	struct column_base *base, int64_t segment_id, int64_t person_id, bool is_member);
bool column_member_is(
	const struct column_base *base, int64_t segment_id, int64_t person_id);
size_t column_member_count(const struct column_base *base, int64_t segment_id);
void column_members_clear(struct column_base *base); /* of all segments */
void column_segment_drop(struct column_base *base, int64_t segment_id);

/* Rows and ids. A row stays with its person until it is dropped or merged away. -1: no such person. */
int64_t column_row(const struct column_base *base, int64_t person_id);
int64_t column_person(const struct column_base *base, size_t row); /* 0: an empty row */
bool column_row_is_known(const struct column_base *base, size_t row);
size_t column_rows(
	const struct column_base *base); /* room for a set of rows, empty ones included */

/* One field of one person, null when missing. Texts are borrowed and last as long as the base. */
struct val column_value(
	struct arena *a, const struct column_base *base, size_t row, struct text field);

/* The company commit number everything up to it is in; the engine sets it. */
void column_position_set(struct column_base *base, int64_t seq);
int64_t column_position(const struct column_base *base);

struct column_stats {
	size_t persons, known, events, fields, texts;
	size_t folded;				       /* events that are only in totals */
	size_t memory_bytes, rows_bytes, events_bytes; /* the rest of all is texts */
	int64_t rows_evaluated;			       /* by any question since the start */
};
struct column_stats column_stats(const struct column_base *base);
size_t column_memory_bytes(const struct column_base *base); /* the same, cheaply */

/* Events older than that are added up: by person and type, how many, the first, the last, sums of numbers. It stays so for those
 * that come later and are older. INT64_MIN: none are. */
void column_fold_before(struct column_base *base, int64_t before_us);
int64_t column_folded_before_us(const struct column_base *base);

/* Puts rows' events one behind the other and overwrites texts that nobody has any more: 50 ms for a million people. is_untidy: it
 * would give back a third of the events' memory. */
void column_tidy(struct column_base *base);
bool column_is_untidy(const struct column_base *base);

#endif
