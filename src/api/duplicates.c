/* Pairs of profiles that may be one person. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "insight/duplicate.h"

#include <stdio.h>
#include <string.h>

/* "SCORE.ID" of the last pair shown. */
static int
read_cursor(struct web *w, int64_t *score, int64_t *id, struct err *e)
{
	struct text t = web_query(w, "cursor");
	const char *dot = t.n > 0 ? memchr(t.at, '.', t.n) : NULL;
	*score = 101;
	*id = INT64_MAX;
	if (t.n == 0)
		return 0;
	if (dot != NULL) {
		struct val x = val_bytes(t.at, (size_t)(dot - t.at)),
			   y = val_bytes(dot + 1, t.n - (size_t)(dot + 1 - t.at));
		*score = val_as_int(&x, -1);
		*id = val_as_int(&y, -1);
	}
	return *score >= 0 && *id >= 0
		       ? 0
		       : err_field(e, "cursor",
				 "cursor is what \"next\" of the last answer said");
}

int
api_duplicates_list(struct web *w, struct err *e)
{
	struct text state = web_query(w, "state");
	struct val list, shown = val_list(w->arena), next = val_null();
	size_t limit;
	int64_t score, id;
	if (state.n == 0)
		state = text_of("open");
	if (api_limit(w, &limit, e) < 0 || read_cursor(w, &score, &id, e) < 0 ||
		duplicate_list(w->arena, w->db, w->company.id, text_z(w->arena, state),
			score, id, limit, &list, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++)
		val_push(w->arena, &shown, api_card(w->arena, &list.list->at[i]));
	if (val_len(&list) == limit) {
		const struct val *last = &list.list->at[limit - 1];
		next = val_text(arena_printf(w->arena, "%lld.%s",
			(long long)val_as_int(val_get(last, "score"), 0),
			val_as_z(w->arena, val_get(last, "id"))));
	}
	api_answer_list(w, shown, next);
	return 0;
}

static int
answer_job(struct web *w, int64_t job)
{
	struct val out = val_map(w->arena);
	val_put(w->arena, &out, "job", val_id(w->arena, job));
	api_answer(w, 202, out);
	return 0;
}

int
api_duplicates_search(struct web *w, struct err *e)
{
	int64_t job;
	return duplicate_search(
		       w->arena, w->db, w->company.id, w->company.country, 0, &job, e) < 0
		       ? -1
		       : answer_job(w, job);
}

int
api_duplicates_merge(struct web *w, struct err *e)
{
	struct val body;
	int64_t job;
	if (web_json(w, &body, e) < 0 ||
		duplicate_merge_all(w->arena, w->db, w->company.id,
			val_as_int(val_get(&body, "least"), 0), 0, &job, e) < 0)
		return -1;
	return answer_job(w, job);
}

/* {"keep": id} or {"keep": null}: they are different. */
int
api_duplicate_decide(struct web *w, struct err *e)
{
	struct val body, pair;
	int64_t id;
	if (web_id(w, "id", &id, e) < 0 || web_json(w, &body, e) < 0)
		return -1;
	if (val_get(&body, "keep") == NULL)
		return err_field(e, "keep",
			"keep is the id of the profile that stays, or null: they are "
			"different");
	int done = duplicate_decide(w->arena, w->db, api_types(), w->company.id, id,
		val_as_int(val_get(&body, "keep"), 0), 0, e);
	if (done < 0)
		return -1;
	if (done == 0)
		return err_set(e, ERR_CONFLICT, "this pair is decided already");
	if (duplicate_by_id(w->arena, w->db, w->company.id, id, &pair, e) < 1)
		return -1;
	api_answer(w, 200, api_card(w->arena, &pair));
	return 0;
}
