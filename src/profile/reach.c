/* See reach.h. */
#include "profile/reach.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "profile/person.h"
#include "store/db.h"

#include <string.h>

/* NULL when it is given. */
static const char *
consent_word(const struct val *consents, const char *channel)
{
	const struct val *said = val_get(consents, channel);
	return said == NULL		  ? "no_consent"
	       : val_as_bool(said, false) ? NULL
					  : "consent_withdrawn";
}

static int
find_persons(struct arena *a, struct db *db, int64_t company_id, const char *channel,
	struct reach *people, size_t n, struct err *e)
{
	const char *field = strcmp(channel, "email") == 0 ? "email" : "phone";
	int64_t *ids = arena_array(a, n + 1, sizeof *ids);
	struct val nodes, persons;
	size_t root_n = 0;
	for (size_t i = 0; i < n; i++)
		ids[i] = people[i].asked_id;
	if (db_rows_of(a, db, QUERY_NODE_LOCK, company_id, ids, n, &nodes, e) < 0)
		return -1;
	for (size_t i = 0; i < nodes.list->n; i++)
		ids[root_n++] = row_int(&nodes.list->at[i], 1);
	if (db_rows_of(a, db, QUERY_PERSON_LOCK, company_id, ids, root_n, &persons, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < nodes.list->n; k++)
			if (row_int(&nodes.list->at[k], 0) == people[i].asked_id)
				people[i].person_id = row_int(&nodes.list->at[k], 1);
	for (size_t k = 0; k < persons.list->n; k++) {
		struct person_row p;
		if (person_from_row(a, &persons.list->at[k], &p, e) < 0)
			return -1;
		for (size_t i = 0; i < n; i++)
			if (people[i].person_id == p.id) {
				people[i].fields = p.fields;
				people[i].consent = consent_word(&p.consents, channel);
				people[i].tracked =
					consent_word(&p.consents, "analytics") == NULL;
				people[i].address = val_as_text(val_get(&p.fields, field));
			}
	}
	for (size_t i = 0; i < n; i++) /* a node without its person was erased */
		if (people[i].fields.kind != VAL_MAP)
			people[i].person_id = 0;
	return 0;
}

static int
find_suppressions(struct arena *a, struct db *db, int64_t company_id, const char *channel,
	struct reach *people, size_t n, struct err *e)
{
	struct val rows, *args = arena_array(a, n + 2, sizeof *args);
	size_t args_n = 2;
	args[0] = val_int(company_id);
	args[1] = val_text(channel);
	for (size_t i = 0; i < n; i++)
		if (people[i].address.n > 0)
			args[args_n++] = val_of(people[i].address);
	if (args_n == 2)
		return 0;
	if (db_rows(a, db, QUERY_SUPPRESSION_OF, args, args_n, &rows, e) < 0)
		return -1;
	for (size_t k = 0; k < rows.list->n; k++)
		for (size_t i = 0; i < n; i++)
			if (text_same(people[i].address, row_text(&rows.list->at[k], 0)))
				people[i].suppressed = row_z(a, &rows.list->at[k], 1);
	return 0;
}

int
reach_ask(struct arena *a, struct db *db, int64_t company_id, const char *channel,
	struct reach *people, size_t n, struct err *e)
{
	must(n <= 1000);
	for (size_t i = 0; i < n; i++)
		people[i] = (struct reach){
			.asked_id = people[i].asked_id, .consent = "no_consent"};
	return find_persons(a, db, company_id, channel, people, n, e) < 0 ||
			       find_suppressions(a, db, company_id, channel, people, n, e) <
				       0
		       ? -1
		       : 0;
}

int
reach_tracked(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, bool *out, struct err *e)
{
	struct val rows;
	if (db_rows_of(a, db, QUERY_CONSENTS_OF_NODES, company_id, ids, n, &rows, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		out[i] = false;
		for (size_t k = 0; k < rows.list->n && !out[i]; k++) {
			struct val consents;
			if (row_int(&rows.list->at[k], 0) != ids[i])
				continue;
			if (json_parse(a, row_text(&rows.list->at[k], 1), &consents, e) < 0)
				return err_wrap(e, "stored consents");
			out[i] = consent_word(&consents, "analytics") == NULL;
		}
	}
	return 0;
}
