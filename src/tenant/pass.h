/* A link in a letter with which one chooses a password, once: for who forgot it, and for who is new. */
#ifndef TENANT_PASS_H
#define TENANT_PASS_H

#include "tenant/user.h"

#define PASS_RESET_US  HOUR_US
#define PASS_INVITE_US (7 * DAY_US)

/* A new link's "COMPANY.TOKEN"; the store keeps the token's hash. */
int pass_make(struct arena *a, struct db *db, const struct user *u, int64_t lifetime_us,
	const char **token, struct err *e);

/* Whose it is, still good: 1 / 0 / -1. Changes nothing. */
int pass_find(
	struct arena *a, struct db *db, struct text token, struct user *out, struct err *e);

/* Uses it up: the password is set, all links and sessions of the user end, its wrong tries are forgiven. 1 *out whose, 0 the link is no good
 * (any more), -1 *e: ERR_INPUT the password. */
int pass_use(struct arena *a, struct db *db, struct text token, struct text password,
	struct user *out, struct err *e);

#endif
