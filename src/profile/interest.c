/* See interest.h. */
#include "profile/interest.h"
#include "base/arena.h"
#include "base/dict.h"
#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "base/time.h"
#include "store/db.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 4 };
static const double half_life_us = 30.0 * DAY_US;
static const int64_t base_us = INT64_C(1577836800) *
			       SECOND_US; /* 2020; a double holds until 2100 */
static const double least_share = 0.05;

/* In the order of the key, so that two batches do not wait for each other crosswise. */
static int
by_key(const void *x, const void *y)
{
	const struct interest *a = x, *b = y;
	if (a->company_id != b->company_id)
		return a->company_id < b->company_id ? -1 : 1;
	if (a->node_id != b->node_id)
		return a->node_id < b->node_id ? -1 : 1;
	size_t n = a->topic.n < b->topic.n ? a->topic.n : b->topic.n;
	int order = memcmp(a->topic.at, b->topic.at, n);
	return order != 0 ? order : (a->topic.n > b->topic.n) - (a->topic.n < b->topic.n);
}

int
interest_add(
	struct arena *a, struct db *db, struct interest *looks, size_t n, struct err *e)
{
	struct val *rows = arena_array(a, n * COLUMNS + 1, sizeof *rows);
	size_t count = 0;
	if (n == 0)
		return 0;
	qsort(looks, n, sizeof *looks, by_key);
	for (size_t i = 0; i < n; i++) {
		double weight = looks[i].weight *
				exp2((double)(looks[i].at_us - base_us) / half_life_us);
		if (i > 0 && by_key(&looks[i - 1], &looks[i]) == 0) {
			rows[count - 1].n += weight;
			continue;
		}
		rows[count++] = val_int(looks[i].company_id);
		rows[count++] = val_int(looks[i].node_id);
		rows[count++] = val_of(text_cut(looks[i].topic, INTEREST_TOPIC_MAX));
		rows[count++] = val_num(weight);
	}
	return db_bulk(db, QUERY_INTEREST_ADD, rows, count / COLUMNS, COLUMNS, NULL, e);
}

/* The top of the rows of one person that begin at 'at': list of maps {topic, share}; *end is where the next person's begin. */
static struct val
top_of(struct arena *a, const struct val *rows, size_t at, size_t limit, size_t *end)
{
	struct val list = val_list(a);
	double sum = 0;
	int64_t person = row_int(&rows->list->at[at], 0);
	for (*end = at; *end < rows->list->n && row_int(&rows->list->at[*end], 0) == person;
		++*end)
		sum += val_as_num(row_at(&rows->list->at[*end], 2), 0);
	for (size_t i = at; i < *end && i - at < limit; i++) {
		struct val one = val_map(a);
		double share = val_as_num(row_at(&rows->list->at[i], 2), 0) / sum;
		val_put(a, &one, "topic", *row_at(&rows->list->at[i], 1));
		val_put(a, &one, "share", val_num(floor(share * 1000 + 0.5) / 1000));
		val_push(a, &list, one);
	}
	return list;
}

int
interest_of(struct arena *a, struct db *db, int64_t company_id, int64_t person_id,
	size_t limit, struct val *out, struct err *e)
{
	struct val rows;
	size_t end;
	*out = val_list(a);
	if (db_rows_of(a, db, QUERY_INTEREST_OF, company_id, &person_id, 1, &rows, e) < 0)
		return -1;
	if (rows.list->n > 0)
		*out = top_of(a, &rows, 0, limit, &end);
	return 0;
}

static int
by_text(const void *x, const void *y)
{
	struct text a = ((const struct val *)x)->text, b = ((const struct val *)y)->text;
	size_t n = a.n < b.n ? a.n : b.n;
	int order = memcmp(a.at, b.at, n);
	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

/* The names alone, in one order: a field changes when the set does. */
static struct val
names_of(struct arena *a, const struct val *top)
{
	struct val names = val_list(a);
	for (size_t i = 0; i < val_len(top); i++)
		if (val_as_num(val_get(&top->list->at[i], "share"), 0) >= least_share)
			val_push(a, &names, *val_get(&top->list->at[i], "topic"));
	if (names.list->n > 1)
		qsort(names.list->at, names.list->n, sizeof *names.list->at, by_text);
	return names;
}

int
interest_news(struct arena *a, struct db *db, int64_t company_id, const int64_t *people,
	size_t n, struct val *out, struct err *e)
{
	struct val rows, said;
	*out = val_list(a);
	if (n == 0)
		return 0;
	if (db_rows_of(a, db, QUERY_INTEREST_OF, company_id, people, n, &rows, e) < 0 ||
		db_rows_of(a, db, QUERY_INTEREST_SAID, company_id, people, n, &said, e) < 0)
		return -1;
	struct dict *ids = dict_new();
	arena_defer(a, (void (*)(void *))dict_free, ids);
	struct text *values = arena_array(a, said.list->n + 1, sizeof *values);
	for (size_t i = 0; i < said.list->n; i++) {
		int64_t k = dict_put_id(ids, row_int(&said.list->at[i], 0), NULL);
		values[k] = row_text(&said.list->at[i], 1);
	}
	for (size_t i = 0, end; i < rows.list->n; i = end) {
		int64_t person = row_int(&rows.list->at[i], 0);
		struct val top = top_of(a, &rows, i, INTERESTS_TOP, &end);
		struct val names = names_of(a, &top), one = val_map(a);
		int64_t k = dict_find_id(ids, person);
		if (k != DICT_NONE && text_same(values[k], json_text(a, &names)))
			continue;
		val_put(a, &one, "person_id", val_int(person));
		val_put(a, &one, "interests", names);
		val_push(a, out, one);
	}
	return 0;
}
