/* See jobs.h. */
#include "ui/jobs.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "campaign/launch.h"
#include "catalog/feed.h"
#include "exchange/bulk.h"
#include "exchange/bulk_people.h"
#include "exchange/erase.h"
#include "exchange/export.h"
#include "exchange/run.h"
#include "exchange/stop.h"
#include "insight/duplicate.h"
#include "message/house.h"
#include "profile/field.h"
#include "segment/store.h"
#include "store/job.h"
#include "tenant/user.h"
#include "ui/frame.h"
#include "ui/sentence.h"
#include "ui/show.h"
#include "web/page.h"

enum { ROWS = 50 };

/* What a kind is called and where what it belongs to is shown; with_id: behind it the id. */
static const struct {
	const char *kind, *label, *path;
	bool with_id;
} kinds[] = {
	{CAMPAIGN_JOB, T_("jobs.campaign"), "/campaigns", true},
	{BULK_JOB, T_("jobs.bulk"), NULL, false},
	{ERASE_JOB, T_("jobs.erase"), NULL, false},
	{PEOPLE_JOB, T_("jobs.people"), "/clients", false},
	{PEOPLE_UNDO_JOB, T_("jobs.people_undo"), "/clients", false},
	{DUPLICATE_JOB, T_("jobs.duplicates"), "/duplicates", false},
	{DUPLICATE_MERGE_JOB, T_("jobs.duplicate_merge"), "/duplicates", false},
	{EXPORT_JOB, T_("jobs.export"), "/exports", false},
	{FEED_JOB, T_("jobs.feed"), "/feeds", true},
	{HOUSE_JOB, T_("jobs.letter"), NULL, false},
	{IMPORT_JOB, T_("jobs.import"), "/imports", true},
	{IMPORT_UNDO_JOB, T_("jobs.import_undo"), "/imports", true},
	{IMPORT_FETCH_JOB, T_("jobs.import_fetch"), "/imports", true},
	{IMPORT_FEED_JOB, T_("jobs.import_feed"), "/imports", false},
};

static void
show_kind(struct web *w, struct val *job)
{
	struct text kind = val_as_text(val_get(job, "kind"));
	const char *id = val_as_z(w->arena, val_get(job, "object"));
	val_put(w->arena, job, "label", val_of(kind));
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (!text_is(kind, kinds[i].kind))
			continue;
		val_put(w->arena, job, "label", val_of(page_say(w, kinds[i].label, NULL)));
		if (kinds[i].path == NULL)
			continue;
		val_put(w->arena, job, "to",
			val_text(
				kinds[i].with_id && id[0] != '\0'
					? arena_printf(w->arena, "%s/%s", kinds[i].path, id)
					: kinds[i].path));
	}
}

static void
show_who(struct web *w, struct val *job, const struct val *users)
{
	for (size_t i = 0; i < val_len(users); i++) {
		const struct val *u = &users->list->at[i];
		struct text name = val_as_text(val_get(u, "name"));
		if (val_same(val_get(u, "id"), val_get(job, "user_id")))
			val_put(w->arena, job, "who",
				name.n > 0 ? val_of(name) : *val_get(u, "email"));
	}
}

/* The field of a job over many people as the user calls it, "" none. */
static struct text
field_label(struct web *w, const struct val *result, const struct val *fields,
	struct val *field)
{
	struct text name = val_as_text(val_get(result, "field"));
	for (size_t i = 0; name.n > 0 && i < val_len(fields); i++)
		if (text_same(val_as_text(val_get(&fields->list->at[i], "name")), name)) {
			*field = fields->list->at[i];
			show_label(w, field);
			return val_as_text(val_get(field, "label"));
		}
	return name;
}

/* "изменено 12 профилей, 3 уже были такими": job.counts. */
static void
put_people_counts(
	struct web *w, struct val *job, const struct val *result, enum people_action action)
{
	static const char *const done[] = {T_("jobs.people_changed"),
		T_("jobs.people_entered"), T_("jobs.people_left"),
		T_("jobs.people_erased")};
	const struct {
		const char *of, *key;
		bool always;
	} parts[] = {{"changed", done[action], true},
		{"same", T_("jobs.people_same"), false},
		{"gone", T_("jobs.people_gone"), false}};
	struct str s = str_new(w->arena);
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		int64_t n = val_as_int(val_get(result, parts[i].of), 0);
		struct val args = val_map(w->arena);
		if (n == 0 && !parts[i].always)
			continue;
		val_put(w->arena, &args, "n", val_int(n));
		str_addz(&s, s.n > 0 ? ", " : "");
		str_addt(&s, page_say(w, parts[i].key, &args));
	}
	val_put(w->arena, job, "counts", val_of(str_text(&s)));
}

/* Into which segment, or out of it: job.note. */
static int
put_segment_name(struct web *w, struct val *job, const struct val *result, struct err *e)
{
	struct val segment;
	int found = segment_by_id(w->arena, w->db, w->company.id,
		val_as_int(val_get(result, "segment"), 0), &segment, e);
	if (found == 1)
		val_put(w->arena, job, "note", *val_get(&segment, "name"));
	return found < 0 ? -1 : 0;
}

/* What was done to how many, and whether it can be taken back: label, note, counts, may_undo. */
static int
show_people(
	struct web *w, struct val *job, bool going, const struct val *fields, struct err *e)
{
	static const char *const labels[] = {T_("jobs.people_field"),
		T_("jobs.people_enter"), T_("jobs.people_leave"), T_("jobs.people_erase")};
	const struct val *result = val_get(job, "result");
	struct val field = val_null(), args = val_map(w->arena);
	enum people_action action = people_action_of(
		val_as_text(val_get(result, "action")));
	if (!text_is(val_as_text(val_get(job, "kind")), PEOPLE_JOB) ||
		action == PEOPLE_ACTIONS)
		return 0;
	val_put(w->arena, job, "label", val_of(page_say(w, labels[action], NULL)));
	if (action == PEOPLE_FIELD) {
		const struct val *value = val_get(result, "value");
		val_put(w->arena, &args, "name",
			val_of(field_label(w, result, fields, &field)));
		val_put(w->arena, &args, "value",
			val_of(val_is_null(value)
					? page_say(w, T_("jobs.people_nothing"), NULL)
					: show_value(w, &field, value)));
		val_put(w->arena, job, "note",
			val_of(page_say(w, T_("jobs.people_set"), &args)));
	}
	if (val_get(result, "segment") != NULL && put_segment_name(w, job, result, e) < 0)
		return -1;
	if (!going && val_get(result, "changed") != NULL)
		put_people_counts(w, job, result, action);
	int left = going || action == PEOPLE_ERASE
			   ? 0
			   : people_may_undo(w->arena, w->db, w->company.id,
				     val_as_int(val_get(job, "id"), 0), e);
	val_put(w->arena, job, "may_undo", val_bool(left == 1));
	return left < 0 ? -1 : 0;
}

/* vars.jobs: with label, to, who, percent, going, may_stop; vars.going: one of them is. */
static int
put_jobs(struct web *w, struct val *vars, struct err *e)
{
	struct val list, users, fields, before = val_of(web_query(w, "before"));
	struct text state = web_query(w, "state");
	bool any = false;
	if (!job_is_state(state))
		state = text_of("");
	if (job_page(w->arena, w->db, w->company.id, val_as_int(&before, INT64_MAX), state,
		    ROWS, &list, e) < 0 ||
		user_all(w->arena, w->db, w->company.id, &users, e) < 0 ||
		field_all(w->arena, w->db, w->company.id, &fields, e) < 0)
		return -1;
	for (size_t i = 0; i < val_len(&list); i++) {
		struct val *job = &list.list->at[i];
		struct text is = val_as_text(val_get(job, "state"));
		bool waits = text_is(is, "queued"), going = waits || text_is(is, "running");
		show_kind(w, job);
		if (show_people(w, job, going, &fields, e) < 0)
			return -1;
		show_who(w, job, &users);
		sentence_say(w, job, "error");
		val_put(w->arena, job, "percent",
			val_int(show_percent(val_as_int(val_get(job, "done"), 0),
				val_as_int(val_get(job, "total"), 0))));
		val_put(w->arena, job, "going", val_bool(going));
		val_put(w->arena, job, "may_stop",
			val_bool(going && stop_may(val_as_text(val_get(job, "kind")))));
		any |= going;
	}
	val_put(w->arena, vars, "jobs", list);
	val_put(w->arena, vars, "going", val_bool(any));
	val_put(w->arena, vars, "state", val_of(state));
	if (val_len(&list) == ROWS)
		val_put(w->arena, vars, "before", *val_get(&list.list->at[ROWS - 1], "id"));
	if (web_query(w, "before").n > 0)
		val_put(w->arena, vars, "from", val_of(web_query(w, "before")));
	return 0;
}

int
ui_jobs(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	return put_jobs(w, &vars, e) < 0 ? -1 : ui_page(w, 200, "jobs", &vars, e);
}

int
ui_jobs_rows(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	return put_jobs(w, &vars, e) < 0 ? -1 : page_show(w, 200, "part/jobs", &vars, e);
}

int
ui_job_cancel(struct web *w, struct err *e)
{
	int64_t id;
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	int stopped = stop_job(w->arena, w->db, w->company.id, id, e);
	if (stopped < 0 || (stopped == 1 && ui_audit(w, "job.cancel", id, "", e) < 0))
		return -1;
	page_flash(w, stopped == 1 ? T_("jobs.stopped") : T_("jobs.over"));
	response_redirect(w, "/jobs");
	return 0;
}
