/* People with a login: of a company, or of the platform (company 0). */
#ifndef TENANT_USER_H
#define TENANT_USER_H

#include "base/val.h"

struct arena;
struct db;
struct err;

/* What a role may do; a route asks for one of these. */
enum right {
	RIGHT_NONE,    /* nobody need be logged in */
	RIGHT_SELF,    /* whoever is logged in, for what is their own */
	RIGHT_WORK,    /* everything of a company but its users and money */
	RIGHT_COMPANY, /* the company's users, keys, requisites */
	RIGHT_PLATFORM /* companies themselves */
};

struct user {
	int64_t company_id, id;
	const char *email, *role, *name, *language;
	bool has_second; /* a second factor */
};

/* role: "root" (company 0 only), "admin" (company administrator), "manager". A password as password_check wants it; an empty one is
 * nobody's: the user comes in by a letter (pass.h). ERR_INPUT with the field; ERR_CONFLICT the e-mail is taken in this company.
 * u->id is made. */
int user_create(struct arena *a, struct db *db, struct user *u, struct text password,
	struct err *e);

/* Somebody at the door. device: what user_device gave to a browser in which this person was in before, or empty: its tries are counted
 * apart, so that a stranger's guesses do not make it wait. */
struct attempt {
	int64_t company_id;
	struct text email, password, code, device;
	const char *ip;
};

/* 1 the password is right, 0 it is not (or nobody by that name, or disabled: all look and last alike), -1 *e: ERR_LIMIT this account
 * or this network tried too often, whether the account is there or not. */
int user_login(struct arena *a, struct db *db, const struct attempt *t, struct user *out,
	struct err *e);
/* Only the code of one whose password was right, counted in the same way. */
int user_code(struct arena *a, struct db *db, const struct user *u, const struct attempt *t,
	struct err *e);
/* Both, of somebody who is logged in (the attempt's company and e-mail are not looked at): 1 / 0 / -1 as user_login. */
int user_prove(struct arena *a, struct db *db, const struct user *u,
	const struct attempt *t, struct err *e);
/* For a cookie: proves that this person was in from here. */
const char *user_device(struct arena *a, const struct user *u);
/* Wrong tries of the account are forgotten. */
int user_forgive(struct arena *a, struct db *db, const struct user *u, struct err *e);

int user_password_check(
	struct arena *a, const struct user *u, struct text password, struct err *e);
/* Sets it and ends all sessions but the one of that hash (NULL: all). */
int user_set_password(struct arena *a, struct db *db, const struct user *u,
	struct text password, const char *session_hash, struct err *e);

bool user_may(const struct user *u, enum right right);

/* 1 / 0 / -1. */
int user_by_id(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	struct user *out, bool *active, struct err *e);
int user_by_email(struct arena *a, struct db *db, int64_t company_id, struct text email,
	struct user *out, bool *active, struct err *e);

/* List of maps {id, email, role, name, language, state, created_at_us, last_login_us, second}. */
int user_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e);

/* state: "active" or "disabled" (its sessions end). 1 done, 0 nobody of that id, -1 *e. */
int user_set_state(struct db *db, int64_t company_id, int64_t user_id, const char *state,
	struct err *e);
int user_set_language(struct db *db, int64_t company_id, int64_t user_id,
	const char *language, struct err *e);

#endif
