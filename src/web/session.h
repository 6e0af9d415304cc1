/* Who is logged in: the cookie, the guard of session doors, proof that a change was meant. */
#ifndef WEB_SESSION_H
#define WEB_SESSION_H

#include "web/web.h"

struct err;

/* A guard: fills w->session (or w->half) and w->company if the cookie is good; refuses (ERR_AUTH) a route that wants somebody, one the user
 * has no right to (ERR_DENIED; a platform's user has no company's pages and the other way round: ERR_MISSING), a change
 * that comes from another site or without the session's token (ERR_DENIED); ERR_DENIED with field "second" whoever must turn on a second factor
 * first. */
int session_guard(struct web *w, struct err *e);

/* For a change that any logged-in user may make (a route with RIGHT_NONE): ERR_AUTH nobody is, ERR_DENIED no token. */
int session_prove(struct web *w, struct err *e);
/* The same for one whose code is awaited (w->half). */
int session_prove_half(struct web *w, struct err *e);

/* After a right password: a new session, its cookie; an old one of this browser ends. half: the code is awaited. */
int session_enter(struct web *w, const struct user *u, bool half, struct err *e);
/* Ends the session, forgets the cookie. */
int session_leave(struct web *w, struct err *e);

/* An attempt from this browser: company, ip and device filled. */
struct attempt session_attempt(struct web *w);
/* This browser is one of u's from now on, for half a year. */
void session_remember(struct web *w, const struct user *u);

#endif
