/* See question.h. */
#include "ui/question.h"
#include "base/arena.h"
#include "base/err.h"
#include "column/ask.h"
#include "profile/person.h"
#include "ui/event_view.h"

enum { ASK_MS = 4000, PROGRESS_MS = 500, IDS_MAX = 1000 };

/* What the page says of columns that are not there: how much of them is read, if they are being loaded. */
static void
put_progress(struct web *w, struct val *vars)
{
	struct val question = val_map(w->arena), answer;
	struct err ignored;
	val_put(w->arena, &question, "what", val_text("company"));
	val_put(w->arena, vars, "starting", val_bool(true));
	if (ask(w->arena, w->db, w->settings, w->company.id, &question, PROGRESS_MS,
		    &answer, &ignored) < 0 ||
		val_get(&answer, "read") == NULL)
		return;
	val_put(w->arena, vars, "read", *val_get(&answer, "read"));
	val_put(w->arena, vars, "read_of", *val_get(&answer, "last"));
}

int
question_ask(struct web *w, struct val *question, struct val *vars, struct val *answer,
	struct err *e)
{
	*answer = val_map(w->arena);
	if (ask(w->arena, w->db, w->settings, w->company.id, question, ASK_MS, answer, e) ==
		0)
		return 1;
	bool is_share = e->field[0] != '\0'; /* of the company's own scripts */
	if (e->code != ERR_BUSY ||
		(is_share && text_is(val_as_text(val_get(question, "what")), "preview")))
		return -1;
	put_progress(w, vars);
	*answer = val_map(w->arena);
	return 0;
}

static struct val
person_map(struct web *w, const struct person_row *p)
{
	struct val v = val_map(w->arena);
	val_put(w->arena, &v, "id", val_id(w->arena, p->id));
	val_put(w->arena, &v, "name", val_of(person_name(w, p->id, &p->fields)));
	val_put(w->arena, &v, "known", val_bool(p->known));
	val_put(w->arena, &v, "fields", p->fields);
	val_put(w->arena, &v, "created_at_us", val_int(p->created_at_us));
	val_put(w->arena, &v, "updated_at_us", val_int(p->updated_at_us));
	val_put(w->arena, &v, "first_seen_at_us", val_int(p->first_seen_at_us));
	val_put(w->arena, &v, "last_seen_at_us", val_int(p->last_seen_at_us));
	return v;
}

int
question_persons(struct web *w, const struct val *ids, struct val *people, struct err *e)
{
	size_t n = val_len(ids), found = 0;
	*people = val_list(w->arena);
	if (n == 0)
		return 0;
	if (n > IDS_MAX)
		n = IDS_MAX;
	int64_t *wanted = arena_array(w->arena, n, sizeof *wanted);
	struct person_row *rows = arena_array(w->arena, n, sizeof *rows);
	for (size_t i = 0; i < n; i++)
		wanted[i] = val_as_int(&ids->list->at[i], 0);
	if (person_by_ids(w->arena, w->db, w->company.id, wanted, n, rows, &found, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < found; k++)
			if (rows[k].id == wanted[i])
				val_push(w->arena, people, person_map(w, &rows[k]));
	return 0;
}

int
question_page(struct web *w, const struct people_query *q, struct val *vars,
	struct people_page *out, struct err *e)
{
	struct val question = val_map(w->arena), answer;
	*out = (struct people_page){.people = val_list(w->arena), .next = val_null()};
	val_put(w->arena, &question, "what", val_text("page"));
	val_put(w->arena, &question, "rule", val_of(q->rule));
	val_put(w->arena, &question, "search", val_of(q->search));
	val_put(w->arena, &question, "sort", val_of(q->sort));
	val_put(w->arena, &question, "cursor", val_of(q->cursor));
	val_put(w->arena, &question, "limit", val_int((int64_t)q->limit));
	val_put(w->arena, &question, "soon_ms", val_int(q->soon_ms));
	int done = question_ask(w, &question, vars, &answer, e);
	if (done < 1)
		return done;
	const struct val *cursor = val_get(&answer, "next");
	if (cursor != NULL)
		out->next = *cursor;
	out->count = val_as_int(val_get(&answer, "count"), 0);
	out->total = val_as_int(val_get(&answer, "total"), 0);
	out->is_exact = val_as_bool(val_get(&answer, "exact"), true);
	return question_persons(w, val_get(&answer, "ids"), &out->people, e) < 0 ? -1 : 1;
}

int
question_preview(struct web *w, struct text rule, int64_t segment, size_t sample,
	struct val *vars, struct val *answer, struct err *e)
{
	struct val question = val_map(w->arena);
	val_put(w->arena, &question, "what", val_text("preview"));
	val_put(w->arena, &question, "rule", val_of(rule));
	val_put(w->arena, &question, "segment", val_int(segment));
	val_put(w->arena, &question, "sample", val_int((int64_t)sample));
	return question_ask(w, &question, vars, answer, e);
}

int
question_count(
	struct web *w, const char *rule, struct val *vars, int64_t *count, struct err *e)
{
	struct val answer;
	*count = 0;
	int done = question_preview(w, text_of(rule), 0, 0, vars, &answer, e);
	if (done == 1)
		*count = val_as_int(val_get(&answer, "count"), 0);
	return done < 0 && e->code == ERR_BUSY ? 0 : done;
}
