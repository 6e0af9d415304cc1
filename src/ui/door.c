/* See door.h. */
#include "ui/door.h"
#include "base/settings.h"
#include "exchange/import.h"
#include "ui/aside.h"
#include "ui/bindings.h"
#include "ui/campaign.h"
#include "ui/catalog.h"
#include "ui/company.h"
#include "ui/duplicates.h"
#include "ui/enter.h"
#include "ui/export.h"
#include "ui/fields.h"
#include "ui/folders.h"
#include "ui/frame.h"
#include "ui/hook.h"
#include "ui/imports.h"
#include "ui/jobs.h"
#include "ui/letter.h"
#include "ui/me.h"
#include "ui/overview.h"
#include "ui/pass.h"
#include "ui/people.h"
#include "ui/people_act.h"
#include "ui/person.h"
#include "ui/person_act.h"
#include "ui/person_edit.h"
#include "ui/person_letter.h"
#include "ui/person_more.h"
#include "ui/person_new.h"
#include "ui/person_timeline.h"
#include "ui/platform.h"
#include "ui/requests.h"
#include "ui/rule_words.h"
#include "ui/scenario.h"
#include "ui/search.h"
#include "ui/segment.h"
#include "ui/segment_live.h"
#include "ui/segment_more.h"
#include "ui/source.h"
#include "ui/source_rules.h"
#include "web/session.h"

enum {
	FORM_MAX = 64 * 1024,
	TEXT_MAX = 1024 * 1024,	     /* forms with a script's or a letter's text */
	LIST_MAX = 16 * 1024 * 1024, /* forms with a list of people */
};

const struct route ui_routes[] = {
	{"GET", "/login", enter_form, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"POST", "/login", enter_submit, RIGHT_NONE, NULL, FORM_MAX, NULL, NULL},
	{"GET", "/l/{slug}", enter_company_form, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"POST", "/l/{slug}", enter_submit, RIGHT_NONE, NULL, FORM_MAX, NULL, NULL},
	{"GET", "/login/code", enter_code_form, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"POST", "/login/code", enter_code_submit, RIGHT_NONE, NULL, FORM_MAX, NULL, NULL},
	{"GET", "/login/forgot", pass_forgot_form, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"POST", "/login/forgot", pass_forgot, RIGHT_NONE, NULL, FORM_MAX, NULL, NULL},
	{"GET", "/l/{slug}/forgot", pass_forgot_form, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"POST", "/l/{slug}/forgot", pass_forgot, RIGHT_NONE, NULL, FORM_MAX, NULL, NULL},
	{"GET", "/pass", pass_form, RIGHT_NONE, NULL, 0, NULL, NULL},
	{"POST", "/pass", pass_choose, RIGHT_NONE, NULL, FORM_MAX, NULL, NULL},
	{"POST", "/logout", enter_leave, RIGHT_NONE, NULL, FORM_MAX, NULL, NULL},
	{"POST", "/language", enter_language, RIGHT_NONE, NULL, FORM_MAX, NULL, NULL},

	{"GET", "/", overview_page, RIGHT_SELF, NULL, 0, NULL, NULL},

	{"GET", "/me", me_page, RIGHT_SELF, NULL, 0, NULL, NULL},
	{"POST", "/me/password", me_password, RIGHT_SELF, NULL, FORM_MAX, NULL, NULL},
	{"GET", "/me/second", me_second_form, RIGHT_SELF, NULL, 0, NULL, NULL},
	{"POST", "/me/second", me_second_on, RIGHT_SELF, NULL, FORM_MAX, NULL, NULL},
	{"POST", "/me/second/off", me_second_off, RIGHT_SELF, NULL, FORM_MAX, NULL, NULL},
	{"POST", "/me/codes", me_codes, RIGHT_SELF, NULL, FORM_MAX, NULL, NULL},
	{"POST", "/me/sessions", me_sessions, RIGHT_SELF, NULL, FORM_MAX, NULL, NULL},

	{"GET", "/feed", overview_feed, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/search", search_page, RIGHT_WORK, NULL, 0, NULL, NULL},

	{"GET", "/clients", people_list, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/clients/view", people_keep, RIGHT_WORK, NULL, FORM_MAX, NULL, NULL},
	{"POST", "/clients/act", people_act, RIGHT_WORK, NULL, TEXT_MAX, NULL, NULL},
	{"POST", "/clients/act/run", people_act_run, RIGHT_WORK, NULL, TEXT_MAX, NULL,
		NULL},
	{"GET", "/clients/count", people_count, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/clients/folders", folders_part, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/folders/new", folders_make, RIGHT_WORK, NULL, TEXT_MAX, NULL, NULL},
	{"POST", "/folders/{id}", folders_change, RIGHT_WORK, NULL, TEXT_MAX, "folder",
		NULL},
	{"POST", "/folders/{id}/delete", folders_delete, RIGHT_WORK, NULL, FORM_MAX,
		"folder", NULL},
	{"GET", "/clients/new", person_new, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/clients/new", person_make, RIGHT_WORK, NULL, FORM_MAX, NULL, NULL},
	{"GET", "/clients/{id}", person_page, RIGHT_WORK, NULL, 0, "profile", NULL},
	{"GET", "/clients/{id}/events", person_timeline, RIGHT_WORK, NULL, 0, "profile",
		NULL},

	{"POST", "/clients/{id}/fields", person_fields, RIGHT_WORK, NULL, TEXT_MAX,
		"profile", NULL},
	{"POST", "/clients/{id}/consent", person_consent, RIGHT_WORK, NULL, FORM_MAX,
		"profile", NULL},
	{"POST", "/clients/{id}/notes", person_note, RIGHT_WORK, NULL, FORM_MAX, "profile",
		NULL},
	{"POST", "/clients/{id}/notes/{note}", person_note_drop, RIGHT_WORK, NULL, FORM_MAX,
		"profile", NULL},
	{"GET", "/clients/{id}/similar", person_similar, RIGHT_WORK, NULL, 0, "profile",
		NULL},
	{"GET", "/clients/{id}/letters/{message}", person_letter, RIGHT_WORK, NULL, 0,
		"profile", NULL},
	{"POST", "/clients/{id}/merge", person_merge, RIGHT_WORK, NULL, FORM_MAX, "profile",
		NULL},
	{"POST", "/clients/{id}/erase", person_erase, RIGHT_WORK, NULL, FORM_MAX, "profile",
		NULL},
	{"POST", "/clients/{id}/file", person_download, RIGHT_WORK, NULL, FORM_MAX,
		"profile", NULL},
	{"POST", "/merges/{id}/undo", person_part, RIGHT_WORK, NULL, FORM_MAX, "merge",
		NULL},
	{"GET", "/duplicates", ui_duplicates, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/duplicates/search", ui_duplicates_search, RIGHT_WORK, NULL, FORM_MAX,
		NULL, NULL},
	{"POST", "/duplicates/cancel", ui_duplicates_cancel, RIGHT_WORK, NULL, FORM_MAX,
		NULL, NULL},
	{"POST", "/duplicates/merge", ui_duplicates_merge, RIGHT_WORK, NULL, FORM_MAX, NULL,
		NULL},
	{"POST", "/duplicates/{id}", ui_duplicate_decide, RIGHT_WORK, NULL, FORM_MAX,
		"duplicate", NULL},

	{"GET", "/segments", ui_segment_list, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/segments/new", ui_segment_new, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/segments/new", ui_segment_make, RIGHT_WORK, NULL, TEXT_MAX, NULL, NULL},
	{"POST", "/segments/preview", ui_segment_preview, RIGHT_WORK, NULL, TEXT_MAX, NULL,
		NULL},
	{"POST", "/segments/past", ui_segment_past, RIGHT_WORK, NULL, TEXT_MAX, NULL, NULL},
	{"POST", "/segments/cases", ui_segment_cases, RIGHT_WORK, NULL, TEXT_MAX, NULL,
		NULL},
	{"GET", "/segments/words", ui_rule_words, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/segments/values", ui_rule_values, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/segments/algebra", ui_segment_algebra, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/segments/by-hand", ui_segment_list_new, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/segments/by-hand", ui_segment_list_make, RIGHT_WORK, NULL, LIST_MAX,
		NULL, NULL},
	{"GET", "/segments/{id}", ui_segment_page, RIGHT_WORK, NULL, 0, "segment", NULL},
	{"POST", "/segments/{id}", ui_segment_change, RIGHT_WORK, NULL, TEXT_MAX, "segment",
		NULL},
	{"POST", "/segments/{id}/delete", ui_segment_delete, RIGHT_WORK, NULL, TEXT_MAX,
		"segment", NULL},
	{"GET", "/segments/{id}/members", ui_segment_members, RIGHT_WORK, NULL, 0,
		"segment", NULL},
	{"POST", "/segments/{id}/people", ui_segment_people, RIGHT_WORK, NULL, LIST_MAX,
		"segment", NULL},
	{"GET", "/segments/{id}/state", ui_segment_state, RIGHT_WORK, NULL, 0, "segment",
		NULL},
	{"GET", "/segments/{id}/options", ui_segment_options, RIGHT_WORK, NULL, 0,
		"segment", NULL},
	{"POST", "/segments/{id}/options", ui_segment_options_put, RIGHT_WORK, NULL,
		FORM_MAX, "segment", NULL},
	{"POST", "/segments/{id}/archive", ui_segment_archive, RIGHT_WORK, NULL, TEXT_MAX,
		"segment", NULL},
	{"POST", "/segments/{id}/copy", ui_segment_copy, RIGHT_WORK, NULL, TEXT_MAX,
		"segment", NULL},
	{"POST", "/segments/{id}/freeze", ui_segment_freeze, RIGHT_WORK, NULL, TEXT_MAX,
		"segment", NULL},
	{"GET", "/segments/{id}/growth", ui_segment_growth, RIGHT_WORK, NULL, 0, "segment",
		NULL},
	{"GET", "/segments/{id}/versions", ui_segment_versions, RIGHT_WORK, NULL, 0,
		"segment", NULL},

	{"GET", "/templates", letter_list, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/templates/new", letter_new, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/templates/new", letter_make, RIGHT_WORK, NULL, TEXT_MAX, NULL, NULL},
	{"POST", "/templates/preview", letter_preview, RIGHT_WORK, NULL, TEXT_MAX, NULL,
		NULL},
	{"GET", "/templates/words", letter_words, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/templates/{id}", letter_page, RIGHT_WORK, NULL, 0, "template", NULL},
	{"POST", "/templates/{id}", letter_change, RIGHT_WORK, NULL, TEXT_MAX, "template",
		NULL},
	{"POST", "/templates/{id}/test", letter_test, RIGHT_WORK, NULL, FORM_MAX,
		"template", NULL},

	{"GET", "/campaigns", ui_campaign_list, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/campaigns/new", ui_campaign_new, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/campaigns/new", ui_campaign_make, RIGHT_WORK, NULL, FORM_MAX, NULL,
		NULL},
	{"GET", "/campaigns/{id}", ui_campaign_page, RIGHT_WORK, NULL, 0, "campaign", NULL},
	{"POST", "/campaigns/{id}", ui_campaign_change, RIGHT_WORK, NULL, FORM_MAX,
		"campaign", NULL},
	{"GET", "/campaigns/{id}/figures", ui_campaign_figures, RIGHT_WORK, NULL, 0,
		"campaign", NULL},
	{"POST", "/campaigns/{id}/launch", ui_campaign_launch, RIGHT_WORK, NULL, FORM_MAX,
		"campaign", NULL},
	{"POST", "/campaigns/{id}/stop", ui_campaign_stop, RIGHT_WORK, NULL, FORM_MAX,
		"campaign", NULL},

	{"GET", "/scenarios", ui_scenario_list, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/scenarios/new", ui_scenario_new, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/scenarios/new", ui_scenario_make, RIGHT_WORK, NULL, TEXT_MAX, NULL,
		NULL},
	{"POST", "/scenarios/preview", ui_scenario_preview, RIGHT_WORK, NULL, TEXT_MAX,
		NULL, NULL},
	{"GET", "/scenarios/words", ui_scenario_words, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/scenarios/{id}", ui_scenario_page, RIGHT_WORK, NULL, 0, "scenario", NULL},
	{"POST", "/scenarios/{id}", ui_scenario_change, RIGHT_WORK, NULL, TEXT_MAX,
		"scenario", NULL},
	{"POST", "/scenarios/{id}/state", ui_scenario_state, RIGHT_WORK, NULL, FORM_MAX,
		"scenario", NULL},

	{"GET", "/fields", fields_page, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/fields/delete", fields_drop, RIGHT_WORK, NULL, FORM_MAX, NULL, NULL},
	{"POST", "/fields", fields_put, RIGHT_WORK, NULL, FORM_MAX, NULL, NULL},

	{"GET", "/identity", ui_identity, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/identity/ident", ui_identity_ident, RIGHT_WORK, NULL, FORM_MAX, NULL,
		NULL},
	{"POST", "/identity/field", ui_identity_field, RIGHT_WORK, NULL, FORM_MAX, NULL,
		NULL},

	{"GET", "/sources", source_list, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/sources/new", source_form, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/sources/new", source_make, RIGHT_WORK, NULL, FORM_MAX, NULL, NULL},
	{"GET", "/sources/{id}", source_card, RIGHT_WORK, NULL, 0, "source", NULL},
	{"GET", "/sources/{id}/feed", source_feed, RIGHT_WORK, NULL, 0, "source", NULL},
	{"GET", "/sources/{id}/code", source_code, RIGHT_WORK, NULL, 0, "source", NULL},
	{"GET", "/sources/{id}/rules", rules_page, RIGHT_COMPANY, NULL, 0, "source", NULL},
	{"POST", "/sources/{id}/rules", rules_save, RIGHT_COMPANY, NULL, FORM_MAX, "source",
		NULL},
	{"POST", "/sources/{id}/secret", rules_secret, RIGHT_COMPANY, NULL, FORM_MAX,
		"source", NULL},
	{"GET", "/sources/{id}/plan", plan_page, RIGHT_WORK, NULL, 0, "source", NULL},
	{"POST", "/sources/{id}/plan", plan_save, RIGHT_WORK, NULL, FORM_MAX, "source",
		NULL},
	{"GET", "/sources/{id}/quarantine", quarantine_page, RIGHT_WORK, NULL, 0, "source",
		NULL},
	{"POST", "/sources/{id}/quarantine", quarantine_move, RIGHT_WORK, NULL, FORM_MAX,
		"source", NULL},
	{"GET", "/sources/{id}/hook", hook_page, RIGHT_COMPANY, NULL, 0, "source", NULL},
	{"POST", "/sources/{id}/hook", hook_save, RIGHT_COMPANY, NULL, FORM_MAX, "source",
		NULL},
	{"GET", "/sources/{id}/mapping", hook_mapping, RIGHT_WORK, NULL, 0, "source", NULL},
	{"POST", "/sources/{id}/mapping", hook_mapping_save, RIGHT_WORK, NULL, TEXT_MAX,
		"source", NULL},
	{"POST", "/sources/{id}/mapping/try", hook_mapping_try, RIGHT_WORK, NULL, TEXT_MAX,
		"source", NULL},
	{"GET", "/sources/{id}/bindings", bindings_page, RIGHT_WORK, NULL, 0, "source",
		NULL},
	{"POST", "/sources/{id}/bindings/link", bindings_link, RIGHT_WORK, NULL, FORM_MAX,
		"source", NULL},
	{"GET", "/sources/{id}/bindings/link", bindings_met, RIGHT_WORK, NULL, 0, "source",
		NULL},
	{"GET", "/sources/{id}/bindings/new", binding_new, RIGHT_WORK, NULL, 0, "source",
		NULL},
	{"POST", "/sources/{id}/bindings/new", binding_make, RIGHT_WORK, NULL, FORM_MAX,
		"source", NULL},
	{"GET", "/sources/{id}/bindings/{binding}", binding_page, RIGHT_WORK, NULL, 0,
		"source", NULL},
	{"POST", "/sources/{id}/bindings/{binding}", binding_act, RIGHT_WORK, NULL,
		FORM_MAX, "source", NULL},
	{"POST", "/sources/{id}/state", source_state, RIGHT_WORK, NULL, FORM_MAX, "source",
		NULL},

	{"GET", "/imports", ui_import_list, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/imports/new", ui_import_new, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/imports/new", ui_import_make, RIGHT_WORK, NULL, IMPORT_FILE_MAX, NULL,
		NULL},
	{"POST", "/imports/fetch", ui_import_fetch, RIGHT_WORK, NULL, FORM_MAX, NULL, NULL},
	{"POST", "/imports/feeds/{id}", ui_import_feed_state, RIGHT_WORK, NULL, FORM_MAX,
		"import_feed", NULL},
	{"POST", "/imports/{id}/repeat", ui_import_repeat, RIGHT_WORK, NULL, FORM_MAX,
		"import", NULL},
	{"GET", "/imports/{id}", ui_import_page, RIGHT_WORK, NULL, 0, "import", NULL},
	{"GET", "/imports/{id}/progress", ui_import_progress, RIGHT_WORK, NULL, 0, "import",
		NULL},
	{"GET", "/imports/{id}/errors", ui_import_errors, RIGHT_WORK, NULL, 0, "import",
		NULL},
	{"POST", "/imports/{id}/shape", ui_import_shape, RIGHT_WORK, NULL, FORM_MAX,
		"import", NULL},
	{"POST", "/imports/{id}/preview", ui_import_preview, RIGHT_WORK, NULL, TEXT_MAX,
		"import", NULL},
	{"POST", "/imports/{id}/start", ui_import_start, RIGHT_WORK, NULL, TEXT_MAX,
		"import", NULL},
	{"POST", "/imports/{id}/cancel", ui_import_cancel, RIGHT_WORK, NULL, FORM_MAX,
		"import", NULL},
	{"POST", "/imports/{id}/undo", ui_import_undo, RIGHT_WORK, NULL, FORM_MAX, "import",
		NULL},

	{"GET", "/exports", ui_export_list, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/exports/rows", ui_export_rows, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/exports/new", ui_export_new, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/exports/new", ui_export_make, RIGHT_WORK, NULL, FORM_MAX, NULL, NULL},
	{"POST", "/exports/{id}/cancel", ui_export_cancel, RIGHT_WORK, NULL, FORM_MAX,
		"export", NULL},
	{"POST", "/exports/{id}/file", ui_export_file, RIGHT_WORK, NULL, FORM_MAX, "export",
		NULL},

	{"GET", "/jobs", ui_jobs, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/jobs/rows", ui_jobs_rows, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/jobs/{id}/cancel", ui_job_cancel, RIGHT_WORK, NULL, FORM_MAX, "job",
		NULL},
	{"POST", "/jobs/{id}/undo", people_act_undo, RIGHT_WORK, NULL, FORM_MAX, "job",
		NULL},

	{"GET", "/products", catalog_products, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/products/{id}", catalog_product, RIGHT_WORK, NULL, 0, "product", NULL},
	{"GET", "/feeds", catalog_feeds, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/feeds/new", catalog_feed_new, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"POST", "/feeds/new", catalog_feed_make, RIGHT_WORK, NULL, FORM_MAX, NULL, NULL},
	{"GET", "/feeds/{id}", catalog_feed, RIGHT_WORK, NULL, 0, "feed", NULL},
	{"POST", "/feeds/{id}/run", catalog_feed_run, RIGHT_WORK, NULL, FORM_MAX, "feed",
		NULL},
	{"POST", "/feeds/{id}/delete", catalog_feed_delete, RIGHT_WORK, NULL, FORM_MAX,
		"feed", NULL},

	{"GET", "/set-aside", aside_list, RIGHT_WORK, NULL, 0, NULL, NULL},
	{"GET", "/set-aside/{id}", aside_page, RIGHT_WORK, NULL, 0, "dead_letter", NULL},
	{"POST", "/set-aside/{id}", aside_move, RIGHT_WORK, NULL, FORM_MAX, "dead_letter",
		NULL},
	{"POST", "/set-aside", aside_move_all, RIGHT_WORK, NULL, FORM_MAX, NULL, NULL},

	{"GET", "/company/users", company_users, RIGHT_COMPANY, NULL, 0, NULL, NULL},
	{"GET", "/company/users/new", company_user_form, RIGHT_COMPANY, NULL, 0, NULL,
		NULL},
	{"POST", "/company/users/new", company_user_make, RIGHT_COMPANY, NULL, FORM_MAX,
		NULL, NULL},
	{"GET", "/company/users/{id}", company_user, RIGHT_COMPANY, NULL, 0, "user", NULL},
	{"POST", "/company/users/{id}", company_user_state, RIGHT_COMPANY, NULL, FORM_MAX,
		"user", NULL},
	{"POST", "/company/policy", company_policy, RIGHT_COMPANY, NULL, FORM_MAX, NULL,
		NULL},
	{"GET", "/company/keys", company_keys, RIGHT_COMPANY, NULL, 0, NULL, NULL},
	{"GET", "/company/keys/new", company_key_form, RIGHT_COMPANY, NULL, 0, NULL, NULL},
	{"POST", "/company/keys/new", company_key_make, RIGHT_COMPANY, NULL, FORM_MAX, NULL,
		NULL},
	{"POST", "/company/keys/{key}/revoke", company_key_revoke, RIGHT_COMPANY, NULL,
		FORM_MAX, "key", NULL},
	{"GET", "/company/requests", ui_requests, RIGHT_COMPANY, NULL, 0, NULL, NULL},
	{"GET", "/company/audit", company_audit, RIGHT_COMPANY, NULL, 0, NULL, NULL},

	{"GET", "/platform", platform_companies, RIGHT_PLATFORM, NULL, 0, NULL, NULL},
	{"GET", "/platform/new", platform_company_form, RIGHT_PLATFORM, NULL, 0, NULL,
		NULL},
	{"POST", "/platform/new", platform_company_make, RIGHT_PLATFORM, NULL, FORM_MAX,
		NULL, NULL},
};
const size_t ui_routes_n = sizeof ui_routes / sizeof *ui_routes;

int
ui_serve(const struct settings *s, struct err *e)
{
	struct door door = {
		.name = "ui",
		.threads = (int)s->ui_threads,
		.routes = ui_routes,
		.routes_n = ui_routes_n,
		.guard = session_guard,
		.fail = ui_fail,
		.has_pages = true,
		.own_open = ui_own_open,
		.own_close = ui_own_close,
	};
	return serve_run(&door, s, e);
}
