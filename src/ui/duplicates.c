/* See duplicates.h. */
#include "ui/duplicates.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "insight/alike.h"
#include "insight/duplicate.h"
#include "profile/field.h"
#include "profile/person.h"
#include "profile/unify.h"
#include "store/job.h"
#include "tenant/key.h"
#include "ui/event_view.h"
#include "ui/frame.h"
#include "ui/sentence.h"
#include "ui/show.h"
#include "web/page.h"

#include <string.h>

enum { PAIRS = 10, SURE = 90 };

static const struct val *
card_of(const struct val *cards, const struct val *id)
{
	for (size_t i = 0; i < val_len(cards); i++)
		if (text_same(val_as_text(val_get(&cards->list->at[i], "id")),
			    val_as_text(id)))
			return &cards->list->at[i];
	return NULL;
}

static const char *
how_of(struct arena *a, const struct val *pair, struct text field)
{
	const struct val *reasons = val_get(pair, "reasons");
	for (size_t i = 0; i < val_len(reasons); i++)
		if (text_same(val_as_text(val_get(&reasons->list->at[i], "field")), field))
			return val_as_z(a, val_get(&reasons->list->at[i], "how"));
	return "";
}

/* pair.rows: {label, a, b, how} of every field one of the two has; pair.left, pair.right: {id, name, created_at_us, known}. */
static void
compare(struct web *w, struct val *pair, const struct val *x, const struct val *y,
	struct val *fields)
{
	struct arena *a = w->arena;
	struct val rows = val_list(a);
	const struct val *sides[] = {x, y};
	static const char *const names[] = {"left", "right"};
	for (size_t i = 0; i < val_len(fields); i++) {
		struct val *f = &fields->list->at[i], row = val_map(a);
		struct text name = val_as_text(val_get(f, "name"));
		struct text s = show_value(w, f, val_get_key(val_get(x, "fields"), name)),
			    t = show_value(w, f, val_get_key(val_get(y, "fields"), name));
		if (s.n == 0 && t.n == 0)
			continue;
		show_label(w, f);
		val_put(a, &row, "label", *val_get(f, "label"));
		val_put(a, &row, "a", val_of(s));
		val_put(a, &row, "b", val_of(t));
		val_put(a, &row, "how", val_text(how_of(a, pair, name)));
		val_push(a, &rows, row);
	}
	val_put(a, pair, "rows", rows);
	for (size_t i = 0; i < 2; i++) {
		struct val side = val_map(a);
		int64_t id = val_as_int(val_get(sides[i], "id"), 0);
		val_put(a, &side, "id", *val_get(sides[i], "id"));
		val_put(a, &side, "name",
			val_of(person_name(w, id, val_get(sides[i], "fields"))));
		val_put(a, &side, "created_at_us", *val_get(sides[i], "created_at_us"));
		val_put(a, &side, "last_seen_at_us", *val_get(sides[i], "last_seen_at_us"));
		val_put(a, pair, names[i], side);
	}
}

/* Pairs with both persons beside each other; who is nobody any more takes the pair with it. */
static int
put_pairs(struct web *w, const struct val *list, struct val *vars, struct err *e)
{
	struct arena *a = w->arena;
	size_t n = val_len(list);
	int64_t *ids = arena_array(a, 2 * n + 1, sizeof *ids);
	struct val cards, fields, pairs = val_list(a);
	for (size_t i = 0; i < n; i++) {
		ids[2 * i] = val_as_int(val_get(&list->list->at[i], "a"), 0);
		ids[2 * i + 1] = val_as_int(val_get(&list->list->at[i], "b"), 0);
	}
	if (person_cards(a, w->db, w->company.id, ids, 2 * n, &cards, e) < 0 ||
		field_all(a, w->db, w->company.id, &fields, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct val pair = list->list->at[i];
		const struct val *x = card_of(&cards, val_get(&pair, "a")),
				 *y = card_of(&cards, val_get(&pair, "b"));
		if (x == NULL || y == NULL)
			continue;
		compare(w, &pair, x, y, &fields);
		val_push(a, &pairs, pair);
	}
	val_put(a, vars, "pairs", pairs);
	return 0;
}

int
ui_duplicates(struct web *w, struct err *e)
{
	struct arena *a = w->arena;
	struct val vars = val_map(a), list, job;
	struct val score = val_of(web_query(w, "score")),
		   before = val_of(web_query(w, "before"));
	int64_t sure, all;
	int looked = duplicate_last_job(a, w->db, w->company.id, &job, e);
	if (looked < 0 ||
		duplicate_list(a, w->db, w->company.id, "open", val_as_int(&score, 101),
			val_as_int(&before, INT64_MAX), PAIRS, &list, e) < 0 ||
		duplicate_count(a, w->db, w->company.id, SURE, &sure, e) < 0 ||
		duplicate_count(a, w->db, w->company.id, 0, &all, e) < 0 ||
		put_pairs(w, &list, &vars, e) < 0)
		return -1;
	if (looked == 1) {
		sentence_say(w, &job, "error");
		val_put(a, &vars, "job", job);
	}
	val_put(a, &vars, "sure", val_int(sure));
	val_put(a, &vars, "least", val_int(SURE));
	val_put(a, &vars, "all", val_int(all));
	if (val_len(&list) == PAIRS) {
		const struct val *last = &list.list->at[PAIRS - 1];
		val_put(a, &vars, "onward",
			val_text(arena_printf(a, "/duplicates?score=%lld&before=%s",
				(long long)val_as_int(val_get(last, "score"), 0),
				val_as_z(a, val_get(last, "id")))));
	}
	return ui_page(w, 200, "duplicates", &vars, e);
}

int
ui_duplicates_search(struct web *w, struct err *e)
{
	int64_t job;
	if (duplicate_search(w->arena, w->db, w->company.id, w->company.country,
		    w->session->user.id, &job, e) < 0 ||
		ui_audit(w, "duplicates.search", job, "", e) < 0)
		return -1;
	response_redirect(w, "/duplicates");
	return 0;
}

int
ui_duplicates_cancel(struct web *w, struct err *e)
{
	struct val job;
	int found = duplicate_last_job(w->arena, w->db, w->company.id, &job, e);
	int64_t id = found == 1 ? val_as_int(val_get(&job, "id"), 0) : 0;
	if (found < 0 ||
		(id != 0 && (job_cancel(w->db, w->company.id, id, e) < 0 ||
				    ui_audit(w, "duplicates.cancel", id, "", e) < 0)))
		return -1;
	response_redirect(w, "/duplicates");
	return 0;
}

int
ui_duplicates_merge(struct web *w, struct err *e)
{
	int64_t job;
	if (duplicate_merge_all(w->arena, w->db, w->company.id, SURE, w->session->user.id,
		    &job, e) < 0 ||
		ui_audit(w, "duplicates.merge", job, "", e) < 0)
		return -1;
	page_flash(w, T_("duplicates.merging"));
	response_redirect(w, "/duplicates");
	return 0;
}

int
ui_duplicate_decide(struct web *w, struct err *e)
{
	struct val keep = val_of(web_form(w, "keep"));
	int64_t id, kept = val_as_int(&keep, 0);
	if (web_id(w, "id", &id, e) < 0)
		return -1;
	int done = duplicate_decide(w->arena, w->db, ui_types(w), w->company.id, id, kept,
		w->session->user.id, e);
	if (done < 0)
		return -1;
	if (done == 1 && ui_audit(w, kept != 0 ? "duplicate.merge" : "duplicate.different",
				 id, val_as_z(w->arena, &keep), e) < 0)
		return -1;
	page_flash(w, done == 0	  ? T_("duplicates.decided")
		      : kept != 0 ? T_("duplicates.merged")
				  : T_("duplicates.different"));
	response_redirect(w, "/duplicates");
	return 0;
}

/* --- rules --- */

static int
show_rules(struct web *w, int status, struct val *vars, struct err *e)
{
	struct arena *a = w->arena;
	struct unify u;
	struct val fields, sources, rules = val_list(a);
	if (unify_read(a, w->db, w->company.id, &u, e) < 0 ||
		field_all(a, w->db, w->company.id, &fields, e) < 0 ||
		source_all(a, w->db, w->company.id, &sources, e) < 0)
		return -1;
	struct val shown = unify_shown(a, &u);
	val_put(a, vars, "idents", *val_get(&shown, "idents"));
	for (size_t i = 0; i < val_len(&fields); i++) {
		struct val *f = &fields.list->at[i];
		const struct val *from;
		struct text state = val_as_text(val_get(f, "state"));
		if (text_is(state, "derived") || text_is(state, "offered"))
			continue;
		static const char *const words[] = {
			"newest", "oldest", "longest", "union", "source"};
		enum survive s = unify_field(&u, val_as_text(val_get(f, "name")), &from);
		show_label(w, f);
		val_put(a, f, "survives", val_text(words[s]));
		val_put(a, f, "first", val_len(from) > 0 ? from->list->at[0] : val_null());
		val_push(a, &rules, *f);
	}
	val_put(a, vars, "fields", rules);
	val_put(a, vars, "sources", sources);
	return ui_page(w, status, "identity", vars, e);
}

int
ui_identity(struct web *w, struct err *e)
{
	struct val vars = val_map(w->arena);
	return show_rules(w, 200, &vars, e);
}

static int
answer_rule(struct web *w, int rc, const char *subject, struct err *e)
{
	static const char *const typed[] = {
		"name", "label", "most", "priority", "blocked", NULL};
	struct val vars = val_map(w->arena);
	int status;
	if (rc < 0) {
		if (ui_wrong(w, &vars, e, &status) < 0)
			return -1;
		if (strcmp(e->field, "name") == 0) { /* of the API, not for people */
			struct val wrong = val_map(w->arena);
			val_put(w->arena, &wrong, "name",
				val_of(sentence_in(w,
					text_of(arena_printf(w->arena, "%s", e->text)))));
			val_put(w->arena, &vars, "wrong", wrong);
		}
		ui_typed(w, &vars, typed);
		return show_rules(w, status, &vars, e);
	}
	if (ui_audit(w, "identity.change", 0, subject, e) < 0)
		return -1;
	page_flash(w, T_("identity.saved"));
	response_redirect(w, "/identity");
	return 0;
}

int
ui_identity_ident(struct web *w, struct err *e)
{
	struct arena *a = w->arena;
	struct val rule = val_map(a), blocked = val_list(a);
	const char *name = text_z(a, text_trim(web_form(w, "name")));
	struct val most = val_of(web_form(w, "most")),
		   priority = val_of(web_form(w, "priority"));
	struct text lines = web_form(w, "blocked"), label = text_trim(web_form(w, "label"));
	while (lines.n > 0) {
		const char *end = memchr(lines.at, '\n', lines.n);
		size_t n = end != NULL ? (size_t)(end - lines.at) : lines.n;
		val_push(a, &blocked, val_bytes(lines.at, n));
		n += end != NULL;
		lines = (struct text){lines.at + n, lines.n - n};
	}
	val_put(a, &rule, "unique", val_bool(web_form(w, "unique").n > 0));
	val_put(a, &rule, "joins", val_bool(web_form(w, "joins").n > 0));
	val_put(a, &rule, "most", val_int(val_as_int(&most, -1)));
	val_put(a, &rule, "priority", val_int(val_as_int(&priority, -1)));
	val_put(a, &rule, "blocked", blocked);
	if (label.n > 0)
		val_put(a, &rule, "label", val_of(label));
	return answer_rule(
		w, unify_put_ident(a, w->db, w->company.id, name, &rule, e), name, e);
}

int
ui_identity_field(struct web *w, struct err *e)
{
	struct arena *a = w->arena;
	struct val sources = val_list(a);
	const char *name = text_z(a, web_form(w, "name"));
	if (web_form(w, "source").n > 0)
		val_push(a, &sources, val_of(web_form(w, "source")));
	return answer_rule(w,
		unify_put_field(a, w->db, w->company.id, name,
			text_z(a, web_form(w, "survives")), &sources, e),
		name, e);
}
