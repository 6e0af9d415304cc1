/* Who is logged in. The cookie's text is "COMPANY.TOKEN"; the store keeps the token's hash, which is also the session's name. */
#ifndef TENANT_SESSION_H
#define TENANT_SESSION_H

#include "tenant/user.h"

struct session {
	struct user user;
	const char *csrf; /* 32 characters, for forms and htmx's header */
	const char *cookie, *hash;
	int64_t proved_at_us; /* when the password, and the code, was given last */
	bool half;	      /* the password was right, the code is awaited: nobody yet */
	bool must_second;     /* the company asks for a second factor and there is none */
};

/* half: a session of ten minutes that only waits for the code. */
int session_begin(struct arena *a, struct db *db, const struct user *u, const char *ip,
	const char *agent, bool half, struct session *out, struct err *e);

/* 1 found and still valid (idle 30 min, absolute 12 h, user active), 0 not, -1 *e. */
int session_find(struct arena *a, struct db *db, struct text cookie, struct session *out,
	struct err *e);
int session_end(struct arena *a, struct db *db, struct text cookie, struct err *e);

/* The password (and code) was given again. */
int session_proved(struct db *db, struct session *s, struct err *e);

/* List of maps {hash, created_at_us, seen_at_us, ip, agent}, seen last first; those over are left out. */
int session_of_user(struct arena *a, struct db *db, int64_t company_id, int64_t user_id,
	struct val *out, struct err *e);
/* One by its hash, of that user only: 1 / 0 / -1. All but one (by its hash, or NULL: all). */
int session_end_one(struct db *db, int64_t company_id, int64_t user_id, struct text hash,
	struct err *e);
int session_end_others(struct db *db, int64_t company_id, int64_t user_id, const char *hash,
	struct err *e);

#endif
