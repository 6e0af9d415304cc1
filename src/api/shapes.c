/* See describe.h: every route's arguments, request and answer; in the order of the route table. */
#include "api/describe.h"

#include <stddef.h>

#define SEGMENT_OPTIONS                                                                    \
	"static?: bool, locked?: bool, unique?: {by: text, keep?: text}?, folder?: text, " \
	"description?: text"
#define SEGMENT_PEOPLE "{ids?: [id], emails?: [text], phones?: [text]}"
#define SEGMENT_PUT    "{id: id, found: int, changed: int, missing: [text]}"
#define PAGE	       "limit: int, cursor: text"
#define JOB	       "{job: id}"

const struct named api_named[] = {
	{"Error", "{error: {code: text, message: text, field?: text, line?: int}}"},
	{"Identity", "{kind: text, value: text}"},
	{"Consent", "{granted: bool, at: time?, proof: any}"},
	{"Profile", "{id: id, external_id: text?, email: text?, phone: text?, fields: {*: "
		    "any}, segments: [{id: id, name: text, since: time?}], identities: "
		    "[Identity], consent: {*: Consent}, created_at: time?, updated_at: "
		    "time?, first_seen_at: time?, last_seen_at: time?, interests?: "
		    "[{topic: text, share: number}], merged: [id]}"},
	{"NewProfile",
		"{external_id?: text, email?: text, phone?: text, anonymous_id?: text, "
		"loyalty_card?: text, telegram?: text, viber?: text, whatsapp?: text, vk?: "
		"text, identities?: [Identity], fields?: {*: any}, consent?: {*: any}}"},
	{"Member", "{id: id, external_id: text?, email: text?, phone: text?, fields: {*: "
		   "any}, segments: [{id: id, name: text, since: time?}], identities: "
		   "[Identity], consent: {*: Consent}, created_at: time?, updated_at: "
		   "time?, first_seen_at: time?, last_seen_at: time?, interests?: [{topic: "
		   "text, share: number}], merged: [id], since: time?, reason: text}"},
	{"Merge", "{id: id, from: id, into: id, at: time, reason: text, undone_at: time?, "
		  "user_id: id?}"},
	{"Duplicate", "{id: id, a: id, b: id, score: int, reasons: [{field: text, how: "
		      "text}], state: \"open|merged|different|gone\", found_at: time, "
		      "decided_at: time?, merge_id: id?}"},
	{"IdentityRules", "{idents: [{name: text, label: text?, custom: bool, unique: "
			  "bool, joins: bool, most: int, priority: int, blocked: [text]}], "
			  "fields: [{name: text, survives: text, sources?: [text]}]}"},
	{"Event", "{id: id, type: text, name: text, at: time, received_at: time, source: "
		  "id?, profile?: id, properties: {*: any}}"},
	{"NewEvent", "{profile?: id, external_id?: text, email?: text, phone?: text, "
		     "userId?: text, anonymousId?: text, event: text, properties?: {*: "
		     "any}, timestamp?: time, messageId?: text}"},
	{"Field", "{name: text, label: text, type: "
		  "\"text|number|money|date|datetime|bool|choice|multichoice|list|email|"
		  "phone|url|geo\", state?: \"default|derived|active|offered\", options?: "
		  "FieldOptions}"},
	{"FieldOptions", "{unit?: text, choices?: [text], min?: any, max?: any, pattern?: "
			 "text, default?: any, pii?: bool, protected?: bool, formula?: "
			 "text}"},
	{"Evidence", "{granted: bool, at: time?, proof: {text: text?, url: text?, at: "
		     "text?}?, source: id?}"},
	{"Source", "{id: id, name: text, kind: "
		   "\"site|app|form|partner|newsletter|promo|widget|system|file\", "
		   "write_key: text, state: \"active|disabled\", created_at: time}"},
	{"Segment", "{id: id, name: text, rule: text, state: \"building|ready|failed\", "
		    "size: int?, error?: text, built_at: time?, created_at: time, "
		    "updated_at: time, static: bool, locked: bool, unique: {by: text, "
		    "keep: \"first_created|last_updated\"}?, progress?: int, folder: text, "
		    "description: "
		    "text, archived_at: time?, cases?: [any]}"},
	{"Template", "{id: id, name: text, channel: text, subject: text, body?: text, "
		     "version: int, created_at: time, updated_at: time}"},
	{"Message",
		"{id: id, origin_id: id?, person_id: id?, channel: text, transactional: "
		"bool, template_id: id?, address: text?, subject: text?, state: "
		"\"queued|sending|sent|deferred|failed|uncertain|skipped\", reason: text?, "
		"attempts: int, queued_at: time, sent_at: time?, due_at: time?}"},
	{"Campaign", "{id: id, name: text, template_id: id?, segment_id: id?, state: "
		     "\"draft|launching|sending|done|stopped\", figures: {*: int}, "
		     "channel: text, error: text?, launched_at: time?, done_at: time?, "
		     "created_at: time, updated_at?: time}"},
	{"Scenario", "{id: id, name: text, script: text, state: \"draft|running|paused\", "
		     "version: int, changed: bool, figures: {*: int}, created_at: time, "
		     "updated_at: time}"},
	{"Import", "{id: id, name: text, state: "
		   "\"fetching|new|checking|checked|running|done|cancelled|failed|undoing|"
		   "undone\", rows: int, inserted: int, updated: int, skipped: int, "
		   "failed: int, warned?: int, error: text?, errors_url?: text?, mapping?: "
		   "any, bytes?: int, bytes_done?: int, job?: id?, feed_id?: id?, "
		   "created_at: time, started_at: time?, ended_at: time?, columns?: "
		   "[text], guess?: {*: any}, dates?: {*: any}, remembered?: bool, "
		   "format?: {*: any}, preview?: [{line: int, cells: [any], action?: "
		   "\"insert|update|skip|fail\", why?: int, reason?: text?, column?: "
		   "text?, value?: text?, fields?: {*: any}, consents?: any}]}"},
	{"Export", "{id: id, job: id, source: any, fields: [text], format: \"csv|xlsx\", "
		   "state: \"queued|running|done|failed|cancelled|gone\", done: int, "
		   "total: int, rows: int?, bytes: int?, url: text?, url_until: time?, "
		   "error?: text, created_at: time}"},
	{"Product", "{id: id, external_id: text, group_id: text, name: text, price: text?, "
		    "old_price: text?, currency: text, url: text, picture: text, category: "
		    "text, vendor: text, available: bool, params: {*: any}, feed_id: id?, "
		    "created_at: time, updated_at: time, seen_at: time?}"},
	{"NewProduct",
		"{external_id: text, name: text, price?: any, old_price?: any, currency?: "
		"text, url?: text, picture?: text, category?: text, vendor?: text, "
		"group_id?: text, available?: bool, params?: {*: any}}"},
	{"Feed", "{id: id, name: text, url: text, kind: \"yml|google|table\", every_h: "
		 "int, state: \"waiting|done|unchanged|failed|held\", error: text, "
		 "problems: [{line: int, problem: text}], problem_count: int, "
		 "product_count: int, gone_count: int, file_hash: text, job_id: id?, "
		 "created_at: time, ran_at: time?, next_at: time?}"},
	{"Job", "{id: id, kind: text, state: \"queued|running|done|failed|cancelled\", "
		"done: int, total: int, error: text, created_at: time, user_id: id?, "
		"object: id?, result?: any}"},
};
const size_t api_named_n = sizeof api_named / sizeof *api_named;

const struct told api_told[] = {
	{"GET /api", NULL, NULL, "200", "html", NULL},
	{"GET /api/v1/openapi.json", NULL, NULL, "200", "json", NULL},
	{"GET /api/v1/health", NULL, NULL, "200",
		"{store: text, columns: text, journal_lag_s: int, journal_bytes: int, "
		"feed_lag_s: int, version: text}",
		NULL},
	{"POST /api/v1/profiles", NULL, "NewProfile", "201 200", "Profile",
		"At least one identifier. 201: it is new."},
	{"POST /api/v1/profiles/bulk", NULL, "{profiles: [NewProfile]}", "202", JOB,
		"The job's result has created, updated, failed and errors of rows. Such a "
		"file starts no scenarios."},
	{"POST /api/v1/profiles/actions", NULL,
		"{action: \"set_field|add_to_segment|remove_from_segment|erase\", ids?: "
		"[id], rule?: text, field?: text, value?: any, segment?: id}",
		"202", JOB,
		"To whom: ids, or everybody a rule means when the job begins. The job's "
		"result has changed, same and gone."},
	{"GET /api/v1/profiles",
		"{email: text, phone: text, external_id: text, anonymous_id: text, filter: "
		"text, q: text, sort: text, " PAGE "}",
		NULL, "200", "[Profile]",
		"With an identifier the answer is one profile, not a list. q finds by "
		"name, e-mail, phone in any spelling or id; filter is a rule; sort is a "
		"field, with - for descending."},
	{"GET /api/v1/profiles/{id}", NULL, NULL, "200", "Profile",
		"The id of a merged profile answers with the one it is part of."},
	{"PATCH /api/v1/profiles/{id}", NULL, "{fields?: {*: any}, consent?: {*: any}}",
		"200", "Profile", "null clears a field; what is not there stays."},
	{"DELETE /api/v1/profiles/{id}", NULL, NULL, "202", JOB,
		"The person is gone at once, the history by the job."},
	{"GET /api/v1/profiles/{id}/file", NULL, NULL, "200",
		"{profile: any, merges: [any], segments: [any], scenarios: [any], "
		"messages: [any], events: [any], complete: bool, *: any}",
		NULL},
	{"POST /api/v1/profiles/{id}/merge", NULL, "{with: id}", "201", "Merge",
		"409: they are one already."},
	{"GET /api/v1/profiles/{id}/merges", NULL, NULL, "200", "[Merge]", NULL},
	{"POST /api/v1/merges/{id}/undo", NULL, "{}", "200", "{id: id, undone: bool}",
		"What came since goes with the profile it came to. 409: it was undone "
		"already."},
	{"GET /api/v1/duplicates", "{state: \"open|merged|different\", " PAGE "}", NULL,
		"200", "[Duplicate]", NULL},
	{"POST /api/v1/duplicates/search", NULL, "{}", "202", JOB, NULL},
	{"POST /api/v1/duplicates/merge", NULL, "{least: int}", "202", JOB,
		"All open pairs with at least that score."},
	{"POST /api/v1/duplicates/{id}", NULL, "{keep: id?}", "200", "Duplicate",
		"keep names the one that stays, null says they are different."},
	{"GET /api/v1/identity", NULL, NULL, "200", "IdentityRules", NULL},
	{"PATCH /api/v1/identity", NULL,
		"{idents?: [{name: text, label?: text, unique?: bool, joins?: bool, most?: "
		"int, priority?: int, blocked?: [text]}], fields?: [{name: text, survives: "
		"text, sources?: [text]}]}",
		"200", "IdentityRules", NULL},
	{"GET /api/v1/profiles/{id}/events", "{type: text, from: time, to: time, " PAGE "}",
		NULL, "200", "[Event]", NULL},
	{"GET /api/v1/profiles/{id}/consents", NULL, NULL, "200", "{*: Evidence}",
		"By channel: email, sms, push, viber, chatbot, analytics."},
	{"PUT /api/v1/profiles/{id}/consents", NULL,
		"{*: {granted: bool, proof?: {text: text, url?: text, at?: time}}}", "200",
		"{*: Evidence}",
		"Channels that are not there stay. One that is given needs proof.text, "
		"else 422."},
	{"GET /api/v1/events", "{type: text, source: id, " PAGE "}", NULL, "200", "[Event]",
		"In the order they came. With type or source a page may be short while "
		"there is a next."},
	{"POST /api/v1/events", NULL, "NewEvent", "201 200",
		"{id: id, profile: id, state: \"recorded|repeated|no_profile|erased\"}",
		"repeated: its messageId was there."},
	{"POST /api/v1/events/bulk", NULL, "{events: [NewEvent]}", "200",
		"whole [{id?: id?, profile?: id?, state: text, message?: text, field?: "
		"text}]",
		"One answer for each, in order; a wrong one stops no other."},
	{"GET /api/v1/fields", NULL, NULL, "200", "[Field]", NULL},
	{"POST /api/v1/fields", NULL, "Field", "201", "Field", NULL},
	{"PATCH /api/v1/fields/{name}", NULL,
		"{label?: text, type?: text, options?: FieldOptions}", "200", "Field",
		"A type that somebody's value is not of is a 422 that shows it."},
	{"DELETE /api/v1/fields/{name}", NULL, NULL, "204", NULL,
		"409 names the segments, scenarios and templates that use it. What people "
		"have in it stays with them."},
	{"GET /api/v1/sources", NULL, NULL, "200", "[Source]", NULL},
	{"POST /api/v1/sources", NULL, "{name: text, kind: text}", "201", "Source",
		"write_key is what a site or an app sends events with."},
	{"GET /api/v1/sources/{id}", NULL, NULL, "200", "Source", NULL},
	{"PATCH /api/v1/sources/{id}", NULL, "{name?: text, state?: \"active|disabled\"}",
		"200", "Source", NULL},
	{"GET /api/v1/segments", "{" PAGE "}", NULL, "200", "[Segment]", NULL},
	{"POST /api/v1/segments", NULL,
		"{name: text, rule?: text, cases?: [any], " SEGMENT_OPTIONS
		", ids?: [id], emails?: [text], phones?: [text]}",
		"201", "Segment",
		"A rule that does not compile is a 422 with line. A static segment has no "
		"rule but ids, emails and phones; those that name nobody are passed over."},
	{"POST /api/v1/segments/algebra", NULL, "{segments: [id]}", "200",
		"{sizes: [int], regions: [{in: int, count: int}]}",
		"Two to four segments: how many people are in exactly those whose bits "
		"\"in\" has, the first segment being bit 0."},
	{"POST /api/v1/segments/preview", NULL, "{rule: text, as_of?: time}", "200",
		"{count: int, exact: bool, total: int, ms: number, warnings?: [any], "
		"sample: [Profile]}",
		NULL},
	{"GET /api/v1/segments/{id}", NULL, NULL, "200", "Segment", NULL},
	{"PATCH /api/v1/segments/{id}", NULL,
		"{name?: text, rule?: text, cases?: [any], " SEGMENT_OPTIONS
		", archived?: bool}",
		"200", "Segment", "A locked one that a user made is a 403."},
	{"DELETE /api/v1/segments/{id}", NULL, NULL, "204", NULL,
		"409 names the segments, campaigns and scenarios that use it."},
	{"GET /api/v1/segments/{id}/members", "{" PAGE "}", NULL, "200", "[Member]", NULL},
	{"GET /api/v1/segments/{id}/history", NULL, NULL, "200",
		"[{date: text, size: int, entered: int, exited: int}]", NULL},
	{"PUT /api/v1/segments/{id}/members", NULL, SEGMENT_PEOPLE, "200", SEGMENT_PUT,
		"Only of a static segment, 10,000 people at most."},
	{"DELETE /api/v1/segments/{id}/members", NULL, SEGMENT_PEOPLE, "200", SEGMENT_PUT,
		NULL},
	{"GET /api/v1/segments/{id}/versions", NULL, NULL, "200",
		"[{version: int, name: text, rule: text, user_id: id?, at: time, size: "
		"int?}]",
		"Newest first."},
	{"POST /api/v1/segments/{id}/freeze", NULL, "{name: text}", "201", "Segment", NULL},
	{"GET /api/v1/templates", NULL, NULL, "200", "[Template]", "Without bodies."},
	{"POST /api/v1/templates", NULL,
		"{name: text, channel?: text, subject: text, body: text}", "201",
		"Template", NULL},
	{"GET /api/v1/templates/{id}", NULL, NULL, "200", "Template", NULL},
	{"PATCH /api/v1/templates/{id}", NULL, "{name?: text, subject?: text, body?: text}",
		"200", "Template", NULL},
	{"POST /api/v1/messages", NULL, "{template: text, to: any, vars?: {*: any}}", "202",
		"Message",
		"to is a profile's id, or one identifier as {\"email\": …}. Consent is not "
		"asked: it is transactional."},
	{"GET /api/v1/messages/{id}", NULL, NULL, "200", "Message", NULL},
	{"GET /api/v1/campaigns", NULL, NULL, "200", "[Campaign]", NULL},
	{"POST /api/v1/campaigns", NULL, "{name: text, template_id: id, segment_id: id}",
		"201", "Campaign", NULL},
	{"GET /api/v1/campaigns/{id}", NULL, NULL, "200", "Campaign", NULL},
	{"PATCH /api/v1/campaigns/{id}", NULL,
		"{name?: text, template_id?: id, segment_id?: id}", "200", "Campaign",
		"409 once it is no draft."},
	{"POST /api/v1/campaigns/{id}/launch", NULL, "{}", "202", JOB, NULL},
	{"POST /api/v1/campaigns/{id}/stop", NULL, "{}", "200", "Campaign", NULL},
	{"GET /api/v1/campaigns/{id}/stats", NULL, NULL, "200", "{*: int}",
		"audience, queued, sent, failed, skipped, opened, clicked, unsubscribed, "
		"waiting; what is not there is 0."},
	{"GET /api/v1/scenarios", NULL, NULL, "200", "[Scenario]", NULL},
	{"POST /api/v1/scenarios", NULL, "{name: text, script: text}", "201", "Scenario",
		NULL},
	{"GET /api/v1/scenarios/{id}", NULL, NULL, "200", "Scenario", NULL},
	{"PATCH /api/v1/scenarios/{id}", NULL, "{name?: text, script?: text}", "200",
		"Scenario", NULL},
	{"POST /api/v1/scenarios/{id}/publish", NULL, "{}", "200", "Scenario", NULL},
	{"POST /api/v1/scenarios/{id}/pause", NULL, "{}", "200", "Scenario", NULL},
	{"GET /api/v1/imports", "{cursor: text}", NULL, "200", "[Import]",
		"A hundred a page."},
	{"POST /api/v1/imports", NULL, "file", "201 202", "Import",
		"A form with the part file, or {\"url\": …}: 202, fetched by a job."},
	{"GET /api/v1/imports/{id}", NULL, NULL, "200", "Import", NULL},
	{"POST /api/v1/imports/{id}/start", NULL,
		"{mapping?: {*: any}, constants?: {*: any}, key?: text, mode?: "
		"\"both|insert|update\", overwrite_empty?: bool, append?: bool, lenient?: "
		"bool, triggers?: bool, dry_run?: bool}",
		"202", "Import", NULL},
	{"POST /api/v1/imports/{id}/cancel", NULL, "{}", "200", "Import",
		"What it wrote stays and can be undone."},
	{"POST /api/v1/imports/{id}/undo", NULL, "{}", "202", "Import", NULL},
	{"GET /api/v1/imports/{id}/errors", NULL, NULL, "200", "csv", NULL},
	{"POST /api/v1/exports", NULL,
		"{source: any, fields: [text], format?: \"csv|xlsx\", delimiter?: text, "
		"raw?: bool}",
		"202", "{id: id, job: id}",
		"source is \"all\", {\"segment\": id} or {\"rule\": text}."},
	{"GET /api/v1/exports/file", "{k: text}", NULL, "200", "file",
		"The link of an export's url: it is its own key."},
	{"GET /api/v1/exports/{id}", NULL, NULL, "200", "Export", NULL},
	{"GET /api/v1/products", "{q: text, " PAGE "}", NULL, "200", "[Product]", NULL},
	{"POST /api/v1/products/bulk", NULL, "{products: [NewProduct]}", "200",
		"{put: int, refused: [{index: int, message: text}]}", NULL},
	{"GET /api/v1/products/{id}", NULL, NULL, "200", "Product", NULL},
	{"GET /api/v1/feeds", NULL, NULL, "200", "[Feed]", NULL},
	{"GET /api/v1/jobs", "{state: \"queued|running|done|failed|cancelled\", " PAGE "}",
		NULL, "200", "[Job]", "Without results."},
	{"GET /api/v1/jobs/{id}", NULL, NULL, "200", "Job",
		"object is the import, export, feed or campaign it is of."},
	{"POST /api/v1/jobs/{id}/undo", NULL, "{}", "202", JOB,
		"Of a job that set a field: who was not changed since has the old value "
		"again. 409: there is nothing to take back, or it is under way."},
	{"DELETE /api/v1/jobs/{id}", NULL, NULL, "200", "Job",
		"Its import or campaign is cancelled with it; a campaign's wants "
		"messages:write. 409: an erasure or a feed, which are not stopped."},
};
const size_t api_told_n = sizeof api_told / sizeof *api_told;
