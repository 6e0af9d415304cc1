/* The second factor: a code of a telephone (TOTP), or one of ten recovery codes; and whether a company asks for it. */
#ifndef TENANT_SECOND_H
#define TENANT_SECOND_H

#include "base/val.h"

struct arena;
struct db;
struct err;
struct user;

enum { RECOVERY_CODES = 10 };

/* A fresh secret for this user, sealed for the way through the form, and open to be shown. */
const char *second_offer(struct arena *a, const struct user *u, struct text *secret);
/* What second_offer sealed, opened again: 1, or 0 it is not this user's. */
int second_offered(
	struct arena *a, const struct user *u, struct text sealed, struct text *secret);

/* Turns it on (or to another telephone) when the code is right: 1 and *codes the recovery codes, shown once; 0 the code or the sealed
 * secret is wrong; -1 *e. */
int second_turn_on(struct arena *a, struct db *db, const struct user *u, struct text sealed,
	struct text code, struct val *codes, struct err *e);
int second_turn_off(struct db *db, int64_t company_id, int64_t user_id, struct err *e);

/* New recovery codes; the old ones are void. */
int second_recovery(struct arena *a, struct db *db, const struct user *u, struct val *codes,
	struct err *e);
int second_recovery_left(
	struct arena *a, struct db *db, const struct user *u, int64_t *left, struct err *e);

/* 1 the code is right and now used up, a telephone's or a recovery one; 0 it is not, or there is no second factor; -1 *e.
 * The caller throttles. */
int second_is(struct arena *a, struct db *db, const struct user *u, struct text code,
	struct err *e);

/* "nobody", "admins" or "all" of a company must have one. */
int second_policy(struct arena *a, struct db *db, int64_t company_id, const char **out,
	struct err *e);
int second_set_policy(struct db *db, int64_t company_id, const char *policy, struct err *e);

#endif
