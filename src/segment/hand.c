/* See hand.h. */
#include "segment/hand.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/id.h"
#include "base/sign.h"
#include "base/str.h"
#include "base/time.h"
#include "column/ask.h"
#include "event/apply.h"
#include "profile/ident.h"
#include "profile/person.h"
#include "segment/option.h"
#include "segment/store.h"
#include "store/db.h"

#include <string.h>

struct job {
	struct arena *arena;
	struct db *db;
	struct event_types *types;
	int64_t company_id, segment_id;
	const char *name, *reason;
	const struct hand *by;
	bool in;
};

int
segment_static_since(struct arena *a, struct db *db, int64_t company_id, int64_t segment_id,
	const int64_t *person_ids, size_t n, int64_t *since_us, struct err *e)
{
	struct val rows, *args = arena_array(a, n + 2, sizeof *args);
	args[0] = val_int(company_id);
	args[1] = val_int(segment_id);
	for (size_t i = 0; i < n; i++)
		args[i + 2] = val_int(person_ids[i]);
	if (n == 0)
		return 0;
	if (db_rows(a, db, QUERY_MEMBERSHIP_AMONG, args, n + 2, &rows, e) < 0)
		return -1;
	struct dict *there = dict_new();
	int64_t *of = arena_array(a, val_len(&rows) + 1, sizeof *of);
	for (size_t i = 0; i < val_len(&rows); i++)
		of[dict_put_id(there, row_int(&rows.list->at[i], 0), NULL)] = row_int(
			&rows.list->at[i], 1);
	for (size_t i = 0; i < n; i++) {
		int64_t at = dict_find_id(there, person_ids[i]);
		since_us[i] = at == DICT_NONE ? 0 : of[at];
	}
	dict_free(there);
	return 0;
}

int
segment_static_wait(struct arena *a, struct db *db, const struct settings *s,
	int64_t company_id, int wait_ms, struct err *e)
{
	struct val q = val_map(a), answer;
	val_put(a, &q, "what", val_text("stats"));
	if (ask(a, db, s, company_id, &q, wait_ms, &answer, e) < 0)
		return -1;
	if (val_as_int(val_get(&answer, "seq"), 0) < val_as_int(val_get(&q, "seq"), 0))
		return err_set(e, ERR_BUSY, "the columns are behind");
	return 0;
}

static struct arrival
told(const struct job *j, int64_t person_id, int64_t now_us)
{
	struct val props = val_map(j->arena);
	const char *key = arena_printf(j->arena, "hand %lld %lld %lld %d",
		(long long)j->segment_id, (long long)person_id, (long long)now_us, j->in);
	val_put(j->arena, &props, "segment", val_id(j->arena, j->segment_id));
	val_put(j->arena, &props, "name", val_text(j->name));
	val_put(j->arena, &props, "reason", val_text(j->reason));
	val_put(j->arena, &props, "hand", val_bool(true));
	return (struct arrival){.company_id = j->company_id,
		.user_id = j->by->user_id,
		.who = {.node_id = person_id},
		.type = text_of(j->in ? "segment_entered" : "segment_exited"),
		.props = props,
		.at_us = now_us,
		.received_at_us = now_us,
		.time_key = now_us,
		.dedup = sign_hash64(text_of(key)),
		.quiet = j->by->quiet,
		.by_hand = true};
}

struct slice {
	const struct job *job;
	const struct arrival *arrivals;
	size_t n;
	int64_t at_us;
};

static int
tell_also(struct db *db, void *obj, const struct applied *applied, struct err *e)
{
	const struct slice *s = obj;
	const struct hand *by = s->job->by;
	int64_t *ids = arena_array(s->job->arena, s->n + 1, sizeof *ids);
	size_t n = 0;
	for (size_t i = 0; i < s->n; i++)
		if (applied[i].state == APPLIED_NEW)
			ids[n++] = s->arrivals[i].who.node_id;
	return n > 0 ? by->also(db, by->obj, ids, n, s->at_us, e) : 0;
}

static int
put_slice(
	const struct job *j, const int64_t *ids, size_t n, int64_t *changed, struct err *e)
{
	int64_t *since_us = arena_array(j->arena, n + 1, sizeof *since_us);
	if (segment_static_since(
		    j->arena, j->db, j->company_id, j->segment_id, ids, n, since_us, e) < 0)
		return -1;
	struct arrival *arrivals = arena_array(j->arena, n + 1, sizeof *arrivals);
	struct applied *applied = arena_array(j->arena, n + 1, sizeof *applied);
	size_t count = 0;
	int64_t now = time_now_us();
	for (size_t i = 0; i < n; i++)
		if ((since_us[i] != 0) != j->in)
			arrivals[count++] = told(j, ids[i], now);
	struct slice slice = {j, arrivals, count, now};
	if (count == 0)
		return 0;
	if (event_apply(j->arena, j->db, j->types, arrivals, count, applied,
		    j->by->also != NULL ? tell_also : NULL, &slice, e) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		*changed += applied[i].state == APPLIED_NEW;
	return 0;
}

int
segment_static_put(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, const struct val *segment, const int64_t *person_ids, size_t n,
	bool in, const struct hand *by, int64_t *changed, struct err *e)
{
	struct job j = {.arena = a,
		.db = db,
		.types = types,
		.company_id = company_id,
		.segment_id = val_as_int(val_get(segment, "id"), 0),
		.name = val_as_z(a, val_get(segment, "name")),
		.reason = arena_printf(
			a, in ? "put in by hand: %s" : "taken out by hand: %s", by->by),
		.by = by,
		.in = in};
	int64_t *ids = arena_array(a, n + 1, sizeof *ids);
	size_t count = 0;
	*changed = 0;
	if (val_as_int(val_get(segment, "is_static"), 0) == 0)
		return err_set(e, ERR_CONFLICT,
			"people enter and leave this segment by its rule: only a static "
			"one is filled by hand");
	if (!val_is_null(val_get(segment, "archived_at_us")))
		return err_set(e, ERR_INPUT, "this segment is archived");
	struct val rows;
	if (person_roots(a, db, company_id, person_ids, n, &rows, e) < 0)
		return -1;
	struct dict *seen = dict_new();
	arena_defer(a, (void (*)(void *))dict_free, seen);
	for (size_t i = 0; i < val_len(&rows); i++) {
		int64_t root = row_int(&rows.list->at[i], 1);
		bool added = false;
		dict_put_id(seen, root, &added);
		if (added)
			ids[count++] = root;
	}
	for (size_t done = 0; done < count; done += HAND_SLICE) {
		size_t slice = count - done < HAND_SLICE ? count - done : HAND_SLICE;
		if (put_slice(&j, ids + done, slice, changed, e) < 0)
			return -1;
	}
	return 0;
}

/* --- people named one by one --- */

struct named { /* what a text was taken for, and who that is */
	enum ident_kind kind;
	struct text value;
	int64_t id, root_id;
};

static void
read_name(struct arena *a, const char *country, struct text t, struct named *out)
{
	static const enum ident_kind kinds[] = {IDENT_EMAIL, IDENT_PHONE, IDENT_EXTERNAL};
	struct val v = val_of(t);
	struct ident id;
	*out = (struct named){.kind = IDENT_NONE};
	if (t.n >= 15 && id_parse(t, &out->id) == 1)
		return;
	out->id = 0;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (kinds[i] == IDENT_EMAIL && memchr(t.at, '@', t.n) == NULL)
			continue;
		if (ident_read(a, kinds[i], &v, country, &id) == 1) {
			out->kind = kinds[i];
			out->value = id.value;
			return;
		}
	}
}

/* Finds all of one kind; ext: also those of other kinds that were not found, as external ids. */
static int
find_kind(struct arena *a, struct db *db, int64_t company_id, enum ident_kind kind,
	const struct val *texts, struct named *names, size_t n, struct err *e)
{
	struct dict *found = dict_new();
	struct val rows;
	size_t count = 0;
	struct text *values = arena_array(a, n + 1, sizeof *values);
	bool *asked = arena_array(a, n + 1, sizeof *asked);
	arena_defer(a, (void (*)(void *))dict_free, found);
	for (size_t i = 0; i < n; i++) {
		struct text typed = val_as_text(&texts->list->at[i]);
		if (names[i].root_id != 0 ||
			(kind != IDENT_EXTERNAL && names[i].kind != kind) ||
			typed.n > IDENT_VALUE_MAX)
			continue;
		asked[i] = true;
		if (kind == IDENT_EXTERNAL)
			names[i].value = typed;
		values[count++] = names[i].value;
	}
	if (person_by_idents(a, db, company_id, (int)kind, values, count, &rows, e) < 0)
		return -1;
	int64_t *roots = arena_array(a, val_len(&rows) + 1, sizeof *roots);
	for (size_t i = 0; i < val_len(&rows); i++)
		roots[dict_put(found, row_text(&rows.list->at[i], 0), NULL)] = row_int(
			&rows.list->at[i], 1);
	for (size_t i = 0; i < n; i++) {
		int64_t at = asked[i] ? dict_find(found, names[i].value) : DICT_NONE;
		if (at != DICT_NONE)
			names[i].root_id = roots[at];
	}
	return 0;
}

static int
find_ids(struct arena *a, struct db *db, int64_t company_id, struct named *names, size_t n,
	struct err *e)
{
	struct dict *found = dict_new();
	struct val rows;
	size_t count = 0;
	int64_t *ids = arena_array(a, n + 1, sizeof *ids);
	arena_defer(a, (void (*)(void *))dict_free, found);
	for (size_t i = 0; i < n; i++)
		if (names[i].id != 0)
			ids[count++] = names[i].id;
	if (person_roots(a, db, company_id, ids, count, &rows, e) < 0)
		return -1;
	int64_t *roots = arena_array(a, val_len(&rows) + 1, sizeof *roots);
	for (size_t i = 0; i < val_len(&rows); i++)
		roots[dict_put_id(found, row_int(&rows.list->at[i], 0), NULL)] = row_int(
			&rows.list->at[i], 1);
	for (size_t i = 0; i < n; i++) {
		int64_t at = names[i].id != 0 ? dict_find_id(found, names[i].id)
					      : DICT_NONE;
		if (at != DICT_NONE)
			names[i].root_id = roots[at];
	}
	return 0;
}

int
segment_people_of(struct arena *a, struct db *db, int64_t company_id, const char *country,
	const struct val *texts, struct hand_list *out, struct err *e)
{
	size_t n = val_len(texts);
	struct named *names = arena_array(a, n + 1, sizeof *names);
	struct dict *seen = dict_new();
	arena_defer(a, (void (*)(void *))dict_free, seen);
	*out = (struct hand_list){
		.ids = arena_array(a, n + 1, sizeof *out->ids), .missing = val_list(a)};
	for (size_t i = 0; i < n; i++)
		read_name(a, country, val_as_text(&texts->list->at[i]), &names[i]);
	if (find_ids(a, db, company_id, names, n, e) < 0 ||
		find_kind(a, db, company_id, IDENT_EMAIL, texts, names, n, e) < 0 ||
		find_kind(a, db, company_id, IDENT_PHONE, texts, names, n, e) < 0 ||
		find_kind(a, db, company_id, IDENT_EXTERNAL, texts, names, n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool added = false;
		if (names[i].root_id == 0) {
			val_push(a, &out->missing, texts->list->at[i]);
			continue;
		}
		dict_put_id(seen, names[i].root_id, &added);
		if (added)
			out->ids[out->n++] = names[i].root_id;
	}
	return 0;
}

static bool
ends_a_name(char c)
{
	return c == '\n' || c == '\r' || c == ',' || c == ';' || c == '\t';
}

struct val
segment_people_split(struct arena *a, struct text pasted)
{
	struct val out = val_list(a);
	for (size_t i = 0; i < pasted.n && val_len(&out) < SEGMENT_FILL_MAX; i++) {
		size_t end = i;
		while (end < pasted.n && !ends_a_name(pasted.at[end]))
			end++;
		struct text t = text_trim((struct text){pasted.at + i, end - i});
		while (t.n >= 2 && (*t.at == '"' || *t.at == '\'') &&
			t.at[t.n - 1] == *t.at)
			t = text_trim((struct text){t.at + 1, t.n - 2});
		if (t.n > 0)
			val_push(a, &out, val_of(t));
		i = end;
	}
	return out;
}
