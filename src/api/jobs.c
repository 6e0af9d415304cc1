/* Jobs. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "campaign/launch.h"
#include "exchange/stop.h"
#include "store/job.h"

#include <string.h>

int
api_jobs_list(struct web *w, struct err *e)
{
	struct val list, out = val_list(w->arena);
	struct text state = web_query(w, "state");
	int64_t cursor;
	size_t limit;
	if (api_limit(w, &limit, e) < 0 || api_cursor(w, INT64_MAX, &cursor, e) < 0)
		return -1;
	if (state.n > 0 && !job_is_state(state))
		return err_field(
			e, "state", "state is queued, running, done, failed or cancelled");
	if (job_page(w->arena, w->db, w->company.id, cursor, state, limit, &list, e) < 0)
		return -1;
	size_t n = val_len(&list);
	for (size_t i = 0; i < n; i++)
		val_push(w->arena, &out, api_card(w->arena, &list.list->at[i]));
	api_answer_list(
		w, out, n == limit ? *val_get(&list.list->at[n - 1], "id") : val_null());
	return 0;
}

static int
answer_job(struct web *w, int64_t id, struct err *e)
{
	struct val job;
	if (web_found(job_by_id(w->arena, w->db, w->company.id, id, &job, e), e) < 0)
		return -1;
	api_answer(w, 200, api_card(w->arena, &job));
	return 0;
}

int
api_job_get(struct web *w, struct err *e)
{
	int64_t id;
	return web_id(w, "id", &id, e) < 0 ? -1 : answer_job(w, id, e);
}

/* A campaign's wants the right to send; of the others either right will do, as it always did. */
int
api_job_delete(struct web *w, struct err *e)
{
	struct val job;
	int64_t id;
	if (web_id(w, "id", &id, e) < 0 ||
		web_found(job_by_id(w->arena, w->db, w->company.id, id, &job, e), e) < 0)
		return -1;
	if (text_is(val_as_text(val_get(&job, "kind")), CAMPAIGN_JOB) &&
		!api_key_may(w->key, "messages:write"))
		return err_set(
			e, ERR_DENIED, "this API key lacks the scope messages:write");
	return stop_job(w->arena, w->db, w->company.id, id, e) < 0 ? -1
								   : answer_job(w, id, e);
}
