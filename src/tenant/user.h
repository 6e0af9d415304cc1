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
	RIGHT_WORK,    /* everything of a company but its users and money */
	RIGHT_COMPANY, /* the company's users, keys, requisites */
	RIGHT_PLATFORM /* companies themselves */
};

struct user {
	int64_t company_id, id;
	const char *email, *role, *name, *language;
};

/* role: "root" (company 0 only), "admin" (company administrator), "manager". Password of 12 to 1024 bytes.
 * ERR_INPUT with the field; ERR_CONFLICT the e-mail is taken in this company. u->id is made. */
int user_create(struct arena *a, struct db *db, struct user *u, struct text password,
	struct err *e);

/* 1 the password is right, 0 it is not (or nobody by that name, or disabled: all look and last alike), -1 *e;
 * after five wrong ones ERR_LIMIT for a growing while. */
int user_login(struct arena *a, struct db *db, int64_t company_id, struct text email,
	struct text password, struct user *out, struct err *e);

bool user_may(const struct user *u, enum right right);

/* List of maps {id, email, role, name, language, state, created_at_us, last_login_us}. */
int user_all(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e);

/* state: "active" or "disabled" (its sessions end). 1 done, 0 nobody of that id, -1 *e. */
int user_set_state(struct db *db, int64_t company_id, int64_t user_id, const char *state,
	struct err *e);
int user_set_language(struct db *db, int64_t company_id, int64_t user_id,
	const char *language, struct err *e);

/* Sessions. The cookie's text is "COMPANY.TOKEN"; the store keeps the token's hash. */
struct session {
	struct user user;
	const char *csrf; /* 32 characters, for forms and htmx's header */
	const char *cookie;
};

int session_begin(struct arena *a, struct db *db, const struct user *u, const char *ip,
	const char *agent, struct session *out, struct err *e);

/* 1 found and still valid (idle 30 min, absolute 12 h, user active), 0 not, -1 *e. */
int session_find(struct arena *a, struct db *db, struct text cookie, struct session *out,
	struct err *e);
int session_end(struct arena *a, struct db *db, struct text cookie, struct err *e);

/* What a user did: action "source.create", object its id, detail a sentence without secrets. */
int audit_add(struct db *db, const struct user *u, const char *ip, const char *action,
	int64_t object, const char *detail, struct err *e);
/* The last 200: list of maps {at_us, user_id, ip, action, object, detail}. */
int audit_last(
	struct arena *a, struct db *db, int64_t company_id, struct val *out, struct err *e);

#endif
