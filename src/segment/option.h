/* What a segment may be besides its rule: kept by hand, its creator's only, without repeats, put away; and the rules it had. */
#ifndef SEGMENT_OPTION_H
#define SEGMENT_OPTION_H

#include "base/val.h"

#include <stdint.h>

struct arena;
struct db;
struct err;
struct settings;

enum {
	SEGMENT_FOLDER_MAX = 100,
	SEGMENT_DESCRIPTION_MAX = 1000,
	SEGMENT_FILL_MAX = 1000000
};

struct segment_options {
	bool is_static, locked;
	struct text unique_by, /* a field's name; empty: repeats stay */
		unique_keep;   /* first_created or last_updated */
	struct text folder, description;
};

/* Those of a map of segment_by_id; the texts are borrowed from it. */
struct segment_options segment_options_of(const struct val *segment);

/* Of a segment with that rule. ERR_INPUT of unique (together with static, or kept by no known way), static (there is no rule to go back to),
 * folder, description. That the field is there is the caller's question. 0 / -1 */
int segment_options_check(struct text rule, const struct segment_options *o, struct err *e);

/* Checks them and writes what differs; when who belongs may change by it the segment is built anew. 0 / -1 */
int segment_options_set(struct db *db, int64_t company_id, const struct val *segment,
	const struct segment_options *o, int64_t user_id, struct err *e);

/* Whether who (a user's or a key's id) may change or remove it: a locked one only its creator; is_admin may take the lock off, so may do
 * all. 0, or -1 ERR_DENIED. */
int segment_may_change(
	const struct val *segment, int64_t who, bool is_admin, struct err *e);

/* Puts it away, its members stay as they are and nobody enters or leaves; or brings it back, to be built anew. 0 / -1 */
int segment_archive(struct db *db, int64_t company_id, int64_t id, bool away,
	int64_t user_id, struct err *e);

/* The archived ones of a list of segment_all leave it: for whoever chooses one. */
void segment_drop_archived(struct arena *a, struct val *list);

/* A static segment with these people in it from the beginning (roots, each once, at most SEGMENT_FILL_MAX): nobody is told of them, as
 * of any first build. reason as members show it. 0 *id, or -1 as segment_put. */
int segment_static_make(struct arena *a, struct db *db, int64_t company_id,
	struct text name, int64_t user_id, const int64_t *person_ids, size_t n,
	const char *reason, int64_t *id, struct err *e);

/* A static segment of those who are in another at this instant, with since when and why they were there. 0 *id, or -1 as segment_put;
 * ERR_BUSY: the columns are away, or behind. */
int segment_freeze(struct arena *a, struct db *db, const struct settings *s,
	int64_t company_id, const struct val *segment, struct text name, int64_t user_id,
	int64_t *id, struct err *e);

/* The newest 500 of its versions, newest first: {version, name, rule, is_static, unique_by, unique_keep, made_by, made_at_us, size}. */
int segment_versions(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *list, struct err *e);

/* Sizes of all segments from a local day on: list of {id, day, size}, by segment, then day. */
int segment_days_all(struct arena *a, struct db *db, int64_t company_id, int64_t from_day,
	struct val *list, struct err *e);

#endif
