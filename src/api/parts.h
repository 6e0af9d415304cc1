/* What the API's files share: shapes of answers, paging, one-time requests. */
#ifndef API_PARTS_H
#define API_PARTS_H

#include "web/web.h"

struct segment_options;
struct event_types;
struct words;

web_handler api_health;
web_handler api_profile_post, api_profile_get, api_profile_patch, api_profiles_list,
	api_profile_events;
web_handler api_profiles_bulk, api_profiles_actions, api_job_undo;
web_handler api_merge_post, api_merges_list, api_merge_undo, api_profile_delete,
	api_profile_file, api_identity_get, api_identity_patch;
web_handler api_duplicates_list, api_duplicates_search, api_duplicates_merge,
	api_duplicate_decide;
web_handler api_event_post, api_events_bulk, api_events_list;
web_handler api_consents_get, api_consents_put;
web_handler api_sources_list, api_source_get, api_source_post, api_source_patch;
web_handler api_fields_list, api_field_post, api_field_patch, api_field_delete;
web_handler api_segments_list, api_segment_post, api_segment_get, api_segment_patch,
	api_segment_delete;
web_handler api_segment_members, api_segment_history, api_segment_preview;
web_handler api_segment_members_put, api_segment_members_delete, api_segment_versions,
	api_segment_freeze, api_segments_algebra;

web_handler api_templates_list, api_template_post, api_template_get, api_template_patch;
web_handler api_message_post, api_message_get;
web_handler api_campaigns_list, api_campaign_post, api_campaign_get, api_campaign_patch,
	api_campaign_launch, api_campaign_stop, api_campaign_stats;
web_handler api_scenarios_list, api_scenario_post, api_scenario_get, api_scenario_patch,
	api_scenario_publish, api_scenario_pause;
web_handler api_imports_list, api_import_post, api_import_get, api_import_start,
	api_import_cancel, api_import_undo, api_import_errors;
web_handler api_export_post, api_export_get, api_export_file;
web_handler api_products_list, api_product_get, api_products_bulk, api_feeds_list;
web_handler api_jobs_list, api_job_get, api_job_delete;

/* This thread's event type numbers. */
struct event_types *api_types(void);

/* English words, for sentences of the house. */
struct words *api_words(void);

/* {"data": v}; {"data": list, "next": cursor or null}. */
void api_answer(struct web *w, int status, struct val v);
void api_answer_list(struct web *w, struct val list, struct val next);

/* Runs inner once per Idempotency-Key: a repeat gets the first answer. */
int api_once(struct web *w, web_handler *inner, struct err *e);

/* ?limit= (50 unless told, at most 1000). ?cursor= as a number, otherwise when there is none. */
int api_limit(struct web *w, size_t *limit, struct err *e);
int api_cursor(struct web *w, int64_t otherwise, int64_t *cursor, struct err *e);

/* An instant as the API writes it, null for 0. */
struct val api_time(struct arena *a, int64_t at_us);

/* A stored map as the API shows it: "..._at_us" become "..._at" in RFC 3339. */
struct val api_card(struct arena *a, const struct val *stored);
/* A whole list of them, without a next page. */
void api_answer_cards(struct web *w, const struct val *list);

/* Whether a rule text compiles, as the engine says; obj is the struct web. */
int api_rule_check(void *obj, struct text rule, struct err *e);

/* Persons as the API shows them, in the order of ids (texts, as the engine gives them); who is nobody any more is left out. */
int api_profiles(struct web *w, const struct val *ids, struct val *list, struct err *e);
/* The same for the segments' form. */
struct val api_segment(struct arena *a, const struct val *segment);
/* Its options into *out; *o with those that a body has, checked, of a segment (NULL: a new one) that will have the rule; they set, and
 * "archived" of the body; a static segment with the ids and emails of a body in it, answered with 201. */
void api_segment_options(struct arena *a, const struct val *segment, struct val *out);
int api_segment_options_read(struct web *w, const struct val *segment, struct text rule,
	const struct val *body, struct segment_options *o, struct err *e);
int api_segment_options_set(struct web *w, const struct val *segment,
	const struct segment_options *o, const struct val *body, struct err *e);
int api_segment_fill(struct web *w, struct text name, struct text rule,
	const struct segment_options *o, const struct val *body, struct err *e);
/* The segment of the route; it is told with its cases. */
int api_segment_find(struct web *w, int64_t *id, struct val *segment, struct err *e);
int api_segment_answer(struct web *w, int status, int64_t id, struct err *e);

#endif
