/* See members.h: the list of segments, their rules and builds. A turn is in members_turn.c, instants are in due.c. */
#include "engine/members.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/json.h"
#include "base/log.h"
#include "base/settings.h"
#include "base/str.h"
#include "base/time.h"
#include "column/base.h"
#include "column/page.h"
#include "engine/members_parts.h"
#include "engine/moves.h"
#include "engine/names.h"
#include "segment/store.h"
#include "segment/unique.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMBER_SLICE = 10000, REASONS_MAX = 50000 };
static const int64_t look_us = 300 * 1000;

struct members *
members_new(struct hold *h)
{
	struct members *m = calloc(1, sizeof *m);
	must(m != NULL);
	m->hold = h;
	m->changed = dict_new();
	return m;
}

static void
seg_free(struct seg *s)
{
	unique_free(s->unique);
	segment_eval_free(s->eval);
	rule_free(s->rule);
	free(s->until);
	free(s);
}

void
members_free(struct members *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->n; i++)
		seg_free(m->segs[i]);
	dict_free(m->changed);
	free(m->segs);
	free(m->heap);
	free(m);
}

struct seg *
members_find(const struct members *m, int64_t segment_id)
{
	for (size_t i = 0; i < m->n; i++)
		if (m->segs[i]->id == segment_id)
			return m->segs[i];
	return NULL;
}

bool
members_counts_anonymous(const struct rule *r)
{
	return (rule_depends(r) & RULE_ON_KNOWN) != 0;
}

int
members_compile(struct arena *turn, struct members *m, struct text source, int64_t self,
	struct rule **out, struct err *e)
{
	struct rule_names names;
	if (names_read(turn, m->hold->db, m->hold->company.id, self, &names, e) < 0)
		return -1;
	return rule_compile(source, m->hold->settings, &names, out, e);
}

void
seg_clear(struct seg *s)
{
	unique_free(s->unique);
	s->unique = NULL;
	segment_eval_free(s->eval);
	rule_free(s->rule);
	free(s->until);
	s->eval = NULL;
	s->rule = NULL;
	s->until = NULL;
	s->until_n = 0;
}

/* Compiles a segment's rule and makes its evaluator; *error is the sentence when it does not compile. 0 / -1 *e. */
static int
seg_compile(struct arena *a, struct members *m, struct seg *s, struct text source,
	char error[500], struct err *e)
{
	error[0] = '\0';
	seg_clear(s);
	if (members_compile(a, m, source, s->id, &s->rule, e) < 0) {
		if (e->code != ERR_INPUT && e->code != ERR_LIMIT)
			return -1;
		snprintf(error, 500, "%s", e->text);
		return 0;
	}
	s->eval = segment_eval_new(s->rule, m->hold->base, m->hold->settings);
	s->anonymous = members_counts_anonymous(s->rule);
	if (s->unique_by[0] != '\0')
		s->unique = unique_new(
			m->hold->base, text_of(s->unique_by), text_of(s->unique_keep));
	return 0;
}

void
seg_options(struct arena *a, struct seg *s, const struct val *segment)
{
	s->is_static = val_as_int(val_get(segment, "is_static"), 0) != 0;
	s->is_archived = !val_is_null(val_get(segment, "archived_at_us"));
	snprintf(s->unique_by, sizeof s->unique_by, "%s",
		val_as_z(a, val_get(segment, "unique_by")));
	snprintf(s->unique_keep, sizeof s->unique_keep, "%s",
		val_as_z(a, val_get(segment, "unique_keep")));
}

int
seg_stop(struct members *m, struct seg *s, struct err *e)
{
	struct err why = *e;
	if (e->code != ERR_LIMIT && e->code != ERR_BUSY)
		return -1;
	log_line(LOG_WARN, "company %lld: segment %lld is stopped: %s",
		(long long)m->hold->company.id, (long long)s->id, why.text);
	seg_clear(s);
	s->built_version = s->version;
	return segment_built(m->hold->db, m->hold->company.id, s->id, s->version, why.text,
		(int64_t)column_member_count(m->hold->base, s->id), time_now_us(), e);
}

/* Who belongs to it at an instant; instants of the next changes are kept. */
static int
evaluate(struct arena *a, struct members *m, struct seg *s, int64_t now_us, struct bits *in,
	struct err *e)
{
	size_t rows = column_rows(m->hold->base);
	bool timed = (rule_depends(s->rule) & RULE_ON_TIME) != 0;
	int64_t *until = timed ? arena_array(a, rows + 1, sizeof *until) : NULL;
	free(s->until);
	s->until = timed ? malloc((rows + 1) * sizeof *s->until) : NULL;
	s->until_n = timed ? rows : 0;
	must(!timed || s->until != NULL);
	if (segment_eval_all(a, s->eval, now_us, 0, in, until, e) < 0)
		return -1;
	if (!s->anonymous) {
		struct bits known = column_all(a, m->hold->base, true);
		bits_and(in, &known);
	}
	for (size_t row = 0; row < s->until_n; row++) {
		s->until[row] = until_of(until[row]);
		if (until[row] < m->horizon_us)
			due_push(m, until[row], s->id, column_person(m->hold->base, row));
	}
	if (s->unique != NULL)
		unique_fill(a, s->unique, in);
	return 0;
}

static struct seg *
add(struct members *m, int64_t id)
{
	if (m->n == m->cap) {
		m->cap = m->cap > 0 ? m->cap * 2 : 16;
		m->segs = realloc(m->segs, m->cap * sizeof *m->segs);
		must(m->segs != NULL);
	}
	struct seg *s = calloc(1, sizeof *s);
	must(s != NULL);
	s->id = id;
	return m->segs[m->n++] = s;
}

static int
load_members(struct arena *a, struct members *m, int64_t id, struct err *e)
{
	int64_t after = 0, *ids;
	size_t n = MEMBER_SLICE;
	while (n == MEMBER_SLICE) {
		struct arena_mark mark = arena_mark(a);
		if (segment_member_ids(a, m->hold->db, m->hold->company.id, id, after,
			    MEMBER_SLICE, &ids, &n, e) < 0)
			return -1;
		for (size_t i = 0; i < n; i++)
			column_member_set(m->hold->base, id, ids[i], true);
		if (n > 0)
			after = ids[n - 1];
		arena_rewind(a, mark);
	}
	return 0;
}

/* A segment that was built before: its members are what is stored; whoever's answer differs is looked at in the first turn. */
static int
resume(struct arena *a, struct members *m, struct seg *s, struct text source,
	int64_t clock_us, struct err *e)
{
	char error[500];
	struct bits in;
	if (seg_compile(a, m, s, source, error, e) < 0)
		return -1;
	if (s->rule == NULL)
		return 0;
	if (evaluate(a, m, s, clock_us, &in, e) < 0)
		return seg_stop(m, s, e);
	for (size_t row = 0; row < in.n; row++) {
		int64_t person = column_person(m->hold->base, row);
		if (person != 0 && bits_has(&in, row) !=
					   column_member_is(m->hold->base, s->id, person)) {
			dict_put_id(m->changed, person, NULL);
			if (s->unique != NULL)
				unique_touch(s->unique, person);
		}
	}
	return 0;
}

int
members_begin(struct members *m, struct err *e)
{
	struct arena *a = arena_new();
	struct val all;
	int64_t clock_us = m->hold->lease.clock_us != 0 ? m->hold->lease.clock_us
							: time_now_us();
	m->horizon_us = time_now_us() + MINUTE_US;
	int rc = segment_all(a, m->hold->db, m->hold->company.id, &all, e);
	/* all members first: rules ask for other segments'; those of a snapshot are of an earlier day than what is stored */
	column_members_clear(m->hold->base);
	for (size_t i = 0; rc == 0 && i < val_len(&all); i++)
		rc = load_members(a, m, val_as_int(val_get(&all.list->at[i], "id"), 0), e);
	for (size_t i = 0; rc == 0 && i < val_len(&all); i++) {
		const struct val *one = &all.list->at[i];
		if (val_as_int(val_get(one, "built_version"), 0) == 0)
			continue; /* never built: members_build does */
		struct seg *s = add(m, val_as_int(val_get(one, "id"), 0));
		s->version = s->built_version = val_as_int(
			val_get(one, "built_version"), 0);
		snprintf(s->name, sizeof s->name, "%s", val_as_z(a, val_get(one, "name")));
		seg_options(a, s, one);
		struct arena_mark mark = arena_mark(a);
		/* what failed or was stopped waits for somebody to save it */
		if (!s->is_static && !s->is_archived &&
			val_as_int(val_get(one, "version"), 0) == s->built_version &&
			!text_is(val_as_text(val_get(one, "state")), "failed"))
			rc = resume(
				a, m, s, val_as_text(val_get(one, "rule")), clock_us, e);
		arena_rewind(a, mark);
	}
	arena_free(a);
	return rc;
}

static struct val
reason_of(struct arena *a, struct members *m, struct seg *s, int64_t person, int64_t now_us,
	struct err *e)
{
	struct segment_answer answer;
	int64_t row = column_row(m->hold->base, person);
	if (row < 0 || segment_eval_one(a, s->eval, (size_t)row, now_us, &answer, e) < 0)
		return val_null();
	return answer.reason;
}

/* Everybody whose membership the build changes. */
static struct move *
differences(struct arena *a, struct members *m, struct seg *s, const struct bits *in,
	int64_t now_us, size_t *n)
{
	struct err ignored;
	size_t count = 0;
	for (size_t row = 0; row < in->n; row++) {
		int64_t person = column_person(m->hold->base, row);
		count += person != 0 && bits_has(in, row) != column_member_is(m->hold->base,
								     s->id, person);
	}
	struct move *moves = arena_array(a, count, sizeof *moves);
	*n = 0;
	for (size_t row = 0; row < in->n; row++) {
		int64_t person = column_person(m->hold->base, row);
		bool now_in = bits_has(in, row);
		if (person == 0 || now_in == column_member_is(m->hold->base, s->id, person))
			continue;
		struct move *v = &moves[(*n)++];
		*v = (struct move){.segment_id = s->id,
			.name = s->name,
			.person_id = person,
			.at_us = now_us,
			.in = now_in,
			.reason = "",
			.told = s->built_version != 0,
			.quiet = true};
		if (now_in && *n <= REASONS_MAX) {
			struct val why = reason_of(a, m, s, person, now_us, &ignored);
			v->reason = reason_text(a, &why);
		}
	}
	return moves;
}

int
members_static(struct arena *a, struct members *m, int64_t segment_id, struct seg **out,
	struct err *e)
{
	struct val one;
	struct seg *s = members_find(m, segment_id);
	*out = NULL;
	if (s == NULL || !s->is_static) {
		int found = segment_by_id(
			a, m->hold->db, m->hold->company.id, segment_id, &one, e);
		if (found < 1 || val_as_int(val_get(&one, "is_static"), 0) == 0)
			return found < 0 ? -1 : 0;
		if (s == NULL) {
			s = add(m, segment_id);
			if (load_members(a, m, segment_id, e) < 0)
				return -1;
		}
		seg_clear(s);
		seg_options(a, s, &one);
		snprintf(s->name, sizeof s->name, "%s", val_as_z(a, val_get(&one, "name")));
	}
	*out = s;
	return 0;
}

/* Members that were merged away since they were put in become their roots. */
static int
follow_merges(struct arena *a, struct members *m, struct seg *s, int64_t now_us,
	struct move **moves, size_t *n, struct err *e)
{
	int64_t after = 0, *ids;
	size_t count = MEMBER_SLICE, cap = 0;
	while (count == MEMBER_SLICE) {
		if (segment_member_ids(a, m->hold->db, m->hold->company.id, s->id, after,
			    MEMBER_SLICE, &ids, &count, e) < 0)
			return -1;
		for (size_t i = 0; i < count; i++) {
			int64_t row = column_row(m->hold->base, ids[i]);
			int64_t root = row >= 0 ? column_person(m->hold->base, (size_t)row)
						: ids[i];
			after = ids[i];
			for (int in = 0; root != ids[i] && in < 2; in++) {
				*moves = arena_room(a, *moves, *n, &cap, sizeof **moves);
				(*moves)[(*n)++] = (struct move){.segment_id = s->id,
					.name = s->name,
					.person_id = in ? root : ids[i],
					.at_us = now_us,
					.in = in,
					.reason = ""};
			}
		}
	}
	return 0;
}

/* One whose rule is not asked: who is stored is who is in it. */
static int
build_kept(struct arena *a, struct members *m, struct seg *s, int64_t now_us, struct err *e)
{
	struct hold *h = m->hold;
	struct move *moves = NULL;
	size_t n = 0;
	seg_clear(s);
	if (s->built_version == 0 &&
		(load_members(a, m, s->id, e) < 0 ||
			follow_merges(a, m, s, now_us, &moves, &n, e) < 0))
		return -1;
	struct built built = {
		s->id, s->version, (int64_t)column_member_count(h->base, s->id), now_us};
	if (moves_commit(a, h, moves, n, &(struct moves_also){.built = &built}, e) < 0)
		return -1;
	s->built_version = s->version;
	s->size = built.size;
	return 0;
}

/* A long build says how far it is, twice a second at most; that it cannot be said is no failure of the build. */
struct progress {
	struct members *members;
	int64_t segment_id, told_us;
};

static void
tell_progress(void *obj, int percent)
{
	struct progress *p = obj;
	struct hold *h = p->members->hold;
	struct err ignored;
	int64_t now_us = time_monotonic_us();
	if (now_us - p->told_us < SECOND_US / 2)
		return;
	p->told_us = now_us;
	(void)segment_progress(h->db, h->company.id, p->segment_id, percent, &ignored);
}

static int
build(struct arena *a, struct members *m, struct seg *s, struct text source, int64_t now_us,
	struct err *e)
{
	if (s->is_static || s->is_archived)
		return build_kept(a, m, s, now_us, e);
	char error[500];
	struct bits in;
	size_t n;
	struct hold *h = m->hold;
	if (seg_compile(a, m, s, source, error, e) < 0)
		return -1;
	if (s->rule == NULL) {
		s->built_version = s->version;
		return segment_built(h->db, h->company.id, s->id, s->version, error,
			(int64_t)column_member_count(h->base, s->id), now_us, e);
	}
	struct progress progress = {m, s->id, time_monotonic_us()};
	segment_eval_watch(s->eval, tell_progress, &progress);
	int rc = evaluate(a, m, s, now_us, &in, e);
	segment_eval_watch(s->eval, NULL, NULL);
	if (rc < 0)
		return seg_stop(m, s, e);
	struct move *moves = differences(a, m, s, &in, now_us, &n);
	struct built built = {s->id, s->version, (int64_t)bits_count(&in), now_us};
	if (moves_commit(a, h, moves, n, &(struct moves_also){.built = &built}, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		column_member_set(h->base, s->id, moves[i].person_id, moves[i].in);
	s->built_version = s->version;
	s->size = built.size;
	log_line(LOG_INFO, "company %lld: segment %lld built: %lld members, %lld ms",
		(long long)h->company.id, (long long)s->id, (long long)built.size,
		(long long)((time_now_us() - now_us) / 1000));
	return 0;
}

static void
drop_gone(struct members *m)
{
	size_t kept = 0;
	for (size_t i = 0; i < m->n; i++) {
		struct seg *s = m->segs[i];
		if (s->gone) {
			column_segment_drop(m->hold->base, s->id);
			seg_free(s);
		} else
			m->segs[kept++] = s;
	}
	m->n = kept;
}

int
members_build(
	struct arena *turn, struct members *m, int64_t now_us, bool *built, struct err *e)
{
	struct val all;
	*built = false;
	if (now_us - m->looked_at_us < look_us)
		return 0;
	m->looked_at_us = now_us;
	if (segment_all(turn, m->hold->db, m->hold->company.id, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < m->n; i++)
		m->segs[i]->gone = true;
	for (size_t i = 0; i < val_len(&all); i++) {
		const struct val *one = &all.list->at[i];
		struct seg *s = members_find(m, val_as_int(val_get(one, "id"), 0));
		if (s == NULL)
			s = add(m, val_as_int(val_get(one, "id"), 0));
		s->gone = false;
		s->version = val_as_int(val_get(one, "version"), 0);
		snprintf(s->name, sizeof s->name, "%s",
			val_as_z(turn, val_get(one, "name")));
		if (s->version == s->built_version || *built)
			continue;
		*built = true;
		seg_options(turn, s, one);
		m->looked_at_us = 0; /* there may be more to build */
		if (build(turn, m, s, val_as_text(val_get(one, "rule")), now_us, e) < 0)
			return -1;
	}
	drop_gone(m);
	return 0;
}

const char *
reason_text(struct arena *a, const struct val *reasons)
{
	struct str s = str_new(a);
	for (size_t i = 0; i < val_len(reasons) && reasons->kind == VAL_LIST; i++) {
		const struct val *one = &reasons->list->at[i],
				 *value = val_get(one, "value");
		if (i > 0)
			str_addz(&s, "; ");
		str_addt(&s, val_as_text(val_get(one, "condition")));
		if (!val_is_null(value)) {
			str_addz(&s, " → ");
			str_addt(&s, value->kind == VAL_TEXT ? value->text
							     : json_text(a, value));
		}
	}
	return text_z(a, text_cut(str_text(&s), SEGMENT_REASON_MAX));
}
