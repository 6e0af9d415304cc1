/* A person as it is stored and shown: composed fields, identities, consents. */
#ifndef PROFILE_PERSON_H
#define PROFILE_PERSON_H

#include "base/val.h"
#include "profile/ident.h"

struct arena;
struct db;
struct err;

enum { PERSON_COLUMNS = 23 };

struct person_row {
	int64_t id;
	bool known, vouched; /* vouched: the company itself says so, not only a page */
	struct val consents; /* as they count: channel to true or false */
	struct val fields;   /* default and custom by name; missing ones are not there */
	int64_t source_id, created_at_us, updated_at_us, first_seen_at_us,
		last_seen_at_us; /* 0 never */
};

/* Between a row of PERSON_LOCK, PERSON_BY_IDS, PERSON_AFTER and the struct; to_row writes company and PERSON_COLUMNS values. */
int person_from_row(
	struct arena *a, const struct val *row, struct person_row *out, struct err *e);
void person_to_row(
	struct arena *a, int64_t company_id, const struct person_row *p, struct val *row);

/* By ids of roots, any number: fills out (n entries at most), in no order, and how many were found. */
int person_by_ids(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, struct person_row *out, size_t *found, struct err *e);

/* The next persons after an id, ascending: for loading the columns. */
int person_after(struct arena *a, struct db *db, int64_t company_id, int64_t after_id,
	size_t limit, struct person_row **out, size_t *n, struct err *e);

/* The root of a node or person id (old ids keep answering): 1 / 0 / -1. */
int person_root(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	int64_t *root_id, struct err *e);

/* The person an identifier belongs to, given as a user typed it ("8 029 555..."): 1 / 0 / -1. */
int person_by_ident(struct arena *a, struct db *db, int64_t company_id, const char *country,
	int kind, struct text value, int64_t *root_id, struct err *e);

/* Many at once, any number: lists of [value, root_id] of identifiers in our spelling; of [id, root_id] of nodes or persons. Those nobody has are not there. */
int person_by_idents(struct arena *a, struct db *db, int64_t company_id, int kind,
	const struct text *values, size_t n, struct val *rows, struct err *e);
/* Which of n identifiers were of a person that was erased. */
int person_erased(struct arena *a, struct db *db, int64_t company_id,
	const struct ident *ids, size_t n, bool *erased, struct err *e);
int person_roots(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, struct val *rows, struct err *e);

/* What the card and the API show: {id, known, external_id, email, phone, fields: {...}, identities: [{kind, value}],
 * consents: {email: {granted, at_us, proof}}, merged: [ids], source, created_at_us, ...}: 1 / 0 / -1. */
int person_card(struct arena *a, struct db *db, int64_t company_id, int64_t id,
	struct val *out, struct err *e);

/* The same for several roots at once, in the order of ids, null where nobody is any more: five statements. */
enum { PERSON_CARDS_MAX = 1000 };
int person_cards(struct arena *a, struct db *db, int64_t company_id, const int64_t *ids,
	size_t n, struct val *list, struct err *e);

/* All nodes of a person: ids, n; for histories. */
int person_nodes(struct arena *a, struct db *db, int64_t company_id, int64_t root_id,
	int64_t **ids, size_t *n, struct err *e);

/* No more on this channel to this address (unsubscribed, bounced, complained). */
int person_suppress(struct db *db, int64_t company_id, const char *channel,
	struct text address, const char *reason, int64_t at_us, int64_t message_id,
	struct err *e);

/* For the columns: nodes that are under another, by id behind after_id: lists of [node_id, root_id]; which of some addresses are suppressed on a channel: lists of [address, ...]. */
int person_joined(struct arena *a, struct db *db, int64_t company_id, int64_t after_id,
	size_t limit, struct val *rows, struct err *e);
int person_suppressed(struct arena *a, struct db *db, int64_t company_id,
	const char *channel, const struct text *addresses, size_t n, struct val *rows,
	struct err *e);

/* For the columns at start: lists of [channel, address]. */
int person_suppressed_all(struct arena *a, struct db *db, int64_t company_id,
	struct val *suppressed, struct err *e);

#endif
