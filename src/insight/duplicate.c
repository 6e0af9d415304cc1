/* See duplicate.h. The base is read once; each person leaves a few hashes, equal ones bring pairs together. */
#include "insight/duplicate.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/id.h"
#include "base/json.h"
#include "base/time.h"
#include "event/type.h"
#include "event/undo.h"
#include "insight/alike.h"
#include "profile/person.h"
#include "store/db.h"
#include "store/job.h"

#include <stdlib.h>
#include <string.h>

enum {
	PEOPLE_SLICE = 5000,
	CROWD_MOST = 30,
	PAIRS_SLICE = CROWD_MOST * (CROWD_MOST - 1) / 2, /* the largest crowd fits in one */
	MERGE_SLICE = 50
};

struct key {
	int64_t hash, person_id;
};

/* A search under way. It lives in this process only: a job that goes on elsewhere begins anew. */
static struct search {
	int64_t job_id, fence;
	struct key *keys;
	size_t n, cap, at; /* at: where the pairs of equal hashes are looked for */
	bool is_sorted;
	int64_t after_id;
} search;

static void
search_begin(const struct job *j)
{
	free(search.keys);
	search = (struct search){.job_id = j->id, .fence = j->fence};
}

static void
search_end(void)
{
	free(search.keys);
	search = (struct search){0};
}

static void
add_key(int64_t hash, int64_t person_id)
{
	if (search.n == search.cap) {
		search.cap = search.cap > 0 ? search.cap * 2 : 65536;
		search.keys = reallocarray(search.keys, search.cap, sizeof *search.keys);
		must(search.keys != NULL);
	}
	search.keys[search.n++] = (struct key){hash, person_id};
}

static int
by_hash(const void *x, const void *y)
{
	const struct key *a = x, *b = y;
	if (a->hash != b->hash)
		return (a->hash > b->hash) - (a->hash < b->hash);
	return (a->person_id > b->person_id) - (a->person_id < b->person_id);
}

/* The next people's hashes: 1 more are left, 0 it was the last of them. */
static int
read_people(struct arena *a, struct db *db, struct job *j, struct err *e)
{
	const char *country = val_as_z(a, val_get(&j->args, "country"));
	struct person_row *people;
	size_t n;
	if (person_after(a, db, j->company_id, search.after_id, PEOPLE_SLICE, &people, &n,
		    e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		int64_t keys[ALIKE_KEYS_MAX];
		struct arena_mark mark = arena_mark(a);
		size_t found = people[i].known
				       ? alike_keys(a, &people[i].fields, country, keys)
				       : 0;
		arena_rewind(a, mark);
		for (size_t k = 0; k < found; k++)
			add_key(keys[k], people[i].id);
		search.after_id = people[i].id;
	}
	j->done += (int64_t)n;
	return n == PEOPLE_SLICE;
}

/* The next pairs with equal hashes, each once per hash; what more than CROWD_MOST share tells nobody apart. */
static size_t
next_pairs(struct key *pairs, size_t most)
{
	size_t n = 0;
	while (search.at < search.n) {
		size_t to = search.at + 1;
		while (to < search.n && search.keys[to].hash == search.keys[search.at].hash)
			to++;
		size_t crowd = to - search.at;
		if (crowd <= CROWD_MOST && n + crowd * (crowd - 1) / 2 > most)
			break;
		for (size_t i = search.at; crowd <= CROWD_MOST && i < to; i++)
			for (size_t k = i + 1; k < to; k++)
				if (search.keys[i].person_id != search.keys[k].person_id)
					pairs[n++] = (struct key){search.keys[i].person_id,
						search.keys[k].person_id};
		search.at = to;
	}
	return n;
}

static const struct person_row *
row_of(const struct person_row *rows, size_t n, int64_t id)
{
	for (size_t low = 0, high = n; low < high;) {
		size_t middle = low + (high - low) / 2;
		if (rows[middle].id == id)
			return &rows[middle];
		if (rows[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static int
by_id(const void *x, const void *y)
{
	const struct person_row *a = x, *b = y;
	return (a->id > b->id) - (a->id < b->id);
}

/* Scores pairs and keeps those that are alike. */
static int
keep_pairs(struct arena *a, struct db *db, const struct job *j, const struct key *pairs,
	size_t n, struct err *e)
{
	const char *country = val_as_z(a, val_get(&j->args, "country"));
	int64_t *ids = arena_array(a, 2 * n + 1, sizeof *ids);
	struct person_row *rows = arena_array(a, 2 * n + 1, sizeof *rows);
	struct val *kept = arena_array(a, n * 9 + 1, sizeof *kept);
	size_t found, kept_n = 0;
	for (size_t i = 0; i < n; i++) {
		ids[2 * i] = pairs[i].hash;
		ids[2 * i + 1] = pairs[i].person_id;
	}
	if (person_by_ids(a, db, j->company_id, ids, 2 * n, rows, &found, e) < 0)
		return -1;
	qsort(rows, found, sizeof *rows, by_id);
	for (size_t i = 0; i < n; i++) {
		const struct person_row *x = row_of(rows, found, pairs[i].hash),
					*y = row_of(rows, found, pairs[i].person_id);
		struct val reasons;
		if (x == NULL || y == NULL)
			continue;
		int score = alike_score(a, &x->fields, &y->fields, country, &reasons);
		if (score < ALIKE_LEAST)
			continue;
		struct val row[] = {val_int(j->company_id), val_int(id_make()),
			val_int(x->id), val_int(y->id), val_int(score),
			val_of(json_text(a, &reasons)), val_text("open"),
			val_int(time_now_us()), val_int(0)};
		memcpy(kept + 9 * kept_n++, row, sizeof row);
	}
	return db_bulk(db, QUERY_DUPLICATE_PUT, kept, kept_n, 9, NULL, e);
}

static int
work(struct arena *a, struct db *db, struct job *j, struct err *e)
{
	if (!search.is_sorted) {
		int more = read_people(a, db, j, e);
		if (more == 0) {
			qsort(search.keys, search.n, sizeof *search.keys, by_hash);
			search.is_sorted = true;
		}
		return more < 0 ? -1 : 1;
	}
	struct key *pairs = arena_array(a, PAIRS_SLICE + 1, sizeof *pairs);
	size_t before = search.at, n = next_pairs(pairs, PAIRS_SLICE);
	if (keep_pairs(a, db, j, pairs, n, e) < 0)
		return -1;
	return search.at > before || search.at < search.n;
}

int
duplicate_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	(void)s;
	if (search.job_id != j->id || search.fence != j->fence) {
		search_begin(j);
		j->done = 0;
	}
	struct arena_mark mark = arena_mark(a);
	if (db_begin(db, e) < 0)
		return -1;
	int more = work(a, db, j, e);
	if (j->total < j->done)
		j->total = j->done;
	if (more < 0 || job_progress(a, db, j, lease_us, e) < 0) {
		db_rollback(db);
		search_end();
		return -1;
	}
	arena_rewind(a, mark);
	if (db_commit(db, e) < 0)
		return -1;
	if (more == 1)
		return 1;
	search_end();
	return job_end(a, db, j, NULL, e);
}

static struct val
pair_of(struct arena *a, const struct val *row)
{
	struct val one = val_map(a), reasons;
	struct err ignored;
	if (json_parse(a, row_text(row, 4), &reasons, &ignored) < 0)
		reasons = val_list(a);
	val_put(a, &one, "id", val_id(a, row_int(row, 0)));
	val_put(a, &one, "a", val_id(a, row_int(row, 1)));
	val_put(a, &one, "b", val_id(a, row_int(row, 2)));
	val_put(a, &one, "score", *row_at(row, 3));
	val_put(a, &one, "reasons", reasons);
	val_put(a, &one, "state", *row_at(row, 5));
	val_put(a, &one, "found_at_us", *row_at(row, 6));
	val_put(a, &one, "decided_at_us", *row_at(row, 7));
	val_put(a, &one, "merge_id", val_id(a, row_int(row, 8)));
	return one;
}

int
duplicate_list(struct arena *a, struct db *db, int64_t company_id, const char *state,
	int64_t before_score, int64_t before_id, size_t limit, struct val *list,
	struct err *e)
{
	struct val rows;
	*list = val_list(a);
	if (db_rows(a, db, QUERY_DUPLICATE_LIST,
		    DB_ARGS(val_int(company_id), val_text(state), val_int(before_score),
			    val_int(before_score), val_int(before_id),
			    val_int((int64_t)limit)),
		    &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < rows.list->n; i++)
		val_push(a, list, pair_of(a, &rows.list->at[i]));
	return 0;
}

int
duplicate_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e)
{
	struct val row;
	int found = db_row(a, db, QUERY_DUPLICATE_BY_ID,
		DB_ARGS(val_int(company_id), val_int(id)), &row, e);
	if (found == 1)
		*out = pair_of(a, &row);
	return found;
}

int
duplicate_count(struct arena *a, struct db *db, int64_t company_id, int64_t least,
	int64_t *n, struct err *e)
{
	struct val row;
	if (db_row(a, db, QUERY_DUPLICATE_COUNT,
		    DB_ARGS(val_int(company_id), val_int(least)), &row, e) < 0)
		return -1;
	*n = row_int(&row, 0);
	return 0;
}

/* Notes what became of an open pair. 1 / 0 it was decided meanwhile / -1. */
static int
settle(struct db *db, int64_t company_id, int64_t id, const char *state, int64_t user_id,
	int64_t merge_id, struct err *e)
{
	int64_t changed;
	if (db_exec(db, QUERY_DUPLICATE_DECIDE,
		    DB_ARGS(val_text(state), val_int(time_now_us()), val_int(user_id),
			    merge_id != 0 ? val_int(merge_id) : val_null(),
			    val_int(company_id), val_int(id)),
		    &changed, e) < 0)
		return -1;
	return changed > 0;
}

int
duplicate_decide(struct arena *a, struct db *db, struct event_types *types,
	int64_t company_id, int64_t id, int64_t keep, int64_t user_id, struct err *e)
{
	struct val pair;
	int64_t merge_id;
	int found = duplicate_by_id(a, db, company_id, id, &pair, e);
	if (found < 1)
		return found < 0 ? -1 : err_set(e, ERR_MISSING, "no such pair");
	if (!text_is(val_as_text(val_get(&pair, "state")), "open"))
		return 0;
	if (keep == 0)
		return settle(db, company_id, id, "different", user_id, 0, e);
	int64_t x = val_as_int(val_get(&pair, "a"), 0),
		y = val_as_int(val_get(&pair, "b"), 0);
	if (keep != x && keep != y)
		return err_field(e, "keep", "keep is one of the two profiles of the pair");
	struct join_ask ask = {.company_id = company_id,
		.into_id = keep,
		.from_id = keep == x ? y : x,
		.user_id = user_id,
		.reason = "duplicate"};
	int joined = event_join(a, db, types, &ask, &merge_id, e);
	if (joined < 0 && e->code != ERR_MISSING)
		return -1;
	int settled = settle(db, company_id, id, joined == 1 ? "merged" : "gone", user_id,
		joined == 1 ? merge_id : 0, e);
	return settled < 0 ? -1 : joined == 1;
}

/* --- many at once --- */

int
duplicate_merge_job(struct arena *a, struct db *db, const struct settings *s, struct job *j,
	int64_t lease_us, struct err *e)
{
	struct val list;
	int64_t least = val_as_int(val_get(&j->args, "least"), 100);
	(void)s;
	if (duplicate_list(a, db, j->company_id, "open", 101, INT64_MAX, MERGE_SLICE, &list,
		    e) < 0)
		return -1;
	struct event_types *types = event_types_new();
	int rc = 0;
	size_t n = 0;
	for (size_t i = 0; i < val_len(&list) && rc >= 0; i++) {
		const struct val *pair = &list.list->at[i];
		if (val_as_int(val_get(pair, "score"), 0) < least)
			break;
		/* the older one stays */
		rc = duplicate_decide(a, db, types, j->company_id,
			val_as_int(val_get(pair, "id"), 0),
			val_as_int(val_get(pair, "a"), 0), j->created_by, e);
		n++;
		j->done++;
	}
	event_types_free(types);
	if (rc < 0)
		return -1;
	if (n == 0)
		return job_end(a, db, j, NULL, e);
	return job_progress(a, db, j, lease_us, e) < 0 ? -1 : 1;
}

int
duplicate_last_job(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e)
{
	int64_t id;
	int found = job_last(a, db, company_id, DUPLICATE_JOB, &id, e);
	return found == 1 ? job_by_id(a, db, company_id, id, out, e) : found;
}

int
duplicate_search(struct arena *a, struct db *db, int64_t company_id, const char *country,
	int64_t user_id, int64_t *job_id, struct err *e)
{
	struct val args = val_map(a), last;
	int found = duplicate_last_job(a, db, company_id, &last, e);
	if (found < 0)
		return -1;
	struct text state = found == 1 ? val_as_text(val_get(&last, "state"))
				       : (struct text){"", 0};
	if (text_is(state, "queued") || text_is(state, "running")) {
		*job_id = val_as_int(val_get(&last, "id"), 0);
		return 0;
	}
	val_put(a, &args, "country", val_text(country));
	return job_add(a, db, company_id, DUPLICATE_JOB, &args, user_id, job_id, e);
}

int
duplicate_merge_all(struct arena *a, struct db *db, int64_t company_id, int64_t least,
	int64_t user_id, int64_t *job_id, struct err *e)
{
	struct val args = val_map(a);
	if (least < ALIKE_LEAST || least > 100)
		return err_field(e, "least", "a score is %d to 100", ALIKE_LEAST);
	val_put(a, &args, "least", val_int(least));
	return job_add(a, db, company_id, DUPLICATE_MERGE_JOB, &args, user_id, job_id, e);
}
