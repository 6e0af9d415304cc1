/* Campaigns and scenarios. */
#include "api/parts.h"
#include "base/arena.h"
#include "base/err.h"
#include "campaign/campaign.h"
#include "scenario/scenario.h"

#include <string.h>

typedef int by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e);
typedef int all(struct arena *a, struct db *db, int64_t company_id, struct val *list,
	struct err *e);

static int
answer_list(struct web *w, all *read, struct err *e)
{
	struct val list;
	if (read(w->arena, w->db, w->company.id, &list, e) < 0)
		return -1;
	api_answer_cards(w, &list);
	return 0;
}

static int
answer_one(struct web *w, by_id *read, int status, int64_t id, struct err *e)
{
	struct val out;
	int found = read(w->arena, w->db, w->company.id, id, &out, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "there is none of this id");
	api_answer(w, status, api_card(w->arena, &out));
	return 0;
}

static int
get_one(struct web *w, by_id *read, struct err *e)
{
	int64_t id;
	return web_id(w, "id", &id, e) < 0 ? -1 : answer_one(w, read, 200, id, e);
}

int
api_campaigns_list(struct web *w, struct err *e)
{
	return answer_list(w, campaign_all, e);
}

int
api_campaign_get(struct web *w, struct err *e)
{
	return get_one(w, campaign_by_id, e);
}

static int
campaign_post(struct web *w, struct err *e)
{
	struct val body;
	int64_t id = 0;
	if (web_json(w, &body, e) < 0 ||
		campaign_put(w->arena, w->db, w->company.id, &id, &body, e) < 0)
		return -1;
	return answer_one(w, campaign_by_id, 201, id, e);
}

int
api_campaign_post(struct web *w, struct err *e)
{
	return api_once(w, campaign_post, e);
}

int
api_campaign_patch(struct web *w, struct err *e)
{
	struct val body;
	int64_t id;
	if (web_id(w, "id", &id, e) < 0 || web_json(w, &body, e) < 0 ||
		campaign_put(w->arena, w->db, w->company.id, &id, &body, e) < 0)
		return -1;
	return answer_one(w, campaign_by_id, 200, id, e);
}

static int
campaign_launch_post(struct web *w, struct err *e)
{
	struct val out = val_map(w->arena);
	int64_t id, job_id;
	if (web_id(w, "id", &id, e) < 0 ||
		campaign_launch(w->arena, w->db, w->company.id, id, 0, &job_id, e) < 0)
		return -1;
	val_put(w->arena, &out, "job", val_id(w->arena, job_id));
	api_answer(w, 202, out);
	return 0;
}

int
api_campaign_launch(struct web *w, struct err *e)
{
	return api_once(w, campaign_launch_post, e);
}

int
api_campaign_stop(struct web *w, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0 ||
		campaign_stop(w->arena, w->db, w->company.id, id, e) < 0)
		return -1;
	return answer_one(w, campaign_by_id, 200, id, e);
}

int
api_campaign_stats(struct web *w, struct err *e)
{
	struct val out;
	int64_t id;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	int found = campaign_by_id(w->arena, w->db, w->company.id, id, &out, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such campaign");
	api_answer(w, 200, *val_get(&out, "figures"));
	return 0;
}

/* --- scenarios --- */

int
api_scenarios_list(struct web *w, struct err *e)
{
	return answer_list(w, scenario_all, e);
}

int
api_scenario_get(struct web *w, struct err *e)
{
	return get_one(w, scenario_by_id, e);
}

static int
put_scenario(struct web *w, int64_t id, int status, struct err *e)
{
	struct val body;
	if (web_json(w, &body, e) < 0)
		return -1;
	const struct val *name = val_get(&body, "name"), *script = val_get(&body, "script");
	if (scenario_put(w->arena, w->db, w->settings, w->company.id, &id,
		    name != NULL ? val_as_z(w->arena, name) : NULL,
		    script != NULL ? val_as_z(w->arena, script) : NULL, e) < 0)
		return -1;
	return answer_one(w, scenario_by_id, status, id, e);
}

static int
scenario_post(struct web *w, struct err *e)
{
	return put_scenario(w, 0, 201, e);
}

int
api_scenario_post(struct web *w, struct err *e)
{
	return api_once(w, scenario_post, e);
}

int
api_scenario_patch(struct web *w, struct err *e)
{
	int64_t id;
	return web_id(w, "id", &id, e) < 0 ? -1 : put_scenario(w, id, 200, e);
}

int
api_scenario_publish(struct web *w, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0 ||
		scenario_publish(w->arena, w->db, w->settings, w->company.id, id,
			api_rule_check, w, e) < 0)
		return -1;
	return answer_one(w, scenario_by_id, 200, id, e);
}

int
api_scenario_pause(struct web *w, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0 ||
		scenario_pause(w->arena, w->db, w->company.id, id, e) < 0)
		return -1;
	return answer_one(w, scenario_by_id, 200, id, e);
}
