/* See api.h. API.md is the contract. */
#include "api/api.h"
#include "api/parts.h"
#include "api/reference.h"
#include "api/version.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "event/type.h"
#include "exchange/import.h"
#include "script/budget.h"
#include "tenant/audit.h"
#include "tenant/once.h"
#include "tenant/request_log.h"
#include "web/limit.h"
#include "web/serve.h"
#include "web/words.h"

#include <string.h>

#define API_REPLAY "Idempotent-Replay"

enum {
	SMALL = 64 * 1024,
	LIST = 32 * 1024 * 1024, /* a list of people */
	LETTER = 1024 * 1024,
	LARGE = 4 * 1024 * 1024,
	HUGE_BODY = 32 * 1024 * 1024,
	UPLOAD = IMPORT_FILE_MAX
};

static const struct route routes[] = {
	{"GET", "/api", api_reference, RIGHT_NONE, NULL, 0, NULL, "this, for people"},
	{"GET", "/api/v1/openapi.json", api_openapi, RIGHT_NONE, NULL, 0, NULL,
		"this, for machines"},
	{"GET", "/api/v1/health", api_health, RIGHT_NONE, NULL, 0, NULL,
		"whether everything runs"},
	{"POST", "/api/v1/profiles", api_profile_post, RIGHT_NONE, "profiles:write", SMALL,
		NULL, "creates or updates one profile by its identifiers"},
	{"POST", "/api/v1/profiles/bulk", api_profiles_bulk, RIGHT_NONE, "profiles:write",
		HUGE_BODY, NULL, "creates or updates up to 10,000 profiles"},
	{"POST", "/api/v1/profiles/actions", api_profiles_actions, RIGHT_NONE,
		"profiles:write", SMALL * 4, NULL, "does one thing to many profiles"},
	{"GET", "/api/v1/profiles", api_profiles_list, RIGHT_NONE, "profiles:read", 0, NULL,
		"profiles by a rule, or one by an identifier"},
	{"GET", "/api/v1/profiles/{id}", api_profile_get, RIGHT_NONE, "profiles:read", 0,
		"profile", "one profile"},
	{"PATCH", "/api/v1/profiles/{id}", api_profile_patch, RIGHT_NONE, "profiles:write",
		SMALL, "profile", "changes fields, null clears"},
	{"DELETE", "/api/v1/profiles/{id}", api_profile_delete, RIGHT_NONE,
		"profiles:write", 0, "profile", "erases a person"},
	{"GET", "/api/v1/profiles/{id}/file", api_profile_file, RIGHT_NONE, "profiles:read",
		0, "profile", "all that is kept of one person"},
	{"POST", "/api/v1/profiles/{id}/merge", api_merge_post, RIGHT_NONE,
		"profiles:write", SMALL, "profile", "another profile joins this one"},
	{"GET", "/api/v1/profiles/{id}/merges", api_merges_list, RIGHT_NONE,
		"profiles:read", 0, "profile", "what was merged into it"},
	{"POST", "/api/v1/merges/{id}/undo", api_merge_undo, RIGHT_NONE, "profiles:write",
		SMALL, "merge", "a merge undone"},
	{"GET", "/api/v1/duplicates", api_duplicates_list, RIGHT_NONE, "profiles:read", 0,
		NULL, "pairs that may be one person"},
	{"POST", "/api/v1/duplicates/search", api_duplicates_search, RIGHT_NONE,
		"profiles:write", SMALL, NULL, "looks for them"},
	{"POST", "/api/v1/duplicates/merge", api_duplicates_merge, RIGHT_NONE,
		"profiles:write", SMALL, NULL, "merges all from a score on"},
	{"POST", "/api/v1/duplicates/{id}", api_duplicate_decide, RIGHT_NONE,
		"profiles:write", SMALL, "duplicate", "decides a pair"},
	{"GET", "/api/v1/identity", api_identity_get, RIGHT_NONE, "profiles:read", 0, NULL,
		"by which rules persons are put together"},
	{"PATCH", "/api/v1/identity", api_identity_patch, RIGHT_NONE, "profiles:write",
		SMALL, NULL, "changes these rules"},
	{"GET", "/api/v1/profiles/{id}/events", api_profile_events, RIGHT_NONE,
		"events:read", 0, "profile", "a profile's events, newest first"},
	{"GET", "/api/v1/profiles/{id}/consents", api_consents_get, RIGHT_NONE,
		"profiles:read", 0, "profile", "what a person agreed to, with evidence"},
	{"PUT", "/api/v1/profiles/{id}/consents", api_consents_put, RIGHT_NONE,
		"profiles:write", SMALL, "profile", "sets one consent or several"},
	{"GET", "/api/v1/events", api_events_list, RIGHT_NONE, "events:read", 0, NULL,
		"all events, newest first"},
	{"POST", "/api/v1/events", api_event_post, RIGHT_NONE, "events:write", SMALL, NULL,
		"records one event"},
	{"POST", "/api/v1/events/bulk", api_events_bulk, RIGHT_NONE, "events:write", LARGE,
		NULL, "records up to 2500 events"},
	{"GET", "/api/v1/fields", api_fields_list, RIGHT_NONE, "profiles:read", 0, NULL,
		"all fields"},
	{"POST", "/api/v1/fields", api_field_post, RIGHT_NONE, "profiles:write", SMALL,
		NULL, "adds a field"},
	{"PATCH", "/api/v1/fields/{name}", api_field_patch, RIGHT_NONE, "profiles:write",
		SMALL, "field", "changes a field's label or type"},
	{"DELETE", "/api/v1/fields/{name}", api_field_delete, RIGHT_NONE, "profiles:write",
		0, "field", "removes a field that nothing uses"},
	{"GET", "/api/v1/sources", api_sources_list, RIGHT_NONE, "events:read", 0, NULL,
		"all sources with their write keys"},
	{"POST", "/api/v1/sources", api_source_post, RIGHT_NONE, "events:write", SMALL,
		NULL, "adds a source"},
	{"GET", "/api/v1/sources/{id}", api_source_get, RIGHT_NONE, "events:read", 0,
		"source", "one source"},
	{"PATCH", "/api/v1/sources/{id}", api_source_patch, RIGHT_NONE, "events:write",
		SMALL, "source", "renames, disables or enables a source"},
	{"GET", "/api/v1/segments", api_segments_list, RIGHT_NONE, "segments:read", 0, NULL,
		"all segments"},
	{"POST", "/api/v1/segments", api_segment_post, RIGHT_NONE, "segments:write", LIST,
		NULL, "adds a segment"},
	{"POST", "/api/v1/segments/preview", api_segment_preview, RIGHT_NONE,
		"segments:read", SMALL * 2, NULL, "how many and who, without saving"},
	{"GET", "/api/v1/segments/{id}", api_segment_get, RIGHT_NONE, "segments:read", 0,
		"segment", "one segment"},
	{"PATCH", "/api/v1/segments/{id}", api_segment_patch, RIGHT_NONE, "segments:write",
		SMALL * 2, "segment", "changes a segment"},
	{"DELETE", "/api/v1/segments/{id}", api_segment_delete, RIGHT_NONE,
		"segments:write", 0, "segment", "removes a segment"},
	{"GET", "/api/v1/segments/{id}/members", api_segment_members, RIGHT_NONE,
		"segments:read", 0, "segment", "who is in it"},
	{"GET", "/api/v1/segments/{id}/history", api_segment_history, RIGHT_NONE,
		"segments:read", 0, "segment", "its size by day"},
	{"PUT", "/api/v1/segments/{id}/members", api_segment_members_put, RIGHT_NONE,
		"segments:write", SMALL * 16, "segment", "puts people into a static one"},
	{"DELETE", "/api/v1/segments/{id}/members", api_segment_members_delete, RIGHT_NONE,
		"segments:write", SMALL * 16, "segment",
		"takes people out of a static one"},
	{"GET", "/api/v1/segments/{id}/versions", api_segment_versions, RIGHT_NONE,
		"segments:read", 0, "segment", "the rules it had"},
	{"POST", "/api/v1/segments/{id}/freeze", api_segment_freeze, RIGHT_NONE,
		"segments:write", SMALL, "segment", "a static one of who is in it now"},
	{"POST", "/api/v1/segments/algebra", api_segments_algebra, RIGHT_NONE,
		"segments:read", SMALL, NULL, "how several lie over each other"},
	{"GET", "/api/v1/templates", api_templates_list, RIGHT_NONE, "messages:read", 0,
		NULL, "all templates of letters"},
	{"POST", "/api/v1/templates", api_template_post, RIGHT_NONE, "messages:write",
		LETTER, NULL, "adds a template"},
	{"GET", "/api/v1/templates/{id}", api_template_get, RIGHT_NONE, "messages:read", 0,
		"template", "one template"},
	{"PATCH", "/api/v1/templates/{id}", api_template_patch, RIGHT_NONE,
		"messages:write", LETTER, "template", "changes a template"},
	{"POST", "/api/v1/messages", api_message_post, RIGHT_NONE, "messages:write", SMALL,
		NULL, "sends one transactional letter"},
	{"GET", "/api/v1/messages/{id}", api_message_get, RIGHT_NONE, "messages:read", 0,
		"message", "what became of a message"},
	{"GET", "/api/v1/campaigns", api_campaigns_list, RIGHT_NONE, "messages:read", 0,
		NULL, "all campaigns with their figures"},
	{"POST", "/api/v1/campaigns", api_campaign_post, RIGHT_NONE, "messages:write",
		SMALL, NULL, "adds a campaign"},
	{"GET", "/api/v1/campaigns/{id}", api_campaign_get, RIGHT_NONE, "messages:read", 0,
		"campaign", "one campaign"},
	{"PATCH", "/api/v1/campaigns/{id}", api_campaign_patch, RIGHT_NONE,
		"messages:write", SMALL, "campaign", "changes a draft"},
	{"POST", "/api/v1/campaigns/{id}/launch", api_campaign_launch, RIGHT_NONE,
		"messages:write", SMALL, "campaign", "sends it"},
	{"POST", "/api/v1/campaigns/{id}/stop", api_campaign_stop, RIGHT_NONE,
		"messages:write", SMALL, "campaign", "sends nothing more of it"},
	{"GET", "/api/v1/campaigns/{id}/stats", api_campaign_stats, RIGHT_NONE,
		"messages:read", 0, "campaign", "its figures"},
	{"GET", "/api/v1/scenarios", api_scenarios_list, RIGHT_NONE, "messages:read", 0,
		NULL, "all scenarios with their figures"},
	{"POST", "/api/v1/scenarios", api_scenario_post, RIGHT_NONE, "scripts", SMALL * 2,
		NULL, "adds a scenario"},
	{"GET", "/api/v1/scenarios/{id}", api_scenario_get, RIGHT_NONE, "messages:read", 0,
		"scenario", "one scenario"},
	{"PATCH", "/api/v1/scenarios/{id}", api_scenario_patch, RIGHT_NONE, "scripts",
		SMALL * 2, "scenario", "changes its draft"},
	{"POST", "/api/v1/scenarios/{id}/publish", api_scenario_publish, RIGHT_NONE,
		"scripts", SMALL, "scenario", "makes the draft run"},
	{"POST", "/api/v1/scenarios/{id}/pause", api_scenario_pause, RIGHT_NONE,
		"messages:write", SMALL, "scenario", "holds it"},
	{"GET", "/api/v1/imports", api_imports_list, RIGHT_NONE, "profiles:write", 0, NULL,
		"imports, newest first"},
	{"POST", "/api/v1/imports", api_import_post, RIGHT_NONE, "profiles:write", UPLOAD,
		NULL, "uploads a CSV, XLSX or XML file of profiles, or fetches one"},
	{"GET", "/api/v1/imports/{id}", api_import_get, RIGHT_NONE, "profiles:write", 0,
		"import", "how far an import is"},
	{"POST", "/api/v1/imports/{id}/start", api_import_start, RIGHT_NONE,
		"profiles:write", SMALL * 4, "import", "checks it (dry_run) or runs it"},
	{"POST", "/api/v1/imports/{id}/cancel", api_import_cancel, RIGHT_NONE,
		"profiles:write", SMALL, "import", "goes no further with it"},
	{"POST", "/api/v1/imports/{id}/undo", api_import_undo, RIGHT_NONE, "profiles:write",
		SMALL, "import", "takes back what it wrote"},
	{"GET", "/api/v1/imports/{id}/errors", api_import_errors, RIGHT_NONE,
		"profiles:write", 0, "import", "the refused rows with reasons, CSV"},
	{"POST", "/api/v1/exports", api_export_post, RIGHT_NONE, "profiles:read", SMALL * 2,
		NULL, "begins an export to a file"},
	{"GET", "/api/v1/exports/file", api_export_file, RIGHT_NONE, NULL, 0, NULL,
		"the file of an export, by its link"},
	{"GET", "/api/v1/exports/{id}", api_export_get, RIGHT_NONE, "profiles:read", 0,
		"export", "how far an export is, and where its file is"},
	{"GET", "/api/v1/products", api_products_list, RIGHT_NONE, "profiles:read", 0, NULL,
		"products, newest first"},
	{"POST", "/api/v1/products/bulk", api_products_bulk, RIGHT_NONE, "profiles:write",
		LARGE, NULL, "makes or changes up to 1000 products"},
	{"GET", "/api/v1/products/{id}", api_product_get, RIGHT_NONE, "profiles:read", 0,
		"product", "one product"},
	{"GET", "/api/v1/feeds", api_feeds_list, RIGHT_NONE, "profiles:read", 0, NULL,
		"all feeds and what came of them"},
	{"GET", "/api/v1/jobs", api_jobs_list, RIGHT_NONE, "profiles:read or messages:read",
		0, NULL, "jobs, newest first"},
	{"GET", "/api/v1/jobs/{id}", api_job_get, RIGHT_NONE,
		"profiles:read or messages:read", 0, "job", "how far a job is"},
	{"DELETE", "/api/v1/jobs/{id}", api_job_delete, RIGHT_NONE,
		"profiles:write or messages:write", 0, "job", "cancels a job"},
	{"POST", "/api/v1/jobs/{id}/undo", api_job_undo, RIGHT_NONE, "profiles:write",
		SMALL, "job", "takes back what a job did to profiles"},
};

const struct route *
api_routes(size_t *n)
{
	*n = sizeof routes / sizeof *routes;
	return routes;
}

static _Thread_local struct event_types *types;

static _Thread_local struct words *words;

static void *
open_types(const struct settings *s)
{
	struct err e;
	types = event_types_new();
	request_log_start(s);
	if (words_open(s, "en", &words, &e) < 0)
		log_line(LOG_ERROR, "%s", e.text);
	return types;
}

static void
close_types(void *own)
{
	event_types_free(own);
	words_close(words);
}

struct words *
api_words(void)
{
	return words;
}

struct event_types *
api_types(void)
{
	return types;
}

void
api_answer(struct web *w, int status, struct val v)
{
	struct val out = val_map(w->arena);
	val_put(w->arena, &out, "data", v);
	response_header(w, "Cache-Control", "no-store");
	response_json(w, status, &out);
}

void
api_answer_list(struct web *w, struct val list, struct val next)
{
	struct val out = val_map(w->arena);
	val_put(w->arena, &out, "data", list);
	val_put(w->arena, &out, "next", next);
	response_header(w, "Cache-Control", "no-store");
	response_json(w, 200, &out);
}

int
api_once(struct web *w, web_handler *inner, struct err *e)
{
	struct text key = request_header(&w->request, "idempotency-key"), answer;
	struct text asked = text_of(arena_printf(w->arena, "%s %.*s\n%.*s",
		w->request.method, (int)w->request.target.n, w->request.target.at,
		(int)w->request.body.n, w->request.body.at));
	int status;
	if (key.n == 0)
		return inner(w, e);
	if (key.n > 255 || !text_is_utf8(key))
		return err_set(e, ERR_INPUT, "an Idempotency-Key has 1 to 255 characters");
	int found = once_begin(
		w->arena, w->db, w->company.id, key, asked, &status, &answer, e);
	if (found < 0)
		return -1;
	if (found == 1) {
		response_header(w, API_REPLAY, "true");
		response_bytes(w, status, "application/json", answer);
		return 0;
	}
	struct err ignored;
	if (inner(w, e) < 0) {
		once_drop(w->arena, w->db, w->company.id, key, &ignored);
		return -1;
	}
	return once_end(w->arena, w->db, w->company.id, key, w->response.status,
		w->response.body, e);
}

int
api_limit(struct web *w, size_t *limit, struct err *e)
{
	struct text t = web_query(w, "limit");
	struct val v = val_of(t);
	int64_t n = t.n > 0 ? val_as_int(&v, 0) : 50;
	if (n < 1 || n > 1000)
		return err_field(e, "limit", "limit is a whole number from 1 to 1000");
	*limit = (size_t)n;
	return 0;
}

int
api_cursor(struct web *w, int64_t otherwise, int64_t *cursor, struct err *e)
{
	struct text t = web_query(w, "cursor");
	struct val v = val_of(t);
	*cursor = t.n > 0 ? val_as_int(&v, -1) : otherwise;
	return *cursor < 0 ? err_field(e, "cursor",
				     "cursor is what \"next\" of the last answer said")
			   : 0;
}

struct val
api_time(struct arena *a, int64_t at_us)
{
	return at_us != 0 ? val_text(time_text(a, at_us)) : val_null();
}

/* A key of the right scope; health needs none. */
static int
guard(struct web *w, struct err *e)
{
	if (w->route->scope == NULL)
		return 0;
	struct text t = request_header(&w->request, "authorization");
	struct api_key *key = arena_alloc(w->arena, sizeof *key);
	if (t.n < 8 || (!text_starts(t, "Bearer ") && !text_starts(t, "bearer ")))
		return err_set(
			e, ERR_AUTH, "an API key is needed: Authorization: Bearer KEY");
	int found = api_key_find(w->arena, w->db,
		text_trim((struct text){t.at + 7, t.n - 7}), w->request.ip, key, e);
	if (found < 0)
		return -1;
	if (found == 0)
		return err_set(e, ERR_AUTH, "this API key is unknown or revoked");
	w->key = key;
	if (!api_key_may(key, w->route->scope))
		return err_set(
			e, ERR_DENIED, "this API key lacks the scope %s", w->route->scope);
	if (limit_take(w, w->door->shared, text_of(key->id), 1, e) < 0)
		return -1;
	int known = company_by_id(w->arena, w->db, key->company_id, &w->company, e);
	if (known == 1)
		budget_enter(budget_of(w->company.id, w->settings), false);
	if (known < 1)
		return known < 0 ? -1
				 : err_set(e, ERR_AUTH, "this API key's company is gone");
	return version_check(w, e);
}

/* What the log says of a change. Profiles, events and messages are not here: each of those is an event or a row that says itself when and
 * from where it came. */
static const struct {
	web_handler *handle;
	const char *action;
} notes[] = {
	{api_field_post, "field.put"},
	{api_field_patch, "field.put"},
	{api_field_delete, "field.delete"},
	{api_source_post, "source.create"},
	{api_source_patch, "source.change"},
	{api_profile_delete, "profile.erase"},
	{api_profiles_actions, "people.action"},
	{api_job_undo, "people.undo"},
	{api_duplicates_search, "duplicates.search"},
	{api_duplicates_merge, "duplicates.merge"},
	{api_duplicate_decide, "duplicate.decide"},
	{api_merge_post, "profile.merge"},
	{api_merge_undo, "merge.undo"},
	{api_identity_patch, "identity.change"},
	{api_segment_post, "segment.create"},
	{api_segment_patch, "segment.change"},
	{api_segment_delete, "segment.delete"},
	{api_segment_members_put, "segment.put"},
	{api_segment_members_delete, "segment.take"},
	{api_segment_freeze, "segment.create"},
	{api_template_post, "template.create"},
	{api_template_patch, "template.change"},
	{api_campaign_post, "campaign.create"},
	{api_campaign_patch, "campaign.change"},
	{api_campaign_launch, "campaign.launch"},
	{api_campaign_stop, "campaign.stop"},
	{api_scenario_post, "scenario.create"},
	{api_scenario_patch, "scenario.change"},
	{api_scenario_publish, "scenario.publish"},
	{api_scenario_pause, "scenario.pause"},
	{api_import_post, "import.create"},
	{api_import_start, "import.start"},
	{api_import_cancel, "import.cancel"},
	{api_import_undo, "import.undo"},
	{api_export_post, "export.create"},
	{api_products_bulk, "product.put"},
	{api_job_delete, "job.cancel"},
};

static const char *
action_of(const struct web *w)
{
	bool again = w->response.headers.n > 0 &&
		     strstr(w->response.headers.at, API_REPLAY) != NULL;
	for (size_t i = 0; i < sizeof notes / sizeof *notes && !again; i++)
		if (notes[i].handle == w->route->handle && w->response.status < 300)
			return notes[i].action;
	return NULL;
}

/* The door's note(): whose id, and its name, stand in the answer. */
static int
note(struct web *w, struct err *e)
{
	struct val answer = val_null();
	struct err ignored;
	const char *action = action_of(w);
	version_tell(w);
	if (action == NULL)
		return 0;
	if (w->response.body.n > 0)
		json_parse(w->arena, w->response.body, &answer, &ignored);
	const struct val *id = val_get(&w->params, "id"),
			 *name = val_path(&answer, "data.name");
	if (id == NULL)
		id = val_get(&w->params, "name");
	if (id == NULL)
		id = val_path(&answer, "data.id");
	const struct audit d = {.company_id = w->company.id,
		.key_id = w->key->id,
		.ip = w->request.ip,
		.request_id = w->request.id,
		.action = action,
		.object = id != NULL ? val_as_z(w->arena, id) : "0",
		.detail = val_as_z(w->arena, name)};
	return audit_add(w->arena, w->db, &d, e);
}

static void
fail(struct web *w, const struct err *e)
{
	response_header(w, "Cache-Control", "no-store");
	response_error_json(w, e);
}

/* The door's after(): whose key it was is known even where it may not. */
static void
keep(struct web *w, int64_t us, const struct err *e)
{
	if (w->key == NULL)
		return;
	const struct request_row r = {.company_id = w->key->company_id,
		.at_us = time_now_us() - us,
		.bytes = w->response.fd >= 0 ? w->response.file_bytes
					     : (int64_t)w->response.body.n,
		.status = w->response.status,
		.ms = (int)(us / 1000),
		.key_id = w->key->id,
		.method = w->request.method,
		.pattern = w->route->pattern,
		.path = w->request.path,
		.ip = w->request.ip,
		.code = e != NULL ? response_code(e) : "",
		.sentence = e != NULL ? response_sentence(e) : ""};
	request_log_add(&r);
}

int
api_run(const struct settings *s, struct err *e)
{
	struct door door = {.name = "api",
		.threads = (int)s->api_threads,
		.guard = guard,
		.has_pages = true,
		.own_open = open_types,
		.own_close = close_types,
		.note = note,
		.after = keep,
		.fail = fail,
		.shared = limit_new(s->api_rate)};
	door.routes = api_routes(&door.routes_n);
	int rc = serve_run(&door, s, e);
	request_log_end();
	limit_free(door.shared);
	return rc;
}
