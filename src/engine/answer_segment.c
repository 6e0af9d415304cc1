/* See answer_segment.h. */
#include "engine/answer_segment.h"
#include "base/arena.h"
#include "base/err.h"
#include "column/base.h"
#include "column/page.h"
#include "engine/hold.h"
#include "segment/store.h"

int
answer_algebra(struct arena *a, struct hold *h, const struct val *q, struct val *out,
	struct err *e)
{
	const struct val *ids = val_get(q, "segments");
	size_t n = val_len(ids);
	struct bits sets[ALGEBRA_MAX], none = column_all(a, h->base, false);
	struct val segment, sizes = val_list(a), regions = val_list(a);
	int64_t counts[1 << ALGEBRA_MAX] = {0};
	if (val_is_null(ids) || ids->kind != VAL_LIST || n < 2 || n > ALGEBRA_MAX)
		return err_field(e, "segments", "two to four segments are compared");
	for (size_t i = 0; i < n; i++) {
		int64_t id = val_as_int(&ids->list->at[i], 0);
		int found = segment_by_id(a, h->db, h->company.id, id, &segment, e);
		if (found < 1)
			return found < 0 ? -1
					 : err_field(e, "segments",
						   "there is no such segment");
		sets[i] = bits_copy(a, &none);
		column_members_among(h->base, id, &sets[i]);
		val_push(a, &sizes, val_int((int64_t)bits_count(&sets[i])));
	}
	for (size_t word = 0; word * 64 < none.n; word++)
		for (unsigned mask = 1; mask < 1u << n; mask++) {
			uint64_t in = ~UINT64_C(0);
			for (size_t i = 0; i < n; i++)
				in &= mask >> i & 1 ? sets[i].at[word] : ~sets[i].at[word];
			counts[mask] += __builtin_popcountll(in);
		}
	for (unsigned mask = 1; mask < 1u << n; mask++) {
		struct val one = val_map(a);
		val_put(a, &one, "in", val_int(mask));
		val_put(a, &one, "count", val_int(counts[mask]));
		val_push(a, &regions, one);
	}
	val_put(a, out, "sizes", sizes);
	val_put(a, out, "regions", regions);
	return 0;
}
