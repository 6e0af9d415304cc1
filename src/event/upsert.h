/* A profile as an integrator gives it, to an arrival: {external_id, email, phone, ..., identities: [{kind, value}], fields, consent}. */
#ifndef EVENT_UPSERT_H
#define EVENT_UPSERT_H

#include "event/apply.h"

struct arena;
struct company;
struct db;
struct err;
struct upsert;

/* What of a company is needed to read profiles: its fields and rules. On a. */
int upsert_new(struct arena *a, struct db *db, const struct company *c, struct upsert **out,
	struct err *e);

/* Fills who, fields and consents of the arrival. ERR_INPUT with the field. */
int upsert_read(struct arena *a, const struct upsert *u, const struct val *body,
	struct arrival *out, struct err *e);

/* Fields alone, checked by their types; null clears. */
int upsert_fields(struct arena *a, const struct upsert *u, const struct val *in,
	struct val *out, struct err *e);

#endif
