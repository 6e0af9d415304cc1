/* See bulk_segment.h. */
#include "exchange/bulk_segment.h"
#include "base/arena.h"
#include "base/err.h"
#include "exchange/bulk_people.h"
#include "segment/store.h"
#include "tenant/user.h"

/* Segments kept by hand come with segment/hand.h; without it there are none. */
#if __has_include("segment/hand.h")
#include "segment/hand.h"
#define HAS_HAND 1
#else
#define HAS_HAND 0
#endif

static bool
is_by_hand(const struct val *segment)
{
	return HAS_HAND && val_as_int(val_get(segment, "is_static"), 0) != 0 &&
	       val_as_int(val_get(segment, "archived_at_us"), 0) == 0;
}

int
people_segments(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e)
{
	struct val all;
	*out = val_list(a);
	if (segment_all(a, db, company_id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&all); i++)
		if (is_by_hand(&all.list->at[i]))
			val_push(a, out, all.list->at[i]);
	return 0;
}

static int
find(struct arena *a, struct db *db, int64_t company_id, int64_t id, struct val *out,
	struct err *e)
{
	int found = segment_by_id(a, db, company_id, id, out, e);
	if (found < 0)
		return -1;
	return found == 1 && is_by_hand(out)
		       ? 0
		       : err_field(e, "segment", "segment is the id of a static segment");
}

int
people_segment_check(
	struct arena *a, struct db *db, int64_t company_id, int64_t id, struct err *e)
{
	struct val segment;
	return find(a, db, company_id, id, &segment, e);
}

int
people_segment_put(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, int64_t id, const int64_t *ids, size_t n, bool in,
	int64_t user_id, int64_t *changed, struct err *e)
{
	struct val segment;
	*changed = 0;
	if (find(a, db, company_id, id, &segment, e) < 0)
		return -1;
#if HAS_HAND
	struct user u = {.name = "API"};
	bool active;
	if (user_id != 0 && user_by_id(a, db, company_id, user_id, &u, &active, e) < 0)
		return -1;
	const struct hand by = {.by = u.name, .user_id = user_id, .quiet = true};
	return segment_static_put(
		a, db, types, company_id, &segment, ids, n, in, &by, changed, e);
#else
	(void)types;
	(void)ids;
	(void)n;
	(void)in;
	(void)user_id;
	return err_field(e, "segment", "there are no static segments");
#endif
}
