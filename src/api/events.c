/* Events under an API key: the server-side twin of /v1/track. Health. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/settings.h"
#include "base/time.h"
#include "column/ask.h"
#include "event/call.h"
#include "event/position.h"
#include "journal/journal.h"
#include "store/db.h"

#include <string.h>

static void
default_text(struct web *w, struct val *item, const char *key, const char *value)
{
	if (val_is_null(val_get(item, key)))
		val_put(w->arena, item, key, val_text(value));
}

static int
read_event(struct web *w, struct val *item, struct arrival *out, struct err *e)
{
	struct envelope env = {.company_id = w->company.id,
		.country = w->company.country,
		.received_at_us = time_now_us(),
		.late_us = w->settings->event_late_s * SECOND_US,
		.trusted = true};
	struct text type = val_as_text(val_get(item, "type"));
	if (item->kind != VAL_MAP)
		return err_set(e, ERR_INPUT, "an event is an object");
	/* {"type": "Order Completed"} is what our own answers look like: take it for the event's name */
	if (val_is_null(val_get(item, "event")) && type.n > 0 && !text_is(type, "track"))
		val_put(w->arena, item, "event", val_of(type));
	val_put(w->arena, item, "type", val_text("track"));
	if (val_is_null(val_get(item, "timestamp")) && !val_is_null(val_get(item, "at")))
		val_put(w->arena, item, "timestamp", *val_get(item, "at"));
	default_text(w, item, "messageId",
		arena_printf(w->arena, "api-%lld", (long long)id_make()));
	int64_t id = val_as_int(val_get(item, "profile"), 0);
	if (id == 0)
		return event_call_read(w->arena, item, &env, out, e);
	/* named by its profile's id: nothing to look up by identifiers */
	val_put(w->arena, item, "userId", val_text("by-id"));
	if (event_call_read(w->arena, item, &env, out, e) < 0)
		return -1;
	out->who = (struct who){.node_id = id};
	return 0;
}

static struct val
answer_of(struct arena *a, const struct applied *done)
{
	static const char *const states[] = {
		"recorded", "repeated", "no_profile", "erased"};
	struct val one = val_map(a);
	val_put(a, &one, "id", val_id(a, done->seq));
	val_put(a, &one, "profile", val_id(a, done->person_id));
	val_put(a, &one, "state", val_text(states[done->state]));
	return one;
}

static int
event_post(struct web *w, struct err *e)
{
	struct val body;
	struct arrival r;
	struct applied done;
	if (web_json(w, &body, e) < 0 || read_event(w, &body, &r, e) < 0 ||
		event_apply(w->arena, w->db, api_types(), &r, 1, &done, NULL, NULL, e) < 0)
		return -1;
	if (done.state == APPLIED_NOBODY || done.state == APPLIED_ERASED)
		return err_set(e, ERR_MISSING, "no such profile");
	api_answer(w, 201, answer_of(w->arena, &done));
	return 0;
}

int
api_event_post(struct web *w, struct err *e)
{
	return api_once(w, event_post, e);
}

static int
events_bulk(struct web *w, struct err *e)
{
	struct val body, list = val_list(w->arena);
	if (web_json(w, &body, e) < 0)
		return -1;
	const struct val *events = val_get(&body, "events");
	if (events == NULL || events->kind != VAL_LIST || val_len(events) == 0 ||
		val_len(events) > CALL_BATCH_MAX)
		return err_field(
			e, "events", "events is a list of 1 to %d events", CALL_BATCH_MAX);
	size_t n = val_len(events), good = 0;
	struct arrival *arrivals = arena_array(w->arena, n, sizeof *arrivals);
	struct applied *done = arena_array(w->arena, n, sizeof *done);
	struct val *bad = arena_array(w->arena, n, sizeof *bad);
	for (size_t i = 0; i < n; i++) {
		if (read_event(w, &events->list->at[i], &arrivals[good], e) == 0) {
			good++;
			continue;
		}
		bad[i] = val_map(w->arena);
		val_put(w->arena, &bad[i], "state", val_text("refused"));
		val_put(w->arena, &bad[i], "message",
			val_text(arena_printf(w->arena, "%s", e->text)));
		val_put(w->arena, &bad[i], "field",
			val_text(arena_printf(w->arena, "%s", e->field)));
	}
	if (good > 0 && event_apply(w->arena, w->db, api_types(), arrivals, good, done,
				NULL, NULL, e) < 0)
		return -1;
	for (size_t i = 0, k = 0; i < n; i++)
		val_push(w->arena, &list,
			bad[i].kind == VAL_MAP ? bad[i] : answer_of(w->arena, &done[k++]));
	api_answer(w, 200, list);
	return 0;
}

int
api_events_bulk(struct web *w, struct err *e)
{
	return api_once(w, events_bulk, e);
}

int
api_health(struct web *w, struct err *e)
{
	struct val out = val_map(w->arena), question = val_map(w->arena), answer;
	int64_t lag_us;
	bool store = position_lag_us(
			     w->arena, w->db, w->settings->journal_dir, &lag_us, e) == 0;
	val_put(w->arena, &question, "what", val_text("health"));
	bool columns = store && ask(w->arena, w->db, w->settings, 0, &question, 1000,
					&answer, e) == 0;
	const struct val *lag = columns ? val_get(&answer, "feed_lag_s") : NULL;
	int64_t waiting = journal_size_bytes(w->settings->journal_dir);
	val_put(w->arena, &out, "store", val_text(store ? "ok" : "away"));
	val_put(w->arena, &out, "columns", val_text(columns ? "ok" : "away"));
	val_put(w->arena, &out, "journal_lag_s",
		store ? val_num((double)lag_us / 1e6) : val_null());
	val_put(w->arena, &out, "journal_bytes", val_int(waiting));
	val_put(w->arena, &out, "feed_lag_s", lag != NULL ? *lag : val_null());
	val_put(w->arena, &out, "version", val_text(CXDP_VERSION));
	api_answer(w, store ? 200 : 503, out);
	return 0;
}
